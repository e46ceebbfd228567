/** Reads what derived values are made of, and writes them. Everything works on sets. */
import { sql } from "kysely";
import { type Entity, type EntityKey, keyOf } from "../model/entity.ts";
import type { Db } from "./db.ts";
import { COLUMN_NAMES, ENTITY_COLUMNS, type EntityRow, toEntity } from "./entities.ts";
import { prepared } from "./prepared.ts";

export interface Versioned {
  readonly entity: Entity;
  /** Changes with every write of the row. */
  readonly version: string;
}

/** Each looked up by the primary key: see `entitiesOf` in entities.ts for `offset 0`. */
export async function readVersioned(
  db: Db,
  org: string,
  blueprint: string,
  identifiers: readonly string[],
): Promise<Versioned[]> {
  if (identifiers.length === 0) return [];
  const { rows } = await sql<{ j: string }>`
    select coalesce(json_agg(e), '[]')::text as j from unnest(${[...identifiers]}::text[]) as k (identifier)
    cross join lateral (
      select ${ENTITY_COLUMNS}, e.xmin::text as version from entity e
      where e.org = ${org} and e.blueprint = ${blueprint} and e.identifier = k.identifier offset 0) e`.execute(
    db,
  );
  const found = JSON.parse(rows[0]?.j ?? "[]") as (EntityRow & { version: string })[];
  return found.map((row) => ({ entity: toEntity(row), version: row.version }));
}

/** Properties, stored and derived, that are shown elsewhere. */
export interface ShownIds {
  readonly stored: readonly string[];
  readonly derived: readonly string[];
}

/** Of rows e what mirrors need; the parameters say which properties. */
export const shownColumns = (stored: string, derived: string): string =>
  `e.blueprint, e.identifier, e.title, e.icon, e.team, e.relations, e.datasource, e.created_at, e.created_by,
    e.updated_at, e.updated_by, e.changed_at, coalesce(${someOf("e.properties", stored)}, '{}') as properties,
    ${someOf("e.derived", derived)} as derived`;

const someOf = (column: string, ids: string): string =>
  `(select jsonb_object_agg(k, ${column} -> k) from unnest(${ids}::text[]) k where ${column} ? k)`;

const shownBy = prepared<{ j: string }>(
  "shown_entities",
  `select coalesce(json_agg(e), '[]')::text as j
  from unnest($2::text[], $3::text[]) as k (blueprint, identifier)
  cross join lateral (
    select ${shownColumns("$4", "$5")} from entity e
    where e.org = $1 and e.blueprint = k.blueprint and e.identifier = k.identifier offset 0) e`,
);

/** What mirrors need of an entity that they lead to or through; of its properties those that are shown. */
export async function readShown(
  db: Db,
  org: string,
  keys: readonly EntityKey[],
  shown: ShownIds,
): Promise<Entity[]> {
  if (keys.length === 0) return [];
  const [row] = await shownBy(
    db,
    org,
    keys.map((k) => k.blueprint),
    keys.map((k) => k.identifier),
    shown.stored,
    shown.derived,
  );
  return (JSON.parse(row?.j ?? "[]") as EntityRow[]).map(toEntity);
}

export interface DerivedWrite extends EntityKey {
  readonly version: string;
  /** null: none. */
  readonly derived: Readonly<Record<string, unknown>> | null;
  /** Its owners, which may be inherited. */
  readonly team: readonly string[];
}

/**
 * Writes the values of those that are still what they were computed from. Written as an upsert of locked rows, for its
 * look-ups always go by the primary key (see `updateEntities`).
 * @returns `keyOf` of what was written
 */
export async function writeDerived(
  db: Db,
  org: string,
  writes: readonly DerivedWrite[],
): Promise<ReadonlySet<string>> {
  if (writes.length === 0) return new Set();
  const sorted = [...writes].sort((a, b) =>
    keyOf(a.blueprint, a.identifier) < keyOf(b.blueprint, b.identifier) ? -1 : 1,
  );
  const { rows } = await sql<EntityKey>`
    with locked as materialized (
      select e.* from jsonb_to_recordset(${JSON.stringify(sorted)}::jsonb)
        as r (blueprint text, identifier text, version text, derived jsonb, team text[])
      cross join lateral (
        select e.org, e.blueprint, e.identifier, e.title, e.icon, r.team, e.properties, e.relations,
          nullif(r.derived, 'null') as derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by,
          e.changed_at
        from entity e
        where e.org = ${org} and e.blueprint = r.blueprint and e.identifier = r.identifier
          and e.xmin::text = r.version offset 0 for no key update) e)
    insert into entity (org, ${sql.raw(COLUMN_NAMES)}) select org, ${sql.raw(COLUMN_NAMES)} from locked
    on conflict (org, blueprint, identifier) do update set derived = excluded.derived, team = excluded.team
    returning blueprint, identifier`.execute(db);
  return new Set(rows.map((row) => keyOf(row.blueprint, row.identifier)));
}
