/** Passwords, links and sessions of people. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, stepAt } from "../../src/access/totp.ts";
import { liveRoutes } from "../../src/http/live.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { fromBase32 } from "../support/base32.ts";
import { startGuardedRoutes } from "../support/guarded-routes.ts";
import { type MailServer, startMailServer } from "../support/mail-server.ts";
import { type BrowserSession, openBrowser } from "./support/browser-session.ts";

let app: TestApp;
let mail: MailServer;
beforeAll(async () => {
  mail = await startMailServer();
  app = await startTestApp({
    FAIRWAY_SMTP_URL: mail.url,
    FAIRWAY_SMTP_FROM: "portal@example.com",
    FAIRWAY_TRUSTED_PROXIES: "127.0.0.1,::1",
    FAIRWAY_SECURITY_CONTACT: "mailto:security@example.com, https://example.com/report",
    FAIRWAY_SECURITY_POLICY: "https://example.com/policy",
  });
});
afterAll(async () => {
  await app.stop();
  await mail.stop();
});

type Body = Record<string, unknown>;
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const GOOD = "seven green umbrellas";
let addresses = 0;
/** Each from an address of its own: failures of one test must not lock out the next. */
const browser = (userAgent?: string): BrowserSession => {
  addresses += 1;
  return openBrowser(app, `192.0.2.${addresses}`, userAgent);
};
const tokenIn = (url: unknown, name: string): string => new URL(String(url)).searchParams.get(name) ?? "";
const invite = async (email: string): Promise<Body> =>
  (await app.send("POST", "/v1/users/invite?notify=false", { invitee: { email } })).body;
/** Invites somebody and signs them in. */
async function join(email: string, userAgent?: string): Promise<BrowserSession> {
  const { signInUrl } = await invite(email);
  const one = browser(userAgent);
  const { status } = await one.send("POST", "/auth/link", { token: tokenIn(signInUrl, "token") });
  expect(status).toBe(200);
  return one;
}
const sessionsOf = async (one: BrowserSession): Promise<Body[]> =>
  (await one.send("GET", "/v1/sessions")).body["sessions"] as Body[];
const login = (one: BrowserSession, email: string, password: string) =>
  one.send("POST", "/auth/login", { email, password });

describe("sessions", () => {
  test("are listed with device, address and last use; one is the one that asks", async () => {
    const one = await join("list@example.com", FIREFOX);
    const [session, ...others] = await sessionsOf(one);
    expect(others).toEqual([]);
    expect(session).toMatchObject({ isCurrent: true, userAgent: FIREFOX, address: `192.0.2.${addresses}` });
    const log = await app.send<{ audits: Body[] }>(
      "GET",
      "/v1/audit-log?blueprint=_user&entity=list@example.com&system=false",
    );
    const active = { trigger: { origin: "UI" }, diff: { after: { properties: { status: "Active" } } } };
    expect(log.body.audits[0]).toMatchObject(active);
    await app.send("PATCH", "/v1/users/list@example.com", { roles: ["Member", "_team-moderator"] });
    expect((await one.send("GET", "/auth/me")).body).toMatchObject({ moderates: ["_team"] });
    for (const key of ["createdAt", "lastSeenAt", "expiresAt"])
      expect(Date.parse(String(session?.[key]))).toBeGreaterThan(0);
    expect(JSON.stringify(session)).not.toMatch(/token|hash/i);
  });

  test("who is not signed in any more is told so apart from wrong passwords and tokens", async () => {
    const nobody = await browser().send("DELETE", "/v1/sessions");
    expect(nobody).toMatchObject({ status: 401, body: { reason: "not_signed_in" } });
    for (const answer of [
      await browser().send("DELETE", "/v1/sessions", undefined, { authorization: "Bearer x" }),
      await login(browser(), "nobody@example.com", GOOD),
    ]) {
      expect(answer.status).toBe(401);
      expect(answer.body).not.toHaveProperty("reason");
    }
  });

  test("what was written on the page of one person is not done for another who has signed in since", async () => {
    const ada = "reader+ada@example.com";
    await join(ada);
    const grace = await join("reader-grace@example.com");
    await grace.send("PUT", "/auth/password", { password: GOOD });
    const second = browser();
    expect((await login(second, "reader-grace@example.com", GOOD)).status).toBe(200);
    const readBy = (email: string) => ({ "x-fairway-reader": encodeURIComponent(email) });
    const refused = await grace.send("DELETE", "/v1/sessions", undefined, readBy(ada));
    expect(refused).toMatchObject({ status: 401, body: { reason: "another_person" } });
    expect(await sessionsOf(grace)).toHaveLength(2);
    for (const headers of [readBy("reader-grace@example.com"), {}])
      expect((await grace.send("DELETE", "/v1/sessions", undefined, headers)).status).toBe(200);
    expect(await sessionsOf(grace)).toHaveLength(1);
    // Signing out on a page of before ends the session that there is.
    expect((await grace.send("POST", "/auth/logout", undefined, readBy(ada))).status).toBe(200);
    expect((await grace.send("GET", "/auth/me")).status).toBe(401);
  });

  test("one's own are ended, one or all others; those of somebody else are not found", async () => {
    const one = await join("end@example.com");
    await one.send("PUT", "/auth/password", { password: GOOD });
    const [two, three] = [browser(), browser()];
    for (const other of [two, three]) expect((await login(other, "end@example.com", GOOD)).status).toBe(200);
    const target = (await sessionsOf(two)).find(({ isCurrent }) => isCurrent === true)?.["id"];
    const stranger = await join("stranger@example.com");
    expect((await stranger.send("DELETE", `/v1/sessions/${String(target)}`)).status).toBe(404);
    expect((await one.send("DELETE", `/v1/sessions/${String(target)}`)).status).toBe(200);
    expect((await two.send("GET", "/auth/me")).status).toBe(401);
    expect((await one.send("DELETE", "/v1/sessions")).body).toEqual({ ok: true, ended: 1 });
    expect((await three.send("GET", "/auth/me")).status).toBe(401);
    expect(await sessionsOf(one)).toHaveLength(1);
  });

  test("of a user are seen and ended by administrators, which the audit log tells", async () => {
    const one = await join("watched@example.com");
    const { body } = await app.send<Body>("GET", "/v1/users/watched@example.com/sessions");
    expect(body["sessions"]).toMatchObject([{ isCurrent: false }]);
    expect((await app.send("DELETE", "/v1/users/watched@example.com/sessions")).body).toEqual({
      ok: true,
      ended: 1,
    });
    expect((await one.send("GET", "/auth/me")).status).toBe(401);
    const { audits } = (await app.send<{ audits: Body[] }>("GET", "/v1/audit-log?resources=session&limit=1"))
      .body;
    expect(audits[0]).toMatchObject({ action: "DELETE", resourceType: "session" });
    expect(JSON.stringify(audits[0])).toContain("watched@example.com");
  });

  test("end with the deactivation of their owner, and do not come back with the activation", async () => {
    const one = await join("away@example.com");
    await one.send("PUT", "/auth/password", { password: GOOD });
    const { body } = await app.send("POST", "/v1/users/away@example.com/sign-in-link");
    const status = (to: string) =>
      app.send("PATCH", "/v1/blueprints/_user/entities/away@example.com", { properties: { status: to } });
    expect((await status("Disabled")).status).toBe(200);
    expect((await login(browser(), "away@example.com", GOOD)).status).toBe(401);
    expect((await status("Active")).status).toBe(200);
    expect((await one.send("GET", "/auth/me")).status).toBe(401);
    const link = { token: tokenIn(body["signInUrl"], "token") };
    expect((await browser().send("POST", "/auth/link", link)).status).toBe(401);
    expect((await login(browser(), "away@example.com", GOOD)).status).toBe(200);
  });

  test("are not opened for service accounts, by whichever way", async () => {
    const email = "robot@serviceaccounts.example.com";
    await app.send("POST", "/v1/blueprints/_user/entities", {
      identifier: email,
      properties: { status: "Active", port_type: "Service Account" },
    });
    const signIn = (await app.send("POST", `/v1/users/${email}/sign-in-link`)).body["signInUrl"];
    const link = { token: tokenIn(signIn, "token") };
    expect((await browser().send("POST", "/auth/link", link)).status).toBe(401);
    const choose = (await app.send("POST", `/v1/users/${email}/password-link`)).body["passwordUrl"];
    const reset = { token: tokenIn(choose, "password"), password: GOOD };
    expect((await browser().send("POST", "/auth/reset-password", reset)).status).toBe(401);
  });

  test("a token of an app has none, and changes nobody's password", async () => {
    expect((await app.send("GET", "/v1/sessions")).status).toBe(403);
    expect((await app.send("PUT", "/auth/password", { password: GOOD })).status).toBe(403);
  });
});

describe("passwords", () => {
  test("are chosen after a link signed in, and changed with the old one, which ends other sessions", async () => {
    const one = await join("ada@example.com");
    expect((await one.send("GET", "/auth/account")).body).toMatchObject({ account: { password: "none" } });
    expect((await one.send("PUT", "/auth/password", { password: GOOD })).status).toBe(200);
    const two = browser();
    expect((await login(two, "ada@example.com", "seven green umbrellaz")).status).toBe(401);
    expect((await login(two, "ada@example.com", GOOD)).status).toBe(200);
    const next = "eight purple umbrellas";
    expect((await one.send("PUT", "/auth/password", { password: next })).status).toBe(401);
    expect((await one.send("PUT", "/auth/password", { current: "x", password: next })).status).toBe(401);
    expect((await one.send("PUT", "/auth/password", { current: GOOD, password: next })).status).toBe(200);
    expect((await two.send("GET", "/auth/me")).status).toBe(401);
    expect((await one.send("GET", "/auth/me")).status).toBe(200);
    expect((await login(browser(), "ada@example.com", GOOD)).status).toBe(401);
    expect((await login(browser(), "ada@example.com", next)).status).toBe(200);
  });

  test("end tokens and personal credentials too, when they are to; the address is typed as one likes", async () => {
    const one = await join("Tokens@example.com");
    await one.send("PUT", "/auth/password", { password: GOOD });
    expect((await login(browser(), "TOKENS@Example.com", GOOD)).status).toBe(200);
    const { credentials } = (
      await one.send<{ credentials: object }>("POST", "/v1/rotate-credentials/tokens@example.com")
    ).body;
    const exchange = () => app.send("POST", "/v1/auth/access_token", credentials, { authorization: "" });
    const made = await one.send<{ token: { token: string } }>("POST", "/v1/tokens", {
      name: "t",
      scopes: ["dora:read"],
    });
    const { token } = made.body.token;
    const works = async () => [
      (await app.send("GET", "/v1/dora/status", undefined, { authorization: `Bearer ${token}` })).status,
      (await exchange()).status,
    ];
    const next = "eight purple umbrellas";
    await one.send("PUT", "/auth/password", { current: GOOD, password: next });
    expect(await works()).toEqual([200, 200]);
    await one.send("PUT", "/auth/password", { current: next, password: GOOD, endTokens: true });
    expect(await works()).toEqual([401, 401]);
  });

  test.each([
    ["short", /at least 12 characters, not 5/],
    ["aaaaaaaaaaaaaaaa", /different characters/],
    ["weakling@example.com", /made of the e-mail address/],
    ["x".repeat(129), /at most 128 characters/],
    ["seven        u", /at least 12 characters, not 7/],
    ["Password1234!", /guessed first/],
    ["Qwertyuiop2026", /guessed first/],
  ])("that are weak are refused: %.30s", async (password, rule) => {
    const one = browser();
    await app.send("POST", "/v1/users/invite", { invitee: { email: "weakling@example.com" } });
    const { body } = await app.send("POST", "/v1/users/weakling@example.com/password-link");
    const token = tokenIn(body["passwordUrl"], "password");
    const answer = await one.send("POST", "/auth/reset-password", { token, password });
    expect([answer.status, answer.body["message"]]).toEqual([422, expect.stringMatching(rule)]);
    // The link is still good.
    expect((await one.send("POST", "/auth/reset-password", { token, password: GOOD })).status).toBe(200);
  });

  test("that change are told to their owner, and so are second factors", async () => {
    const email = "told@example.com";
    const one = await join(email);
    await one.send("PUT", "/auth/password", { password: GOOD });
    const changed = await mail.next(email);
    expect(changed).toContain("Your password was changed at");
    expect(changed).toContain(`From: 192.0.2.${addresses}`);
    expect(changed).not.toContain(GOOD);
    const setup = await one.send("POST", "/auth/second-factor/setup", { password: GOOD });
    const code = codeOf(fromBase32(String(setup.body["secret"])), stepAt(new Date()));
    expect((await one.send("POST", "/auth/second-factor/confirm", { code })).status).toBe(200);
    expect(await mail.next(email)).toContain("A second factor was turned on");
    await app.send("DELETE", `/v1/users/${email}/second-factor`);
    expect(await mail.next(email)).toContain("taken away by an administrator");
  });

  test("are chosen anew by a link of an administrator, once; sessions end", async () => {
    const one = await join("grace@example.com");
    await one.send("PUT", "/auth/password", { password: GOOD });
    const { body } = await app.send("POST", "/v1/users/grace@example.com/password-link");
    const token = tokenIn(body["passwordUrl"], "password");
    // A link for one thing is not good for another.
    expect((await browser().send("POST", "/auth/link", { token })).status).toBe(401);
    const two = browser();
    const fresh = { token, password: "nine yellow umbrellas" };
    expect((await two.send("POST", "/auth/reset-password", fresh)).status).toBe(200);
    expect((await two.send("GET", "/auth/me")).status).toBe(200);
    expect((await one.send("GET", "/auth/me")).status).toBe(401);
    expect((await browser().send("POST", "/auth/reset-password", fresh)).status).toBe(401);
    expect((await login(browser(), "grace@example.com", GOOD)).status).toBe(401);
  });

  test("that were forgotten: an e-mail brings a link; who has no account is not told apart", async () => {
    await join("forgetful@example.com");
    const one = browser();
    const ask = (email: string) => one.send("POST", "/auth/forgot-password", { email });
    const known = await ask("forgetful@example.com");
    const unknown = await ask("nobody@example.com");
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    const text = await mail.next("forgetful@example.com");
    const token = /[?&]password=([\w-]+)/.exec(text)?.[1] ?? "";
    expect((await one.send("POST", "/auth/reset-password", { token, password: GOOD })).status).toBe(200);
    expect(mail.count("nobody@example.com")).toBe(0);
    // Strangers cannot fill somebody's mailbox.
    for (let i = 0; i < 4; i += 1) expect((await ask("flooded@example.com")).status).toBe(200);
    for (let i = 0; i < 4; i += 1) await ask("flooded@example.com");
    expect((await ask("flooded@example.com")).status).toBe(429);
  });

  test("of the configuration are changed there only", async () => {
    const one = browser();
    expect((await login(one, "admin@example.com", "correct horse battery")).status).toBe(200);
    expect((await one.send("GET", "/auth/account")).body).toMatchObject({
      account: { password: "configured" },
    });
    const answer = await one.send("PUT", "/auth/password", { password: GOOD });
    expect([answer.status, answer.body["error"]]).toEqual([409, "conflict"]);
  });

  test("of somebody who was deleted are gone, also for who comes back under the address", async () => {
    const one = await join("gone@example.com");
    await one.send("PUT", "/auth/password", { password: GOOD });
    await app.send("DELETE", "/v1/users/gone@example.com");
    expect((await one.send("GET", "/auth/me")).status).toBe(401);
    await join("gone@example.com");
    expect((await login(browser(), "gone@example.com", GOOD)).status).toBe(401);
  });
});

test("live events end when who follows them could not ask any more", async () => {
  let isGood = true;
  const small = await startGuardedRoutes(
    (token) => isGood || token === "other",
    (routes) => liveRoutes(routes, 10),
  );
  try {
    const follow = (token: string) =>
      fetch(`${small.url}/v1/live`, { headers: { authorization: `Bearer ${token}` } });
    const [one, other] = [await follow("one"), await follow("other")];
    isGood = false;
    expect(await one.text()).toMatch(/^retry: 2000/);
    const reader = other.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
    expect((await follow("one")).status).toBe(401);
  } finally {
    await small.stop();
  }
});

test("an invitation goes out by e-mail, unless it is not to be told", async () => {
  const { body } = await app.send("POST", "/v1/users/invite", { invitee: { email: "mailed@example.com" } });
  expect(body["isMailed"]).toBe(true);
  expect(await mail.next("mailed@example.com")).toContain(String(body["signInUrl"]));
  expect((await invite("silent@example.com"))["isMailed"]).toBe(false);
  expect(mail.count("silent@example.com")).toBe(0);
});

test("security.txt names whom to tell, and is not out of date", async () => {
  const { status, body, headers } = await app.send<string>("GET", "/.well-known/security.txt", undefined, {
    authorization: "",
  });
  expect([status, headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
  const lines = body.trimEnd().split("\n");
  expect(lines).toEqual([
    "Contact: mailto:security@example.com",
    "Contact: https://example.com/report",
    expect.stringMatching(/^Expires: \d{4}-\d\d-\d\dT00:00:00\.000Z$/),
    "Policy: https://example.com/policy",
    expect.stringMatching(/^Canonical: http.*\/\.well-known\/security\.txt$/),
  ]);
  const days = (Date.parse((lines[2] ?? "").slice("Expires: ".length)) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(170);
  expect(days).toBeLessThan(366);
});
