/** What people look at, on the demo data: home, catalog, entities, dashboards, metrics, graphs, history. */
import { expect, test } from "vitest";
import type { Portal } from "../support/portal.ts";
import { DESCRIBED } from "../support/screen-ids.ts";
import { SOON } from "../../support/patience.ts";

const SERVICE = "ledger-api";

export function walkExplore(portal: Portal): void {
  test("Home: the organisation in numbers, a service found by its name, a widget for everybody", async () => {
    const { page, dialog, rail } = portal;
    // Who watched the data arrive stays on the start page until it is loaded anew.
    await portal.open("/");
    await page.getByRole("region", { name: "Whole organisation" }).getByText("Change failure rate").waitFor();
    await page.getByText(/^Hello, \w+\. Production/).waitFor();
    await page.getByRole("heading", { level: 2, name: "60 services" }).waitFor();
    await page.getByRole("textbox", { name: "Find a service" }).fill(SERVICE);
    await page.getByRole("link", { name: SERVICE, exact: true }).waitFor();
    await page.getByRole("link", { name: "Add widgets to this page" }).click();
    await page.getByRole("button", { name: "Widget", exact: true }).click();
    await dialog.getByRole("button", { name: /^Recently Viewed/ }).click();
    await dialog.getByRole("textbox", { name: "Title", exact: true }).fill("Seen lately");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await portal.open(`/c/service/${SERVICE}`);
    await page.getByRole("heading", { level: 1, name: SERVICE }).waitFor();
    await rail.getByRole("link", { name: "Home" }).click();
    await page.getByRole("region", { name: "Seen lately" }).getByRole("link", { name: SERVICE }).waitFor();
  });

  test("Search (Ctrl+K): an entity, a page and a setting by a part of their names", async () => {
    const { page } = portal;
    const palette = page.getByRole("dialog", { name: "Search and commands" });
    await page.keyboard.press("Control+k");
    await palette.getByRole("combobox").fill("approv");
    await palette.getByRole("option", { name: /^Approvals/ }).waitFor();
    await palette.getByRole("combobox").fill("secrets");
    await palette.getByRole("option", { name: /^Secrets/ }).waitFor();
    await palette.getByRole("combobox").fill("ledger-a");
    await palette
      .getByRole("option", { name: new RegExp(`^${SERVICE}`) })
      .first()
      .waitFor();
    await palette.getByRole("combobox").press("Enter");
    await page.getByRole("heading", { level: 1, name: SERVICE }).waitFor();
  });

  test("Entity page: what is known of it, what it relates to, who changed it, a value edited in place", async () => {
    const { page, server, dialog } = portal;
    const tabs = page.getByRole("navigation", { name: "Parts of this entity" });
    await portal.open(`/c/service/${SERVICE}`);
    await page.getByRole("link", { name: "Ledger", exact: true }).waitFor();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    await dialog.getByLabel("Title").fill("Ledger API");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { level: 1, name: "Ledger API" }).waitFor();
    await tabs.getByRole("link", { name: "Related entities" }).click();
    await page.getByRole("heading", { name: /^Deployment [\d,]+$/ }).waitFor();
    await tabs.getByRole("link", { name: "Audit log" }).click();
    await page.getByRole("listitem").filter({ hasText: "Changed" }).first().waitFor();
    await tabs.getByRole("link", { name: "Runs" }).click();
    await page.getByText("No action has run on this entity.").waitFor();
    await tabs.getByRole("link", { name: "JSON" }).click();
    await page.getByText('"ledger-api"').first().waitFor();
    await server.send("PATCH", `/v1/blueprints/service/entities/${SERVICE}`, { title: SERVICE });
  });

  test("Graph: the neighbours of a service, and the data model", async () => {
    const { page } = portal;
    await portal.open(`/c/service/${SERVICE}?tab=graph`);
    await page
      .getByText(/entities, \d+ relations/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "List" }).click();
    await page
      .getByRole("row", { name: /Ledger/ })
      .first()
      .waitFor();
    await portal.open("/builder?view=graph");
    await page.getByText(/^\d+ blueprints, \d+ relations/).waitFor();
  });

  test("Catalog page: failed deployments are filtered, sorted, grouped, kept as a page and exported", async () => {
    const { page, dialog, choose } = portal;
    await portal.open("/c/deployment");
    await page.getByRole("button", { name: "Filter" }).click();
    const rule = page.getByRole("group", { name: "Rule 1" });
    await choose("Property", "Deployment status", rule);
    await choose("Value", "Failed", rule);
    await page.keyboard.press("Escape");
    await page
      .getByRole("list", { name: "Filters in effect" })
      .getByText("Deployment status is Failed")
      .waitFor();
    await page.getByRole("button", { name: "Deployment time", exact: true }).click();
    await page.waitForURL(/s=/);
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: /as CSV/ }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/csv$/);
    await choose("Group by", "Service");
    await page
      .getByRole("button", { name: /^[\w-]+ : \d+ · / })
      .first()
      .waitFor();
    await page.getByRole("button", { name: "View (changed)" }).click();
    await page.getByRole("menuitem", { name: "Save as page…" }).click();
    await dialog.getByLabel("Name").fill("Failed deployments");
    await dialog.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { level: 1, name: "Failed deployments" }).waitFor();
  });

  test("DORA experience: the wizard makes a dashboard; services side by side lead to what failed", async () => {
    const { page, rail, dialog } = portal;
    await rail.getByRole("button", { name: "New", exact: true }).click();
    await page.getByRole("menuitem", { name: "Set up DORA metrics" }).click();
    await dialog.getByRole("button", { name: "Create" }).click();
    await page.waitForURL(/\/d\//);
    await page.getByRole("heading", { level: 1, name: /DORA/ }).waitFor();
    await portal.open("/dora?by=service");
    const table = page.getByRole("region", { name: "Numbers side by side" });
    await table.getByRole("link", { name: new RegExp(`^Change failure rate of ${SERVICE}: `) }).click();
    await page
      .getByRole("dialog", { name: /^Evidence: / })
      .getByRole("button", { name: /^Counted / })
      .waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Definition" }).click();
    await page.getByRole("heading", { level: 1, name: "DORA definition" }).waitFor();
  });

  test("Dashboard: a filter reaches its widgets and its address; a number leads to its rows; it is locked", async () => {
    const { page, server, choose } = portal;
    await server.post("/v1/pages", {
      ...{ identifier: "glance", type: "dashboard", title: "At a glance" },
      widgets: [
        {
          ...{ id: "root", type: "dashboard-widget" },
          layout: [
            {
              height: 170,
              columns: [
                { id: "count", size: 6 },
                { id: "about", size: 6 },
              ],
            },
          ],
          widgets: [
            {
              ...{
                id: "count",
                type: "entities-number-chart",
                title: "Deployments",
                blueprint: "deployment",
              },
              ...{ chartType: "countEntities", func: "count" },
            },
            { id: "about", type: "markdown", title: "About", markdown: "Of the *whole* year." },
          ],
        },
      ],
    });
    await portal.open("/d/glance");
    const count = page.getByRole("region", { name: "Deployments", exact: true });
    await count.getByRole("link", { name: /^Deployments: [\d,]+/ }).waitFor();
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    const rule = page.getByRole("group", { name: "Rule 1" });
    await choose("Property", "Deployment status", rule);
    await choose("Value", "Failed", rule);
    await page.keyboard.press("Escape");
    await page.waitForURL(/Failed/);
    await count.getByRole("link", { name: /^Deployments: [\d,]+/ }).click();
    await page.getByText("Deployment status is Failed").waitFor();
    await page.goBack();
    await page.getByRole("button", { name: "Menu of the dashboard" }).click();
    await page.getByRole("menuitem", { name: "Lock" }).click();
    await page.getByRole("button", { name: "Widget", exact: true }).waitFor({ state: "detached" });
  });

  test("Sidebar: a page is found, put into a new folder, and taken back", async () => {
    const { page, rail, dialog, choose } = portal;
    await portal.open("/");
    await rail.getByRole("button", { name: "New", exact: true }).click();
    await page.getByRole("menuitem", { name: "New folder" }).click();
    await dialog.getByLabel("Name").fill("Delivery");
    await dialog.getByRole("button", { name: "Create" }).click();
    await dialog.waitFor({ state: "detached" });
    await rail.getByRole("button", { name: "New", exact: true }).click();
    await page.getByRole("menuitem", { name: "Arrange pages" }).click();
    await choose("Folder of At a glance", "Delivery", dialog);
    await dialog.getByRole("button", { name: "Close" }).click();
    await rail.getByRole("button", { name: "Delivery" }).click();
    await rail.getByRole("link", { name: "At a glance" }).waitFor({ state: "detached" });
    await rail.getByRole("searchbox", { name: "Search pages" }).fill("glance");
    await rail.getByRole("link", { name: "At a glance" }).waitFor();
  });

  test("Audit log: who changed a service, the difference, and the list as a file", async () => {
    const { page, rail, server } = portal;
    // The newest of its changes: values that are worked out are changes too.
    await server.send("PATCH", `/v1/blueprints/service/entities/${SERVICE}`, {
      title: `${SERVICE} (audited)`,
    });
    await rail.getByRole("link", { name: "Audit log" }).click();
    await page.getByRole("link", { name: "Entities", exact: true }).click();
    await page.getByRole("textbox", { name: "Entity" }).fill(SERVICE);
    await page.waitForURL((url) => url.search.includes(SERVICE));
    await page.getByRole("button", { name: "Changed: details" }).first().click();
    await page
      .getByRole("dialog", { name: "Changed entity" })
      .getByRole("row", { name: /^Title/ })
      .waitFor();
    await page.keyboard.press("Escape");
    await server.send("PATCH", `/v1/blueprints/service/entities/${SERVICE}`, { title: SERVICE });
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: "CSV, one row for each event" }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/csv$/);
  });

  test("Builder → Data model: a property is added to services by its form, and what it is used for is said", async () => {
    const { page, rail, dialog } = portal;
    await rail.getByRole("link", { name: "Data model" }).click();
    await page.getByRole("link", { name: "Service", exact: true }).first().click();
    await page.getByRole("button", { name: "Add property" }).click();
    await dialog.getByLabel("Title").fill("Runbook");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Actions for Runbook" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await dialog.getByRole("textbox").fill("runbook");
    await dialog.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Runbook", exact: true }).waitFor({ state: "detached" });
  });

  test("Builder → Scorecards and Scorecards catalogue: a rule for services, and those that fail it", async () => {
    const { page, server, rail } = portal;
    await server.post("/v1/blueprints/service/scorecards", DESCRIBED);
    await rail.getByRole("link", { name: "Scorecards" }).click();
    await page.getByRole("link", { name: "Described" }).click();
    await page
      .getByText(/60 fail/)
      .first()
      .waitFor(SOON);
    await page.getByText("Says its language").first().click();
    await page.getByRole("button", { name: /^Show \d+ more$/ }).click();
    await page.getByRole("link", { name: SERVICE, exact: true }).waitFor();
  });
}
