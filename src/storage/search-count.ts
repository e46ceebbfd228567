/** How many entities match a query. */
import { sql } from "kysely";
import type { QueryGroup } from "../model/query-nodes.ts";
import type { Db } from "./db.ts";
import { type SearchScope, startCompilation } from "./search-compilation.ts";
import { compile } from "./search-compile.ts";
import { isOneOf } from "./search-walks.ts";

export async function countFound(db: Db, query: QueryGroup, scope: SearchScope): Promise<number> {
  const compilation = startCompilation(scope);
  const condition = compile(query, compilation);
  const ctes = [...compilation.walks.values()].flatMap((walk) => walk.ctes);
  const withClause = ctes.length === 0 ? sql`` : sql`with recursive ${sql.join(ctes, sql`, `)} `;
  const { rows } = await sql<{ n: number }>`
    ${withClause}select count(*)::int as n from entity e
    where e.org = ${scope.org} and ${isOneOf(sql`e.blueprint`, scope.within)} and ${condition}`.execute(db);
  return rows[0]?.n ?? 0;
}
