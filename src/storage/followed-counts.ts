/** How many entities blueprints have and when their newest event was, counted once and then followed by the change feed. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { textOf } from "./dora-facts.ts";
import { NextAnswer } from "./next-answer.ts";
import { prepared } from "./prepared.ts";

export interface Counted {
  readonly blueprint: string;
  /** The property with the time of an event, a derived one too; null: times are not asked for. */
  readonly time: string | null;
}

export interface FollowedCount {
  readonly rows: number;
  /** Those with a time. */
  readonly timed: number;
  /** The newest time, as stored. */
  readonly last: string | null;
  /** Its time is derived, and it is what was counted a while ago: whoever shows it asks once more in half a minute. */
  readonly isHeld?: true;
}

export interface FollowOptions {
  /** Milliseconds. */
  readonly now: number;
  /** How entities are read where they have to be counted: within a limit, say. */
  readonly counting?: <T>(work: (db: Db) => Promise<T>) => Promise<T>;
}

interface Tally {
  readonly rows: number;
  readonly timed: number;
  /** Times that are derived change without a word in the feed, as mirrors do: they are counted again and again. */
  readonly isDerived: boolean;
  /** The newest times by identifier: all that are later than `floor`. None, though there are times: the newest is `floor`. */
  readonly newest: ReadonlyMap<string, string>;
  /** Very many may have it. Empty: all there are are known. */
  readonly floor: string;
}

interface Counts {
  /** In the order asked for. */
  readonly tallies: readonly Tally[];
  /** What they have seen. */
  readonly snapshot: string;
  /** By the clock of who asked. */
  readonly countedAt: number;
}

interface Known extends Counts {
  /** By a steady clock: until then those with derived times are taken for what they were. */
  readonly derivedUntil: number;
  /** That is what this answer did. */
  readonly isHeld: boolean;
}

/**
 * So many of the newest are known at first, and four times as many at most: the newest of all may be taken back by what arrives
 * out of order, and then the one before it is the newest.
 */
const NEWEST = 100;

/** Of the feed, whatever they are of, until counting anew costs about the same. */
const MAX_CHANGES = 5000;
/** A feed is cut after its retention, which is days at least. */
const MAX_AGE_MS = 3_600_000 * 12;
const MAX_KNOWN = 200;
/** What is derived is counted again after so many times as long as it took … */
const DERIVED_TIMES = 20;
/** … and after this at most. */
const DERIVED_MS = 30_000;

interface Followed {
  known: Known | null;
  readonly answers: NextAnswer<Known>;
}

const followedBy = new WeakMap<Db, Map<string, Followed>>();

/**
 * As counting now would answer, in the order asked for; with a time that is derived, as it would have half a minute ago at most. A million entities take 2 s to count, so that is done once. Who asks
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
  if (db.isTransaction) return countsOf(await countAll(db, org, asked, options.now));
  const followed = followedOf(
    db,
    JSON.stringify([org, ...asked.map(({ blueprint, time }) => [blueprint, time])]),
  );
  const known = await followed.answers.ask(
    async () => (followed.known = await answered(db, org, asked, followed.known, options)),
  );
  return countsOf(known);
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
  const count = async (those: readonly Counted[]): Promise<Known> => {
    const started = performance.now();
    const found = await counting((one) => countAll(one, org, those, now));
    const ended = performance.now();
    return {
      ...found,
      derivedUntil: ended + Math.min(DERIVED_MS, DERIVED_TIMES * (ended - started)),
      isHeld: false,
    };
  };
  const isFresh = known !== null && Math.abs(now - known.countedAt) <= MAX_AGE_MS;
  const followed = isFresh ? await follow(db, org, asked, known) : null;
  if (followed === null) return count(asked);
  const derived = asked.filter((_, n) => followed.tallies[n]?.isDerived);
  const isHeld = derived.length > 0 && performance.now() < followed.derivedUntil;
  if (derived.length === 0 || isHeld) return { ...followed, isHeld };
  const { tallies: found, derivedUntil } = await count(derived);
  const counted = found.values();
  const tallies = followed.tallies.map((one) => (one.isDerived ? (counted.next().value ?? one) : one));
  return { ...followed, tallies, derivedUntil, isHeld: false };
}

const countsOf = ({ tallies, isHeld = false }: Counts & Partial<Known>): FollowedCount[] =>
  tallies.map(({ rows, timed, newest, floor, isDerived: ofDerived }) => {
    let last = newest.size === 0 && timed > 0 ? floor : null;
    for (const time of newest.values()) if (last === null || time > last) last = time;
    return { rows, timed, last, ...(isHeld && ofDerived && { isHeld: true }) };
  });

interface CountRow {
  readonly rows: number;
  readonly timed: number;
  readonly isDerived?: boolean;
  /** One more than are kept. */
  readonly newest: readonly (readonly [identifier: string, time: string])[] | null;
}

/** Reads every entity of the blueprints, in one statement: the counts are of one moment. */
async function countAll(db: Db, org: string, asked: readonly Counted[], now: number): Promise<Counts> {
  const tallies = asked.map(({ blueprint, time }, n) => {
    const within = sql`from entity e where e.org = ${org} and e.blueprint = ${blueprint}`;
    if (time === null)
      return sql`(select json_build_object('rows', count(*), 'timed', 0) ${within}) as ${sql.ref(`c${n}`)}`;
    return sql`(select json_build_object('rows', count(*), 'timed', count(${textOf(time)}),
        'isDerived', (${isDerived(org, blueprint, time)}), 'newest', (
        select json_agg(json_build_array(identifier, time)) from (
          select e.identifier, ${textOf(time)} as time ${within} and ${textOf(time)} is not null
          order by (${textOf(time)}) collate "C" desc limit ${NEWEST + 1}::int) t))
      ${within}) as ${sql.ref(`c${n}`)}`;
  });
  const { rows } = await sql<Record<string, unknown>>`
    select pg_current_snapshot()::text as snapshot, ${sql.join(tallies)}`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new Error("a count has one row");
  return {
    tallies: asked.map((_, n) => tallyOf(found[`c${n}`] as CountRow)),
    snapshot: found["snapshot"] as string,
    countedAt: now,
  };
}

/** Known for as long as the counts are followed: with a change of the blueprint they are counted anew. */
const isDerived = (org: string, blueprint: string, property: string) => sql`
  select coalesce(bool_or(coalesce(document #> array['mirrorProperties', ${property}],
    document #> array['calculationProperties', ${property}],
    document #> array['aggregationProperties', ${property}]) is not null), false)
  from blueprint where org = ${org} and identifier = ${blueprint}`;

function tallyOf({ rows, timed, newest, isDerived: derived = false }: CountRow): Tally {
  const all = newest ?? [];
  const floor = all[NEWEST]?.[1] ?? "";
  return { rows, timed, isDerived: derived, floor, newest: new Map(all.filter(([, time]) => time > floor)) };
}

/** One entity as it was and is, where any of both times is among the newest, or is no longer `floor`. */
type Move = readonly [former: string | null, identifier: string | null, time: string | null];

interface Change {
  /** From 1. */
  readonly n: number;
  readonly blueprints: number;
  readonly rows: number;
  readonly timed: number;
  /** In the order in which they happened. */
  readonly moves: readonly Move[] | null;
}

/**
 * $1 organisation, $2 the snapshot of the counts, $3 blueprints, $4 properties with a time, $5 the times above which the newest
 * are known, $6 how many changes at most. Rows of the feed are committed with what they tell of: those not in the snapshot are
 * what the counts have not seen. Of one entity they are numbered in the order in which its row was locked.
 */
const changesSince = prepared<{ snapshot: string; seen: number; changes: string }>(
  "followed_counts",
  `with page as materialized (
    select seq, kind, blueprint, identifier, before, after from change
    where org = $1 and xid >= pg_snapshot_xmin($2::pg_snapshot) and not pg_visible_in_snapshot(xid, $2::pg_snapshot)
    limit $6::int),
  seen as materialized (
    select seq, kind, blueprint, before is null as is_new, after is null as is_gone, before ->> 'identifier' as former,
      identifier, before -> 'properties' as before, after -> 'properties' as after
    from page
    where kind in ('entity', 'blueprint')
      and (blueprint = any($3::text[]) or (kind = 'blueprint' and before ->> 'identifier' = any($3::text[]))))
  select pg_current_snapshot()::text as snapshot, (select count(*) from page)::int as seen, (
    select coalesce(json_agg(t), '[]') from (
      select a.n, count(*) filter (where kind = 'blueprint') as blueprints,
        count(*) filter (where is_new) - count(*) filter (where is_gone) as rows,
        count(after ->> a.time) - count(before ->> a.time) as timed,
        json_agg(json_build_array(former, case when not is_gone then identifier end, after ->> a.time) order by seq)
          filter (where (before ->> a.time) collate "C" > a.floor or (after ->> a.time) collate "C" > a.floor
            or (before ->> a.time = a.floor and after ->> a.time is distinct from before ->> a.time)) as moves
      from unnest($3::text[], $4::text[], $5::text[]) with ordinality a (blueprint, time, floor, n)
      join seen s on s.blueprint = a.blueprint or (s.kind = 'blueprint' and s.former = a.blueprint)
      group by a.n) t)::text as changes`,
);

/**
 * The counts after what has been committed since; null where the changes do not tell it: a change of a blueprint, very many
 * changes, or none of the newest is left.
 */
async function follow(db: Db, org: string, asked: readonly Counted[], known: Known): Promise<Known | null> {
  const blueprints = asked.map(({ blueprint }) => blueprint);
  // An empty name is that of no property.
  const times = asked.map(({ time }) => time ?? "");
  const floors = known.tallies.map(({ floor }) => floor);
  const [found] = await changesSince(db, org, known.snapshot, blueprints, times, floors, MAX_CHANGES + 1);
  if (found === undefined || found.seen > MAX_CHANGES) return null;
  const changes = new Map((JSON.parse(found.changes) as Change[]).map((one) => [one.n - 1, one]));
  const tallies: Tally[] = [];
  for (const [index, tally] of known.tallies.entries()) {
    const change = changes.get(index);
    const next = change === undefined ? tally : after(tally, change);
    if (next === null) return null;
    tallies.push(next);
  }
  return { ...known, tallies, snapshot: found.snapshot };
}

function after(tally: Tally, { blueprints, rows, timed, moves }: Change): Tally | null {
  if (blueprints > 0) return null;
  if (tally.isDerived) return tally;
  const newest = new Map(tally.newest);
  for (const [former, identifier, time] of moves ?? []) {
    if (former !== null) newest.delete(former);
    if (identifier === null) continue;
    newest.delete(identifier);
    if (time !== null && time > tally.floor) newest.set(identifier, time);
  }
  let { floor } = tally;
  if (newest.size > 4 * NEWEST) {
    const kept = [...newest.values()].sort().reverse();
    floor = kept[NEWEST] ?? floor;
    for (const [identifier, time] of newest) if (time <= floor) newest.delete(identifier);
  }
  const next = { ...tally, rows: tally.rows + rows, timed: tally.timed + timed, floor, newest };
  if (newest.size > 0 || next.timed === 0 || floor !== tally.floor) return next;
  // Whether any is left that has the time of the floor is known where none has left it.
  return tally.newest.size === 0 && moves === null ? next : null;
}
