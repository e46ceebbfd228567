import { Button } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { ApiError } from "../api/client.ts";
import css from "./parts.module.css";

/** What failed, why, the request id to report, and another try. `what` completes “Could not …”. */
export function ErrorPanel({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) {
  const requestId = error instanceof ApiError ? error.requestId : null;
  const message = error instanceof Error ? error.message : "Something unexpected happened.";
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
      {onRetry ? (
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
