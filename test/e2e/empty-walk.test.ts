/**
 * The portal before there is anything: each screen says what comes next, and the step is taken. Rows whose first step is
 * walked elsewhere are in `features.ts`.
 */
import { expect, test } from "vitest";
import { watch } from "./support/browser.ts";
import { usePortal } from "./support/portal.ts";
import { patient } from "../support/patience.ts";

const portal = usePortal();

test("Home, empty: three ways to the first numbers, one of them taken", async () => {
  const { page } = portal;
  await page.getByRole("heading", { level: 1, name: "Welcome to Fairway" }).waitFor();
  await page.getByRole("link", { name: "Choose a system" }).click();
  await page.getByText("Nothing is connected yet").waitFor();
  await page
    .getByRole("link", { name: /^GitHub / })
    .first()
    .waitFor();
});

test("Search (Ctrl+K), empty: nothing is found, commands are there", async () => {
  const { page } = portal;
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await page.keyboard.press("Control+k");
  await palette.getByRole("combobox").fill("checkout");
  await palette.getByText("Nothing is called “checkout”.").waitFor();
  await palette.getByRole("combobox").fill("new bluep");
  await palette.getByRole("combobox").press("Enter");
  await page.getByRole("dialog", { name: "New blueprint" }).getByLabel("Title").fill("System");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "System" }).waitFor();
});

test("Catalog page, empty: the first entity is created", async () => {
  const { page, dialog, rail } = portal;
  await rail.getByRole("link", { name: "Systems" }).click();
  await page.getByText("No entities of “System” yet").waitFor();
  await page.getByRole("button", { name: "Create the first" }).click();
  await dialog.getByLabel("Identifier").fill("billing");
  await dialog.getByLabel("Title").fill("Billing");
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "Billing" }).waitFor();
});

test("Entity page and Graph, empty: nothing relates, nothing has run, one change is known", async () => {
  const { page } = portal;
  const tabs = page.getByRole("navigation", { name: "Parts of this entity" });
  await page.getByText("This blueprint has no properties.").waitFor();
  await tabs.getByRole("link", { name: "Related entities" }).click();
  await page.getByText(/^Nothing can relate to it/).waitFor();
  await tabs.getByRole("link", { name: "Graph" }).click();
  await page.getByText(/^1 entity, 0 relations/).waitFor();
  await tabs.getByRole("link", { name: "Runs" }).click();
  await page.getByText("No action has run on this entity.").waitFor();
  await tabs.getByRole("link", { name: "Audit log" }).click();
  await page.getByRole("listitem").filter({ hasText: "Created" }).waitFor();
});

test("Sidebar, empty: a folder, a dashboard in it, its order", async () => {
  const { page, rail, dialog, choose } = portal;
  await rail.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New folder" }).click();
  await dialog.getByLabel("Name").fill("Teams");
  await dialog.getByRole("button", { name: "Create" }).click();
  await dialog.waitFor({ state: "detached" });
  await rail.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New dashboard" }).click();
  await dialog.getByLabel("Name").fill("First");
  await choose("Folder", "Teams", dialog);
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "First" }).waitFor();
  await rail.getByRole("link", { name: "First" }).waitFor();
});

test("Dashboard, empty: the first widget, of a blueprint without a second entity", async () => {
  const { page, dialog, choose } = portal;
  await page.getByRole("button", { name: "Add the first widget" }).click();
  await dialog.getByRole("button", { name: /^Number Chart/ }).click();
  await dialog.getByRole("textbox", { name: "Title", exact: true }).fill("Systems in all");
  await choose("Chart type", "Count entities", dialog);
  await choose("Blueprint", "System", dialog);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("region", { name: "Systems in all" }).getByRole("link", { name: /: 1/ }).waitFor();
});

test("DORA experience, empty: nothing to measure yet, and a dashboard that waits for the first deployment", async () => {
  const { page, rail, dialog } = portal;
  await rail.getByRole("link", { name: "DORA metrics" }).click();
  await page.getByText("Nothing to measure yet").waitFor();
  await rail.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "Set up DORA metrics" }).click();
  await dialog.getByRole("button", { name: "Create" }).click();
  await page.waitForURL(/\/d\//);
  await page.getByRole("heading", { level: 1, name: /DORA/ }).waitFor();
});

test("Action editor, Run page and Approvals, empty: from a template to the first run", async () => {
  const { page, dialog, rail } = portal;
  await portal.open("/approvals");
  await page.getByText("Nothing waits for you.").waitFor();
  await rail.getByRole("link", { name: "Runs" }).click();
  await page.getByText("No runs yet").waitFor();
  await rail.getByRole("link", { name: "Self-service" }).click();
  await page.getByRole("button", { name: "Begin with a template" }).click();
  await expect.poll(() => dialog.getByRole("listitem").count()).toBeGreaterThan(30);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Create the first" }).click();
  await dialog.getByLabel("Title", { exact: true }).fill("New system");
  await dialog.getByRole("button", { name: "Backend" }).click();
  await dialog.getByRole("combobox", { name: "What happens" }).click();
  await page.getByRole("option", { name: "Create or change an entity" }).click();
  await dialog.getByRole("combobox", { name: "Blueprint" }).click();
  await page.getByRole("option", { name: "System" }).click();
  await dialog.getByLabel("Mapping").fill('{"identifier": "made", "properties": {}}');
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("link", { name: "Create: New system" }).click();
  await dialog.getByRole("button", { name: "Run" }).click();
  await page.waitForURL(/\/runs\/r_/);
  await page.getByText("Succeeded").first().waitFor();
  await page.getByRole("heading", { level: 2, name: "Affected entities" }).waitFor();
});

test("Automations and Builder → shortcuts, empty: no automation yet, and the editor from the keyboard", async () => {
  const { page, rail, dialog } = portal;
  await rail.getByRole("link", { name: "Automations" }).click();
  await page.getByText("No automations yet").waitFor();
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await page.keyboard.press("Control+k");
  await palette.getByRole("combobox").fill("new automation");
  await palette.getByRole("combobox").press("Enter");
  await dialog.getByRole("textbox", { name: "New automation as JSON" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
});

test("Scorecards and their catalogue, empty: how to begin", async () => {
  const { page, rail } = portal;
  await rail.getByRole("link", { name: "Scorecards" }).click();
  await page.getByRole("heading", { level: 1, name: "Scorecards" }).waitFor();
});

test("Audit log, empty but for these steps: its filters find none of what was not done", async () => {
  const { page, rail } = portal;
  await rail.getByRole("link", { name: "Audit log" }).click();
  await page.getByRole("textbox", { name: "Entity" }).fill("nobody");
  await page.getByText("No event matches").waitFor();
});

test(
  "Credentials, Organization settings and API docs, empty: my own credentials, a title, the reference",
  async () => {
    const { page, rail, dialog } = portal;
    await portal.open("/settings/account");
    await page.getByRole("button", { name: "Create new credentials" }).click();
    await dialog.getByRole("button", { name: "Create new credentials" }).click();
    await page.getByLabel("client secret", { exact: true }).waitFor();
    await portal.open("/settings/organization");
    await page.getByLabel("Title of the portal").fill("Acme");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("link", { name: "Acme" }).waitFor();
    await rail.getByRole("link", { name: "API reference" }).waitFor();
    // Not a page of the application, but held to the same.
    const docs = await page.context().newPage();
    const problems = watch(docs, portal.server.url);
    await docs.goto(`${portal.server.url}/docs`);
    await docs.getByRole("link", { name: "Blueprints", exact: true }).click();
    await docs.getByRole("button", { name: /^POST.*Create a blueprint/i }).waitFor();
    await docs.close();
    expect(problems).toEqual([]);
  },
  patient(90_000),
);
