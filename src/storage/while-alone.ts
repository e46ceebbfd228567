/** Work that only one of several processes on a database may do at a time. */
import { sql } from "kysely";
import type { Database } from "./db.ts";

/** Does the work unless another process is at it. The lock goes with the connection of a process that dies. */
export async function whileAlone(database: Database, lock: number, work: () => Promise<void>): Promise<void> {
  // The embedded database has one process, and one connection, which the work itself needs.
  if (database.kind === "embedded") return work();
  await database.kysely.connection().execute(async (db) => {
    const { rows } = await sql<{ ok: boolean }>`select pg_try_advisory_lock(${lock}::bigint) as ok`.execute(
      db,
    );
    if (rows[0]?.ok !== true) return;
    try {
      await work();
    } finally {
      await sql`select pg_advisory_unlock(${lock}::bigint)`.execute(db);
    }
  });
}
