/** What readers of the change feed need who come late: blueprints as they were at a place, though they were changed since. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { FeedPlace } from "./feed.ts";

/** @returns the definitions that the first changes behind the place replaced, whether they can be read in the feed already or not; null: created */
export async function definitionsBefore(
  db: Db,
  org: string,
  blueprints: readonly string[],
  place: FeedPlace,
): Promise<ReadonlyMap<string, unknown>> {
  if (blueprints.length === 0) return new Map();
  const { rows } = await sql<{ blueprint: string; before: unknown }>`
    select distinct on (blueprint) blueprint, before from change
    where org = ${org} and blueprint = any(${[...new Set(blueprints)]}::text[]) and identifier is null
      and kind = 'blueprint' and (xid, seq) > (${place.xid}::xid8, ${place.seq}::bigint)
    order by blueprint, xid, seq`.execute(db);
  return new Map(rows.map(({ blueprint, before }) => [blueprint, before]));
}
