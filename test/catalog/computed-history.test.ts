/** Charts of computed numbers: last year on day one, by the times of the events; what was kept since then (§6.3, §7.3). */
import { afterAll, beforeAll, expect, test } from "vitest";
import { propertiesHistory } from "../../src/catalog/aggregate-history.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import { allNumbersFollowed } from "../support/follow-numbers.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { at } from "./aggregate-fixture.ts";
import { define, put } from "./fixture.ts";

const NOW = "2024-06-15T12:00:00.000Z";
let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = at(t.ctx, NOW);
  const over = (func: string, more: object): object => ({
    title: func,
    target: "deployment",
    calculationSpec: { calculationBy: "entities", func, ...more },
  });
  await define(ctx, "service", { n: { type: "number" } });
  await define(
    ctx,
    "deployment",
    { at: { type: "string", format: "date-time" }, ok: { type: "boolean" }, size: { type: "number" } },
    { relations: { service: { target: "service" } } },
  );
  await put(ctx, "service", { identifier: "a", properties: { n: 100 } });
  await put(ctx, "service", { identifier: "b" });
  const deploy = (identifier: string, at: string | null, ok: boolean, service = "a"): Promise<unknown> =>
    put(ctx, "deployment", { identifier, properties: { at, ok, size: 2 }, relations: { service } });
  await deploy("d1", "2024-04-10T00:00:00Z", true);
  await deploy("d2", "2024-04-30T23:59:59.999Z", false);
  await deploy("d3", "2024-05-01T00:00:00Z", true);
  await deploy("d4", "2024-06-10T00:00:00Z", true);
  await deploy("d5", null, true);
  await deploy("d6", "2024-01-10T00:00:00Z", true, "b");
  await changeBlueprint(ctx, "service", {
    aggregationProperties: {
      total: over("count", { measureTimeBy: "at" }),
      good: {
        ...over("count", { measureTimeBy: "at" }),
        query: { combinator: "and", rules: [{ property: "ok", operator: "=", value: true }] },
      },
      monthly: over("average", { averageOf: "month", measureTimeBy: "at" }),
      recent: {
        ...over("count", { measureTimeBy: "at" }),
        query: {
          combinator: "and",
          rules: [{ property: "at", operator: "between", value: { preset: "lastMonth" } }],
        },
      },
      ingested: over("count", {}),
    },
    calculationProperties: {
      rate: { calculation: ".properties.good / .properties.total * .properties.n", type: "number" },
      name: { calculation: ".identifier", type: "string" },
    },
  });
  await settled(ctx);
});
afterAll(() => t.close());

/** Values are computed, and their changes kept. */
async function settled(as: Ctx): Promise<void> {
  await settleDerivations(as);
  await allNumbersFollowed(as);
}

async function monthly(names: readonly string[], now = NOW, entity = "a"): Promise<(number | null)[][]> {
  const { data, series } = await propertiesHistory(at(ctx, now), {
    blueprintIdentifier: "service",
    entityIdentifier: entity,
    propertyNames: names,
    timeInterval: "month",
    timeRange: { preset: "last3Months", timeZone: "UTC" },
  });
  return series.map(({ key }) => data.map((point) => point[key] ?? null));
}

test("the past of aggregations is what had happened by then", async () => {
  // Ends of March, April, May; now. The last bucket is what is kept: the one without a time counts there. Windows are
  // half-open: what happens at the end of April is in none that ends there.
  expect(await monthly(["total", "good", "recent", "ingested"])).toEqual([
    [0, 2, 3, 5],
    [0, 1, 2, 4],
    [0, 1, 0, 1],
    [0, 0, 0, 5],
  ]);
});

test("averages have the periods of their time", async () => {
  // April: two in 21 days. May: three in 52 days, two periods. June: four with a time and one without in 67 days, three.
  expect(await monthly(["monthly"])).toEqual([[null, 2, 1.5, 5 / 3]]);
});

test("calculations follow the aggregations of that time", async () => {
  expect(await monthly(["rate"])).toEqual([[null, 50, (2 / 3) * 100, 80]]);
});

test("what was kept is not worked out again: a deployment that goes leaves its number in the past", async () => {
  const july = "2024-07-20T00:00:00Z";
  await put(at(ctx, july), "deployment", { identifier: "d4", relations: { service: "b" } });
  await settled(at(ctx, july));
  expect((await monthly(["total"], "2024-07-20T01:00:00Z"))[0]).toEqual([2, 3, 5, 4]);
  expect((await monthly(["total"], "2024-07-20T01:00:00Z", "b"))[0]).toEqual([1, 1, 1, 2]);
});

test("what is no number is refused by name", async () => {
  await expect(monthly(["name"])).rejects.toThrow(/"name"/);
});
