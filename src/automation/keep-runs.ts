/** Ends runs that nobody reports of any more, and forgets those that ended long ago. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Ctx } from "../storage/context.ts";
import { forgetRuns } from "./forget-runs.ts";
import { endStaleRuns } from "./stale-runs.ts";

const STALE_EVERY_MS = 60_000;
const FORGET_EVERY_MS = 600_000;

export interface RunTimes {
  readonly runTimeoutHours: number;
  readonly runRetentionDays: number;
}

/** @returns what stops it; waits for the statements at hand */
export function startKeepingRuns(
  ctx: Ctx,
  { runTimeoutHours, runRetentionDays }: RunTimes,
): () => Promise<void> {
  const stop = new AbortController();
  const loop = async (what: string, every: number, work: () => Promise<boolean>): Promise<void> => {
    while (!stop.signal.aborted) {
      const isMore = await work().catch((error: unknown) => {
        ctx.log.error({ err: error }, `${what} failed`);
        return false;
      });
      if (!isMore) await sleep(every, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
    }
  };
  const running = [
    loop("ending runs that nobody reports of", STALE_EVERY_MS, () => endStaleRuns(ctx, runTimeoutHours)),
    loop("forgetting old runs", FORGET_EVERY_MS, () => forgetRuns(ctx, runRetentionDays)),
  ];
  return async () => {
    stop.abort();
    await Promise.all(running);
  };
}
