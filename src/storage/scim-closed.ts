/** Whom the provider of identities shut out: those it may let in again. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export async function closeByProvider(db: Db, org: string, email: string): Promise<void> {
  await sql`
    update scim_resource set is_closed = true
    where org = ${org} and kind = 'User' and subject = ${email}`.execute(db);
}

/** Somebody else did, or nobody. */
export async function forgetWhoClosed(db: Db, org: string, emails: readonly string[]): Promise<void> {
  await sql`
    update scim_resource set is_closed = false
    where org = ${org} and kind = 'User' and is_closed and subject = any(${[...emails]}::text[])`.execute(db);
}

export async function wasClosedByProvider(db: Db, org: string, email: string): Promise<boolean> {
  const { rows } = await sql<{ closed: boolean }>`
    select is_closed as closed from scim_resource
    where org = ${org} and kind = 'User' and subject = ${email}`.execute(db);
  return rows[0]?.closed === true;
}
