/** Forgetting what the audit log tells: events of their own, and rows of the change feed that every reader has read. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

const countOf = (result: { readonly numAffectedRows?: bigint | undefined }): number =>
  Number(result.numAffectedRows ?? 0n);

/** @returns how many */
export async function forgetAuditEvents(db: Db, org: string, before: Date, limit: number): Promise<number> {
  return countOf(
    await sql`
      delete from audit_event where org = ${org} and seq in (
        select seq from audit_event where org = ${org} and at < ${before.toISOString()}::timestamptz
        order by seq limit ${limit}::int)`.execute(db),
  );
}

/** A reader that has not come so far keeps them. @returns how many */
export async function forgetChanges(db: Db, org: string, before: Date, limit: number): Promise<number> {
  return countOf(
    await sql`
      with old as (
        select xid, seq from change
        where org = ${org} and at < ${before.toISOString()}::timestamptz
          and not exists (select from feed_cursor f where f.org = ${org} and (f.xid, f.seq) < (change.xid, change.seq))
        order by xid, seq limit ${limit}::int),
      source as (
        delete from change_source s using old where s.org = ${org} and s.xid = old.xid and s.seq = old.seq)
      delete from change c using old where c.org = ${org} and c.xid = old.xid and c.seq = old.seq`.execute(
      db,
    ),
  );
}
