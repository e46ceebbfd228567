/** Reads what previews of the DORA settings compare with. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { scopeCondition } from "./dora-derived.ts";
import { ROLE_COLUMNS, type RoleEntityRow } from "./dora-facts.ts";
import type { DerivedScope } from "./dora-scope.ts";

export interface ShipmentCount {
  /** Of the change's entity; null: known from git alone. */
  readonly blueprint: string | null;
  /** Why they do not count; null: they do. */
  readonly reason: string | null;
  readonly n: number;
}

/** Shipments of the window by the blueprint of their change and the reason for which they are left out. */
export async function countShipments(db: Db, org: string, scope: DerivedScope): Promise<ShipmentCount[]> {
  const result = await sql<ShipmentCount>`
    select row -> 'entity' ->> 'blueprint' as blueprint,
      coalesce(excluded, case when lead_seconds is null then 'no_start' end) as reason, count(*) as n
    from dora_shipment where ${scopeCondition(org, scope, "deployed_at")} group by 1, 2`.execute(db);
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
