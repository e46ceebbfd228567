import { isRefused } from "../api/is-gone.ts";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { NoPermission } from "../parts/no-permission.tsx";
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
  // An administrator who is refused reads the server's reason.
  const isAdmin = useIsAdmin();
  if (isRefused(error) && !isAdmin) return <NoPermission title="Only administrators see this" />;
  return <Pending what={what} error={error} onRetry={onRetry} />;
}
