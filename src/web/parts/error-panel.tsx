import { Button } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { ApiError } from "../api/client.ts";
import { isRefused, isSignedOut } from "../api/is-gone.ts";
import { meQuery } from "../api/queries.ts";
import { signInAgain, takesFreshProof } from "../api/sign-in-again.ts";
import { NoPermission } from "./no-permission.tsx";
import css from "./parts.module.css";

/**
 * What failed, why, the request id to report, and another try. What one may not see is no failure: it says who can change
 * that. Other refusals may have reasons that no right mends. `what` completes “Could not …” and “You may not …”.
 */
export function ErrorPanel({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  // As far as it is known: no page that fails asks for more.
  const isAdmin = useQueryClient().getQueryData(meQuery.queryKey)?.user.role === "Admin";
  const isForbidden = isRefused(error) && !isAdmin && /^(load|open)\b/.test(what);
  const message = isSignedOut(error)
    ? "Your session is over: sign in in another tab, then try again."
    : reasonOf(error);
  if (isForbidden)
    return (
      <div role="alert">
        <NoPermission title={`You may not ${what.replace(/^(load|open)\b/, "see")}.`}>{message}</NoPermission>
      </div>
    );
  return (
    <div className={css["error"]} role="alert">
      <IconAlertTriangle size={20} aria-hidden />
      <div>
        <strong>Could not {what}.</strong>
        <p>{message}</p>
        {requestId ? (
          <p className="small">
            Request id <code>{requestId}</code>
          </p>
        ) : null}
      </div>
      {takesFreshProof(error) ? (
        <Button variant="default" size="xs" onClick={() => void signInAgain()}>
          Sign in again
        </Button>
      ) : null}
      {onRetry && !isRefused(error) ? (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconRefresh size={15} aria-hidden />}
          onClick={onRetry}
        >
          Try again
        </Button>
      ) : null}
    </div>
  );
}

/** A sentence, where the server answers with a part of one; of its own faults it has nothing to say but their id. */
function reasonOf(error: unknown): string {
  if (error instanceof ApiError && error.code === "internal_error")
    return "The server failed. Its log says why, under this id:";
  const text = error instanceof Error ? error.message : "Something unexpected happened.";
  // Names of fields (settings.token, resyncMinutes) stay as they are.
  const begun = text.replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase());
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
