/** What the pages are measured on: a table of 100,000 rows, a graph of 2,000 nodes, a chart of 50,000 points. */
import type { TestServer } from "../test/e2e/support/server.ts";

/** Fewer for a try of the benchmark itself. */
export const ROWS = Number(process.env["BENCH_WEB_ROWS"] ?? 100_000);
export const NODES = 2000;
export const POINTS = 50_000;
const BATCH = 500;
const AT_ONCE = 4;
const HUBS = 20;
const LINES = 10;

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
  await server.post("/v1/pages", {
    identifier: "dense",
    type: "dashboard",
    title: "Dense",
    widgets: [
      {
        id: "board",
        type: "dashboard-widget",
        layout: [{ height: 480, columns: [{ id: "line", size: 12 }] }],
        widgets: [
          {
            ...{ id: "line", type: "line-chart", title: "Points", blueprint: "item" },
            ...{ chartType: "countEntities", func: "count", measureTimeBy: "$createdAt" },
            ...{ timeInterval: "hour", timeRange: { preset: "last12Months" } },
            dataset: { combinator: "and", rules: [] },
          },
        ],
      },
    ],
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

/** As the server answers a chart: ten lines over as many hours as make up the points. */
export function denseChart(): object {
  const hours = POINTS / LINES;
  const start = Date.UTC(2026, 0, 1);
  const keys = Array.from({ length: LINES }, (_, at) => `line${at}`);
  const data = Array.from({ length: hours }, (_, hour) => ({
    date: start + hour * 3_600_000,
    ...Object.fromEntries(keys.map((key, at) => [key, Math.round(50 + 40 * Math.sin(hour / 90 + at))])),
  }));
  return {
    ok: true,
    result: {
      ...{ minDate: start, maxDate: start + hours * 3_600_000, data, partial: [] },
      series: keys.map((key) => ({ key, value: key })),
    },
  };
}
