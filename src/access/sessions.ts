/** Sign-in of people: by password, or by a one-time link that the server prints; sessions in an httpOnly cookie. */
import { createHash, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { Person } from "../model/actor.ts";
import { nameOf, personOf, rolesOf, statusOf, USER_BLUEPRINT, type UserEntity } from "../model/user.ts";
import type { Db } from "../storage/db.ts";
import { sameText } from "./organization.ts";

export interface User {
  readonly email: string;
  readonly name: string;
  /** "Admin" or "Member". */
  readonly role: string;
}

export interface Session {
  /** The secret that goes into the cookie; only its hash is stored. */
  readonly token: string;
  readonly user: User;
  /** They were invited and come for the first time: their status is to become Active. */
  readonly isFirst: boolean;
  readonly maxAgeSeconds: number;
}

const SESSION_DAYS = 14;
const LINK_HOURS = 24;
/** Who a one-time link signs in when no administrator is configured. */
const LOCAL_ADMIN = "admin@localhost";

const scryptAsync = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: object,
) => Promise<Buffer>;
const SCRYPT = { N: 16_384, r: 8, p: 1 };

const hash = (token: string): string => createHash("sha256").update(token).digest("hex");
const inFuture = (now: Date, hours: number): Date => new Date(now.getTime() + hours * 3_600_000);

async function hashPassword(password: string, salt = randomBytes(16)): Promise<string> {
  const key = await scryptAsync(password, salt, 32, SCRYPT);
  return `scrypt$${salt.toString("base64")}$${key.toString("base64")}`;
}

/** The password of the administrator becomes the configured one, or none. Their `_user` entity is catalog/users.ts's. */
export async function ensureAdministrator(
  db: Db,
  org: string,
  admin: { email: string | null; password: string | null },
): Promise<{ readonly email: string; readonly former: readonly string[] }> {
  const email = admin.email ?? LOCAL_ADMIN;
  const passwordHash = admin.password === null ? null : await hashPassword(admin.password);
  await db
    .insertInto("account")
    .values({
      ...{ org, email, name: "Administrator", password_hash: passwordHash, role: "Admin", configured: true },
    })
    .onConflict((c) =>
      c.columns(["org", "email"]).doUpdateSet({ password_hash: passwordHash, configured: true }),
    )
    .execute();
  // An account that was configured before must not stay open.
  const former = await db
    .deleteFrom("account")
    .where("org", "=", org)
    .where("email", "!=", email)
    .where("configured", "=", true)
    .returning("email")
    .execute();
  return { email, former: former.map((account) => account.email) };
}

/** A token for `/login?token=…` that signs this person in once, within a day; their older links end. */
export async function createSignInLink(db: Db, org: string, email: string, now: Date): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await db.deleteFrom("sign_in_link").where("org", "=", org).where("email", "=", email).execute();
  await db
    .insertInto("sign_in_link")
    .values({ org, token_hash: hash(token), email, expires_at: inFuture(now, LINK_HOURS), used_at: null })
    .execute();
  return token;
}

/** Uses up the link; null when it is unknown, used or expired. */
export async function redeemSignInLink(
  db: Db,
  org: string,
  token: string,
  now: Date,
): Promise<Session | null> {
  const link = await db
    .updateTable("sign_in_link")
    .set({ used_at: now })
    .where("org", "=", org)
    .where("token_hash", "=", hash(token))
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .returning("email")
    .executeTakeFirst();
  return link === undefined ? null : openSession(db, org, link.email, now);
}

/** Checks the password (as slowly for an unknown e-mail as for a known one). */
export async function signInWithPassword(
  db: Db,
  org: string,
  email: string,
  password: string,
  now: Date,
): Promise<Session | null> {
  const account = await db
    .selectFrom("account")
    .select("password_hash")
    .where("org", "=", org)
    .where("email", "=", email)
    .executeTakeFirst();
  const [, salt = "", expected = ""] = (account?.password_hash ?? "").split("$");
  const given = await hashPassword(password, salt === "" ? Buffer.alloc(16) : Buffer.from(salt, "base64"));
  if (expected === "" || !sameText(given.split("$")[2] ?? "", expected)) return null;
  return openSession(db, org, email, now);
}

async function openSession(db: Db, org: string, email: string, now: Date): Promise<Session | null> {
  const user = await db
    .selectFrom("entity")
    .select(["identifier", "title", "team", "properties"])
    .where("org", "=", org)
    .where("blueprint", "=", USER_BLUEPRINT)
    .where("identifier", "=", email)
    .executeTakeFirst();
  if (user === undefined || !["Active", "Invited"].includes(statusOf(user))) return null;
  const token = randomBytes(32).toString("base64url");
  await db.deleteFrom("web_session").where("org", "=", org).where("expires_at", "<=", now).execute();
  await db
    .insertInto("web_session")
    .values({ org, token_hash: hash(token), email, expires_at: inFuture(now, SESSION_DAYS * 24) })
    .execute();
  const isFirst = statusOf(user) === "Invited";
  return { token, user: userOf(user), isFirst, maxAgeSeconds: SESSION_DAYS * 86_400 };
}

const userOf = (user: UserEntity): User => ({
  email: user.identifier,
  name: nameOf(user),
  role: rolesOf(user)[0] ?? "Member",
});

/** Whose session this is; null when it ended, or they are no longer active. */
export async function sessionUser(
  db: Db,
  org: string,
  token: string,
  now: Date,
): Promise<{ readonly user: User; readonly person: Person } | null> {
  const row = await db
    .selectFrom("web_session as s")
    .innerJoinLateral(
      // One look-up by the primary key, as in tokens.ts.
      (eb) =>
        eb
          .selectFrom("entity")
          .select(["entity.identifier", "entity.title", "entity.team", "entity.properties"])
          .whereRef("entity.org", "=", "s.org")
          .where("entity.blueprint", "=", USER_BLUEPRINT)
          .whereRef("entity.identifier", "=", "s.email")
          .offset(0)
          .as("e"),
      (join) => join.onTrue(),
    )
    .select(["e.identifier", "e.title", "e.team", "e.properties"])
    .where("s.org", "=", org)
    .where("s.token_hash", "=", hash(token))
    .where("s.expires_at", ">", now)
    .executeTakeFirst();
  const person = row === undefined ? null : personOf(row);
  return row === undefined || person === null ? null : { user: userOf(row), person };
}

export async function endSession(db: Db, org: string, token: string): Promise<void> {
  await db.deleteFrom("web_session").where("org", "=", org).where("token_hash", "=", hash(token)).execute();
}

/** Whether somebody can sign in by password. */
export async function hasPassword(db: Db, org: string): Promise<boolean> {
  const row = await db
    .selectFrom("account")
    .select("email")
    .where("org", "=", org)
    .where("password_hash", "is not", null)
    .executeTakeFirst();
  return row !== undefined;
}
