/** Ids of who did something become names (docs/api-notes.md). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  // As Compose and the chart do.
  app = await startTestApp({
    ...{ FAIRWAY_CLIENT_ID: "fairway", FAIRWAY_CLIENT_SECRET: "the secret of the organisation" },
  });
});
afterAll(() => app.stop());

type Body = Record<string, unknown>;
type Headers = Readonly<Record<string, string>>;

async function made(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await app.send<Body>(method, path, body);
  expect(answer.status, `${method} ${path}`).toBeLessThan(300);
  return answer.body;
}
const invite = (email: string) => made("POST", "/v1/users/invite", { invitee: { email } });

async function named(ids: readonly string[], headers?: Headers): Promise<unknown> {
  const { status, body } = await app.send<Body>("POST", "/v1/actors", { ids }, headers);
  expect(status).toBe(200);
  return body["actors"];
}

let credentials = "";

test("in one question, also of those who are gone", async () => {
  await invite("ida@example.com");
  await made("PATCH", "/v1/blueprints/_user/entities/ida@example.com", {
    ...{ title: "Ida Rhodes", properties: { status: "Active" } },
  });
  await invite("gone@example.com");
  await made("DELETE", "/v1/users/gone@example.com");
  credentials = ((await made("POST", "/v1/apps", { name: "Nightly sync" }))["app"] as { id: string }).id;
  const ids = ["ida@example.com", "gone@example.com", credentials, "ida@example.com", "fairway:alert"];
  await made("POST", "/v1/webhooks", { identifier: "pipeline", title: "Pipeline", enabled: true });
  expect(await named([...ids, "pipeline", "0123456789abcdef01234567", "pager"])).toEqual([
    { id: "ida@example.com", kind: "user", name: "Ida Rhodes" },
    { id: "gone@example.com", kind: "former", name: "former user" },
    { id: credentials, kind: "app", name: "Nightly sync" },
    { id: "fairway:alert", kind: "system", name: "Fairway" },
    { id: "pipeline", kind: "source", name: "Pipeline" },
    { id: "0123456789abcdef01234567", kind: "former", name: "former API credentials" },
    { id: "pager", kind: "other", name: "pager" },
  ]);
});

test("ids that nobody can have do not keep the others from their names", async () => {
  expect(await named(["x".repeat(401), "a\u0000b", "ida@example.com"])).toMatchObject([
    { kind: "other" },
    { kind: "other" },
    { name: "Ida Rhodes" },
  ]);
});

test("credentials of the client id `fairway` are not taken for the server", async () => {
  expect(await named(["fairway", "fairway:derivation"])).toEqual([
    { id: "fairway", kind: "app", name: "default" },
    { id: "fairway:derivation", kind: "system", name: "Fairway" },
  ]);
});

test("names of credentials are told to who may list them; titles of data sources to everybody, as origins of what they wrote", async () => {
  const personal = (await made("POST", "/v1/rotate-credentials/ida@example.com"))["credentials"];
  const { accessToken } = await made("POST", "/v1/auth/access_token", personal);
  const ida = { authorization: `Bearer ${String(accessToken)}` };
  expect((await app.send("GET", "/v1/apps", undefined, ida)).status).toBe(403);
  expect((await app.send("GET", "/v1/webhooks", undefined, ida)).status).toBe(403);
  expect(await named(["ida@example.com", credentials, "pipeline"], ida)).toEqual([
    { id: "ida@example.com", kind: "user", name: "Ida Rhodes" },
    { id: credentials, kind: "app", name: "API credentials" },
    { id: "pipeline", kind: "source", name: "Pipeline" },
  ]);
});
