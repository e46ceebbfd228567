/** Reads of one moment, however many statements they take. */
import type { Db } from "./db.ts";

/** Inside a transaction `work` runs as a part of it, and sees what that sees. */
export function snapshot<T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> {
  if (db.isTransaction) return work(db);
  return db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(work);
}
