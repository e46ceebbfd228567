import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { propertiesHistory } from "../../src/catalog/aggregate-history.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { at, days, NOW } from "./aggregate-fixture.ts";
import { define, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = at(t.ctx, NOW);
});
afterAll(() => t.close());

describe("§7.3 POST /v1/entities/properties-history", () => {
  const history = (rest: object = {}): object => ({
    blueprintIdentifier: "gauge",
    entityIdentifier: "g",
    propertyNames: ["n"],
    timeInterval: "day",
    timeRange: { preset: "lastWeek", timeZone: "UTC" },
    ...rest,
  });
  const values = async (rest: object = {}, now = NOW): Promise<unknown[]> =>
    (await propertiesHistory(at(ctx, now), history(rest))).data.map((point) => point["n"] ?? null);

  beforeAll(async () => {
    await define(ctx, "gauge", { n: { type: "number" }, date: { type: "number" }, s: { type: "string" } });
    const set = (time: string, n: number | null, identifier = "g"): Promise<unknown> =>
      put(at(ctx, time), "gauge", { identifier, properties: { n } });
    await set("2024-06-09T08:00:00Z", 1);
    await set("2024-06-11T08:00:00Z", 5);
    await set("2024-06-11T23:59:59Z", 6);
    await set("2024-06-13T00:00:00Z", null);
    await set("2024-06-14T10:00:00Z", 9);
    await set("2024-06-10T00:00:00Z", 1, "deleted");
    await deleteEntity(at(ctx, "2024-06-12T00:00:00Z"), "gauge", "deleted", { deleteDependents: false });
  });

  test("§7.3 the value at the end of each bucket holds until it changes", async () => {
    const chart = await propertiesHistory(ctx, history());
    expect(chart.data.map(({ date }) => date)).toEqual(days("2024-06-08T00:00:00Z", 8));
    expect(chart.data.map((point) => point["n"] ?? null)).toEqual([null, 1, 1, 6, 6, null, 9, 9]);
    expect(chart.series).toEqual([{ key: "n", value: "n" }]);
    expect(chart).toMatchObject({ minDate: days("2024-06-08T00:00:00Z", 1)[0], maxDate: Date.parse(NOW) });
  });

  test("§7.3 a bucket ends where the next begins, in the time zone", async () => {
    // 11 June 23:59:59 UTC is 12 June in Berlin; 13 June 00:00 UTC is 13 June 02:00.
    expect(await values({ timeRange: { preset: "lastWeek", timeZone: "Europe/Berlin" } })).toEqual([
      null,
      1,
      1,
      5,
      6,
      null,
      9,
      9,
    ]);
  });

  test("§7.3 a range that begins after the last change has its value", async () => {
    expect(await values({ timeRange: { preset: "today" } }, "2024-06-20T12:00:00Z")).toEqual([9]);
  });

  test("§7.3 is kept after the entity is deleted, and has nothing from then on", async () => {
    expect(await values({ entityIdentifier: "deleted" })).toEqual([null, null, 1, 1, null, null, null, null]);
  });

  test("§7.3 several properties, one of them called date", async () => {
    await put(at(ctx, "2024-06-15T01:00:00Z"), "gauge", {
      identifier: "both",
      properties: { n: 1, date: 2 },
    });
    const chart = await propertiesHistory(
      ctx,
      history({ entityIdentifier: "both", propertyNames: ["n", "date"], timeRange: { preset: "today" } }),
    );
    expect(chart.data).toEqual([{ date: Date.parse("2024-06-15T00:00:00Z"), n: 1, date_: 2 }]);
    expect(chart.series).toEqual([
      { key: "n", value: "n" },
      { key: "date_", value: "date" },
    ]);
  });

  test.each<[object, string, RegExp]>([
    [{ entityIdentifier: "nobody" }, "not_found", /Entity with identifier "nobody" was not found/],
    [{ blueprintIdentifier: "nope" }, "not_found", /Blueprint with identifier "nope" was not found/],
    [{ propertyNames: ["s"] }, "invalid_request", /must be a property of type number/],
    [{ propertyNames: [] }, "invalid_request", /^propertyNames must be a list/],
    [{ timeRange: { preset: "x" } }, "invalid_request", /^timeRange\.preset "x"/],
    [{ extra: 1 }, "invalid_request", /^body\.extra is not a key/],
  ])("§7.3 refuses %j", async (rest, code, message) => {
    const refused = await refusal(() => propertiesHistory(ctx, history(rest)));
    expect(refused).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});
