/** Moves of entities between the levels of scorecards: written behind the change feed, read as lists and as flows. */
import { sql } from "kysely";
import type { EntityKey } from "../model/entity.ts";
import type { Db } from "./db.ts";
import type { Sql } from "./search-values.ts";

export interface LevelMove extends EntityKey {
  readonly scorecard: string;
  readonly at: Date;
  /** When the entity came. */
  readonly since: Date;
  /** null: none. */
  readonly before: string | null;
  readonly after: string | null;
  /** Rules whose result is another. */
  readonly turned: readonly string[];
}

const COLUMNS = sql.raw("org, blueprint, identifier, scorecard, at, since, before, after, turned");
const FIELDS = sql.raw(
  "blueprint text, identifier text, scorecard text, at timestamptz, since timestamptz, before text, after text, turned text[]",
);
/** Two moves within a millisecond are one. */
const MERGE = sql`on conflict (org, blueprint, identifier, scorecard, at, since) do update set after = excluded.after,
  turned = array(select distinct u from unnest(h.turned || excluded.turned) u order by u)`;

/** A statement may not touch a row twice. */
function records(moves: readonly LevelMove[]): Sql {
  const kept = new Map<string, LevelMove>();
  for (const move of moves) {
    const key = JSON.stringify([move.blueprint, move.identifier, move.scorecard, move.at, move.since]);
    const known = kept.get(key);
    const turned = [...new Set([...(known?.turned ?? []), ...move.turned])].sort();
    kept.set(key, known === undefined ? move : { ...known, after: move.after, turned });
  }
  const rows = [...kept].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, move]) => move);
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (${FIELDS})`;
}

/** Repeatable: a move that is there already stays one. @param moves of one entity in the order of their times */
export async function keepMoves(db: Db, org: string, moves: readonly LevelMove[]): Promise<void> {
  if (moves.length === 0) return;
  await sql`insert into level_history as h (${COLUMNS}) select ${org}, r.* from ${records(moves)} ${MERGE}`.execute(
    db,
  );
}

/** Entities that came: something to say only where earlier ones had the name. */
export async function keepFirstLevels(db: Db, org: string, moves: readonly LevelMove[]): Promise<void> {
  if (moves.length === 0) return;
  await sql`
    insert into level_history as h (${COLUMNS}) select ${org}, r.* from ${records(moves)}
    where exists (select 1 from level_history k where k.org = ${org} and k.blueprint = r.blueprint
      and k.identifier = r.identifier and k.scorecard = r.scorecard) ${MERGE}`.execute(db);
}

/**
 * Moves follow their entity, which is known by when it came: others may have had the same names before and since, and the feed is read
 * behind what is written without it.
 */
export async function renameMoves(
  db: Db,
  org: string,
  { blueprint, identifier }: EntityKey,
  since: Date,
  to: string,
): Promise<void> {
  await sql`
    with moved as (
      delete from level_history where org = ${org} and blueprint = ${blueprint} and identifier = ${identifier}
        and since = ${since.toISOString()}::timestamptz returning *)
    insert into level_history as h (${COLUMNS})
    select org, blueprint, ${to}, scorecard, at, since, before, after, turned from moved ${MERGE}`.execute(
    db,
  );
}

/**
 * A scorecard got another identifier, or is gone (null). What came later is of another one that has the name since.
 * @param at when
 */
export async function renameScorecardMoves(
  db: Db,
  org: string,
  { blueprint, from, to, at }: { blueprint: string; from: string; to: string | null; at: Date },
): Promise<void> {
  const gone = sql`delete from level_history where org = ${org} and blueprint = ${blueprint} and scorecard = ${from}
    and at <= ${at.toISOString()}::timestamptz`;
  if (to === null) await gone.execute(db);
  else
    await sql`
      with moved as (${gone} returning *)
      insert into level_history as h (${COLUMNS})
      select org, blueprint, identifier, ${to}, at, since, before, after, turned from moved ${MERGE}`.execute(
      db,
    );
}

/** @returns true when there may be more */
export async function forgetMoves(db: Db, org: string, before: Date, limit: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from level_history where org = ${org} and ctid = any(array(
      select ctid from level_history where org = ${org} and at < ${before.toISOString()}::timestamptz
      order by at limit ${limit}::int))`.execute(db);
  return Number(numAffectedRows ?? 0) >= limit;
}

/** What may be seen: a condition on the entity `e`, with the definitions that it needs. null: everything. */
export interface Seen {
  readonly withClause: Sql;
  readonly where: Sql;
}

export interface MovesAsked {
  readonly blueprint: string;
  readonly scorecard: string;
  readonly entity: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
  /** Only those whose level is another; otherwise results of rules, too. */
  readonly onlyLevels: boolean;
  /** Behind this one, newest first. */
  readonly after: { readonly at: string; readonly identifier: string } | null;
  readonly limit: number;
}

export interface MoveRow {
  readonly identifier: string;
  /** null: without a title, or gone. */
  readonly title: string | null;
  readonly exists: boolean;
  /** To the microsecond. */
  readonly at: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly turned: readonly string[];
}

/** Another one that has the name now is somebody else's, perhaps. */
const IS_OF = sql.raw(
  "e.org = h.org and e.blueprint = h.blueprint and e.identifier = h.identifier and e.created_at = h.since",
);

const time = (at: Date | null, usual: string): Sql => sql`${at?.toISOString() ?? usual}::timestamptz`;

/** Newest first. */
export async function readMoves(
  db: Db,
  org: string,
  asked: MovesAsked,
  seen: Seen | null,
): Promise<readonly MoveRow[]> {
  const { after } = asked;
  const { rows } = await sql<MoveRow>`
    ${seen?.withClause ?? sql``}select h.identifier, e.title, e.identifier is not null as exists, h.at::text as at, h.before, h.after, h.turned
    from level_history h
    left join entity e on ${IS_OF}
    where h.org = ${org} and h.blueprint = ${asked.blueprint} and h.scorecard = ${asked.scorecard}
      and (${asked.entity}::text is null or h.identifier = ${asked.entity})
      and h.at >= ${time(asked.from, "-infinity")} and h.at < ${time(asked.to, "infinity")}
      and ${asked.onlyLevels ? sql`h.before is distinct from h.after` : sql`true`}
      and ${after === null ? sql`true` : sql`(h.at, h.identifier) < (${after.at}::timestamptz, ${after.identifier})`}
      and ${seen === null ? sql`true` : sql`e.identifier is not null and ${seen.where}`}
    order by h.at desc, h.identifier desc limit ${asked.limit}::int`.execute(db);
  return rows;
}

export interface LevelNow {
  /** Index of the time before which the entity had come; as many as there are times: after the last. */
  readonly since: number;
  readonly level: string | null;
  readonly count: number;
}

export interface LevelFlow {
  /** Index of the time before which it happened. */
  readonly at: number;
  readonly since: number;
  readonly before: string | null;
  readonly after: string | null;
  readonly count: number;
}

/** How many entities have each level now, and who moved between the times: from these follows what was at each of them. */
export async function readFlows(
  db: Db,
  org: string,
  { blueprint, scorecard }: { readonly blueprint: string; readonly scorecard: string },
  times: readonly Date[],
  seen: Seen | null,
): Promise<{ readonly now: readonly LevelNow[]; readonly flows: readonly LevelFlow[] }> {
  const edges = sql`${times.map((at) => at.toISOString())}::text[]::timestamptz[]`;
  const first = times[0]?.toISOString() ?? new Date(0).toISOString();
  const visible = seen === null ? sql`true` : seen.where;
  const now = await sql<LevelNow>`
    ${seen?.withClause ?? sql``}select width_bucket(e.created_at, ${edges}) as since,
      e.derived #>> array['$scorecards', ${scorecard}, 'l']::text[] as level, count(*)::int as count
    from entity e where e.org = ${org} and e.blueprint = ${blueprint} and ${visible} group by 1, 2`.execute(
    db,
  );
  const flows = await sql<LevelFlow>`
    ${seen?.withClause ?? sql``}select width_bucket(h.at, ${edges}) as at, width_bucket(h.since, ${edges}) as since,
      h.before, h.after, count(*)::int as count
    from level_history h
    ${seen === null ? sql`` : sql`join entity e on ${IS_OF} and ${visible}`}
    where h.org = ${org} and h.blueprint = ${blueprint} and h.scorecard = ${scorecard}
      and h.at >= ${first}::timestamptz and h.before is distinct from h.after
    group by 1, 2, 3, 4`.execute(db);
  return { now: now.rows, flows: flows.rows };
}
