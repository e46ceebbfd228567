/** One entity: its tabs, values edited in place, its graph; and the audit log of all of them. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { expectGoodState } from "../support/browser.ts";
import type { Portal } from "../support/portal.ts";
import { SOON } from "../../support/patience.ts";
import { readCatalog } from "./read-catalog.ts";

/** As the stored page of an entity names it. */
const HERE = { blueprint: "{{blueprint}}", entity: "{{url.identifier}}" };

export function walkInside(portal: Portal): void {
  const { search } = readCatalog(portal);

  test("an entity has the tabs of its stored page, and one for each text and interface it holds", async () => {
    const { page, server } = portal;
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
      .getByText(/^2 d [12] h left/)
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
    const { page, server } = portal;
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
    expect(await page.getByRole("button", { name: "Actions for Payments" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Edit Tier" }).count()).toBe(0);
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const form = page.getByRole("dialog", { name: "Edit Payments" });
    await form.getByText("You may not change Title, Tier, Docs, API, Squad, Runs.").waitFor();
    expect(await form.getByLabel("Title").getAttribute("readonly")).not.toBeNull();
    await page.unroute("**/entities/pay/rights");
  });

  test("the graph of an entity: by pointer, by keys and as a list; many neighbours stand folded", async () => {
    const { page, server } = portal;
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
      .getByRole("row", { name: /^Component 0 Component · gold 1 hop upstream Runs of Payments/ })
      .waitFor();
    expect(search()).toEqual({ tab: "graph", hops: "2", colour: "tier", as: "list" });
    await expectGoodState(page, "entity-graph-list");
  });

  test("the audit log is filtered, opened by keys, and exported; its address says all of it", async () => {
    const { page } = portal;
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit log" }).click();
    await page.getByText(/^200 events loaded/).waitFor();
    await expectGoodState(page, "audit");
    await page.getByRole("link", { name: "Entities", exact: true }).click();
    await page.getByRole("textbox", { name: "Entity" }).fill("pay");
    await page.getByText("2 events", { exact: true }).waitFor();
    expect(search()).toEqual({ tab: "entities", entity: "pay" });
    await page.getByRole("button", { name: "Changed: details" }).focus();
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("dialog", { name: "Changed entity" });
    await drawer.getByRole("row", { name: "Tier gold silver" }).waitFor();
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
    await page.getByRole("button", { name: "Changed: details" }).click();
    await page.waitForURL((url) => url.searchParams.get("entity") === "nothing of the kind");
    await drawer.getByRole("row", { name: "Tier gold silver" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("No event matches").waitFor();
  });
}
