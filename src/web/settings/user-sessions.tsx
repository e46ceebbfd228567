import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Command } from "../parts/command.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { endSessionsOf, makePasswordLink, sessionsQuery } from "./account-queries.ts";
import { NotYet } from "./not-yet.tsx";
import type { UserDoc } from "./queries.ts";
import { SessionTable } from "./session-table.tsx";
import { useSettled } from "./use-settled.ts";

interface Props {
  user: UserDoc;
  onClose: () => void;
}

/** Where another person is signed in. */
export function UserSessions({ user, onClose }: Props) {
  const sessions = useQuery(sessionsQuery(user.email));
  const end = useSettled(() => endSessionsOf(user.email));
  return (
    <Dialog title={`Sessions of ${user.name}`} size={760} onClose={onClose}>
      <div className="stack">
        {sessions.data === undefined ? (
          <NotYet what="the sessions" error={sessions.error} onRetry={() => void sessions.refetch()} />
        ) : sessions.data.length === 0 ? (
          <p>They are not signed in anywhere.</p>
        ) : (
          <SessionTable sessions={sessions.data} />
        )}
        {end.error ? <ErrorPanel what="end the sessions" error={end.error} /> : null}
        <div className="row">
          {(sessions.data?.length ?? 0) > 0 ? (
            <Button color="red" loading={end.isPending} onClick={() => end.mutate(undefined)}>
              End all
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

/** Makes a link with which somebody chooses a new password. */
export function NewPasswordLink({ user, onClose }: Props) {
  const make = useSettled(() => makePasswordLink(user.email));
  return (
    <Dialog title={`New password for ${user.name}`} onClose={onClose}>
      <div className="stack">
        {make.data ? (
          <>
            <p>
              Pass this link on to <strong>{user.email}</strong>. It lets them choose a password once, within
              two hours, and ends their sessions; whoever has it can.
            </p>
            <Command label="password link" text={make.data.passwordUrl} />
          </>
        ) : (
          <p>A link lets them choose a new password. The old one is good until they have.</p>
        )}
        {make.error ? <ErrorPanel what="create the link" error={make.error} /> : null}
        <div className="row">
          {make.data ? (
            <Button onClick={onClose}>Done</Button>
          ) : (
            <>
              <Button loading={make.isPending} onClick={() => make.mutate(undefined)}>
                Create the link
              </Button>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}
