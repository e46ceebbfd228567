import { sql } from "kysely";
import type { Db } from "./db.ts";

/** Any constant of our own. */
const LOCK = 4_020_772;

/** Within a transaction: only one starting process at a time goes on from here, until its transaction ends. */
export async function lockStart(db: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCK}::bigint)`.execute(db);
}
