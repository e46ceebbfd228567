/** What the profile `devlake` needs of a scope, each kind in one statement (src/dora/devlake-profile.ts). */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import { type ServiceScope, withinScope } from "./dora-scope.ts";

export interface MergedRequestRow {
  readonly service: string;
  readonly blueprint: string | null;
  readonly id: string;
  readonly title: string | null;
  readonly url: string | null;
  readonly mergeSha: string | null;
  readonly firstCommitAt: number | null;
  readonly openedAt: number | null;
  readonly mergedAt: number;
}

/** Pull requests by time of merge, deployed or not, each once for a service. */
export async function readMergedRequests(
  db: Db,
  org: string,
  scope: ServiceScope,
): Promise<MergedRequestRow[]> {
  const from = (table: "dora_shipment" | "dora_unshipped") =>
    sql`select service, change, row from ${sql.table(table)} where org = ${org} and ${withinScope(scope, "merged_at")}
      and row ->> 'kind' = 'pull_request'`;
  const result = await sql<MergedRequestRow>`
    select distinct on (service, change) service, row #>> '{entity,blueprint}' as blueprint,
      coalesce(row #>> '{entity,identifier}', change) as id, row ->> 'title' as title, row ->> 'url' as url,
      row ->> 'sha' as "mergeSha", (row ->> 'firstCommitAt')::float8 as "firstCommitAt",
      (row ->> 'openedAt')::float8 as "openedAt", (row ->> 'mergedAt')::float8 as "mergedAt"
    from (${from("dora_shipment")} union all ${from("dora_unshipped")}) r
    order by service, change`.execute(db);
  return result.rows;
}

export interface ParentsRow {
  readonly repository: string;
  readonly sha: string;
  readonly parents: string[];
}

const commitsOf = (org: string, services: readonly string[] | null) => {
  const within = services === null ? sql`` : sql` and r.service = any(${[...services]}::text[])`;
  return sql`c.org = ${org} and c.repository in (
    select r.repository from dora_service_repository r where r.org = ${org}${within})`;
};

/** How many commits the repositories of these services (null: of all) have; counted up to `most`. */
export async function countParents(
  db: Db,
  org: string,
  services: readonly string[] | null,
  most: number,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::float8 as n from (
      select 1 from git_commit c where ${commitsOf(org, services)} limit ${most}::int) c`.execute(db);
  return rows[0]?.n ?? 0;
}

/** These commits without what they say, a page at a time. */
export async function* readParents(
  db: Db,
  org: string,
  services: readonly string[] | null,
  page: number,
): AsyncGenerator<readonly ParentsRow[]> {
  let after: ParentsRow | undefined;
  for (;;) {
    const next =
      after === undefined ? sql`` : sql` and (c.repository, c.sha) > (${after.repository}, ${after.sha})`;
    const { rows } = await sql<ParentsRow>`
      select c.repository, c.sha, c.parents from git_commit c where ${commitsOf(org, services)}${next}
      order by c.repository, c.sha limit ${page}::int`.execute(db);
    if (rows.length > 0) yield rows;
    after = rows.at(-1);
    if (rows.length < page) return;
  }
}
