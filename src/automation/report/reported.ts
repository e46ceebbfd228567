/** What systems say of work that runs started there. */
import type { RunChange } from "../change-run.ts";
import type { Invocation } from "../invoke/invocation.ts";

export interface Reported {
  /** unknown: the system does not show it yet. */
  readonly state: "unknown" | "running" | "success" | "failure";
  /** What is known of it now: its id there, its page. */
  readonly change: RunChange;
  /** Of an end, for people. */
  readonly words?: string;
}

/**
 * @param taken which of these ids belong to other runs
 * @throws CallFailed while asking again may help; StatusRefused
 */
export type AskStatus = (
  invocation: Invocation,
  taken: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
) => Promise<Reported>;

/** The system does not say. */
export class StatusRefused extends Error {
  override readonly name = "StatusRefused";
}

/** An answer about one run of a workflow has some 20 kB; a list of fifty a megabyte. */
export const STATUS_BYTES = 4_000_000;
