/**
 * Dashboards in a real browser: the walk-through of the article word for word, charts and their rows, moving and
 * sizing by keys and pointer, undo, filters in the address, lock, folders.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createTestPlace } from "../support/database.ts";
import { expectGoodState, launchBrowser, watch } from "./support/browser.ts";
import { startServer, type TestServer } from "./support/server.ts";
import { STEP_MS } from "../support/patience.ts";

let server: TestServer;
let browser: Browser;
let page: Page;
let problems: string[] = [];

const TIERS = ["gold", "silver", "silver", "bronze", "bronze", "bronze"];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(await createTestPlace()), launchBrowser()]);
  await server.post("/v1/blueprints", {
    ...{ identifier: "service", title: "Service" },
    schema: {
      properties: {
        mttr: { type: "number", title: "MTTR" },
        tier: { type: "string", title: "Tier", enum: ["gold", "silver", "bronze"] },
        shippedAt: { type: "string", format: "date-time", title: "Shipped" },
      },
    },
  });
  const day = 86_400_000;
  for (const [i, tier] of TIERS.entries())
    await server.post("/v1/blueprints/service/entities", {
      ...{ identifier: `s${i}`, title: `Service ${i}` },
      properties: { mttr: 42 + i, tier, shippedAt: new Date(Date.now() - i * 6 * day).toISOString() },
    });
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(STEP_MS);
  problems = watch(page, server.url);
  await page.goto(server.signInUrl);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => {
  if (problems.length > 0) throw new Error(problems.splice(0).join("\n"));
});

const drawer = () => page.getByRole("dialog");
const region = (name: string) => page.getByRole("region", { name, exact: true });

async function choose(label: string, option: string): Promise<void> {
  await drawer().getByRole("combobox", { name: label, exact: true }).click();
  await page.getByRole("option", { name: option }).first().click();
}

async function add(): Promise<void> {
  await drawer().getByRole("button", { name: "Add", exact: true }).click();
  await drawer().waitFor({ state: "detached" });
}

test("the article: + New, New dashboard, + Widget, Number Chart, display single property", async () => {
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("button", { name: "New", exact: true })
    .click();
  await page.getByRole("menuitem", { name: "New dashboard" }).click();
  await drawer().getByLabel("Name").fill("DORA Metrics");
  await choose("Icon", "Metric");
  await drawer().getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "DORA Metrics" }).waitFor();
  await page.getByText("This dashboard is empty").waitFor();
  await page.getByRole("button", { name: "Widget", exact: true }).click();
  await drawer()
    .getByRole("button", { name: /^Number Chart/ })
    .waitFor();
  await drawer()
    .getByRole("button", { name: /^Number Chart/ })
    .click();
  await drawer().getByRole("textbox", { name: "Title", exact: true }).fill("Time to recover");
  await choose("Icon", "Clock");
  await choose("Chart type", "Display single property");
  await drawer().getByText("Still to be chosen: Blueprint, Entity, Property").waitFor();
  expect(await drawer().getByRole("button", { name: "Add", exact: true }).isDisabled()).toBe(true);
  await choose("Blueprint", "Service");
  await choose("Entity", "Service 0");
  await choose("Property", "MTTR");
  await drawer()
    .getByRole("link", { name: /^MTTR of Service 0: 42/ })
    .waitFor();
  await drawer()
    .getByRole("textbox", { name: "Widget as JSON" })
    .getByText('"displaySingleProperty"')
    .waitFor();
  await expectGoodState(page, "dashboard-editor");
  await add();
  await region("Time to recover")
    .getByRole("link", { name: /^MTTR of Service 0: 42/ })
    .waitFor();
  // The value follows the catalog without a reload.
  await server.post("/v1/blueprints/service/entities?upsert=true&merge=true", {
    identifier: "s0",
    properties: { mttr: 90 },
  });
  await region("Time to recover")
    .getByRole("link", { name: /^MTTR of Service 0: 90/ })
    .waitFor();
});

/** Every kind of chart, as Terraform would write it. */
const CHARTS = {
  ...{ identifier: "charts", type: "dashboard", title: "Charts" },
  widgets: [
    {
      ...{ id: "root", type: "dashboard-widget" },
      layout: [
        {
          height: 170,
          columns: [
            { id: "mttr", size: 6 },
            { id: "count", size: 6 },
          ],
        },
        {
          height: 300,
          columns: [
            { id: "pie", size: 6 },
            { id: "bars", size: 6 },
          ],
        },
        { height: 300, columns: [{ id: "lines", size: 12 }] },
        {
          height: 300,
          columns: [
            { id: "table", size: 8 },
            { id: "text", size: 4 },
          ],
        },
      ],
      widgets: [
        {
          ...{ id: "mttr", type: "entities-number-chart", title: "Time to recover", blueprint: "service" },
          ...{
            chartType: "aggregateByProperty",
            calculationBy: "property",
            property: "mttr",
            func: "median",
          },
          ...{ unit: "custom", unitCustom: "min" },
          conditionalFormatting: [{ operator: "<", value: 60, message: "On target", color: "green" }],
        },
        {
          ...{ id: "count", type: "entities-number-chart", title: "Services", blueprint: "service" },
          ...{ chartType: "countEntities", func: "count" },
        },
        {
          id: "pie",
          type: "entities-pie-chart",
          title: "By tier",
          blueprint: "service",
          property: "property#tier",
        },
        { id: "bars", type: "bar-chart", title: "Tiers", blueprint: "service", property: "property#tier" },
        {
          ...{
            id: "lines",
            type: "line-chart",
            title: "Shipped",
            blueprint: "service",
            chartType: "countEntities",
          },
          ...{ func: "count", measureTimeBy: "shippedAt", timeInterval: "isoWeek" },
          ...{ timeRange: { preset: "last3Months" }, breakdownProperty: "tier" },
        },
        { id: "table", type: "table-entities-explorer", title: "All services", blueprint: "service" },
        { id: "text", type: "markdown", title: "About", markdown: "Who is **on call**: see [DORA](/dora)." },
      ],
    },
  ],
};

test("a dashboard made by the API: numbers, a pie, bars, lines, a table, a text; every mark leads to its rows", async () => {
  await server.post("/v1/pages", CHARTS);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Charts" }).click();
  await region("Time to recover").getByText("On target").waitFor();
  await region("About").getByRole("link", { name: "DORA" }).waitFor();
  await region("Services")
    .getByRole("link", { name: /^Services: 6/ })
    .waitFor();
  await region("All services")
    .getByRole("row", { name: /Service 5/ })
    .waitFor();
  await region("Shipped").getByRole("slider").waitFor();
  await expectGoodState(page, "dashboard");
  const url = page.url();

  await region("By tier")
    .getByRole("link", { name: /^bronze/ })
    .click();
  await page.getByText("3 entities").waitFor();
  await page.getByText("Tier is bronze").waitFor();
  await page.goto(url);
  await region("Shipped").getByRole("slider").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page
    .getByRole("list", { name: "Filters in effect" })
    .getByText(/^Shipped is within/)
    .waitFor();
  await page.goto(url);
});

test("widgets are moved and sized by keys and pointer, deleted and brought back", async () => {
  const order = () => page.locator("main section > header h2").allTextContents();
  await region("Time to recover").waitFor();
  const before = await order();
  const handle = region("Time to recover").getByRole("button", { name: /^Move Time to recover/ });
  await handle.focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(order).toEqual([before[1], before[0], ...before.slice(2)]);
  await page.keyboard.press("Shift+ArrowLeft");
  await expect.poll(async () => (await layout())[0]?.columns.map(({ size }) => size)).toEqual([7, 5]);
  expect(await handle.evaluate((node) => node === document.activeElement)).toBe(true);

  await page.evaluate(() => scrollTo(0, 0));
  const from = await region("By tier")
    .getByRole("button", { name: /^Move By tier/ })
    .boundingBox();
  const to = await region("Services").boundingBox();
  if (from === null || to === null) throw new Error("no boxes");
  await page.mouse.move(from.x + 8, from.y + 8);
  await page.mouse.down();
  await page.mouse.move(to.x + 40, to.y + 12, { steps: 4 });
  await page.mouse.move(to.x + 40, to.y + 6, { steps: 2 });
  await page.mouse.up();
  await expect.poll(async () => (await order())[0]).toBe("By tier");

  await region("About").getByRole("button", { name: "Menu of About" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await region("About").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await region("About").waitFor();
});

interface Stored {
  readonly page: {
    readonly identifier: string;
    readonly parent?: string | null;
    readonly widgets: { readonly layout: { readonly columns: { readonly size: number }[] }[] }[];
  };
}
const stored = async () => (await server.get<Stored>("/v1/pages/charts")).page;
const layout = async () => (await stored()).widgets[0]?.layout ?? [];

test("filters are in the address; a locked page cannot be edited; a folder takes it in", async () => {
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const rule = page.getByRole("group", { name: "Rule 1" });
  await rule.waitFor();
  // A rule that waits for its value is nobody's business yet.
  expect(new URL(page.url()).searchParams.get("f")).toBeNull();
  expect(await page.getByText(/in effect$/).count()).toBe(0);
  await rule.getByRole("combobox", { name: "Property" }).click();
  await page.getByRole("option", { name: "Tier" }).click();
  await rule.getByRole("combobox", { name: "Value" }).click();
  await page.getByRole("option", { name: "silver" }).click();
  await region("Services")
    .getByRole("link", { name: /^Services: 2/ })
    .waitFor();
  await page.keyboard.press("Escape");
  const shared = page.url();
  await page.goto(`${server.url}/`);
  await page.goto(shared);
  await region("Services")
    .getByRole("link", { name: /^Services: 2/ })
    .waitFor();

  await page.getByRole("button", { name: "Menu of the dashboard" }).click();
  await page.getByRole("menuitem", { name: "Lock" }).click();
  await page.getByRole("button", { name: "Widget", exact: true }).waitFor({ state: "detached" });
  expect(await page.getByRole("button", { name: /^Menu of Services/ }).count()).toBe(0);

  const rail = page.getByRole("navigation", { name: "Main" });
  await rail.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "New folder" }).click();
  await drawer().getByLabel("Name").fill("Engineering");
  await drawer().getByRole("button", { name: "Create" }).click();
  await drawer().waitFor({ state: "detached" });
  await rail.getByRole("button", { name: "New", exact: true }).click();
  await page.getByRole("menuitem", { name: "Arrange pages" }).click();
  await choose("Folder of Charts", "Engineering");
  await expect.poll(async () => (await stored()).parent).toBe("engineering");
  await expectGoodState(page, "dashboard-arrange");
  await drawer().getByRole("button", { name: "Close" }).click();
  await rail.getByRole("button", { name: "Engineering" }).click();
  await rail.getByRole("link", { name: "Charts", exact: true }).waitFor({ state: "detached" });
});

test("the widgets of the home page are made up at an address that can be typed", async () => {
  await page.goto(`${server.url}/d/$home`);
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await page.getByRole("button", { name: "Widget", exact: true }).waitFor();
});
