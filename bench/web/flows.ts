import type { BrowserContext, Page } from "playwright-core";
import { calm } from "../../test/e2e/support/browser.ts";
import { CHARTS } from "./data.ts";
import { worstEvent } from "./probes.ts";
import { type Result, RUNS } from "./results.ts";

const felt = (what: string, values: readonly number[]): Result => ({
  ...{ name: `worst event: ${what}`, unit: "ms", values, budget: 200, by: "p75", limit: 300 },
});

/** What people do all day, and how long each answer to it takes. */
export async function measureFlows(page: Page, url: string): Promise<Result[]> {
  const evidence: number[] = [];
  const rows: number[] = [];
  const filter: number[] = [];
  const theme: number[] = [];
  await page.goto(`${url}/dora`);
  for (let run = 0; run < RUNS; run++) {
    const number = page.getByRole("link", { name: /, Deployment frequency: show evidence$/ });
    await number.waitFor();
    await calm(page);
    const started = performance.now();
    evidence.push(
      await worstEvent(page, async () => {
        await number.click();
        await page.getByRole("dialog").getByRole("row").nth(1).waitFor();
        rows.push(performance.now() - started);
      }),
    );
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    filter.push(
      await worstEvent(page, async () => {
        await page.getByRole("combobox", { name: "Window", exact: true }).click();
        await page
          .getByRole("option", { name: run % 2 === 0 ? "Last 12 months" : "Last 90 days", exact: true })
          .click();
        await calm(page);
      }),
    );
    theme.push(
      await worstEvent(page, async () => {
        await page.getByRole("button", { name: /^Theme/ }).click();
        await page.getByRole("menuitemradio", { name: run % 2 === 0 ? "Dark" : "Light" }).click();
      }),
    );
  }
  const editor: number[] = [];
  await page.goto(`${url}/builder/item?tab=json`);
  const text = page.getByRole("textbox", { name: "Blueprint as JSON" });
  await text.click();
  for (let run = 0; run < RUNS; run++)
    editor.push(await worstEvent(page, () => page.keyboard.type('"a": 1, ', { delay: 40 })));
  const moving: number[] = [];
  await page.goto(`${url}/d/charts`);
  await page.waitForFunction(
    (count) => document.querySelectorAll("main svg path[stroke]").length >= count,
    CHARTS,
  );
  const handle = page.getByRole("button", { name: /^Move Chart 0/ });
  await handle.focus();
  for (let run = 0; run < RUNS; run++)
    moving.push(
      await worstEvent(page, () => handle.press(run % 2 === 0 ? "ArrowRight" : "ArrowLeft", { delay: 30 })),
    );
  return [
    felt("evidence", evidence),
    felt("filter", filter),
    felt("theme", theme),
    felt("typing in the editor", editor),
    felt("moving a widget", moving),
    { name: "evidence: from the press to the rows", unit: "ms", values: rows, budget: 500, by: "median" },
  ];
}

/** From home to the DORA page in a browser that has seen neither. */
export async function measureNavigation(open: () => Promise<BrowserContext>, url: string): Promise<Result[]> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const context = await open();
    const page = await context.newPage();
    await page.goto(`${url}/`);
    const link = page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "DORA metrics" });
    await link.waitFor();
    await calm(page);
    const started = performance.now();
    await link.click();
    await page.locator("[data-metric=deploymentFrequency]").first().waitFor();
    times.push(performance.now() - started);
    await context.close();
  }
  return [{ name: "from home to DORA, cold", unit: "ms", values: times, budget: 1000, by: "median" }];
}
