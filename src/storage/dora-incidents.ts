/** Derived incidents, what users decided about their causes, and which entities have to do with which. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { ROLE_COLUMNS, type RoleEntityRow, type ServiceLink, textOf } from "./dora-facts.ts";
import { type ServiceScope, withinScope } from "./dora-scope.ts";

export interface DerivedIncidentRow {
  readonly blueprint: string;
  readonly id: string;
  /** ISO. */
  readonly startedAt: string;
  /** The deployment it is linked to. */
  readonly deployment: string | null;
  readonly hash: string;
  /** The derived object as JSON text. */
  readonly json: string;
}

const SEPARATOR = "\u0000";
export const incidentKey = (row: { blueprint: string; id: string }): string =>
  row.blueprint + SEPARATOR + row.id;

export async function readIncidentHashes(db: Db, org: string, service: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom("dora_incident")
    .select(["blueprint", "id", "hash"])
    .where("org", "=", org)
    .where("service", "=", service)
    .execute();
  return new Map(rows.map((row) => [incidentKey(row), row.hash]));
}

export async function upsertIncidents(
  db: Db,
  org: string,
  service: string,
  rows: readonly DerivedIncidentRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into dora_incident (org, service, blueprint, id, started_at, deployment, hash, row)
    select ${org}, ${service}, x.blueprint, x.id, x."startedAt", x.deployment, x.hash, x.json::jsonb
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x (blueprint text, id text, "startedAt" timestamptz, deployment text, hash text, json text)
    on conflict (org, service, blueprint, id) do update
      set started_at = excluded.started_at, deployment = excluded.deployment, hash = excluded.hash,
        row = excluded.row`.execute(db);
}

/** @param keys as `incidentKey` makes them */
export async function deleteIncidents(
  db: Db,
  org: string,
  service: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  await sql`delete from dora_incident i
    using jsonb_array_elements(${JSON.stringify(keys.map((key) => key.split(SEPARATOR)))}::jsonb) k
    where i.org = ${org} and i.service = ${service} and i.blueprint = k ->> 0 and i.id = k ->> 1`.execute(db);
}

/** Whole derived incidents that began in the window; one that names several services once for each. */
export async function readIncidents(db: Db, org: string, scope: ServiceScope): Promise<unknown[]> {
  const result = await sql<{ row: unknown }>`
    select row from dora_incident where org = ${org} and ${withinScope(scope, "started_at")}
    order by started_at, id, service`.execute(db);
  return result.rows.map((row) => row.row);
}

/** The rows of one incident, by its services. @param blueprint null = whatever blueprint has it */
export async function readIncident(
  db: Db,
  org: string,
  id: string,
  blueprint: string | null,
): Promise<unknown[]> {
  const within = blueprint === null ? sql`` : sql` and blueprint = ${blueprint}`;
  const result = await sql<{ row: unknown }>`
    select row from dora_incident where org = ${org} and id = ${id}${within}
    order by blueprint, service`.execute(db);
  return result.rows.map((row) => row.row);
}

export async function readIncidentsOfDeployment(db: Db, org: string, deployment: string): Promise<unknown[]> {
  const result = await sql<{ row: unknown }>`
    select row from dora_incident where org = ${org} and deployment = ${deployment}
    order by started_at, blueprint, id, service`.execute(db);
  return result.rows.map((row) => row.row);
}

export interface Verdict {
  readonly blueprint: string;
  readonly incident: string;
  /** Null: no deployment caused it. */
  readonly deployment: string | null;
  readonly reason: string;
  readonly decided_by: string;
  readonly decided_at: Date;
}

/** Those about the incidents, and those that blame one of the deployments. */
export async function readVerdicts(
  db: Db,
  org: string,
  about: {
    readonly incidents: readonly { blueprint: string; id: string }[];
    readonly deployments: readonly string[];
  },
): Promise<Verdict[]> {
  const result = await sql<Verdict>`
    select blueprint, incident, deployment, reason, decided_by, decided_at from dora_incident_cause
    where org = ${org} and (deployment = any(${[...about.deployments]}::text[]) or (blueprint, incident) in (
      select x.blueprint, x.id from jsonb_to_recordset(${JSON.stringify(
        about.incidents.map(({ blueprint, id }) => ({ blueprint, id })),
      )}::jsonb) as x (blueprint text, id text)))`.execute(db);
  return result.rows;
}

export async function writeVerdict(db: Db, org: string, verdict: Verdict): Promise<void> {
  const { deployment, reason, decided_by, decided_at } = verdict;
  await db
    .insertInto("dora_incident_cause")
    .values({ org, ...verdict })
    .onConflict((c) =>
      c.columns(["org", "blueprint", "incident"]).doUpdateSet({ deployment, reason, decided_by, decided_at }),
    )
    .execute();
}

export async function deleteVerdict(db: Db, org: string, blueprint: string, incident: string): Promise<void> {
  await db
    .deleteFrom("dora_incident_cause")
    .where("org", "=", org)
    .where("blueprint", "=", blueprint)
    .where("incident", "=", incident)
    .execute();
}

/** Verdicts follow what they are about into its new name. */
export async function renameInVerdicts(
  db: Db,
  org: string,
  rename: { readonly blueprint: string; readonly from: string; readonly to: string },
  role: "incident" | "deployment",
): Promise<void> {
  if (role === "incident")
    await sql`update dora_incident_cause set incident = ${rename.to}
      where org = ${org} and blueprint = ${rename.blueprint} and incident = ${rename.from}
        and not exists (select 1 from dora_incident_cause other where other.org = ${org}
          and other.blueprint = ${rename.blueprint} and other.incident = ${rename.to})`.execute(db);
  else
    await sql`update dora_incident_cause set deployment = ${rename.to}
      where org = ${org} and deployment = ${rename.from}`.execute(db);
}

export async function renameBlueprintInVerdicts(
  db: Db,
  org: string,
  from: string,
  to: string,
): Promise<void> {
  await sql`update dora_incident_cause set blueprint = ${to}
    where org = ${org} and blueprint = ${from}`.execute(db);
}

/** Entities of `blueprint` whose relation or property names one of the targets. */
export async function readEntitiesNaming(
  db: Db,
  org: string,
  blueprint: string,
  link: ServiceLink,
  targets: readonly string[],
): Promise<RoleEntityRow[]> {
  if (targets.length === 0) return [];
  const condition =
    "relation" in link
      ? sql`exists (select 1 from entity_relation r where r.org = e.org and r.blueprint = e.blueprint
          and r.identifier = e.identifier and r.relation = ${link.relation} and r.target = any(${[...targets]}::text[]))`
      : sql`${textOf(link.property)} = any(${[...targets]}::text[])`;
  const result = await sql<RoleEntityRow>`
    select ${ROLE_COLUMNS} from entity e where e.org = ${org} and e.blueprint = ${blueprint} and ${condition}
    order by e.identifier`.execute(db);
  return result.rows;
}

/** Entities by identifier, of any of the blueprints. */
export async function readEntitiesById(
  db: Db,
  org: string,
  blueprints: readonly string[],
  identifiers: readonly string[],
): Promise<RoleEntityRow[]> {
  if (identifiers.length === 0 || blueprints.length === 0) return [];
  const result = await sql<RoleEntityRow>`
    select ${ROLE_COLUMNS} from entity e where e.org = ${org} and e.blueprint = any(${[...blueprints]}::text[])
      and e.identifier = any(${[...identifiers]}::text[]) order by e.blueprint, e.identifier`.execute(db);
  return result.rows;
}

/** Services that some entity of `blueprint` names by its relation together with one of these. */
export async function servicesNamedTogether(
  db: Db,
  org: string,
  serviceBlueprint: string,
  blueprint: string,
  relation: string,
  services: readonly string[],
): Promise<string[]> {
  if (services.length === 0) return [];
  const result = await sql<{ service: string }>`
    select distinct other.target as service from entity_relation r
    join entity_relation other on other.org = r.org and other.blueprint = r.blueprint
      and other.identifier = r.identifier and other.relation = r.relation and other.target <> r.target
    where r.org = ${org} and r.target_blueprint = ${serviceBlueprint} and r.target = any(${[...services]}::text[])
      and r.blueprint = ${blueprint} and r.relation = ${relation}`.execute(db);
  return result.rows.map((row) => row.service);
}

/**
 * Entities of `blueprint` that name one of the services by the relation and whose time lies in one of the spans.
 * @param time the property that holds it as ISO text, compared as text; null reads all. @param spans ISO, widened by a
 * day by the caller, as texts of other zones sort otherwise
 */
export async function readRelatedWithin(
  db: Db,
  org: string,
  serviceBlueprint: string,
  blueprint: string,
  relation: string,
  services: readonly string[],
  time: string | null,
  spans: readonly { readonly from: string; readonly to: string }[],
): Promise<RoleEntityRow[]> {
  const within =
    time === null
      ? sql``
      : sql` and exists (select 1 from jsonb_to_recordset(${JSON.stringify(spans)}::jsonb) as s ("from" text, "to" text)
          where e.properties ->> ${time} >= s."from" and e.properties ->> ${time} <= s."to")`;
  const result = await sql<RoleEntityRow>`
    select ${ROLE_COLUMNS} from (select distinct r.org, r.blueprint, r.identifier from entity_relation r
      where r.org = ${org} and r.target_blueprint = ${serviceBlueprint}
        and r.target = any(${[...services]}::text[]) and r.blueprint = ${blueprint}
        and r.relation = ${relation}) r
    cross join lateral (select * from entity e where e.org = r.org and e.blueprint = r.blueprint
      and e.identifier = r.identifier offset 0) e
    where true${within} order by e.identifier`.execute(db);
  return result.rows;
}
