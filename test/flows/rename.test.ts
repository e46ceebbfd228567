/** Whatever of its data model is renamed: the DORA numbers stay, and go on with what comes under the new names. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

type Body = Record<string, unknown>;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  await send("POST", "/v1/blueprints", {
    ...{ identifier: "service", title: "Service" },
    schema: { properties: { repository: { type: "string" } } },
  });
  await send("POST", "/v1/blueprints", {
    ...{ identifier: "deployment", title: "Deployment" },
    schema: {
      properties: {
        createdAt: { type: "string", format: "date-time" },
        deploymentStatus: { type: "string", enum: ["Success", "Failed"] },
        sha: { type: "string" },
      },
    },
    relations: { service: { target: "service" } },
  });
  await send("POST", "/v1/blueprints/service/entities", {
    identifier: "shop",
    properties: { repository: "r" },
  });
  for (let day = 1; day <= 6; day++)
    await send("POST", "/v1/blueprints/deployment/entities", {
      identifier: `d${day}`,
      properties: {
        createdAt: `2026-01-0${day}T12:00:00Z`,
        deploymentStatus: day % 3 === 0 ? "Failed" : "Success",
        sha: String(day).repeat(40),
      },
      relations: { service: "shop" },
    });
  const commits = Array.from({ length: 6 }, (_, i) => ({
    ...{ repository: "r", sha: String(i + 1).repeat(40), parents: i === 0 ? [] : [String(i).repeat(40)] },
    ...{ authoredAt: `2026-01-0${i + 1}T06:00:00Z`, committedAt: `2026-01-0${i + 1}T06:00:00Z` },
    ...{ author: "A <a@example.com>", message: `change ${i}` },
  }));
  await send("POST", "/v1/dora/commits", { commits });
  await app.settled();
});
afterAll(() => app.stop());

async function send(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await app.send<Body>(method, path, body);
  expect(answer).toMatchObject({ body: { ok: true } });
  return answer.body;
}

async function numbers(): Promise<Body> {
  await app.settled();
  const query = "entity=shop&from=2026-01-01&to=2026-02-01";
  const { metrics, coverage } = await send("GET", `/v1/dora/metrics?${query}`);
  const { counts } = await send("GET", "/v1/dora/status");
  const { mergedChanges, attributedChanges } = coverage as Body;
  return { metrics: withoutClock(metrics), mergedChanges, attributedChanges, counts };
}

/** What is not restored yet has been so for longer at every look. */
function withoutClock(metrics: unknown): unknown {
  return JSON.parse(
    JSON.stringify(metrics, (key, value: unknown) => (key === "atLeast" ? undefined : value)),
  );
}

test("renames of properties, relations and blueprints leave the numbers as they are", async () => {
  const before = await numbers();
  expect(before).toMatchObject({
    metrics: { deploymentFrequency: { count: 4 } },
    counts: { services: 1, deployments: 6, commits: 6 },
  });
  const steps: [string, string, object][] = [
    ["PATCH", "/v1/blueprints/deployment/properties/createdAt/rename", { newPropertyName: "finishedAt" }],
    ["PATCH", "/v1/blueprints/deployment/properties/sha/rename", { newPropertyName: "commit" }],
    ["PATCH", "/v1/blueprints/deployment/relations/service/rename", { newRelationIdentifier: "of" }],
    ["PATCH", "/v1/blueprints/deployment", { identifier: "rollout" }],
    ["PATCH", "/v1/blueprints/service/properties/repository/rename", { newPropertyName: "repo" }],
    ["PATCH", "/v1/blueprints/service", { identifier: "app" }],
  ];
  for (const [method, path, body] of steps) {
    await send(method, path, body);
    expect({ after: path, ...(await numbers()) }).toEqual({ after: path, ...before });
  }
});

test("what comes under the new names is in the numbers", async () => {
  await send("POST", "/v1/blueprints/app/entities", { identifier: "other", properties: { repo: "r2" } });
  await send("POST", "/v1/blueprints/rollout/entities", {
    identifier: "d7",
    properties: { finishedAt: "2026-01-07T12:00:00Z", deploymentStatus: "Success", commit: "7".repeat(40) },
    relations: { of: "shop" },
  });
  expect(await numbers()).toMatchObject({
    metrics: { deploymentFrequency: { count: 5 } },
    counts: { services: 2, deployments: 7 },
  });
  const { rows } = await send("GET", "/v1/dora/metrics?blueprint=app&from=2026-01-01&to=2026-02-01");
  expect(rows).toHaveLength(2);
});
