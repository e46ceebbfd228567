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

/** Decisions of theirs on runs, those on the latest runs first. */
export async function approvalsBy(db: Db, org: string, email: string): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    select d.one->>'at' as at, r.id as run, r.action, d.one->>'state' as state, d.one->>'description' as description
    from action_run r cross join lateral json_array_elements(r.approvals) as d (one)
    where r.org = ${org} and d.one->>'userId' = ${email}
    order by r.seq desc limit ${MAX_TOLD}::int`.execute(db);
  return rows;
}

/** Lines that they wrote into the logs of runs, the latest first. */
export async function runLogBy(db: Db, org: string, email: string): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    select at, run, message from action_run_log where org = ${org} and by = ${email}
    order by seq desc limit ${MAX_TOLD}::int`.execute(db);
  return rows;
}

/** What identity providers know them by. */
export async function providersOf(db: Db, org: string, email: string): Promise<Told> {
  const links = await sql<Told>`
    select issuer, subject, created_at as "createdAt" from sso_link
    where org = ${org} and email = ${email} order by created_at`.execute(db);
  const scim = await sql<Told>`
    select id, external_id as "externalId", user_name as "userName" from scim_resource
    where org = ${org} and kind = 'User' and subject = ${email}`.execute(db);
  return { signOn: links.rows, scim: scim.rows[0] ?? null };
}

/** What they set for themselves. */
export async function ownSettingsOf(db: Db, org: string, email: string): Promise<readonly Told[]> {
  const { rows } = await sql<Told>`
    select name, value, updated_at as "updatedAt" from own_setting
    where org = ${org} and person = ${email} order by name`.execute(db);
  return rows;
}
