/**
 * States of aggregations, and changes that wait to be applied to them. A state holds everything that its snapshot sees;
 * a change is applied only where that does not see it, and goes in the transaction that writes the new state.
 */
import { sql } from "kysely";
import type { OwnValues } from "../model/fold-own.ts";
import type { FoldState } from "../model/fold-state.ts";
import type { Db } from "./db.ts";
import type { Sql } from "./search-values.ts";

/** Whose states. */
export interface StateUnit {
  readonly blueprint: string;
  readonly unit: string;
}

export interface RootState {
  /** Of the unit's definitions. */
  readonly hash: string;
  /** The time at which windows were looked at, milliseconds. */
  readonly clock: number;
  /** When the clock moves an entity into a window or out of it; null: never. */
  readonly next: number | null;
  readonly states: readonly FoldState[];
}

/**
 * An entity that came, went or changed, as one root sees it: the transaction of the change, when the clock moves it, what is
 * read of it before and after. null: it was not counted, or is no more.
 */
export type DeltaPart = readonly [
  xid: string,
  next: number | null,
  before: OwnValues | null,
  after: OwnValues | null,
];

/** Changes of one look at the change feed, as one root sees them. */
export interface Delta {
  readonly hash: string;
  readonly clock: number;
  /** Rows of earlier versions have none: of their roots all is read again. */
  readonly changes?: readonly DeltaPart[];
}

/** Of what waits for one root so much is read at once, bytes of JSON; of larger rows one. */
const PAGE_BYTES = 128 * 1024;
/** … and so many rows are looked at for it. */
const PAGE_ROWS = 64;

/** Some of the changes that wait for a root, in their order. */
export interface DeltaPage {
  /** As they are stored (`deltasOf`): reading those of many roots is not one long turn. */
  readonly text: string;
  readonly mayBeMore: boolean;
}

export interface StoredDelta {
  readonly id: number;
  readonly delta: Delta;
}

export function deltasOf({ text }: DeltaPage): readonly StoredDelta[] {
  return JSON.parse(text) as StoredDelta[];
}

export interface StoredState {
  readonly identifier: string;
  /** A `pg_snapshot`. */
  readonly asOf: string;
  /** As it is stored (`rootStateOf`). */
  readonly state: string;
  /** The first changes that wait. */
  readonly waiting: DeltaPage;
}

export function rootStateOf({ state }: StoredState): RootState {
  return JSON.parse(state) as RootState;
}

/** Selects the columns of a `DeltaPage`. */
function pageOf(org: string, { blueprint, unit }: StateUnit, identifier: Sql, after: number): Sql {
  return sql`
    select coalesce(json_agg(json_build_object('id', d.id, 'delta', d.delta) order by d.id)
        filter (where d.upto - d.size < ${sql.lit(PAGE_BYTES)}), '[]')::text as text,
      count(*) = ${sql.lit(PAGE_ROWS)} or coalesce(max(d.upto - d.size), 0) >= ${sql.lit(PAGE_BYTES)} as "mayBeMore"
    from (
      select id, delta, size, sum(size) over (order by id rows unbounded preceding) as upto from (
        select id, delta, octet_length(delta::text) as size from derived_delta
        where org = ${org} and blueprint = ${blueprint} and unit = ${unit} and identifier = ${identifier}
          and id > ${after}::bigint
        order by id limit ${sql.lit(PAGE_ROWS)}) w) d`;
}

/** States of the roots that have one, with what waits. */
export async function readStates(
  db: Db,
  org: string,
  of: StateUnit,
  identifiers: readonly string[],
): Promise<StoredState[]> {
  const { rows } = await sql<Omit<StoredState, "waiting"> & DeltaPage>`
    select s.identifier, s."asOf", s.state, w.text, w."mayBeMore" from unnest(${[...identifiers]}::text[]) k (identifier)
    cross join lateral (
      select s.identifier, s.as_of::text as "asOf", s.state::text as state from derived_state s
      where s.org = ${org} and s.blueprint = ${of.blueprint} and s.unit = ${of.unit} and s.identifier = k.identifier
      offset 0) s
    cross join lateral (${pageOf(org, of, sql`s.identifier`, 0)}) w`.execute(db);
  return rows.map(({ identifier, asOf, state, text, mayBeMore }) => ({
    ...{ identifier, asOf, state, waiting: { text, mayBeMore } },
  }));
}

/** What waits for the root after the delta. */
export async function readMoreDeltas(
  db: Db,
  org: string,
  of: StateUnit,
  identifier: string,
  after: number,
): Promise<DeltaPage> {
  const { rows } = await sql<DeltaPage>`${pageOf(org, of, sql`${identifier}`, after)}`.execute(db);
  return rows[0] ?? { text: "[]", mayBeMore: false };
}

export interface StateWrite {
  readonly identifier: string;
  readonly asOf: string;
  readonly state: RootState;
  /** Changes that are in it now; null: those that its snapshot sees for sure. Others of these are told from the rest when they are read. */
  readonly applied: readonly number[] | null;
}

/** Call in the transaction that holds the dirty rows of the roots. */
export async function writeStates(
  db: Db,
  org: string,
  { blueprint, unit }: StateUnit,
  writes: readonly StateWrite[],
): Promise<void> {
  if (writes.length === 0) return;
  const of = sql`d.org = ${org} and d.blueprint = ${blueprint} and d.unit = ${unit} and d.identifier = r.identifier`;
  const records = writes.map(({ identifier, asOf, state, applied }) => ({
    ...{ identifier, as_of: asOf, state, applied },
  }));
  await sql`
    with r as materialized (
      select * from json_to_recordset(${JSON.stringify(records)}::json)
        as r (identifier text, as_of pg_snapshot, state json, applied bigint[])),
    gone as (
      delete from derived_delta d using r where ${of}
        and case when r.applied is null then d.xid < pg_snapshot_xmin(r.as_of) else d.id = any(r.applied) end)
    insert into derived_state (org, blueprint, unit, identifier, as_of, state)
    select ${org}, ${blueprint}, ${unit}, r.identifier, r.as_of, r.state from r
    on conflict (org, blueprint, unit, identifier) do update set as_of = excluded.as_of, state = excluded.state`.execute(
    db,
  );
}

/** Of roots that are gone. */
export async function dropStates(
  db: Db,
  org: string,
  { blueprint, unit }: StateUnit,
  identifiers: readonly string[],
): Promise<void> {
  if (identifiers.length === 0) return;
  for (const table of ["derived_state", "derived_delta"] as const)
    await sql`delete from ${sql.table(table)} where org = ${org} and blueprint = ${blueprint} and unit = ${unit}
      and identifier = any(${[...identifiers]}::text[])`.execute(db);
}

/** Of roots for which more than so many rows wait: their states go, so that all is read again instead. */
export async function dropLongWaits(
  db: Db,
  org: string,
  { blueprint, unit }: StateUnit,
  identifiers: readonly string[],
  max: number,
): Promise<void> {
  const { rows } = await sql<{ identifier: string }>`
    select identifier from derived_delta
    where org = ${org} and blueprint = ${blueprint} and unit = ${unit} and identifier = any(${[...identifiers]}::text[])
    group by identifier having count(*) > ${max}::int`.execute(db);
  const long = rows.map((row) => row.identifier);
  await dropStates(db, org, { blueprint, unit }, long);
}
