/** What is old is forgotten, in portions: each statement holds its rows for a moment only. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

/** Tables whose old rows go, with what says how old a row is. Logs of runs go with their run. */
const OLD = {
  action_run: "ended_at",
  alert_event: "at",
  webhook_version: "at",
} as const;

/** Runs that have not ended have no `ended_at`, and stay. @returns whether there may be more */
export async function forgetOld(
  db: Db,
  table: keyof typeof OLD,
  before: Date,
  limit: number,
): Promise<boolean> {
  const { rows } = await sql<{ n: number }>`
    with gone as (
      delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)}
        where ${sql.ref(OLD[table])} < ${before.toISOString()}::timestamptz limit ${limit}::int))
      returning 1)
    select count(*)::int as n from gone`.execute(db);
  return (rows[0]?.n ?? 0) === limit;
}
