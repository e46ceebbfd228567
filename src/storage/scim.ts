/** Users and teams under the ids that identity providers know them by. */
import { type RawBuilder, sql } from "kysely";
import { SERVICE_ACCOUNT } from "../model/user.ts";
import type { Db } from "./db.ts";

export type ScimKind = "User" | "Group";

export interface ScimRow {
  readonly id: string;
  /** E-mail address of a user, name of a team. */
  readonly subject: string;
  readonly externalId: string | null;
  readonly userName: string | null;
}

/** What to look for; all of it. */
export interface ScimSearch {
  readonly id?: string;
  readonly externalId?: string;
  /** Of users: what the provider calls them, or their address, however it is written. */
  readonly userName?: string;
  readonly subject?: string;
}

const BLUEPRINTS: Readonly<Record<ScimKind, string>> = { User: "_user", Group: "_team" };
const COLUMNS = sql`id, subject, external_id as "externalId", user_name as "userName"`;

/** Gives ids to users and teams that have none yet: they may have been made in any way. */
async function giveIds(db: Db, org: string, kind: ScimKind, only: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into scim_resource (org, kind, id, subject)
    select e.org, ${kind}, gen_random_uuid()::text, e.identifier from entity e
    where e.org = ${org} and e.blueprint = ${BLUEPRINTS[kind]} and e.created_at > '-infinity' and ${only}
      and coalesce(e.properties->>'port_type', '') <> ${SERVICE_ACCOUNT}
      and not exists (select from scim_resource s
        where s.org = e.org and s.kind = ${kind} and s.subject = e.identifier)
    on conflict do nothing`.execute(db);
}

/** In any case of the letters of ASCII, as addresses are found (model/plain-address.ts): others are other letters. */
const same = (column: RawBuilder<unknown>, text: string): RawBuilder<unknown> =>
  sql`lower(${column} collate "C") = lower(${text}::text collate "C")`;

/** Which of those without an id could be found by this; null: none, for they have nothing else either. */
function couldBe({ id, externalId, userName, subject }: ScimSearch): RawBuilder<unknown> | null {
  if (id !== undefined || externalId !== undefined) return null;
  const names = [userName, subject].filter((name) => name !== undefined);
  return sql.join([sql`true`, ...names.map((name) => same(sql`e.identifier`, name))], sql` and `);
}

/** In the order of their names. */
export async function findScim(
  db: Db,
  org: string,
  kind: ScimKind,
  search: ScimSearch,
  page: { readonly offset: number; readonly limit: number },
): Promise<{ readonly rows: readonly ScimRow[]; readonly total: number }> {
  const { id, externalId, userName, subject } = search;
  const unknown = couldBe(search);
  if (unknown !== null) await giveIds(db, org, kind, unknown);
  const conditions = [
    sql`org = ${org} and kind = ${kind}`,
    ...(id === undefined ? [] : [sql`id = ${id}`]),
    ...(externalId === undefined ? [] : [sql`external_id = ${externalId}`]),
    ...(userName === undefined ? [] : [same(sql`coalesce(user_name, subject)`, userName)]),
    ...(subject === undefined ? [] : [same(sql`subject`, subject)]),
  ];
  const where = sql.join(conditions, sql` and `);
  const counted = await sql<{
    count: string;
  }>`select count(*) as count from scim_resource where ${where}`.execute(db);
  const { rows } = await sql<ScimRow>`
    select ${COLUMNS} from scim_resource where ${where}
    order by subject, id limit ${page.limit}::int offset ${page.offset}::int`.execute(db);
  return { rows, total: Number(counted.rows[0]?.count ?? 0) };
}

const isOneOf = (subjects: readonly string[]): RawBuilder<unknown> =>
  sql`e.identifier = any(${[...subjects]}::text[])`;

/** Those of these e-mail addresses, or names of teams. */
export async function scimRowsOf(
  db: Db,
  org: string,
  kind: ScimKind,
  subjects: readonly string[],
): Promise<readonly ScimRow[]> {
  if (subjects.length === 0) return [];
  const read = async (): Promise<readonly ScimRow[]> =>
    (
      await sql<ScimRow>`
        select ${COLUMNS} from scim_resource
        where org = ${org} and kind = ${kind} and subject = any(${[...subjects]}::text[])`.execute(db)
    ).rows;
  const rows = await read();
  if (rows.length === new Set(subjects).size) return rows;
  await giveIds(db, org, kind, isOneOf(subjects));
  return read();
}

/** Those of these ids. */
export async function scimRowsById(
  db: Db,
  org: string,
  kind: ScimKind,
  ids: readonly string[],
): Promise<readonly ScimRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<ScimRow>`
    select ${COLUMNS} from scim_resource
    where org = ${org} and kind = ${kind} and id = any(${[...ids]}::text[])`.execute(db);
  return rows;
}

/** What the provider calls it; undefined: as it was. */
export async function nameScim(
  db: Db,
  org: string,
  kind: ScimKind,
  subject: string,
  names: { readonly externalId?: string | null | undefined; readonly userName?: string | null | undefined },
): Promise<void> {
  await giveIds(db, org, kind, isOneOf([subject]));
  const set = [
    ...(names.externalId === undefined ? [] : [sql`external_id = ${names.externalId}`]),
    ...(names.userName === undefined ? [] : [sql`user_name = ${names.userName}`]),
  ];
  if (set.length === 0) return;
  await sql`
    update scim_resource set ${sql.join(set, sql`, `)}
    where org = ${org} and kind = ${kind} and subject = ${subject}`.execute(db);
}

/** A team keeps its id under another name. */
export async function renameScimTeam(db: Db, org: string, from: string, to: string): Promise<void> {
  await sql`
    update scim_resource set subject = ${to} where org = ${org} and kind = 'Group' and subject = ${from}`.execute(
    db,
  );
}

export async function forgetScim(
  db: Db,
  org: string,
  kind: ScimKind,
  subjects: readonly string[],
): Promise<void> {
  await sql`
    delete from scim_resource
    where org = ${org} and kind = ${kind} and subject = any(${[...subjects]}::text[])`.execute(db);
}
