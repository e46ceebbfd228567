/** Rows of entities. Everything works on sets, so that a batch is a constant number of statements. */
import { sql } from "kysely";
import { type Entity, type EntityKey, isoText, keyOf } from "../model/entity.ts";
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";

export interface EntityRow {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string | null;
  readonly icon: string | null;
  readonly team: string[];
  readonly properties: Record<string, unknown>;
  readonly relations: Record<string, string | string[]>;
  readonly derived: Record<string, unknown> | null;
  readonly datasource: string | null;
  /** ISO text when the row came as JSON. */
  readonly created_at: Date | string;
  readonly created_by: string;
  readonly updated_at: Date | string;
  readonly updated_by: string;
  readonly changed_at: Date | string | null;
}

/** Of a row e. */
export const COLUMNS_OF_E =
  "e.blueprint, e.identifier, e.title, e.icon, e.team, e.properties, e.relations, e.derived, e.datasource, e.created_at, e.created_by, e.updated_at, e.updated_by, e.changed_at";
export const ENTITY_COLUMNS = sql.raw(COLUMNS_OF_E);

export function toEntity(row: EntityRow): Entity {
  return {
    blueprint: row.blueprint,
    identifier: row.identifier,
    title: row.title,
    icon: row.icon,
    team: row.team,
    properties: row.properties,
    relations: row.relations,
    ...(row.derived === null ? {} : { derived: row.derived }),
    datasource: row.datasource,
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    updatedAt: new Date(row.updated_at),
    updatedBy: row.updated_by,
    changedAt: new Date(row.changed_at ?? row.updated_at),
  };
}

/** Two parallel lists, in key order. */
function keyLists(keys: readonly EntityKey[]): readonly [string[], string[]] {
  const sorted = [...keys].sort((a, b) =>
    keyOf(a.blueprint, a.identifier) < keyOf(b.blueprint, b.identifier) ? -1 : 1,
  );
  return [sorted.map((k) => k.blueprint), sorted.map((k) => k.identifier)];
}

/**
 * $1 organisation, $2 and $3 the lists. Each key looked up by the primary key: `offset 0` keeps the planner from turning
 * it into a join, for which it reads the whole table while there are no statistics (measured at 20,000 rows: 35 ms for
 * 500 keys as a join, 5 ms so).
 */
const entitiesOf = (columns: string, lock = ""): string =>
  `unnest($2::text[], $3::text[]) as k (blueprint, identifier) cross join lateral (
    select ${columns} from entity e
    where e.org = $1 and e.blueprint = k.blueprint and e.identifier = k.identifier offset 0 ${lock}) e`;

/** Rows as one JSON text, which costs half of what rows cost between the database's thread and ours (measured). */
const asJson = (from: string): string => `select coalesce(json_agg(e), '[]')::text as j from ${from}`;

const found = prepared<{ j: string }>("entities", asJson(entitiesOf(COLUMNS_OF_E)));
const lockedFor = {
  change: prepared<{ j: string }>(
    "lock_entities_to_change",
    asJson(entitiesOf(COLUMNS_OF_E, "for no key update")),
  ),
  delete: prepared<{ j: string }>("lock_entities_to_delete", asJson(entitiesOf(COLUMNS_OF_E, "for update"))),
};
const foundKeys = prepared<{ j: string }>("entity_keys", asJson(entitiesOf("e.blueprint, e.identifier")));

const toEntities = ([row]: readonly { j: string }[]): Entity[] =>
  (JSON.parse(row?.j ?? "[]") as EntityRow[]).map(toEntity);

/** The entities of `keys` that exist. */
export async function readEntities(db: Db, org: string, keys: readonly EntityKey[]): Promise<Entity[]> {
  return keys.length === 0 ? [] : toEntities(await found(db, org, ...keyLists(keys)));
}

/**
 * Like `readEntities`, and locks them in key order, so that overlapping batches queue instead of deadlocking. While
 * locked for `change`, others may still insert relations to these rows; for `delete` they may not.
 */
export async function lockEntities(
  db: Db,
  org: string,
  keys: readonly EntityKey[],
  strength: keyof typeof lockedFor = "change",
): Promise<Entity[]> {
  return keys.length === 0 ? [] : toEntities(await lockedFor[strength](db, org, ...keyLists(keys)));
}

/** `keyOf` of those that exist. */
export async function existingKeys(db: Db, org: string, keys: readonly EntityKey[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const [row] = await foundKeys(db, org, ...keyLists(keys));
  return new Set(
    (JSON.parse(row?.j ?? "[]") as EntityKey[]).map((key) => keyOf(key.blueprint, key.identifier)),
  );
}

/** An entity as a record of `jsonb_to_recordset(…) as r (RECORD_FIELDS)`. */
export const toRecord = (e: Entity): object => ({
  blueprint: e.blueprint,
  identifier: e.identifier,
  title: e.title,
  icon: e.icon,
  team: e.team,
  properties: e.properties,
  relations: e.relations,
  derived: e.derived ?? null,
  datasource: e.datasource,
  created_at: isoText(e.createdAt),
  created_by: e.createdBy,
  updated_at: isoText(e.updatedAt),
  updated_by: e.updatedBy,
  changed_at: isoText(e.changedAt),
});
const toJson = (entities: readonly Entity[]): string => JSON.stringify(entities.map(toRecord));

export const RECORD_FIELDS =
  "blueprint text, identifier text, title text, icon text, team text[], properties jsonb, relations jsonb, derived jsonb, datasource text, created_at timestamptz, created_by text, updated_at timestamptz, updated_by text, changed_at timestamptz";
export const COLUMN_NAMES =
  "blueprint, identifier, title, icon, team, properties, relations, derived, datasource, created_at, created_by, updated_at, updated_by, changed_at";
export const RECORD_COLUMNS =
  "r.blueprint, r.identifier, r.title, r.icon, r.team, r.properties, r.relations, r.derived, r.datasource, r.created_at, r.created_by, r.updated_at, r.updated_by, r.changed_at";
/** Creation stays as it was. */
export const OVERWRITE =
  "title = excluded.title, icon = excluded.icon, team = excluded.team, properties = excluded.properties, relations = excluded.relations, derived = excluded.derived, datasource = excluded.datasource, updated_at = excluded.updated_at, updated_by = excluded.updated_by, changed_at = excluded.changed_at";

const insert = `
  insert into entity (org, ${COLUMN_NAMES})
  select $1, ${RECORD_COLUMNS} from jsonb_to_recordset($2::jsonb) as r (${RECORD_FIELDS})`;
const insertNew = prepared<{ n: number }>(
  "insert_entities",
  `with inserted as (${insert} on conflict do nothing returning 1) select count(*)::int as n from inserted`,
);
const overwrite = prepared(
  "overwrite_entities",
  `${insert} on conflict (org, blueprint, identifier) do update set ${OVERWRITE}`,
);

/**
 * Inserts in the order given (callers sort by key). Entities that exist already are left alone.
 * @returns how many were inserted
 */
export async function insertEntities(db: Db, org: string, entities: readonly Entity[]): Promise<number> {
  if (entities.length === 0) return 0;
  const [row] = await insertNew(db, org, toJson(entities));
  return row?.n ?? 0;
}

/**
 * Overwrites the stored state of entities that exist and are locked. Written as an upsert because its look-ups always
 * go through the primary key; an update from a set of records is a join (see `entitiesOf`).
 */
export async function updateEntities(db: Db, org: string, entities: readonly Entity[]): Promise<void> {
  if (entities.length > 0) await overwrite(db, org, toJson(entities));
}

/**
 * Gives a locked entity another identifier; relation rows from and to it follow by their foreign keys.
 * @returns false when the new identifier is taken
 * @throws SQLSTATE 23505 when it is taken meanwhile
 */
export async function renameEntityRow(
  db: Db,
  org: string,
  { blueprint, identifier }: EntityKey,
  to: string,
  by: Pick<Entity, "updatedAt" | "updatedBy" | "datasource" | "changedAt">,
): Promise<boolean> {
  const taken = await existingKeys(db, org, [{ blueprint, identifier: to }]);
  if (taken.size > 0) return false;
  await sql`
    update entity set identifier = ${to}, updated_at = ${by.updatedAt.toISOString()}::timestamptz,
      updated_by = ${by.updatedBy}, datasource = ${by.datasource}, changed_at = ${by.changedAt.toISOString()}::timestamptz
    where org = ${org} and blueprint = ${blueprint} and identifier = ${identifier}`.execute(db);
  return true;
}

const remove = prepared(
  "delete_entities",
  `delete from entity where ctid = any(array(select e.ctid from ${entitiesOf("e.ctid")}))`,
);

/** Their own relation rows go with them; relations of others to them must be gone already. */
export async function deleteEntityRows(db: Db, org: string, keys: readonly EntityKey[]): Promise<void> {
  if (keys.length > 0) await remove(db, org, ...keyLists(keys));
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
