/** Reads that may not hold the server: in a transaction of their own that cannot write and ends after a while. */
import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";

/** SQLSTATE query_canceled. */
export const TIMED_OUT = "57014";

/**
 * $1 milliseconds. Rows are in memory or on disks without heads: what costs is the number of pages, not where they are. With the
 * default of 4 the planner reads whole blueprints where an index names a few hundred rows. Starting helper processes (measured: 20
 * of 30 ms) costs more than it saves.
 */
const limits = prepared(
  "read_only_limits",
  `select set_config('statement_timeout', $1, true), set_config('random_page_cost', '1.1', true),
    set_config('max_parallel_workers_per_gather', '0', true)`,
);

/**
 * Runs `work` in a read-only transaction whose statements are cancelled after `limitMs` (SQLSTATE 57014); inside a
 * transaction `work` runs as a part of it. PostgreSQL cancels by itself; the embedded database cannot be interrupted,
 * so its thread is ended and started again (pglite-pool.ts).
 */
export async function readOnly<T>(db: Db, limitMs: number, work: (db: Db) => Promise<T>): Promise<T> {
  if (db.isTransaction) return work(db);
  return db
    .transaction()
    .setAccessMode("read only")
    .execute(async (trx) => {
      await limits(trx, limitMs);
      return work(trx);
    });
}
