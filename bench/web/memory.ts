import type { CDPSession, Page } from "playwright-core";
import { calm } from "../../test/e2e/support/browser.ts";
import { heapObjects } from "./heap-objects.ts";
import { metric } from "./probes.ts";
import { type Result, say } from "./results.ts";

/** Somebody who looks at another page every five seconds opens so many in half an hour. */
const PAGES = 360;
const ROUNDS = Number(process.env["BENCH_WEB_ROUNDS"] ?? 0);
const MINUTES = Number(process.env["BENCH_WEB_MINUTES"] ?? 0);
/** With `BENCH_WEB_MINUTES`: as somebody looks, not as fast as it goes. */
const LOOK_MS = 5000;

const PATHS = [
  ...["/", "/dora", "/dora/incidents", "/scorecards", "/builder", "/builder?view=graph", "/builder/item"],
  ...["/builder/item?tab=json", "/sources", "/c/item", "/c/item/item-1", "/c/item/item-1?tab=json"],
  ...["/c/root/root?tab=graph&hops=2&fold=off", "/audit", "/import", "/d/dense", "/d/charts", "/connect"],
  ...["/self-serve", "/runs", "/automations", "/settings/users"],
];

interface Kept {
  readonly megabytes: number;
  /** Of these without what the engine has compiled. */
  readonly objects: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** After everything that can go has gone: what nothing leads to, what only a finalizer held, and what that led to. */
async function kept(session: CDPSession): Promise<Kept> {
  for (let times = 0; times < 3; times++) await session.send("HeapProfiler.collectGarbage");
  const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
  const bytes = await metric(session, "JSHeapUsedSize");
  const objects = await heapObjects(session);
  return { megabytes: bytes / 1024 / 1024, objects, nodes, listeners: jsEventListeners };
}

/** Goes to a page as a link does, and stays until it is there. */
async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => history.pushState({}, "", to), path);
  await page.waitForFunction((to) => {
    const { state } = (
      globalThis as unknown as {
        __TSR_ROUTER__: { state: { status: string; resolvedLocation?: { pathname: string } } };
      }
    ).__TSR_ROUTER__;
    return state.status === "idle" && state.resolvedLocation?.pathname === to;
  }, path.split("?")[0]);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await calm(page);
}

/** Every page, one after the other without loading anew, as many as somebody opens in half an hour. */
export async function measureMemory(page: Page, url: string): Promise<Result[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await page.goto(`${url}/connect`);
  await calm(page);
  const rounds: Kept[] = [];
  const end = performance.now() + MINUTES * 60_000;
  const most = ROUNDS > 0 ? ROUNDS : Math.ceil(PAGES / PATHS.length);
  const isOver = (): boolean => (MINUTES > 0 ? performance.now() >= end : rounds.length >= most);
  while (!isOver()) {
    for (const path of PATHS) {
      await goTo(page, path);
      if (MINUTES > 0) await page.waitForTimeout(LOOK_MS);
    }
    // On the same page each time: what it shows belongs to it.
    await goTo(page, "/connect");
    const now = await kept(session);
    rounds.push(now);
    say(
      `  round ${rounds.length}: ${now.megabytes.toFixed(1)} MB, ${now.objects.toFixed(2)} MB of them objects, ${now.nodes} nodes, ${now.listeners} listeners`,
    );
  }
  // Against the second round: in the first, code and answers come for the first time.
  const growth = (key: keyof Kept): number[] => {
    const first = rounds[1]?.[key] ?? rounds[0]?.[key] ?? 0;
    return rounds.slice(2).map((one) => (one[key] / first - 1) * 100);
  };
  const opened = `${PATHS.length} pages × ${rounds.length}`;
  return [
    {
      ...{ name: `memory after ${opened}`, unit: "MB" },
      ...{ values: rounds.map(({ megabytes }) => megabytes), budget: 120, by: "last" },
    },
    {
      ...{ name: "growth of memory from the second round to the third", unit: "%" },
      ...{ values: growth("megabytes").slice(0, 1), budget: 10, by: "last" },
    },
    {
      ...{ name: "growth of objects, compiled code apart, since the second round", unit: "%" },
      ...{ values: growth("objects"), budget: 10, by: "last" },
    },
    {
      ...{ name: "growth of nodes, detached ones too, since the second round", unit: "%" },
      ...{ values: growth("nodes"), budget: 10, by: "last" },
    },
    {
      ...{ name: "growth of listeners since the second round", unit: "%" },
      ...{ values: growth("listeners"), budget: 10, by: "last" },
    },
  ];
}
