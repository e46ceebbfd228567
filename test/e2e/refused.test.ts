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
  await server.post("/v1/actions", {
    ...{ identifier: "restart", title: "Restart it", requiredApproval: true },
    trigger: { type: "self-service", operation: "CREATE", userInputs: { properties: {}, required: [] } },
    invocationMethod: { type: "WEBHOOK", url: "https://example.com/restart" },
  });
  await server.send("PATCH", "/v1/actions/restart/permissions", {
    execute: { policy: { queries: {}, conditions: [".user.email != null"] } },
    approve: { teams: ["red"] },
  });
  const invitee = { email: EMAIL, firstName: "Grace", roles: ["Member"] };
  await server.post("/v1/users/invite?notify=false", { invitee });
});

/** A member who is signed in. */
async function member(): ReturnType<typeof portal.visitor> {
  const { page, context } = await portal.visitor();
  const { signInUrl } = await portal.server.post<{ signInUrl: string }>(
    `/v1/users/${EMAIL}/sign-in-link`,
    {},
  );
  await page.goto(signInUrl);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  return { page, context };
}

test(
  "a member who may not read deployments is told that, not that there is none",
  async () => {
    const { server } = portal;
    const { page, context } = await member();

    await page.goto(`${server.url}/dora/deployments/first`);
    await page.getByRole("heading", { level: 1, name: "No permission" }).waitFor();
    const refusal = page.getByRole("alert");
    await refusal.getByText("You may not see the deployment.").waitFor();
    await refusal.getByText(/"deployment", of which you may not read every one/).waitFor();
    await refusal.getByRole("link", { name: "administrators" }).waitFor();
    expect(await page.getByText(/isn’t there/).count()).toBe(0);
    await expectGoodState(page, "deployment-refused");
    await page.getByRole("main").getByRole("link", { name: "DORA metrics" }).last().click();
    await page.getByRole("alert").getByText("You may not see the metrics.").waitFor();

    await page.goto(`${server.url}/dora?scope=service:shop`);
    await page.getByRole("alert").getByText("You may not see the metrics.").waitFor();
    await page.getByRole("link", { name: "whole organisation" }).waitFor();
    // What the role may not open is not offered; a direct address says whose it is.
    const rail = page.getByRole("navigation", { name: "Main" });
    for (const name of ["Automations", "Data sources", "Import from git", "Audit log"])
      expect(await rail.getByRole("link", { name }).count()).toBe(0);
    for (const [path, title] of [
      ["/automations", "Only administrators and moderators see automations"],
      ["/sources/new/github", "Only administrators connect systems"],
      ["/import", "Only administrators import repositories"],
      ["/audit", "The whole log is for administrators"],
      ["/settings/organization", "Only administrators change these settings"],
    ] as const) {
      await page.goto(`${server.url}${path}`);
      await page.getByRole("main").getByText(title).waitFor();
      expect(await page.getByRole("main").getByRole("button").count()).toBe(0);
    }
    await expectGoodState(page, "organization-refused");
    await context.close();
  },
  patient(90_000),
);

test(
  "a member looks at who may run an action and changes nothing; where that cannot be read, it is said",
  async () => {
    const { page, context } = await member();
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await page.route("**/v1/actions/restart/access*", async (route) => {
      await asked;
      await route.fulfill({ status: 422, body: '{"error":"invalid_request","message":"Not today"}' });
    });
    await page.goto(`${portal.server.url}/self-serve?edit=restart`);
    await page.getByRole("dialog", { name: "Edit restart" }).waitFor();
    answer();
    await page.getByRole("alert").getByText("Not today").waitFor();
    await expectGoodState(page, "action-access-failed");
    await page.unroute("**/v1/actions/restart/access*");
    await page.getByRole("button", { name: "Try again" }).click();

    const drawer = page.getByRole("dialog", { name: "Edit Restart it" });
    await drawer.getByRole("button", { name: "Permissions" }).click();
    const table = drawer.getByRole("region", { name: "Who may do what, table" });
    for (const name of [
      "Administrators Yes By policy Yes",
      "Every member Yes By policy No",
      "Owning teams Yes By policy No",
      "Team red Yes By policy Yes",
    ])
      await table.getByRole("row", { name, exact: true }).waitFor();
    expect(await drawer.getByRole("switch", { name: "Everybody in the organisation" }).isDisabled()).toBe(
      true,
    );
    expect(await drawer.getByRole("button", { name: "Save" }).count()).toBe(0);
    await expectGoodState(page, "action-access-locked");
    await context.close();
  },
  patient(90_000),
);
