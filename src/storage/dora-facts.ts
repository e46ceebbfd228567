/** Reads the catalog entities that play a DORA role for one service. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { roleCondition, type RoleCondition } from "./dora-matching.ts";

export interface RoleEntityRow {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string | null;
  readonly team: readonly string[];
  /** Derived ones too. */
  readonly properties: Record<string, unknown>;
  readonly relations: Record<string, string | string[] | null>;
  readonly created_at: Date;
}

/** Of the entity `e`. */
export const ROLE_COLUMNS = sql`e.blueprint, e.identifier, e.title, e.team,
  coalesce(e.properties || e.derived, e.properties) as properties, e.relations, e.created_at`;

/** A property of the entity `e` as text, a derived one too. */
export const textOf = (property: string) =>
  sql`coalesce(e.properties ->> ${property}, e.derived ->> ${property})`;

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
  const from = sql`from entity e where e.org = ${org} and e.blueprint = ${blueprint}`;
  if ("property" in link) {
    const condition =
      service === ""
        ? sql`coalesce(${textOf(link.property)}, '') = ''`
        : sql`${textOf(link.property)} = ${service}`;
    return (
      await sql<RoleEntityRow>`select ${ROLE_COLUMNS} ${from} and ${condition} order by e.identifier`.execute(
        db,
      )
    ).rows;
  }
  if (service === "")
    return (
      await sql<RoleEntityRow>`select ${ROLE_COLUMNS} ${from} and not exists (
        select 1 from entity_relation r where r.org = e.org and r.blueprint = e.blueprint
          and r.identifier = e.identifier and r.relation = ${link.relation}) order by e.identifier`.execute(
        db,
      )
    ).rows;
  // Lateral with offset 0: one look-up by primary key per relation row, whatever the planner thinks of the sizes.
  return (
    await sql<RoleEntityRow>`select ${ROLE_COLUMNS} from entity_relation r
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
  const result = await sql<RoleEntityRow>`
    select ${ROLE_COLUMNS} from entity e
    where e.org = ${org} and e.blueprint = ${blueprint} and e.identifier = ${identifier}`.execute(db);
  return result.rows[0] ?? null;
}

/** Every service that has, or may have, derived numbers: entities of the service blueprint and derived ones. */
export async function allServices(db: Db, org: string, serviceBlueprint: string): Promise<string[]> {
  const result = await sql<{ service: string }>`
    select identifier as service from entity where org = ${org} and blueprint = ${serviceBlueprint}
    union select service from dora_service where org = ${org}
    union select '' as service`.execute(db);
  return result.rows.map((row) => row.service).sort();
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

export interface RoleStatistics {
  /** Entities that play the role. */
  readonly rows: number;
  readonly lastEventAt: string | null;
  /** Entities that do not, or that have no time where they must: they are nowhere on the time line. */
  readonly excluded: number;
}

/** What those entities of a blueprint that fulfil the condition give to a role. */
export async function roleStatistics(
  db: Db,
  org: string,
  blueprint: string,
  timeProperty: string | null,
  needsTime: boolean,
  condition: RoleCondition,
): Promise<RoleStatistics> {
  const time = timeProperty === null ? null : textOf(timeProperty);
  const plays = roleCondition(org, condition);
  const result = await sql<RoleStatistics>`
    select count(*) filter (where ${plays}) as rows,
      ${time === null ? sql`null` : sql`max(${time}) filter (where ${plays})`} as "lastEventAt",
      count(*) - count(*) filter (where ${plays}${time === null || !needsTime ? sql`` : sql` and ${time} is not null`}) as excluded
    from entity e where e.org = ${org} and e.blueprint = ${blueprint}`.execute(db);
  return result.rows[0] ?? { rows: 0, lastEventAt: null, excluded: 0 };
}
