/** Rows of entities. Everything works on sets, so that a batch is a constant number of statements. */
import { sql } from "kysely";
import { type Entity, type EntityKey, keyOf } from "../model/entity.ts";
import type { Db } from "./db.ts";

export interface EntityRow {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string | null;
  readonly icon: string | null;
  readonly team: string[];
  readonly properties: Record<string, unknown>;
  readonly relations: Record<string, string | string[]>;
  readonly datasource: string | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly updated_at: Date;
  readonly updated_by: string;
}

export const ENTITY_COLUMNS = sql.raw(
  "e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by",
);

export function toEntity(row: EntityRow): Entity {
  return {
    blueprint: row.blueprint,
    identifier: row.identifier,
    title: row.title,
    icon: row.icon,
    team: row.team,
    properties: row.properties,
    relations: row.relations,
    datasource: row.datasource,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}

/** `unnest` of two parallel arrays as rows k(blueprint, identifier). */
function keySet(keys: readonly EntityKey[]): ReturnType<typeof sql> {
  return sql`unnest(${keys.map((k) => k.blueprint)}::text[], ${keys.map((k) => k.identifier)}::text[]) as k (blueprint, identifier)`;
}

/** The entities of `keys` that exist, in no particular order. */
export async function readEntities(db: Db, org: string, keys: readonly EntityKey[]): Promise<Entity[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<EntityRow>`
    select ${ENTITY_COLUMNS} from ${keySet(keys)}
    join entity e on e.org = ${org} and e.blueprint = k.blueprint and e.identifier = k.identifier`.execute(
    db,
  );
  return rows.map(toEntity);
}

/**
 * Like `readEntities`, and locks them in key order, so that overlapping batches queue instead of deadlocking.
 * `no key update` lets others insert relations to these rows meanwhile; `update` (deletion) does not.
 */
export async function lockEntities(
  db: Db,
  org: string,
  keys: readonly EntityKey[],
  strength: "no key update" | "update" = "no key update",
): Promise<Entity[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<EntityRow>`
    select ${ENTITY_COLUMNS} from ${keySet(keys)}
    join entity e on e.org = ${org} and e.blueprint = k.blueprint and e.identifier = k.identifier
    order by e.blueprint, e.identifier
    for ${sql.raw(strength)} of e`.execute(db);
  return rows.map(toEntity);
}

/** `keyOf` of those that exist. */
export async function existingKeys(db: Db, org: string, keys: readonly EntityKey[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await sql<EntityKey>`
    select e.blueprint, e.identifier from ${keySet(keys)}
    join entity e on e.org = ${org} and e.blueprint = k.blueprint and e.identifier = k.identifier`.execute(
    db,
  );
  return new Set(rows.map((row) => keyOf(row.blueprint, row.identifier)));
}

function toJson(entities: readonly Entity[]): string {
  return JSON.stringify(
    entities.map((e) => ({
      blueprint: e.blueprint,
      identifier: e.identifier,
      title: e.title,
      icon: e.icon,
      team: e.team,
      properties: e.properties,
      relations: e.relations,
      datasource: e.datasource,
      created_at: e.createdAt,
      created_by: e.createdBy,
      updated_at: e.updatedAt,
      updated_by: e.updatedBy,
    })),
  );
}

const RECORD = sql.raw(
  "as r (blueprint text, identifier text, title text, icon text, team text[], properties jsonb, relations jsonb, datasource text, created_at timestamptz, created_by text, updated_at timestamptz, updated_by text)",
);

/**
 * Inserts in the order given (callers sort by key). Entities that exist already are left alone.
 * @returns how many were inserted
 */
export async function insertEntities(db: Db, org: string, entities: readonly Entity[]): Promise<number> {
  if (entities.length === 0) return 0;
  const { rows } = await sql<{ n: number }>`
    with inserted as (
      insert into entity (org, blueprint, identifier, title, icon, team, properties, relations, datasource, created_at, created_by, updated_at, updated_by)
      select ${org}, r.blueprint, r.identifier, r.title, r.icon, r.team, r.properties, r.relations, r.datasource, r.created_at, r.created_by, r.updated_at, r.updated_by
      from jsonb_to_recordset(${toJson(entities)}::jsonb) ${RECORD}
      on conflict do nothing returning 1)
    select count(*)::int as n from inserted`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Overwrites the stored state of entities that are locked. */
export async function updateEntities(db: Db, org: string, entities: readonly Entity[]): Promise<void> {
  if (entities.length === 0) return;
  await sql`
    update entity e set title = r.title, icon = r.icon, team = r.team, properties = r.properties,
      relations = r.relations, datasource = r.datasource, updated_at = r.updated_at, updated_by = r.updated_by
    from jsonb_to_recordset(${toJson(entities)}::jsonb) ${RECORD}
    where e.org = ${org} and e.blueprint = r.blueprint and e.identifier = r.identifier`.execute(db);
}

/** Their own relation rows go with them; relations of others to them must be gone already. */
export async function deleteEntityRows(db: Db, org: string, keys: readonly EntityKey[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    delete from entity e using ${keySet(keys)}
    where e.org = ${org} and e.blueprint = k.blueprint and e.identifier = k.identifier`.execute(db);
}

/** All entities of a blueprint, oldest first. */
export async function listEntities(db: Db, org: string, blueprint: string): Promise<Entity[]> {
  const { rows } = await sql<EntityRow>`
    select ${ENTITY_COLUMNS} from entity e where e.org = ${org} and e.blueprint = ${blueprint}
    order by e.created_at, e.identifier`.execute(db);
  return rows.map(toEntity);
}

export async function countEntities(db: Db, org: string, blueprint: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from entity where org = ${org} and blueprint = ${blueprint}`.execute(db);
  return rows[0]?.n ?? 0;
}

/** The first `limit` identifiers of a blueprint's entities, oldest first. */
export async function firstIdentifiers(
  db: Db,
  org: string,
  blueprint: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ identifier: string }>`
    select identifier from entity where org = ${org} and blueprint = ${blueprint}
    order by created_at, identifier limit ${limit}`.execute(db);
  return rows.map((row) => row.identifier);
}
