/** Indexes on single properties, made because searches were slow without them. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { IndexKey, Indexes } from "./search-drive.ts";

/** Those that exist. */
export async function readIndexes(db: Db, org: string): Promise<Indexes> {
  const { rows } = await sql<IndexKey>`
    select blueprint, property, kind from search_index where org = ${org} and name is not null`.execute(db);
  const keys = new Set(rows.map(textOf));
  return { has: (key) => keys.has(textOf(key)) };
}

function textOf({ blueprint, property, kind }: IndexKey): string {
  return [blueprint, property, kind].join("\u0000");
}
