/** Timers: values of timer properties that wait, and those that have fired. Everything works on sets. */
import { sql } from "kysely";
import type { Entity } from "../model/entity.ts";
import type { Timer } from "../model/timer-fold.ts";
import type { Db } from "./db.ts";
import { ENTITY_COLUMNS, type EntityRow, toEntity } from "./entities.ts";

interface Row {
  readonly blueprint: string;
  readonly identifier: string;
  readonly property: string;
  readonly value: string;
  readonly due_at: string | Date;
  readonly fired_at: string | Date | null;
}

const toTimer = ({ due_at, fired_at, ...row }: Row): Timer => ({
  ...row,
  due: new Date(due_at).getTime(),
  hasFired: fired_at !== null,
});

type Place = Pick<Timer, "blueprint" | "identifier" | "property">;

/** Of the entities named, which the caller's transaction may change: one reader of the feed does. */
export async function readTimers(
  db: Db,
  org: string,
  entities: readonly Pick<Timer, "blueprint" | "identifier">[],
): Promise<Timer[]> {
  if (entities.length === 0) return [];
  const { rows } = await sql<Row>`
    select t.blueprint, t.identifier, t.property, t.value, t.due_at, t.fired_at
    from unnest(${entities.map((e) => e.blueprint)}::text[], ${entities.map((e) => e.identifier)}::text[])
      as k (blueprint, identifier)
    cross join lateral (
      select * from timer t where t.org = ${org} and t.blueprint = k.blueprint and t.identifier = k.identifier
      offset 0 for update) t`.execute(db);
  return rows.map(toTimer);
}

export async function putTimers(db: Db, org: string, timers: readonly Timer[], now: Date): Promise<void> {
  if (timers.length === 0) return;
  const rows = timers.map(({ due, ...timer }) => ({ ...timer, due_at: new Date(due).toISOString() }));
  await sql`
    insert into timer (org, blueprint, identifier, property, value, due_at, fired_at)
    select ${org}, r.blueprint, r.identifier, r.property, r.value, r.due_at,
      case when r."hasFired" then ${now.toISOString()}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (blueprint text, identifier text, property text, value text, due_at timestamptz, "hasFired" boolean)
    order by r.blueprint, r.identifier, r.property
    on conflict (org, blueprint, identifier, property) do update
      set value = excluded.value, due_at = excluded.due_at, fired_at = excluded.fired_at`.execute(db);
}

export async function removeTimers(db: Db, org: string, places: readonly Place[]): Promise<void> {
  if (places.length === 0) return;
  await sql`
    delete from timer t using jsonb_to_recordset(${JSON.stringify(places)}::jsonb)
      as r (blueprint text, identifier text, property text)
    where t.org = ${org} and t.blueprint = r.blueprint and t.identifier = r.identifier and t.property = r.property`.execute(
    db,
  );
}

export interface DueTimer {
  readonly timer: Timer;
  readonly entity: Entity;
}

/**
 * Timers that have passed, locked, with their entities; of another process none twice. Where the entity has another value
 * already, the change that gave it says when, and decides.
 */
export async function takeDueTimers(db: Db, org: string, now: Date, limit: number): Promise<DueTimer[]> {
  const { rows } = await sql<{ timer: Row; entity: EntityRow }>`
    with due as materialized (
      select * from timer t where t.org = ${org} and t.fired_at is null and t.due_at <= ${now.toISOString()}::timestamptz
        and exists (select 1 from entity e where e.org = t.org and e.blueprint = t.blueprint
          and e.identifier = t.identifier and e.properties ->> t.property = t.value)
      order by t.due_at limit ${limit}::int for update skip locked),
    fired as (
      update timer t set fired_at = ${now.toISOString()}::timestamptz from due d
      where t.org = d.org and t.blueprint = d.blueprint and t.identifier = d.identifier and t.property = d.property)
    select to_jsonb(d) - 'org' as timer, (select to_jsonb(x) from (select ${ENTITY_COLUMNS}) x) as entity
    from due d join entity e on e.org = d.org and e.blueprint = d.blueprint and e.identifier = d.identifier
    order by d.due_at, d.blueprint, d.identifier, d.property`.execute(db);
  return rows.map(({ timer, entity }) => ({ timer: toTimer(timer), entity: toEntity(entity) }));
}

/** When the next timer passes; null: none waits. */
export async function nextTimer(db: Db, org: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(due_at) as at from timer where org = ${org} and fired_at is null`.execute(db);
  return rows[0]?.at ?? null;
}

/**
 * After a change of the definition: timers of properties that are none any more go; values of entities that wait are armed.
 * What passed before the property was a timer is no news. A value that differs from the armed one was written meanwhile.
 */
export async function syncTimers(
  db: Db,
  org: string,
  blueprint: string,
  properties: readonly string[],
  at: Date,
): Promise<void> {
  await sql`delete from timer where org = ${org} and blueprint = ${blueprint} and property <> all(${[...properties]}::text[])`.execute(
    db,
  );
  if (properties.length === 0) return;
  await sql`
    insert into timer (org, blueprint, identifier, property, value, due_at)
    select e.org, e.blueprint, e.identifier, p.id, e.properties ->> p.id, as_instant(e.properties ->> p.id)
    from entity e cross join unnest(${[...properties]}::text[]) as p (id)
    left join timer t on t.org = e.org and t.blueprint = e.blueprint and t.identifier = e.identifier and t.property = p.id
    where e.org = ${org} and e.blueprint = ${blueprint} and as_instant(e.properties ->> p.id) is not null
      and case when t.value is null then as_instant(e.properties ->> p.id) > ${at.toISOString()}::timestamptz
        else t.value <> e.properties ->> p.id end
    order by e.identifier, p.id
    on conflict (org, blueprint, identifier, property) do update
      set value = excluded.value, due_at = excluded.due_at, fired_at = null`.execute(db);
}

export async function renameTimers(db: Db, org: string, from: string, to: string): Promise<void> {
  await sql`update timer set blueprint = ${to} where org = ${org} and blueprint = ${from}`.execute(db);
}
