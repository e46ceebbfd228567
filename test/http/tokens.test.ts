/** Tokens of people and service accounts: what they are limited to, when they end, who sees them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { AREAS } from "../../src/model/scope.ts";
import {
  createApiToken,
  listApiTokens,
  rotateApiToken,
  verifyApiToken,
} from "../../src/access/api-tokens.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { ensureAdministratorUser } from "../../src/catalog/users.ts";
import { areaOf, isReading } from "../../src/http/route-areas.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { openTestDatabase } from "../support/database.ts";
import { ACCESS_TABLE, NEEDS } from "./support/access-table.ts";
import { type BrowserSession, openBrowser } from "./support/browser-session.ts";

type Body = Record<string, unknown>;
type Token = { readonly id: string; readonly token: string; readonly expiresAt: string | null };
let app: TestApp;
let boss: BrowserSession;
let member: BrowserSession;
beforeAll(async () => {
  app = await startTestApp({ FAIRWAY_TRUSTED_PROXIES: "127.0.0.1,::1" });
  boss = await join("boss@example.com", ["Admin"]);
  member = await join("member@example.com", ["Member"]);
});
afterAll(() => app.stop());

async function join(email: string, roles: string[]): Promise<BrowserSession> {
  const { body } = await app.send("POST", "/v1/users/invite", { invitee: { email, roles } });
  const one = openBrowser(app, "192.0.2.1");
  await one.send("POST", "/auth/link", {
    token: new URL(String(body["signInUrl"])).searchParams.get("token"),
  });
  return one;
}
async function make(one: BrowserSession, body: object): Promise<Token> {
  const answer = await one.send<{ token: Token }>("POST", "/v1/tokens", { name: "t", ...body });
  expect(answer.status).toBe(200);
  return answer.body.token;
}
const by = (token: string) => (method: string, path: string, body?: unknown) =>
  app.send<Body>(method, path, body, { authorization: `Bearer ${token}`, "x-forwarded-for": "198.51.100.7" });

test("a token acts as who made it, within its scopes, until it is deleted; its use is seen", async () => {
  const { token, id } = await make(member, { scopes: ["catalog:read"] });
  expect(token).toMatch(/^fwt_[\w-]{43}$/);
  const ask = by(token);
  expect((await ask("GET", "/v1/blueprints")).status).toBe(200);
  const search = { combinator: "and", rules: [] };
  expect((await ask("POST", "/v1/entities/search", search)).status).toBe(200);
  expect((await ask("GET", "/v1/users")).body["message"]).toMatch(/lacks the scope settings:read/);
  const [listed] = (await member.send<{ tokens: Body[] }>("GET", "/v1/tokens")).body.tokens;
  expect(listed).toMatchObject({ id, person: "member@example.com", lastAddress: "198.51.100.7" });
  expect(Date.parse(String(listed?.["lastUsedAt"]))).toBeGreaterThan(0);
  expect(JSON.stringify(listed)).not.toContain(token.slice(4));
  expect((await boss.send("DELETE", `/v1/tokens/${id}`)).status).toBe(200);
  expect((await ask("GET", "/v1/blueprints")).status).toBe(401);
});

/** Answered with 401 by what they do, to whoever asks. */
const PUBLIC: ReadonlySet<string> = new Set(["GET /auth/me", "POST /auth/link"]);

test("every route asks for the scope of its area, and none gives out credentials", async () => {
  const tokens = new Map<
    string,
    (method: string, path: string, body?: unknown) => Promise<{ status: number; body: Body }>
  >();
  for (const area of AREAS) {
    const scopes = AREAS.filter((other) => other !== area).map((other) => `${other}:write`);
    tokens.set(area, by((await make(boss, { scopes: [...scopes, `${area}:read`] })).token));
    tokens.set(`not ${area}`, by((await make(boss, { scopes })).token));
  }
  const wrong: string[] = [];
  for (const line of Object.keys(ACCESS_TABLE)) {
    const [method = "", url = ""] = line.split(" ");
    const area = areaOf(url);
    const isPublic = !ACCESS_TABLE[line]?.answers.startsWith("401 401");
    if (PUBLIC.has(line) || isPublic || area === undefined || area === "any") continue;
    const path =
      ACCESS_TABLE[line]?.path ??
      url.replaceAll(/:(\w+)(\([^)]*\))?/g, (_, name: string) => NEEDS[name] ?? name);
    const ask = async (name: string): Promise<string> => {
      const { status, body } = await (tokens.get(name) ?? by(""))(
        method,
        path,
        method === "GET" ? undefined : {},
      );
      return `${status} ${String(body["message"] ?? body["detail"]).slice(0, 40)}`;
    };
    const without = await ask(`not ${area}`);
    if (!/^403 (the token lacks the scope|a token with scopes)/.test(without))
      wrong.push(`${line} does not ask for ${area}: ${without}`);
    if (!isReading(method, url) && !(await ask(area)).startsWith("403 "))
      wrong.push(`${line} is written by ${area}:read`);
  }
  expect(wrong).toEqual([]);
  const all = by((await make(boss, { scopes: AREAS.map((area) => `${area}:write`) })).token);
  for (const [method, path, body] of [
    ["POST", "/v1/tokens", { name: "n", scopes: ["dora:read"] }],
    ["POST", "/v1/apps", { name: "n" }],
    ["POST", "/v1/rotate-credentials/boss@example.com", undefined],
    ["POST", "/v1/users/invite", { invitee: { email: "new@example.com" } }],
    ["POST", "/v1/users/member@example.com/sign-in-link", undefined],
    ["POST", "/v1/users/member@example.com/password-link", undefined],
  ] as const)
    expect((await all(method, path, body)).body["message"]).toMatch(/may not give out credentials/);
});

test("a token for the catalog does not make its owner's friends administrators", async () => {
  const ask = by((await make(boss, { scopes: ["catalog:write"] })).token);
  const raise = { properties: { port_role: "Admin" } };
  expect((await ask("PATCH", "/v1/blueprints/_user/entities/member@example.com", raise)).status).toBe(403);
  const bulk = { entities: [{ identifier: "member@example.com", ...raise }] };
  const answer = await ask("POST", "/v1/blueprints/_user/entities/bulk?upsert=true&merge=true", bulk);
  expect(JSON.stringify(answer.body)).toContain("settings:write");
  // Nor with the scope are credentials told.
  const settings = by((await make(boss, { scopes: ["catalog:write", "settings:write"] })).token);
  const robot = {
    identifier: "made@serviceaccounts.example.com",
    properties: { status: "Active", port_type: "Service Account", port_role: "Admin" },
  };
  const made = await settings("POST", "/v1/blueprints/_user/entities", robot);
  expect([made.status, made.body["additionalData"]]).toEqual([201, undefined]);
});

test("nor does an action, a webhook or a data source that a limited token defines", async () => {
  const scopes = ["actions:write", "catalog:write", "sources:write"];
  const ask = by((await make(boss, { scopes })).token);
  const message = async (method: string, path: string, body: unknown): Promise<unknown> => {
    const answer = await ask(method, path, body);
    return answer.status === 403 ? answer.body["message"] : answer.status;
  };
  const action = (blueprintIdentifier: string, trigger: object = {}) => ({
    ...{ identifier: "raise", title: "Raise" },
    trigger: {
      ...{ type: "self-service", operation: "CREATE", userInputs: { properties: {}, required: [] } },
      ...trigger,
    },
    invocationMethod: {
      ...{ type: "UPSERT_ENTITY", blueprintIdentifier },
      mapping: { identifier: "member@example.com", properties: { port_role: "Admin" } },
    },
  });
  for (const blueprint of ["_user", "_team", "{{ .inputs.blueprint }}", "{{ '_user' }}"])
    expect(await message("POST", "/v1/actions", action(blueprint))).toMatch(/settings:write/);
  expect((await app.send("POST", "/v1/actions", action("_user"))).status).toBe(201);
  expect(await message("PUT", "/v1/actions/raise", action("_user"))).toMatch(/settings:write/);
  const everybody = { execute: { roles: ["Admin", "Member"] } };
  expect(await message("PATCH", "/v1/actions/raise/permissions", everybody)).toMatch(/settings:write/);
  expect(await message("PUT", "/v1/actions/raise", action("service"))).toBe(200);

  const webhook = (blueprint: string, secret = "a secret") => ({
    ...{ identifier: `hook${blueprint}`, title: "Hook" },
    security: { secret, signatureHeaderName: "x-signature", signatureAlgorithm: "sha256" },
    mappings: [
      { blueprint, entity: { identifier: ".body.id", properties: { port_role: '"Admin"' } }, filter: "true" },
    ],
  });
  expect(await message("POST", "/v1/webhooks", webhook("_user"))).toMatch(/settings:write/);
  expect((await app.send("POST", "/v1/webhooks", webhook("_user"))).status).toBe(201);
  expect((await ask("POST", "/v1/webhooks", webhook("service"))).status).toBe(201);
  for (const change of [webhook("_user", "mine"), webhook("service", "mine")])
    expect(await message("PUT", "/v1/webhooks/hook_user", change)).toMatch(/settings:write/);
  expect(await message("PATCH", "/v1/webhooks/hookservice", { mappings: webhook("_user").mappings })).toMatch(
    /settings:write/,
  );
  expect(await message("PATCH", "/v1/webhooks/hook_user", { title: "Mine" })).toMatch(/settings:write/);

  // Nor are they told how to send to it; who may only read is told of none.
  const told = async (given: readonly string[], identifier: string): Promise<boolean[]> => {
    const read = by((await make(boss, { scopes: given })).token);
    const one = (await read("GET", `/v1/webhooks/${identifier}`)).body["integration"] as Body;
    const all = (await read("GET", "/v1/webhooks")).body["integrations"] as Body[];
    const same = all.find((other) => other["identifier"] === identifier);
    expect(same).toEqual(one);
    return [
      one["webhookKey"] !== undefined,
      one["url"] !== undefined,
      JSON.stringify(one).includes("a secret"),
    ];
  };
  const nothing = [false, false, false];
  const everything = [true, true, true];
  expect(await told(["sources:read"], "hookservice")).toEqual(nothing);
  expect(await told(["sources:write"], "hookservice")).toEqual(everything);
  expect(await told(["sources:write"], "hook_user")).toEqual(nothing);
  expect(await told(["sources:write", "settings:write"], "hook_user")).toEqual(everything);

  const source = (blueprint: string) => ({
    ...{ type: "github", settings: { token: "x", owner: "example" } },
    mapping: {
      resources: [
        {
          ...{ kind: "repository", selector: { query: "true" } },
          port: { entity: { mappings: { identifier: ".name", blueprint } } },
        },
      ],
    },
  });
  for (const blueprint of ['"_user"', ' "\\u005fuser" ', "._user", '"_us" + "er"'])
    expect(await message("POST", "/v1/data-sources", source(blueprint))).toMatch(/settings:write/);
});

test("what is sent wrong is refused, with what would be right", async () => {
  const refused = async (body: object): Promise<unknown> =>
    (await boss.send("POST", "/v1/tokens", { name: "t", scopes: ["dora:read"], ...body })).body["message"];
  expect(await refused({ scopes: ["dora:delete"] })).toMatch(/"dora:delete" is not one of catalog:read/);
  expect(await refused({ scopes: [] })).toMatch(/at least one/);
  expect(await refused({ name: "  " })).toMatch(/name/);
  expect(await refused({ expiresInDays: 0 })).toMatch(/expiresInDays/);
  expect(await refused({ person: "member@example.com" })).toMatch(/people make their tokens themselves/);
});

test("administrators make them for service accounts and see all; members see and touch their own only", async () => {
  await app.send("POST", "/v1/blueprints/_user/entities", {
    identifier: "robot@serviceaccounts.example.com",
    properties: { status: "Active", port_type: "Service Account" },
  });
  const person = "robot@serviceaccounts.example.com";
  const { id, token } = await make(boss, { scopes: ["dora:read"], person, expiresInDays: null });
  expect((await by(token)("GET", "/v1/dora/status")).status).toBe(200);
  const list = async (one: BrowserSession, of: string) => {
    const { status, body } = await one.send<{ tokens?: { id: string }[] }>("GET", `/v1/tokens?of=${of}`);
    return [status, body.tokens?.some((one) => one.id === id)];
  };
  expect(await list(boss, "everybody")).toEqual([200, true]);
  expect(await list(boss, person)).toEqual([200, true]);
  expect(await list(member, "everybody")).toEqual([403, undefined]);
  expect((await member.send("POST", "/v1/tokens", { name: "t", scopes: ["dora:read"], person })).status).toBe(
    403,
  );
  for (const [method, rest] of [
    ["POST", "/rotate"],
    ["DELETE", ""],
  ])
    expect((await member.send(method ?? "", `/v1/tokens/${id}${rest}`)).status).toBe(404);
  // Whoever had the text of another person's could act as them; administrators can end it.
  const own = await make(member, { scopes: ["dora:read"] });
  expect((await boss.send("POST", `/v1/tokens/${own.id}/rotate`)).body["message"]).toMatch(
    /that of "member@example.com"/,
  );
  expect((await app.send("POST", `/v1/tokens/${own.id}/rotate`)).status).toBe(403);
  expect((await member.send("POST", `/v1/tokens/${own.id}/rotate`)).status).toBe(200);
  expect((await boss.send("DELETE", `/v1/tokens/${own.id}`)).status).toBe(200);
  // With the account they end.
  await app.send("PATCH", `/v1/blueprints/_user/entities/${person}`, { properties: { status: "Disabled" } });
  expect((await by(token)("GET", "/v1/dora/status")).status).toBe(401);
});

test("they end when they should, and last as long again with a new text", async () => {
  const database = await openTestDatabase();
  try {
    let time = Date.parse("2026-03-01T12:00:00Z");
    const self = { email: "ada@example.com", name: "Ada", roles: ["Admin"], teams: [] };
    const ctx: Ctx = { ...database.ctx, now: () => new Date(time) };
    const { db } = ctx;
    await ensureSystemBlueprints(ctx);
    await ensureAdministratorUser(ctx, { email: "ada@example.com", former: [] });
    const input = { name: "t", scopes: ["dora:read"], expiresInDays: 10, person: "ada@example.com" };
    const first = await createApiToken(ctx, input);
    const works = async (token: string) => (await verifyApiToken(db, token, "::1", ctx.now())) !== null;
    expect(await works(first.token)).toBe(true);
    time += 9 * 86_400_000;
    const second = await rotateApiToken({ ...ctx, actor: { ...ctx.actor, person: self } }, first.id);
    expect([await works(first.token), await works(second.token)]).toEqual([false, true]);
    time += 10 * 86_400_000 - 1;
    expect(await works(second.token)).toBe(true);
    time += 1;
    expect(await works(second.token)).toBe(false);
    expect(await listApiTokens(ctx, null)).toHaveLength(1);
    const { token_hash: hash } = await db
      .selectFrom("api_token")
      .select("token_hash")
      .executeTakeFirstOrThrow();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    // Those that have ended do not count; of some at the same time as many are made as there is room for.
    const rest = { org: ctx.org, name: "t", person: self.email, scopes: ["dora:read"], created_by: "x" };
    await db
      .insertInto("api_token")
      .values(
        Array.from({ length: 98 }, (_, i) => ({
          ...{ ...rest, id: `filler_${i}`, token_hash: `filler_${i}`, created_at: ctx.now() },
        })),
      )
      .execute();
    const made = await Promise.allSettled([1, 2, 3, 4].map(() => createApiToken(ctx, input)));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  } finally {
    await database.close();
  }
});
