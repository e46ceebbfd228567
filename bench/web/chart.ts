import type { Page } from "playwright-core";
import { POINTS } from "./data.ts";
import { drawnAfterAnswers, frames } from "./probes.ts";
import { type Result, RUNS } from "./results.ts";

/** A chart with more points than pixels. */
export async function measureChart(page: Page, url: string): Promise<Result[]> {
  const drawn = await drawnAfterAnswers(page.context(), "main svg path[stroke]", `${url}/d/dense`, RUNS);
  await page.goto(`${url}/d/dense`);
  const plot = await page.locator("main svg:has(path[stroke])").last().boundingBox();
  if (plot === null) throw new Error("the chart has no size");
  const hover = await frames(page, async () => {
    for (let step = 0; step < 40; step++)
      await page.mouse.move(plot.x + 60 + (step * (plot.width - 120)) / 40, plot.y + plot.height / 2);
  });
  const points = `chart of ${POINTS / 1000}k points`;
  return [
    { name: `${points}: drawn after the answer`, unit: "ms", values: drawn, budget: 1000, by: "median" },
    { name: `${points}: frame while pointing`, unit: "ms", values: hover, budget: 60, by: "median" },
  ];
}
