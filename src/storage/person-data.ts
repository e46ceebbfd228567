/** What is stored of a person and of what they did. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

/** Rows of one kind; of more the latest. */
export const MAX_TOLD = 10_000;

export type Told = Readonly<Record<string, unknown>>;

/** What they changed in the catalog, the latest first. */
export async function changesBy(db: Db, org: string, email: string): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    select at, kind, action, blueprint, identifier, origin, run_id as "runId"
    from change where org = ${org} and actor = ${email}
    order by xid desc, seq desc limit ${MAX_TOLD}::int`.execute(db);
  return rows;
}

/** What their user was, in each of its states, the latest first. */
export async function changesOf(db: Db, org: string, email: string): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    select at, action, before, after, actor from change
    where org = ${org} and blueprint = '_user' and identifier = ${email}
    order by seq desc limit ${MAX_TOLD}::int`.execute(db);
  return rows;
}

/** What the audit log has by them and about them, the latest first. */
export async function auditOf(db: Db, org: string, email: string): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    select at, kind, action, status, blueprint, identifier, message, actor, origin from audit_event
    where org = ${org} and (actor = ${email} or identifier = ${email})
    order by seq desc limit ${MAX_TOLD}::int`.execute(db);
  return rows;
}

/** Runs of actions that they started, the latest first. */
export async function runsBy(db: Db, org: string, email: string): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    select created_at as "createdAt", id, action, status, blueprint, entity, properties, summary from action_run
    where org = ${org} and created_by = ${email}
    order by seq desc limit ${MAX_TOLD}::int`.execute(db);
  return rows;
}
