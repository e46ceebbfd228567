import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Command } from "../parts/command.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { accountQuery, beginSecondFactor, confirmSecondFactor } from "./account-queries.ts";
import { CodeField } from "./code-field.tsx";
import { RecoveryCodes } from "./recovery-codes.tsx";

/** In steps: the password, the picture for the app and a first code, the recovery codes. */
export function SetUpSecondFactor({ onDone }: { onDone: () => void }) {
  const { data: account } = useQuery(accountQuery);
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const begin = useMutation({ mutationFn: beginSecondFactor });
  const confirm = useMutation({ mutationFn: confirmSecondFactor });
  if (account === undefined) return null;
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />;
  if (begin.data)
    return (
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate(code);
        }}
      >
        <p>Scan this with an authenticator app, or type the key into it.</p>
        <QrCode text={begin.data.uri} label="QR code for the authenticator app" />
        <Command label="key" text={begin.data.secret} />
        <CodeField value={code} onChange={setCode} />
        {confirm.error ? <ErrorPanel what="turn it on" error={confirm.error} /> : null}
        <div className="row">
          <Button type="submit" loading={confirm.isPending} disabled={code.trim().length < 6}>
            Turn it on
          </Button>
        </div>
      </form>
    );
  const hasPassword = account.password !== "none";
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        begin.mutate(hasPassword ? password : null);
      }}
    >
      <p>
        Besides your password or link, signing in then asks for a code of an app on your phone (such as
        1Password, Aegis, Google Authenticator or Microsoft Authenticator). Your other sessions end.
      </p>
      {hasPassword ? (
        <>
          <input type="hidden" autoComplete="username" value={account.email} readOnly />
          <PasswordInput
            label="Your password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": "Show password" }}
          />
        </>
      ) : null}
      {begin.error ? <ErrorPanel what="begin" error={begin.error} /> : null}
      <div className="row">
        <Button type="submit" loading={begin.isPending} disabled={hasPassword && password === ""}>
          Go on
        </Button>
      </div>
    </form>
  );
}
