/**
 * Who gets a place of the pool. A lane (whom jobs call) has so many at most, one after it failed. The last places of an
 * organisation are kept: some for lanes that have none, which then take turns, so that a dozen lanes with long queues
 * leave a place for a new one; the very last for what calls nobody.
 */
import { type Busy, laneKey, type LaneJob } from "../storage/queue-lanes.ts";

export interface PoolLimits {
  /** Jobs at once in this process: each of them waits, and costs a socket and the text that is sent. */
  readonly atOnce: number;
  /** … of one organisation. */
  readonly perOrg: number;
  /** … of one lane. */
  readonly perLane: number;
  /** … of an organisation that call nobody. */
  readonly ownAtOnce: number;
  /** Places of an organisation that only lanes get which have none. */
  readonly spare: number;
  /** Places of an organisation that only jobs get which call nobody. */
  readonly ownSpare: number;
}

/** Lanes that are remembered; beyond that all are forgotten. */
const MAX_REMEMBERED = 1000;

interface LaneShares {
  /** Who has their share. */
  busy(flying: Iterable<LaneJob>): Busy;
  /** Whether a job that ends, and is counted among the flying, leaves its place to the next of its lane. */
  mayPassOn(job: LaneJob, flying: Iterable<LaneJob>): boolean;
  /** @param flying without the job */
  took(job: LaneJob, flying: Iterable<LaneJob>): void;
  /** Nobody waits who had no turn, unless there is no place. @returns whether somebody may be let in by that */
  newTurns(flying: Iterable<LaneJob>): boolean;
  ended(job: LaneJob, isDone: boolean): void;
}

export function createLaneShares(limits: PoolLimits): LaneShares {
  const failing = new Set<string>();
  /** Had a place while few were left; by lane, the organisation. */
  const served = new Map<string, string>();
  const common = limits.perOrg - limits.spare - limits.ownSpare;
  const mostOf = (key: string): number => (failing.has(key) ? 1 : limits.perLane);
  const shareOf = ({ org, lane }: LaneJob, inOrg: number): number => {
    if (lane === null) return limits.ownAtOnce;
    return inOrg >= common ? 1 : mostOf(keyOf({ org, lane }));
  };
  return {
    busy(flying) {
      const { orgs, lanes } = counts(flying);
      const beyond = (most: number): string[] => [...orgs].flatMap(([org, n]) => (n >= most ? [org] : []));
      const few = new Set(beyond(common));
      return {
        orgs: beyond(limits.perOrg),
        ownOnly: beyond(limits.perOrg - limits.ownSpare),
        lanes: [
          ...[...lanes].flatMap(([key, { job, n }]) =>
            n >= shareOf(job, orgs.get(job.org) ?? 0) ? [key] : [],
          ),
          ...[...served].flatMap(([key, org]) => (few.has(org) ? [key] : [])),
        ],
      };
    },
    mayPassOn(job, flying) {
      const { orgs, lanes, size } = counts(flying);
      const inOrg = orgs.get(job.org) ?? 0;
      // Where places are short, others come first.
      if (job.lane === null || size >= limits.atOnce || inOrg >= limits.perOrg || inOrg > common)
        return false;
      const key = keyOf(job);
      return (lanes.get(key)?.n ?? 0) <= mostOf(key);
    },
    took(job, flying) {
      if (job.lane === null || (counts(flying).orgs.get(job.org) ?? 0) < common) return;
      if (served.size >= MAX_REMEMBERED) served.clear();
      served.set(keyOf(job), job.org);
    },
    newTurns(flying) {
      const { orgs } = counts(flying);
      const over = [...served].filter(([, org]) => (orgs.get(org) ?? 0) < limits.perOrg - limits.ownSpare);
      for (const [key] of over) served.delete(key);
      return over.length > 0;
    },
    ended(job, isDone) {
      if (job.lane === null) return;
      if (failing.size >= MAX_REMEMBERED) failing.clear();
      if (isDone) failing.delete(keyOf(job));
      else failing.add(keyOf(job));
    },
  };
}

const keyOf = ({ org, lane }: Pick<LaneJob, "org" | "lane">): string => laneKey(org, lane);

interface Counts {
  readonly size: number;
  readonly orgs: ReadonlyMap<string, number>;
  readonly lanes: ReadonlyMap<string, { readonly job: LaneJob; readonly n: number }>;
}

function counts(jobs: Iterable<LaneJob>): Counts {
  let size = 0;
  const orgs = new Map<string, number>();
  const lanes = new Map<string, { job: LaneJob; n: number }>();
  for (const job of jobs) {
    size += 1;
    orgs.set(job.org, (orgs.get(job.org) ?? 0) + 1);
    const key = keyOf(job);
    lanes.set(key, { job, n: (lanes.get(key)?.n ?? 0) + 1 });
  }
  return { size, orgs, lanes };
}
