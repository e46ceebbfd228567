/** Runs background work: claims jobs queue by queue, hands them to their handler, settles or puts them back. */
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";
import { claim, nextDue } from "../storage/queue.ts";
import { leaseSecondsOf } from "./keep-lease.ts";
import { type QueueWork, runJob } from "./run-job.ts";

export interface Worker {
  /** Stops claiming and waits for the job at hand. */
  stop(): Promise<void>;
  /** Milliseconds since the loop last came round: readiness. */
  idleFor(): number;
}

/** A hint wakes the loop at once, and so does a job whose time has come; so long it may sleep when hints get lost. */
const POLL_MS = 1000;
/** A job that is due and was not claimed is being claimed by another loop. */
const MIN_SLEEP_MS = 20;

/**
 * @param beforeEach work to do before each round (reading the change feed); returns true when there may be more
 */
export function startWorker(
  database: Database,
  ctx: Ctx,
  queues: readonly QueueWork[],
  beforeEach: (ctx: Ctx) => Promise<boolean>,
): Worker {
  let stopped = false;
  let wake: (() => void) | null = null;
  let hinted = false;
  let lastRound = Date.now();
  database.onHint((topic) => {
    if (topic !== "change") return;
    hinted = true;
    wake?.();
  });

  const round = async (): Promise<boolean> => {
    // A change that cannot be read must not keep deliveries and numbers of others waiting.
    let more = await beforeEach(ctx).catch((error: unknown) => {
      if (!stopped) ctx.log.error({ err: error }, "work before a round failed");
      return false;
    });
    for (const work of queues) {
      const [job] = await claim(ctx.db, work.queue, 1, leaseSecondsOf(ctx));
      if (job === undefined) continue;
      more = true;
      await runJob(database, ctx, work, job);
      if (stopped) return false;
    }
    return more;
  };

  const names = queues.map(({ queue }) => queue);
  const loop = async (): Promise<void> => {
    while (!stopped) {
      hinted = false;
      let more = false;
      try {
        more = await round();
      } catch (error) {
        if (!stopped) ctx.log.error({ err: error }, "worker round failed");
      }
      lastRound = Date.now();
      if (more || hinted || stopped) continue;
      const due = await nextDue(ctx.db, names, POLL_MS).catch(() => POLL_MS);
      // Heard of while that was asked.
      if (hinted || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(MIN_SLEEP_MS, due));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = null;
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopped = true;
      wake?.();
      await running;
    },
    idleFor: () => Date.now() - lastRound,
  };
}
