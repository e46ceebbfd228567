/** How many requests somebody may send, and how they are told. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { networkOf } from "../../src/http/request-limits.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

const LIMIT = 6;
const ADDRESS_LIMIT = 4;
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    FAIRWAY_RATE_LIMIT: String(LIMIT),
    FAIRWAY_RATE_LIMIT_ADDRESS: String(ADDRESS_LIMIT),
    FAIRWAY_TRUSTED_PROXIES: "127.0.0.1,::1",
  });
});
afterAll(() => app.stop());

const from = (address: string) => ({ "x-forwarded-for": address });
const read = (headers: Record<string, string> = {}) => app.send("GET", "/v1/blueprints", undefined, headers);

describe("one credential", () => {
  test("is told what is left, then to come back; others go on", async () => {
    const { body } = await app.send<{ app: { id: string; secret: string } }>("POST", "/v1/apps", {
      name: "other",
    });
    const answers = [];
    for (let i = 0; i < LIMIT; i += 1) answers.push(await read());
    const left = answers.map(({ headers }) => Number(headers.get("x-ratelimit-remaining")));
    expect(left).toEqual([...Array(LIMIT - 1).keys()].toReversed().concat(0));
    expect(answers[0]?.headers.get("ratelimit-policy")).toBe(`"credential";q=${LIMIT};w=300`);
    expect(answers[0]?.headers.get("ratelimit")).toMatch(/^"credential";r=4;t=\d+$/);
    const refused = answers.at(-1);
    expect(refused).toMatchObject({ status: 429, body: { ok: false, error: "rate_limited" } });
    const wait = Number(refused?.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(300);
    expect(refused?.headers.get("x-ratelimit-reset")).toBe(String(wait));
    // Wherever it comes from.
    expect((await read(from("192.0.2.77"))).status).toBe(429);
    const { id: clientId, secret: clientSecret } = body.app;
    const token = await app.send<{ accessToken: string }>(
      ...(["POST", "/v1/auth/access_token", { clientId, clientSecret }] as const),
      { authorization: "", ...from("192.0.2.1") },
    );
    expect(token.status).toBe(200);
    const other = await read({ authorization: `Bearer ${token.body.accessToken}` });
    expect([other.status, other.headers.get("x-ratelimit-remaining")]).toEqual([200, String(LIMIT - 1)]);
  });

  test("that sends to webhooks is not counted: they have a limit of their own", async () => {
    const statuses = await Promise.all(
      Array.from({ length: ADDRESS_LIMIT * 3 }, () =>
        app.send("POST", "/ingest/nobody", {}, { authorization: "", ...from("192.0.2.40") }),
      ),
    );
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([404]));
  });
});

describe("one address that proves nothing", () => {
  test("is held up, and holds up nobody who proves who they are", async () => {
    const wrong = { authorization: "Bearer wrong", ...from("192.0.2.10") };
    const statuses = [];
    for (let i = 0; i < ADDRESS_LIMIT + 2; i += 1) statuses.push((await read(wrong)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
    expect((await read({ ...wrong, ...from("192.0.2.11") })).status).toBe(401);
    // The token of before has used up its own limit: the answer is about that.
    const known = await read(from("192.0.2.10"));
    expect(known.headers.get("ratelimit-policy")).toMatch(/^"credential"/);
  });
});

test("old tokens and open pages use up nothing of signing in, and strangers nothing of who is signed in", async () => {
  const address = "192.0.2.60";
  const signed = await app.send(
    ...(["POST", "/auth/login", { email: "admin@example.com", password: "correct horse battery" }] as const),
    { authorization: "", ...from("192.0.2.61") },
  );
  const cookie = (signed.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  /** Without a token, which goes before a cookie. */
  const ask = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(app.url + path, { method, headers: { ...from(address), ...headers } });
    await answer.body?.cancel();
    return [answer.status, (answer.headers.get("ratelimit-policy") ?? "").split(";")[0]];
  };
  const last = async (...asked: Parameters<typeof ask>) => {
    for (let i = 0; i < ADDRESS_LIMIT; i += 1) await ask(...asked);
    return ask(...asked);
  };
  expect(await last("GET", "/v1/blueprints", { authorization: "Bearer ended" })).toEqual([429, '"address"']);
  expect(await ask("GET", "/auth/me")).toEqual([401, '"page"']);
  expect(await last("GET", "/auth/me", { cookie: "fairway_session=ended" })).toEqual([429, '"page"']);
  const { clientId, clientSecret } = app.config;
  const token = () =>
    app.send(
      "POST",
      "/v1/auth/access_token",
      { clientId, clientSecret },
      { authorization: "", ...from(address) },
    );
  expect((await token()).status).toBe(200);
  for (let i = 0; i < ADDRESS_LIMIT; i += 1) await token();
  expect((await token()).status).toBe(429);
  expect(await ask("GET", "/auth/me", { cookie })).toEqual([200, '"credential"']);
  expect(await ask("POST", "/auth/logout", { cookie })).toEqual([200, '"credential"']);
  expect(await ask("GET", "/auth/me", { cookie })).toEqual([429, '"page"']);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80:1::2:3:4:5:6", "fe80:1:0:2::/64"],
  ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
  ["no address", "no address"],
])("%s is counted as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
