import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { plural } from "../lib/format.ts";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import { accountQuery, endSecondFactor, renewRecoveryCodes } from "./account-queries.ts";
import { CodeField } from "./code-field.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";
import { SetUpSecondFactor } from "./set-up-second-factor.tsx";
import css from "./settings.module.css";
import { useSettled } from "./use-settled.ts";

type Open = "set-up" | "codes" | "off";

/** One's own second factor. */
export function SecondFactorCard() {
  const { data: account } = useQuery(accountQuery);
  const client = useQueryClient();
  const [open, setOpen] = useState<Open | null>(null);
  if (account === undefined) return null;
  const { isOn, isRequired, recoveryCodesLeft } = account.secondFactor;
  const close = () => {
    setOpen(null);
    void client.invalidateQueries({ queryKey: ["settings"] });
  };
  return (
    <section className="card" aria-labelledby="second-factor">
      <div className={css["form"]}>
        <h2 id="second-factor">Second factor {isOn ? <Tag tone="good">on</Tag> : <Tag>off</Tag>}</h2>
        <p>
          {isOn
            ? `Signing in asks for a code of your app. ${plural(recoveryCodesLeft, "recovery code is", "recovery codes are")} left.`
            : "A code of an app on your phone, asked for when you sign in: a stolen password or link is then not enough."}
          {isRequired ? " Your organisation requires it." : ""}
        </p>
        <div className="row">
          {isOn ? (
            <>
              <Button variant="default" onClick={() => setOpen("codes")}>
                New recovery codes
              </Button>
              <Button variant="default" onClick={() => setOpen("off")}>
                Turn it off
              </Button>
            </>
          ) : (
            <Button variant="default" onClick={() => setOpen("set-up")}>
              Set up
            </Button>
          )}
        </div>
      </div>
      {open === "set-up" ? (
        <Dialog title="Set up a second factor" onClose={close}>
          <SetUpSecondFactor onDone={close} />
        </Dialog>
      ) : null}
      {open === "codes" ? <NewCodes onClose={close} /> : null}
      {open === "off" ? <TurnOff onClose={close} /> : null}
    </section>
  );
}

function NewCodes({ onClose }: { onClose: () => void }) {
  const renew = useSettled(renewRecoveryCodes);
  return (
    <Dialog title="New recovery codes" onClose={onClose}>
      {renew.data ? (
        <RecoveryCodes codes={renew.data.recoveryCodes} onDone={onClose} />
      ) : (
        <CodeForm
          text="The old ones end."
          label="Create new ones"
          what="create recovery codes"
          write={renew}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const end = useSettled(endSecondFactor, onClose);
  return (
    <Dialog title="Turn the second factor off?" onClose={onClose}>
      <CodeForm
        text="Your password or a link is then enough to sign in."
        label="Turn it off"
        what="turn it off"
        write={end}
        onClose={onClose}
      />
    </Dialog>
  );
}

/** What a code is asked for. */
function CodeForm({
  text,
  label,
  what,
  write,
  onClose,
}: {
  text: string;
  label: string;
  what: string;
  write: {
    readonly mutate: (code: string) => void;
    readonly error: Error | null;
    readonly isPending: boolean;
  };
  onClose: () => void;
}) {
  const [code, setCode] = useState("");
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        write.mutate(code);
      }}
    >
      <p>{text}</p>
      <CodeField value={code} onChange={setCode} isRecoveryTaken />
      {write.error ? <ErrorPanel what={what} error={write.error} /> : null}
      <div className="row">
        <Button type="submit" loading={write.isPending} disabled={code.trim().length < 6}>
          {label}
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
