/** Derived properties through a running server and the command line. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "../support/app.ts";
import { endProcesses, runCli } from "./support/processes.ts";
import { SOON } from "../support/patience.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await endProcesses();
  await app.stop();
});

async function send(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await app.send(method, path, body);
  expect(answer.body).toMatchObject({ ok: true });
  return answer.body;
}

/** The properties of the service once they are so. */
async function seen(expected: Record<string, unknown>): Promise<void> {
  const properties = async () =>
    ((await send("GET", "/v1/blueprints/service/entities/cart"))["entity"] as { properties: unknown })
      .properties;
  await expect.poll(properties, SOON).toMatchObject(expected);
}

describe("values that follow from others", () => {
  test("are there soon after a write, without anybody asking", async () => {
    await send("POST", "/v1/blueprints", { identifier: "service", title: "S", schema: { properties: {} } });
    await send("POST", "/v1/blueprints", {
      ...{ identifier: "deployment", title: "D", schema: { properties: { hours: { type: "number" } } } },
      relations: { service: { target: "service" } },
    });
    await send("POST", "/v1/blueprints/service/entities", { identifier: "cart" });
    await send("POST", "/v1/blueprints/deployment/entities", {
      ...{ identifier: "d1", properties: { hours: 3 }, relations: { service: "cart" } },
    });
    await send("PATCH", "/v1/blueprints/service", {
      aggregationProperties: {
        n: {
          title: "n",
          target: "deployment",
          calculationSpec: { calculationBy: "entities", func: "count" },
        },
        hours: {
          ...{ title: "h", target: "deployment" },
          calculationSpec: { calculationBy: "property", func: "sum", property: "hours" },
        },
      },
      calculationProperties: { each: { calculation: ".properties.hours / .properties.n", type: "number" } },
    });
    await seen({ n: 1, hours: 3, each: 3 });
    await send("POST", "/v1/blueprints/deployment/entities", {
      ...{ identifier: "d2", properties: { hours: 5 }, relations: { service: "cart" } },
    });
    await seen({ n: 2, hours: 8, each: 4 });
    await send("DELETE", "/v1/blueprints/deployment/entities/d1");
    await seen({ n: 1, hours: 5, each: 5 });
  });

  test("can be seen being computed, in the state of the blueprint and in the metrics", async () => {
    const { derivation } = await send("GET", "/v1/blueprints/service/derivation");
    expect((derivation as { properties: unknown[] }).properties).toMatchObject([
      { identifier: "each", kind: "calculation", level: 1, errors: 0, problem: null },
      { identifier: "n", kind: "aggregation", level: 0 },
      { identifier: "hours", kind: "aggregation", level: 0 },
    ]);
    expect(await app.send("GET", "/v1/blueprints/nothing/derivation")).toMatchObject({ status: 404 });
  });

  test("are computed again and compared from the command line", async () => {
    const again = await runCli(app.dataDir, ["rebuild", "--json"]).ended;
    expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, rebuild: { units: 5 } });
    const check = await runCli(app.dataDir, ["rebuild", "--check"]).ended;
    expect(check.stdout).toMatch(/^\d+ derived values compared, 0 differ\.\n$/);
    expect(check.code).toBe(0);
    const { body } = await app.send<string>("GET", "/metrics");
    for (const name of ["drift", "late_seconds", "pending", "rebuilding"])
      expect(body).toContain(`fairway_derivation_${name} 0`);
  });
});
