import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import {
  changeCount,
  changes,
  define,
  EMPTY,
  MERGE,
  NO_RELATIONS,
  OVERRIDE,
  put,
  refusal,
  stage,
} from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
let bp = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());
beforeEach(() => {
  bp = `r${++n}`;
});

describe("§4.3 relations", () => {
  test.each<[object, object]>([
    [{ one: "x" }, { one: "x" }],
    [{ one: ["x"] }, { one: "x" }],
    [{ one: [] }, { one: null }],
    [{ one: [null] }, { one: null }],
    [{ many: "x" }, { many: ["x"] }],
    [{ many: ["z", "x", "z", null] }, { many: ["z", "x"] }],
    [{ many: null }, { many: [] }],
    [{ self: "e" }, { self: "e" }],
  ])("%j is stored as %j", async (relations, expected) => {
    await stage(ctx, bp);
    const { entity } = await put(ctx, bp, { identifier: "e", relations });
    expect(entity.relations).toEqual({ ...NO_RELATIONS, ...expected });
    expect((await getEntity(ctx, bp, "e")).relations).toEqual(entity.relations);
    const rows = await ctx.db
      .selectFrom("entity_relation")
      .select(["relation", "target"])
      .where("blueprint", "=", bp)
      .orderBy("relation")
      .orderBy("position")
      .execute();
    const wanted = Object.entries(expected).flatMap(([relation, value]: [string, unknown]) =>
      [value]
        .flat()
        .filter((target) => target !== null)
        .map((target) => ({ relation, target })),
    );
    expect(rows).toEqual(wanted);
  });

  test.each<[object, string, RegExp]>([
    [{ nope: "x" }, "not_found", /relation with identifier "nope" was not found on blueprint/],
    [
      { one: "missing" },
      "not_found",
      /Entity with identifier "missing" of blueprint ".*" was not found \(relations\.one\)/,
    ],
    [{ one: "" }, "not_found", /identifier ""/],
    [{ one: "a b" }, "not_found", /"a b"/],
    [{ many: ["x", "missing"] }, "not_found", /"missing"/],
    [{ one: ["x", "y"] }, "invalid_request", /relations\.one takes one entity, not 2/],
    [{ one: 5 }, "invalid_request", /relations\.one must hold entity identifiers, not 5/],
    [{ many: [true] }, "invalid_request", /relations\.many must hold entity identifiers, not true/],
  ])("%j is refused", async (relations, code, message) => {
    await stage(ctx, bp);
    const refused = await refusal(() => put(ctx, bp, { identifier: "e", relations }));
    expect(refused).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(await getEntityCount(ctx, bp)).toBe(0);
  });

  test("create_missing_related_entities makes bare entities, with defaults, once", async () => {
    await stage(ctx, bp);
    const options = { ...MERGE, createMissing: true };
    const from = await changeCount(ctx);
    const { entity } = await put(
      ctx,
      bp,
      { identifier: "e", relations: { one: "new", many: ["new", "x", "new2"], self: "other" } },
      options,
    );
    expect(entity.relations).toEqual({ one: "new", many: ["new", "x", "new2"], self: "other" });
    expect(await getEntity(ctx, `${bp}t`, "new")).toMatchObject({ title: null, properties: {} });
    expect((await getEntity(ctx, bp, "other")).properties).toEqual({ ...EMPTY, d: "dflt" });
    expect((await changes(ctx)).slice(from).map((row) => [row.action, row.identifier])).toEqual([
      ["CREATE", "new"],
      ["CREATE", "new2"],
      ["CREATE", "other"],
      ["CREATE", "e"],
    ]);
    const refused = await refusal(() =>
      put(ctx, bp, { identifier: "f", relations: { one: "not valid" } }, options),
    );
    expect(refused.message).toMatch(/relations\.one "not valid" must have/);
  });

  test("required ones must be there after the write", async () => {
    await define(ctx, `${bp}t`);
    await put(ctx, `${bp}t`, { identifier: "x" });
    await define(
      ctx,
      bp,
      { p: { type: "string" } },
      { required: ["p"], relations: { r: { target: `${bp}t`, required: true } } },
    );
    const good = { identifier: "e", properties: { p: "1" }, relations: { r: "x" } };
    await put(ctx, bp, good);
    await put(ctx, bp, { identifier: "e", properties: { p: "2" } });
    for (const [body, options, message] of [
      [{ identifier: "f", properties: { p: "1" } }, MERGE, "relations.r is required"],
      [{ identifier: "f", relations: { r: "x" } }, MERGE, "properties.p is required"],
      [{ identifier: "e", relations: { r: null } }, MERGE, "relations.r is required"],
      [{ identifier: "e", properties: { p: null } }, MERGE, "properties.p is required"],
      [{ identifier: "e", properties: { p: "3" } }, OVERRIDE, "relations.r is required"],
    ] as const)
      expect(await refusal(() => put(ctx, bp, body, options))).toMatchObject({
        code: "invalid_request",
        message: `${message} and has no value`,
      });
  });
});

describe("§4.3 values by search query (decisions 2 and 3)", () => {
  const byTitle = (value: string): object => ({
    combinator: "and",
    rules: [{ property: "$title", operator: "=", value }],
  });

  test("the seed's curl body finds its service by title", async () => {
    await stage(ctx, bp);
    const { entity, warnings } = await put(ctx, bp, { identifier: "e", relations: { one: byTitle("T y") } });
    expect(entity.relations["one"]).toBe("y");
    expect(warnings).toEqual([]);
  });

  test("no match is empty with a warning; on a required relation not_found", async () => {
    await stage(ctx, bp);
    const { entity, warnings } = await put(ctx, bp, {
      identifier: "e",
      relations: { one: byTitle("none"), many: byTitle("none") },
    });
    expect(entity.relations).toEqual(NO_RELATIONS);
    expect(warnings).toEqual(
      ["one", "many"].map((r) => `relations.${r}: the query matches no entity of blueprint "${bp}t"`),
    );
    await define(ctx, `${bp}r`, {}, { relations: { r: { target: `${bp}t`, required: true } } });
    const refused = await refusal(() =>
      put(ctx, `${bp}r`, { identifier: "e", relations: { r: byTitle("none") } }),
    );
    expect(refused).toMatchObject({
      code: "not_found",
      message: expect.stringContaining("relations.r is required") as string,
    });
  });

  test("several matches: all for many, the oldest for single, with a warning that lists the others", async () => {
    await stage(ctx, bp);
    const all = {
      combinator: "and",
      rules: [
        { property: "$title", operator: "beginsWith", value: "t " },
        { property: "$blueprint", operator: "=", value: `${bp}t` },
      ],
    };
    const { entity, warnings } = await put(ctx, bp, { identifier: "e", relations: { one: all, many: all } });
    expect(entity.relations).toEqual({ one: "x", many: ["x", "y", "z"], self: null });
    expect(warnings).toEqual([
      'relations.one: the query matches several entities; "x", the oldest, is taken, not "y", "z"',
    ]);
  });

  test("many relations take at most 100", async () => {
    await stage(ctx, bp);
    for (let i = 0; i < 100; i++) await put(ctx, `${bp}t`, { identifier: `t${i}` });
    const { entity, warnings } = await put(ctx, bp, {
      identifier: "e",
      relations: { many: { combinator: "and", rules: [] } },
    });
    expect(entity.relations["many"]).toHaveLength(100);
    expect(warnings).toEqual([
      "relations.many: the query matches more than 100 entities; the oldest 100 are taken",
    ]);
  });

  test("an identifier query must match exactly one", async () => {
    await stage(ctx, bp);
    for (const [identifier, s] of [
      ["e", "1"],
      ["f", "1"],
      ["g", "2"],
    ])
      await put(ctx, bp, { identifier, properties: { s } });
    const where = (value: string): object => ({
      combinator: "and",
      rules: [{ property: "s", operator: "=", value }],
    });
    expect((await put(ctx, bp, { identifier: where("2"), title: "found" })).entity).toMatchObject({
      identifier: "g",
      title: "found",
    });
    expect(await refusal(() => put(ctx, bp, { identifier: where("3") }))).toMatchObject({
      code: "not_found",
    });
    expect(await refusal(() => put(ctx, bp, { identifier: where("1") }))).toMatchObject({
      code: "invalid_request",
      message: 'identifier: the query must match one entity, but matches "e", "f"',
    });
    expect(await getEntityCount(ctx, bp)).toBe(3);
  });

  test("a team query without teams is empty, with a warning", async () => {
    await stage(ctx, bp, { ownership: { type: "Direct" } });
    const { entity, warnings } = await put(ctx, bp, { identifier: "e", team: byTitle("Team") });
    expect(entity.team).toEqual([]);
    expect(warnings).toEqual(["team: the query matches no team"]);
  });

  test("a bad query names its rule", async () => {
    await stage(ctx, bp);
    const query = { combinator: "and", rules: [{ property: "$title", operator: "is", value: "x" }] };
    expect((await refusal(() => put(ctx, bp, { relations: { one: query } }))).message).toMatch(
      /^relations\.one\.rules\[0\]\.operator "is" is not one of =/,
    );
  });
});
