/** The second factor of people: an authenticator app, and recovery codes for when it is lost. */
import { randomBytes } from "node:crypto";
import { AppError } from "../model/error.ts";
import { SEAL_NAMES } from "../model/seal-names.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import type { Db } from "../storage/db.ts";
import { transact } from "../storage/transact.ts";
import type { KeyRing } from "./key-ring.ts";
import { hashingKey, hashSecret } from "./organization.ts";
import { forgetAttempts } from "./sign-in-attempts.ts";
import { decryptSecret, encryptSecret } from "./secrets.ts";
import { base32, lastStepAt, otpauthUri, stepOfCode } from "./totp.ts";

const ISSUER = "Fairway";
/** As RFC 4226 asks for at least 16. */
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** Wrong codes in a row after which nothing is taken for a while; each further such run doubles it. */
const FAILURES_A_RUN = 5;
const FIRST_LOCK_SECONDS = 60;
const LONGEST_LOCK_SECONDS = 3600;

export interface SecondFactorState {
  readonly isOn: boolean;
  readonly recoveryCodesLeft: number;
}

/** Under which name the secret of a second factor is sealed. */
const sealName = SEAL_NAMES["second factor"];
/** Spaces and dashes are for people. */
const normal = (code: string): string => code.replaceAll(/[\s-]/g, "").toLowerCase();

export async function readSecondFactor(db: Db, org: string, email: string): Promise<SecondFactorState> {
  const row = await db
    .selectFrom("second_factor")
    .select("recovery_hashes")
    .where("org", "=", org)
    .where("email", "=", email)
    .where("confirmed_at", "is not", null)
    .executeTakeFirst();
  return { isOn: row !== undefined, recoveryCodesLeft: row?.recovery_hashes.length ?? 0 };
}

/** A fresh secret, which counts when it is confirmed by a code. @throws AppError conflict when there is one already */
export async function beginSecondFactor(
  ctx: Ctx,
  key: KeyRing,
  email: string,
): Promise<{ readonly secret: string; readonly uri: string }> {
  const secret = randomBytes(SECRET_BYTES);
  const sealed = encryptSecret(key, ctx.org, sealName(email), secret.toString("base64"));
  const fresh = { secret: sealed, created_at: ctx.now(), last_step: "0", failures: 0, locked_until: null };
  const row = await ctx.db
    .insertInto("second_factor")
    .values({ org: ctx.org, email, ...fresh })
    .onConflict((c) =>
      c.columns(["org", "email"]).doUpdateSet(fresh).where("second_factor.confirmed_at", "is", null),
    )
    .returning("email")
    .executeTakeFirst();
  if (row === undefined)
    throw new AppError("conflict", "there is a second factor already; turn it off to set up another one");
  return { secret: base32(secret), uri: otpauthUri(ISSUER, email, secret) };
}

/** `locked` until then. */
export type CodeOutcome = "right" | "wrong" | { readonly lockedUntil: Date };

/**
 * Whether the code is right; one that was used before is not. Those who guess at the same time wait for each other, and
 * failures are counted in the database, for all processes.
 */
export function checkCode(ctx: Ctx, key: KeyRing, email: string, given: string): Promise<CodeOutcome> {
  return transact(ctx, async (inner) => (await take(inner, key, email, given, true)).outcome);
}

/** Turns it on with a first code. @returns recovery codes, told once; null: the code is wrong */
export function confirmSecondFactor(
  ctx: Ctx,
  key: KeyRing,
  email: string,
  given: string,
  sessionId: string,
): Promise<readonly string[] | CodeOutcome> {
  return transact(ctx, async (inner) => {
    const { outcome } = await take(inner, key, email, given, false);
    if (outcome !== "right") return outcome;
    const codes = await renewRecoveryCodes(inner, key, email);
    await inner.db
      .updateTable("second_factor")
      .set({ confirmed_at: ctx.now() })
      .where("org", "=", ctx.org)
      .where("email", "=", email)
      .execute();
    // Whoever was signed in with one factor only has to come again.
    await inner.db
      .deleteFrom("web_session")
      .where("org", "=", ctx.org)
      .where("email", "=", email)
      .where("id", "!=", sessionId)
      .execute();
    await forgetAttempts(inner.db, ctx.org, email);
    await tell(inner, "CREATE", email, { isOn: true });
    return codes;
  });
}

/** New recovery codes in place of the old ones, for a code. */
export function renewRecovery(
  ctx: Ctx,
  key: KeyRing,
  email: string,
  given: string,
): Promise<readonly string[] | CodeOutcome> {
  return transact(ctx, async (inner) => {
    const { outcome } = await take(inner, key, email, given, true);
    if (outcome !== "right") return outcome;
    const codes = await renewRecoveryCodes(inner, key, email);
    await tell(inner, "UPDATE", email, { areRecoveryCodesRenewed: true });
    return codes;
  });
}

/** Turns it off, for a code. */
export function endSecondFactor(ctx: Ctx, key: KeyRing, email: string, given: string): Promise<CodeOutcome> {
  return transact(ctx, async (inner) => {
    const { outcome } = await take(inner, key, email, given, true);
    if (outcome === "right") await remove(inner, email);
    return outcome;
  });
}

/** By an administrator, for somebody who lost theirs. @throws AppError not_found */
export function resetSecondFactor(ctx: Ctx, email: string): Promise<void> {
  return transact(ctx, async (inner) => {
    if (!(await remove(inner, email)))
      throw new AppError("not_found", `the user "${email}" has no second factor`);
  });
}

/** Takes the row, so that nobody else can at the same time. @param isOn of one that is confirmed, or being set up */
async function take(
  ctx: Ctx,
  key: KeyRing,
  email: string,
  given: string,
  isOn: boolean,
): Promise<{ readonly outcome: CodeOutcome }> {
  const { db, org } = ctx;
  const now = ctx.now();
  const row = await db
    .selectFrom("second_factor")
    .select(["secret", "last_step", "recovery_hashes", "failures", "locked_until"])
    .where("org", "=", org)
    .where("email", "=", email)
    .where("confirmed_at", isOn ? "is not" : "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return { outcome: "wrong" };
  if (row.locked_until !== null && row.locked_until > now)
    return { outcome: { lockedUntil: row.locked_until } };
  const code = normal(given);
  const set = (values: object): Promise<unknown> =>
    db.updateTable("second_factor").set(values).where("org", "=", org).where("email", "=", email).execute();
  if (/^\d{6}$/.test(code)) {
    const secret = Buffer.from(decryptSecret(key, org, sealName(email), row.secret), "base64");
    const step = stepOfCode(secret, code, now);
    if (step !== null && step > lastStepAt(Number(row.last_step), now)) {
      await set({ last_step: String(step), failures: 0, locked_until: null });
      return { outcome: "right" };
    }
  } else if (isOn) {
    const hashed = row.recovery_hashes.find((stored) => hashingKey(code, stored, key) !== null);
    if (hashed !== undefined) {
      const left = row.recovery_hashes.filter((one) => one !== hashed);
      await set({ recovery_hashes: left, failures: 0, locked_until: null });
      await tell(ctx, "UPDATE", email, { isRecoveryCodeUsed: true, recoveryCodesLeft: left.length });
      return { outcome: "right" };
    }
  }
  const failures = row.failures + 1;
  await set({ failures, locked_until: lockAfter(failures, now) });
  return { outcome: "wrong" };
}

/** null: not yet. */
function lockAfter(failures: number, now: Date): Date | null {
  if (failures % FAILURES_A_RUN !== 0) return null;
  const seconds = FIRST_LOCK_SECONDS * 2 ** (failures / FAILURES_A_RUN - 1);
  return new Date(now.getTime() + Math.min(seconds, LONGEST_LOCK_SECONDS) * 1000);
}

async function renewRecoveryCodes({ db, org }: Ctx, key: KeyRing, email: string): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const text = base32(randomBytes(10)).toLowerCase();
    return text.match(/.{4}/g)?.join("-") ?? text;
  });
  await db
    .updateTable("second_factor")
    .set({ recovery_hashes: codes.map((code) => hashSecret(normal(code), key.current)) })
    .where("org", "=", org)
    .where("email", "=", email)
    .execute();
  return codes;
}

async function remove(ctx: Ctx, email: string): Promise<boolean> {
  const gone = await ctx.db
    .deleteFrom("second_factor")
    .where("org", "=", ctx.org)
    .where("email", "=", email)
    .returning("confirmed_at")
    .executeTakeFirst();
  if (gone === undefined || gone.confirmed_at === null) return false;
  await forgetAttempts(ctx.db, ctx.org, email);
  await tell(ctx, "DELETE", email, { isOn: false });
  return true;
}

const tell = (ctx: Ctx, action: "CREATE" | "UPDATE" | "DELETE", email: string, after: object) =>
  appendAuditEvents(ctx, [{ kind: "second_factor", action, identifier: email, after }]);
