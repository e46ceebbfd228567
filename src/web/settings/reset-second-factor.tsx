import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { resetSecondFactor, secondFactorQuery } from "./account-queries.ts";
import { NotYet } from "./not-yet.tsx";
import type { UserDoc } from "./queries.ts";
import { useSettled } from "./use-settled.ts";

/** For somebody who has lost their phone and their recovery codes. */
export function ResetSecondFactor({ user, onClose }: { user: UserDoc; onClose: () => void }) {
  const state = useQuery(secondFactorQuery(user.email));
  const reset = useSettled(() => resetSecondFactor(user.email), onClose);
  return (
    <Dialog title={`Second factor of ${user.name}`} size={460} onClose={onClose}>
      <div className="stack">
        {state.data === undefined ? (
          <NotYet what="the second factor" error={state.error} onRetry={() => void state.refetch()} />
        ) : (
          <p>
            {state.data.isOn
              ? "Who has lost the app and the recovery codes signs in without them after this, and can set up a new one. Make sure that it is them who asks."
              : "They have none: nothing but their password or a link is asked for."}
          </p>
        )}
        {reset.error ? <ErrorPanel what="take it away" error={reset.error} /> : null}
        <div className="row">
          {state.data?.isOn === true ? (
            <Button color="red" loading={reset.isPending} onClick={() => reset.mutate(undefined)}>
              Take it away
            </Button>
          ) : null}
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
