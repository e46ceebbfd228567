/** Sessions of people on the web: a secret in an httpOnly cookie, of which only the hash is stored. */
import { createHash, randomBytes } from "node:crypto";
import type { Person } from "../model/actor.ts";
import { AppError, notFound } from "../model/error.ts";
import {
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

const SESSION_DAYS = 14;
/** What is written of a session while it is used is as old as this at most; each request would be a write else. */
const TOUCH_MS = 300_000;

export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

/** null: they may not sign in. */
export async function openSession(
  db: Db,
  org: string,
  email: string,
  { userAgent, address, method }: Seen & { readonly method: SessionMethod },
  now: Date,
): Promise<Session | null> {
  const user = await db
    .selectFrom("entity")
    .select(["identifier", "title", "team", "properties"])
    .where("org", "=", org)
    .where("blueprint", "=", USER_BLUEPRINT)
    .where("identifier", "=", email)
    .executeTakeFirst();
  if (user === undefined || !["Active", "Invited"].includes(statusOf(user))) return null;
  if (typeOf(user) === SERVICE_ACCOUNT) return null;
  const token = randomBytes(32).toString("base64url");
  await db.deleteFrom("web_session").where("org", "=", org).where("expires_at", "<=", now).execute();
  const expires = new Date(now.getTime() + SESSION_DAYS * 86_400_000);
  await db
    .insertInto("web_session")
    .values({
      ...{ org, token_hash: hashToken(token), email, expires_at: expires, created_at: now },
      ...{ last_seen_at: now, address, method, user_agent: userAgent?.slice(0, 500) ?? null },
    })
    .execute();
  const isFirst = statusOf(user) === "Invited";
  return { token, user: userOf(user), isFirst, maxAgeSeconds: SESSION_DAYS * 86_400 };
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
}

/** Whose session this is; null when it ended, or they are no longer active. */
export async function sessionUser(
  db: Db,
  org: string,
  token: string,
  address: string,
  now: Date,
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
    .select(["e.identifier", "e.title", "e.team", "e.properties", "s.id", "s.last_seen_at", "s.method"])
    .select(["o.security", "f.confirmed_at"])
    .where("s.org", "=", org)
    .where("s.token_hash", "=", hashToken(token))
    .where("s.expires_at", ">", now)
    .executeTakeFirst();
  const person = row === undefined ? null : personOf(row);
  if (row === undefined || person === null) return null;
  if (now.getTime() - row.last_seen_at.getTime() > TOUCH_MS)
    await db
      .updateTable("web_session")
      .set({ last_seen_at: now, address })
      .where("org", "=", org)
      .where("id", "=", row.id)
      .execute();
  const isRequired = row.method !== "sso" && policyOf(row.security).secondFactor === "required";
  return { id: row.id, user: userOf(row), person, mustEnrol: isRequired && row.confirmed_at === null };
}

/** Signs out. */
export async function endSession(db: Db, org: string, token: string): Promise<void> {
  await db
    .deleteFrom("web_session")
    .where("org", "=", org)
    .where("token_hash", "=", hashToken(token))
    .execute();
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
export async function listSessions({ db, org, now }: Ctx, email: string): Promise<SessionView[]> {
  const rows = await db
    .selectFrom("web_session")
    .select(["id", "user_agent", "address", "created_at", "last_seen_at", "expires_at"])
    .where("org", "=", org)
    .where("email", "=", email)
    .where("expires_at", ">", now())
    .orderBy("last_seen_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    userAgent: row.user_agent,
    address: row.address,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }));
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
