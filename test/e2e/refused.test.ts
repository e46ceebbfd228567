/** What somebody may not read: the page says so, by whom it can be changed, and where to go. */
import { expect, test } from "vitest";
import { patient } from "../support/patience.ts";
import { expectGoodState } from "./support/browser.ts";
import { usePortal } from "./support/portal.ts";

const EMAIL = "grace@example.com";

const portal = usePortal(async (server) => {
  await server.post("/v1/blueprints", {
    identifier: "service",
    title: "Service",
    schema: { properties: {} },
  });
  await server.post("/v1/blueprints", {
    ...{ identifier: "deployment", title: "Deployment" },
    schema: { properties: { createdAt: { type: "string" }, deploymentStatus: { type: "string" } } },
    relations: { service: { target: "service" } },
  });
  await server.post("/v1/blueprints/service/entities", { identifier: "shop" });
  await server.post("/v1/blueprints/deployment/entities", {
    ...{ identifier: "first", relations: { service: "shop" } },
    properties: { createdAt: "2026-01-05T12:00:00Z", deploymentStatus: "Success" },
  });
  await server.send("PATCH", "/v1/blueprints/deployment/permissions", { entities: { read: { roles: [] } } });
});

test(
  "a member who may not read deployments is told that, not that there is none",
  async () => {
    const { server } = portal;
    const { page, context } = await portal.visitor();
    const invitee = { email: EMAIL, firstName: "Grace", roles: ["Member"] };
    await server.post("/v1/users/invite?notify=false", { invitee });
    const { signInUrl } = await server.post<{ signInUrl: string }>(`/v1/users/${EMAIL}/sign-in-link`, {});
    await page.goto(signInUrl);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("navigation", { name: "Main" }).waitFor();

    await page.goto(`${server.url}/dora/deployments/first`);
    await page.getByRole("heading", { level: 1, name: "No permission" }).waitFor();
    const refusal = page.getByRole("alert");
    await refusal.getByText("You may not see the deployment.").waitFor();
    await refusal.getByText(/"deployment", of which you may not read every one/).waitFor();
    await refusal.getByText(/^Request id/).waitFor();
    expect(await page.getByText(/isn’t there/).count()).toBe(0);
    await expectGoodState(page, "deployment-refused");
    await page.getByRole("main").getByRole("link", { name: "DORA metrics" }).last().click();
    await page.getByRole("alert").getByText("You may not see the metrics.").waitFor();

    await page.goto(`${server.url}/dora?scope=service:shop`);
    await page.getByRole("alert").getByText("You may not see the metrics.").waitFor();
    await page.getByRole("link", { name: "whole organisation" }).waitFor();
    await context.close();
  },
  patient(90_000),
);
