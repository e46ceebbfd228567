/** Users and teams among the entities, and what else is stored about them. */
import { sql } from "kysely";
import type { Entity, EntityKey } from "../model/entity.ts";
import { TEAM_BLUEPRINT } from "../model/query-graph.ts";
import { USER_BLUEPRINT } from "../model/user.ts";
import type { Db } from "./db.ts";
import { forgetScim } from "./scim.ts";
import { forgetWhoClosed } from "./scim-closed.ts";
import { ENTITY_COLUMNS, type EntityRow, toEntity } from "./entities.ts";

async function readAll(db: Db, org: string, blueprint: string, where = sql`true`): Promise<Entity[]> {
  const { rows } = await sql<EntityRow>`
    select ${ENTITY_COLUMNS} from entity e
    where e.org = ${org} and e.blueprint = ${blueprint} and e.created_at > '-infinity' and ${where}
    order by e.created_at, e.identifier`.execute(db);
  return rows.map(toEntity);
}

/** Oldest first. */
export const readUsers = (db: Db, org: string): Promise<Entity[]> => readAll(db, org, USER_BLUEPRINT);

export const readTeams = (db: Db, org: string): Promise<Entity[]> => readAll(db, org, TEAM_BLUEPRINT);

/** Users who are members of one of the teams. */
export const readMembers = (db: Db, org: string, teams: readonly string[]): Promise<Entity[]> =>
  readAll(db, org, USER_BLUEPRINT, sql`e.team && ${[...teams]}::text[] and e.team <> '{}'`);

/** The team with this identifier; else those with this title. */
export async function readTeamsNamed(db: Db, org: string, name: string): Promise<Entity[]> {
  const found = await readAll(db, org, TEAM_BLUEPRINT, sql`(e.identifier = ${name} or e.title = ${name})`);
  const exact = found.filter((team) => team.identifier === name);
  return exact.length > 0 ? exact : found;
}

/** Entities of any blueprint, users too, that the team owns. */
export async function ownedBy(db: Db, org: string, team: string, limit: number): Promise<EntityKey[]> {
  const { rows } = await sql<EntityKey>`
    select blueprint, identifier from entity
    where org = ${org} and team @> array[${team}::text] and team <> '{}' limit ${limit}::int`.execute(db);
  return rows;
}

/** However it is written, in ASCII: other letters that look alike, or fold to the same, are another address. */
export const readUsersAddressed = (db: Db, org: string, email: string): Promise<Entity[]> =>
  readAll(db, org, USER_BLUEPRINT, sql`lower(e.identifier collate "C") = lower(${email}::text collate "C")`);

/** Until the end of the transaction; nothing happens when they are not there. */
export async function lockUser(db: Db, org: string, email: string): Promise<void> {
  await sql`
    select from entity where org = ${org} and blueprint = ${USER_BLUEPRINT} and identifier = ${email}
    for no key update`.execute(db);
}

/** Of people who may no longer sign in: what was open must not come back when they may again. */
export async function endSessions(db: Db, org: string, emails: readonly string[]): Promise<void> {
  const list = [...emails];
  await db.deleteFrom("web_session").where("org", "=", org).where("email", "in", list).execute();
  await db.deleteFrom("sign_in_link").where("org", "=", org).where("email", "in", list).execute();
  await db.deleteFrom("sign_in_attempt").where("org", "=", org).where("email", "in", list).execute();
  await forgetWhoClosed(db, org, list);
}

/** Tokens and personal credentials of somebody who stays. */
export async function endCredentials(db: Db, org: string, email: string): Promise<void> {
  await db.deleteFrom("credential").where("org", "=", org).where("person", "=", email).execute();
  await db.deleteFrom("api_token").where("org", "=", org).where("person", "=", email).execute();
}

/** Ends sign-in and credentials of people who are no longer there; the configured administrator comes back with a start. */
export async function forgetPeople(db: Db, org: string, emails: readonly string[]): Promise<void> {
  const list = [...emails];
  await endSessions(db, org, list);
  await db.deleteFrom("credential").where("org", "=", org).where("person", "in", list).execute();
  await db.deleteFrom("api_token").where("org", "=", org).where("person", "in", list).execute();
  await db.deleteFrom("sso_link").where("org", "=", org).where("email", "in", list).execute();
  await forgetScim(db, org, "User", list);
  await db.deleteFrom("second_factor").where("org", "=", org).where("email", "in", list).execute();
  await db.deleteFrom("account").where("org", "=", org).where("email", "in", list).execute();
}
