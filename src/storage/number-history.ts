/** What numbers of entities were at past moments (data-model.md §7.3): kept as changes, bounded by quarters of an hour. */
import { sql } from "kysely";
import type { EntityKey } from "../model/entity.ts";
import type { Db } from "./db.ts";
import type { Sql } from "./search-values.ts";

export interface NumberChange extends EntityKey {
  readonly property: string;
  readonly at: Date;
  /** null: no number. */
  readonly before: number | null;
  readonly after: number | null;
}

const SLOT_MS = 900_000;

const slotOf = (at: number): string => new Date(Math.floor(at / SLOT_MS) * SLOT_MS).toISOString();

interface Kept extends EntityKey {
  readonly property: string;
  readonly slot: string;
  readonly before: number | null;
  readonly first_at: string;
  readonly after: number | null;
  readonly last_at: string;
}

/** Several changes within a slot become one; the last in the list is the latest. */
function merged(changes: readonly NumberChange[]): Kept[] {
  const kept = new Map<string, Kept>();
  for (const { blueprint, identifier, property, at, before, after } of changes) {
    const slot = slotOf(at.getTime());
    const key = JSON.stringify([blueprint, identifier, property, slot]);
    const time = at.toISOString();
    const known = kept.get(key) ?? { before, first_at: time };
    kept.set(key, { ...{ blueprint, identifier, property, slot, after }, ...known, after, last_at: time });
  }
  return [...kept.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

const MERGE = sql`on conflict (org, blueprint, identifier, property, slot) do update set
  before = case when excluded.first_at < h.first_at then excluded.before else h.before end,
  after = case when excluded.last_at >= h.last_at then excluded.after else h.after end,
  first_at = least(h.first_at, excluded.first_at), last_at = greatest(h.last_at, excluded.last_at)`;
const COLUMNS = sql.raw("org, blueprint, identifier, property, slot, before, first_at, after, last_at");
const FIELDS = sql.raw(
  "blueprint text, identifier text, property text, slot timestamptz, before float8, first_at timestamptz, after float8, last_at timestamptz",
);

function records(kept: readonly Kept[]): Sql {
  return sql`jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) as r (${FIELDS})`;
}

/** @param changes of one entity in the order of their times */
export async function keepNumbers(db: Db, org: string, changes: readonly NumberChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`insert into number_history as h (${COLUMNS}) select ${org}, r.* from ${records(merged(changes))} ${MERGE}`.execute(
    db,
  );
}

/** Entities that came: something to say only where earlier ones had the name. `before` is null. */
export async function keepBeginnings(db: Db, org: string, changes: readonly NumberChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`
    insert into number_history as h (${COLUMNS}) select ${org}, r.* from ${records(merged(changes))}
    where exists (select 1 from number_history k where k.org = ${org} and k.blueprint = r.blueprint
      and k.identifier = r.identifier and k.property = r.property) ${MERGE}`.execute(db);
}

/** Entities that went: what they were since they came, of which there may be no row, and that they are no more. */
export async function keepEnds(
  db: Db,
  org: string,
  ends: readonly { readonly change: NumberChange; readonly createdAt: Date }[],
): Promise<void> {
  if (ends.length === 0) return;
  const began = merged(
    ends.map(({ change, createdAt }) => ({ ...change, at: createdAt, before: null, after: change.before })),
  );
  await sql`
    insert into number_history as h (${COLUMNS})
    select ${org}, r.blueprint, r.identifier, r.property, r.slot, null, r.first_at,
      case when k.known then k.before else r.after end, r.last_at
    from ${records(began)} left join lateral (
      select k.before, true as known from number_history k
      where k.org = ${org} and k.blueprint = r.blueprint and k.identifier = r.identifier
        and k.property = r.property and k.slot >= r.slot order by k.slot limit 1) k on true
    on conflict (org, blueprint, identifier, property, slot) do update set
      before = null, first_at = least(h.first_at, excluded.first_at)`.execute(db);
  await keepNumbers(
    db,
    org,
    ends.map(({ change }) => change),
  );
}

/** History follows its entity; an earlier one that had the new name loses its own. @param at of the change */
export async function renameNumbers(
  db: Db,
  org: string,
  { blueprint, identifier }: EntityKey,
  to: string,
  at: Date,
): Promise<void> {
  const of = sql`org = ${org} and blueprint = ${blueprint}`;
  await sql`delete from number_history where ${of} and identifier = ${to} and last_at < ${at.toISOString()}::timestamptz`.execute(
    db,
  );
  await sql`
    with moved as (delete from number_history where ${of} and identifier = ${identifier} returning *)
    insert into number_history as h (${COLUMNS})
    select org, blueprint, ${to}, property, slot, before, first_at, after, last_at from moved ${MERGE}`.execute(
    db,
  );
}

/** What an earlier property of the new name left behind goes. */
export async function renameNumberProperty(
  db: Db,
  org: string,
  blueprint: string,
  from: string,
  to: string,
): Promise<void> {
  const of = sql`org = ${org} and blueprint = ${blueprint}`;
  await sql`delete from number_history where ${of} and property = ${to}`.execute(db);
  await sql`update number_history set property = ${to} where ${of} and property = ${from}`.execute(db);
}

/** @returns true when there may be more */
export async function forgetNumbers(db: Db, org: string, before: Date, limit: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    delete from number_history where (org, blueprint, identifier, property, slot) in (
      select org, blueprint, identifier, property, slot from number_history
      where org = ${org} and slot < ${slotOf(before.getTime())}::timestamptz order by slot limit ${limit}::int)`.execute(
    db,
  );
  return Number(numAffectedRows ?? 0) >= limit;
}

export interface NumberAt {
  readonly property: string;
  /** Index of the bucket in which it changed; after the end of the last: none of them. */
  readonly bucket: number;
  readonly before: number | null;
  readonly after: number | null;
}

/** The last change of each bucket, and `before` of the first of all: ascending. @param ends of the buckets, milliseconds */
export async function readNumbers(
  db: Db,
  org: string,
  { blueprint, identifier }: EntityKey,
  properties: readonly string[],
  ends: readonly number[],
): Promise<NumberAt[]> {
  const edges = sql`${ends.map((end) => new Date(end).toISOString())}::text[]::timestamptz[]`;
  const { rows } = await sql<NumberAt>`
    select distinct on (property, bucket) property, bucket, after,
      first_value(before) over (partition by property, bucket order by slot) as before
    from (
      select property, slot, before, after, width_bucket(slot, ${edges}) as bucket from number_history
      where org = ${org} and blueprint = ${blueprint} and identifier = ${identifier}
        and property = any(${[...properties]}::text[])) h
    order by property, bucket, slot desc`.execute(db);
  return rows;
}
