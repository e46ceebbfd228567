import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aggregateEntities } from "../../src/catalog/aggregate-entities.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { searchInBlueprint } from "../../src/catalog/search-entities.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { define, MERGE, put } from "../catalog/fixture.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
  const text = { type: "string" };
  await define(ctx, "system", {});
  await define(
    ctx,
    "service",
    { language: text, tags: { type: "array" } },
    {
      ownership: { type: "Direct" },
      relations: { system: { target: "system" } },
      calculationProperties: { link: { calculation: '"https://x/\\(.identifier)"', type: "string" } },
    },
  );
  await define(
    ctx,
    "deployment",
    { minutes: { type: "number" } },
    {
      relations: { service: { target: "service" }, others: { target: "service", many: true } },
      mirrorProperties: {
        language: { path: "service.language" },
        link: { path: "service.link" },
        system: { path: "service.system.$title" },
        owners: { path: "service.$team" },
        languages: { path: "others.language" },
        tags: { path: "others.tags" },
        since: { path: "service.$createdAt" },
        lost: { path: "service.nothing" },
      },
      calculationProperties: {
        hours: { calculation: ".properties.minutes / 60", type: "number" },
        label: { calculation: ".identifier + ' in ' + .properties.language", type: "string" },
        wrong: { calculation: ".identifier", type: "number" },
        broken: { calculation: ".identifier |", type: "string" },
      },
    },
  );
  await put(ctx, "system", { identifier: "shop", title: "Shop" });
  await put(ctx, "service", {
    identifier: "cart",
    team: ["a", "b"],
    properties: { language: "Go", tags: ["x", "y"] },
    relations: { system: "shop" },
  });
  await put(ctx, "service", { identifier: "pay", properties: { language: "Rust", tags: ["y"] } });
  await put(ctx, "service", { identifier: "old" });
});
afterAll(() => t.close());

describe("§6.1 §6.2 mirrors and calculations are in the answer of the write itself (decision 9)", () => {
  test("over one and several steps, of metas, of calculations, through many", async () => {
    const { entity } = await put(ctx, "deployment", {
      identifier: "d1",
      properties: { minutes: 90 },
      relations: { service: "cart", others: ["pay", "old", "cart"] },
    });
    expect(entity.properties).toMatchObject({
      language: "Go",
      link: "https://x/cart",
      system: "Shop",
      owners: ["a", "b"],
      languages: ["Rust", "Go"],
      tags: ["y", "x", "y"],
      lost: null,
      hours: 1.5,
      label: "d1 in Go",
      wrong: null,
      broken: null,
    });
    expect(entity.properties["since"]).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect((await getEntity(ctx, "deployment", "d1")).properties).toEqual(entity.properties);
  });

  test("a relation without a target: null, and an empty list through many", async () => {
    const { entity } = await put(ctx, "deployment", { identifier: "d2" });
    expect(entity.properties).toMatchObject({ language: null, owners: null, languages: [], hours: null });
  });

  test("a moved relation", async () => {
    await put(ctx, "deployment", { identifier: "d3", relations: { service: "cart" } });
    const { entity } = await put(ctx, "deployment", { identifier: "d3", relations: { service: "pay" } });
    expect(entity.properties).toMatchObject({ language: "Rust", system: null, label: "d3 in Rust" });
  });

  test("many calculations share what one entity may take", async () => {
    const heavy = { calculation: "[range(100000)] | length", type: "number" };
    const light = (i: number) => [`light${i}`, { calculation: `.identifier + "${i}"`, type: "string" }];
    const calculationsOf = (n: number) => ({
      calculationProperties: { heavy, ...Object.fromEntries(Array.from({ length: n }, (_, i) => light(i))) },
    });
    await define(ctx, "few", {}, calculationsOf(1));
    await define(ctx, "lots", {}, calculationsOf(60));
    const few = await put(ctx, "few", { identifier: "a" });
    expect(few.entity.properties).toMatchObject({ heavy: 100_000, light0: "a0" });
    const lots = await put(ctx, "lots", { identifier: "a" });
    expect(lots.entity.properties).toMatchObject({ heavy: null, light0: "a0", light59: "a59" });
  });

  test("writing one changes nothing", async () => {
    const body = { identifier: "d1", properties: { language: "C", hours: 7 } };
    const { changed, warnings } = await put(ctx, "deployment", body, MERGE);
    expect({ changed, warnings: warnings.length }).toEqual({ changed: false, warnings: 2 });
  });

  test("a definition that changed holds for the next write", async () => {
    await changeBlueprint(ctx, "system", { schema: { properties: { tier: { type: "number" } } } });
    await changeBlueprint(ctx, "deployment", { mirrorProperties: { tier: { path: "service.system.tier" } } });
    await put(ctx, "system", { identifier: "shop", properties: { tier: 1 } });
    const { entity } = await put(ctx, "deployment", { identifier: "d4", relations: { service: "cart" } });
    expect(entity.properties["tier"]).toBe(1);
  });
});

describe("§6.1 searches see derived values", () => {
  const found = async (
    property: string,
    operator: string,
    value?: unknown,
    sort?: unknown,
  ): Promise<string[]> => {
    const rule = { property, operator, ...(value === undefined ? {} : { value }) };
    const { entities } = await searchInBlueprint(ctx, "deployment", {
      query: { combinator: "and", rules: [rule] },
      ...{ include: null, exclude: [], limit: 100, from: null, attachTitles: false, excludeDerived: false },
      ...(sort === undefined ? {} : { sort }),
    });
    return entities.map((entity) => String(entity["identifier"]));
  };

  test.each<[string, string, unknown, string[]]>([
    ["language", "=", "Go", ["d1", "d4"]],
    ["language", "isEmpty", undefined, ["d2"]],
    ["language", "!=", "Go", ["d2", "d3"]],
    ["owners", "contains", "a", ["d1", "d4"]],
    ["languages", "contains", "Rust", ["d1"]],
    ["hours", ">", 1, ["d1"]],
    ["label", "beginsWith", "d3", ["d3"]],
    ["lost", "isEmpty", undefined, ["d1", "d2", "d3", "d4"]],
    ["tier", "=", 1, ["d4"]],
  ])("%s %s %s", async (property, operator, value, expected) => {
    expect(await found(property, operator, value)).toEqual(expected);
  });

  test("in their order", async () => {
    const sort = [{ property: "label", direction: "desc" }];
    expect(await found("$identifier", "isNotEmpty", undefined, sort)).toEqual(["d4", "d3", "d2", "d1"]);
  });

  test("and counted", async () => {
    const query = {
      combinator: "and",
      rules: [{ property: "$blueprint", operator: "=", value: "deployment" }],
    };
    expect(await aggregateEntities(ctx, { func: "sum", property: "hours", query })).toBe(1.5);
    const { values } = (await aggregateEntities(ctx, {
      func: "countValues",
      property: "language",
      query,
    })) as { values: unknown };
    expect(values).toEqual([
      { value: "Go", count: 2 },
      { value: "Rust", count: 1 },
      { value: null, count: 1 },
    ]);
  });
});

test("what a creation shows of others is compared with what they are by then", async () => {
  const text = { type: "string" };
  await define(ctx, "region", { name: text });
  await define(ctx, "place", { name: text }, { relations: { region: { target: "region" } } });
  const mirrorProperties = {
    place: { path: "place.name" },
    region: { path: "place.region.name" },
    missing: { path: "place.nothing" },
  };
  const calculationProperties = {
    both: { calculation: ".properties.place + .properties.region", type: "string" },
  };
  const relations = { place: { target: "place" } };
  await define(ctx, "thing", {}, { relations, mirrorProperties, calculationProperties });
  await put(ctx, "region", { identifier: "r", properties: { name: "r" } });
  await put(ctx, "place", { identifier: "p", properties: { name: "p" }, relations: { region: "r" } });
  await put(ctx, "place", { identifier: "q", relations: {} });
  await settleDerivations(ctx);
  const shown = async (identifier: string) => (await getEntity(ctx, "thing", identifier)).properties;
  for (const [identifier, place] of [
    ["a", "p"],
    ["b", "q"],
    ["c", null],
  ] as const)
    await put(ctx, "thing", { identifier, relations: { place } });
  expect(await shown("a")).toEqual({ place: "p", region: "r", missing: null, both: "pr" });
  // As if the writer had read it before somebody else changed it.
  await sql`update entity set properties = '{"name": "R"}' where blueprint = 'region'`.execute(ctx.db);
  await settleDerivations(ctx);
  expect(await shown("a")).toEqual({ place: "p", region: "R", missing: null, both: "pR" });
  for (const one of ["b", "c"]) expect(await shown(one)).toMatchObject({ place: null, region: null });
});
