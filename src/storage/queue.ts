/**
 * The one queue discipline. A job is a keyed row: marking it again coalesces and raises its ticket; a worker holds it
 * by a lease token; it settles only if neither changed meanwhile. SKIP LOCKED keeps workers out of each other's way.
 */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { traceForQueue } from "../tracing/span.ts";
import { prepared } from "./prepared.ts";

export interface Job {
  readonly org: string;
  readonly queue: string;
  readonly key: string;
  readonly ticket: number;
  readonly attempts: number;
  readonly leaseToken: string;
  /** What asked for it last, as a trace; null: nobody traced it. */
  readonly trace?: string | null;
}

/** Longest pause between two attempts, seconds. */
const MAX_BACKOFF = 300;

/**
 * Marks the keys as having work, to be done not before `delayMs` from now (the earlier time wins when marked twice).
 * @param lane whom the work calls (queue-lanes.ts); null: nobody
 */
export async function enqueue(
  db: Db,
  org: string,
  queue: string,
  keys: readonly string[],
  delayMs = 0,
  lane: string | null = null,
): Promise<void> {
  if (keys.length === 0) return;
  // Sorted, so that two writers that mark the same keys lock the rows in the same order.
  const sorted = [...new Set(keys)].sort();
  await sql`
    insert into job (org, queue, key, run_at, lane, trace)
    select ${org}, ${queue}, key, now() + make_interval(secs => ${delayMs / 1000}::float8), ${lane}::text,
      ${traceForQueue(queue)}::text
    from unnest(${sorted}::text[]) with ordinality as t (key, n) order by n
    on conflict (org, queue, key) do update
      set ticket = job.ticket + 1, run_at = least(job.run_at, excluded.run_at), attempts = 0,
        trace = coalesce(excluded.trace, job.trace)`.execute(db);
}

/** As `enqueue`, each key after a time of its own, in milliseconds. */
export async function enqueueEach(
  db: Db,
  org: string,
  queue: string,
  delays: ReadonlyMap<string, number>,
): Promise<void> {
  if (delays.size === 0) return;
  const sorted = [...delays].sort(([left], [right]) => (left < right ? -1 : 1));
  await sql`
    insert into job (org, queue, key, run_at, trace)
    select ${org}, ${queue}, key, now() + make_interval(secs => delay / 1000), ${traceForQueue(queue)}::text
    from unnest(${sorted.map(([key]) => key)}::text[], ${sorted.map(([, delay]) => delay)}::float8[])
      with ordinality as t (key, delay, n) order by n
    on conflict (org, queue, key) do update
      set ticket = job.ticket + 1, run_at = least(job.run_at, excluded.run_at), attempts = 0,
        trace = coalesce(excluded.trace, job.trace)`.execute(db);
}

/** Marks one key as having more work; unlike `enqueue` it does not end the pause of a job that failed. */
export async function enqueueMore(
  db: Db,
  org: string,
  queue: string,
  key: string,
  lane: string | null,
): Promise<void> {
  await sql`
    insert into job (org, queue, key, lane, trace)
    values (${org}, ${queue}, ${key}, ${lane}, ${traceForQueue(queue)})
    on conflict (org, queue, key) do update set ticket = job.ticket + 1, lane = excluded.lane,
      trace = coalesce(excluded.trace, job.trace)`.execute(db);
}

/**
 * $1 queue, $2 how many, $3 lease token, $4 its seconds. Asked by every loop at every hint, mostly in vain: planning was
 * nine tenths of it. Materialised: as a plain `in (select … limit)` some plans run the subquery once per row and take
 * every job. What asked for it counts for one attempt: later ones may have other reasons.
 */
const take = prepared<{ org: string; key: string; ticket: number; attempts: number; trace: string | null }>(
  "claim",
  `with picked as materialized (
    select org, queue, key, trace from job
    where queue = $1 and run_at <= now() and (lease_until is null or lease_until < now())
    order by run_at, key limit $2::int for update skip locked)
  update job set lease_token = $3, attempts = job.attempts + 1, trace = null,
    lease_until = now() + make_interval(secs => $4::float8)
  from picked p where job.org = p.org and job.queue = p.queue and job.key = p.key
  returning job.org, job.key, job.ticket, job.attempts, p.trace`,
);

/** Takes up to `limit` jobs that are due, for `leaseSeconds`; another worker gets them when the lease runs out. */
export async function claim(db: Db, queue: string, limit: number, leaseSeconds: number): Promise<Job[]> {
  const token = randomUUID();
  const rows = await take(db, queue, limit, token, leaseSeconds);
  return rows.map((row) => ({ ...row, queue, leaseToken: token })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The worker is still at it: nobody else may have the job for another `leaseSeconds`. */
export async function extendLease(db: Db, job: Job, leaseSeconds: number): Promise<void> {
  await sql`
    update job set lease_until = now() + make_interval(secs => ${leaseSeconds}::float8)
    where org = ${job.org} and queue = ${job.queue} and key = ${job.key} and lease_token = ${job.leaseToken}`.execute(
    db,
  );
}

/** Gives back what a killed process held; only where no other process can be at work (the embedded database). */
export async function releaseLeases(db: Db): Promise<void> {
  await sql`update job set lease_token = null, lease_until = null where lease_token is not null`.execute(db);
}

/** Keys of the queue that some worker holds right now. */
export async function keysAtWork(db: Db, org: string, queue: string): Promise<string[]> {
  const result = await sql<{ key: string }>`
    select key from job where org = ${org} and queue = ${queue} and lease_token is not null`.execute(db);
  return result.rows.map((row) => row.key);
}

/**
 * Ends a job that is done; gives it back when it was marked again meanwhile, behind those that are due by now: with its old place a source
 * that never rests would keep all others from their turn. False when the lease was lost.
 */
export async function settle(db: Db, job: Job): Promise<boolean> {
  const done = await sql`
    delete from job where org = ${job.org} and queue = ${job.queue} and key = ${job.key}
      and lease_token = ${job.leaseToken} and ticket = ${job.ticket}::bigint returning key`.execute(db);
  if (done.rows.length > 0) return true;
  const again = await sql`
    update job set lease_token = null, lease_until = null, attempts = 0, run_at = now()
    where org = ${job.org} and queue = ${job.queue} and key = ${job.key} and lease_token = ${job.leaseToken}
    returning key`.execute(db);
  return again.rows.length > 0;
}

/**
 * Gives back a job that is not done yet and has to be looked at again later; what failed before counts no more. Marked again
 * meanwhile, it is due at once. False when the lease was lost.
 */
export async function postpone(db: Db, job: Job, delayMs: number): Promise<boolean> {
  const { rows } = await sql`
    update job set lease_token = null, lease_until = null, attempts = 0, last_error = null,
      run_at = case when ticket = ${job.ticket}::bigint then now() + make_interval(secs => ${delayMs / 1000}::float8)
        else now() end
    where org = ${job.org} and queue = ${job.queue} and key = ${job.key} and lease_token = ${job.leaseToken}
    returning key`.execute(db);
  return rows.length > 0;
}

/** Puts a failed job back with a growing pause; it is never dropped. */
export async function fail(db: Db, job: Job, message: string): Promise<void> {
  const pause = Math.min(MAX_BACKOFF, 2 ** Math.min(job.attempts, 9));
  await sql`
    update job set lease_token = null, lease_until = null, last_error = ${message.slice(0, 2000)},
      run_at = now() + make_interval(secs => ${pause}::float8)
    where org = ${job.org} and queue = ${job.queue} and key = ${job.key} and lease_token = ${job.leaseToken}`.execute(
    db,
  );
}

/** Number of jobs waiting or running, by queue. */
export async function pendingJobs(db: Db, org: string): Promise<Map<string, number>> {
  const result = await sql<{ queue: string; n: number }>`
    select queue, count(*) as n from job where org = ${org} group by queue`.execute(db);
  return new Map(result.rows.map((row) => [row.queue, row.n]));
}

export interface QueueState {
  readonly queue: string;
  readonly pending: number;
  /** The last attempt failed. */
  readonly failing: number;
  /** How long the oldest job that is due waits. */
  readonly lateSeconds: number;
}

/** How the queues that have jobs are doing. */
export async function queueStates(db: Db, org: string): Promise<readonly QueueState[]> {
  const result = await sql<QueueState>`
    select queue, count(*) as pending, count(*) filter (where last_error is not null and attempts > 0) as failing,
      coalesce(greatest(0, extract(epoch from now() - min(run_at)
        filter (where lease_until is null or lease_until < now()))), 0)::float8 as "lateSeconds"
    from job where org = ${org} group by queue`.execute(db);
  return result.rows;
}
