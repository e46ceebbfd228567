import type { Page } from "playwright-core";
import { calm } from "../../test/e2e/support/browser.ts";
import { ROWS } from "./data.ts";
import { frames, worstEvent } from "./probes.ts";
import { at, type Result, RUNS } from "./results.ts";

/** The table of the catalog, with all of its rows on the server. */
export async function measureTable(page: Page, url: string): Promise<Result[]> {
  await page.goto(`${url}/c/item`);
  await page.getByRole("rowheader").first().waitFor();
  const typing: number[] = [];
  const sorting: number[] = [];
  const sorted: number[] = [];
  const arrows: number[] = [];
  const scrolling: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const search = page.getByRole("searchbox", { name: "Search by title or identifier" });
    typing.push(await worstEvent(page, () => search.pressSequentially(String(run), { delay: 60 })));
    await search.fill("");
    await page.waitForURL((address) => !address.searchParams.has("q"));
    await calm(page);
    const header = page.getByRole("button", { name: "size", exact: true });
    const started = performance.now();
    sorting.push(await worstEvent(page, () => header.click()));
    await calm(page);
    sorted.push(performance.now() - started);
    await page.locator('[data-place="0:1"]').focus();
    arrows.push(
      await worstEvent(page, async () => {
        for (const key of ["ArrowDown", "ArrowDown", "ArrowRight", "PageDown", "Control+Home"])
          await page.keyboard.press(key);
      }),
    );
    const region = page.getByRole("region", { name: /^Item/ });
    const times = await frames(page, () =>
      region.evaluate(async (element) => {
        for (let step = 0; step < 60; step++) {
          element.scrollBy(0, 90);
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        element.scrollTo(0, 0);
      }),
    );
    scrolling.push(at(times, 0.95));
  }
  const rows = `${ROWS / 1000}k rows`;
  const felt = (what: string, values: readonly number[]): Result => ({
    ...{ name: `${rows}: ${what}`, unit: "ms", values, budget: 200, by: "p75", limit: 300 },
  });
  return [
    felt("typing in the search", typing),
    felt("sorting by a header", sorting),
    felt("arrows in the table", arrows),
    {
      ...{ name: `${rows}: from a header to the rows in its order`, unit: "ms" },
      ...{ values: sorted, budget: 1000, by: "median" },
    },
    {
      ...{ name: `${rows}: frame while scrolling, the 95th of 100`, unit: "ms" },
      ...{ values: scrolling, budget: 60, by: "median" },
    },
  ];
}
