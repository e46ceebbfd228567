/** What people do and run, on the demo data: sources, actions, automations, people, settings. */
import { expect, test } from "vitest";
import type { Receiver } from "../../automation/receiver.ts";
import type { Portal } from "../support/portal.ts";
import { failedDeployment } from "../support/screen-ids.ts";
import { SOON, patient } from "../../support/patience.ts";

export function walkAct(portal: Portal, receiver: () => Receiver): void {
  test("Data sources: a webhook from a template, its first event, its mapping tried, and its end", async () => {
    const { page, rail, server, dialog } = portal;
    await rail.getByRole("link", { name: "Data sources" }).click();
    await page.getByRole("link", { name: /^Any pipeline webhook/ }).click();
    await page.getByRole("textbox", { name: "Secret" }).fill("walk-secret-123");
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { level: 1, name: "Any pipeline" }).waitFor();
    const address = await page.getByLabel("address of the webhook", { exact: true }).textContent();
    await fetch(new URL(new URL(address ?? "").pathname, server.url), {
      ...{ method: "POST", body: JSON.stringify({ service: "ledger-api", id: "walked" }) },
      headers: { "content-type": "application/json", "x-fairway-secret": "walk-secret-123" },
    });
    await page.reload();
    await page
      .getByRole("region", { name: "Events" })
      .getByText(/1 created/)
      .waitFor();
    await page.getByRole("button", { name: "Take the latest event" }).click();
    await page.getByLabel("Event as JSON").getByText('"walked"').waitFor();
    await page.getByRole("button", { name: "Try", exact: true }).click();
    await page.getByLabel("Entities that come of it").getByText("ledger-api@walked").waitFor();
    await page.getByRole("button", { name: /^Actions for / }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await dialog.getByRole("textbox").fill(new URL(page.url()).pathname.split("/").at(-1) ?? "");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { level: 1, name: "Data sources" }).waitFor();
  });

  test("Action editor: an action on services by its form, with its JSON beside it and who may run it", async () => {
    const { page, dialog, rail, choose } = portal;
    await rail.getByRole("link", { name: "Self-service" }).click();
    await page.getByRole("button", { name: "Create the first" }).click();
    await dialog.getByLabel("Title", { exact: true }).fill("Restart");
    await dialog.getByRole("button", { name: "Changes (day-2)" }).click();
    await choose("Blueprint", "Service", dialog);
    await dialog.getByRole("button", { name: "Form", exact: true }).click();
    await dialog.getByRole("button", { name: "Add input" }).click();
    await dialog.getByLabel("Title", { exact: true }).fill("Reason");
    await dialog.getByRole("button", { name: "Backend" }).click();
    await dialog.getByLabel("URL").fill(`${receiver().url}/restart`);
    await dialog.getByRole("textbox", { name: "New action as JSON" }).getByText('"DAY-2"').waitFor();
    await dialog.getByRole("button", { name: "Permissions" }).click();
    await choose("Somebody has to approve", "One approver", dialog);
    await dialog.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("heading", { level: 3, name: "Restart" }).waitFor();
  });

  test("Self-service hub: the action is found and run on a service; it is among my latest runs", async () => {
    const { page, dialog } = portal;
    await page.getByRole("searchbox", { name: "Search actions" }).fill("rest");
    await page.getByRole("link", { name: /: Restart$/ }).click();
    await dialog.getByRole("combobox", { name: "Run on which service" }).fill("ledger-a");
    await page
      .getByRole("option", { name: /ledger-api/ })
      .first()
      .click();
    await dialog.getByLabel("Reason").fill("It is slow");
    await dialog.getByRole("button", { name: "Run" }).click();
    await page.waitForURL(/\/runs\/r_/);
    await page.getByRole("heading", { level: 2, name: "Approval" }).waitFor();
    await portal.open("/self-serve");
    await page.getByRole("complementary").getByRole("link", { name: "Restart" }).waitFor();
  });

  test("Approvals: what waits is approved with a word", async () => {
    const { page } = portal;
    await page.getByRole("link", { name: "Approvals" }).click();
    await page.getByLabel("Comment").fill("Go ahead");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("Nothing waits for you.").waitFor();
  });

  test("Run page: how it went, what was sent and answered, on what; and once more", async () => {
    const { page, rail, dialog } = portal;
    await expect.poll(() => receiver().at("/restart").length).toBe(1);
    await rail.getByRole("link", { name: "Runs" }).click();
    await page.getByRole("link", { name: "Restart" }).first().click();
    await page.getByText("Succeeded").first().waitFor();
    await page.getByText("It is slow").first().waitFor();
    await page.getByRole("link", { name: "ledger-api" }).waitFor();
    await page.getByText("Sent", { exact: true }).click();
    await page
      .getByLabel("What was sent, with secrets masked")
      .getByText(/restart/)
      .waitFor();
    await page.getByRole("link", { name: "Run again" }).click();
    await expect.poll(() => dialog.getByLabel("Reason").inputValue()).toBe("It is slow");
    await page.keyboard.press("Escape");
  });

  test("Automations: a recipe tells of failed deployments; it is switched, run by an event, and tested on it", async () => {
    const { page, rail, dialog, server } = portal;
    await rail.getByRole("link", { name: "Automations" }).click();
    await page.getByRole("button", { name: "From a template" }).first().click();
    await dialog.getByRole("button", { name: /^Message of a failed deployment/ }).click();
    await dialog.getByLabel(/^Address of the Slack webhook/).fill(`${receiver().url}/failed`);
    await dialog.getByRole("button", { name: "Create", exact: true }).click();
    await page.getByRole("switch", { name: "Deployment failed is on", checked: true }).waitFor();
    await server.post("/v1/blueprints/deployment/entities", failedDeployment(new Date().toISOString()));
    await expect.poll(() => receiver().at("/failed").length, SOON).toBe(1);
    await page.getByRole("link", { name: "Deployment failed" }).click();
    await dialog.getByRole("button", { name: "Runs", exact: true }).click();
    await dialog.getByText("Succeeded").first().waitFor();
    await dialog.getByRole("button", { name: "Test", exact: true }).click();
    await dialog.getByRole("combobox", { name: "Recent events" }).click();
    await page
      .getByRole("option", { name: /walked-and-failed/ })
      .first()
      .click();
    await dialog.getByRole("button", { name: "Test", exact: true }).last().click();
    await dialog.getByText("A run would start").waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
  });

  test("Builder → Pages/Actions/Automations shortcuts: from a word to each editor, with JSON beside its form", async () => {
    const { page, dialog } = portal;
    const palette = page.getByRole("dialog", { name: "Search and commands" });
    for (const [text, name] of [
      ["new action", "New action as JSON"],
      ["new automation", "New automation as JSON"],
    ] as const) {
      await page.keyboard.press("Control+k");
      await palette.getByRole("combobox").fill(text);
      await palette.getByRole("option").first().waitFor();
      await palette.getByRole("combobox").press("Enter");
      await dialog.getByRole("textbox", { name }).waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await dialog.waitFor({ state: "detached" });
    }
  });

  test("Users & teams: somebody is invited by a link, signs in, and is put into a team", async () => {
    const { page, dialog, server } = portal;
    await portal.open("/settings/users");
    await page.getByRole("button", { name: "Invite a user" }).click();
    await dialog.getByLabel("E-mail address").fill("bo@example.com");
    await dialog.getByRole("button", { name: "Invite", exact: true }).click();
    const link = new URL((await dialog.getByLabel("sign-in link", { exact: true }).textContent()) ?? "");
    await dialog.getByRole("button", { name: "Done" }).click();
    const visitor = await portal.visitor();
    await visitor.page.goto(server.url + link.pathname + link.search);
    await visitor.page.getByRole("button", { name: "Continue" }).click();
    await visitor.page.getByRole("heading", { level: 2, name: "60 services" }).waitFor();
    await visitor.context.close();
    await page.getByRole("link", { name: "Teams", exact: true }).last().click();
    await page.getByRole("button", { name: "Create the first" }).click();
    await dialog.getByLabel("Name").fill("Ledger people");
    await dialog.getByRole("combobox", { name: "Members" }).click();
    await page.getByRole("option", { name: "bo@example.com" }).click();
    await page.keyboard.press("Escape");
    await dialog.getByRole("button", { name: "Create" }).click();
    await page.getByRole("row", { name: /Ledger people bo@example\.com/ }).waitFor();
  });

  test("Credentials and Secrets: made, shown once, and ended", async () => {
    const { page, dialog } = portal;
    await page.getByRole("link", { name: "API credentials" }).click();
    await page.getByRole("button", { name: "New API credentials", exact: true }).click();
    await dialog.getByLabel("Name").fill("Reports");
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.getByLabel("client secret", { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("button", { name: "Actions for Reports" }).waitFor();
    await page.getByRole("link", { name: "Secrets" }).click();
    await page.getByRole("button", { name: "New secret", exact: true }).click();
    await dialog.getByLabel("Name").fill("SLACK_URL");
    await dialog.getByLabel("Value").fill("https://hooks.example.com/1");
    await dialog.getByRole("button", { name: "Create" }).click();
    await page.getByRole("row", { name: /SLACK_URL/ }).waitFor();
    expect(await page.content()).not.toContain("hooks.example.com");
  });

  test("Organization settings: the portal's title and an announcement", async () => {
    const { page } = portal;
    await page.getByRole("link", { name: "Organisation" }).click();
    await page.getByLabel("Title of the portal").fill("Acme");
    await page.getByLabel("Text").fill("Freeze from Friday");
    await page.getByRole("switch", { name: "Show it on every page" }).check();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("complementary", { name: "Announcement" }).getByText("Freeze from Friday").waitFor();
    await page.getByRole("link", { name: "Acme" }).waitFor();
  });

  test(
    "API docs: the reference of this very server",
    async () => {
      const { page, rail, server } = portal;
      await rail.getByRole("link", { name: "API reference" }).waitFor();
      // Not a page of the application: it is looked at in a window of its own.
      const docs = await page.context().newPage();
      await docs.goto(`${server.url}/docs`);
      await docs.getByRole("link", { name: "Blueprints", exact: true }).waitFor(SOON);
      await docs.close();
    },
    patient(60_000),
  );
}
