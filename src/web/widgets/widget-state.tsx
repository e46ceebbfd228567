import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { Bone } from "../parts/bone.tsx";
import css from "./widgets.module.css";

/**
 * What a widget shows while its answer is away, refused or late: never a blank, and the last answer for as long as there
 * is one.
 */
export function WidgetState<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = query;
  if (data !== undefined)
    return (
      <>
        {error ? (
          <p className={css["stale"]} role="status">
            Not up to date: {messageOf(error)}
          </p>
        ) : null}
        {children(data)}
      </>
    );
  if (!error)
    return (
      <div className={css["wait"]} aria-busy>
        <span className="sr">Loading</span>
        <Bone height={18} width="45%" />
        <Bone height={60} />
      </div>
    );
  const isForbidden = error instanceof ApiError && error.status === 403;
  return (
    <div className={css["message"]} role="alert">
      <strong>{isForbidden ? "You may not see this" : "Could not be loaded"}</strong>
      <span className="muted">{messageOf(error)}</span>
      {isForbidden ? null : (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={() => void refetch()}
        >
          Try again
        </Button>
      )}
    </div>
  );
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : "Something unexpected happened.";

/** Nothing to show, in one quiet line: why, and what would change that. */
export function WidgetEmpty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <p className={css["none"]}>
      <span>{title}</span>
      {children ? <span> · {children}</span> : null}
    </p>
  );
}
