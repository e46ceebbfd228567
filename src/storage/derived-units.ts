/** How far the latest definitions of derived properties have been applied to what was there before them. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { type DirtyUnit, isWaiting, markDirty } from "./derived-queue.ts";
import type { Sql } from "./search-values.ts";

export interface StoredUnit extends DirtyUnit {
  readonly hash: string;
}

/** New and changed units are to be rebuilt; those that are gone leave nothing behind. @returns how many */
export async function syncUnits(
  db: Db,
  org: string,
  units: readonly StoredUnit[],
  at: Date,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with wanted as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(units)}::jsonb) as u (blueprint text, unit text, hash text)),
    gone as (
      delete from derived_unit d where d.org = ${org}
        and not exists (select 1 from wanted w where w.blueprint = d.blueprint and w.unit = d.unit)),
    undone as (
      delete from derived_dirty d where d.org = ${org} and d.unit not like 'spread %'
        and not exists (select 1 from wanted w where w.blueprint = d.blueprint and w.unit = d.unit)),
    unstated as (
      delete from derived_state d where d.org = ${org}
        and not exists (select 1 from wanted w where w.blueprint = d.blueprint and w.unit = d.unit)),
    unchanged as (
      delete from derived_delta d where d.org = ${org}
        and not exists (select 1 from wanted w where w.blueprint = d.blueprint and w.unit = d.unit)),
    changed as (
      insert into derived_unit as d (org, blueprint, unit, hash, total, started_at)
      select ${org}, w.blueprint, w.unit, w.hash,
        (select count(*) from entity e where e.org = ${org} and e.blueprint = w.blueprint), ${at.toISOString()}::timestamptz
      from wanted w
      where not exists (select 1 from derived_unit d
        where d.org = ${org} and d.blueprint = w.blueprint and d.unit = w.unit and d.hash = w.hash)
      order by w.blueprint, w.unit
      on conflict (org, blueprint, unit) do update set hash = excluded.hash, requested = d.requested + 1,
        total = excluded.total, marked = 0, marked_to = null, is_marked = false, marked_at = null, again = false,
        started_at = excluded.started_at, finished_at = null
      returning 1)
    select count(*)::int as n from changed`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Of the latest definitions that any process applies; null: they do not have the unit. */
export async function readUnitHash(
  db: Db,
  org: string,
  { blueprint, unit }: { readonly blueprint: string; readonly unit: string },
): Promise<string | null> {
  const { rows } = await sql<{ hash: string }>`
    select hash from derived_unit where org = ${org} and blueprint = ${blueprint} and unit = ${unit}`.execute(
    db,
  );
  return rows[0]?.hash ?? null;
}

/** Whether a new definition of the unit has not reached all entities yet. */
export async function isRebuilding(
  db: Db,
  org: string,
  { blueprint, unit }: { readonly blueprint: string; readonly unit: string },
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from derived_unit where org = ${org} and blueprint = ${blueprint} and unit = ${unit}
      and finished_at is null`.execute(db);
  return rows.length > 0;
}

/** Whether these definitions, and no earlier ones, have reached all entities. */
export async function areApplied(
  db: Db,
  org: string,
  units: readonly Pick<StoredUnit, "blueprint" | "unit" | "hash">[],
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from jsonb_to_recordset(${JSON.stringify(units)}::jsonb) as w (blueprint text, unit text, hash text)
    where not exists (select 1 from derived_unit d where d.org = ${org} and d.blueprint = w.blueprint
      and d.unit = w.unit and d.hash = w.hash and d.finished_at is not null) limit 1`.execute(db);
  return rows.length === 0;
}

/** Everything of the units is to be computed again; where entities are being marked, once more after that. */
export async function requestRebuild(
  db: Db,
  org: string,
  units: readonly { readonly blueprint: string; readonly unit: string }[],
  at: Date,
): Promise<void> {
  if (units.length === 0) return;
  await sql`
    update derived_unit d set requested = d.requested + 1, is_marked = false, marked_at = null,
      again = not d.is_marked and d.marked_to is not null,
      marked = case when d.is_marked then 0 else d.marked end,
      marked_to = case when d.is_marked then null else d.marked_to end,
      total = (select count(*) from entity e where e.org = ${org} and e.blueprint = d.blueprint),
      started_at = ${at.toISOString()}::timestamptz, finished_at = null
    from jsonb_to_recordset(${JSON.stringify(units)}::jsonb) as w (blueprint text, unit text)
    where d.org = ${org} and d.blueprint = w.blueprint and d.unit = w.unit`.execute(db);
}

/**
 * Rows `d` of units `u` that have their place from a rebuild. What is marked after the last entity was is of other
 * changes: under steady writes there is always some.
 */
function isOfRebuild(at: Date, others = sql`false`): Sql {
  return sql`d.org = u.org and d.blueprint = u.blueprint and d.unit = u.unit and ${isWaiting(at)}
    and (d.run_at <= coalesce(u.marked_at, ${at.toISOString()}::timestamptz) or ${others})`;
}

/** With those that could not be computed and wait for their next attempt. */
function isUndone(at: Date): Sql {
  return isOfRebuild(at, sql`d.last_error is not null`);
}

export interface RebuildProgress {
  /** Entities of rebuilds that wait or are at work, not those that fail, counted up to the cap. */
  readonly waiting: number;
  /** Every entity of every rebuild has been marked. */
  readonly isMarked: boolean;
  readonly isFinished: boolean;
}

export async function rebuildProgress(db: Db, org: string, at: Date, cap: number): Promise<RebuildProgress> {
  const { rows } = await sql<RebuildProgress>`
    select u."isMarked", u."isFinished", case when u."isFinished" then 0 else (select count(*)::int from (
        select 1 from derived_unit u cross join lateral (
          select 1 from derived_dirty d where ${isOfRebuild(at)} offset 0) d
        where u.org = ${org} and u.finished_at is null limit ${cap}::int) t) end as waiting
    from (select not exists (select 1 from derived_unit where org = ${org} and not is_marked) as "isMarked",
      not exists (select 1 from derived_unit where org = ${org} and finished_at is null) as "isFinished" offset 0) u`.execute(
    db,
  );
  return rows[0] ?? { waiting: 0, isMarked: true, isFinished: true };
}

/** Marks the next entities of a rebuild, in a transaction. @returns false when there is none to go on with */
export async function markNext(
  db: Db,
  org: string,
  levelOf: (blueprint: string, unit: string) => number | null,
  limit: number,
  at: Date,
): Promise<boolean> {
  const { rows } = await sql<{ blueprint: string; unit: string; marked_to: string | null }>`
    select blueprint, unit, marked_to from derived_unit d where org = ${org} and not is_marked
    order by started_at, blueprint, unit limit 200 for update skip locked`.execute(db);
  const known = rows
    .flatMap((row) => {
      const level = levelOf(row.blueprint, row.unit);
      return level === null ? [] : [{ ...row, level }];
    })
    .sort((a, b) => a.level - b.level);
  const [next] = known;
  if (next === undefined) return false;
  const page = await sql<{ id: string }>`
    select identifier as id from entity where org = ${org} and blueprint = ${next.blueprint}
      and ${next.marked_to === null ? sql`true` : sql`identifier > ${next.marked_to}`}
    order by identifier limit ${limit}::int`.execute(db);
  const ids = page.rows.map((row) => row.id);
  await markDirty(db, org, next, sql`select id from unnest(${ids}::text[]) t (id)`, at);
  const isLast = ids.length < limit;
  await sql`
    update derived_unit set marked = case when ${isLast} and again then 0 else marked + ${ids.length}::int end,
      marked_to = case when ${isLast} and again then null else ${ids.at(-1) ?? next.marked_to}::text end,
      is_marked = ${isLast} and not again, again = again and not ${isLast},
      marked_at = case when ${isLast} and not again then ${at.toISOString()}::timestamptz end,
      total = greatest(total, marked + ${ids.length}::int)
    where org = ${org} and blueprint = ${next.blueprint} and unit = ${next.unit}`.execute(db);
  return true;
}

/** Ends the rebuilds of which nothing is left to do. */
export async function finishRebuilds(db: Db, org: string, at: Date): Promise<void> {
  await sql`
    update derived_unit u set finished_at = ${at.toISOString()}::timestamptz
    where u.org = ${org} and u.is_marked and u.finished_at is null
      and not exists (select 1 from derived_dirty d where ${isUndone(at)})`.execute(db);
}

export interface UnitState {
  readonly blueprint: string;
  readonly unit: string;
  readonly total: number;
  /** Entities of the rebuild that are done. */
  readonly done: number;
  readonly startedAt: Date;
  /** null: under way. */
  readonly finishedAt: Date | null;
  /** Entities that wait to be computed again. */
  readonly pending: number;
  /** Those of them that could not be computed, and are tried again. */
  readonly failing: number;
}

export async function readUnits(db: Db, org: string, blueprint: string, at: Date): Promise<UnitState[]> {
  const { rows } = await sql<UnitState & { marked: number; undone: number }>`
    select u.blueprint, u.unit, u.total, u.marked, u.started_at as "startedAt", u.finished_at as "finishedAt",
      n.pending, n.failing, n.undone
    from derived_unit u cross join lateral (
      select count(*)::int as pending, (count(*) filter (where d.last_error is not null))::int as failing,
        (count(*) filter (where ${isUndone(at)}))::int as undone
      from derived_dirty d
      where d.org = u.org and d.blueprint = u.blueprint and d.unit = u.unit and ${isWaiting(at)}) n
    where u.org = ${org} and u.blueprint = ${blueprint}`.execute(db);
  return rows.map(({ marked, undone, ...row }) => ({
    ...row,
    done: row.finishedAt === null ? Math.max(0, marked - undone) : row.total,
  }));
}

/** Of the entities of all units, the part that no rebuild has still to compute: 0 to 1. */
export async function allRebuilt(db: Db, org: string, at: Date): Promise<number> {
  const { rows } = await sql<{ part: number | null }>`
    select (sum(case when u.finished_at is null then least(u.total, greatest(0, u.marked - n.undone)) else u.total end)
      / nullif(sum(u.total), 0))::float8 as part
    from derived_unit u cross join lateral (
      select count(*) as undone from derived_dirty d
      where u.finished_at is null and ${isUndone(at)}) n
    where u.org = ${org}`.execute(db);
  return rows[0]?.part ?? 1;
}

/** Units whose rebuild is not done. */
export async function countRebuilding(db: Db, org: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from derived_unit where org = ${org} and finished_at is null`.execute(db);
  return rows[0]?.n ?? 0;
}

export interface ErrorCount {
  readonly property: string;
  readonly count: number;
  readonly identifier: string;
  readonly message: string;
}

/** Calculations that fail, with the first entity by identifier as an example. Reads the blueprint. */
export async function countErrors(db: Db, org: string, blueprint: string): Promise<ErrorCount[]> {
  const { rows } = await sql<ErrorCount>`
    select x.key as property, count(*)::int as count, min(e.identifier) as identifier,
      (array_agg(x.value order by e.identifier))[1] as message
    from entity e cross join lateral jsonb_each_text(e.derived -> '$errors') x
    where e.org = ${org} and e.blueprint = ${blueprint} and e.derived ? '$errors'
    group by x.key`.execute(db);
  return rows;
}
