/** The derived rows of DORA: written by derivation as differences, read by the metrics. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { type DerivedScope, withinScope } from "./dora-scope.ts";
import { prepared } from "./prepared.ts";

export interface DerivedDeploymentRow {
  readonly environment: string;
  readonly id: string;
  /** ISO. */
  readonly finishedAt: string;
  readonly hash: string;
  /** The derived object as JSON text. */
  readonly json: string;
}

export interface DerivedShipmentRow {
  readonly environment: string;
  readonly deployment: string;
  readonly change: string;
  readonly deployedAt: string;
  readonly lead: number | null;
  readonly coding: number | null;
  readonly pickup: number | null;
  readonly review: number | null;
  readonly deploy: number | null;
  /** ISO. */
  readonly mergedAt: string | null;
  readonly skewed: boolean;
  readonly everywhere: number | null;
  readonly regions: number | null;
  readonly excluded: string | null;
  readonly hash: string;
  readonly json: string;
}

/** Key of a stored row → its hash; keys as made by `deploymentKey` and `shipmentKey`. */
export interface StoredHashes {
  readonly deployments: Map<string, string>;
  readonly shipments: Map<string, string>;
}

const SEPARATOR = "\u0000";
export const deploymentKey = (row: { environment: string; id: string }): string =>
  row.environment + SEPARATOR + row.id;
export const shipmentKey = (row: { environment: string; deployment: string; change: string }): string =>
  row.environment + SEPARATOR + row.deployment + SEPARATOR + row.change;

export async function readHashes(db: Db, org: string, service: string): Promise<StoredHashes> {
  const deployments = await db
    .selectFrom("dora_deployment")
    .select(["environment", "id", "hash"])
    .where("org", "=", org)
    .where("service", "=", service)
    .execute();
  const shipments = await db
    .selectFrom("dora_shipment")
    .select(["environment", "deployment", "change", "hash"])
    .where("org", "=", org)
    .where("service", "=", service)
    .execute();
  return {
    deployments: new Map(deployments.map((row) => [deploymentKey(row), row.hash])),
    shipments: new Map(shipments.map((row) => [shipmentKey(row), row.hash])),
  };
}

export async function upsertDeployments(
  db: Db,
  org: string,
  service: string,
  rows: readonly DerivedDeploymentRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into dora_deployment (org, service, environment, id, finished_at, hash, row)
    select ${org}, ${service}, x.environment, x.id, x."finishedAt", x.hash, x.json::jsonb
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x (environment text, id text, "finishedAt" timestamptz, hash text, json text)
    on conflict (org, service, environment, id) do update
      set finished_at = excluded.finished_at, hash = excluded.hash, row = excluded.row`.execute(db);
}

export async function upsertShipments(
  db: Db,
  org: string,
  service: string,
  rows: readonly DerivedShipmentRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into dora_shipment (org, service, environment, deployment, change, deployed_at, lead_seconds,
      coding_seconds, pickup_seconds, review_seconds, deploy_seconds, merged_at, skewed, everywhere_seconds, regions,
      excluded, hash, row)
    select ${org}, ${service}, x.environment, x.deployment, x.change, x."deployedAt", x.lead,
      x.coding, x.pickup, x.review, x.deploy, x."mergedAt", x.skewed, x.everywhere, x.regions, x.excluded, x.hash,
      x.json::jsonb
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x (environment text, deployment text, change text, "deployedAt" timestamptz, lead float8,
        coding float8, pickup float8, review float8, deploy float8, "mergedAt" timestamptz, skewed boolean,
        everywhere float8, regions smallint, excluded text, hash text, json text)
    on conflict (org, service, environment, change, deployment) do update
      set deployed_at = excluded.deployed_at, lead_seconds = excluded.lead_seconds,
        coding_seconds = excluded.coding_seconds, pickup_seconds = excluded.pickup_seconds,
        review_seconds = excluded.review_seconds, deploy_seconds = excluded.deploy_seconds,
        merged_at = excluded.merged_at, skewed = excluded.skewed,
        everywhere_seconds = excluded.everywhere_seconds, regions = excluded.regions,
        excluded = excluded.excluded, hash = excluded.hash, row = excluded.row`.execute(db);
}

/** Removes derived rows that derivation no longer gives. Keys as stored. */
export async function deleteDerived(
  db: Db,
  org: string,
  service: string,
  deploymentKeys: readonly string[],
  shipmentKeys: readonly string[],
): Promise<void> {
  const split = (keys: readonly string[]): string => JSON.stringify(keys.map((key) => key.split(SEPARATOR)));
  if (deploymentKeys.length > 0)
    await sql`delete from dora_deployment d using jsonb_array_elements(${split(deploymentKeys)}::jsonb) k
      where d.org = ${org} and d.service = ${service} and d.environment = k ->> 0 and d.id = k ->> 1`.execute(
      db,
    );
  if (shipmentKeys.length > 0)
    await sql`delete from dora_shipment s using jsonb_array_elements(${split(shipmentKeys)}::jsonb) k
      where s.org = ${org} and s.service = ${service} and s.environment = k ->> 0
        and s.deployment = k ->> 1 and s.change = k ->> 2`.execute(db);
}

/** Of the whole history of a service, over all its environments. */
export interface DerivationCounts {
  readonly deployments: number;
  /** Changes known to have merged, shipped or not. */
  readonly mergedChanges: number;
  /** Changes that some deployment shipped. */
  readonly attributedChanges: number;
}

/** Records the derivation of a service and what would make it stale. */
export async function recordDerivation(
  db: Db,
  org: string,
  service: string,
  record: {
    readonly counts: DerivationCounts;
    readonly settingsHash: string;
    readonly repositories: readonly string[];
    readonly unknownShas: readonly string[];
    readonly now: Date;
  },
): Promise<void> {
  const row = {
    deployments: record.counts.deployments,
    merged_changes: record.counts.mergedChanges,
    attributed_changes: record.counts.attributedChanges,
    derived_at: record.now,
    settings_hash: record.settingsHash,
    revision: sql<number>`pg_current_xact_id()::text::bigint`,
  };
  await db
    .insertInto("dora_service")
    .values({ org, service, ...row })
    .onConflict((c) => c.columns(["org", "service"]).doUpdateSet(row))
    .execute();
  const repositories = [...new Set(record.repositories)];
  const shas = [...new Set(record.unknownShas)];
  await sql`delete from dora_service_repository where org = ${org} and service = ${service}
    and repository <> all(${repositories}::text[])`.execute(db);
  await sql`insert into dora_service_repository (org, service, repository)
    select ${org}, ${service}, r from unnest(${repositories}::text[]) r on conflict do nothing`.execute(db);
  await sql`delete from dora_unknown_sha where org = ${org} and service = ${service}
    and sha <> all(${shas}::text[])`.execute(db);
  await sql`insert into dora_unknown_sha (org, service, sha)
    select ${org}, ${service}, s from unnest(${shas}::text[]) s on conflict do nothing`.execute(db);
}

export interface RecentDerivations {
  /** How many services were derived since. */
  readonly count: number;
  /** Of the services asked about those that were, and when: ms. */
  readonly derivedAt: ReadonlyMap<string, number>;
}

/** $1 organisation, $2 services, $3 since when. */
const recent = prepared<{ count: number; derived: string }>(
  "dora_recent_derivations",
  `select count(*)::int as count,
    coalesce(json_agg(json_build_array(service, extract(epoch from derived_at) * 1000))
      filter (where service = any($2::text[])), '[]')::text as derived
  from dora_service where org = $1 and derived_at > $3::timestamptz`,
);

/** By whichever process. */
export async function recentDerivations(
  db: Db,
  org: string,
  services: readonly string[],
  since: Date,
): Promise<RecentDerivations> {
  const [row] = await recent(db, org, services, since.toISOString());
  const derived = JSON.parse(row?.derived ?? "[]") as [string, number][];
  return { count: row?.count ?? 0, derivedAt: new Map(derived) };
}

export function scopeCondition(org: string, scope: DerivedScope, time: "finished_at" | "deployed_at") {
  return sql`org = ${org} and environment = any(${[...scope.environments]}::text[]) and ${withinScope(scope, time)}`;
}

/** Whole derived deployments of the window, in order of finishing. */
export async function readDeployments(db: Db, org: string, scope: DerivedScope): Promise<unknown[]> {
  const result = await sql<{ row: unknown }>`
    select row from dora_deployment where ${scopeCondition(org, scope, "finished_at")}
    order by finished_at, service, id`.execute(db);
  return result.rows.map((row) => row.row);
}

const millis = (column: string) => sql`(extract(epoch from ${sql.ref(column)}) * 1000)::float8`;

export interface ShipmentNumbers {
  readonly service: string;
  readonly environment: string;
  readonly deployment: string;
  readonly change: string;
  /** Milliseconds. */
  readonly deployed_at: number;
  readonly lead_seconds: number | null;
  readonly coding_seconds: number | null;
  readonly pickup_seconds: number | null;
  readonly review_seconds: number | null;
  readonly deploy_seconds: number | null;
  /** Milliseconds. */
  readonly merged_at: number | null;
  readonly skewed: boolean;
  readonly everywhere_seconds: number | null;
  readonly regions: number | null;
  readonly excluded: string | null;
}

/** Only what folding needs: a fifth of the whole rows. Instants as numbers: of 100,000 rows, parsing dates was a third. */
export async function readShipmentNumbers(
  db: Db,
  org: string,
  scope: DerivedScope,
): Promise<ShipmentNumbers[]> {
  const result = await sql<ShipmentNumbers>`
    select service, environment, deployment, change, ${millis("deployed_at")} as deployed_at, lead_seconds,
      coding_seconds, pickup_seconds, review_seconds, deploy_seconds, ${millis("merged_at")} as merged_at, skewed,
      everywhere_seconds, regions, excluded
    from dora_shipment where ${scopeCondition(org, scope, "deployed_at")}`.execute(db);
  return result.rows;
}

/** A page of the whole shipments that count towards lead time, newest first, and how many there are in all. */
export async function readCountedShipments(
  db: Db,
  org: string,
  scope: DerivedScope,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ rows: unknown[]; total: number }> {
  const condition = sql`${scopeCondition(org, scope, "deployed_at")}
    and excluded is null and lead_seconds is not null`;
  const rows = await sql<{ row: unknown }>`
    select row from dora_shipment where ${condition}
    order by deployed_at desc, service collate "C", change collate "C", deployment collate "C",
      environment collate "C"
    limit ${page.limit}::int offset ${page.offset}::int`.execute(db);
  const count = await sql<{ n: number }>`
    select count(*) as n from dora_shipment where ${condition}`.execute(db);
  return { rows: rows.rows.map((row) => row.row), total: count.rows[0]?.n ?? 0 };
}

/** Whole shipments of which something is left out: the change itself, or one of its stages. */
export async function readLeftOutShipments(db: Db, org: string, scope: DerivedScope): Promise<unknown[]> {
  const result = await sql<{ row: unknown }>`
    select row from dora_shipment where ${scopeCondition(org, scope, "deployed_at")}
      and (excluded is not null or skewed)`.execute(db);
  return result.rows.map((row) => row.row);
}

export async function readDeployment(db: Db, org: string, id: string): Promise<unknown[]> {
  const rows = await db
    .selectFrom("dora_deployment")
    .select("row")
    .where("org", "=", org)
    .where("id", "=", id)
    .orderBy("service")
    .orderBy("environment")
    .execute();
  return rows.map((row) => row.row);
}

export async function readShipmentsOfDeployment(db: Db, org: string, id: string): Promise<unknown[]> {
  const rows = await db
    .selectFrom("dora_shipment")
    .select("row")
    .where("org", "=", org)
    .where("deployment", "=", id)
    .orderBy("change")
    .execute();
  return rows.map((row) => row.row);
}

/** The deployment after this one in its service x environment, if any. */
export async function nextDeployment(
  db: Db,
  org: string,
  at: { service: string; environment: string; finishedAt: Date; id: string },
): Promise<string | null> {
  const result = await sql<{ id: string }>`
    select id from dora_deployment where org = ${org} and service = ${at.service}
      and environment = ${at.environment} and (finished_at, id) > (${at.finishedAt}, ${at.id})
    order by finished_at, id limit 1`.execute(db);
  return result.rows[0]?.id ?? null;
}

/** Services whose derivation read the repository. */
export async function servicesOfRepository(db: Db, org: string, repository: string): Promise<string[]> {
  const rows = await db
    .selectFrom("dora_service_repository")
    .select("service")
    .where("org", "=", org)
    .where("repository", "=", repository)
    .execute();
  return rows.map((row) => row.service);
}

/** Services that have any deployment. */
export async function servicesWithDeployments(db: Db, org: string): Promise<string[]> {
  const rows = await db
    .selectFrom("dora_service")
    .select("service")
    .where("org", "=", org)
    .where("deployments", ">", 0)
    .execute();
  return rows.map((row) => row.service);
}
