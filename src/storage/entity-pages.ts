/** Reads that walk many entities, page by page over an order that only grows. */
import { sql } from "kysely";
import { type Entity, type EntityKey, keyOf } from "../model/entity.ts";
import type { Db } from "./db.ts";
import { ENTITY_COLUMNS, type EntityRow, toEntity } from "./entities.ts";
import { likeText } from "./like-text.ts";

/** A place in the order by creation and identifier. */
export interface Place {
  readonly createdAt: Date;
  readonly identifier: string;
}

/** With the time as the database writes it: to the microsecond, which a Date cannot hold. */
export interface ExactPlace {
  readonly createdAt: string;
  readonly identifier: string;
}

/** A page of entities of a blueprint, oldest first, and the place of its last. */
export async function pageOfEntities(
  db: Db,
  org: string,
  blueprint: string,
  after: Place | ExactPlace | null,
  limit: number,
): Promise<{ entities: Entity[]; last: ExactPlace | null }> {
  const from =
    after === null
      ? sql`true`
      : sql`(e.created_at, e.identifier) > (${textOf(after.createdAt)}::timestamptz, ${after.identifier})`;
  const { rows } = await sql<EntityRow & { place: string }>`
    select ${ENTITY_COLUMNS}, e.created_at::text as place from entity e
    where e.org = ${org} and e.blueprint = ${blueprint} and e.created_at > '-infinity' and ${from}
    order by e.created_at, e.identifier limit ${limit}::int`.execute(db);
  const last = rows.at(-1);
  return {
    entities: rows.map(toEntity),
    last: last === undefined ? null : { createdAt: last.place, identifier: last.identifier },
  };
}

/** The same without the place: what goes on behind an entity of this time names its milliseconds. */
export async function pageEntities(
  db: Db,
  org: string,
  blueprint: string,
  after: Place | null,
  limit: number,
): Promise<Entity[]> {
  return (await pageOfEntities(db, org, blueprint, after, limit)).entities;
}

const textOf = (at: Date | string): string => (typeof at === "string" ? at : at.toISOString());

/** Titles of the entities of `keys` that exist, by `keyOf`. */
export async function titlesOf(
  db: Db,
  org: string,
  keys: readonly EntityKey[],
): Promise<Map<string, string | null>> {
  if (keys.length === 0) return new Map();
  // `offset 0`: one look-up by the primary key for each, as in entities.ts.
  const { rows } = await sql<EntityKey & { title: string | null }>`
    select k.blueprint, k.identifier, e.title
    from unnest(${keys.map((k) => k.blueprint)}::text[], ${keys.map((k) => k.identifier)}::text[]) as k (blueprint, identifier)
    cross join lateral (
      select e.title from entity e
      where e.org = ${org} and e.blueprint = k.blueprint and e.identifier = k.identifier offset 0) e`.execute(
    db,
  );
  return new Map(rows.map((row) => [keyOf(row.blueprint, row.identifier), row.title]));
}

export interface DatasourceFilter {
  readonly prefix: string;
  readonly suffix: string;
  /** Last changed, other than by a running resync, before this time. */
  readonly before: Date | null;
  readonly after: EntityKey | null;
  readonly limit: number;
}

/** Entities whose last writer is the data source, in key order. */
export async function datasourceEntities(
  db: Db,
  org: string,
  { prefix, suffix, before, after, limit }: DatasourceFilter,
): Promise<EntityKey[]> {
  const { rows } = await sql<EntityKey>`
    select blueprint, identifier from entity
    where org = ${org}
      and datasource like ${`${likeText(prefix)}%`} and datasource like ${`%${likeText(suffix)}`}
      and length(datasource) >= ${prefix.length + suffix.length}::int
      and ${before === null ? sql`true` : sql`coalesce(changed_at, updated_at) < ${before.toISOString()}::timestamptz`}
      and ${after === null ? sql`true` : sql`(blueprint, identifier) > (${after.blueprint}, ${after.identifier})`}
    order by blueprint, identifier limit ${limit}::int`.execute(db);
  return rows;
}
