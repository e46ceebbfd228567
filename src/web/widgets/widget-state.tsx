import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { Bone } from "../parts/bone.tsx";
import { type Scope, textOf } from "./scope.ts";
import type { WidgetDoc } from "./widget-kind.ts";
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
    <WidgetFailure title={isForbidden ? "You may not see this" : "Could not be loaded"} error={error}>
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
    </WidgetFailure>
  );
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : "Something unexpected happened.";

/** Instead of a widget: what is wrong, and a way to try again if there is one. */
export function WidgetFailure({
  title,
  error,
  children,
}: {
  title: string;
  /** Unless the title says it all. */
  error?: unknown;
  children?: ReactNode;
}) {
  return (
    <div className={css["message"]} role="alert">
      <strong>{title}</strong>
      {error === undefined ? null : <span className="muted">{messageOf(error)}</span>}
      {children}
    </div>
  );
}

/** Nothing to show, in one quiet line: why, and what would change that. */
export function WidgetEmpty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <p className={css["none"]}>
      <span>{title}</span>
      {children ? <span> · {children}</span> : null}
    </p>
  );
}

/** The same of a widget's data: in its author's own words, which stand alone, or in ours with the reason. */
export function NoData({
  widget,
  title = "No data",
  why,
}: {
  widget: WidgetDoc;
  title?: string;
  why: string | null;
}) {
  const own = textOf(widget, "emptyStateText");
  return <WidgetEmpty title={own ?? title}>{own === null ? why : null}</WidgetEmpty>;
}

/** Why there are no entities, as far as it is known: for who may change the filters and who may not. */
export const filteredAway = ({ rules }: Scope): string | null =>
  rules.length > 0 ? "Nothing matches its filters." : null;
