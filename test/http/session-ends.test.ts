/** When sessions end by themselves: hours after signing in, and when nobody is there. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listSessions, openSession, type SessionRules, sessionUser } from "../../src/access/sessions.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { ensureAdministratorUser } from "../../src/catalog/users.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

const EMAIL = "ada@example.com";
const ADDRESS = "192.0.2.1";
const MINUTE = 60_000;
const RULES: SessionRules = { hours: 12, idleMinutes: 30, proofMinutes: 20 };
let database: TestDatabase;
let time = Date.parse("2026-03-01T08:00:00Z");
let ctx: Ctx;
beforeAll(async () => {
  database = await openTestDatabase();
  ctx = { ...database.ctx, now: () => new Date(time) };
  await ensureSystemBlueprints(ctx);
  await ensureAdministratorUser(ctx, { email: EMAIL, former: [] });
});
afterAll(() => database.close());

async function signIn(rules = RULES): Promise<string> {
  const seen = { userAgent: null, address: ADDRESS, method: "local" } as const;
  const session = await openSession(ctx.db, ctx.org, EMAIL, seen, ctx.now(), rules);
  expect(session?.maxAgeSeconds).toBe(rules.hours * 3600);
  return session?.token ?? "";
}
const isSignedIn = async (token: string, isIdle = false, rules = RULES): Promise<boolean> =>
  (await sessionUser(ctx.db, ctx.org, token, { address: ADDRESS, isIdle }, ctx.now(), rules)) !== null;

test("hours after signing in, however much it is used", async () => {
  const token = await signIn();
  for (let minute = 20; minute < 12 * 60; minute += 20) {
    time += 20 * MINUTE;
    expect([minute, await isSignedIn(token)]).toEqual([minute, true]);
  }
  time += 20 * MINUTE;
  expect(await isSignedIn(token)).toBe(false);
});

test("minutes after somebody was there last; it does not come back", async () => {
  const token = await signIn();
  time += 29 * MINUTE;
  expect(await isSignedIn(token)).toBe(true);
  time += 29 * MINUTE;
  expect(await isSignedIn(token)).toBe(true);
  time += 30 * MINUTE;
  expect(await isSignedIn(token)).toBe(false);
  expect(await isSignedIn(token)).toBe(false);
});

test("what a page asks by itself does not make it last", async () => {
  const token = await signIn();
  for (let minute = 5; minute < 30; minute += 5) {
    time += 5 * MINUTE;
    expect([minute, await isSignedIn(token, true)]).toEqual([minute, true]);
  }
  time += 5 * MINUTE;
  expect(await isSignedIn(token, true)).toBe(false);
});

test("shorter rules hold for sessions that are open, and lists tell when they end", async () => {
  const long: SessionRules = { hours: 336, idleMinutes: 4320, proofMinutes: null };
  const token = await signIn(long);
  const [listed] = await listSessions(ctx, EMAIL, long);
  expect(listed?.expiresAt).toBe(new Date(time + 4320 * MINUTE).toISOString());
  time += 60 * MINUTE;
  expect(await isSignedIn(token, true, long)).toBe(true);
  expect(await isSignedIn(token)).toBe(false);
  expect(await listSessions(ctx, EMAIL, RULES)).toEqual([]);
});

test("administrators may be given less time than others", async () => {
  const rules: SessionRules = { ...RULES, adminIdleMinutes: 12 };
  const token = await signIn(rules);
  time += 6 * MINUTE;
  const [listed] = await listSessions(ctx, EMAIL, rules);
  expect(listed?.expiresAt).toBe(new Date(time + 6 * MINUTE).toISOString());
  // Written more often, as there is less of it.
  expect(await isSignedIn(token, false, rules)).toBe(true);
  time += 11 * MINUTE;
  expect(await isSignedIn(token, true, rules)).toBe(true);
  time += MINUTE;
  expect(await isSignedIn(token, false, rules)).toBe(false);
  expect(await listSessions(ctx, EMAIL, rules)).toEqual([]);
  const member = sql`update entity set properties = jsonb_set(properties, '{port_role}', '"Member"')
    where org = ${ctx.org} and blueprint = '_user' and identifier = ${EMAIL}`;
  await member.execute(ctx.db);
  expect(await isSignedIn(token, true, rules)).toBe(true);
});

test("a proof of who somebody is grows old, if it is to, and if they have a way to prove it again", async () => {
  const token = await signIn();
  const isOld = async (rules: SessionRules): Promise<boolean | undefined> => {
    const use = { address: ADDRESS, isIdle: false };
    return (await sessionUser(ctx.db, ctx.org, token, use, ctx.now(), rules))?.isProofOld;
  };
  time += 20 * MINUTE;
  expect(await isOld(RULES)).toBe(false);
  time += MINUTE;
  // By a link, which was good once.
  expect(await isOld(RULES)).toBe(false);
  await ctx.db
    .insertInto("account")
    .values({ org: ctx.org, email: EMAIL, name: "Ada", role: "Member", password_hash: "some" })
    .execute();
  expect(await isOld(RULES)).toBe(true);
  expect(await isOld({ ...RULES, proofMinutes: null })).toBe(false);
});
