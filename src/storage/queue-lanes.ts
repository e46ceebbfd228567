/**
 * Claims for work that mostly waits for others (calls to other servers): jobs have a lane, whom they call, and a claim leaves
 * out lanes and organisations that have their share already, so that one that hangs keeps nobody else waiting.
 */
import { randomUUID } from "node:crypto";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";
import type { Job } from "./queue.ts";

export interface LaneJob extends Job {
  /** Whom it calls; null: nobody that others could wait for. */
  readonly lane: string | null;
}

/** Whose jobs stay where they are for now. */
export interface Busy {
  readonly orgs: readonly string[];
  /** Organisations of which only what calls nobody is taken. */
  readonly ownOnly: readonly string[];
  /** As `laneKey` gives them. */
  readonly lanes: readonly string[];
}

/** A lane belongs to its organisation; what calls nobody is one too. */
export const laneKey = (org: string, lane: string | null): string => `${org} ${lane ?? ""}`;

/**
 * $1 queues, $2 organisations, $3 lanes that have their share, $4 organisations of which only lane null is taken, $5 leases of
 * who asks.
 */
const IS_FREE = `queue = any($1::text[]) and not (org = any($2::text[]))
  and not (org || ' ' || coalesce(lane, '') = any($3::text[])) and (lane is null or not (org = any($4::text[])))
  and (lease_token is null or not (lease_token = any($5::text[])))`;

/** $6 lease token, $7 its seconds. Materialised: see queue.ts. */
const take = prepared<Omit<LaneJob, "leaseToken">>(
  "claim_apart",
  `with picked as materialized (
    select org, queue, key, trace from job
    where ${IS_FREE} and run_at <= now() and (lease_until is null or lease_until < now())
    order by run_at, key limit 1 for update skip locked)
  update job set lease_token = $6, attempts = job.attempts + 1, trace = null,
    lease_until = now() + make_interval(secs => $7::float8)
  from picked p where job.org = p.org and job.queue = p.queue and job.key = p.key
  returning job.org, job.queue, job.key, job.ticket, job.attempts, job.lane, p.trace`,
);

/**
 * Takes the oldest job that is due and whose lane and organisation are not busy.
 * @param held leases of jobs that are at work here, which are not taken again when their time is over
 */
export async function claimApart(
  db: Db,
  queues: readonly string[],
  busy: Busy,
  held: readonly string[],
  leaseSeconds: number,
): Promise<LaneJob | null> {
  const leaseToken = randomUUID();
  const [job] = await take(db, queues, busy.orgs, busy.lanes, busy.ownOnly, held, leaseToken, leaseSeconds);
  return job === undefined ? null : { ...job, leaseToken };
}

/**
 * $1 queues, $2 organisation, $3 lane, $4 lease token, $5 its seconds, $6 leases of who asks. By an index: others may wait in
 * front, in thousands.
 */
const takeOf = prepared<Omit<LaneJob, "leaseToken">>(
  "claim_lane",
  `with picked as materialized (
    select org, queue, key, trace from job
    where queue = any($1::text[]) and org = $2 and lane = $3 and run_at <= now()
      and (lease_until is null or lease_until < now())
      and (lease_token is null or not (lease_token = any($6::text[])))
    order by run_at, key limit 1 for update skip locked)
  update job set lease_token = $4, attempts = job.attempts + 1, trace = null,
    lease_until = now() + make_interval(secs => $5::float8)
  from picked p where job.org = p.org and job.queue = p.queue and job.key = p.key
  returning job.org, job.queue, job.key, job.ticket, job.attempts, job.lane, p.trace`,
);

/** Takes the oldest job of the lane that is due. */
export async function claimOfLane(
  db: Db,
  queues: readonly string[],
  org: string,
  lane: string,
  held: readonly string[],
  leaseSeconds: number,
): Promise<LaneJob | null> {
  const leaseToken = randomUUID();
  const [job] = await takeOf(db, queues, org, lane, leaseToken, leaseSeconds, held);
  return job === undefined ? null : { ...job, leaseToken };
}

/** $6 milliseconds. */
const soonest = prepared<{ ms: number | null }>(
  "next_due_apart",
  `select (extract(epoch from min(greatest(run_at, coalesce(lease_until, run_at))) - now()) * 1000)::float8 as ms
  from job where ${IS_FREE} and run_at < now() + make_interval(secs => $6::float8 / 1000)`,
);

/** Milliseconds until a job that `claimApart` would take is due, at most `limitMs`. */
export async function nextDueApart(
  db: Db,
  queues: readonly string[],
  busy: Busy,
  held: readonly string[],
  limitMs: number,
): Promise<number> {
  const [row] = await soonest(db, queues, busy.orgs, busy.lanes, busy.ownOnly, held, limitMs);
  return Math.min(limitMs, row?.ms ?? limitMs);
}
