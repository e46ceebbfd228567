/** Forgetting what the audit log tells: events of their own, and rows of the change feed that every reader has read. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

/** Looks at the first rows only: they are about in the order of their time. @returns how many */
export async function forgetAuditEvents(db: Db, org: string, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with first as (
      select seq, at from audit_event where org = ${org} order by seq limit ${limit}::int),
    gone as (
      delete from audit_event where org = ${org} and seq in (
        select seq from first where at < ${before.toISOString()}::timestamptz)
      returning 1)
    select count(*)::int as n from gone`.execute(db);
  return rows[0]?.n ?? 0;
}

/** As `forgetAuditEvents`; a reader that has not come so far keeps them. @returns how many */
export async function forgetChanges(db: Db, org: string, before: Date, limit: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with first as (
      select xid, seq, at from change where org = ${org} order by xid, seq limit ${limit}::int),
    old as (
      select xid, seq from first
      where at < ${before.toISOString()}::timestamptz
        and not exists (select from feed_cursor f where f.org = ${org} and (f.xid, f.seq) < (first.xid, first.seq))),
    source as (
      delete from change_source s using old where s.org = ${org} and s.xid = old.xid and s.seq = old.seq),
    gone as (
      delete from change c using old where c.org = ${org} and c.xid = old.xid and c.seq = old.seq returning 1)
    select count(*)::int as n from gone`.execute(db);
  return rows[0]?.n ?? 0;
}
