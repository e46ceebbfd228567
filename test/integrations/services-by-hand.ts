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
