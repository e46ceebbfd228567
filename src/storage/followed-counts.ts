/** How many entities blueprints have and when their newest event was, counted once and then followed by the change feed. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { NextAnswer } from "./next-answer.ts";
import { prepared } from "./prepared.ts";

export interface Counted {
  readonly blueprint: string;
  /** The property with the time of an event; null: times are not asked for. */
  readonly time: string | null;
}

export interface FollowedCount {
  readonly rows: number;
  /** Those with a time. */
  readonly timed: number;
  /** The newest time, as stored. */
  readonly last: string | null;
}

export interface FollowOptions {
  /** Milliseconds. */
  readonly now: number;
  /** How entities are read where they have to be counted: within a limit, say. */
  readonly counting?: <T>(work: (db: Db) => Promise<T>) => Promise<T>;
}

interface Known {
  /** In the order asked for. */
  readonly counts: readonly FollowedCount[];
  /** What the counts have seen. */
  readonly snapshot: string;
  /** By the clock of who asked. */
  readonly countedAt: number;
}

/** Of the feed, until counting anew costs about the same. */
const MAX_CHANGES = 5000;
/** A feed is cut after its retention, which is days at least. */
const MAX_AGE_MS = 3_600_000 * 12;
const MAX_KNOWN = 200;

interface Followed {
  known: Known | null;
  readonly answers: NextAnswer<Known>;
}

const followedBy = new WeakMap<Db, Map<string, Followed>>();

/**
 * As counting now would answer, in the order asked for. A million entities take 2 s to count, so that is done once. Who asks
 * while others are answered waits for the next answer together with everybody else: it has seen all that was written before.
 */
export async function followedCounts(
  db: Db,
  org: string,
  asked: readonly Counted[],
  options: FollowOptions,
): Promise<readonly FollowedCount[]> {
  if (asked.length === 0) return [];
  // What a transaction sees is for itself alone.
  if (db.isTransaction) return (await countAll(db, org, asked, options.now)).counts;
  const followed = followedOf(
    db,
    JSON.stringify([org, ...asked.map(({ blueprint, time }) => [blueprint, time])]),
  );
  const { counts } = await followed.answers.ask(
    async () => (followed.known = await answered(db, org, asked, followed.known, options)),
  );
  return counts;
}

function followedOf(db: Db, key: string): Followed {
  let all = followedBy.get(db);
  if (all === undefined) followedBy.set(db, (all = new Map()));
  let followed = all.get(key);
  if (followed === undefined) {
    if (all.size >= MAX_KNOWN) all.clear();
    all.set(key, (followed = { known: null, answers: new NextAnswer() }));
  }
  return followed;
}

async function answered(
  db: Db,
  org: string,
  asked: readonly Counted[],
  known: Known | null,
  { now, counting = (work) => work(db) }: FollowOptions,
): Promise<Known> {
  const isFresh = known !== null && Math.abs(now - known.countedAt) <= MAX_AGE_MS;
  const followed = isFresh ? await follow(db, org, asked, known) : null;
  return followed ?? counting((one) => countAll(one, org, asked, now));
}

/** Reads every entity of the blueprints, in one statement: the counts are of one moment. */
async function countAll(db: Db, org: string, asked: readonly Counted[], now: number): Promise<Known> {
  const counts = asked.map(({ blueprint, time }, n) => {
    const value = time === null ? sql`null::text` : sql`properties ->> ${time}`;
    return sql`(select json_build_object('rows', count(*), 'timed', count(${value}), 'last', max(${value}))
      from entity where org = ${org} and blueprint = ${blueprint}) as ${sql.ref(`c${n}`)}`;
  });
  const { rows } = await sql<Record<string, unknown>>`
    select pg_current_snapshot()::text as snapshot, ${sql.join(counts)}`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error("a count has one row");
  return {
    counts: asked.map((_, n) => found[`c${n}`] as FollowedCount),
    snapshot: found["snapshot"] as string,
    countedAt: now,
  };
}

interface Change {
  /** From 1. */
  readonly n: number;
  readonly blueprints: number;
  readonly rows: number;
  readonly timed: number;
  readonly last: string | null;
  readonly lost: boolean | null;
}

/**
 * $1 organisation, $2 the snapshot of the counts, $3 blueprints, $4 properties with a time, $5 the newest times, $6 how many
 * changes at most. Rows of the feed are committed with what they tell of: those not in the snapshot are what the counts have
 * not seen.
 */
const changesSince = prepared<{ snapshot: string; seen: number; changes: string }>(
  "followed_counts",
  `with seen as materialized (
    select kind, blueprint, before is null as is_new, after is null as is_gone, before ->> 'identifier' as former,
      before -> 'properties' as before, after -> 'properties' as after
    from change
    where org = $1 and xid >= pg_snapshot_xmin($2::pg_snapshot) and not pg_visible_in_snapshot(xid, $2::pg_snapshot)
      and kind in ('entity', 'blueprint')
      and (blueprint = any($3::text[]) or (kind = 'blueprint' and before ->> 'identifier' = any($3::text[])))
    limit $6::int)
  select pg_current_snapshot()::text as snapshot, (select count(*) from seen)::int as seen, (
    select coalesce(json_agg(t), '[]') from (
      select a.n, count(*) filter (where kind = 'blueprint') as blueprints,
        count(*) filter (where is_new) - count(*) filter (where is_gone) as rows,
        count(after ->> a.time) - count(before ->> a.time) as timed, max(after ->> a.time) as last,
        bool_or(before ->> a.time >= nullif(a.last, '') and after ->> a.time is distinct from before ->> a.time) as lost
      from unnest($3::text[], $4::text[], $5::text[]) with ordinality a (blueprint, time, last, n)
      join seen s on s.blueprint = a.blueprint or (s.kind = 'blueprint' and s.former = a.blueprint)
      group by a.n) t)::text as changes`,
);

/**
 * The counts after what has been committed since; null where the changes do not tell it: a change of a blueprint, very many
 * changes, or the newest event is another now.
 */
async function follow(db: Db, org: string, asked: readonly Counted[], known: Known): Promise<Known | null> {
  const blueprints = asked.map(({ blueprint }) => blueprint);
  // An empty name is that of no property, and an empty time is none.
  const times = asked.map(({ time }) => time ?? "");
  const lasts = known.counts.map(({ last }) => last ?? "");
  const [found] = await changesSince(db, org, known.snapshot, blueprints, times, lasts, MAX_CHANGES + 1);
  if (found === undefined || found.seen > MAX_CHANGES) return null;
  const changes = new Map((JSON.parse(found.changes) as Change[]).map((one) => [one.n - 1, one]));
  const counts: FollowedCount[] = [];
  for (const [index, count] of known.counts.entries()) {
    const change = changes.get(index);
    if (change === undefined) {
      counts.push(count);
      continue;
    }
    if (change.blueprints > 0 || change.lost === true) return null;
    const isNewer = change.last !== null && (count.last === null || change.last > count.last);
    counts.push({
      rows: count.rows + change.rows,
      timed: count.timed + change.timed,
      last: isNewer ? change.last : count.last,
    });
  }
  return { counts, snapshot: found.snapshot, countedAt: known.countedAt };
}
