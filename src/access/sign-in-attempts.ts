/** Between the first factor and the second: a token that says whose first factor was right, for five minutes. */
import { randomBytes } from "node:crypto";
import type { Db } from "../storage/db.ts";
import { hashToken } from "./sessions.ts";

const MINUTES = 5;

export async function beginAttempt(db: Db, org: string, email: string, now: Date): Promise<string> {
  const token = randomBytes(24).toString("base64url");
  await db.deleteFrom("sign_in_attempt").where("org", "=", org).where("expires_at", "<=", now).execute();
  await db
    .insertInto("sign_in_attempt")
    .values({
      ...{ org, token_hash: hashToken(token), email, method: "local" },
      expires_at: new Date(now.getTime() + MINUTES * 60_000),
    })
    .execute();
  return token;
}

/** Whose it is; null: unknown, or too old. */
export async function findAttempt(db: Db, org: string, token: string, now: Date): Promise<string | null> {
  const row = await db
    .selectFrom("sign_in_attempt")
    .select("email")
    .where("org", "=", org)
    .where("token_hash", "=", hashToken(token))
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return row?.email ?? null;
}

/** The first factor of before counts no more: the password is another, or what was asked for besides. */
export async function forgetAttempts(db: Db, org: string, email: string): Promise<void> {
  await db.deleteFrom("sign_in_attempt").where("org", "=", org).where("email", "=", email).execute();
}

/** @returns whether it was there: of two at the same time one gets it */
export async function endAttempt(db: Db, org: string, token: string): Promise<boolean> {
  const row = await db
    .deleteFrom("sign_in_attempt")
    .where("org", "=", org)
    .where("token_hash", "=", hashToken(token))
    .returning("email")
    .executeTakeFirst();
  return row !== undefined;
}
