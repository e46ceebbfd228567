import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface FactCounts {
  readonly services: number;
  readonly deployments: number;
  readonly changes: number;
  readonly commits: number;
}

/** How many rows there are of each kind of fact. */
export async function countFacts(
  db: Db,
  org: string,
  blueprints: { service: string; deployment: readonly string[]; change: readonly string[] },
): Promise<FactCounts> {
  const result = await sql<FactCounts>`
    select
      (select count(*) from entity where org = ${org} and blueprint = ${blueprints.service}) as services,
      (select count(*) from entity where org = ${org} and blueprint = any(${[...blueprints.deployment]}::text[])) as deployments,
      (select count(*) from entity where org = ${org} and blueprint = any(${[...blueprints.change]}::text[])) as changes,
      (select count(*) from git_commit where org = ${org}) as commits`.execute(db);
  return result.rows[0] ?? { services: 0, deployments: 0, changes: 0, commits: 0 };
}
