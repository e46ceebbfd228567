/** Reads the catalog entities that play a DORA role for one service. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { roleCondition, type RoleCondition } from "./dora-matching.ts";

export interface RoleEntityRow {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string | null;
  readonly properties: Record<string, unknown>;
  readonly relations: Record<string, string | string[] | null>;
  readonly created_at: Date;
}

/** How entities of a blueprint name their service: by a relation, or by a text property. */
export type ServiceLink = { readonly relation: string } | { readonly property: string };

/**
 * The entities of `blueprint` that name `service` (an entity of `serviceBlueprint`); the empty text asks for those
 * that name none.
 */
export async function readRoleEntities(
  db: Db,
  org: string,
  serviceBlueprint: string,
  blueprint: string,
  link: ServiceLink,
  service: string,
): Promise<RoleEntityRow[]> {
  const columns = sql`e.blueprint, e.identifier, e.title, e.properties, e.relations, e.created_at`;
  const from = sql`from entity e where e.org = ${org} and e.blueprint = ${blueprint}`;
  if ("property" in link) {
    const condition =
      service === ""
        ? sql`coalesce(e.properties ->> ${link.property}, '') = ''`
        : sql`e.properties ->> ${link.property} = ${service}`;
    return (
      await sql<RoleEntityRow>`select ${columns} ${from} and ${condition} order by e.identifier`.execute(db)
    ).rows;
  }
  if (service === "")
    return (
      await sql<RoleEntityRow>`select ${columns} ${from} and not exists (
        select 1 from entity_relation r where r.org = e.org and r.blueprint = e.blueprint
          and r.identifier = e.identifier and r.relation = ${link.relation}) order by e.identifier`.execute(
        db,
      )
    ).rows;
  // Lateral with offset 0: one look-up by primary key per relation row, whatever the planner thinks of the sizes.
  return (
    await sql<RoleEntityRow>`select ${columns} from entity_relation r
      cross join lateral (select * from entity e where e.org = r.org and e.blueprint = r.blueprint
        and e.identifier = r.identifier offset 0) e
      where r.org = ${org} and r.target_blueprint = ${serviceBlueprint} and r.target = ${service}
        and r.blueprint = ${blueprint} and r.relation = ${link.relation}
      order by e.identifier`.execute(db)
  ).rows;
}

export async function readEntity(
  db: Db,
  org: string,
  blueprint: string,
  identifier: string,
): Promise<RoleEntityRow | null> {
  const row = await db
    .selectFrom("entity")
    .select(["blueprint", "identifier", "title", "properties", "relations", "created_at"])
    .where("org", "=", org)
    .where("blueprint", "=", blueprint)
    .where("identifier", "=", identifier)
    .executeTakeFirst();
  return row ?? null;
}

/** Every service that has, or may have, derived numbers: entities of the service blueprint and derived ones. */
export async function allServices(db: Db, org: string, serviceBlueprint: string): Promise<string[]> {
  const result = await sql<{ service: string }>`
    select identifier as service from entity where org = ${org} and blueprint = ${serviceBlueprint}
    union select service from dora_service where org = ${org}
    union select '' as service`.execute(db);
  return result.rows.map((row) => row.service).sort();
}

/**
 * The services below an entity: itself when it is a service, otherwise those whose chains of relations (all in one
 * direction, from the service up) reach it. Null when the entity does not exist.
 */
export async function servicesBelow(
  db: Db,
  org: string,
  serviceBlueprint: string,
  blueprint: string,
  identifier: string,
): Promise<string[] | null> {
  const root = await readEntity(db, org, blueprint, identifier);
  if (root === null) return null;
  if (blueprint === serviceBlueprint) return [identifier];
  const result = await sql<{ identifier: string }>`
    with recursive below (blueprint, identifier, depth) as (
      select ${blueprint}::text, ${identifier}::text, 0
      union
      select r.blueprint, r.identifier, b.depth + 1 from below b
      join entity_relation r on r.org = ${org} and r.target_blueprint = b.blueprint and r.target = b.identifier
      where b.depth < 6 and b.blueprint <> ${serviceBlueprint})
    select distinct identifier from below where blueprint = ${serviceBlueprint} order by identifier`.execute(
    db,
  );
  return result.rows.map((row) => row.identifier);
}

/** Identifiers and titles of all entities of a blueprint, in order. */
export async function listEntities(
  db: Db,
  org: string,
  blueprint: string,
): Promise<{ identifier: string; title: string | null }[]> {
  return db
    .selectFrom("entity")
    .select(["identifier", "title"])
    .where("org", "=", org)
    .where("blueprint", "=", blueprint)
    .orderBy("identifier")
    .execute();
}

/** How many entities of a blueprint play a role (those of the condition), and the latest value of their time field. */
export async function roleStatistics(
  db: Db,
  org: string,
  blueprint: string,
  timeProperty: string | null,
  condition: RoleCondition | null,
): Promise<{ rows: number; lastEventAt: string | null }> {
  const last =
    timeProperty === null
      ? sql<string | null>`null`
      : sql<string | null>`max(e.properties ->> ${timeProperty})`;
  const playing = condition === null ? sql`` : sql` and ${roleCondition(org, condition)}`;
  const result = await sql<{ rows: number; last: string | null }>`
    select count(*) as rows, ${last} as last from entity e where e.org = ${org} and e.blueprint = ${blueprint}${playing}`.execute(
    db,
  );
  return { rows: result.rows[0]?.rows ?? 0, lastEventAt: result.rows[0]?.last ?? null };
}

/** Like `servicesBelow` for all entities of a blueprint at once: pairs of entity and service. */
export async function servicesBelowAll(
  db: Db,
  org: string,
  serviceBlueprint: string,
  blueprint: string,
): Promise<{ root: string; service: string }[]> {
  if (blueprint === serviceBlueprint) {
    const all = await listEntities(db, org, blueprint);
    return all.map(({ identifier }) => ({ root: identifier, service: identifier }));
  }
  const result = await sql<{ root: string; service: string }>`
    with recursive below (root, blueprint, identifier, depth) as (
      select identifier, blueprint, identifier, 0 from entity where org = ${org} and blueprint = ${blueprint}
      union
      select b.root, r.blueprint, r.identifier, b.depth + 1 from below b
      join entity_relation r on r.org = ${org} and r.target_blueprint = b.blueprint and r.target = b.identifier
      where b.depth < 6 and b.blueprint <> ${serviceBlueprint})
    select distinct root, identifier as service from below where blueprint = ${serviceBlueprint}`.execute(db);
  return result.rows;
}
