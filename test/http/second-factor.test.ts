/** Signing in with two factors, over HTTP; what holds below the routes is in test/access.test.ts. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fromBase32 } from "../support/base32.ts";
import { startTestApp, type TestApp } from "../support/app.ts";
import { codeOf, stepAt } from "../../src/access/totp.ts";
import { type BrowserSession, openBrowser } from "./support/browser-session.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ FAIRWAY_TRUSTED_PROXIES: "127.0.0.1,::1" });
});
afterAll(() => app.stop());

const PASSWORD = "seven green umbrellas";
let addresses = 0;
const browser = (): BrowserSession => {
  addresses += 1;
  return openBrowser(app, `192.0.2.${addresses}`);
};

/** Invites somebody, signs them in and gives them a password. */
async function join(email: string): Promise<BrowserSession> {
  const { body } = await app.send("POST", "/v1/users/invite", { invitee: { email } });
  const token = new URL(String(body["signInUrl"])).searchParams.get("token");
  const one = browser();
  await one.send("POST", "/auth/link", { token });
  await one.send("PUT", "/auth/password", { password: PASSWORD });
  return one;
}

const login = (one: BrowserSession, email: string) =>
  one.send("POST", "/auth/login", { email, password: PASSWORD });

/** Turns it on. @returns codes for `steps` from now, and recovery codes */
async function enrol(one: BrowserSession) {
  const setup = await one.send("POST", "/auth/second-factor/setup", { password: PASSWORD });
  expect(setup.status).toBe(200);
  const secret = fromBase32(String(setup.body["secret"]));
  const code = (steps = 0) => codeOf(secret, stepAt(new Date()) + steps);
  const confirmed = await one.send("POST", "/auth/second-factor/confirm", { code: code(-1) });
  expect(confirmed.status).toBe(200);
  return { code, recovery: confirmed.body["recoveryCodes"] as string[] };
}

test("it is set up with the password, asked for by every way in, and turned off by a code", async () => {
  const email = "ada@example.com";
  const one = await join(email);
  const other = browser();
  await login(other, email);
  expect((await one.send("POST", "/auth/second-factor/setup", {})).status).toBe(401);
  const { code, recovery } = await enrol(one);
  // What was signed in with one factor ends.
  expect((await other.send("GET", "/auth/me")).status).toBe(401);
  expect((await one.send("GET", "/auth/account")).body["account"]).toMatchObject({
    secondFactor: { isOn: true, isRequired: false, recoveryCodesLeft: 10 },
  });

  const two = browser();
  const half = await login(two, email);
  expect([half.status, half.body["user"], two.isSignedIn]).toEqual([200, undefined, false]);
  const token = half.body["secondFactorToken"];
  const finish = (given: string) => two.send("POST", "/auth/second-factor", { token, code: given });
  expect((await finish("000000x")).status).toBe(401);
  expect((await finish(code())).status).toBe(200);
  expect((await two.send("GET", "/auth/me")).body["user"]).toMatchObject({ email });
  // Neither the attempt nor the code is good again.
  expect((await finish(code(1))).status).toBe(401);

  // A link of an administrator is one factor too.
  const { body } = await app.send("POST", `/v1/users/${email}/sign-in-link`);
  const three = browser();
  const link = new URL(String(body["signInUrl"])).searchParams.get("token");
  const byLink = await three.send("POST", "/auth/link", { token: link });
  expect([byLink.status, three.isSignedIn]).toEqual([200, false]);
  const again = { token: byLink.body["secondFactorToken"], code: recovery[0] };
  expect((await three.send("POST", "/auth/second-factor", again)).status).toBe(200);

  // So is a link that sets a password.
  const reset = (await app.send("POST", `/v1/users/${email}/password-link`)).body;
  const resetToken = new URL(String(reset["passwordUrl"])).searchParams.get("password");
  const four = browser();
  const set = await four.send("POST", "/auth/reset-password", { token: resetToken, password: PASSWORD });
  expect([set.status, four.isSignedIn]).toEqual([200, false]);
  const last = { token: set.body["secondFactorToken"], code: recovery[1] };
  expect((await four.send("POST", "/auth/second-factor", last)).status).toBe(200);

  const fresh = await four.send("POST", "/auth/second-factor/recovery-codes", { code: recovery[2] });
  expect(fresh.body["recoveryCodes"]).toHaveLength(10);
  expect((await four.send("POST", "/auth/second-factor/off", { code: recovery[3] })).status).toBe(401);
  const [good] = fresh.body["recoveryCodes"] as string[];
  expect((await four.send("POST", "/auth/second-factor/off", { code: good })).status).toBe(200);
  expect((await login(browser(), email)).body["user"]).toMatchObject({ email });
});

test("a first factor that was proved before counts no more after another password, or when it is over", async () => {
  const email = "half@example.com";
  const one = await join(email);
  const { code, recovery } = await enrol(one);
  const two = browser();
  const half = (await login(two, email)).body["secondFactorToken"];
  const password = "eight purple umbrellas";
  expect((await one.send("PUT", "/auth/password", { current: PASSWORD, password })).status).toBe(200);
  expect((await two.send("POST", "/auth/second-factor", { token: half, code: code() })).status).toBe(401);
  await one.send("PUT", "/auth/password", { current: password, password: PASSWORD });
  const again = (await login(two, email)).body["secondFactorToken"];
  await one.send("POST", "/auth/second-factor/off", { code: recovery[0] });
  const fresh = await enrol(one);
  const late = { token: again, code: fresh.code() };
  expect((await two.send("POST", "/auth/second-factor", late)).status).toBe(401);
  // Whoever may not sign in is not told that the password was right.
  await app.send("PATCH", `/v1/blueprints/_user/entities/${email}`, { properties: { status: "Disabled" } });
  const refused = await login(browser(), email);
  expect([refused.status, refused.body["secondFactorToken"]]).toEqual([401, undefined]);
});

test("guesses lock it for all addresses, and say how long; an administrator takes it away", async () => {
  const email = "grace@example.com";
  const { recovery } = await enrol(await join(email));
  const guess = async (code: string) => {
    const one = browser();
    const { body } = await login(one, email);
    return one.send("POST", "/auth/second-factor", { token: body["secondFactorToken"], code });
  };
  for (let i = 0; i < 5; i += 1) expect((await guess("000000x")).status).toBe(401);
  const locked = await guess(recovery[0] ?? "");
  expect(locked.status).toBe(429);
  expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(0);
  const path = `/v1/users/${email}/second-factor`;
  expect((await app.send("GET", path)).body).toMatchObject({ secondFactor: { isOn: true } });
  expect((await app.send("DELETE", path)).status).toBe(200);
  expect((await app.send("DELETE", path)).status).toBe(404);
  expect((await login(browser(), email)).body["user"]).toMatchObject({ email });
  const { audits } = (
    await app.send<{ audits: object[] }>("GET", "/v1/audit-log?resources=second_factor&limit=1")
  ).body;
  expect(audits).toMatchObject([{ action: "DELETE", resourceType: "second_factor" }]);
});

test("where everybody needs one, who has none sets one up before anything else", async () => {
  const email = "late@example.com";
  const one = await join(email);
  const policy = (secondFactor: string) => app.send("PUT", "/v1/organization/sign-in", { secondFactor });
  expect((await policy("sometimes")).status).toBe(422);
  expect((await policy("required")).status).toBe(200);
  // Another client that replaces the settings does not undo it.
  await app.send("PUT", "/v1/organization", { name: "Ours" });
  expect((await app.send("GET", "/v1/organization/sign-in")).body["signIn"]).toEqual({
    secondFactor: "required",
  });
  expect((await one.send("GET", "/auth/me")).body["mustSetUpSecondFactor"]).toBe(true);
  for (const path of ["/v1/users", "/v1/blueprints", "/openapi.json", "/v1/sessions"]) {
    const { status, body } = await one.send("GET", path);
    expect([status, body["reason"]]).toEqual([403, "second_factor_required"]);
  }
  expect((await one.send("PUT", "/auth/password", { current: PASSWORD, password: PASSWORD })).status).toBe(
    403,
  );
  await enrol(one);
  expect((await one.send("GET", "/auth/me")).body["mustSetUpSecondFactor"]).toBe(false);
  expect((await one.send("GET", "/v1/users")).status).toBe(200);
  // Machines are not asked.
  expect((await app.send("GET", "/v1/users")).status).toBe(200);
  await policy("optional");
});
