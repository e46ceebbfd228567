/** Ways in for people: a password, or a link that works once. */
import { randomBytes } from "node:crypto";
import { plainAddress } from "../model/plain-address.ts";
import type { Db } from "../storage/db.ts";
import { isOldHash, isPassword, readPassword, renewHash } from "./passwords.ts";
import { hashToken } from "./sessions.ts";

/** `password`: it lets its holder choose a password. */
export type LinkPurpose = "sign-in" | "password";

const LINK_HOURS: Readonly<Record<LinkPurpose, number>> = { "sign-in": 24, password: 2 };

/** A token that works once; their older links of this purpose end. Those that were used stay: `hasComeIn`. */
export async function createLink(
  db: Db,
  org: string,
  email: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await db
    .deleteFrom("sign_in_link")
    .where("org", "=", org)
    .where("email", "=", email)
    .where("purpose", "=", purpose)
    .where("used_at", "is", null)
    .execute();
  const expiresAt = new Date(now.getTime() + LINK_HOURS[purpose] * 3_600_000);
  const row = { org, token_hash: hashToken(token), email, expires_at: expiresAt, used_at: null, purpose };
  await db.insertInto("sign_in_link").values(row).execute();
  return token;
}

/** Uses up the link. @returns whose it was; null when it is unknown, used, expired, or for something else */
export async function redeemLink(
  db: Db,
  org: string,
  token: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<string | null> {
  const link = await db
    .updateTable("sign_in_link")
    .set({ used_at: now })
    .where("org", "=", org)
    .where("token_hash", "=", hashToken(token))
    .where("purpose", "=", purpose)
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .returning("email")
    .executeTakeFirst();
  return link?.email ?? null;
}

/** Whose link it is, without using it up. */
export async function peekLink(
  db: Db,
  org: string,
  token: string,
  purpose: LinkPurpose,
  now: Date,
): Promise<string | null> {
  const link = await db
    .selectFrom("sign_in_link")
    .select("email")
    .where("org", "=", org)
    .where("token_hash", "=", hashToken(token))
    .where("purpose", "=", purpose)
    .where("used_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return link?.email ?? null;
}

/** The address of the account that is meant, as it is stored; the one that was typed when there is none. */
export async function accountOf(db: Db, org: string, typed: string): Promise<string> {
  const rows = await db
    .selectFrom("account")
    .select("email")
    .where("org", "=", org)
    .where("email", "in", [typed, plainAddress(typed)])
    .execute();
  return (rows.find(({ email }) => email === typed) ?? rows[0])?.email ?? typed;
}

/** Whether it is their password; as slow for an unknown e-mail as for a known one. */
export async function checkPassword(db: Db, org: string, email: string, password: string): Promise<boolean> {
  const { hash } = await readPassword(db, org, email);
  if (!(await isPassword(password, hash))) return false;
  if (hash !== null && isOldHash(hash)) await renewHash(db, org, email, hash, password);
  return true;
}

/** Whether they have ever come in, by whatever way, or have chosen a password. */
export async function hasComeIn(db: Db, org: string, email: string): Promise<boolean> {
  const { ways } = await db
    .selectNoFrom((eb) => {
      // Both have these columns, which a union of tables does not say.
      const rowsIn = (table: "web_session" | "sso_link") =>
        eb
          .selectFrom(table as "web_session")
          .select("email")
          .where("org", "=", org)
          .where("email", "=", email);
      return eb
        .or([
          eb.exists(
            eb
              .selectFrom("account")
              .select("email")
              .where("org", "=", org)
              .where("email", "=", email)
              .where("password_set_at", "is not", null),
          ),
          eb.exists(rowsIn("web_session")),
          eb.exists(
            eb
              .selectFrom("sign_in_link")
              .select("email")
              .where("org", "=", org)
              .where("email", "=", email)
              .where("used_at", "is not", null),
          ),
          eb.exists(rowsIn("sso_link")),
        ])
        .as("ways");
    })
    .executeTakeFirstOrThrow();
  return Boolean(ways);
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
