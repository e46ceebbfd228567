import type { BrowserContext, Page } from "playwright-core";
import { serveBarePage } from "./bare-page.ts";
import { CHARTS, SMALL } from "./data.ts";
import { load, type Loading } from "./probes.ts";
import { median, type Result, RUNS } from "./results.ts";

interface Start {
  readonly name: string;
  readonly path: string;
  readonly ready: (page: Page) => Promise<unknown>;
  /** Processor time until it is ready, of that of a page with nothing but React. */
  readonly ratio: number;
}

const charts = (page: Page) =>
  page.waitForFunction((count) => document.querySelectorAll("main svg path[stroke]").length >= count, CHARTS);

/** By what costs the page least to look for: names and roles are worked out on its own thread. */
const STARTS: readonly Start[] = [
  {
    ...{ name: "shell", path: "/connect", ratio: 2.5 },
    ready: (page) => page.locator("h1").waitFor(),
  },
  {
    ...{ name: "DORA", path: "/dora", ratio: 4 },
    ready: (page) => page.locator("[data-metric=deploymentFrequency]").first().waitFor(),
  },
  {
    ...{ name: "catalog", path: "/c/item", ratio: 4 },
    ready: (page) => page.locator("th[scope=row]").first().waitFor(),
  },
  {
    ...{ name: "graph", path: `/c/root/small?tab=graph&hops=2&fold=off`, ratio: 4 },
    ready: (page) => page.locator(`canvas[data-drawn="${SMALL}"]`).waitFor(),
  },
  {
    ...{ name: "editor", path: "/builder/item?tab=json", ratio: 4 },
    ready: (page) => page.locator("[role=textbox][contenteditable]").waitFor(),
  },
  { name: `dashboard of ${CHARTS}`, path: "/d/charts", ratio: 5, ready: charts },
];
const EMPTY = {
  ...{ name: "empty dashboard", path: "/d/blank" },
  ready: (page: Page) => page.getByText("This dashboard is empty").waitFor(),
};
const BARE = "bare";

/** Cold starts of pages, and of one with nothing but React, in turns and in any order. @param open a browser that has seen none of them */
export async function measureLoading(open: () => Promise<BrowserContext>, url: string): Promise<Result[]> {
  const bare = await serveBarePage();
  const seen = new Map<string, Loading[]>();
  const pages = [
    { name: BARE, address: bare.url, ready: (page: Page) => page.locator("h1").waitFor() },
    ...[...STARTS, EMPTY].map(({ name, path, ready }) => ({ name, address: url + path, ready })),
  ];
  try {
    for (let run = 0; run < RUNS; run++)
      for (const { name, address, ready } of shuffled(pages)) {
        // The first page of a browser costs more than those after it: each is the first of its own.
        const fresh = await open();
        const loading = await load(fresh, address, ready);
        seen.set(name, [...(seen.get(name) ?? []), loading]);
        await fresh.close();
      }
  } finally {
    await bare.close();
  }
  const of = (name: string, key: keyof Loading): number[] => (seen.get(name) ?? []).map((one) => one[key]);
  const base = { largest: median(of(BARE, "largest")), cpu: median(of(BARE, "cpu")) };
  const painted = (name: string, key: "first" | "largest", what: string): Result => ({
    ...{ name: `${name}: ${what}`, unit: "ms", values: of(name, key), by: "median" },
    budget: key === "largest" ? Math.min(1500, 4 * base.largest) : 1500,
  });
  const beyond = (name: string): number[] =>
    of(name, "cpu").map((cpu) => cpu - median(of(EMPTY.name, "cpu")) + base.cpu);
  return [
    ...STARTS.flatMap(({ name, ratio }): Result[] => [
      ...(name === "shell" ? [painted(name, "first", "first contentful paint")] : []),
      painted(name, "largest", `largest contentful paint (a bare page: ${base.largest.toFixed(0)} ms)`),
      { name: `${name}: layout shift`, unit: "", values: of(name, "shift"), budget: 0.05, by: "most" },
      {
        ...{ name: `${name}: processor to ready, of a bare page's ${base.cpu.toFixed(0)} ms`, unit: "×" },
        ...{ values: of(name, "cpu").map((cpu) => cpu / base.cpu), budget: ratio, by: "median" },
      },
    ]),
    {
      ...{ name: `${CHARTS} charts × 90 points: processor, with React's own start`, unit: "ms" },
      ...{ values: beyond(`dashboard of ${CHARTS}`), budget: 300, by: "median" },
    },
  ];
}

function shuffled<T>(all: readonly T[]): T[] {
  return all
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
