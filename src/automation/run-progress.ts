/** How far a run has come since a line of its log. */
import { isEnded } from "../model/run.ts";
import type { Ctx } from "../storage/context.ts";
import { readRunLogsAfter, readRunMarks, type RunLog } from "../storage/runs.ts";
import { visibleRun } from "./run-access.ts";

export interface RunProgress {
  /** Oldest first. */
  readonly lines: readonly RunLog[];
  readonly status: string;
  /** ISO. */
  readonly updatedAt: string;
  readonly hasEnded: boolean;
}

/** Of each run of the organisation another text whenever it changed or got a line: nothing that is not for everybody. */
export const marksOfRuns = (ctx: Ctx, ids: readonly string[]): Promise<ReadonlyMap<string, string>> =>
  readRunMarks(ctx.db, ctx.org, ids);

/** @param after the number of a line (`log_12`: 12). @throws AppError not_found, also for runs that may not be seen */
export async function readRunProgress(
  ctx: Ctx,
  id: string,
  after: number,
  limit: number,
): Promise<RunProgress> {
  // The run first: a line that comes with its end is read with it.
  const run = await visibleRun(ctx, id);
  const lines = limit === 0 ? [] : await readRunLogsAfter(ctx.db, ctx.org, run.id, after, limit);
  return {
    lines,
    status: run.status,
    updatedAt: run.updatedAt.toISOString(),
    hasEnded: isEnded(run.status),
  };
}
