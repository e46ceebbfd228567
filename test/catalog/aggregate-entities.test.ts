import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aggregateEntities } from "../../src/catalog/aggregate-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { at, countedCatalog, NOW, query } from "./aggregate-fixture.ts";
import { refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = at(t.ctx, NOW);
  await countedCatalog(ctx);
});
afterAll(() => t.close());

const deploys = query({ property: "$blueprint", operator: "=", value: "deploy" });
const within = (preset: string) =>
  query(
    { property: "$blueprint", operator: "=", value: "deploy" },
    { combinator: "and", rules: [{ property: "at", operator: "between", value: { preset } }] },
  );
const none = query({ property: "$identifier", operator: "=", value: "nobody" });
const empty = query(
  { property: "$blueprint", operator: "=", value: "deploy" },
  { property: "$identifier", operator: "=", value: "nobody" },
);

describe("§7.1 POST /v1/entities/aggregate", () => {
  test.each<[string, object, unknown]>([
    ["§7.1 count", { func: "count", query: deploys }, 4],
    ["§7.1 count over every blueprint", { func: "count", query: query() }, 7],
    [
      "§7.1 count ignores what belongs to averages (decision 5)",
      { func: "count", averageOf: "hour", measureTimeBy: "at", calculationBy: "entities", query: deploys },
      4,
    ],
    ["§7.1 count over nothing is 0 (decision 8)", { func: "count", query: none }, 0],
    ["§7.1 sum", { func: "sum", property: "minutes", query: deploys }, 90],
    [
      "§7.1 sum over blueprints that have the property",
      { func: "sum", property: "minutes", query: query() },
      1090,
    ],
    ["§7.1 sum over nothing is 0 (decision 8)", { func: "sum", property: "minutes", query: empty }, 0],
    ["§7.1 min", { func: "min", property: "minutes", query: deploys }, 10],
    ["§7.1 max", { func: "max", property: "minutes", query: deploys }, 60],
    ["§7.1 median", { func: "median", property: "minutes", query: deploys }, 20],
    ["§7.1 median of two", { func: "median", property: "cost", query: deploys }, 3],
    ["§7.1 min over nothing is null (decision 8)", { func: "min", property: "minutes", query: empty }, null],
    [
      "§7.1 average of a property, total by default: nulls do not take part",
      { func: "average", property: "minutes", query: deploys },
      30,
    ],
    [
      "§7.1 average of a property, total",
      { func: "average", property: "minutes", averageOf: "total", calculationBy: "property", query: deploys },
      30,
    ],
    // 15 June 12:00 minus 10 June 22:30 = 4 days 13.5 hours: 5 days, 110 hours, 1 week
    [
      "§7.1 average of a property by day, from the earliest to now, rounded up (decision 7)",
      { func: "average", property: "minutes", averageOf: "day", measureTimeBy: "at", query: deploys },
      90 / 5,
    ],
    [
      "§7.1 average of a property by hour",
      { func: "average", property: "minutes", averageOf: "hour", measureTimeBy: "at", query: deploys },
      90 / 110,
    ],
    [
      "§7.1 average of a property by week",
      { func: "average", property: "minutes", averageOf: "week", measureTimeBy: "at", query: deploys },
      90,
    ],
    [
      "§7.1 average measured by $createdAt by default: 14.5 days",
      { func: "average", property: "minutes", averageOf: "day", query: deploys },
      90 / 15,
    ],
    ["§7.1 average number of entities by day (default)", { func: "average", query: deploys }, 4 / 15],
    [
      "§7.1 average number of entities by month of 30 days",
      { func: "average", averageOf: "month", query: deploys },
      4,
    ],
    [
      "an average over a window that the query asks for: since the earliest in it, as without one",
      { func: "average", averageOf: "day", measureTimeBy: "at", query: within("last2Weeks") },
      3 / 5,
    ],
    ["§7.1 average number of entities, total", { func: "average", averageOf: "total", query: deploys }, 4],
    [
      "§7.1 average over nothing is null (decision 8)",
      { func: "average", averageOf: "day", query: empty },
      null,
    ],
    [
      "§7.1 average of a property over nothing is null",
      { func: "average", property: "cost", query: empty },
      null,
    ],
    [
      "§7.1 countValues of text",
      { func: "countValues", property: "env", query: deploys },
      [
        ["prod", 2],
        ["date", 1],
        ["test", 1],
      ],
    ],
    [
      "§7.1 countValues of lists counts elements; empty lists and nulls as null",
      { func: "countValues", property: "labels", query: deploys },
      [
        ["a", 2],
        [null, 2],
        ["b", 1],
      ],
    ],
    [
      "§7.1 countValues of booleans",
      { func: "countValues", property: "ok", query: deploys },
      [
        [null, 2],
        [false, 1],
        [true, 1],
      ],
    ],
    [
      "§7.1 countValues over blueprints with several types",
      { func: "countValues", property: "env", query: query() },
      [
        ["prod", 2],
        ["date", 1],
        ["test", 1],
        [1, 1],
      ],
    ],
    [
      "§7.1 countValues of a meta property",
      { func: "countValues", property: "$team", query: deploys },
      [
        ["red", 2],
        [null, 2],
        ["blue", 1],
      ],
    ],
    [
      "§7.1 countValues of a relation",
      { func: "countValues", relation: "service", query: deploys },
      [
        ["s1", 2],
        ["s2", 1],
        [null, 1],
      ],
    ],
    [
      "§7.1 countValues of a many relation",
      { func: "countValues", relation: "seen", query: deploys },
      [
        [null, 3],
        ["s1", 1],
        ["s2", 1],
      ],
    ],
  ])("%s", async (_name, body, expected) => {
    const result = await aggregateEntities(ctx, body);
    if (typeof result !== "object" || result === null) return expect(result).toEqual(expected);
    const sorted = (list: unknown): unknown[] =>
      [...(list as [unknown, number][])].sort(
        (a, b) => b[1] - a[1] || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1),
      );
    expect(result.other).toEqual({ values: 0, count: 0 });
    expect(sorted(result.values.map(({ value, count }) => [value, count]))).toEqual(sorted(expected));
    const counts = result.values.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });

  test.each<[object, RegExp]>([
    [{ func: "mode", query: deploys }, /^func "mode" is not one of count, average/],
    [
      { func: "sum", query: deploys },
      /^func "sum" is not one of count, average, countValues \(by entities\)/,
    ],
    [{ func: "count", property: "minutes", query: deploys }, /^func "count" is not one of sum, average/],
    [
      { func: "sum", property: "env", query: deploys },
      /^property "env" is not a property of type number of "deploy"/,
    ],
    [{ func: "sum", property: "nope", query: deploys }, /^property "nope" is not a property of type number/],
    [{ func: "countValues", query: deploys }, /takes one of property, relation, scorecard/],
    [
      { func: "countValues", property: "env", relation: "service", query: deploys },
      /takes one of property, relation/,
    ],
    [
      { func: "countValues", property: "o", query: deploys },
      /^property "o" is not a property of "deploy" whose values/,
    ],
    [
      { func: "countValues", relation: "nope", query: deploys },
      /^relation "nope" is not a relation of "deploy"/,
    ],
    [
      { func: "countValues", scorecard: "x", query: deploys },
      /^scorecard "x" is not a scorecard of "deploy"/,
    ],
    [
      { func: "average", averageOf: "year", query: deploys },
      /^averageOf "year" is not one of hour, day, week, month, total/,
    ],
    [{ func: "count", query: deploys, extra: 1 }, /^body\.extra is not a key/],
    [{ func: "count" }, /^query must be an object with combinator and rules/],
  ])("§7.1 refuses %j", async (body, message) => {
    const refused = await refusal(() => aggregateEntities(ctx, body));
    expect(refused).toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(message) as string,
    });
  });
});
