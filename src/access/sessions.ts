/** Sign-in of people: by password, or by a one-time link that the server prints; sessions in an httpOnly cookie. */
import { createHash, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
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

/** The administrator exists after this; their password is the configured one, or none. */
export async function ensureAdministrator(
  db: Db,
  org: string,
  admin: { email: string | null; password: string | null },
): Promise<void> {
  const email = admin.email ?? LOCAL_ADMIN;
  const passwordHash = admin.password === null ? null : await hashPassword(admin.password);
  await db
    .insertInto("account")
    .values({ org, email, name: "Administrator", password_hash: passwordHash, role: "Admin" })
    .onConflict((c) => c.columns(["org", "email"]).doUpdateSet({ password_hash: passwordHash }))
    .execute();
  // One administrator in this version: an account that was configured before must not stay open.
  await db.deleteFrom("account").where("org", "=", org).where("email", "!=", email).execute();
  await db.deleteFrom("web_session").where("org", "=", org).where("email", "!=", email).execute();
}

/** A token for `/login?token=…` that signs the administrator in once, within a day; older links end. */
export async function createSignInLink(db: Db, org: string, now: Date): Promise<string> {
  const { email } = await db
    .selectFrom("account")
    .select("email")
    .where("org", "=", org)
    .executeTakeFirstOrThrow();
  const token = randomBytes(24).toString("base64url");
  await db.deleteFrom("sign_in_link").where("org", "=", org).execute();
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
    .selectFrom("account")
    .select(["email", "name", "role"])
    .where("org", "=", org)
    .where("email", "=", email)
    .executeTakeFirst();
  if (user === undefined) return null;
  const token = randomBytes(32).toString("base64url");
  await db.deleteFrom("web_session").where("org", "=", org).where("expires_at", "<=", now).execute();
  await db
    .insertInto("web_session")
    .values({ org, token_hash: hash(token), email, expires_at: inFuture(now, SESSION_DAYS * 24) })
    .execute();
  return { token, user, maxAgeSeconds: SESSION_DAYS * 86_400 };
}

/** Whose session this is; null when it ended. */
export async function sessionUser(db: Db, org: string, token: string, now: Date): Promise<User | null> {
  const row = await db
    .selectFrom("web_session as s")
    .innerJoin("account as a", (join) => join.onRef("a.org", "=", "s.org").onRef("a.email", "=", "s.email"))
    .select(["a.email", "a.name", "a.role"])
    .where("s.org", "=", org)
    .where("s.token_hash", "=", hash(token))
    .where("s.expires_at", ">", now)
    .executeTakeFirst();
  return row ?? null;
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
