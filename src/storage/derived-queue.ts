/**
 * Entities whose derived values have to be computed again, by unit. The discipline is that of queue.ts: marking again
 * coalesces and raises the ticket, a lease token is checked when values are written and when a row is settled. Unlike a
 * job, a row stays when the clock will change the value.
 */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { currentTrace } from "../tracing/span.ts";
import type { Db } from "./db.ts";
import type { Sql } from "./search-values.ts";

export interface DirtyUnit {
  readonly blueprint: string;
  readonly unit: string;
  readonly level: number;
}

export interface Dirty {
  readonly identifier: string;
  readonly ticket: number;
  readonly attempts: number;
  /** Everything has to be read again; otherwise what waits of changes is enough. */
  readonly isWhole: boolean;
  /** What marked it, as a trace. */
  readonly trace?: string | null;
}

export interface Batch extends DirtyUnit {
  readonly token: string;
  readonly rows: readonly Dirty[];
}

/** All of these is to be read again. @param identifiers selects `id` */
export async function markDirty(
  db: Db,
  org: string,
  { blueprint, unit, level }: DirtyUnit,
  identifiers: Sql,
  at: Date,
): Promise<void> {
  // In order, so that two that mark the same rows lock them in the same order.
  await sql`
    insert into derived_dirty (org, blueprint, unit, identifier, level, run_at, whole, trace)
    select ${org}, ${blueprint}, ${unit}, w.id, ${level}::int, ${at.toISOString()}::timestamptz, 1,
      ${currentTrace()}::text
    from (select distinct id from (${identifiers}) w where id is not null) w order by w.id
    on conflict (org, blueprint, unit, identifier) do update set ticket = derived_dirty.ticket + 1,
      whole = derived_dirty.ticket + 1, level = excluded.level, run_at = least(derived_dirty.run_at, excluded.run_at),
      attempts = 0, trace = coalesce(excluded.trace, derived_dirty.trace)`.execute(db);
}

/** For these, changes wait (derived-state.ts). */
export async function markChanged(
  db: Db,
  org: string,
  { blueprint, unit, level }: DirtyUnit,
  identifiers: readonly string[],
  at: Date,
): Promise<void> {
  if (identifiers.length === 0) return;
  await sql`
    insert into derived_dirty (org, blueprint, unit, identifier, level, run_at, trace)
    select ${org}, ${blueprint}, ${unit}, w.id, ${level}::int, ${at.toISOString()}::timestamptz,
      ${currentTrace()}::text
    from unnest(${[...new Set(identifiers)].sort()}::text[]) w (id)
    on conflict (org, blueprint, unit, identifier) do update set ticket = derived_dirty.ticket + 1,
      level = excluded.level, run_at = least(derived_dirty.run_at, excluded.run_at), attempts = 0,
      trace = coalesce(excluded.trace, derived_dirty.trace)`.execute(db);
}

/** Levels that have rows, each found by a look at the index: rows may be many. */
const levelsOf = (org: string): Sql => sql`
    with recursive levels (level) as (
      select (select min(level) from derived_dirty where org = ${org})
      union all
      select (select min(d.level) from derived_dirty d where d.org = ${org} and d.level > l.level)
      from levels l where l.level is not null)`;

/** What waits for longer is late. */
const LATE_MS = 5000;

/**
 * Which unit goes first: the lowest level that has work, or before it what is late, the latest first. By turns, neither lower
 * levels, which may have work for as long as somebody writes, nor very many that are late keep the others waiting.
 */
export type Turn = "late" | "lowest";

/**
 * Takes up to `limit` rows of the most urgent unit, those that wait longest.
 * @param at the clock of the values; leases go by the database's
 */
export async function claimDirty(
  db: Db,
  org: string,
  at: Date,
  limit: (unit: string, isWhole: boolean) => number,
  leaseSeconds: number,
  turn: Turn = "late",
): Promise<Batch | null> {
  const due = sql`run_at <= ${at.toISOString()}::timestamptz and (lease_until is null or lease_until < now())`;
  const late = sql`${new Date(at.getTime() - LATE_MS).toISOString()}::timestamptz`;
  const lateFirst = sql`d.run_at > ${late}, case when d.run_at <= ${late} then d.run_at end, `;
  const head = await sql<DirtyUnit & { isWhole: boolean }>`${levelsOf(org)}
    select d.blueprint, d.unit, d.level, d.whole > 0 as "isWhole" from levels l cross join lateral (
      select blueprint, unit, level, whole, run_at from derived_dirty
      where org = ${org} and level = l.level and ${due} order by run_at limit 1 offset 0) d
    order by ${turn === "late" ? lateFirst : sql``} d.level limit 1`.execute(db);
  const [unit] = head.rows;
  if (unit === undefined) return null;
  const token = randomUUID();
  // In the order of their time: by identifier, those at the end would wait for ever while those at the beginning come again.
  // By their places in the table: it is rewritten all the time, so that the planner's idea of its size is worth nothing.
  const { rows } = await sql<Dirty>`
    update derived_dirty d set lease_token = ${token}, attempts = d.attempts + 1,
      lease_until = now() + make_interval(secs => ${leaseSeconds}::float8)
    where d.ctid = any(array(
      select ctid from derived_dirty
      where org = ${org} and level = ${unit.level}::int and blueprint = ${unit.blueprint} and unit = ${unit.unit} and ${due}
        and (whole > 0) = ${unit.isWhole}::boolean
      order by run_at limit ${limit(unit.unit, unit.isWhole)}::int for update skip locked))
    returning d.identifier, d.ticket, d.attempts, d.trace, d.whole > 0 as "isWhole"`.execute(db);
  return { ...unit, token, rows: rows.sort((a, b) => (a.identifier < b.identifier ? -1 : 1)) };
}

/** The batch is still at work: nobody else may have its rows for another `leaseSeconds`. */
export async function extendDirty(db: Db, org: string, batch: Batch, leaseSeconds: number): Promise<void> {
  await sql`update derived_dirty set lease_until = now() + make_interval(secs => ${leaseSeconds}::float8)
    where org = ${org} and blueprint = ${batch.blueprint} and unit = ${batch.unit} and lease_token = ${batch.token}`.execute(
    db,
  );
}

/** Identifiers of the batch that are still held, their rows locked until the transaction ends. */
export async function heldDirty(db: Db, org: string, batch: Batch): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ identifier: string }>`
    select identifier from derived_dirty
    where org = ${org} and blueprint = ${batch.blueprint} and unit = ${batch.unit} and lease_token = ${batch.token}
    order by identifier for update`.execute(db);
  return new Set(rows.map((row) => row.identifier));
}

export interface Settlement {
  readonly identifier: string;
  readonly ticket: number;
  /** When the clock changes the value; null: never. */
  readonly due: string | null;
}

/** `attempts` of what is up to date, and waits for the clock alone. */
const BY_CLOCK = sql.raw("-1");
export const isByClock = sql`attempts = ${BY_CLOCK}`;

/** Of a row: its entity is to be computed again, now or after a while. */
export function isWaiting(at: Date): Sql {
  return sql`(attempts <> ${BY_CLOCK} or run_at <= ${at.toISOString()}::timestamptz)`;
}

/** Ends what is done; what was marked again meanwhile is only given back. Call it while the rows are held (`heldDirty`). */
export async function settleDirty(
  db: Db,
  org: string,
  batch: Batch,
  settlements: readonly Settlement[],
): Promise<void> {
  if (settlements.length === 0) return;
  // Locked rows stay where they are, so each is looked up once, by the primary key, and then gone to.
  await sql`
    with held as materialized (
      select l.ctid as place, s.due, l.ticket = s.ticket as current, l.whole > s.ticket as whole
      from jsonb_to_recordset(${JSON.stringify(settlements)}::jsonb) as s (identifier text, ticket bigint, due timestamptz)
      cross join lateral (
        select d.ctid, d.ticket, d.whole from derived_dirty d
        where d.org = ${org} and d.blueprint = ${batch.blueprint} and d.unit = ${batch.unit}
          and d.identifier = s.identifier and d.lease_token = ${batch.token} offset 0) l),
    done as (
      delete from derived_dirty where ctid = any(array(select place from held where current and due is null)))
    update derived_dirty d set lease_token = null, lease_until = null,
      attempts = case when h.current then ${BY_CLOCK} else 0 end,
      run_at = case when h.current then h.due else d.run_at end,
      whole = case when h.whole then d.whole else 0 end, last_error = null,
      trace = case when h.current then null else d.trace end
    from held h
    where d.ctid = h.place and not (h.current and h.due is null)`.execute(db);
}

/**
 * Gives rows back to be done again.
 * @param again when to try, and why they could not be done; null: as soon as before
 */
export async function releaseDirty(
  db: Db,
  org: string,
  batch: Batch,
  identifiers: readonly string[],
  again: { readonly message: string | null; readonly at: Date } | null = null,
): Promise<void> {
  if (identifiers.length === 0) return;
  await sql`update derived_dirty set lease_token = null, lease_until = null,
      run_at = coalesce(${again?.at.toISOString() ?? null}::timestamptz, run_at),
      last_error = ${again?.message?.slice(0, 2000) ?? null}
    where org = ${org} and blueprint = ${batch.blueprint} and unit = ${batch.unit} and lease_token = ${batch.token}
      and identifier = any(${[...identifiers]}::text[])`.execute(db);
}

/** Gives back what a killed process held; only where no other process can be at work (the embedded database). */
export async function releaseDirtyLeases(db: Db): Promise<void> {
  await sql`update derived_dirty set lease_token = null, lease_until = null where lease_token is not null`.execute(
    db,
  );
}

/** How many wait or are at work, at most `cap`: also what is collected for a while, or is to be tried again later. */
export async function countDirty(db: Db, org: string, at: Date, cap: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from (
      select 1 from derived_dirty
      where org = ${org} and ${isWaiting(at)}
      limit ${cap}::int) t`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Since when, or from when on, something is to be computed; null: nothing. */
export async function nextDirty(db: Db, org: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`${levelsOf(org)}
    select min(d.run_at) as at from levels l cross join lateral (
      select run_at from derived_dirty where org = ${org} and level = l.level order by run_at limit 1 offset 0) d`.execute(
    db,
  );
  return rows[0]?.at ?? null;
}
