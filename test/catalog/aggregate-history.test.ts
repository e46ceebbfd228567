import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { propertiesHistory } from "../../src/catalog/aggregate-history.ts";
import { putEntity } from "../../src/catalog/put-entity.ts";
import { renameMember } from "../../src/catalog/rename-blueprint.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import { allNumbersFollowed } from "../support/follow-numbers.ts";
import { forgetNumbers } from "../../src/storage/number-history.ts";
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
    await allNumbersFollowed(ctx);
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

  const rows = async (identifier: string): Promise<number> =>
    Number(
      (
        await sql<{
          n: number;
        }>`select count(*) as n from number_history where identifier = ${identifier}`.execute(ctx.db)
      ).rows[0]?.n,
    );
  const set = (time: string, identifier: string, n: number | null): Promise<unknown> =>
    put(at(ctx, time), "gauge", { identifier, properties: { n } });
  const of = async (entityIdentifier: string, now = NOW, rest: object = {}): Promise<unknown[]> => {
    await allNumbersFollowed(ctx);
    return values({ entityIdentifier, ...rest }, now);
  };

  test("§7.3 what never changed needs no row, what changes often one for a quarter of an hour", async () => {
    await set("2024-06-10T00:00:00Z", "still", 4);
    expect(await of("still")).toEqual([null, null, 4, 4, 4, 4, 4, 4]);
    expect(await rows("still")).toBe(0);
    for (let n = 0; n < 30; n++)
      await set(new Date(Date.parse("2024-06-13T10:00:00Z") + n * 60_000).toISOString(), "still", n);
    expect(await of("still")).toEqual([null, null, 4, 4, 4, 29, 29, 29]);
    expect(await rows("still")).toBe(2);
    const hours = { timeInterval: "hour", timeRange: { preset: "yesterday", timeZone: "UTC" } };
    expect(new Set(await of("still", "2024-06-14T01:00:00Z", hours))).toEqual(new Set([4, 29]));
  });

  test("§7.3 follows names of the entity and of the property; whoever had the name before does not count", async () => {
    await set("2024-06-09T00:00:00Z", "new", 70);
    await set("2024-06-09T06:00:00Z", "new", 71);
    await deleteEntity(at(ctx, "2024-06-10T06:00:00Z"), "gauge", "new", { deleteDependents: false });
    await set("2024-06-10T00:00:00Z", "old", 1);
    await set("2024-06-11T00:00:00Z", "old", 2);
    const rename = { present: "merge", createMissing: false } as const;
    await putEntity(
      at(ctx, "2024-06-12T00:00:00Z"),
      { blueprint: "gauge", entity: "old" },
      { identifier: "new" },
      rename,
    );
    await set("2024-06-14T00:00:00Z", "new", 3);
    expect(await of("new")).toEqual([null, null, 1, 2, 2, 2, 3, 3]);
    expect((await refusal(() => of("old"))).code).toBe("not_found");
    const names = { from: "n", to: "amount", field: "name" };
    await renameMember(ctx, "gauge", "property", names);
    await allNumbersFollowed(ctx);
    const { data } = await propertiesHistory(
      ctx,
      history({ entityIdentifier: "new", propertyNames: ["amount"] }),
    );
    expect(data.map((point) => point["amount"] ?? null)).toEqual([null, null, 1, 2, 2, 2, 3, 3]);
    await renameMember(ctx, "gauge", "property", { ...names, from: "amount", to: "n" });
  });

  test("§7.3 one that went and came again has nothing in between", async () => {
    await set("2024-06-09T00:00:00Z", "again", 5);
    await set("2024-06-10T00:00:00Z", "again", 6);
    await deleteEntity(at(ctx, "2024-06-11T00:00:00Z"), "gauge", "again", { deleteDependents: false });
    await set("2024-06-13T00:00:00Z", "again", 7);
    expect(await of("again")).toEqual([null, 5, 6, null, null, 7, 7, 7]);
    // After a restore the change feed is read again from its beginning.
    await sql`update feed_cursor set xid = '0'::xid8, seq = 0 where reader = 'history'`.execute(ctx.db);
    expect(await of("again")).toEqual([null, 5, 6, null, null, 7, 7, 7]);
    expect(await of("new")).toEqual([null, null, 1, 2, 2, 2, 3, 3]);
  });

  test("§7.3 is forgotten after a while: then it begins later, with what was before the first change that is kept", async () => {
    await set("2024-06-09T00:00:00Z", "aging", 1);
    await set("2024-06-10T12:00:00Z", "aging", 2);
    await set("2024-06-13T12:00:00Z", "aging", 3);
    await allNumbersFollowed(ctx);
    const before = new Date("2024-06-12T00:00:00Z");
    while (await forgetNumbers(ctx.db, ctx.org, before, 2));
    expect(await rows("aging")).toBe(1);
    const kept = (Date.parse(NOW) - before.getTime()) / 86_400_000;
    const chart = await propertiesHistory(ctx, history({ entityIdentifier: "aging" }), kept);
    expect(chart.data.map((point) => point["n"] ?? null)).toEqual([null, null, null, null, 2, 3, 3, 3]);
  });

  test("§7.3 mirrors and calculations over them leave no event, and are kept", async () => {
    await define(
      ctx,
      "shows",
      {},
      {
        relations: { of: { target: "gauge" } },
        mirrorProperties: { shown: { path: "of.n" } },
        calculationProperties: { twice: { calculation: ".properties.shown * 2", type: "number" } },
      },
    );
    await set("2024-06-10T00:00:00Z", "source", 1);
    await put(at(ctx, "2024-06-10T00:00:00Z"), "shows", { identifier: "s", relations: { of: "source" } });
    for (const [time, n] of [
      ["2024-06-12T00:00:00Z", 2],
      ["2024-06-14T00:00:00Z", 4],
    ] as const) {
      await set(time, "source", n);
      await settleDerivations(at(ctx, time));
    }
    await allNumbersFollowed(ctx);
    const { data } = await propertiesHistory(ctx, {
      ...history({ entityIdentifier: "s", propertyNames: ["shown", "twice"] }),
      blueprintIdentifier: "shows",
    });
    expect(data.map((point) => [point["shown"] ?? null, point["twice"] ?? null])).toEqual([
      ...[
        [null, null],
        [null, null],
        [1, 2],
        [1, 2],
        [2, 4],
        [2, 4],
        [4, 8],
        [4, 8],
      ],
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
