import type { Page } from "playwright-core";
import { NODES, SMALL } from "./data.ts";
import { drawnAfterAnswers, frames, worstEvent } from "./probes.ts";
import { type Result, RUNS } from "./results.ts";

/** A graph that can be read, and one that is looked at from afar. */
export async function measureGraph(page: Page, url: string): Promise<Result[]> {
  const address = (root: string): string => `${url}/c/root/${root}?tab=graph&hops=2&fold=off`;
  const context = page.context();
  const small = await drawnAfterAnswers(context, `canvas[data-drawn="${SMALL}"]`, address("small"), RUNS);
  const drawn = await drawnAfterAnswers(context, `canvas[data-drawn="${NODES}"]`, address("root"), RUNS);
  await page.goto(address("root"));
  await page.locator(`canvas[data-drawn="${NODES}"]`).waitFor();
  const graph = page.getByRole("application");
  const box = await graph.boundingBox();
  if (box === null) throw new Error("the graph has no size");
  const panning = await frames(page, async () => {
    await page.mouse.move(box.x + 200, box.y + 200);
    await page.mouse.down();
    for (let step = 0; step < 60; step++) await page.mouse.move(box.x + 200 + step * 3, box.y + 200 + step);
    await page.mouse.up();
  });
  const keys: number[] = [];
  await graph.focus();
  for (let run = 0; run < RUNS; run++)
    keys.push(
      await worstEvent(page, async () => {
        for (const key of ["Home", "ArrowRight", "ArrowRight", "ArrowDown", "+", "-", "0"])
          await page.keyboard.press(key, { delay: 30 });
      }),
    );
  const nodes = `graph of ${NODES} nodes`;
  return [
    {
      ...{ name: `graph of ${SMALL} nodes: drawn after the answer`, unit: "ms" },
      ...{ values: small, budget: 700, by: "median" },
    },
    {
      ...{ name: `${nodes}: drawn after the answer`, unit: "ms" },
      ...{ values: drawn, budget: 400, by: "median" },
    },
    { name: `${nodes}: frame while dragging`, unit: "ms", values: panning, budget: 60, by: "median" },
    { name: `${nodes}: a key`, unit: "ms", values: keys, budget: 200, by: "p75", limit: 300 },
  ];
}
