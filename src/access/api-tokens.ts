/** Tokens that people make for themselves, and administrators for service accounts: named, limited, with an end. */
import { randomBytes } from "node:crypto";
import type { Person } from "../model/actor.ts";
import { AppError, invalid, notFound } from "../model/error.ts";
import { checkScopes } from "../model/scope.ts";
import { isAdmin, personOf, SERVICE_ACCOUNT, typeOf, USER_BLUEPRINT } from "../model/user.ts";
import { findApiToken } from "../storage/api-tokens.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import type { Db } from "../storage/db.ts";
import { readEntities } from "../storage/entities.ts";
import { lockUser } from "../storage/people.ts";
import { transact } from "../storage/transact.ts";
import { hashToken } from "./sessions.ts";

/** So that scanners of secrets know one when they see it. */
export const API_TOKEN_PREFIX = "fwt_";
/** The time of the last use is written this seldom: each request would be a write else. */
const TOUCH_MS = 60_000;
const MAX_PER_PERSON = 100;
const DAY_MS = 86_400_000;

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  /** Whose it is: it acts as them. */
  readonly person: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly createdBy: string;
  readonly rotatedAt: string | null;
  /** null: it does not end. */
  readonly expiresAt: string | null;
  /** To a minute; null: never. */
  readonly lastUsedAt: string | null;
  readonly lastAddress: string | null;
}

/** With its text, which is told once. */
export interface NewApiToken extends ApiToken {
  readonly token: string;
}

export interface ApiTokenInput {
  readonly name: string;
  readonly scopes: readonly string[];
  /** null: it does not end. */
  readonly expiresInDays: number | null;
  readonly person: string;
}

const COLUMNS = [
  ...(["id", "name", "person", "scopes", "created_at", "created_by"] as const),
  ...(["rotated_at", "expires_at", "last_used_at", "last_address"] as const),
] as const;

interface Row {
  id: string;
  name: string;
  person: string;
  scopes: string[];
  created_at: Date;
  created_by: string;
  rotated_at: Date | null;
  expires_at: Date | null;
  last_used_at: Date | null;
  last_address: string | null;
}

const view = (row: Row): ApiToken => ({
  id: row.id,
  name: row.name,
  person: row.person,
  scopes: row.scopes,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
  rotatedAt: row.rotated_at?.toISOString() ?? null,
  expiresAt: row.expires_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  lastAddress: row.last_address,
});

const fresh = (): string => `${API_TOKEN_PREFIX}${randomBytes(32).toString("base64url")}`;

const endAfter = (days: number | null, now: Date): Date | null =>
  days === null ? null : new Date(now.getTime() + days * DAY_MS);

/** Of one person; null: of everybody. The newest first. */
export async function listApiTokens(ctx: Ctx, person: string | null): Promise<ApiToken[]> {
  const rows = await ctx.db
    .selectFrom("api_token")
    .select(COLUMNS)
    .where("org", "=", ctx.org)
    .$if(person !== null, (query) => query.where("person", "=", person ?? ""))
    .orderBy("created_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map(view);
}

/** @throws AppError invalid_request, conflict */
export async function createApiToken(ctx: Ctx, input: ApiTokenInput): Promise<NewApiToken> {
  const name = input.name.trim();
  if (name === "") throw invalid("name must not be empty");
  const scopes = checkScopes(input.scopes);
  const token = fresh();
  const at = ctx.now();
  return transact(ctx, async (inner) => {
    // Those who make one at the same time wait for each other.
    await lockUser(inner.db, ctx.org, input.person);
    const { count } = await inner.db
      .selectFrom("api_token")
      .select((eb) => eb.fn.countAll<string>().as("count"))
      .where("org", "=", ctx.org)
      .where("person", "=", input.person)
      .where((eb) => eb.or([eb("expires_at", "is", null), eb("expires_at", ">", at)]))
      .executeTakeFirstOrThrow();
    if (Number(count) >= MAX_PER_PERSON)
      throw new AppError(
        "conflict",
        `there are ${MAX_PER_PERSON} tokens already; delete those that are not used`,
      );
    const row = await inner.db
      .insertInto("api_token")
      .values({
        ...{
          org: ctx.org,
          id: `token_${randomBytes(9).toString("base64url")}`,
          token_hash: hashToken(token),
        },
        ...{ name, scopes, person: input.person, created_at: at, created_by: ctx.actor.id },
        expires_at: endAfter(input.expiresInDays, at),
      })
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    const made = view(row);
    await appendAuditEvents(inner, [{ kind: "token", action: "CREATE", identifier: made.id, after: made }]);
    return { ...made, token };
  });
}

/**
 * A new text, told once; the old one ends at once. Where the token ends, it lasts as long as it did from its making.
 * @throws AppError not_found; forbidden for the token of another person, which would let one act as them
 */
export function rotateApiToken(ctx: Ctx, id: string): Promise<NewApiToken> {
  const token = fresh();
  return transact(ctx, async (inner) => {
    const before = await lockOwn(inner, id);
    await refuseOthers(inner, before);
    const at = ctx.now();
    const began = before.rotated_at ?? before.created_at;
    const lasts = before.expires_at === null ? null : before.expires_at.getTime() - began.getTime();
    const row = await inner.db
      .updateTable("api_token")
      .set({
        token_hash: hashToken(token),
        rotated_at: at,
        expires_at: lasts === null ? null : new Date(at.getTime() + lasts),
      })
      .where("org", "=", ctx.org)
      .where("id", "=", id)
      .returning(COLUMNS)
      .executeTakeFirstOrThrow();
    const after = view(row);
    await appendAuditEvents(inner, [
      {
        kind: "token",
        action: "UPDATE",
        identifier: id,
        before: view(before),
        after: { ...after, isRotated: true },
      },
    ]);
    return { ...after, token };
  });
}

/** It is refused from now on. */
export function deleteApiToken(ctx: Ctx, id: string): Promise<void> {
  return transact(ctx, async (inner) => {
    const before = await lockOwn(inner, id);
    await inner.db.deleteFrom("api_token").where("org", "=", ctx.org).where("id", "=", id).execute();
    await appendAuditEvents(inner, [
      { kind: "token", action: "DELETE", identifier: id, before: view(before) },
    ]);
  });
}

/** One's own, or anybody's for administrators and API credentials; of others one is not told that they exist. @throws AppError not_found */
async function lockOwn(ctx: Ctx, id: string): Promise<Row> {
  const { person } = ctx.actor;
  const row = await ctx.db
    .selectFrom("api_token")
    .select(COLUMNS)
    .where("org", "=", ctx.org)
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || (person !== undefined && !isAdmin(person) && row.person !== person.email))
    throw notFound("token", id);
  return row;
}

async function refuseOthers({ db, org, actor }: Ctx, { person }: Row): Promise<void> {
  if (actor.person?.email === person) return;
  const [user] = await readEntities(db, org, [{ blueprint: USER_BLUEPRINT, identifier: person }]);
  if (user !== undefined && typeOf(user) === SERVICE_ACCOUNT) return;
  throw new AppError(
    "forbidden",
    `the token is that of "${person}", who alone makes a new text for it; it can be deleted`,
  );
}

export interface ApiTokenHolder {
  readonly org: string;
  readonly clientId: string;
  readonly person: Person;
  readonly scopes: readonly string[];
}

/** Whose token this is; null: unknown, expired, or of somebody who is not active. */
export async function verifyApiToken(
  db: Db,
  token: string,
  address: string,
  now: Date,
): Promise<ApiTokenHolder | null> {
  const found = await findApiToken(db, hashToken(token), now);
  const person = found === null ? null : personOf(found.user);
  if (found === null || person === null) return null;
  const { org, id, scopes, lastUsedAt } = found;
  if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() > TOUCH_MS)
    await db
      .updateTable("api_token")
      .set({ last_used_at: now, last_address: address })
      .where("org", "=", org)
      .where("id", "=", id)
      .execute();
  return { org, clientId: id, person, scopes };
}
