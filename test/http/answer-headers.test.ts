/** What answers say to browsers and to proxies on the way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { sessionCookie } from "../../src/http/auth.ts";
import { streamHeaders } from "../../src/http/stream-headers.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ FAIRWAY_BASE_URL: "https://portal.example.com" });
});
afterAll(() => app.stop());

const ask = (path: string, headers: Record<string, string> = {}) => fetch(app.url + path, { headers });
const token = () => ({ authorization: `Bearer ${app.token}` });

test.each([
  ["/v1/blueprints", true],
  ["/v1/users", true],
  ["/auth/me", false],
  ["/v1/nothing", true],
  ["/scim/v2/Users", true],
])("an answer of the API is not kept, guessed at, or shown as a page: %s", async (path, isSignedIn) => {
  const { headers } = await ask(path, isSignedIn ? token() : {});
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-disposition")).toBe('attachment; filename="answer.json"');
  expect(headers.get("content-type")).toMatch(/json/);
});

test("files that are exported keep their name", async () => {
  const { headers } = await ask("/v1/users/admin@example.com/data", token());
  expect(headers.get("content-disposition")).toBe('attachment; filename="my-data.json"');
});

test("streams say the same, and their character set", async () => {
  const response = await fetch(`${app.url}/v1/live`, { headers: token() });
  await response.body?.cancel();
  for (const [name, value] of Object.entries(streamHeaders("an id")))
    if (name !== "x-request-id") expect([name, response.headers.get(name)]).toEqual([name, value]);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

test("a page runs only what is this host's, and stands in no other page", async () => {
  const pages = await Promise.all(
    ["/", "/login", "/settings"].map((path) => ask(path, { accept: "text/html" })),
  );
  const policies = pages.map(({ headers }) => headers.get("content-security-policy") ?? "");
  for (const [index, policy] of policies.entries()) {
    expect(policy).toContain("default-src 'self'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).not.toMatch(/script-src[^;]*(unsafe|nonce|\*)/);
    expect(policy).toContain("frame-src 'none'");
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("form-action 'self'");
    const { headers } = pages[index] as Response;
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
  const nonces = policies.map((policy) => /'nonce-([^']+)'/.exec(policy)?.[1]);
  expect(new Set(nonces).size).toBe(pages.length);
});

test("by https browsers are told to stay there, and the name of the cookie holds it to this host", async () => {
  const { headers } = await ask("/v1/blueprints", token());
  expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
  const { adminEmail: email, adminPassword: password } = app.config;
  const signedIn = await app.send("POST", "/auth/login", { email, password }, { authorization: "" });
  expect(signedIn.headers.get("set-cookie")).toMatch(
    /^__Host-fairway_session=[^;]+;.*Path=\/;.*HttpOnly; Secure/,
  );
  expect([sessionCookie(true), sessionCookie(false)]).toEqual(["__Host-fairway_session", "fairway_session"]);
});

test("what a sender says of its address counts only if it is a proxy that is listed", async () => {
  const guess = (address: string) =>
    app.send(...(["POST", "/auth/login", { email: "nobody@example.com", password: "x" }] as const), {
      authorization: "",
      "x-forwarded-for": address,
    });
  const statuses = [];
  for (let i = 0; i < 11; i += 1) statuses.push((await guess(`192.0.2.${i}`)).status);
  expect(statuses.at(-1)).toBe(429);
});
