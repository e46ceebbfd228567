/**
 * Does many jobs at once that mostly wait for other servers, and shares itself out (lane-shares.ts): receivers that hang take
 * a few places each, and everybody else's runs go on beside them.
 */
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";
import type { Looks } from "../storage/look.ts";
import { claimApart, claimOfLane, type LaneJob, nextDueApart } from "../storage/queue-lanes.ts";
import { leaseSecondsOf } from "./keep-lease.ts";
import { createLaneShares, type PoolLimits } from "./lane-shares.ts";
import { type QueueWork, runJob } from "./run-job.ts";

export interface Pool {
  /** Stops claiming and waits for the jobs at hand. */
  stop(): Promise<void>;
}

/** Hints wake it at once, and so does a job that ends or is due; so long it may sleep when hints get lost. */
const POLL_MS = 1000;
/** A job that is due and was not claimed is being claimed by another process. */
const MIN_SLEEP_MS = 20;
/** After a look in vain, times what it took: it may cost a fifth of the time at most. */
const REST = 4;

/**
 * What others were called for is not taken back: a process that stalls keeps it for longer than other work, also while what
 * extends the lease waits for a connection (20 seconds at most).
 */
const LEASE_SECONDS = 30;

export function startPool(
  database: Database,
  started: Ctx,
  looks: Looks,
  queues: readonly QueueWork[],
  limits: PoolLimits,
): Pool {
  const leaseSeconds = Math.max(LEASE_SECONDS, leaseSecondsOf(started));
  const ctx = { ...started, leaseSeconds };
  const works = new Map(queues.map((work) => [work.queue, work]));
  const names = [...works.keys()];
  const flying = new Map<LaneJob, Promise<void>>();
  const shares = createLaneShares(limits);
  /** By its lease: what runs here is not taken once more when that ended meanwhile. */
  const held = (): string[] => [...flying.keys()].map(({ leaseToken }) => leaseToken);
  let stopped = false;
  let hinted = false;
  let wake: (() => void) | null = null;
  const rouse = (): void => {
    hinted = true;
    wake?.();
  };
  database.onHint((topic) => {
    if (topic === "change") rouse();
  });

  /** The oldest one that may have a place; where few are left, those who had one come after those who had none. */
  const claimNext = async (): Promise<LaneJob | null> => {
    const claim = (beside: readonly LaneJob[]): Promise<LaneJob | null> =>
      claimApart(ctx.db, names, shares.busy(beside), held(), leaseSeconds);
    // A place that becomes free meanwhile ends no turn: nobody was asked for it yet.
    const beside = [...flying.keys()];
    const job = await claim(beside);
    return job !== null || !shares.newTurns(beside) ? job : claim([...flying.keys()]);
  };

  /** The next one of its lane, in its place: what else waits, in thousands perhaps, is not looked through for it. */
  const nextOf = async (job: LaneJob): Promise<LaneJob | null> => {
    if (stopped || job.lane === null || !shares.mayPassOn(job, flying.keys())) return null;
    return claimOfLane(ctx.db, names, job.org, job.lane, held(), leaseSeconds);
  };

  const runOne = async (job: LaneJob): Promise<void> => {
    const work = works.get(job.queue);
    const isDone = work !== undefined && (await runJob(database, ctx, work, job));
    shares.ended(job, isDone);
  };

  const fly = (first: LaneJob): void => {
    const run = async (): Promise<void> => {
      let job: LaneJob | null = first;
      try {
        while (job !== null) {
          await runOne(job);
          const next = await nextOf(job);
          flying.delete(job);
          if (next !== null) flying.set(next, running);
          job = next;
        }
      } catch (error) {
        // Its lease runs out, and somebody takes it again.
        if (!stopped) ctx.log.error({ err: error }, "a job could not be put back");
        if (job !== null) flying.delete(job);
      }
      rouse();
    };
    const running = run();
    flying.set(first, running);
  };

  const sleep = async (ms: number): Promise<void> => {
    if (hinted || stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    wake = null;
  };

  /** The last claim was not in vain: the next goes without a look. */
  let isBusy = false;

  /** @returns milliseconds to sleep; 0: there may be more */
  const round = async (): Promise<number> => {
    if (flying.size >= limits.atOnce) return POLL_MS;
    if (!isBusy) {
      const due = (await looks.now()).dueIn(names, POLL_MS);
      if (due > 0) return Math.max(MIN_SLEEP_MS, due);
    }
    const started = performance.now();
    const job = await claimNext();
    isBusy = job !== null;
    if (job !== null) {
      shares.took(job, flying.keys());
      fly(job);
      return 0;
    }
    const due = await nextDueApart(ctx.db, names, shares.busy(flying.keys()), held(), POLL_MS);
    // Jobs of busy lanes, in thousands perhaps, were looked through in vain: not again at every hint.
    await rest(Math.min(POLL_MS, REST * (performance.now() - started)));
    return Math.max(MIN_SLEEP_MS, due);
  };

  const loop = async (): Promise<void> => {
    while (!stopped) {
      hinted = false;
      const pause = await round().catch((error: unknown) => {
        if (!stopped) ctx.log.error({ err: error }, "a round of the pool failed");
        return POLL_MS;
      });
      if (pause > 0) await sleep(pause);
    }
  };
  const running = loop();
  return {
    stop: async () => {
      stopped = true;
      wake?.();
      await running;
      await Promise.all(flying.values());
    },
  };
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
