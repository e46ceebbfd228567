/**
 * The budgets of the web pages: `npm run bench:web`. Prints a table and fails over budget. Times
 * depend on the machine and on what else it does: the load stands above the table, medians and worst values beside each
 * other. `BENCH_WEB_ROUNDS` says how often every page is opened for the measure of memory (3), `BENCH_WEB_MINUTES` how long
 * at least.
 */
import { existsSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { CDPSession, Page } from "playwright-core";
import { calm, launchBrowser } from "../test/e2e/support/browser.ts";
import { startServer } from "../test/e2e/support/server.ts";
import { denseChart, fill, NODES, POINTS, ROWS } from "./web-data.ts";

const RUNS = 9;
const ROUNDS = Number(process.env["BENCH_WEB_ROUNDS"] ?? 3);
const MINUTES = Number(process.env["BENCH_WEB_MINUTES"] ?? 0);
const DIST = fileURLToPath(new URL("../dist/web/", import.meta.url));

interface Result {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly budget: number;
  /** What is held against the budget. */
  readonly by: "median" | "p75" | "p95" | "last";
}

const results: Result[] = [];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

const judged = ({ values, by }: Result): number =>
  by === "last" ? (values.at(-1) ?? 0) : at(values, by === "median" ? 0.5 : by === "p75" ? 0.75 : 0.95);

/** What the page needs before it draws anything, gzipped. */
function initialSize(kind: "js" | "css"): number {
  const html = readFileSync(`${DIST}index.html`, "utf8");
  const files = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].flatMap(([, file = ""]) =>
    file.endsWith(`.${kind}`) ? [file] : [],
  );
  const bytes = files.map((file) => gzipSync(readFileSync(DIST + file), { level: 9 }).length);
  return bytes.reduce((sum, size) => sum + size, 0) / 1024;
}

/** The longest event that somebody would have felt while `work` was done (ms). */
async function worstEvent(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const store = globalThis as unknown as { worst: number; observer?: PerformanceObserver };
    store.worst = 0;
    store.observer?.disconnect();
    store.observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if ((entry as unknown as { interactionId: number }).interactionId > 0)
          store.worst = Math.max(store.worst, entry.duration);
    });
    store.observer.observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
  await work();
  await page.waitForTimeout(120);
  return page.evaluate(() => (globalThis as unknown as { worst: number }).worst);
}

/** Times between frames while `work` goes on (ms). */
async function frames(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const store = globalThis as unknown as { frames: number[]; stop: boolean };
    store.frames = [];
    store.stop = false;
    let last = performance.now();
    const next = (now: number): void => {
      store.frames.push(now - last);
      last = now;
      if (!store.stop) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await work();
  return page.evaluate(() => {
    const store = globalThis as unknown as { frames: number[]; stop: boolean };
    store.stop = true;
    return store.frames.slice(1);
  });
}

/** How long after the last answer something was drawn, each time the address is opened anew (ms). */
async function drawnAfterAnswers(page: Page, selector: string, address: string): Promise<number[]> {
  await page.addInitScript((wanted) => {
    const look = (): void => {
      if (document.querySelector(wanted) === null) requestAnimationFrame(look);
      else
        requestAnimationFrame(() => ((globalThis as unknown as { drawn: number }).drawn = performance.now()));
    };
    requestAnimationFrame(look);
  }, selector);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await page.goto(address);
    await page.waitForFunction(() => (globalThis as unknown as { drawn?: number }).drawn !== undefined);
    times.push(
      await page.evaluate(() => {
        const { drawn } = globalThis as unknown as { drawn: number };
        const answers = performance
          .getEntriesByType("resource")
          .map((entry) => (entry as PerformanceResourceTiming).responseEnd)
          .filter((end) => end <= drawn);
        return drawn - Math.max(0, ...answers);
      }),
    );
  }
  return times;
}

async function usedHeap(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? 0) / 1024 / 1024;
}

async function measureLoading(page: Page, url: string): Promise<void> {
  const paints: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    await page.goto(`${url}/`);
    await page.getByRole("navigation", { name: "Main" }).waitFor();
    paints.push(
      await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0),
    );
  }
  results.push({ name: "first contentful paint", unit: "ms", values: paints, budget: 1500, by: "median" });
}

async function measureTable(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/c/item`);
  await page.getByRole("rowheader").first().waitFor();
  const typing: number[] = [];
  const sorting: number[] = [];
  const scrolling: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const search = page.getByRole("searchbox").first();
    typing.push(await worstEvent(page, () => search.pressSequentially(String(run), { delay: 60 })));
    await search.fill("");
    const header = page.getByRole("button", { name: "size", exact: true });
    sorting.push(await worstEvent(page, () => header.click()));
    await calm(page);
    const region = page.getByRole("region", { name: /^Item/ });
    scrolling.push(
      ...(await frames(page, () =>
        region.evaluate(async (element) => {
          for (let step = 0; step < 60; step++) {
            element.scrollBy(0, 90);
            await new Promise((resolve) => requestAnimationFrame(resolve));
          }
          element.scrollTo(0, 0);
        }),
      )),
    );
  }
  const rows = `${ROWS / 1000}k rows`;
  results.push(
    { name: `${rows}: typing in the search`, unit: "ms", values: typing, budget: 200, by: "p75" },
    { name: `${rows}: sorting by a header`, unit: "ms", values: sorting, budget: 200, by: "p75" },
    { name: `${rows}: frame while scrolling`, unit: "ms", values: scrolling, budget: 60, by: "median" },
  );
}

async function measureGraph(page: Page, url: string): Promise<void> {
  const address = `${url}/c/root/root?tab=graph&hops=2&fold=off`;
  const drawn = await drawnAfterAnswers(page, `canvas[data-drawn="${NODES}"]`, address);
  const graph = page.getByRole("application");
  const box = await graph.boundingBox();
  if (box === null) throw new Error("the graph has no size");
  const panning = await frames(page, async () => {
    await page.mouse.move(box.x + 200, box.y + 200);
    await page.mouse.down();
    for (let step = 0; step < 60; step++) await page.mouse.move(box.x + 200 + step * 3, box.y + 200 + step);
    await page.mouse.up();
  });
  const keys = await worstEvent(page, async () => {
    await graph.focus();
    for (const key of ["Home", "ArrowRight", "ArrowRight", "ArrowDown", "+", "-", "0"])
      await page.keyboard.press(key);
  });
  results.push(
    {
      name: `graph of ${NODES} nodes: drawn after the answer`,
      unit: "ms",
      values: drawn,
      budget: 400,
      by: "median",
    },
    {
      name: `graph of ${NODES} nodes: frame while dragging`,
      unit: "ms",
      values: panning,
      budget: 60,
      by: "median",
    },
    { name: `graph of ${NODES} nodes: a key`, unit: "ms", values: [keys], budget: 200, by: "p75" },
  );
}

async function measureChart(page: Page, url: string): Promise<void> {
  await page.route("**/v1/entities/aggregate-over-time", (route) => route.fulfill({ json: denseChart() }));
  const drawn = await drawnAfterAnswers(page, "main svg path[stroke]", `${url}/d/dense`);
  const plot = await page.locator("main svg").last().boundingBox();
  if (plot === null) throw new Error("the chart has no size");
  const hover = await frames(page, async () => {
    for (let step = 0; step < 40; step++)
      await page.mouse.move(plot.x + 60 + (step * (plot.width - 120)) / 40, plot.y + plot.height / 2);
  });
  const points = `chart of ${POINTS / 1000}k points`;
  results.push(
    { name: `${points}: drawn after the answer`, unit: "ms", values: drawn, budget: 1000, by: "median" },
    { name: `${points}: frame while pointing`, unit: "ms", values: hover, budget: 60, by: "median" },
  );
}

/** Every page, one after the other without loading anew. */
async function measureHeap(page: Page, url: string): Promise<void> {
  const paths = [
    ...["/", "/dora", "/scorecards", "/builder", "/builder?view=graph", "/builder/item", "/sources"],
    ...["/c/item", "/c/item/item-1", "/c/item/item-1?tab=json", "/c/root/root?tab=graph&hops=2&fold=off"],
    ...["/audit", "/import", "/d/dense", "/connect"],
  ];
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await page.goto(`${url}/`);
  const heaps: number[] = [];
  const end = performance.now() + MINUTES * 60_000;
  for (let round = 0; round < ROUNDS || performance.now() < end; round++) {
    for (const path of paths) {
      await page.evaluate((to) => history.pushState({}, "", to), path);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await calm(page);
    }
    heaps.push(await usedHeap(session));
  }
  // Against the second round: in the first, code and answers come for the first time.
  const first = heaps[1] ?? heaps[0] ?? 0;
  const growth = heaps.slice(2).map((heap) => (heap / first - 1) * 100);
  results.push(
    {
      name: `memory after ${paths.length} pages × ${heaps.length}`,
      unit: "MB",
      values: heaps,
      budget: 120,
      by: "last",
    },
    { name: "growth of memory since the second round", unit: "%", values: growth, budget: 10, by: "last" },
  );
}

function print(): boolean {
  const head = ["", "least", "median", "most", "judged", "budget", ""];
  const rows = results.map((result) => {
    const { name, unit, values, budget, by } = result;
    const value = judged(result);
    const number = (one: number): string => `${one.toFixed(one < 10 ? 1 : 0)} ${unit}`;
    return [
      name,
      ...[0, 0.5, 1].map((share) => number(at(values, share))),
      `${by} ${number(value)}`,
      number(budget),
      value <= budget ? "ok" : "OVER",
    ];
  });
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => (row[i] ?? "").length)));
  for (const row of [head, ...rows])
    say(
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join("  "),
    );
  return rows.every((row) => row.at(-1) === "ok");
}

if (!existsSync(`${DIST}index.html`)) throw new Error("dist/web is missing: npm run build makes it");
results.push(
  { name: "initial JavaScript, gzip", unit: "KiB", values: [initialSize("js")], budget: 175, by: "last" },
  { name: "initial CSS, gzip", unit: "KiB", values: [initialSize("css")], budget: 30, by: "last" },
);
const [server, browser] = await Promise.all([startServer(), launchBrowser()]);
try {
  await fill(server, say);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto(server.signInUrl);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  await page.close();
  for (const measure of [measureLoading, measureTable, measureGraph, measureChart, measureHeap]) {
    say(`${measure.name} …`);
    const tab = await context.newPage();
    await measure(tab, server.url);
    await tab.close();
  }
} finally {
  await browser.close();
  await server.stop();
}
say(
  `\nload of the machine: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(" ")}\n`,
);
if (!print()) process.exitCode = 1;
