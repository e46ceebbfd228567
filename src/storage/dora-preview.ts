/** Reads what previews of the DORA settings compare with. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { scopeCondition } from "./dora-derived.ts";
import { ROLE_COLUMNS, type RoleEntityRow } from "./dora-facts.ts";
import { type DerivedScope, type ServiceScope, withinScope } from "./dora-scope.ts";

export interface RowCount {
  /** Of the row's entity; null: a change known from git alone. */
  readonly blueprint: string | null;
  /** Why they do not count; null: they do. */
  readonly reason: string | null;
  readonly n: number;
}

/** Shipments of the window by the blueprint of their change and the reason for which they are left out. */
export async function countShipments(db: Db, org: string, scope: DerivedScope): Promise<RowCount[]> {
  const result = await sql<RowCount>`
    select row -> 'entity' ->> 'blueprint' as blueprint,
      coalesce(excluded, case when lead_seconds is null then 'no_start' end) as reason, count(*) as n
    from dora_shipment where ${scopeCondition(org, scope, "deployed_at")} group by 1, 2`.execute(db);
  return result.rows;
}

/** Deployments of the window, likewise. */
export async function countDeployments(db: Db, org: string, scope: DerivedScope): Promise<RowCount[]> {
  const result = await sql<RowCount>`
    select row ->> 'blueprint' as blueprint, row -> 'excluded' ->> 'reason' as reason, count(*) as n
    from dora_deployment where ${scopeCondition(org, scope, "finished_at")} group by 1, 2`.execute(db);
  return result.rows;
}

/** Incidents that began in the window, likewise; one of several services as the first of them by name sees it. */
export async function countIncidents(db: Db, org: string, scope: ServiceScope): Promise<RowCount[]> {
  const result = await sql<RowCount>`
    select blueprint, reason, count(*) as n from (
      select distinct on (blueprint, id) blueprint, row -> 'excluded' ->> 'reason' as reason
      from dora_incident where org = ${org} and ${withinScope(scope, "started_at")}
      order by blueprint, id, service collate "C") i
    group by 1, 2`.execute(db);
  return result.rows;
}

/** A page of the entities of a blueprint, by identifier. */
export async function readEntityPage(
  db: Db,
  org: string,
  blueprint: string,
  after: string,
  limit: number,
): Promise<RoleEntityRow[]> {
  const result = await sql<RoleEntityRow>`
    select ${ROLE_COLUMNS} from entity e where e.org = ${org} and e.blueprint = ${blueprint}
      and e.identifier > ${after} order by e.identifier limit ${limit}::int`.execute(db);
  return result.rows;
}
