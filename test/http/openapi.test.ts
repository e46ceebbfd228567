/** What /openapi.json says of the DORA answers is what they are, and nothing is stripped from them. */
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
type Operation = { readonly responses: Record<string, { content?: Record<string, { schema: object }> }> };
let paths: Record<string, Record<string, Operation>>;
const SHA = "a".repeat(40);

beforeAll(async () => {
  app = await startTestApp();
  paths = (await app.send<{ paths: typeof paths }>("GET", "/openapi.json")).body.paths;
  const text = { type: "string" };
  const create = async (path: string, body: object) => {
    const { status } = await app.send("POST", path, body);
    if (status !== 201) throw new Error(`${path} was refused: ${status}`);
  };
  await create("/v1/blueprints", {
    identifier: "service",
    title: "Service",
    schema: { properties: { repository: text } },
  });
  await create("/v1/blueprints", {
    identifier: "deployment",
    title: "Deployment",
    schema: { properties: { createdAt: text, deploymentStatus: text, sha: text } },
    relations: { service: { target: "service" } },
  });
  await create("/v1/blueprints/service/entities", { identifier: "shop", properties: { repository: "r" } });
  for (const [identifier, createdAt, sha] of [
    ["d1", "2026-01-01T00:00:00Z", "b".repeat(40)],
    ["d2", "2026-01-02T00:00:00Z", SHA],
  ] as const)
    await create("/v1/blueprints/deployment/entities", {
      identifier,
      properties: { createdAt, deploymentStatus: "Success", sha },
      relations: { service: "shop" },
    });
  const commit = (sha: string, parents: string[], at: string) => ({
    ...{ repository: "r", sha, parents, authoredAt: at, committedAt: at },
    ...{ author: "A <a@example.com>", message: "m" },
  });
  const receipt = await app.send("POST", "/v1/dora/commits", {
    commits: [
      commit("b".repeat(40), [], "2025-12-31T00:00:00Z"),
      commit(SHA, ["b".repeat(40)], "2026-01-01T12:00:00Z"),
    ],
  });
  if (receipt.status !== 202) throw new Error(`commits were refused: ${receipt.status}`);
  await app.settled();
});
afterAll(() => app.stop());

const WINDOW = "from=2025-12-01&to=2026-02-01&compare=previous";
test.each([
  ["/v1/dora/metrics", `?${WINDOW}`],
  ["/v1/dora/metrics", `?${WINDOW}&blueprint=service`],
  ["/v1/dora/metrics", "?from=2020-01-01&to=2020-02-01"],
  ["/v1/dora/metrics", "?from=2025-12-01&to=2026-02-01&compare=2025-01-01/2025-02-01"],
  ["/v1/dora/evidence", `?${WINDOW}&metric=changeLeadTime`],
  ["/v1/dora/evidence", `?${WINDOW}&metric=changeFailureRate`],
  ["/v1/dora/deployments/{id}", "d2"],
  ["/v1/dora/commits/{sha}", SHA],
  ["/v1/dora/status", ""],
  ["/v1/dora/settings", ""],
  ["/v1/dora/imports", ""],
])("%s answers as described (%s)", async (path, rest) => {
  const schema = paths[path]?.get?.responses["200"]?.content?.["application/json"]?.schema;
  if (schema === undefined) throw new Error(`${path} has no described answer`);
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
  const { status, body } = await app.send("GET", path.replace(/\{\w+\}/, "") + rest);
  expect(status).toBe(200);
  ajv.validate(schema, body);
  expect(ajv.errors).toBeNull();
});

test("fields that the description leaves out are in the answer", async () => {
  const { body } = await app.send<{ deployment: object; changes: object[] }>(
    "GET",
    "/v1/dora/deployments/d2",
  );
  expect(body.deployment).toHaveProperty("service", "shop");
  expect(body.changes[0]).toHaveProperty("sha", SHA);
});
