/**
 * Does many jobs at once that mostly wait for other servers, and shares itself out: a lane (whom jobs call) and an
 * organisation have so many at most, and a lane whose last job failed has one. So receivers that hang take a few
 * places each, and everybody else's runs go on beside them.
 */
import type { Ctx } from "../storage/context.ts";
import type { Database } from "../storage/db.ts";
import {
  type Busy,
  claimApart,
  claimOfLane,
  laneKey,
  type LaneJob,
  nextDueApart,
} from "../storage/queue-lanes.ts";
import { LEASE_SECONDS } from "./keep-lease.ts";
import { type QueueWork, runJob } from "./run-job.ts";

export interface PoolLimits {
  /** Jobs at once in this process: each of them waits, and costs a socket and the text that is sent. */
  readonly atOnce: number;
  /** … of one organisation. */
  readonly perOrg: number;
  /** … of one lane. */
  readonly perLane: number;
}

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
/** Lanes that are remembered as failing; beyond that all are forgotten. */
const MAX_FAILING = 1000;

export function startPool(
  database: Database,
  ctx: Ctx,
  queues: readonly QueueWork[],
  limits: PoolLimits,
): Pool {
  const works = new Map(queues.map((work) => [work.queue, work]));
  const names = [...works.keys()];
  const flying = new Map<LaneJob, Promise<void>>();
  const failing = new Set<string>();
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

  const mostOf = (lane: string): number => (failing.has(lane) ? 1 : limits.perLane);
  const busy = (): Busy => {
    const { orgs, lanes } = counts(flying.keys());
    return {
      orgs: [...orgs].flatMap(([org, n]) => (n >= limits.perOrg ? [org] : [])),
      lanes: [...lanes].flatMap(([lane, n]) => (n >= mostOf(lane) ? [lane] : [])),
    };
  };

  /** The next one of its lane, in its place: what else waits, in thousands perhaps, is not looked through for it. */
  const nextOf = async (job: LaneJob): Promise<LaneJob | null> => {
    const key = keyOf(job);
    // Where all places are taken, others come first.
    if (stopped || key === null || job.lane === null || flying.size >= limits.atOnce) return null;
    if ((counts(flying.keys()).lanes.get(key) ?? 0) > mostOf(key)) return null;
    return claimOfLane(ctx.db, names, job.org, job.lane, LEASE_SECONDS);
  };

  const runOne = async (job: LaneJob): Promise<void> => {
    const work = works.get(job.queue);
    const isDone = work !== undefined && (await runJob(database, ctx, work, job));
    const lane = keyOf(job);
    if (failing.size >= MAX_FAILING) failing.clear();
    if (lane !== null && isDone) failing.delete(lane);
    else if (lane !== null) failing.add(lane);
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

  /** @returns milliseconds to sleep; 0: there may be more */
  const round = async (): Promise<number> => {
    if (flying.size >= limits.atOnce) return POLL_MS;
    const started = performance.now();
    const job = await claimApart(ctx.db, names, busy(), LEASE_SECONDS);
    if (job !== null) {
      fly(job);
      return 0;
    }
    const due = await nextDueApart(ctx.db, names, busy(), POLL_MS);
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

const keyOf = ({ org, lane }: LaneJob): string | null => (lane === null ? null : laneKey(org, lane));

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function counts(jobs: Iterable<LaneJob>) {
  const all = [...jobs];
  return { orgs: countBy(all.map(({ org }) => org)), lanes: countBy(all.flatMap((job) => keyOf(job) ?? [])) };
}

function countBy(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
