/**
 * The budgets of the web pages: `npm run bench:web`. Prints a table and fails over budget. Times depend on the machine and
 * on what else it does: the load stands above the table, medians and worst values beside each other.
 * `BENCH_WEB_ONLY=table,graph` measures only these; `BENCH_WEB_MINUTES=30` opens pages for so long, at the pace of a reader;
 * for a try `BENCH_WEB_ROUNDS` opens every page so often, `BENCH_WEB_RUNS` repeats the rest, `BENCH_WEB_ROWS` makes a smaller table.
 */
import { loadavg } from "node:os";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../test/e2e/support/browser.ts";
import { loadPartOfDemo } from "../test/e2e/support/part-of-demo.ts";
import { startServer } from "../test/e2e/support/server.ts";
import { measureChart } from "./web/chart.ts";
import { answerCharts, fill } from "./web/data.ts";
import { measureFlows, measureNavigation } from "./web/flows.ts";
import { measureGraph } from "./web/graph.ts";
import { measureLoading } from "./web/loading.ts";
import { measureMemory } from "./web/memory.ts";
import { print, type Result, say } from "./web/results.ts";
import { sizes } from "./web/sizes.ts";
import { measureTable } from "./web/table.ts";

const ONLY = (process.env["BENCH_WEB_ONLY"] ?? "").split(",").filter((name) => name !== "");
const SIZE = { width: 1440, height: 900 } as const;

/** A browser that has seen nothing yet, signed in. */
type Open = () => Promise<BrowserContext>;

const MEASURES: Readonly<Record<string, (open: Open, url: string) => Promise<Result[]>>> = {
  loading: measureLoading,
  navigation: measureNavigation,
  flows: inTab(measureFlows),
  table: inTab(measureTable),
  graph: inTab(measureGraph),
  chart: inTab(measureChart),
  memory: inTab(measureMemory),
};

function inTab(measure: (page: Page, url: string) => Promise<Result[]>) {
  return async (open: Open, url: string): Promise<Result[]> => {
    const context = await open();
    const found = await measure(await context.newPage(), url);
    await context.close();
    return found;
  };
}

/** Signs in by the one-time link. @returns opens other windows of the same person */
async function signIn(browser: Browser, signInUrl: string): Promise<Open> {
  const context = await browser.newContext({ viewport: SIZE });
  const page = await context.newPage();
  await page.goto(signInUrl);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  const storageState = await context.storageState();
  await context.close();
  return async () => {
    const window = await browser.newContext({ viewport: SIZE, storageState });
    window.setDefaultTimeout(60_000);
    await answerCharts(window);
    return window;
  };
}

const results: Result[] = ONLY.length === 0 ? sizes() : [];
const [server, browser] = await Promise.all([startServer(), launchBrowser()]);
try {
  await loadPartOfDemo(server);
  await fill(server, say);
  const open = await signIn(browser, server.signInUrl);
  for (const [name, measure] of Object.entries(MEASURES)) {
    if (ONLY.length > 0 && !ONLY.includes(name)) continue;
    say(`${name} …`);
    results.push(...(await measure(open, server.url)));
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
if (!print(results)) process.exitCode = 1;
