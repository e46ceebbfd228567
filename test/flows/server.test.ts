/** Who may read and write, what wrong input gets, and how the server ends: over HTTP, as anybody can try it. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { createTestPlace, onPostgres } from "../support/database.ts";
import { patient, SOON } from "../support/patience.ts";
import { openPortal } from "./support/portal.ts";
import { endProcesses, startServer } from "./support/processes.ts";

const NOBODY = { authorization: "" };
interface Problem {
  ok: boolean;
  error: string;
  message: string;
}

describe("one server", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.stop());

  /** Every route of the description, with something in place of parameters. */
  async function routes(): Promise<[string, string][]> {
    const { body } = await app.send<{ paths: Record<string, Record<string, unknown>> }>(
      "GET",
      "/openapi.json",
    );
    return Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method): [string, string] => [
        method.toUpperCase(),
        path.replaceAll(/\{[^}]+\}/g, "x"),
      ]),
    );
  }
  const SIGN_IN = new Set([
    ...["POST /v1/auth/access_token", "POST /auth/login", "POST /auth/link"],
    ...["POST /auth/logout", "GET /auth/me", "GET /auth/link"],
    ...["POST /auth/forgot-password", "POST /auth/reset-password", "POST /auth/second-factor"],
    ...["GET /auth/sso/start", "GET /auth/sso/callback", "GET /.well-known/security.txt"],
  ]);

  const SCIM_REFUSED = {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: "401",
    detail: expect.any(String) as string,
  };

  test("§1.1 §2.2 answers nothing without sign-in", async () => {
    const described = await routes();
    expect(described.length).toBeGreaterThan(20);
    const closed = described.filter(([method, path]) => !SIGN_IN.has(`${method} ${path}`));
    const others = ["/metrics", "/docs", "/docs/", "/docs/json", "/openapi.json", "/v1/live", "/v1/nothing"];
    for (const [method, path] of [...closed, ...others.map((path): [string, string] => ["GET", path])])
      for (const headers of [
        NOBODY,
        { authorization: "Bearer x.y.z" },
        { ...NOBODY, cookie: "fairway_session=x" },
      ]) {
        const body = ["POST", "PUT", "PATCH"].includes(method) ? {} : undefined;
        const { status, body: answer } = await app.send<Problem>(method, path, body, headers);
        const asked = `${method} ${path}`;
        // Whoever knows the key of a source may send to it; this one nobody knows.
        if (/^\/ingest\/|\/plugins\/webhook\//.test(path))
          expect([asked, status, answer.ok, answer.error]).toEqual([asked, 404, false, "not_found"]);
        // RFC 7644 §3.12: its errors have an envelope of their own.
        else if (path.startsWith("/scim/v2/"))
          expect([asked, status, answer]).toEqual([asked, 401, SCIM_REFUSED]);
        else if (path === "/v1/nothing") expect([asked, [401, 404].includes(status)]).toEqual([asked, true]);
        else expect([asked, status, answer.ok, answer.error]).toEqual([asked, 401, false, "unauthorized"]);
      }
  });

  test("says without sign-in only that it lives, and how to sign in", async () => {
    expect((await app.send("GET", "/healthz", undefined, NOBODY)).body).toEqual({ ok: true });
    const ready = await app.send("GET", "/readyz", undefined, NOBODY);
    expect(Object.values(ready.body).every((value) => value === true)).toBe(true);
    const me = await app.send<Problem>("GET", "/auth/me", undefined, NOBODY);
    expect([me.status, me.body.error]).toEqual([401, "unauthorized"]);
    expect(me.body).not.toHaveProperty("user");
  });

  test("§1.1 gives a JWT with the claims that clients read, the same one until it ends", async () => {
    const { clientId, clientSecret } = app.config;
    const ask = () =>
      app.send<{ accessToken: string; expiresIn: number; tokenType: string }>(
        "POST",
        "/v1/auth/access_token",
        { clientId, clientSecret },
        NOBODY,
      );
    const [first, second] = [await ask(), await ask()];
    expect(first.body).toMatchObject({ ok: true, tokenType: "Bearer" });
    expect(second.body.accessToken).toBe(first.body.accessToken);
    expect(second.body.expiresIn).toBeLessThanOrEqual(10_800);
    expect(second.body.expiresIn).toBeGreaterThan(10_700);
    const [, payload = ""] = first.body.accessToken.split(".");
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({
      orgId: expect.stringMatching(/^org_/) as string,
      sub: clientId,
      isMachine: true,
      iat: expect.any(Number) as number,
      exp: Number(claims["iat"]) + 10_800,
      jti: expect.any(String) as string,
    });
    const forged = `${first.body.accessToken.slice(0, -3)}AAA`;
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
    for (const token of [forged, unsigned])
      expect(
        (await app.send("GET", "/v1/blueprints", undefined, { authorization: `Bearer ${token}` })).status,
      ).toBe(401);
  });

  test("§1.1 refuses other keys, other types and wrong secrets, and repeats no secret", async () => {
    const { clientId } = app.config;
    for (const [body, status, part] of [
      [{ clientId, clientSecret: "hush-hush-hush", more: 1 }, 422, "body.more"],
      [{ clientId }, 422, "clientSecret"],
      [{ clientId: 5, clientSecret: "hush-hush-hush" }, 422, "clientId"],
      [{ clientId, clientSecret: ["hush-hush-hush"] }, 422, "clientSecret"],
      [{ clientId, clientSecret: "hush-hush-hush" }, 401, "client"],
      [{ clientId: "somebody@example.com", clientSecret: "hush-hush-hush" }, 401, "client"],
    ] as const) {
      const answer = await app.send<Problem>("POST", "/v1/auth/access_token", body, NOBODY);
      expect([body, answer.status, answer.body.ok]).toEqual([body, status, false]);
      expect(answer.body.message).toContain(part);
      expect(JSON.stringify(answer.body)).not.toContain("hush");
    }
  });

  test("§1.2 takes the headers that clients send besides", async () => {
    const headers = { "x-port-reserved-usage": "true", "user-agent": "port-agent", "x-trace-id": "t" };
    const authorization = `bearer ${app.token}`;
    const answer = await app.send("GET", "/v1/organization", undefined, { ...headers, authorization });
    expect(answer.status).toBe(200);
  });

  test("§1 takes writes with the cookie from its own pages only", async () => {
    const { adminEmail: email, adminPassword: password } = app.config;
    const login = await app.send("POST", "/auth/login", { email, password }, NOBODY);
    expect(login.status).toBe(200);
    const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const write = async (headers: Record<string, string>): Promise<number> => {
      const response = await fetch(`${app.url}/v1/dora/settings`, {
        method: "PUT",
        headers: { "content-type": "application/json", cookie, ...headers },
        body: "{}",
      });
      return response.status;
    };
    expect(await write({ origin: app.url })).toBe(200);
    expect(await write({})).toBe(200);
    expect(await write({ origin: "https://evil.example" })).toBe(403);
    expect(await write({ origin: "null" })).toBe(403);
    expect(await write({ origin: app.url.replace(/\d+$/, "1") })).toBe(403);
    for (const site of ["cross-site", "same-site"]) expect(await write({ "sec-fetch-site": site })).toBe(403);
    // Reading is guarded by SameSite and by CORS: a foreign page gets no answer to look at.
    const read = await fetch(`${app.url}/v1/setup`, { headers: { cookie, origin: "https://evil.example" } });
    expect(read.headers.get("access-control-allow-origin")).toBeNull();
    await fetch(`${app.url}/auth/logout`, { method: "POST", headers: { cookie } });
    expect(await write({ origin: app.url })).toBe(401);
  });

  test("§2.1 §2.2 names what is wrong with a request", async () => {
    const post = (body: unknown, headers: Record<string, string> = {}) =>
      app.send<Problem>("POST", "/v1/dora/commits", body, headers);
    const malformed = await post('{"commits": [');
    expect([malformed.status, malformed.body.ok]).toEqual([400, false]);
    const type = await post("a=b", { "content-type": "application/x-www-form-urlencoded" });
    expect(type.status).toBe(415);
    expect(type.body.message).toContain("application/json");
    const large = await app.send<Problem>("POST", "/v1/blueprints", { identifier: "x".repeat(1_100_000) });
    expect(large.status).toBe(413);
    expect(large.body.message).toContain("1048576");
    const larger = await post({ commits: ["x".repeat(8_400_000)] });
    expect(larger.status).toBe(413);
    expect(larger.body.message).toContain("8388608");
    const commit = { repository: "shop", sha: "nothex", parents: [], author: "", message: "" };
    const at = "2026-01-01T00:00:00Z";
    const schema = await post({ commits: [{ ...commit, authoredAt: at, committedAt: at }] });
    expect(schema.status).toBe(422);
    expect(schema.body.message).toMatch(/body\.commits\.0\.sha \(value "nothex"\) must match pattern/);
    const query = await app.send<Problem>("GET", "/v1/dora/metrics?interval=hour");
    expect(query.status).toBe(422);
    expect(query.body.message).toBe('interval (value "hour") must be day, week or month');
  });

  test("survives NUL characters anywhere", { timeout: patient(120_000) }, async () => {
    const bodies = [
      { identifier: "a\u0000b", title: "x" },
      { identifier: "shop", title: "x\u0000", properties: { "p\u0000": "\u0000" }, relations: {} },
      {
        commits: [{ repository: "r\u0000", sha: "a".repeat(40), parents: [], author: "", message: "\u0000" }],
      },
      { repository: "r", source: "git", services: ["s\u0000"] },
      { repository: "r", source: "git", services: ["s"], options: { "\u0000": "\u0000" } },
      { status: "failed", error: "\u0000" },
      { entities: [{ identifier: "a", properties: { p: "\u0000" } }, { identifier: "\u0000" }] },
      { combinator: "and", rules: [{ property: "$identifier", operator: "=", value: "\u0000" }] },
      { timezone: "\u0000", bots: ["\u0000"] },
      { clientId: "\u0000", clientSecret: "\u0000" },
      { email: "\u0000@x", password: "\u0000", token: "\u0000" },
    ];
    const nulls = ["%00", "a%00b"];
    let turn = 0;
    for (const [method, path] of await routes()) {
      const asked = `${method} ${path}`;
      const paths = nulls.flatMap((text) => [
        path.replaceAll(/\/x(?=\/|$)/g, `/${text}`),
        `${path}?${["blueprint", "entity", "environment", "repository", "from", "metric", "bucket"]
          .map((name) => `${name}=${text}`)
          .join("&")}`,
        `${path}?entity=${text}&blueprint=service`,
      ]);
      // The stream of events would go on for ever.
      if (path === "/v1/live" || asked === "POST /v1/demo") continue;
      // Every body with every route that takes one, by turns with its addresses.
      const takesBody = ["POST", "PUT", "PATCH"].includes(method);
      for (let n = 0; n < (takesBody ? bodies : paths).length; n++, turn++) {
        const one = paths[(takesBody ? turn : n) % paths.length] ?? path;
        const { status } = await app.send(method, one, takesBody ? bodies[n] : undefined);
        expect([asked, one, status, status < 500]).toEqual([asked, one, status, true]);
      }
    }
    expect((await app.send("GET", "/healthz")).status).toBe(200);
  });
});

describe("§1.1 §2.2 failed attempts", { timeout: patient(60_000) }, () => {
  let app: TestApp;
  afterEach(() => app.stop());

  test("of passwords are refused after ten, right ones are not counted", async () => {
    app = await startTestApp();
    const { adminEmail: email, adminPassword } = app.config;
    const login = (password: string | null) =>
      app.send<Problem>("POST", "/auth/login", { email, password }, NOBODY);
    for (let i = 0; i < 15; i++) expect((await login(adminPassword)).status).toBe(200);
    for (let i = 0; i < 10; i++) expect((await login(`wrong ${i}`)).status).toBe(401);
    const refused = await login("wrong again");
    expect([refused.status, refused.body.error]).toEqual([429, "rate_limited"]);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    // The right one, too: otherwise guessing could go on.
    expect((await login(adminPassword)).status).toBe(429);
  });

  test("of client secrets are refused after ten, right ones are not counted", async () => {
    app = await startTestApp();
    const { clientId, clientSecret: right } = app.config;
    const ask = async (clientSecret: string): Promise<number> =>
      (await app.send("POST", "/v1/auth/access_token", { clientId, clientSecret }, NOBODY)).status;
    for (let i = 0; i < 15; i++) expect(await ask(right)).toBe(200);
    for (let i = 0; i < 10; i++) expect(await ask(`wrong ${i}`)).toBe(401);
    expect(await ask("wrong again")).toBe(429);
    // Who has a token already goes on.
    expect((await app.send("GET", "/v1/blueprints")).status).toBe(200);
  });
});

describe("processes", { timeout: patient(120_000) }, () => {
  afterEach(endProcesses);

  test("SIGTERM ends the server soon, what was stored stays, §1.1 a token ends with its credentials", async () => {
    const place = await createTestPlace();
    try {
      const secret = (word: string) => ({
        FAIRWAY_CLIENT_ID: "machine",
        FAIRWAY_CLIENT_SECRET: `${word} secret of sixteen`,
      });
      const first = await startServer(place, secret("an old"));
      // On the embedded database one server at a time has the folder, and the other one says which.
      if (!onPostgres) {
        await expect(startServer(place)).rejects.toThrow(`in use by process ${first.pid}`);
        expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
      }
      const old = await openPortal(first.url, place.dataDir);
      const blueprint = { identifier: "kept", title: "Kept", schema: { properties: {}, required: [] } };
      await old.send("POST", "/v1/blueprints", blueprint);
      const link = await old.send("POST", "/v1/users/admin%40localhost/sign-in-link", {});
      const oneTime = new URL((link as { signInUrl: string }).signInUrl).searchParams.get("token");
      await old.send("POST", "/auth/link", { token: oneTime });
      // A body of which the rest never comes.
      const { hostname, port } = new URL(first.url);
      const socket = connect(Number(port), hostname);
      socket.on("error", () => undefined);
      socket.write(
        "POST /v1/auth/access_token HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
      );
      await sleep(200);
      const started = performance.now();
      first.kill("SIGTERM");
      const { code, stdout } = await first.ended;
      expect([code, stdout]).toEqual([0, expect.stringContaining("/login?token=")]);
      expect(performance.now() - started).toBeLessThan(patient(30_000));
      socket.destroy();
      const delay = { FAIRWAY_STOP_DELAY_SECONDS: "2" };
      const second = await startServer(place, { ...secret("a new"), ...delay, FAIRWAY_PORT: port });
      await expect(old.get("/v1/blueprints")).rejects.toThrow("answered 401");
      const again = await openPortal(second.url, place.dataDir);
      expect(await again.get("/v1/blueprints/kept")).toMatchObject({ blueprint: { identifier: "kept" } });
      const { authorization } = again;
      const live = await fetch(`${second.url}/v1/live`, { headers: { authorization } });
      const lines = live.text();
      second.kill("SIGTERM");
      // It goes on for two seconds, says that it leaves, and keeps no connection.
      const ready = (): Promise<Response> => fetch(`${second.url}/readyz`);
      await vi.waitUntil(async () => (await ready()).status === 503, SOON);
      expect(await (await ready()).json()).toMatchObject({ ok: false, database: true, stays: false });
      const late = await fetch(`${second.url}/v1/blueprints`, { headers: { authorization } });
      expect([late.status, late.headers.get("connection")]).toEqual([200, "close"]);
      // Whoever follows is let go to come back, to another one.
      expect(await lines).toContain("retry: 2000");
      const ended = await second.ended;
      // The administrator has come in: nothing that is printed lets anybody else in.
      expect([ended.code, ended.stdout]).toEqual([0, expect.not.stringContaining("/login?token=")]);
    } finally {
      await endProcesses();
      await place.remove();
    }
  });
});
