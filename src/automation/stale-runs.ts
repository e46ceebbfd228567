/** Runs of which nobody reports any more are ended, so that none is on its way for ever (FAIRWAY_RUN_TIMEOUT_HOURS). */
import type { Ctx } from "../storage/context.ts";
import { insertRunLog, readRun, staleRuns } from "../storage/runs.ts";
import { transact } from "../storage/transact.ts";
import { changeRun } from "./change-run.ts";

const BATCH = 100;
const HOUR_MS = 3_600_000;

/** One look. @returns true when there may be more */
export async function endStaleRuns(ctx: Ctx, hours: number): Promise<boolean> {
  const before = new Date(ctx.now().getTime() - hours * HOUR_MS);
  const ids = await staleRuns(ctx.db, ctx.org, before, BATCH);
  for (const id of ids)
    await transact(ctx, async (tx) => {
      const run = await readRun(tx.db, tx.org, id, true);
      // A report may have come since.
      if (run?.status !== "IN_PROGRESS" || run.updatedAt >= before) return;
      const message = `Nobody has reported for ${hours} hours: the run is ended`;
      await changeRun(tx, run, {
        status: "FAILURE",
        statusLabel: "Timed out",
        summary: run.summary ?? message,
      });
      await insertRunLog(tx.db, tx.org, { run: id, message, at: tx.now(), by: tx.actor.id });
    });
  return ids.length === BATCH;
}
