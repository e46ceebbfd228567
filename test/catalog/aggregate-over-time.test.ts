import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aggregateOverTime } from "../../src/catalog/aggregate-over-time.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { at, countedCatalog, days, NOW, query } from "./aggregate-fixture.ts";
import { define, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = at(t.ctx, NOW);
  await countedCatalog(ctx);
});
afterAll(() => t.close());

const overTime = (rest: object): object => ({
  blueprint: "deploy",
  timeRange: { preset: "lastWeek" },
  timeInterval: "day",
  query: query(),
  measureTimeBy: "at",
  aggregationType: "countEntities",
  func: "count",
  ...rest,
});
describe("§7.2 POST /v1/entities/aggregate-over-time", () => {
  test("§7.2 counts by day; every bucket is there, the range cuts the first and the last", async () => {
    const chart = await aggregateOverTime(ctx, overTime({}));
    const dates = days("2024-06-08T00:00:00Z", 8);
    expect(chart).toEqual({
      minDate: dates[0],
      maxDate: Date.parse(NOW),
      data: dates.map((date, i) => ({ date, count: [0, 0, 1, 0, 0, 0, 2, 0][i] })),
      series: [{ key: "count", value: null }],
      partial: [dates[0], dates[7]],
    });
  });

  test("§7.2 days are those of timeRange.timeZone", async () => {
    const chart = await aggregateOverTime(
      ctx,
      overTime({ timeRange: { preset: "lastWeek", timeZone: "Europe/Berlin" } }),
    );
    const dates = days("2024-06-07T22:00:00Z", 8);
    expect(chart.data).toEqual(dates.map((date, i) => ({ date, count: [0, 0, 0, 1, 0, 0, 2, 0][i] })));
  });

  test("§7.2 an average of entities is the count by 60, 24, 7, 30, 90", async () => {
    for (const [timeInterval, divisor] of [
      ["hour", 60],
      ["day", 24],
      ["isoWeek", 7],
      ["month", 30],
      ["quarter", 90],
    ] as const) {
      const chart = await aggregateOverTime(ctx, overTime({ timeInterval, func: "average" }));
      const sum = chart.data.reduce((total, point) => total + (point["count"] ?? 0), 0);
      expect(sum).toBeCloseTo(3 / divisor, 10);
    }
  });

  test.each<[string, string, string[]]>([
    [
      "today",
      "hour",
      Array.from({ length: 24 }, (_, i) => `2024-06-15T${String(i).padStart(2, "0")}:00:00Z`),
    ],
    ["yesterday", "day", ["2024-06-14T00:00:00Z"]],
    ["lastDay", "day", ["2024-06-14T00:00:00Z", "2024-06-15T00:00:00Z"]],
    ["last2Weeks", "isoWeek", ["2024-05-27T00:00:00Z", "2024-06-03T00:00:00Z", "2024-06-10T00:00:00Z"]],
    [
      "last3Months",
      "month",
      ["2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z", "2024-05-01T00:00:00Z", "2024-06-01T00:00:00Z"],
    ],
    ["lastMonth", "quarter", ["2024-04-01T00:00:00Z"]],
    [
      "last2Years",
      "quarter",
      [
        "2022-04-01T00:00:00Z",
        "2022-07-01T00:00:00Z",
        "2022-10-01T00:00:00Z",
        "2023-01-01T00:00:00Z",
        "2023-04-01T00:00:00Z",
        "2023-07-01T00:00:00Z",
        "2023-10-01T00:00:00Z",
        "2024-01-01T00:00:00Z",
        "2024-04-01T00:00:00Z",
      ],
    ],
  ])("§7.2 preset %s in intervals of %s", async (preset, timeInterval, expected) => {
    const chart = await aggregateOverTime(ctx, overTime({ timeRange: { preset }, timeInterval }));
    expect(chart.data.map(({ date }) => date)).toEqual(expected.map((text) => Date.parse(text)));
  });

  test("§7.2 an hour that the clock shows twice, and one that it skips", async () => {
    const autumn = await aggregateOverTime(
      at(ctx, "2024-10-27T12:00:00Z"),
      overTime({ timeRange: { preset: "today", timeZone: "Europe/Berlin" }, timeInterval: "hour" }),
    );
    expect(autumn.data).toHaveLength(25);
    const spring = await aggregateOverTime(
      at(ctx, "2024-03-31T12:00:00Z"),
      overTime({ timeRange: { preset: "today", timeZone: "Europe/Berlin" }, timeInterval: "hour" }),
    );
    expect(spring.data).toHaveLength(23);
    const half = await aggregateOverTime(
      at(ctx, "2024-06-15T12:00:00Z"),
      overTime({ timeRange: { preset: "lastDay", timeZone: "Asia/Kolkata" }, timeInterval: "hour" }),
    );
    expect(half.minDate).toBe(Date.parse("2024-06-14T11:30:00Z"));
  });

  test.each<[string, object[]]>([
    [
      "sum",
      [
        { minutes: 10, cost: 1 },
        { minutes: 80, cost: 5 },
      ],
    ],
    [
      "average",
      [
        { minutes: 10, cost: 1 },
        { minutes: 40, cost: 5 },
      ],
    ],
    [
      "min",
      [
        { minutes: 10, cost: 1 },
        { minutes: 20, cost: 5 },
      ],
    ],
    [
      "max",
      [
        { minutes: 10, cost: 1 },
        { minutes: 60, cost: 5 },
      ],
    ],
    [
      "median",
      [
        { minutes: 10, cost: 1 },
        { minutes: 40, cost: 5 },
      ],
    ],
    [
      "last",
      [
        { minutes: 10, cost: 1 },
        { minutes: 60, cost: 5 },
      ],
    ],
  ])("§7.2 %s of properties", async (func, expected) => {
    const chart = await aggregateOverTime(
      ctx,
      overTime({ aggregationType: "aggregatePropertiesValues", func, properties: ["minutes", "cost"] }),
    );
    const filled = chart.data
      .filter((point) => (point["minutes"] ?? 0) > 0)
      .map(({ date: _date, ...values }) => values);
    expect(filled).toEqual(expected);
    // Sums of nothing are 0; of nothing there is no average, least, greatest or last.
    expect(chart.data[1]).toEqual(
      func === "sum" ? { date: chart.data[1]?.date, minutes: 0, cost: 0 } : { date: chart.data[1]?.date },
    );
    expect(chart.series).toEqual([
      { key: "minutes", value: "minutes" },
      { key: "cost", value: "cost" },
    ]);
  });

  test("§7.2 a breakdown has a line for each value; one called date does not hide the date", async () => {
    const chart = await aggregateOverTime(
      ctx,
      overTime({
        measureTimeBy: "$createdAt",
        breakdownProperty: "env",
        timeRange: { preset: "lastMonth" },
        timeInterval: "month",
      }),
    );
    expect(chart.data).toEqual([
      { date: Date.parse("2024-05-01T00:00:00Z"), prod: 0, test: 0, date_: 0 },
      { date: Date.parse("2024-06-01T00:00:00Z"), prod: 2, test: 1, date_: 1 },
    ]);
    expect(chart.series).toEqual(
      expect.arrayContaining([
        { key: "date_", value: "date" },
        { key: "prod", value: "prod" },
        { key: "test", value: "test" },
      ]),
    );
  });

  test("§7.2 at most ten lines, the rest is Other; without a value is a line too", async () => {
    await define(ctx, "many", { v: { type: "string" } });
    for (let i = 0; i < 15; i++)
      for (let n = 0; n <= (i < 12 ? 1 : 0); n++)
        await put(ctx, "many", {
          identifier: `m${i}-${n}`,
          properties: i === 0 ? {} : { v: i === 1 ? "Other" : `v${i}` },
        });
    const chart = await aggregateOverTime(
      at(ctx, "2024-06-15T13:00:00Z"),
      overTime({
        blueprint: "many",
        measureTimeBy: "$createdAt",
        breakdownProperty: "v",
        timeRange: { preset: "today" },
      }),
    );
    expect(chart.series).toHaveLength(11);
    const [point] = chart.data;
    const total = Object.entries(point ?? {}).reduce((sum, [key, n]) => (key === "date" ? sum : sum + n), 0);
    expect(total).toBe(27);
    expect(chart.series).toContainEqual({ key: "Other", value: "Other" });
    const other = chart.series.find((line) => line.other === true);
    expect(other).toEqual({ key: "Other_", value: null, other: true });
    expect(point?.["Other_"]).toBe(27 - 20);
  });

  test("§7.2 the query narrows, and only the range counts", async () => {
    const chart = await aggregateOverTime(
      ctx,
      overTime({
        query: query({ property: "env", operator: "=", value: "prod" }),
        timeRange: { preset: "lastDay" },
      }),
    );
    expect(chart.data.map((point) => point["count"])).toEqual([0, 0]);
  });

  test.each<[object, string, RegExp]>([
    [{ blueprint: "nope" }, "not_found", /Blueprint with identifier "nope" was not found/],
    [
      { timeRange: { preset: "lastCentury" } },
      "invalid_request",
      /^timeRange\.preset "lastCentury" is not one of today/,
    ],
    [{ timeRange: { preset: "nextWeek" } }, "invalid_request", /^timeRange\.preset "nextWeek" is not one of/],
    [
      { timeRange: { preset: "today", timeZone: "Mars" } },
      "invalid_request",
      /^timeRange\.timeZone "Mars" is not a time zone/,
    ],
    [{ timeInterval: "week" }, "invalid_request", /^timeInterval "week" is not one of hour, day, isoWeek/],
    [{ timeRange: { preset: "last3Years" }, timeInterval: "day" }, "invalid_request", /must be quarter/],
    [{ measureTimeBy: "minutes" }, "invalid_request", /^measureTimeBy "minutes" must be/],
    [{ measureTimeBy: "$team" }, "invalid_request", /^measureTimeBy "\$team" must be/],
    [{ aggregationType: "x" }, "invalid_request", /^aggregationType "x" is not one of/],
    [{ func: "sum" }, "invalid_request", /^func "sum" is not one of count, average/],
    [{ breakdownProperty: "o" }, "invalid_request", /^breakdownProperty "o" must be/],
    [
      { aggregationType: "aggregatePropertiesValues", func: "sum", properties: [] },
      "invalid_request",
      /^properties must be a list of 1 or more/,
    ],
    [
      { aggregationType: "aggregatePropertiesValues", func: "sum", properties: ["env"] },
      "invalid_request",
      /^property "env" must be a property of type number/,
    ],
    [
      {
        aggregationType: "aggregatePropertiesValues",
        func: "sum",
        properties: Array.from({ length: 11 }, (_, i) => `p${i}`),
      },
      "invalid_request",
      /more than 10 properties/,
    ],
  ])("§7.2 refuses %j", async (rest, code, message) => {
    const refused = await refusal(() => aggregateOverTime(ctx, overTime(rest)));
    expect(refused).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});
