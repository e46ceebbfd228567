/** The table of entities: scrolling, sorting, finding, filtering, views, groups, columns, export. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { expectGoodState } from "../support/browser.ts";
import type { Portal } from "../support/portal.ts";
import { readCatalog, SERVICES } from "./read-catalog.ts";
import { SOON } from "../../support/patience.ts";

export function walkTable(portal: Portal): void {
  const { search, titles, status } = readCatalog(portal);

  test("the sidebar leads to the entities of a blueprint, as many as there are", async () => {
    const { page } = portal;
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Components" }).click();
    await page.getByRole("heading", { level: 1, name: "Components" }).waitFor();
    await status(`${SERVICES} entities`);
    expect((await titles()).slice(0, 2)).toEqual(["Component 0", "Component 1"]);
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe(String(SERVICES + 1));
    await expectGoodState(page, "catalog");
  });

  test("scrolling brings the rest, page by page, and draws only what is seen", async () => {
    const { page } = portal;
    const region = page.getByRole("region", { name: /^Component/ });
    await expect
      .poll(async () => {
        await region.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        return (await titles()).at(-1);
      }, SOON)
      .toBe(`Component ${SERVICES - 1}`);
    expect((await titles()).length).toBeLessThan(80);
    await region.evaluate((element) => element.scrollTo(0, 0));
  });

  test("a header sorts on the server, up, down and not at all; without a value is last", async () => {
    const { page, server } = portal;
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
    const { page, server } = portal;
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
    const { page } = portal;
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
    await page.getByText(`No Component matches “nobody is called so” (0 of ${SERVICES}).`).waitFor();
    await page.getByRole("button", { name: "Clear search and filters" }).click();
    await status(`${SERVICES} entities`);
  });

  test("what is done while a text still waits to be written into the address stays", async () => {
    const { page } = portal;
    const find = page.getByRole("searchbox", { name: "Search by title or identifier" });
    // Both in one turn of the page: however slow the machine is, the text still waits.
    const sort = await page.getByRole("button", { name: "Tier", exact: true }).elementHandle();
    await find.evaluate((input, button) => {
      const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
      value?.set?.call(input, "COMPONENT 4");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      (button as HTMLElement | null)?.click();
    }, sort);
    await page.waitForURL((url) => url.searchParams.get("q") === "COMPONENT 4");
    expect(search()).toEqual({ q: "COMPONENT 4", s: "tier" });
    await status("61 entities");
    // Going back brings the earlier text into the field too.
    await page.goBack();
    await expect.poll(() => find.inputValue()).toBe("");
    await status(`${SERVICES} entities`);
  });

  test("a view kept for oneself is where one begins, and can be taken off", async () => {
    const { page, server } = portal;
    const address = `${server.url}/c/component`;
    const sort = page
      .getByRole("columnheader", { name: "Replicas" })
      .getByRole("button", { name: "Replicas" });
    const view = async (item: string, said: string) => {
      await page.getByRole("button", { name: /^View/ }).click();
      await page.getByRole("menuitem", { name: item, exact: true }).click();
      await page.getByRole("status").getByText(said, { exact: true }).waitFor({ state: "attached" });
    };
    await page.goto(`${address}?s=-replicas`);
    await view("Save for me", "Saved for you");
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
    const { page, server } = portal;
    await page.getByRole("combobox", { name: "Group by" }).click();
    await page.getByRole("option", { name: "Squad" }).click();
    // The first is open by itself.
    await page.getByRole("region", { name: "Squad: blue" }).waitFor();
    await page.getByRole("button", { name: "Blue squad : 300" }).click();
    await page.getByRole("button", { name: "Red squad : 150" }).click();
    await page.getByRole("region", { name: "Squad: red" }).waitFor();
    expect((await titles()).slice(0, 2)).toEqual(["Component 0", "Component 3"]);
    await expectGoodState(page, "catalog-grouped");
    await page.goto(`${server.url}/c/component`);
  });

  test("columns are chosen and moved, and exported as they are", async () => {
    const { page } = portal;
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Docs" }).click();
    await page.getByRole("checkbox", { name: "Languages" }).click();
    await page.getByRole("button", { name: "Move Replicas up" }).click();
    await page.keyboard.press("Escape");
    const headers = (await page.getByRole("columnheader").allTextContents()).slice(0, 4);
    expect(headers).toEqual(["Title", "Replicas", "Tier", "Critical"]);
    await page.getByRole("button", { name: "Export" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("menuitem", { name: /as CSV/ }).click(),
    ]);
    const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
    expect(lines).toHaveLength(SERVICES + 1);
    expect(lines[0]).toBe("\ufeff$identifier,$title,replicas,tier,critical,squad,$updatedAt");
    expect(lines[2]).toMatch(/^component-001,Component 1,37,silver,false,blue,/);
  });
}
