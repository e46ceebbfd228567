/** What people keep for themselves: theirs alone, bounded, gone with them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let ada: Record<string, string>;
let bob: Record<string, string>;
beforeAll(async () => {
  app = await startTestApp();
  ada = await signIn("ada");
  bob = await signIn("bob");
});
afterAll(() => app.stop());

/** Somebody with credentials of their own: a service account has a role as a person has. */
async function signIn(name: string): Promise<Record<string, string>> {
  const made = await app.send<{ additionalData: { credentials: object } }>(
    "POST",
    "/v1/blueprints/_user/entities",
    {
      identifier: `${name}@serviceaccounts.example.com`,
      properties: { status: "Active", port_type: "Service Account" },
    },
  );
  const token = await app.send<{ accessToken: string }>(
    "POST",
    "/v1/auth/access_token",
    made.body.additionalData.credentials,
    {},
  );
  return { authorization: `Bearer ${token.body.accessToken}` };
}

const keep = (who: Record<string, string>, name: string, body: unknown) =>
  app.send<{ message?: string }>("PUT", `/v1/own-settings/${encodeURIComponent(name)}`, body, who);
const kept = async (who: Record<string, string>) =>
  (await app.send<{ settings: unknown }>("GET", "/v1/own-settings", undefined, who)).body.settings;

test("is kept for whoever kept it, replaced and forgotten", async () => {
  expect(
    (await keep(ada, "view:service", { value: { q: "x", "": "$5", nested: [{ a: null }] } })).status,
  ).toBe(200);
  expect((await keep(ada, "view:service", { value: { g: "tier" } })).status).toBe(200);
  await keep(ada, "a", { value: {} });
  expect(await kept(ada)).toEqual({ a: {}, "view:service": { g: "tier" } });
  expect(await kept(bob)).toEqual({});
  for (let again = 0; again < 2; again++)
    expect((await app.send("DELETE", "/v1/own-settings/a", undefined, ada)).status).toBe(200);
  expect(await kept(ada)).toEqual({ "view:service": { g: "tier" } });
});

test("two at once leave one of the two", async () => {
  const answers = await Promise.all(["one", "two"].map((q) => keep(bob, "view:both", { value: { q } })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(["one", "two"]).toContain(((await kept(bob)) as Record<string, { q: string }>)["view:both"]?.q);
});

test.each([
  ["view:a b", { value: {} }, 'setting "view:a b" must be 1 to 200 letters'],
  ["x".repeat(201), { value: {} }, "must be 1 to 200 letters"],
  ["list", { value: [] }, "value"],
  ["none", {}, "value"],
  ["more", { value: {}, other: 1 }, "other"],
  ["nul", { value: { a: "\u0000" } }, "value.a"],
  ["long", { value: { a: "x".repeat(20_000) } }, "at most 16384 are allowed"],
])("refuses %s", async (name, body, said) => {
  const answer = await keep(bob, name, body);
  expect(answer.status).toBe(422);
  expect(answer.body.message).toContain(said);
});

test("credentials that are nobody's keep nothing", async () => {
  const answer = await app.send<{ message: string }>("PUT", "/v1/own-settings/a", { value: {} });
  expect(answer).toMatchObject({ status: 403 });
  expect(answer.body.message).toContain("nobody's");
});

test("no more than 500 each, and they go with the person", async () => {
  const eve = await signIn("eve");
  const names = Array.from({ length: 500 }, (_, at) => `view:${at}`);
  for (let at = 0; at < names.length; at += 50)
    await Promise.all(names.slice(at, at + 50).map((name) => keep(eve, name, { value: {} })));
  expect(await keep(eve, "one-more", { value: {} })).toMatchObject({ status: 422 });
  expect((await keep(eve, "view:7", { value: { q: "again" } })).status).toBe(200);
  await app.send("DELETE", "/v1/users/eve@serviceaccounts.example.com");
  const back = await signIn("eve");
  expect(await kept(back)).toEqual({});
});
