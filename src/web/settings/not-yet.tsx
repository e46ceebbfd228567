import { ApiError } from "../api/client.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SlowNote } from "../parts/slow-note.tsx";

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
      <Empty title="Only administrators see this">
        <p>Ask one of them: they are marked Admin among the users.</p>
      </Empty>
    );
  if (error) return <ErrorPanel what={`load ${what}`} error={error} onRetry={onRetry} />;
  return (
    <div aria-busy>
      <SlowNote what={what} />
      <Bone height={260} />
    </div>
  );
}
