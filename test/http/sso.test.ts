/** Single sign-on against an issuer on loopback: who comes in, as whom, and everything that must not be believed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { type Issuer, startIssuer } from "../support/issuer.ts";

type Body = Record<string, unknown>;
let issuer: Issuer;
let app: TestApp;
const provider = () => ({
  FAIRWAY_OIDC_ISSUER: issuer.url,
  FAIRWAY_OIDC_CLIENT_ID: issuer.clientId,
  FAIRWAY_OIDC_CLIENT_SECRET: issuer.clientSecret,
});
beforeAll(async () => {
  issuer = await startIssuer();
  app = await startTestApp({
    ...provider(),
    FAIRWAY_OIDC_NAME: "Example ID",
    FAIRWAY_OIDC_ADMIN_GROUPS: "portal admins",
    FAIRWAY_OIDC_TEAM_GROUPS: "sre=Platform,pay=Payments",
    FAIRWAY_LOCAL_SIGN_IN: "false",
  });
});
afterAll(async () => {
  await app.stop();
  await issuer.stop();
});
beforeEach(() => {
  Object.assign(issuer, { who: {}, userinfo: {}, fault: "none" });
});

const person = (name: string, more: Body = {}): Body => ({
  ...{ sub: `sub-${name}`, email: `${name}@example.com`, email_verified: true, name },
  ...{ groups: [], ...more },
});
const askAt = (url: string, path: string, cookie = "") =>
  fetch(new URL(path, url), { redirect: "manual", headers: { cookie } });
const ask = (path: string, cookie = "") => askAt(app.url, path, cookie);
const cookieIn = (response: Response, name: string): string =>
  response.headers
    .getSetCookie()
    .map((text) => text.split(";")[0] ?? "")
    .find((text) => text.startsWith(`${name}=`)) ?? "";
const local = (url: string): string => new URL(url).pathname + new URL(url).search;

/** Goes to the issuer. @returns what the browser is then sent to, and the cookie of the attempt */
async function go(next = "", url = app.url): Promise<{ callback: string; cookie: string }> {
  const started = await askAt(
    url,
    `/auth/sso/start${next === "" ? "" : `?next=${encodeURIComponent(next)}`}`,
  );
  const away = await fetch(started.headers.get("location") ?? "", { redirect: "manual" });
  return { callback: local(away.headers.get("location") ?? ""), cookie: cookieIn(started, "fairway_sso") };
}
/** The whole way. @returns where it leads, and who is signed in then */
async function signIn(next = ""): Promise<{ to: string; session: string; user: Body | undefined }> {
  const { callback, cookie } = await go(next);
  const back = await ask(callback, cookie);
  const session = cookieIn(back, "fairway_session");
  const me = (await (await ask("/auth/me", session)).json()) as Body;
  return { to: back.headers.get("location") ?? "", session, user: me["user"] as Body | undefined };
}
const user = async (email: string): Promise<Body> =>
  (await app.send<{ user: Body }>("GET", `/v1/users/${email}`)).body.user;

describe("who comes in", () => {
  test("somebody new gets an account as a member, and comes back to where they were", async () => {
    issuer.who = person("ada");
    const { to, user: me, session } = await signIn("/dora?last=90d");
    expect([to, me]).toEqual(["/dora?last=90d", { email: "ada@example.com", name: "ada", role: "Member" }]);
    expect(session).not.toBe("");
    expect(await user("ada@example.com")).toMatchObject({ status: "Active", roles: [{ name: "Member" }] });
  });

  test("groups give the role and the teams that they decide about, and take them; others stay", async () => {
    await app.send("POST", "/v1/teams", { name: "Chess" });
    issuer.who = person("grace", { groups: ["portal admins", "sre"] });
    expect((await signIn()).user).toMatchObject({ role: "Admin" });
    const changes = await app.send<{ audits: { action: string }[] }>(
      "GET",
      "/v1/audit-log?blueprint=_user&entity=grace@example.com&system=false",
    );
    expect(changes.body.audits.map(({ action }) => action)).toEqual(["UPDATE", "CREATE"]);
    await app.send("PATCH", "/v1/users/grace@example.com", { teams: ["Platform", "Chess"] });
    issuer.who = person("grace", { groups: ["pay"] });
    expect((await signIn()).user).toMatchObject({ role: "Member" });
    expect((await user("grace@example.com"))["teams"]).toEqual(["Chess", "Payments"]);
    // Too many to be told: nothing is taken away.
    issuer.who = { ...person("grace"), groups: undefined, _claim_names: { groups: "src1" } };
    await signIn();
    expect((await user("grace@example.com"))["teams"]).toEqual(["Chess", "Payments"]);
  });

  test("claims may stand in userinfo", async () => {
    issuer.who = { sub: "sub-info" };
    issuer.userinfo = { email: "info@example.com", email_verified: true, groups: ["sre"] };
    expect((await signIn()).user).toMatchObject({ email: "info@example.com" });
    expect((await user("info@example.com"))["teams"]).toEqual(["Platform"]);
  });

  test("it is the account that counts from then on, not the address", async () => {
    issuer.who = person("first", { sub: "stable" });
    await signIn();
    issuer.who = person("renamed", { sub: "stable", email_verified: false });
    expect((await signIn()).user).toMatchObject({ email: "first@example.com" });
    // Somebody else who is given the address does not become them, until an administrator says so.
    issuer.who = person("first", { sub: "another" });
    expect(await signIn()).toMatchObject({ to: "/login?sso=taken", user: undefined });
    expect((await app.send("DELETE", "/v1/users/first@example.com/provider")).status).toBe(200);
    expect((await signIn()).user).toMatchObject({ email: "first@example.com" });
  });

  test("an invited user becomes active, however the address is written; a deactivated one stays out", async () => {
    const { body } = await app.send("POST", "/v1/users/invite", { invitee: { email: "lin@example.com" } });
    expect(body["signInUrl"]).toMatch(/\/login$/);
    issuer.who = person("lin", { email: "Lin@Example.com" });
    expect((await signIn()).user).toMatchObject({ email: "lin@example.com" });
    await app.send("PATCH", "/v1/blueprints/_user/entities/lin@example.com", {
      properties: { status: "Disabled" },
    });
    expect(await signIn()).toMatchObject({ to: "/login?sso=unknown", user: undefined });
  });

  test("who was deactivated stays out however either side writes the address; of two nobody is guessed", async () => {
    const make = (identifier: string, status: string) =>
      app.send("POST", "/v1/blueprints/_user/entities", { identifier, properties: { status } });
    await make("Bob@Example.com", "Disabled");
    issuer.who = person("bob");
    expect(await signIn()).toMatchObject({ to: "/login?sso=unknown", user: undefined });
    expect((await app.send("GET", "/v1/users/bob@example.com")).status).toBe(404);
    await make("bob@example.com", "Active");
    expect(await signIn()).toMatchObject({ to: "/login?sso=taken", user: undefined });
    // An invitation finds the user too.
    const invited = await app.send("POST", "/v1/users/invite", { invitee: { email: "LIN@example.com" } });
    expect(invited.status).toBe(409);
    const fresh = await app.send<{ user: Body }>("POST", "/v1/users/invite", {
      invitee: { email: "Mixed@Example.com" },
    });
    expect(fresh.body.user).toMatchObject({ email: "mixed@example.com" });
    issuer.who = person("Mixed");
    expect((await signIn()).user).toMatchObject({ email: "mixed@example.com" });
  });

  test("the administrator of the configuration keeps the role, and may come with a password; nobody else", async () => {
    issuer.who = person("admin");
    expect((await signIn()).user).toMatchObject({ email: "admin@example.com", role: "Admin" });
    const login = (email: string) =>
      app.send("POST", "/auth/login", { email, password: "correct horse battery" }, { authorization: "" });
    expect((await login("admin@example.com")).status).toBe(200);
    expect((await login("ada@example.com")).status).toBe(401);
    expect((await app.send("POST", "/v1/users/ada@example.com/password-link")).status).toBe(409);
    const { body } = await app.send<Body>("GET", "/auth/me", undefined, { authorization: "" });
    expect(body["methods"]).toEqual({
      ...{ password: true, passwordReset: false, isLocalOpen: false, sso: { name: "Example ID" } },
    });
  });
});

describe("what is not believed", () => {
  const nobody = (problem: string) => ({ to: `/login?sso=${problem}`, session: "", user: undefined });

  test.each([[{ email_verified: false }], [{ email_verified: undefined }], [{ email: undefined }]])(
    "an address that is not verified: %j",
    async (claims) => {
      issuer.who = { ...person("mallory"), ...claims };
      expect(await signIn()).toEqual(nobody("email"));
      expect((await app.send("GET", "/v1/users/mallory@example.com")).status).toBe(404);
    },
  );

  test("an address of the token that only userinfo calls verified, for another address", async () => {
    issuer.who = { sub: "sub-pair", email: "admin@example.com" };
    issuer.userinfo = { email: "pair@example.com", email_verified: true, groups: [] };
    expect(await signIn()).toEqual(nobody("email"));
    issuer.who = { sub: "sub-pair", email_verified: true };
    issuer.userinfo = { email: "admin@example.com", groups: [] };
    expect(await signIn()).toEqual(nobody("email"));
  });

  test.each(["nonce", "audience", "issuer", "expired", "key", "algorithm"] as const)(
    "an ID token with a wrong %s",
    async (fault) => {
      Object.assign(issuer, { who: person("mallory"), fault });
      expect(await signIn()).toEqual(nobody("failed"));
    },
  );

  test("an answer that belongs to another browser, another attempt, or none", async () => {
    issuer.who = person("mallory");
    const [one, two] = [await go(), await go()];
    const to = async (callback: string, cookie: string) =>
      (await ask(callback, cookie)).headers.get("location");
    expect(await to(one.callback, "")).toBe("/login?sso=again");
    expect(await to(one.callback, two.cookie)).toBe("/login?sso=failed");
    expect(await to(one.callback, "fairway_sso=nonsense")).toBe("/login?sso=again");
    expect(await to("/auth/sso/callback?code=none&state=none", one.cookie)).toBe("/login?sso=failed");
    // The code is good once.
    expect(await to(one.callback, one.cookie)).toBe("/");
    expect(await to(one.callback, one.cookie)).toBe("/login?sso=failed");
  });

  test("that the provider refused, and a page elsewhere to come back to", async () => {
    issuer.who = { error: "access_denied" };
    expect(await signIn()).toEqual(nobody("denied"));
    issuer.who = person("ada");
    for (const next of [
      "https://evil.example.com",
      "//evil.example.com",
      "/\\evil.example.com",
      "javascript:alert(1)",
    ])
      expect((await signIn(next)).to).toBe("/");
  });
});

describe("beside passwords, when nobody said that they stay", () => {
  let both: TestApp;
  beforeAll(async () => {
    both = await startTestApp({ ...provider(), FAIRWAY_BASE_URL: "https://portal.example.com" });
  });
  afterAll(() => both.stop());

  test("who comes by the provider gets no password, whichever way; by https only our host sets the cookie", async () => {
    const email = "linked@example.com";
    await both.send("POST", "/v1/users/invite", { invitee: { email } });
    const link = () => both.send<Body>("POST", `/v1/users/${email}/password-link`);
    const before = await link();
    expect(before.status).toBe(200);
    issuer.who = person("linked");
    const { callback, cookie } = await go("", both.url);
    const back = await askAt(both.url, callback, cookie);
    const set = back.headers.getSetCookie().find((text) => text.startsWith("__Host-")) ?? "";
    expect(set).toMatch(/^__Host-fairway_session=[^;]+;.*Path=\/; HttpOnly; Secure; SameSite=Strict/);
    expect(set).not.toMatch(/domain/i);
    const session = cookieIn(back, "__Host-fairway_session");
    const me = async (given: string) => (await askAt(both.url, "/auth/me", given)).status;
    expect([await me(session), await me(session.replace("__Host-", ""))]).toEqual([200, 401]);

    const password = "seven green umbrellas";
    const account = (await (await askAt(both.url, "/auth/account", session)).json()) as { account: Body };
    expect(account.account).toMatchObject({ password: "none", mayHavePassword: false });
    expect((await link()).status).toBe(409);
    const own = await fetch(`${both.url}/auth/password`, {
      method: "PUT",
      headers: { cookie: session, "content-type": "application/json" },
      body: JSON.stringify({ password }),
    });
    expect(own.status).toBe(409);
    const token = new URL(String(before.body["passwordUrl"])).searchParams.get("password");
    const reset = await both.send("POST", "/auth/reset-password", { token, password }, { authorization: "" });
    expect([reset.status, reset.body["message"]]).toEqual([409, expect.stringMatching(/needs no password/)]);
    // Others do.
    await both.send("POST", "/v1/users/invite", { invitee: { email: "local@example.com" } });
    expect((await both.send("POST", "/v1/users/local@example.com/password-link")).status).toBe(200);
  });
});
