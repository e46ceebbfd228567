/** Sessions of people on the web: a secret in an httpOnly cookie, of which only the hash is stored. */
import { createHash, randomBytes } from "node:crypto";
import type { Person } from "../model/actor.ts";
import { AppError, notFound } from "../model/error.ts";
import {
  isAdmin,
  nameOf,
  personOf,
  rolesOf,
  SERVICE_ACCOUNT,
  statusOf,
  typeOf,
  USER_BLUEPRINT,
  type UserEntity,
} from "../model/user.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import type { Db } from "../storage/db.ts";
import { transact } from "../storage/transact.ts";
import { policyOf } from "./sign-in-policy.ts";

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

/** From where somebody comes, as far as it can be told. */
export interface Seen {
  readonly userAgent: string | null;
  readonly address: string | null;
}

/** `sso`: by a provider that asks for second factors itself. */
export type SessionMethod = "local" | "sso";

/** How long sessions last. */
export interface SessionRules {
  /** From signing in. */
  readonly hours: number;
  /** Without anybody there. */
  readonly idleMinutes: number;
  /** … of administrators; null: as everybody's. */
  readonly adminIdleMinutes?: number | null;
  /** From signing in, for what takes a fresh proof of who somebody is; null: as long as the session. */
  readonly proofMinutes: number | null;
}

/** How a session is used at this moment. */
export interface SessionUse {
  readonly address: string;
  /** A page asks by itself: that does not make the session last. */
  readonly isIdle: boolean;
}

/**
 * What is written of a session while it is used is as old as this at most, or as a sixth of the time without anybody
 * there; each request would be a write else.
 */
const TOUCH_MS = 300_000;
const TOUCHES_A_REST = 6;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Who was there before this moment only has to sign in again. */
const restedSince = (now: Date, { idleMinutes }: SessionRules): Date =>
  new Date(now.getTime() - idleMinutes * MINUTE_MS);

/** As they are for somebody: the shorter of both for an administrator. */
const rulesFor = (isPrivileged: boolean, rules: SessionRules): SessionRules => ({
  ...rules,
  idleMinutes: Math.min(rules.idleMinutes, (isPrivileged ? rules.adminIdleMinutes : null) ?? Infinity),
});

export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

const userAt = (db: Db, org: string, email: string): Promise<UserEntity | undefined> =>
  db
    .selectFrom("entity")
    .select(["identifier", "title", "team", "properties"])
    .where("org", "=", org)
    .where("blueprint", "=", USER_BLUEPRINT)
    .where("identifier", "=", email)
    .executeTakeFirst();

/** null: they may not sign in. */
export async function openSession(
  db: Db,
  org: string,
  email: string,
  { userAgent, address, method }: Seen & { readonly method: SessionMethod },
  now: Date,
  rules: SessionRules,
): Promise<Session | null> {
  const user = await userAt(db, org, email);
  if (user === undefined || !["Active", "Invited"].includes(statusOf(user))) return null;
  if (typeOf(user) === SERVICE_ACCOUNT) return null;
  const token = randomBytes(32).toString("base64url");
  await db.deleteFrom("web_session").where("org", "=", org).where("expires_at", "<=", now).execute();
  const expires = new Date(now.getTime() + rules.hours * HOUR_MS);
  await db
    .insertInto("web_session")
    .values({
      ...{ org, token_hash: hashToken(token), email, expires_at: expires, created_at: now },
      ...{ last_seen_at: now, address, method, user_agent: userAgent?.slice(0, 500) ?? null },
    })
    .execute();
  const isFirst = statusOf(user) === "Invited";
  return { token, user: userOf(user), isFirst, maxAgeSeconds: rules.hours * 3600 };
}

const userOf = (user: UserEntity): User => ({
  email: user.identifier,
  name: nameOf(user),
  role: rolesOf(user)[0] ?? "Member",
});

export interface OpenSession {
  readonly id: string;
  readonly user: User;
  readonly person: Person;
  /** They may set up a second factor and nothing else: the organisation requires one, and they have none. */
  readonly mustEnrol: boolean;
  /** They signed in too long ago for what takes a fresh proof. */
  readonly isProofOld: boolean;
}

/** Whose session this is; null when it ended, nobody was there for too long, or they are no longer active. */
export async function sessionUser(
  db: Db,
  org: string,
  token: string,
  { address, isIdle }: SessionUse,
  now: Date,
  given: SessionRules,
): Promise<OpenSession | null> {
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
    .innerJoin("organization as o", "o.id", "s.org")
    .leftJoin("second_factor as f", (join) =>
      join.onRef("f.org", "=", "s.org").onRef("f.email", "=", "s.email").on("f.confirmed_at", "is not", null),
    )
    .select([
      "e.identifier",
      "e.title",
      "e.team",
      "e.properties",
      "s.id",
      "s.last_seen_at",
      "s.method",
      "s.created_at",
    ])
    .leftJoin("account as a", (join) => join.onRef("a.org", "=", "s.org").onRef("a.email", "=", "s.email"))
    .select(["o.security", "f.confirmed_at"])
    .select((eb) => eb("a.password_hash", "is not", null).as("has_password"))
    .where("s.org", "=", org)
    .where("s.token_hash", "=", hashToken(token))
    .where("s.expires_at", ">", now)
    .where("s.last_seen_at", ">", restedSince(now, given))
    .executeTakeFirst();
  const person = row === undefined ? null : personOf(row);
  if (row === undefined || person === null) return null;
  const rules = rulesFor(isAdmin(person), given);
  if (row.last_seen_at <= restedSince(now, rules)) return null;
  const touchAfter = Math.min(TOUCH_MS, (rules.idleMinutes * MINUTE_MS) / TOUCHES_A_REST);
  if (!isIdle && now.getTime() - row.last_seen_at.getTime() > touchAfter)
    await db
      .updateTable("web_session")
      .set({ last_seen_at: now, address })
      .where("org", "=", org)
      .where("id", "=", row.id)
      .execute();
  const isRequired = row.method !== "sso" && policyOf(row.security).secondFactor === "required";
  const { proofMinutes } = rules;
  // Who came by a link has no way to come again.
  const canProve = row.method === "sso" || row.has_password === true;
  const isProofOld =
    canProve && proofMinutes !== null && now.getTime() - row.created_at.getTime() > proofMinutes * MINUTE_MS;
  const mustEnrol = isRequired && row.confirmed_at === null;
  return { id: row.id, user: userOf(row), person, mustEnrol, isProofOld };
}

/** Signs out. @returns who did; null: there was no such session */
export async function endSession(db: Db, org: string, token: string): Promise<string | null> {
  const ended = await db
    .deleteFrom("web_session")
    .where("org", "=", org)
    .where("token_hash", "=", hashToken(token))
    .returning("email")
    .executeTakeFirst();
  return ended?.email ?? null;
}

export interface SessionView {
  readonly id: string;
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
}

/** Of one person, the last used first. */
export async function listSessions(
  { db, org, now }: Ctx,
  email: string,
  given: SessionRules,
): Promise<SessionView[]> {
  const user = await userAt(db, org, email);
  const person = user === undefined ? null : personOf(user);
  const rules = rulesFor(person !== null && isAdmin(person), given);
  const rows = await db
    .selectFrom("web_session")
    .select(["id", "user_agent", "address", "created_at", "last_seen_at", "expires_at"])
    .where("org", "=", org)
    .where("email", "=", email)
    .where("expires_at", ">", now())
    .where("last_seen_at", ">", restedSince(now(), rules))
    .orderBy("last_seen_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.user_agent,
    address: row.address,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    expiresAt: endOf(row, rules).toISOString(),
  }));
}

/** When it ends if nobody comes any more. */
function endOf(row: { readonly last_seen_at: Date; readonly expires_at: Date }, rules: SessionRules): Date {
  const rested = row.last_seen_at.getTime() + rules.idleMinutes * MINUTE_MS;
  return new Date(Math.min(rested, row.expires_at.getTime()));
}

/** Whose sessions somebody sees by their own right. @throws AppError forbidden for apps, which have none */
export function ownEmail({ actor }: Ctx): string {
  if (actor.person === undefined)
    throw new AppError("forbidden", "credentials of the organisation have no sessions; ask about a user");
  return actor.person.email;
}

/** Ends one of one's own. @throws AppError not_found */
export async function revokeSession(ctx: Ctx, id: string): Promise<void> {
  if ((await revoke(ctx, ownEmail(ctx), { only: id })) === 0) throw notFound("session", id);
}

/** Ends all sessions of somebody, but for `except`. @returns how many */
export const revokeSessions = (ctx: Ctx, email: string, except: string | null): Promise<number> =>
  revoke(ctx, email, { except });

function revoke(
  ctx: Ctx,
  email: string,
  { only = null, except = null }: { readonly only?: string | null; readonly except?: string | null },
): Promise<number> {
  return transact(ctx, async (inner) => {
    const ended = await inner.db
      .deleteFrom("web_session")
      .where("org", "=", ctx.org)
      .where("email", "=", email)
      .$if(only !== null, (query) => query.where("id", "=", only ?? ""))
      .$if(except !== null, (query) => query.where("id", "!=", except ?? ""))
      .returning("id")
      .execute();
    if (ended.length > 0)
      await appendAuditEvents(inner, [
        { kind: "session", action: "DELETE", identifier: email, before: { sessions: ended.length } },
      ]);
    return ended.length;
  });
}
