/** Where entities stand in the order by creation, without their contents. */
import { sql } from "kysely";
import type { Db } from "./db.ts";
import type { Place } from "./entity-pages.ts";

/** Oldest first. `until`: those created later are left out. */
export async function entityPlaces(
  db: Db,
  org: string,
  blueprint: string,
  {
    after,
    until,
    limit,
  }: { readonly after: Place | null; readonly until: Date | null; readonly limit: number },
): Promise<Place[]> {
  const from =
    after === null
      ? sql`true`
      : sql`(created_at, identifier) > (${after.createdAt.toISOString()}::timestamptz, ${after.identifier})`;
  const { rows } = await sql<{ created_at: Date; identifier: string }>`
    select created_at, identifier from entity
    where org = ${org} and blueprint = ${blueprint} and created_at > '-infinity' and ${from}
      and ${until === null ? sql`true` : sql`created_at <= ${until.toISOString()}::timestamptz`}
    order by created_at, identifier limit ${limit}::int`.execute(db);
  return rows.map(({ created_at: createdAt, identifier }) => ({ createdAt, identifier }));
}
