import { IconLock } from "@tabler/icons-react";
import { ApiError } from "../api/client.ts";
import { Empty } from "../parts/empty.tsx";
import { Pending } from "../parts/pending.tsx";

/** What stands in place of a list that is not there: no right, a failure, or not yet. */
export function NotYet({
  what,
  error,
  onRetry,
}: {
  /** Completes “load …”. */
  what: string;
  error: Error | null;
  onRetry: () => void;
}) {
  if (error instanceof ApiError && error.status === 403)
    return (
      <Empty icon={IconLock} title="Only administrators see this">
        <p>Ask one of them: they are marked Admin among the users.</p>
      </Empty>
    );
  return <Pending what={what} error={error} onRetry={onRetry} />;
}
