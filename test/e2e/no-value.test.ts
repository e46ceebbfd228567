/** Numbers that are not there: why is seen without a mouse. */
import { expect, test } from "vitest";
import { patient } from "../support/patience.ts";
import { usePortal } from "./support/portal.ts";

const portal = usePortal(async (server) => {
  await server.post("/v1/blueprints", {
    ...{ identifier: "service", title: "Service" },
    schema: { properties: {} },
  });
  await server.post("/v1/blueprints", {
    ...{ identifier: "deployment", title: "Deployment" },
    schema: {
      properties: {
        createdAt: { type: "string", format: "date-time" },
        ...{ environment: { type: "string" }, deploymentStatus: { type: "string" } },
      },
    },
    relations: { service: { target: "service" } },
  });
  await server.post("/v1/blueprints/service/entities", { identifier: "shop", title: "Shop" });
  // Long ago: there are deployments, and none in the windows that are looked at.
  await server.post("/v1/blueprints/deployment/entities", {
    identifier: "first",
    properties: { createdAt: "2024-01-01T00:00:00Z", environment: "Production", deploymentStatus: "Success" },
    relations: { service: "shop" },
  });
});

test.each([
  ["of services", "/"],
  ["side by side", "/dora?by=service&last=7d"],
])(
  "in the table %s, while the link of its row has the focus by the keyboard",
  async (_, path) => {
    const { page } = portal;
    await portal.open(path);
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "Shop", exact: true }) });
    const why = row.locator("span:visible").filter({ hasText: /^Too few for a band: 0 deployments, 10/ });
    const link = row.getByRole("link", { name: "Shop", exact: true });
    await link.waitFor();
    expect(await why.count()).toBe(0);
    await link.focus();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Tab");
    await why.getByText("No deployment to Production finished in this window.").waitFor();
  },
  patient(60_000),
);
