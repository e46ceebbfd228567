/** How a run of a data source stands: plain data, stored with the source after every page. */
import type { Connector, Kind } from "../../integrations/connector.ts";
import type { MappingPlan } from "../mapping.ts";

export type KindStatus = "waiting" | "running" | "done" | "skipped" | "failed";

export interface KindProgress {
  readonly kind: string;
  readonly status: KindStatus;
  readonly fetched: number;
  /** Objects there are, where the system tells (of a kind under others: under those seen so far). */
  readonly total: number | null;
  /** Of a kind that is listed under others: how many of them are done, and how many there are. */
  readonly parents: { readonly done: number; readonly all: number } | null;
  readonly message: string | null;
}

export interface RunCounts {
  readonly fetched: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly filtered: number;
  readonly deleted: number;
  readonly failed: number;
  readonly commits: number;
}

export const NO_COUNTS: RunCounts = {
  ...{ fetched: 0, created: 0, updated: 0, unchanged: 0, filtered: 0, deleted: 0, failed: 0, commits: 0 },
};

export interface RunError {
  readonly kind: string;
  readonly key: string;
  /** Part of the mapping, or empty where the catalog refused the entity. */
  readonly field: string;
  readonly blueprint: string | null;
  readonly identifier: string | null;
  readonly reason: string;
}

export interface RunState {
  readonly number: number;
  /** `quick`: only what changed since the last run; nothing is deleted then. */
  readonly mode: "full" | "quick";
  readonly status: "running" | "completed" | "failed" | "stopped";
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** What quick runs ask for: changed since. */
  readonly since: string | null;
  /** What was current when the last completed run began; the next quick run starts there. */
  readonly syncedTo: string | null;
  readonly position: {
    /** Index in the kinds of this run. */
    readonly kind: number;
    readonly parent: string | null;
    readonly cursor: string | null;
  };
  readonly kinds: readonly KindProgress[];
  readonly counts: RunCounts;
  /** The first ones. */
  readonly errors: readonly RunError[];
  /** Attempts at the page at hand that failed. */
  readonly attempts: number;
  /** What went wrong last, or why it waits. */
  readonly message: string | null;
  readonly retryAt: string | null;
  /** What became of the deletion of what vanished. */
  readonly deletion: string | null;
}

const MAX_ERRORS = 50;
/** Clocks differ, and systems list what changed with a delay. */
const OVERLAP_MS = 5 * 60_000;

/** The kinds that the mapping uses, those they are listed under, and commits. */
export function kindsOf(connector: Connector, plan: MappingPlan): Kind[] {
  const used = new Set(plan.resources.map(({ kind }) => kind));
  const kept = new Set<string>();
  for (const kind of connector.kinds.toReversed()) {
    if (!used.has(kind.kind) && kind.feeds === undefined && !kept.has(kind.kind)) continue;
    kept.add(kind.kind);
    if (kind.under !== undefined) kept.add(kind.under);
  }
  return connector.kinds.filter(({ kind }) => kept.has(kind));
}

/** A kind as it stands within a sentence: “deployments”. */
export function titleIn({ kinds }: Connector, kind: string): string {
  const title = kinds.find((one) => one.kind === kind)?.title ?? kind;
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

export function newRun(
  previous: RunState | null,
  mode: RunState["mode"],
  kinds: readonly Kind[],
  now: Date,
): RunState {
  const syncedTo = previous?.syncedTo ?? null;
  // Nothing to go on from: everything.
  const isQuick = mode === "quick" && syncedTo !== null;
  return {
    number: (previous?.number ?? 0) + 1,
    mode: isQuick ? "quick" : "full",
    status: "running",
    startedAt: now.toISOString(),
    finishedAt: null,
    since: isQuick ? new Date(Date.parse(syncedTo) - OVERLAP_MS).toISOString() : null,
    syncedTo,
    position: { kind: 0, parent: null, cursor: null },
    kinds: kinds.map(({ kind }) => ({
      ...{ kind, status: "waiting", fetched: 0, total: null, parents: null, message: null },
    })),
    counts: NO_COUNTS,
    errors: [],
    ...{ attempts: 0, message: null, retryAt: null, deletion: null },
  };
}

export function addCounts(a: RunCounts, b: Partial<RunCounts>): RunCounts {
  const sum = (key: keyof RunCounts): number => a[key] + (b[key] ?? 0);
  return {
    fetched: sum("fetched"),
    ...{ created: sum("created"), updated: sum("updated"), unchanged: sum("unchanged") },
    ...{ filtered: sum("filtered"), deleted: sum("deleted"), failed: sum("failed"), commits: sum("commits") },
  };
}

export const addErrors = (run: RunState, errors: readonly RunError[]): readonly RunError[] =>
  [...run.errors, ...errors].slice(0, MAX_ERRORS);

/** The run with what changed of the kind at hand. */
export function withKind(run: RunState, change: Partial<KindProgress>): readonly KindProgress[] {
  return run.kinds.map((kind, index) => (index === run.position.kind ? { ...kind, ...change } : kind));
}

/** 0 to 1: kinds that are done, and of the one at hand the share of its parents or objects. */
export function progressOf(run: RunState): number {
  if (run.status === "completed") return 1;
  if (run.kinds.length === 0) return 0;
  const shares = run.kinds.map(({ status, fetched, total, parents }, index) => {
    if (status === "waiting") return 0;
    // One that failed under one of its parents is still read under the others.
    if (status !== "running" && index !== run.position.kind) return 1;
    if (parents !== null && parents.all > 0) return Math.min(1, parents.done / parents.all);
    return total !== null && total > 0 ? Math.min(1, fetched / total) : 0.5;
  });
  return Math.round((shares.reduce((a, b) => a + b, 0) / shares.length) * 1000) / 1000;
}
