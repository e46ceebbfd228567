import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Ctx } from "./context.ts";
import type { Db } from "./db.ts";

/** SQLSTATEs after which the same transaction may succeed: serialization_failure, deadlock_detected. */
const RETRYABLE = new Set(["40001", "40P01"]);
const ATTEMPTS = 10;

/**
 * Runs `work` in one transaction (READ COMMITTED) and again after a deadlock or serialisation failure, with a short
 * growing pause. `work` must have no effect outside the database. Nested calls are a mistake and throw.
 */
export async function transact<T>(ctx: Ctx, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  if (ctx.db.isTransaction) throw new Error("transact: already in a transaction");
  const db = ctx.db;
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute((trx) => work({ ...ctx, db: trx }));
    } catch (error) {
      if (attempt >= ATTEMPTS || !RETRYABLE.has(sqlState(error))) throw error;
      await sleep(attempt * 10 + Math.random() * 20);
    }
  }
}

/** The SQLSTATE of a database error, or the empty text. */
export function sqlState(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

/** Marks where `rollBackTo` returns to, in a transaction; a later mark takes the place of an earlier one. */
export async function savepoint(db: Db): Promise<void> {
  await sql`savepoint here`.execute(db);
}

/** Undoes what was done since the mark, after which the transaction can go on. */
export async function rollBackTo(db: Db): Promise<void> {
  await sql`rollback to savepoint here`.execute(db);
}
