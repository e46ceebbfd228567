import { afterAll, beforeAll, expect, test } from "vitest";
import { hashToken } from "../../src/access/sessions.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
const DAY_MS = 86_400_000;
const OLD_SESSION = "a-session-of-yesterday";
beforeAll(async () => {
  app = await startTestApp({ FAIRWAY_TRUSTED_PROXIES: "127.0.0.1,::1" }, async ({ kysely }) => {
    await kysely.insertInto("organization").values({ id: "org_a", name: "A" }).execute();
    const [now, yesterday] = [new Date(), new Date(Date.now() - DAY_MS)];
    await kysely
      .insertInto("web_session")
      .values({
        ...{ org: "org_a", token_hash: hashToken(OLD_SESSION), email: "admin@example.com", method: "local" },
        ...{ created_at: yesterday, last_seen_at: now, expires_at: new Date(Date.now() + DAY_MS) },
      })
      .execute();
  });
});
afterAll(() => app.stop());

const anonymous = { authorization: "" };
const login = (password: unknown) =>
  app.send("POST", "/auth/login", { email: "admin@example.com", password }, anonymous);
/** From another address, whose failures are its own. */
const elsewhere = { ...anonymous, "x-forwarded-for": "192.0.2.9" };
/** With a cookie, and without a token. */
async function byCookie(cookie: string, method: string, path: string, body?: unknown) {
  const response = await fetch(app.url + path, {
    ...{ method, headers: { cookie, ...(body !== undefined && { "content-type": "application/json" }) } },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const cookieOf = ({ headers }: { readonly headers: Headers }): string =>
  (headers.get("set-cookie") ?? "").split(";")[0] ?? "";

test("§1 a password that is refused by its form is not repeated in the answer", async () => {
  const { status, body } = await login(12_345_678_901);
  expect(status).toBe(422);
  expect(JSON.stringify(body)).not.toContain("12345678901");
});

interface Audit {
  readonly action: string;
  readonly status: string;
  readonly message?: string;
  readonly trigger: { readonly by: Record<string, unknown> };
  readonly context: Record<string, unknown>;
  readonly diff: { readonly before: unknown; readonly after: unknown };
}
const records = async (): Promise<Audit[]> =>
  (await app.send<{ audits: Audit[] }>("GET", "/v1/audit-log?resources=sign_in")).body.audits;

test("§8.1 who signs in and out, and who does not get in, is in the audit log", async () => {
  const first = (await records()).length;
  const signed = await login("correct horse battery");
  const email = "admin@example.com";
  await app.send("POST", "/auth/login", { email, password: "not the password" }, elsewhere);
  await app.send("POST", "/auth/login", { email: "my secret password", password: "x" }, elsewhere);
  const { clientId } = app.config;
  await app.send("POST", "/v1/auth/access_token", { clientId, clientSecret: "guessed" }, elsewhere);
  await byCookie(cookieOf(signed), "POST", "/auth/logout", {});
  const all = await records();
  const told = all.slice(0, all.length - first).toReversed();
  expect(told).toMatchObject([
    { action: "CREATE", status: "SUCCESS", trigger: { by: { userId: email } }, context: { sign_in: email } },
    { action: "CREATE", status: "FAILURE", trigger: { by: { byPort: true } }, context: { sign_in: email } },
    { action: "CREATE", status: "FAILURE", message: "the e-mail or the password is wrong" },
    { action: "CREATE", status: "FAILURE", context: { sign_in: clientId } },
    { action: "DELETE", status: "SUCCESS", trigger: { by: { userId: email } } },
  ]);
  expect(told[0]?.diff.after).toMatchObject({ proof: "password", address: expect.any(String) as string });
  // What was typed may be a password in the wrong field.
  expect(told[2]?.context).not.toHaveProperty("sign_in");
  expect(JSON.stringify(all)).not.toMatch(/my secret password|guessed|not the password/);
});

test("what lets people in takes a fresh proof on the web; tokens and other requests go on", async () => {
  const signed = await login("correct horse battery");
  const fresh = cookieOf(signed);
  const asked = (method: string, path: string, body?: unknown, cookie = `fairway_session=${OLD_SESSION}`) =>
    byCookie(cookie, method, path, body);
  const invite = { invitee: { email: "new@example.com" } };
  const token = { name: "a", scopes: ["catalog:read"] };
  expect((await asked("POST", "/v1/tokens", token, fresh)).status).toBe(200);
  const intruder = {
    identifier: "x@serviceaccounts.example.com",
    properties: { status: "Active", port_type: "Service Account", port_role: "Admin" },
  };
  const upsert = (blueprint: string) => ({
    identifier: "let_in",
    trigger: { type: "self-service", operation: "CREATE", userInputs: { properties: {} } },
    invocationMethod: { type: "UPSERT_ENTITY", blueprintIdentifier: blueprint, mapping: { identifier: "a" } },
  });
  const mappings = [{ blueprint: "_user", entity: { identifier: ".body.id" } }];
  for (const [method, path, body] of [
    ["POST", "/v1/tokens", token],
    ["POST", "/v1/users/invite", invite],
    ["PATCH", "/v1/users/admin@example.com", { roles: ["Admin"] }],
    ["POST", "/v1/organization/secrets", { secretName: "A", secretValue: "b" }],
    ["POST", "/v1/apps", { name: "c" }],
    ["POST", "/v1/users/admin@example.com/erase", {}],
    ["POST", "/v1/blueprints/_user/entities", intruder],
    ["PATCH", "/v1/blueprints/_user/entities/admin@example.com", { title: "Me" }],
    ["POST", "/v1/actions", upsert("_user")],
    ["POST", "/v1/actions", upsert("{{ .inputs.blueprint }}")],
    ["POST", "/v1/webhooks", { title: "hook", enabled: true, mappings }],
  ] as const) {
    const answer = await asked(method, path, body);
    expect([path, answer.status, answer.body["reason"]]).toEqual([path, 403, "sign_in_again"]);
  }
  const bulk = await asked("POST", "/v1/blueprints/_user/entities/bulk", { entities: [intruder] });
  expect([bulk.status, bulk.body["entities"]]).toEqual([207, []]);
  expect((await asked("POST", "/v1/blueprints/_team/entities", { identifier: "blue" })).status).toBe(201);
  expect((await asked("POST", "/v1/actions", upsert("_team"))).status).toBe(201);
  expect((await asked("POST", "/v1/blueprints/_user/entities", intruder, fresh)).status).toBe(201);
  expect((await asked("GET", "/v1/tokens")).status).toBe(200);
  expect((await asked("DELETE", "/v1/sessions")).status).toBe(200);
  expect((await asked("POST", "/v1/teams", { name: "red" })).status).toBe(200);
  expect((await app.send("POST", "/v1/users/invite", invite)).status).toBe(200);
});

// Last: afterwards this address has to wait.
test("§1 guesses at the same time do not slip through the limit of failures", async () => {
  const right = await login("correct horse battery");
  expect(right.status).toBe(200);
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => login(`wrong password ${i}`)));
  const statuses = answers.map((answer) => answer.status);
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(30);
});
