/** What the pages are measured on: a table of 100,000 rows, graphs of 150 and 2,000 nodes, a chart of 50,000 points. */
import type { BrowserContext } from "playwright-core";
import type { TestServer } from "../../test/e2e/support/server.ts";

/** Fewer for a try of the benchmark itself. */
export const ROWS = Number(process.env["BENCH_WEB_ROWS"] ?? 100_000);
export const NODES = 2000;
/** Nodes of the graph whose texts are read. */
export const SMALL = 150;
export const POINTS = 50_000;
/** On the dashboard of many, with so many points each. */
export const CHARTS = 12;
const FEW_POINTS = 90;
const BATCH = 500;
const AT_ONCE = 4;
const HUBS = 20;
const SMALL_HUBS = 9;
const LINES = 10;
const DENSE = "Points";

export async function fill(server: TestServer, say: (text: string) => void): Promise<void> {
  await server.post("/v1/blueprints", {
    identifier: "item",
    title: "Item",
    schema: {
      properties: {
        tier: { type: "string", enum: ["gold", "silver", "bronze"], enumColors: { gold: "gold" } },
        size: { type: "number" },
        link: { type: "string", format: "url" },
        since: { type: "string", format: "date-time" },
        tags: { type: "array", items: { type: "string" } },
      },
    },
  });
  await many(server, "item", ROWS, (at) => ({
    identifier: `item-${at}`,
    title: `Item ${at}`,
    properties: {
      tier: ["gold", "silver", "bronze"][at % 3],
      size: (at * 7919) % 10_007,
      link: `https://example.com/${at}`,
      since: new Date(1_700_000_000_000 + at * 60_000).toISOString(),
      tags: [`t${at % 10}`, `u${at % 7}`],
    },
  }));
  say(`${ROWS} rows are there`);
  for (const [identifier, relations] of [
    ["root", {}],
    ["hub", { root: { target: "root" } }],
    ["leaf", { hub: { target: "hub" } }],
  ] as const)
    await server.post("/v1/blueprints", {
      identifier,
      title: identifier,
      schema: { properties: {} },
      relations,
    });
  await server.post("/v1/blueprints/root/entities", { identifier: "root" });
  await many(server, "hub", HUBS, (at) => ({ identifier: `hub-${at}`, relations: { root: "root" } }));
  await many(server, "leaf", NODES - HUBS - 1, (at) => ({
    identifier: `leaf-${at}`,
    relations: { hub: `hub-${(at * 31) % HUBS}` },
  }));
  await server.post("/v1/blueprints/root/entities", { identifier: "small" });
  await many(server, "hub", SMALL_HUBS, (at) => ({ identifier: `few-${at}`, relations: { root: "small" } }));
  await many(server, "leaf", SMALL - SMALL_HUBS - 1, (at) => ({
    identifier: `few-${at}`,
    relations: { hub: `few-${at % SMALL_HUBS}` },
  }));
  await dashboard(server, "blank", []);
  await dashboard(server, "dense", [DENSE]);
  await dashboard(
    server,
    "charts",
    Array.from({ length: CHARTS }, (_, at) => `Chart ${at}`),
  );
}

/** With line charts, the only one as wide as the page, several three in a row. */
async function dashboard(server: TestServer, identifier: string, titles: readonly string[]): Promise<void> {
  const isOne = titles.length === 1;
  const ids = titles.map((_, at) => `line${at}`);
  const rows = Map.groupBy(ids, (_, at) => Math.floor(at / 3));
  await server.post("/v1/pages", {
    ...{ identifier, type: "dashboard", title: identifier },
    widgets: [
      {
        ...{ id: "board", type: "dashboard-widget" },
        layout: [...rows.values()].map((some) => ({
          height: isOne ? 480 : 260,
          columns: some.map((id) => ({ id, size: isOne ? 12 : 4 })),
        })),
        widgets: titles.map((title, at) => ({
          ...{ id: ids[at], type: "line-chart", title, blueprint: "item" },
          ...{ chartType: "countEntities", func: "count", measureTimeBy: "$createdAt" },
          timeInterval: isOne ? "hour" : "day",
          timeRange: { preset: isOne ? "last12Months" : "last3Months" },
          dataset: { combinator: "and", rules: [] },
        })),
      },
    ],
  });
}

/** Charts get as many points as are to be drawn: making that many entities would take longer than everything else. */
export async function answerCharts(context: BrowserContext): Promise<void> {
  await context.route("**/v1/entities/aggregate-over-time", (route) => {
    const isDense = route.request().postData()?.includes('"hour"') === true;
    return route.fulfill({
      json: isDense ? chart(POINTS / LINES, LINES, 3_600_000) : chart(FEW_POINTS, 1, 86_400_000),
    });
  });
}

async function many(
  server: TestServer,
  blueprint: string,
  count: number,
  entityAt: (at: number) => object,
): Promise<void> {
  const starts = Array.from({ length: Math.ceil(count / BATCH) }, (_, at) => at * BATCH);
  const work = async (): Promise<void> => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const from = start;
      const size = Math.min(BATCH, count - from);
      await server.post(`/v1/blueprints/${blueprint}/entities/bulk`, {
        entities: Array.from({ length: size }, (_, at) => entityAt(from + at)),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** As the server answers a chart. */
function chart(times: number, lines: number, step: number): object {
  const start = Date.UTC(2026, 0, 1);
  const keys = Array.from({ length: lines }, (_, at) => `line${at}`);
  const data = Array.from({ length: times }, (_, time) => ({
    date: start + time * step,
    ...Object.fromEntries(keys.map((key, at) => [key, Math.round(50 + 40 * Math.sin(time / 90 + at))])),
  }));
  return {
    ok: true,
    result: {
      ...{ minDate: start, maxDate: start + times * step, data, partial: [] },
      series: keys.map((key) => ({ key, value: key })),
    },
  };
}
