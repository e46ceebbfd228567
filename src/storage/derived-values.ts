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

/** What is shown elsewhere: properties, stored and derived, and whether titles, times and the like are. */
export interface ShownIds {
  readonly stored: readonly string[];
  readonly derived: readonly string[];
  readonly metas: boolean;
}

/** Of rows e what mirrors need; the parameters say which properties. @param metas also what no way and few mirrors need */
export const shownColumns = (stored: string, derived: string, metas: boolean): string =>
  `e.blueprint, e.identifier, e.team, e.relations, ${someOf("e.properties", stored)} as properties,
    ${someOf("e.derived", derived)} as derived${
      metas
        ? ", e.title, e.icon, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at"
        : ""
    }`;

const someOf = (column: string, ids: string): string =>
  `(select jsonb_object_agg(k, ${column} -> k) from unnest(${ids}::text[]) k where ${column} ? k)`;

/** Of what is not read. */
const UNREAD: Omit<EntityRow, "blueprint" | "identifier" | "team" | "relations" | "properties" | "derived"> =
  {
    ...{ title: null, icon: null, datasource: null, changed_at: null },
    ...{ created_at: "", created_by: "", updated_at: "", updated_by: "" },
  };

/** A row of `shownColumns`, as JSON, as an entity with what mirrors need. */
export function toShown(row: unknown): Entity {
  const shown = row as Partial<EntityRow> &
    Pick<EntityRow, "blueprint" | "identifier" | "team" | "relations" | "derived">;
  return toEntity({ ...UNREAD, ...shown, properties: shown.properties ?? {} });
}

const shownBy = (metas: boolean) =>
  prepared<{ j: string }>(
    metas ? "shown_entities_whole" : "shown_entities",
    `select coalesce(json_agg(e), '[]')::text as j
  from unnest($2::text[], $3::text[]) as k (blueprint, identifier)
  cross join lateral (
    select ${shownColumns("$4", "$5", metas)} from entity e
    where e.org = $1 and e.blueprint = k.blueprint and e.identifier = k.identifier offset 0) e`,
  );
const readSome = { whole: shownBy(true), part: shownBy(false) };

/** What mirrors need of an entity that they lead to or through; of its properties those that are shown. */
export async function readShown(
  db: Db,
  org: string,
  keys: readonly EntityKey[],
  { stored, derived, metas }: ShownIds,
): Promise<Entity[]> {
  if (keys.length === 0) return [];
  const [row] = await readSome[metas ? "whole" : "part"](
    db,
    org,
    keys.map((k) => k.blueprint),
    keys.map((k) => k.identifier),
    stored,
    derived,
  );
  return (JSON.parse(row?.j ?? "[]") as unknown[]).map(toShown);
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
