/**
 * PostgreSQL's autovacuum does not run in the embedded database: without fresh statistics the planner takes every
 * table for empty (a join over 12,000 entities took 47 s instead of 0.1 s), and dead rows are never reused.
 */
import { sql } from "kysely";
import type { Database } from "./db.ts";

/** Often enough that a first import is planned well after its first seconds; the check reads one small view. */
const INTERVAL_MS = 3000;
/** The same shape as autovacuum's own rule: a base and a share of the table. */
const BASE_ROWS = 500;
const SHARE = 0.2;

/** @returns what stops it; waits for the statement at hand */
export function startMaintenance(database: Database, onError: (error: unknown) => void): () => Promise<void> {
  if (database.kind !== "embedded") return () => Promise.resolve();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const schedule = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = vacuumChanged(database, () => stopped)
        .catch(onError)
        .then(schedule);
    }, INTERVAL_MS);
    timer.unref();
  };
  schedule();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}

async function vacuumChanged(database: Database, isStopped: () => boolean): Promise<void> {
  const tables = await sql<{ relname: string }>`
    select relname from pg_stat_user_tables
    where greatest(n_mod_since_analyze, n_dead_tup) > ${BASE_ROWS}::float8 + ${SHARE}::float8 * n_live_tup
    order by relname`.execute(database.kysely);
  for (const { relname } of tables.rows) {
    if (isStopped()) return;
    await sql`vacuum (analyze) ${sql.table(relname)}`.execute(database.kysely);
  }
}
