/** Merged changes that some environment has not got: written by derivation as differences, read by coverage and evidence. */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "./db.ts";
import type { SpanBelow } from "./dora-ownership.ts";
import { type DerivedScope, withinScope } from "./dora-scope.ts";

export interface UnshippedRow {
  readonly change: string;
  /** ISO. */
  readonly mergedAt: string;
  readonly shippedIn: readonly string[];
  readonly leftOutIn: readonly string[];
  readonly hash: string;
  /** The derived object as JSON text. */
  readonly json: string;
}

export async function readUnshippedHashes(
  db: Db,
  org: string,
  service: string,
): Promise<Map<string, string>> {
  const { rows } = await sql<{ change: string; hash: string }>`
    select change, hash from dora_unshipped where org = ${org} and service = ${service}`.execute(db);
  return new Map(rows.map((row) => [row.change, row.hash]));
}

export async function upsertUnshipped(
  db: Db,
  org: string,
  service: string,
  rows: readonly UnshippedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into dora_unshipped (org, service, change, merged_at, shipped_in, left_out_in, hash, row)
    select ${org}, ${service}, x.change, x."mergedAt", x."shippedIn", x."leftOutIn", x.hash, x.json::jsonb
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as x (change text, "mergedAt" timestamptz, "shippedIn" text[], "leftOutIn" text[], hash text, json text)
    on conflict (org, service, change) do update
      set merged_at = excluded.merged_at, shipped_in = excluded.shipped_in, left_out_in = excluded.left_out_in,
        hash = excluded.hash, row = excluded.row`.execute(db);
}

export async function deleteUnshipped(
  db: Db,
  org: string,
  service: string,
  changes: readonly string[],
): Promise<void> {
  if (changes.length === 0) return;
  await sql`delete from dora_unshipped where org = ${org} and service = ${service}
    and change = any(${[...changes]}::text[])`.execute(db);
}

/** Merged in the window, and in none of the environments asked for, nor in their left-out history; newest first. */
export async function readNotDeployed(db: Db, org: string, scope: DerivedScope): Promise<unknown[]> {
  const environments = [...scope.environments];
  const result = await sql<{ row: unknown }>`
    select row from dora_unshipped where org = ${org} and ${withinScope(scope, "merged_at")}
      and not shipped_in && ${environments}::text[] and not left_out_in && ${environments}::text[]
    order by merged_at desc, service collate "C", change collate "C"`.execute(db);
  return result.rows.map((row) => row.row);
}

export interface MergedCounts {
  /** Merged in the window, shipped by nothing yet. */
  readonly notDeployed: number;
  /** Merged in the window, in the history from before the first deployment. */
  readonly leftOut: number;
  /** Merged in the window, shipped after its end. */
  readonly shippedLater: number;
}

/** By the key, row by row: of what was deployed after a window little was merged in it, which the planner does not expect. */
const shippedBefore = (org: string, environments: RawBuilder<unknown>, instant: Date) => sql`
  left join lateral (select true as found from dora_shipment before where before.org = ${org}
    and before.service = s.service and before.environment = any(${environments}) and before.change = s.change
    and before.deployed_at < ${instant} limit 1) o on true`;

/** Changes merged in the window that the environments have not got. */
export async function countUnshipped(
  db: Db,
  org: string,
  scope: DerivedScope,
): Promise<Omit<MergedCounts, "shippedLater">> {
  const environments = sql`${[...scope.environments]}::text[]`;
  const { rows } = await sql<Omit<MergedCounts, "shippedLater">>`
    select count(*) filter (where not left_out_in && ${environments}) as "notDeployed",
      count(*) filter (where left_out_in && ${environments}) as "leftOut"
    from dora_unshipped where org = ${org} and ${withinScope(scope, "merged_at")}
      and not shipped_in && ${environments}`.execute(db);
  return rows[0] ?? { notDeployed: 0, leftOut: 0 };
}

/** Changes merged in the window and shipped after it, but for those that it shipped as well. */
export async function countShippedLater(db: Db, org: string, scope: DerivedScope): Promise<number> {
  const environments = sql`${[...scope.environments]}::text[]`;
  const { to } = scope;
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from (
        select distinct service, change from dora_shipment
        where org = ${org} and environment = any(${environments}) and deployed_at >= ${to}
          and ${withinScope(scope, "merged_at")}) s
      ${shippedBefore(org, environments, to)} where o.found is null`.execute(db);
  return rows[0]?.n ?? 0;
}

/**
 * The same for each of many entities, by those that have any: of the services below it, for as long as they were.
 * @param spans may overlap: what lies in two of one entity counts once
 */
export async function countMergedBelow(
  db: Db,
  org: string,
  { environments, from, to }: Pick<DerivedScope, "environments" | "from" | "to">,
  spans: readonly SpanBelow[],
): Promise<ReadonlyMap<string, MergedCounts>> {
  const wanted = sql`${[...environments]}::text[]`;
  const instants = (edge: "from" | "to") => spans.map((span) => span[edge]?.toISOString() ?? null);
  const owned = sql`merged_at >= coalesce(p.since, '-infinity') and merged_at < coalesce(p.until, 'infinity')`;
  const { rows } = await sql<MergedCounts & { root: string }>`
    with below (root, owner, since, until) as materialized (
      select * from unnest(${spans.map(({ root }) => root)}::text[], ${spans.map(({ service }) => service)}::text[],
        ${instants("from")}::timestamptz[], ${instants("to")}::timestamptz[])),
    merged (service, change, merged_at, fate) as materialized (
      select service, change, merged_at, case when left_out_in && ${wanted} then 'left out' else 'not deployed' end
      from dora_unshipped
      where org = ${org} and merged_at >= ${from} and merged_at < ${to} and not shipped_in && ${wanted}
      union all
      select service, change, merged_at, 'shipped later' from dora_shipment s ${shippedBefore(org, wanted, to)}
      where org = ${org} and environment = any(${wanted}) and deployed_at >= ${to}
        and merged_at >= ${from} and merged_at < ${to} and o.found is null)
    select root,
      count(distinct (service, change)) filter (where fate = 'not deployed') as "notDeployed",
      count(distinct (service, change)) filter (where fate = 'left out') as "leftOut",
      count(distinct (service, change)) filter (where fate = 'shipped later') as "shippedLater"
    from merged join below p on p.owner = service and ${owned} group by root`.execute(db);
  return new Map(rows.map(({ root, ...counts }) => [root, counts]));
}
