/** Passwords of people: argon2id, with the parameters in front of the hash; scrypt of earlier versions is still read. */
import { argon2, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { AppError, invalid } from "../model/error.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import type { Db } from "../storage/db.ts";
import { endCredentials } from "../storage/people.ts";
import { transact } from "../storage/transact.ts";
import { isCommonPassword } from "./common-passwords.ts";
import { sameText } from "./organization.ts";
import { forgetAttempts } from "./sign-in-attempts.ts";

/** What OWASP recommends for argon2id with 19 MiB; 50 ms on one core of the machine it was measured on. */
const ARGON2 = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const PARAMETERS = `m=${ARGON2.memory},t=${ARGON2.passes},p=${ARGON2.parallelism}`;
const SCRYPT = { N: 16_384, r: 8, p: 1 };
const MIN_LENGTH = 12;
/** Longer ones only cost time; those of before stay good. */
const MAX_LENGTH = 128;

const argon2Async = promisify(argon2);
const scryptAsync = promisify(scrypt) as (
  password: string,
  salt: Buffer,
  length: number,
  options: object,
) => Promise<Buffer>;

const derive = (password: string, nonce: Buffer): Promise<Buffer> =>
  argon2Async("argon2id", { message: password, nonce, ...ARGON2 });

/** As it is stored. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive(password, nonce);
  return `argon2id$${PARAMETERS}$${nonce.toString("base64")}$${tag.toString("base64")}`;
}

/** Whether it is the stored one; takes as long when none is stored. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, ...parts] = (stored ?? "").split("$");
  if (kind === "scrypt") {
    const [salt = "", expected = ""] = parts;
    const key = await scryptAsync(password, Buffer.from(salt, "base64"), 32, SCRYPT);
    return sameText(key.toString("base64"), expected);
  }
  const [parameters, nonce = "", expected = ""] = parts;
  const tag = await derive(password, nonce === "" ? Buffer.alloc(16) : Buffer.from(nonce, "base64"));
  const isSame = sameText(tag.toString("base64"), expected);
  return kind === "argon2id" && parameters === PARAMETERS && isSame;
}

/** Whether it was stored by an earlier version, and is to be stored anew when the password is known. */
export const isOldHash = (stored: string): boolean => stored.startsWith("scrypt$");

/** Length counts, kinds of characters do not (NIST SP 800-63B). @throws AppError invalid_request */
export function checkNewPassword(password: string, email: string): void {
  const { length } = password;
  // Several spaces are as good as one.
  const counted = password.replaceAll(/ {2,}/g, " ").length;
  if (counted < MIN_LENGTH)
    throw invalid(`password must have at least ${MIN_LENGTH} characters, not ${counted}`);
  if (length > MAX_LENGTH)
    throw invalid(`password must have at most ${MAX_LENGTH} characters, not ${length}`);
  const [name = ""] = email.toLowerCase().split("@");
  const lower = password.toLowerCase();
  if (
    lower === email.toLowerCase() ||
    (name.length > 3 && lower.replaceAll(name, "").length < MIN_LENGTH / 2)
  )
    throw invalid("password must not be made of the e-mail address");
  if (new Set(lower).size < 5) throw invalid("password must have at least 5 different characters");
  if (isCommonPassword(password))
    throw invalid("password must not be one that is guessed first: common words, numbers and keys in a row");
}

/** `configured`: FAIRWAY_ADMIN_PASSWORD, changed there only. */
export type PasswordState = "none" | "own" | "configured";

/** What kind of password somebody has, and its hash. */
export async function readPassword(
  db: Db,
  org: string,
  email: string,
): Promise<{ readonly state: PasswordState; readonly hash: string | null }> {
  const row = await db
    .selectFrom("account")
    .select(["password_hash", "password_set_at"])
    .where("org", "=", org)
    .where("email", "=", email)
    .executeTakeFirst();
  const hash = row?.password_hash ?? null;
  if (hash === null) return { state: "none", hash };
  return { state: row?.password_set_at === null ? "configured" : "own", hash };
}

/**
 * Sets a password and ends the sessions that were opened with the old one.
 * @param keep the session that goes on; null: none
 * @param endTokens whether what machines use in their name ends too
 * @throws AppError invalid_request; conflict when it comes from the configuration
 */
export async function setPassword(
  ctx: Ctx,
  email: string,
  password: string,
  keep: string | null,
  endTokens = false,
): Promise<void> {
  checkNewPassword(password, email);
  const hash = await hashPassword(password);
  await transact(ctx, async (inner) => {
    const { db, org } = inner;
    if ((await readPassword(db, org, email)).state === "configured")
      throw new AppError(
        "conflict",
        "the password of this administrator comes from the configuration of the server (FAIRWAY_ADMIN_PASSWORD); change it there",
      );
    const set = { password_hash: hash, password_set_at: ctx.now() };
    await db
      .insertInto("account")
      .values({ org, email, name: email, role: "Member", ...set })
      .onConflict((c) => c.columns(["org", "email"]).doUpdateSet(set))
      .execute();
    await db
      .deleteFrom("web_session")
      .where("org", "=", org)
      .where("email", "=", email)
      .$if(keep !== null, (query) => query.where("id", "!=", keep ?? ""))
      .execute();
    await db.deleteFrom("sign_in_link").where("org", "=", org).where("email", "=", email).execute();
    await forgetAttempts(db, org, email);
    if (endTokens) await endCredentials(db, org, email);
    const after = { isPasswordSet: true, ...(endTokens && { areTokensEnded: true }) };
    await appendAuditEvents(inner, [{ kind: "credentials", action: "UPDATE", identifier: email, after }]);
  });
}

/** After a sign-in with a password that was stored by an earlier version. */
export async function renewHash(
  db: Db,
  org: string,
  email: string,
  old: string,
  password: string,
): Promise<void> {
  await db
    .updateTable("account")
    .set({ password_hash: await hashPassword(password) })
    .where("org", "=", org)
    .where("email", "=", email)
    .where("password_hash", "=", old)
    .execute();
}
