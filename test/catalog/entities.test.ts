import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import { putEntity } from "../../src/catalog/put-entity.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import {
  allEntities,
  changeCount,
  changes,
  CREATE,
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
  bp = `e${++n}`;
});

const PUT = { present: "override", createMissing: false } as const;
const PATCH = { present: "merge", createMissing: false } as const;

const FULL = {
  identifier: "e",
  title: "T",
  icon: "I",
  properties: { s: "S", d: "D", n: 1, l: [1], o: { a: 1 } },
  relations: { one: "x", many: ["y", "x"] },
};

test("§4.1 a created entity has every key: nulls for unset properties, null and [] for unset relations", async () => {
  await stage(ctx, bp);
  const { entity, created, changed, warnings } = await put(ctx, bp, { identifier: "e" }, CREATE);
  expect({ created, changed, warnings }).toEqual({ created: true, changed: true, warnings: [] });
  expect(entity).toEqual({
    identifier: "e",
    title: null,
    icon: null,
    blueprint: bp,
    team: [],
    properties: { ...EMPTY, d: "dflt" },
    relations: NO_RELATIONS,
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    createdBy: "fairway",
    updatedAt: entity.createdAt,
    updatedBy: "fairway",
  });
  expect(await getEntity(ctx, bp, "e")).toEqual(entity);
});

describe("§4.2 §4.4 write modes", () => {
  const patch = { identifier: "e", properties: { s: "S2", n: null }, relations: { one: null } };
  test.each([
    [
      "upsert, override",
      OVERRIDE,
      { title: null, icon: null, properties: { ...EMPTY, s: "S2", d: "dflt" }, relations: NO_RELATIONS },
    ],
    [
      "upsert, merge",
      MERGE,
      {
        title: "T",
        icon: "I",
        properties: { ...FULL.properties, s: "S2", n: null },
        relations: { ...NO_RELATIONS, many: ["y", "x"] },
      },
    ],
  ])("%s", async (_label, options, expected) => {
    await stage(ctx, bp);
    const first = await put(ctx, bp, FULL, options);
    const second = await put(ctx, bp, patch, options);
    expect(second).toMatchObject({ created: false, changed: true, entity: expected });
    expect(second.entity.createdAt).toBe(first.entity.createdAt);
    expect(await getEntity(ctx, bp, "e")).toEqual(second.entity);
  });

  test("PUT resets what is omitted, PATCH keeps it", async () => {
    await stage(ctx, bp);
    await put(ctx, bp, FULL);
    const key = { blueprint: bp, entity: "e" };
    const patched = await putEntity(ctx, key, { title: null, properties: { l: [2, 3] } }, PATCH);
    expect(patched.entity).toMatchObject({
      title: null,
      icon: "I",
      properties: { ...FULL.properties, l: [2, 3] },
    });
    const replaced = await putEntity(ctx, key, { properties: { d: null } }, PUT);
    expect(replaced.entity).toMatchObject({
      title: null,
      icon: null,
      properties: EMPTY,
      relations: NO_RELATIONS,
    });
  });

  test("a null that is given keeps the default away", async () => {
    await stage(ctx, bp);
    expect(
      (await put(ctx, bp, { identifier: "e", properties: { d: null } })).entity.properties["d"],
    ).toBeNull();
  });

  test("without upsert an existing entity is a conflict", async () => {
    await stage(ctx, bp);
    await put(ctx, bp, { identifier: "e" }, CREATE);
    expect(await refusal(() => put(ctx, bp, { identifier: "e" }, CREATE))).toMatchObject({
      code: "conflict",
      message: expect.stringContaining('"e"') as string,
    });
  });

  test("PUT and PATCH of a missing entity are not_found; PATCH takes no other keys", async () => {
    await stage(ctx, bp);
    for (const mode of [PUT, PATCH])
      for (const entity of ["nope", "", "a b", "\u0000"])
        expect((await refusal(() => putEntity(ctx, { blueprint: bp, entity }, {}, mode))).code).toBe(
          "not_found",
        );
    await put(ctx, bp, { identifier: "e" });
    const key = { blueprint: bp, entity: "e" };
    expect((await refusal(() => putEntity(ctx, key, { blueprint: bp }, PATCH))).message).toMatch(
      /"blueprint" is not a key/,
    );
    expect((await putEntity(ctx, key, { blueprint: bp, createdBy: "", identifier: "e" }, PUT)).changed).toBe(
      false,
    );
  });

  test("a missing blueprint is not_found", async () => {
    expect(await refusal(() => put(ctx, "nope", { identifier: "e" }))).toMatchObject({
      code: "not_found",
      message: 'Blueprint with identifier "nope" was not found',
    });
  });

  test("an identifier is generated when there is none", async () => {
    await stage(ctx, bp);
    const { entity, created } = await put(ctx, bp, { title: "x" });
    expect(created).toBe(true);
    expect(entity.identifier).toMatch(/^e_[A-Za-z0-9]{16}$/);
  });
});

describe("§4.9 unchanged writes write nothing", () => {
  test.each([
    ["merge", MERGE],
    ["override", OVERRIDE],
  ])("%s", async (_label, options) => {
    await stage(ctx, bp);
    const first = await put(ctx, bp, FULL, options);
    const before = await changeCount(ctx);
    const again = await put(
      ctx,
      bp,
      { ...FULL, properties: { o: { a: 1 }, l: [1], n: 1, d: "D", s: "S" } },
      options,
    );
    expect(again).toEqual({ ...first, created: false, changed: false });
    expect(await changeCount(ctx)).toBe(before);
    expect(await getEntity(ctx, bp, "e")).toEqual(first.entity);
    if (options === MERGE) {
      expect((await put(ctx, bp, { identifier: "e" }, options)).changed).toBe(false);
      expect((await put(ctx, bp, { identifier: "e", properties: { o: { a: 1 } } }, options)).changed).toBe(
        false,
      );
    }
  });

  test("the order of a list, of a many relation, and a key inside an object are changes", async () => {
    await stage(ctx, bp);
    await put(ctx, bp, { ...FULL, properties: { ...FULL.properties, l: [1, 2] } });
    for (const body of [
      { properties: { l: [2, 1] } },
      { relations: { many: ["x", "y"] } },
      { properties: { o: { a: 1, b: null } } },
    ])
      expect((await put(ctx, bp, { identifier: "e", ...body })).changed).toBe(true);
  });
});

test("§4.9 §8.1 each write leaves one change row with the entity before and after", async () => {
  await stage(ctx, bp);
  const from = await changeCount(ctx);
  const actor = { kind: "machine", id: "client", datasource: "port-ocean/github/1/x/exporter" } as const;
  const machine = { ...ctx, actor };
  const created = await put(machine, bp, { identifier: "e", properties: { n: 1 } });
  const updated = await put(machine, bp, { identifier: "e", properties: { n: 2 } });
  const rows = (await changes(ctx)).slice(from);
  expect(rows).toEqual([
    {
      kind: "entity",
      action: "CREATE",
      blueprint: bp,
      identifier: "e",
      actor: "client",
      before: null,
      after: created.entity,
    },
    {
      kind: "entity",
      action: "UPDATE",
      blueprint: bp,
      identifier: "e",
      actor: "client",
      before: created.entity,
      after: updated.entity,
    },
  ]);
  const row = await ctx.db
    .selectFrom("entity")
    .selectAll()
    .where("blueprint", "=", bp)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ datasource: actor.datasource, created_by: "client", updated_by: "client" });
});

describe("§4.2 §3.8 what is dropped is named in warnings (decisions 1, 11, 21)", () => {
  test("unknown and computed properties", async () => {
    await stage(ctx, bp, {
      mirrorProperties: { m: { path: "one.$title" } },
      calculationProperties: { c: { calculation: ".x", type: "string" } },
    });
    const { entity, warnings } = await put(ctx, bp, {
      identifier: "e",
      properties: { s: "S", nope: 1, "bad key!": 2, m: 3, c: 4, constructor: 5 },
    });
    expect(warnings).toEqual([
      `properties.nope: not a property of blueprint "${bp}", dropped`,
      `properties.bad key!: not a property of blueprint "${bp}", dropped`,
      "properties.m: computed (mirror), dropped",
      "properties.c: computed (calculation), dropped",
      `properties.constructor: not a property of blueprint "${bp}", dropped`,
    ]);
    expect(entity.properties).toEqual({ ...EMPTY, s: "S", d: "dflt", m: null, c: null });
  });

  test("team without direct ownership", async () => {
    await stage(ctx, bp);
    expect(await put(ctx, bp, { identifier: "e", team: "t" })).toMatchObject({
      entity: { team: [] },
      warnings: [`team: blueprint "${bp}" has no ownership, dropped`],
    });
    expect((await put(ctx, bp, { identifier: "e", team: [] })).warnings).toEqual([]);
    await define(
      ctx,
      `${bp}i`,
      {},
      { ownership: { type: "Inherited", path: "one" }, relations: { one: { target: bp } } },
    );
    expect((await put(ctx, `${bp}i`, { identifier: "e", team: ["t"] })).warnings).toEqual([
      `team: inherited on blueprint "${bp}i", dropped`,
    ]);
  });
});

describe("§3.8 §4.1 team with direct ownership", () => {
  test.each<[unknown, string[]]>([
    ["a", ["a"]],
    [
      ["b", "a", "b"],
      ["b", "a"],
    ],
    [null, []],
    [[], []],
    ["", []],
  ])("%j", async (team, expected) => {
    await stage(ctx, bp, { ownership: { type: "Direct" } });
    await put(ctx, bp, { identifier: "e", team: ["old"] });
    const { entity } = await put(ctx, bp, { identifier: "e", team });
    expect(entity.team).toEqual(expected);
    expect((await getEntity(ctx, bp, "e")).team).toEqual(expected);
  });

  test("$team among the properties is the same", async () => {
    await stage(ctx, bp, { ownership: { type: "Direct" } });
    expect((await put(ctx, bp, { identifier: "e", properties: { $team: ["a"] } })).entity.team).toEqual([
      "a",
    ]);
    expect((await put(ctx, bp, { identifier: "e", title: "x" })).entity.team).toEqual(["a"]);
  });

  test.each([5, [5], [["a"]]])("%j is refused", async (team) => {
    await stage(ctx, bp, { ownership: { type: "Direct" } });
    expect((await refusal(() => put(ctx, bp, { identifier: "e", team }))).code).toBe("invalid_request");
  });
});

test("§4.2 validation_only checks everything and writes nothing", async () => {
  await stage(ctx, bp);
  const only = { ...MERGE, validationOnly: true, createMissing: true };
  const from = await changeCount(ctx);
  const { created, entity } = await put(ctx, bp, { identifier: "e", relations: { one: "new" } }, only);
  expect(created).toBe(true);
  expect(entity.relations["one"]).toBe("new");
  expect((await refusal(() => put(ctx, bp, { identifier: "e", properties: { n: "x" } }, only))).code).toBe(
    "invalid_request",
  );
  expect(await changeCount(ctx)).toBe(from);
  expect(await allEntities(ctx, bp)).toEqual([]);
});

test.each<[unknown, RegExp]>([
  [null, /the entity must be an object, not null/],
  [[], /the entity must be an object, not array/],
  [{ identifier: 5 }, /identifier must be a string, not number/],
  [{ identifier: "a b" }, /identifier "a b" must have/],
  [{ identifier: "e", title: 5 }, /title must be a string or null, not number/],
  [{ identifier: "e", icon: {} }, /icon must be a string or null, not object/],
  [{ identifier: "e", properties: [] }, /properties must be an object, not array/],
  [{ identifier: "e", relations: "x" }, /relations must be an object, not string/],
])("§4.2 body %j is refused", async (body, message) => {
  await stage(ctx, bp);
  expect(await refusal(() => put(ctx, bp, body))).toMatchObject({
    code: "invalid_request",
    message: expect.stringMatching(message) as string,
  });
});

test("§4.7 reads: one, all in order of age, count; what is not there is not_found", async () => {
  await stage(ctx, bp);
  for (const identifier of ["b", "a", "c"]) await put(ctx, bp, { identifier });
  expect((await allEntities(ctx, bp)).map((entity) => entity.identifier)).toEqual(
    [...(await allEntities(ctx, bp))]
      .sort((a, b) => (a.createdAt + a.identifier < b.createdAt + b.identifier ? -1 : 1))
      .map((e) => e.identifier),
  );
  expect(await getEntityCount(ctx, bp)).toBe(3);
  for (const identifier of ["nope", "\u0000", "a b", ""])
    expect((await refusal(() => getEntity(ctx, bp, identifier))).code).toBe("not_found");
  expect((await refusal(() => allEntities(ctx, "no\u0000"))).code).toBe("not_found");
  expect((await refusal(() => getEntityCount(ctx, "nope"))).code).toBe("not_found");
});

test("§2.3 identifiers of every legal kind are stored and found", async () => {
  await stage(ctx, bp);
  for (const identifier of [
    "a/b",
    String.raw`a\b`,
    "Größe",
    "日本語",
    "x=1",
    "a:b+c@d.e",
    "x".repeat(1000),
    "日".repeat(333),
  ]) {
    await put(ctx, bp, { identifier, relations: { self: identifier } });
    expect((await getEntity(ctx, bp, identifier)).relations["self"]).toBe(identifier);
  }
});
