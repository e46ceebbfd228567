import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { endOtherSessions, endSession, sessionsQuery } from "./account-queries.ts";
import { NotYet } from "./not-yet.tsx";
import { SessionTable } from "./session-table.tsx";
import { useSettled } from "./use-settled.ts";

/** Where one is signed in, and ending it from afar. */
export function SessionsCard() {
  const sessions = useQuery(sessionsQuery(null));
  const end = useSettled(endSession);
  const endOthers = useSettled(endOtherSessions);
  const hasOthers = (sessions.data?.length ?? 0) > 1;
  return (
    <section className="card stack" aria-labelledby="sessions">
      <h2 id="sessions">Sessions</h2>
      <p>Browsers that are signed in with your account. One that you do not know should be ended.</p>
      {sessions.data === undefined ? (
        <NotYet what="your sessions" error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <SessionTable
          sessions={sessions.data}
          onEnd={(id) => end.mutate(id)}
          ending={end.isPending ? end.variables : undefined}
        />
      )}
      {end.error ? <ErrorPanel what="end the session" error={end.error} /> : null}
      {endOthers.error ? <ErrorPanel what="end the sessions" error={endOthers.error} /> : null}
      {hasOthers ? (
        <div>
          <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate(undefined)}>
            End all others
          </Button>
        </div>
      ) : null}
    </section>
  );
}
