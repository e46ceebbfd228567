/** One bad fact must neither fail a request with 500 nor keep the numbers of others waiting. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const define = async (identifier: string, properties: object) => {
  const { status } = await app.send("POST", "/v1/blueprints", {
    identifier,
    title: identifier,
    schema: { properties },
  });
  expect(status).toBe(201);
};
const create = async (blueprint: string, identifier: string, properties: object) => {
  const { status } = await app.send("POST", `/v1/blueprints/${blueprint}/entities`, {
    identifier,
    properties,
  });
  expect(status).toBe(201);
};
const commit = (fields: object) => ({
  commits: [
    {
      repository: "r",
      sha: "aaaaaaaaaaaa",
      parents: [],
      authoredAt: "2026-01-01T00:00:00Z",
      committedAt: "2026-01-01T00:00:00Z",
      author: "A <a@example.com>",
      message: "m",
      ...fields,
    },
  ],
});
/** Hard to compress, so that no index takes it. */
const long = Array.from({ length: 20_000 }, (_, i) =>
  String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000)),
).join("");

test("texts that no key can hold, and words of the language, harm nobody", async () => {
  const text = { type: "string" };
  await define("service", { repository: text });
  await define("release", { service: text, at: text, status: text, environment: text, sha: text });
  const fields = {
    service: "properties.service",
    finished: "properties.at",
    status: "properties.status",
    environment: "properties.environment",
    sha: "properties.sha",
  };
  const { status } = await app.send("PUT", "/v1/dora/settings", {
    roles: {
      deployment: [{ blueprint: "release", fields, values: { environment: { live: "Production" } } }],
    },
  });
  expect(status).toBe(200);
  await create("service", "shop", { repository: long });
  const good = { service: "shop", at: "2026-01-01T00:00:00Z", status: "success", environment: "live" };
  await create("release", "good", good);
  await create("release", "service", { ...good, service: long });
  await create("release", "environment", { ...good, environment: long });
  await create("release", "sha", { ...good, sha: long });
  await create("release", "status", { ...good, status: "constructor" });
  await create("release", "translated", { ...good, environment: "constructor" });
  await create("release", "year-0", { ...good, at: "0000-01-01T00:00:00Z" });
  await create("release", "year-20000", { ...good, at: "+020000-01-01T00:00:00Z" });
  expect((await app.send("POST", "/v1/dora/commits", commit({}))).status).toBe(202);
  await app.settled();
  const { body } = await app.send<{ metrics: { deploymentFrequency: { count: number } } }>(
    "GET",
    "/v1/dora/metrics?entity=shop&from=2025-12-01&to=2026-02-01",
  );
  // "good" and "sha"
  expect(body.metrics.deploymentFrequency.count).toBe(2);
});

const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
test.each([
  ["POST", "/v1/dora/commits", JSON.stringify(commit({ author: "\u0000" }))],
  ["POST", "/v1/dora/commits", JSON.stringify(commit({ author: "\ud800" }))],
  ["POST", "/v1/dora/commits", JSON.stringify(commit({ committedAt: "0000-01-01T00:00:00Z" }))],
  ["POST", "/v1/dora/commits", JSON.stringify(commit({ committedAt: "2026-01-01T00:00:00+23:00" }))],
  ["POST", "/v1/dora/imports", `{"repository":"r","source":"git","services":[],"options":${deep}}`],
  ["POST", "/v1/dora/imports", String.raw`{"repository":"\ud800","source":"git","services":[]}`],
  ["PUT", "/v1/dora/settings", String.raw`{"bots":["\u0000"]}`],
  ["PUT", "/v1/dora/settings", '{"roles":{"toString":[]}}'],
  ["GET", "/v1/dora/metrics?from=0001-01-01&to=0100-01-01&interval=month&compare=previous", undefined],
])("%s %s refuses what cannot be stored", async (method, path, body) => {
  const answer = await app.send(method, path, body);
  expect(answer.status).toBe(422);
  expect(answer.body).toMatchObject({ ok: false, error: "invalid_request" });
});
