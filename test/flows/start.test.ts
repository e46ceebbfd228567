import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onPostgres } from "../support/database.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

/** The composition as `npm start` runs it: what a newcomer and an operator see first. */
let app: TestApp;
const METRICS_TOKEN = "what-prometheus-sends";
beforeAll(async () => {
  app = await startTestApp({
    ...{ FAIRWAY_ADMIN_EMAIL: "", FAIRWAY_ADMIN_PASSWORD: "" },
    FAIRWAY_METRICS_TOKEN: METRICS_TOKEN,
  });
});
afterAll(() => app.stop());

test("is alive, ready, and settled", async () => {
  expect(await app.send("GET", "/healthz", undefined, { authorization: "" })).toMatchObject({ status: 200 });
  expect(await app.send("GET", "/readyz", undefined, { authorization: "" })).toMatchObject({
    status: 200,
    body: { ok: true, database: true, migrations: true, worker: true },
  });
  await app.settled();
});

test("the token of the metrics reads them and nothing else", async () => {
  const authorization = `Bearer ${METRICS_TOKEN}`;
  const { status, body } = await app.send<string>("GET", "/metrics", undefined, { authorization });
  expect([status, body.includes("fairway_database_up 1")]).toEqual([200, true]);
  for (const path of ["/v1/blueprints", "/v1/live", "/openapi.json", "/v1/dora/metrics"])
    expect((await app.send("GET", path, undefined, { authorization })).status).toBe(401);
});

test("every metric that the dashboard and the alerts ask for is there", async () => {
  const { body } = await app.send<string>("GET", "/metrics");
  const there = new Set(body.match(/^# TYPE (\w+)/gm)?.map((line) => line.split(" ")[2]));
  for (const file of ["grafana/fairway.json", "prometheus/alerts.yaml"]) {
    const text = readFileSync(new URL(`../../deploy/${file}`, import.meta.url), "utf8");
    const asked = new Set(text.match(/\b(fairway|process|nodejs)_[a-z0-9_]+(?=[\s{[)(>]|\\|"|$)/g));
    expect(asked.size).toBeGreaterThan(5);
    const missing = [...asked].filter(
      (name) => !there.has(name) && !there.has(name.replace(/_(bucket|count|sum)$/, "")),
    );
    expect([file, missing]).toEqual([file, []]);
  }
});

test("says on an empty portal how to begin", async () => {
  const { body } = await app.send("GET", "/v1/setup");
  expect(body).toMatchObject({
    ok: true,
    empty: true,
    importCommand: "npx fairway import git PATH",
    demo: { available: true, status: "none" },
  });
});

test("leaves what the command line needs in the data folder, for the owner only", () => {
  const files = readdirSync(app.dataDir).sort();
  const common = ["credentials.json", "secret.key", "server.json"];
  expect(files).toEqual(onPostgres ? common : [...common, "database", "lock.json"].sort());
  for (const file of files.filter((name) => name.includes(".")))
    expect([file, statSync(join(app.dataDir, file)).mode & 0o077]).toEqual([file, 0]);
  const server = JSON.parse(readFileSync(join(app.dataDir, "server.json"), "utf8")) as { url: string };
  expect(server).toMatchObject({ pid: process.pid });
  // The numeric address: `localhost` may be another machine's idea of itself.
  expect(server.url).toBe(app.url.replace("localhost", "127.0.0.1"));
});

describe("nothing is readable without sign-in", () => {
  test.each([
    "/v1/blueprints",
    "/v1/dora/metrics",
    "/v1/setup",
    "/v1/live",
    "/metrics",
    "/openapi.json",
    "/docs",
  ])("%s", async (path) => {
    for (const authorization of ["", "Bearer nonsense", "Basic YTpi"])
      expect((await app.send("GET", path, undefined, { authorization })).status).toBe(401);
  });
});

test("the one-time link signs in once", async () => {
  const token = new URL(app.running.signInUrl ?? "").searchParams.get("token");
  const use = () => app.send("POST", "/auth/link", { token }, { authorization: "" });
  const first = await use();
  expect(first.status).toBe(200);
  const cookie = first.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Strict/);
  expect((await use()).status).toBe(401);
  const session = cookie.split(";")[0] ?? "";
  const response = await fetch(`${app.url}/auth/me`, { headers: { cookie: session } });
  expect(response.status).toBe(200);
});
