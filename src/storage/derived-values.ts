/** Reads what derived values are made of. Everything works on sets. */
import { type RawBuilder, sql } from "kysely";
import type { Entity, EntityKey } from "../model/entity.ts";
import type { Db } from "./db.ts";
import { type EntityRow, toEntity } from "./entities.ts";

/** What mirrors need of an entity that they lead to or through; of its properties those that are shown. */
export async function readShown(
  db: Db,
  org: string,
  keys: readonly EntityKey[],
  shown: { readonly stored: readonly string[]; readonly derived: readonly string[] },
): Promise<Entity[]> {
  if (keys.length === 0) return [];
  const some = (column: RawBuilder<unknown>, ids: readonly string[]) =>
    ids.length === 0
      ? sql`null::jsonb`
      : sql`(select jsonb_object_agg(k, ${column} -> k) from unnest(${[...ids]}::text[]) k where ${column} ? k)`;
  const { rows } = await sql<{ j: string }>`
    select coalesce(json_agg(e), '[]')::text as j
    from unnest(${keys.map((k) => k.blueprint)}::text[], ${keys.map((k) => k.identifier)}::text[]) as k (blueprint, identifier)
    cross join lateral (
      select e.blueprint, e.identifier, e.title, e.icon, e.team, e.relations, e.datasource, e.created_at, e.created_by,
        e.updated_at, e.updated_by, e.changed_at, coalesce(${some(sql`e.properties`, shown.stored)}, '{}') as properties,
        ${some(sql`e.derived`, shown.derived)} as derived
      from entity e
      where e.org = ${org} and e.blueprint = k.blueprint and e.identifier = k.identifier offset 0) e`.execute(
    db,
  );
  return (JSON.parse(rows[0]?.j ?? "[]") as EntityRow[]).map(toEntity);
}
