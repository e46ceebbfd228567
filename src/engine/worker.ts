/** Runs background work: claims jobs queue by queue, hands them to their handler, settles or puts them back. */
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";
import type { Look, Looks } from "../storage/look.ts";
import { claim } from "../storage/queue.ts";
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

/** Work before a round: reading the change feed. */
export interface WorkBefore {
  /** Milliseconds until there is some, as it looks; null: there is none. */
  dueIn(look: Look): number | null;
  /** @returns true when there may be more */
  work(ctx: Ctx): Promise<boolean>;
}

export function startWorker(
  database: Database,
  ctx: Ctx,
  looks: Looks,
  queues: readonly QueueWork[],
  before: WorkBefore | null = null,
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

  /** Queues whose last claim was not in vain: they are claimed from without a look. */
  const busy = new Set<string>();

  /** @returns milliseconds to sleep; 0: there may be more */
  const round = async (): Promise<number> => {
    let look = before === null && queues.every(({ queue }) => busy.has(queue)) ? null : await looks.now();
    let more = look === null;
    const beforeIn = look === null ? null : (before?.dueIn(look) ?? null);
    if (before !== null && beforeIn !== null && beforeIn <= 0) {
      // A change that cannot be read must not keep deliveries and numbers of others waiting.
      more = await before.work(ctx).catch((error: unknown) => {
        if (!stopped) ctx.log.error({ err: error }, "work before a round failed");
        return false;
      });
      // It has found jobs, perhaps.
      look = await looks.now();
    }
    for (const work of queues) {
      if (look !== null && !busy.has(work.queue) && look.dueIn([work.queue], POLL_MS) > 0) continue;
      const [job] = await claim(ctx.db, work.queue, 1, leaseSecondsOf(ctx));
      if (job === undefined) {
        busy.delete(work.queue);
        continue;
      }
      busy.add(work.queue);
      more = true;
      await runJob(database, ctx, work, job);
      if (stopped) return 0;
    }
    if (more || look === null) return 0;
    const waits = beforeIn !== null && beforeIn > 0 ? [beforeIn] : [];
    return Math.max(MIN_SLEEP_MS, Math.min(look.dueIn(names, POLL_MS), ...waits));
  };

  const names = queues.map(({ queue }) => queue);
  const loop = async (): Promise<void> => {
    while (!stopped) {
      hinted = false;
      const pause = await round().catch((error: unknown) => {
        if (!stopped) ctx.log.error({ err: error }, "worker round failed");
        return POLL_MS;
      });
      lastRound = Date.now();
      // Heard of while it was at work.
      if (pause === 0 || hinted || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
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
