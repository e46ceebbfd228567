import { expect } from "vitest";
import { serviceBlueprint } from "../../src/integrations/blueprints.ts";
import type { TestApp } from "../support/app.ts";

/** Two services of the catalog: one is called as incident tools call it, the other has an alias. */
export async function createServices(app: TestApp): Promise<void> {
  expect((await app.send("POST", "/v1/blueprints", serviceBlueprint)).status).toBe(201);
  const services = [
    { identifier: "checkout", title: "Checkout" },
    { identifier: "payments", title: "Payments", properties: { aliases: ["pay-api"] } },
  ];
  for (const service of services)
    expect((await app.send("POST", "/v1/blueprints/service/entities", service)).status).toBe(201);
}

interface Metrics {
  readonly metrics: { readonly meanTimeToRecovery: { readonly p50: number | null; readonly n: number } };
  readonly coverage: {
    readonly sources: readonly { readonly role: string; readonly blueprint: string; readonly rows: number }[];
  };
}

/** Each blueprint gives incidents, and half of those of a service were over within ninety minutes, as the servers have it. */
export async function expectRecovery(app: TestApp, blueprints: readonly string[]): Promise<void> {
  await app.settled();
  const { body } = await app.send<Metrics>(
    "GET",
    "/v1/dora/metrics?blueprint=service&entity=checkout&last=365d",
  );
  const sources = body.coverage.sources.filter(({ role, rows }) => role === "incident" && rows > 50);
  expect(sources.map(({ blueprint }) => blueprint)).toEqual(expect.arrayContaining([...blueprints]));
  expect(body.metrics.meanTimeToRecovery).toMatchObject({ p50: 5400 });
  expect(body.metrics.meanTimeToRecovery.n).toBeGreaterThan(100);
}
