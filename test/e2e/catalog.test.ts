/** The catalog in a real browser: finding, arranging, creating, editing and deleting entities, and what is behind one. */
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createTestPlace } from "../support/database.ts";
import { expectGoodState, launchBrowser, watch } from "./support/browser.ts";
import { startServer, type TestServer } from "./support/server.ts";

const SERVICES = 450;
const SOON = { timeout: 10_000 };
/** As the stored page of an entity names it. */
const HERE = { blueprint: "{{blueprint}}", entity: "{{url.identifier}}" };

let server: TestServer;
let browser: Browser;
let page: Page;
let problems: string[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(await createTestPlace()), launchBrowser()]);
  await server.post("/v1/blueprints", {
    identifier: "squad",
    title: "Squad",
    schema: { properties: { channel: { type: "string" } } },
  });
  await server.post("/v1/blueprints", {
    identifier: "component",
    title: "Component",
    schema: {
      properties: {
        tier: {
          type: "string",
          title: "Tier",
          enum: ["gold", "silver", "bronze"],
          enumColors: { gold: "gold", silver: "silver", bronze: "bronze" },
        },
        replicas: { type: "number", title: "Replicas" },
        critical: { type: "boolean", title: "Critical" },
        languages: { type: "array", title: "Languages", items: { type: "string" } },
        docs: { type: "string", format: "url", title: "Docs" },
        labels: { type: "object", title: "Labels" },
      },
      required: ["tier"],
    },
    relations: { squad: { target: "squad", title: "Squad" } },
  });
  await server.post("/v1/blueprints/squad/entities", { identifier: "red", title: "Red squad" });
  await server.post("/v1/blueprints/squad/entities", { identifier: "blue", title: "Blue squad" });
  await server.post("/v1/blueprints/component/entities/bulk", {
    entities: Array.from({ length: SERVICES }, (_, index) => ({
      identifier: `component-${String(index).padStart(3, "0")}`,
      title: `Component ${index}`,
      properties: {
        tier: ["gold", "silver", "bronze"][index % 3],
        replicas: index === 7 ? undefined : (index * 37) % 1000,
        critical: index % 2 === 0,
        languages: index % 5 === 0 ? ["go", "sql"] : ["ts"],
        docs: `https://docs.example.com/${index}`,
      },
      relations: { squad: index % 3 === 0 ? "red" : "blue" },
    })),
  });
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  page.setDefaultTimeout(10_000);
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

const search = (): Record<string, string> => Object.fromEntries(new URL(page.url()).searchParams);
const titles = (): Promise<string[]> => page.getByRole("rowheader").allTextContents();
const status = (text: string): Promise<unknown> =>
  page.getByRole("status").getByText(text, { exact: true }).waitFor();

test("the sidebar leads to the entities of a blueprint, as many as there are", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Components" }).click();
  await page.getByRole("heading", { level: 1, name: "Components" }).waitFor();
  await status(`${SERVICES} entities`);
  expect((await titles()).slice(0, 2)).toEqual(["Component 0", "Component 1"]);
  expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe(String(SERVICES + 1));
  await expectGoodState(page, "catalog");
});

test("scrolling brings the rest, page by page, and draws only what is seen", async () => {
  const region = page.getByRole("region", { name: /^Component/ });
  await expect
    .poll(
      async () => {
        await region.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        return (await titles()).at(-1);
      },
      { timeout: 15_000 },
    )
    .toBe(`Component ${SERVICES - 1}`);
  expect((await titles()).length).toBeLessThan(80);
  await region.evaluate((element) => element.scrollTo(0, 0));
});

test("a header sorts on the server, up, down and not at all; without a value is last", async () => {
  const header = page.getByRole("columnheader", { name: "Replicas" });
  await header.getByRole("button", { name: "Replicas", exact: true }).click();
  await expect
    .poll(async () => (await titles()).slice(0, 3), SOON)
    .toEqual(["Component 0", "Component 433", "Component 406"]);
  expect(await header.getAttribute("aria-sort")).toBe("ascending");
  await header.getByRole("button", { name: "Replicas", exact: true }).click();
  await expect.poll(async () => (await titles())[0], SOON).toBe("Component 27");
  expect(search()).toEqual({ s: "-replicas" });
  const { entities } = await server.post<{ entities: { identifier: string }[] }>(
    "/v1/blueprints/component/entities/search",
    {
      query: { combinator: "and", rules: [] },
      sort: [{ property: "replicas", direction: "desc" }],
      limit: 1000,
    },
  );
  expect(entities.at(-1)?.identifier).toBe("component-007");
  await header.getByRole("button", { name: "Replicas", exact: true }).click();
  await expect.poll(async () => (await titles())[0], SOON).toBe("Component 0");
});

test("in a narrow column title and menu stand beside each other, at 200 % too", async () => {
  const at = page.url();
  for (const viewport of [
    { width: 1280, height: 900 },
    { width: 640, height: 450 },
  ]) {
    await page.setViewportSize(viewport);
    await page.goto(`${server.url}/c/component?w=replicas:80`);
    const header = page.getByRole("columnheader", { name: "Replicas" });
    await header.scrollIntoViewIfNeeded();
    for (const name of ["Replicas", "Column Replicas"]) {
      const button = header.getByRole("button", { name, exact: true });
      // Its middle, and 11 pixels around it (its corners are round), are its own: nothing lies over them.
      const isFree = await button.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        const around = [
          [0, 0],
          ...[-11, 11].flatMap((d) => [
            [d, 0],
            [0, d],
          ]),
        ];
        return around.every(([dx = 0, dy = 0]) =>
          element.contains(document.elementFromPoint(x + dx, y + dy)),
        );
      });
      expect([name, isFree]).toEqual([name, true]);
    }
    await header.getByRole("button", { name: "Replicas", exact: true }).click();
    await expect.poll(() => header.getAttribute("aria-sort"), SOON).toBe("ascending");
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(at);
});

test("a text and a filter narrow the table, stay in the address, and open again from it", async () => {
  await page.getByRole("searchbox", { name: "Search by title or identifier" }).fill("COMPONENT 4");
  await status("61 entities");
  await page.getByRole("button", { name: "Filter" }).click();
  const rule = page.getByRole("group", { name: "Rule 1" });
  await rule.getByRole("combobox", { name: "Property" }).click();
  await page.getByRole("option", { name: "Tier" }).click();
  await rule.getByRole("combobox", { name: "Value" }).click();
  await page.getByRole("option", { name: "gold" }).click();
  await status("19 entities");
  await page.keyboard.press("Escape");
  const opened = page.url();
  expect(search()["q"]).toBe("COMPONENT 4");
  await page.goto(opened);
  await status("19 entities");
  await page.getByRole("list", { name: "Filters in effect" }).getByText("Tier is gold").waitFor();
  await expectGoodState(page, "catalog-filtered");
  await page.getByRole("button", { name: "Remove filter Tier is gold" }).click();
  await status("61 entities");
  await page.getByRole("searchbox").fill("nobody is called so");
  await page.getByText("Nothing matches.").waitFor();
  await page.getByRole("button", { name: "Clear search and filters" }).click();
  await status(`${SERVICES} entities`);
});

test("what is done while a text still waits to be written into the address stays", async () => {
  const find = page.getByRole("searchbox", { name: "Search by title or identifier" });
  await find.fill("COMPONENT 4");
  await page.getByRole("button", { name: "Tier", exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get("q") === "COMPONENT 4");
  expect(search()).toEqual({ q: "COMPONENT 4", s: "tier" });
  await status("61 entities");
  // Going back brings the earlier text into the field too.
  await page.goBack();
  await expect.poll(() => find.inputValue()).toBe("");
  await status(`${SERVICES} entities`);
});

test("a view kept for oneself is where one begins, and can be taken off", async () => {
  const address = `${server.url}/c/component`;
  const sort = page.getByRole("columnheader", { name: "Replicas" }).getByRole("button", { name: "Replicas" });
  const view = async (item: string, said: string) => {
    await page.getByRole("button", { name: /^View/ }).click();
    await page.getByRole("menuitem", { name: item, exact: true }).click();
    await page.getByRole("status").getByText(said, { exact: true }).waitFor({ state: "attached" });
  };
  await page.goto(`${address}?s=-replicas`);
  await view("For me", "Kept for you");
  await page.goto(address);
  await expect.poll(search, SOON).toEqual({ s: "-replicas" });
  await sort.first().click();
  await expect.poll(async () => (await titles())[0], SOON).toBe("Component 0");
  // Also when it is loaded again; a link to the table begins anew.
  await page.reload();
  await status(`${SERVICES} entities`);
  expect(search()).toEqual({});
  await page.goto("about:blank");
  await page.goto(address);
  await expect.poll(search, SOON).toEqual({ s: "-replicas" });
  await view("Forget my view", "Your view is forgotten");
  await page.goto(address);
  await status(`${SERVICES} entities`);
});

test("groups count what is in each, and open to it", async () => {
  await page.getByRole("combobox", { name: "Group by" }).click();
  await page.getByRole("option", { name: "Squad" }).click();
  await page.getByRole("button", { name: "blue : 300" }).waitFor();
  await page.getByRole("button", { name: "red : 150" }).click();
  await page.getByRole("region", { name: "Squad: red" }).waitFor();
  expect((await titles()).slice(0, 2)).toEqual(["Component 0", "Component 3"]);
  await expectGoodState(page, "catalog-grouped");
  await page.goto(`${server.url}/c/component`);
});

test("columns are chosen and moved, and exported as they are", async () => {
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Docs" }).click();
  await page.getByRole("checkbox", { name: "Languages" }).click();
  await page.getByRole("button", { name: "Move Replicas left" }).click();
  await page.keyboard.press("Escape");
  const headers = (await page.getByRole("columnheader").allTextContents()).slice(0, 4);
  expect(headers).toEqual(["Title", "Replicas", "Tier", "Critical"]);
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV, the columns shown" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines).toHaveLength(SERVICES + 1);
  expect(lines[0]).toBe("\ufeff$identifier,$title,replicas,tier,critical,squad,$updatedAt");
  expect(lines[2]).toMatch(/^component-001,Component 1,37,silver,false,blue,/);
});

test("an entity is created with a form made from its blueprint; what the API refuses is said", async () => {
  await page.goto(`${server.url}/c/component`);
  await page.getByRole("button", { name: "Component", exact: true }).click();
  const form = page.getByRole("dialog", { name: "New Component" });
  await form.getByLabel("Identifier").fill("not allowed #");
  await form.getByLabel("Title").fill("Brand new");
  await form.getByRole("combobox", { name: "Tier" }).click();
  await page.getByRole("option", { name: "silver" }).click();
  await form.getByLabel("Replicas").fill("12.5");
  await form.getByRole("combobox", { name: "Squad" }).fill("Red");
  await page.getByRole("option", { name: "Red squad (red)" }).click();
  await expectGoodState(page, "entity-form");
  await form.getByRole("button", { name: "Create" }).click();
  await form.getByRole("alert").getByText("identifier").waitFor();
  await form.getByLabel("Identifier").fill("brand-new");
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "Brand new" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/c/component/brand-new");
  const { entity } = await server.get<{ entity: object }>("/v1/blueprints/component/entities/brand-new");
  expect(entity).toMatchObject({
    title: "Brand new",
    properties: { tier: "silver", replicas: 12.5 },
    relations: { squad: "red" },
  });
  await expectGoodState(page, "entity");
});

test("an edit sends what was changed; the audit log shows it", async () => {
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Edit Brand new" });
  await form.getByText("Nothing is changed.").waitFor();
  await form.getByLabel("Labels").fill("{oops");
  expect(await form.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  await form.getByLabel("Labels").fill('{"a": 1}');
  await form.getByLabel("Replicas").fill("");
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "detached" });
  const { entity } = await server.get<{ entity: { properties: object } }>(
    "/v1/blueprints/component/entities/brand-new",
  );
  expect(entity.properties).toMatchObject({ tier: "silver", replicas: null, labels: { a: 1 } });
  await page
    .getByRole("navigation", { name: "Parts of this entity" })
    .getByRole("link", { name: "Audit log" })
    .click();
  await page
    .getByRole("listitem")
    .filter({ hasText: "Updated" })
    .getByRole("row", { name: "properties.replicas 12.5" })
    .waitFor();
  expect(search()).toEqual({ tab: "audit" });
  await expectGoodState(page, "entity-audit");
});

test("related entities are listed in both directions", async () => {
  await page.goto(`${server.url}/c/squad/red?tab=related`);
  await page.getByRole("heading", { name: "Component · Squad 151" }).waitFor();
  await page.getByRole("link", { name: "Component 0", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Component 0" }).waitFor();
  await page.getByRole("link", { name: "Related entities" }).click();
  await page.getByRole("region", { name: "Squad" }).getByRole("link", { name: "red" }).waitFor();
});

test("a scorecard is made by its form; who fails a rule is listed, and an entity says what its next level needs", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Scorecards" }).click();
  await page.getByRole("button", { name: "Create the first" }).click();
  const form = page.getByRole("dialog", { name: "New scorecard" });
  await form.getByLabel("About the entities of").click();
  await page.getByRole("option", { name: "Component" }).click();
  await form.getByLabel("Title").fill("Ready");
  await form.getByRole("button", { name: "Rule", exact: true }).click();
  const rule = form.getByRole("group", { name: "Rule 1 of the scorecard" });
  await rule.getByLabel("What is asked").fill("Runs more than once");
  await rule.getByLabel("Property").click();
  await page.getByRole("option", { name: "Replicas" }).click();
  await rule.getByLabel("Comparison").click();
  await page.getByRole("option", { name: ">", exact: true }).click();
  await rule.getByLabel("Value").fill("900");
  await expectGoodState(page, "scorecard-form");
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "Ready" }).waitFor();
  await page.getByText(/40[23] fail, 48 pass/).waitFor({ timeout: 30_000 });
  await page.getByText("Runs more than once").click();
  await expectGoodState(page, "scorecard");
  await page.getByRole("link", { name: "Component 3", exact: true }).click();
  await page.getByText("One rule to Bronze: Runs more than once.").waitFor();
  await expectGoodState(page, "entity-scorecards");
});

test("an initiative is made by its form, refused with a reason, and its page says who is not there yet", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Scorecards" }).click();
  await page.getByRole("link", { name: "initiatives", exact: true }).click();
  await page.getByRole("button", { name: "Create the first" }).click();
  const form = page.getByRole("dialog", { name: "New initiative" });
  await form.getByLabel("Title").fill("Bronze for all");
  await form.getByRole("combobox", { name: "Scorecard" }).click();
  await page.getByRole("option", { name: "Ready (Component)" }).click();
  await form.getByRole("combobox", { name: "To be reached" }).click();
  await page.getByRole("option", { name: "Level Bronze" }).click();
  await form.getByText(/^It is about all 45[01] entities of the scorecard\.$/).waitFor();
  await form.getByRole("textbox", { name: "Due", exact: true }).fill("2031-03-31");
  await form.getByRole("button", { name: "Create" }).click();
  await form.getByText(/must say who answers for it/).waitFor();
  const { users } = await server.get<{ users: { email: string }[] }>("/v1/users");
  await form.getByLabel("Owner (e-mail address)").fill(users[0]?.email ?? "");
  await form.getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "Bronze for all" }).click();
  await page.getByText(/48 of 45[01]/).waitFor();
  await page.getByRole("link", { name: "Component 3", exact: true }).waitFor();
  await expectGoodState(page, "initiative");
});

test("deleting asks for the identifier, and says what stands against it", async () => {
  await page.goto(`${server.url}/c/squad/red`);
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete Red squad?" });
  expect(await dialog.getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
  await expectGoodState(page, "entity-delete");
  await page.keyboard.press("Escape");
  await page.goto(`${server.url}/c/component/brand-new`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Identifier" }).fill("brand-new");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { level: 1, name: "Components" }).waitFor();
  await status(`${SERVICES} entities`);
  await page.goto(`${server.url}/c/component/brand-new`);
  await page.getByText("There is no “brand-new” in component.").waitFor();
});

test("an entity has the tabs of its stored page, and one for each text and interface it holds", async () => {
  await server.post("/v1/blueprints", {
    identifier: "platform",
    title: "Platform",
    icon: "Server",
    schema: {
      properties: {
        tier: { type: "string", title: "Tier", enum: ["gold", "silver"], enumColors: { gold: "gold" } },
        until: { type: "string", format: "timer", title: "Supported until" },
        readme: { type: "string", format: "markdown", title: "Docs" },
        api: { type: "string", format: "yaml", spec: "open-api", title: "API" },
      },
    },
    relations: {
      squad: { target: "squad", title: "Squad" },
      runs: { target: "component", title: "Runs", many: true },
    },
  });
  await server.post("/v1/blueprints/platform/entities", {
    identifier: "pay",
    title: "Payments",
    properties: {
      tier: "gold",
      until: new Date(Date.now() + 50 * 3_600_000).toISOString(),
      readme: "# How to pay\n\nSlowly.",
      api: "openapi: 3.1.0\ninfo: {title: Payments, version: '4'}\npaths:\n  /pay/{id}:\n    get:\n      summary: One payment\n      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n      responses: {'200': {description: The payment, content: {application/json: {schema: {$ref: '#/components/schemas/Payment'}}}}}\ncomponents: {schemas: {Payment: {type: object, required: [amount], properties: {amount: {type: integer}, of: {$ref: '#/components/schemas/Payment'}}}}}\n",
    },
    relations: { squad: "red", runs: ["component-000", "component-001"] },
  });
  const { page: stored } = await server.get<{
    page: { widgets: { groups: object[]; groupsOrder: string[] }[] };
  }>("/v1/pages/platformEntity");
  const [root] = stored.widgets;
  await server.send("PATCH", "/v1/pages/platformEntity", {
    widgets: [
      {
        ...root,
        groupsOrder: ["Overview", "Our notes"],
        groups: [
          ...(root?.groups ?? []),
          {
            title: "Our notes",
            widgets: [
              { id: "note", type: "markdown", title: "Note", markdown: "Ask {{ .entity.title }} first." },
              { id: "facts", type: "entity-details", title: "Facts", ...HERE },
            ],
          },
        ],
      },
    ],
  });
  await page.goto(`${server.url}/c/platform/pay`);
  const tabs = page.getByRole("navigation", { name: "Parts of this entity" });
  await tabs.getByRole("link", { name: "Our notes" }).waitFor();
  expect(await tabs.getByRole("link").allTextContents()).toEqual([
    ...["Overview", "Our notes", "Related entities", "Graph", "Docs", "API", "Runs", "Audit log", "JSON"],
  ]);
  await page
    .getByRole("timer")
    .getByText(/^2 days 1 h left|^2 days 2 h left/)
    .waitFor();
  await expectGoodState(page, "entity-overview");
  await tabs.getByRole("link", { name: "Docs" }).click();
  await page.getByRole("heading", { name: "How to pay" }).waitFor();
  await tabs.getByRole("link", { name: "API" }).click();
  await page.getByText("/pay/{id}").click();
  await page.getByText("amount").first().waitFor();
  await expectGoodState(page, "entity-api");
  await tabs.getByRole("link", { name: "Our notes" }).click();
  await page.getByText("Ask Payments first.").waitFor();
  await page.getByRole("region", { name: "Facts" }).getByText("gold").waitFor();
  expect(search()).toEqual({ tab: "our-notes" });
});

test("a property is edited where it stands; who may not is not offered it", async () => {
  await page.goto(`${server.url}/c/platform/pay`);
  await page.getByRole("button", { name: "Edit Tier" }).click();
  await page.getByRole("combobox", { name: "Tier" }).click();
  await page.getByRole("option", { name: "silver" }).click();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Edit Tier" }).waitFor();
  const { entity } = await server.get<{ entity: object }>("/v1/blueprints/platform/entities/pay");
  expect(entity).toMatchObject({ properties: { tier: "silver" } });

  const rights = { unregister: false, properties: ["until"], relations: [] };
  await page.route("**/entities/pay/rights", (route) => route.fulfill({ json: { ok: true, rights } }));
  await page.reload();
  await page.getByRole("button", { name: "Edit Supported until" }).waitFor();
  expect(await page.getByRole("button", { name: "Delete" }).count()).toBe(0);
  expect(await page.getByRole("button", { name: "Edit Tier" }).count()).toBe(0);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const form = page.getByRole("dialog", { name: "Edit Payments" });
  await form.getByText("You may not change Title, Tier, Docs, API, Squad, Runs.").waitFor();
  expect(await form.getByLabel("Title").getAttribute("readonly")).not.toBeNull();
  await page.unroute("**/entities/pay/rights");
});

test("the graph of an entity: by pointer, by keys and as a list; many neighbours stand folded", async () => {
  await page.goto(`${server.url}/c/squad/red?tab=graph`);
  await page.getByText(/^2 entities, 2 relations; 15[01] more folded in 1 group/).waitFor();
  const graph = page.getByRole("application");
  await graph.focus();
  await page.keyboard.press("Home");
  await page
    .getByRole("status")
    .getByText(/^Red squad, Squad, in the middle/)
    .waitFor();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => search()["node"], SOON).toMatch(/component\.squad$|platform:pay/);
  await expectGoodState(page, "entity-graph");
  await page.getByRole("button", { name: "Unfold all" }).click();
  await page.getByText(/^15[23] entities, 15[23] relations/).waitFor();
  await page.goto(`${server.url}/c/platform/pay?tab=graph&hops=2`);
  await page.getByRole("combobox", { name: "Colour by" }).click();
  await page.getByRole("option", { name: "Colour: Tier" }).click();
  await page.getByText("5 entities, 5 relations").waitFor();
  await page.getByRole("button", { name: "List" }).click();
  await page
    .getByRole("row", { name: /^Component 0 Component · gold 1 hop upstream runs of Payments/ })
    .waitFor();
  expect(search()).toEqual({ tab: "graph", hops: "2", colour: "tier", as: "list" });
  await expectGoodState(page, "entity-graph-list");
});

test("the audit log is filtered, opened by keys, and exported; its address says all of it", async () => {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit log" }).click();
  await page.getByText(/^200 events loaded/).waitFor();
  await expectGoodState(page, "audit");
  await page.getByRole("link", { name: "Entities", exact: true }).click();
  await page.getByRole("textbox", { name: "Entity" }).fill("pay");
  await page.getByText("2 events", { exact: true }).waitFor();
  expect(search()).toEqual({ tab: "entities", entity: "pay" });
  await page.getByRole("button", { name: "Updated: details" }).focus();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("dialog", { name: "Updated entity" });
  await drawer.getByRole("row", { name: "properties.tier gold silver" }).waitFor();
  await expectGoodState(page, "audit-event");
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "CSV, one row for each event" }).click(),
  ]);
  expect((await readFile(await download.path(), "utf8")).trimEnd().split("\r\n")).toHaveLength(3);
  // An event that is opened before the filter is in the address stays open.
  await page.getByRole("textbox", { name: "Entity" }).fill("nothing of the kind");
  await page.getByRole("button", { name: "Updated: details" }).click();
  await page.waitForURL((url) => url.searchParams.get("entity") === "nothing of the kind");
  await drawer.getByRole("row", { name: "properties.tier gold silver" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("No event matches").waitFor();
});
