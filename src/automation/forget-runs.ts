/** Forgets runs that ended long ago, with their logs, and what alerts told then (FAIRWAY_RUN_RETENTION_DAYS). */
import type { Ctx } from "../storage/context.ts";
import { forgetOld } from "../storage/forget.ts";

/** A run goes with its log, which may have thousands of lines. */
const RUNS = 100;
const EVENTS = 1000;
const DAY_MS = 86_400_000;

/** One portion. @returns whether there may be more */
export async function forgetRuns(ctx: Ctx, days: number): Promise<boolean> {
  const before = new Date(ctx.now().getTime() - days * DAY_MS);
  const hasRuns = await forgetOld(ctx.db, "action_run", before, RUNS);
  return (await forgetOld(ctx.db, "alert_event", before, EVENTS)) || hasRuns;
}
