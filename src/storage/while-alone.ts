/** Work that only one of several processes on a database may do at a time. */
import { type Kysely, sql } from "kysely";
import type { Database } from "./db.ts";
import { LOCK_TIMEOUT } from "./lock-timeout.ts";
import type { Tables } from "./tables.ts";

export interface Alone {
  /** The connection of the work. */
  readonly db: Kysely<Tables>;
  /** Interrupts the statement at hand (SQLSTATE 57014). */
  readonly interrupt: () => Promise<void>;
}

/** Does the work unless another process is at it. The lock goes with the connection of a process that dies. */
export async function whileAlone(
  database: Database,
  lock: number,
  work: (alone: Alone) => Promise<void>,
): Promise<void> {
  const { direct: kysely } = database;
  // The embedded database has one process, and one connection, which others need between the statements.
  if (database.kind === "embedded") return work({ db: kysely, interrupt: () => Promise.resolve() });
  await kysely.connection().execute(async (db) => {
    const { rows } = await sql<{ ok: boolean; pid: number }>`
      select pg_try_advisory_lock(${lock}::bigint) as ok, pg_backend_pid() as pid`.execute(db);
    const [row] = rows;
    if (row?.ok !== true) return;
    const interrupt = async (): Promise<void> =>
      void (await sql`select pg_cancel_backend(${row.pid}::int)`.execute(kysely));
    try {
      // What builds indexes waits for transactions that others have open.
      await sql`select set_config('lock_timeout', '0', false)`.execute(db);
      await work({ db, interrupt });
    } finally {
      await sql`select set_config('lock_timeout', ${LOCK_TIMEOUT}, false), pg_advisory_unlock(${lock}::bigint)`.execute(
        db,
      );
    }
  });
}
