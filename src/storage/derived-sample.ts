/** Reads for the sampled check of derived values: some entities, and who points at entities. */
import { sql } from "kysely";
import type { Hop } from "../model/derive-nodes.ts";
import type { EntityKey } from "../model/entity.ts";
import type { Db } from "./db.ts";

/** Entities of the blueprint in key order from a place on, or from the beginning where that is the end. */
export async function someEntities(
  db: Db,
  org: string,
  blueprint: string,
  place: string,
  limit: number,
): Promise<EntityKey[]> {
  const { rows } = await sql<EntityKey>`
    (select blueprint, identifier, 0 as turn from entity
      where org = ${org} and blueprint = ${blueprint} and identifier >= ${place} order by identifier limit ${limit}::int)
    union all
    (select blueprint, identifier, 1 as turn from entity
      where org = ${org} and blueprint = ${blueprint} order by identifier limit ${limit}::int)
    order by turn, identifier limit ${limit}::int`.execute(db);
  return rows.map(({ blueprint, identifier }) => ({ blueprint, identifier }));
}

/** The next entities of the blueprint in key order. @param after null: from the first on */
export async function nextEntities(
  db: Db,
  org: string,
  blueprint: string,
  after: string | null,
  limit: number,
): Promise<EntityKey[]> {
  const { rows } = await sql<EntityKey>`
    select blueprint, identifier from entity where org = ${org} and blueprint = ${blueprint}
      and ${after === null ? sql`true` : sql`identifier > ${after}`}
    order by identifier limit ${limit}::int`.execute(db);
  return rows;
}

/** Who points at one of the targets by the relation of the hop, at most `limit`. */
export async function holdersOf(
  db: Db,
  org: string,
  { relation, holder, target }: Hop,
  targets: readonly string[],
  limit: number,
): Promise<EntityKey[]> {
  if (targets.length === 0) return [];
  const identifiers = sql`${[...targets]}::text[]`;
  const { rows } = await (
    relation === "$team"
      ? sql<{ identifier: string }>`
        select e.identifier from entity e
        where e.org = ${org} and e.blueprint = ${holder} and e.team <> '{}' and e.team && ${identifiers}
        limit ${limit}::int`
      : sql<{ identifier: string }>`
        select distinct r.identifier from unnest(${identifiers}) k (id) cross join lateral (
          select r.identifier from entity_relation r
          where r.org = ${org} and r.target_blueprint = ${target} and r.target = k.id and r.blueprint = ${holder}
            and r.relation = ${relation} offset 0) r
        limit ${limit}::int`
  ).execute(db);
  return rows.map(({ identifier }) => ({ blueprint: holder, identifier }));
}
