import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getEntities, getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import { putEntity } from "../../src/catalog/upsert-entity.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { changeCount, changes, CREATE, define, MERGE, OVERRIDE, put, refusal } from "./fixture.ts";

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

/** Blueprint with one of everything, its target `<bp>t` with entities x, y, z. */
async function stage(rest: object = {}): Promise<void> {
  await define(ctx, `${bp}t`);
  for (const identifier of ["x", "y", "z"])
    await put(ctx, `${bp}t`, { identifier, title: `T ${identifier}` });
  await define(
    ctx,
    bp,
    {
      s: { type: "string" },
      d: { type: "string", default: "dflt" },
      n: { type: "number" },
      l: { type: "array" },
      o: { type: "object" },
    },
    {
      relations: { one: { target: `${bp}t` }, many: { target: `${bp}t`, many: true }, self: { target: bp } },
      ...rest,
    },
  );
}

const EMPTY = { s: null, d: null, n: null, l: null, o: null };
const NO_RELATIONS = { one: null, many: [], self: null };
const FULL = {
  identifier: "e",
  title: "T",
  icon: "I",
  properties: { s: "S", d: "D", n: 1, l: [1], o: { a: 1 } },
  relations: { one: "x", many: ["y", "x"] },
};

test("a created entity has every key: nulls for unset properties, null and [] for unset relations (§4.1)", async () => {
  await stage();
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

describe("write modes (§4.2, §4.4)", () => {
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
    await stage();
    const first = await put(ctx, bp, FULL, options);
    const second = await put(ctx, bp, patch, options);
    expect(second).toMatchObject({ created: false, changed: true, entity: expected });
    expect(second.entity.createdAt).toBe(first.entity.createdAt);
    expect(await getEntity(ctx, bp, "e")).toEqual(second.entity);
  });

  test("PUT resets what is omitted, PATCH keeps it", async () => {
    await stage();
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
    await stage();
    expect(
      (await put(ctx, bp, { identifier: "e", properties: { d: null } })).entity.properties["d"],
    ).toBeNull();
  });

  test("without upsert an existing entity is a conflict", async () => {
    await stage();
    await put(ctx, bp, { identifier: "e" }, CREATE);
    expect(await refusal(() => put(ctx, bp, { identifier: "e" }, CREATE))).toMatchObject({
      code: "conflict",
      message: expect.stringContaining('"e"') as string,
    });
  });

  test("PUT and PATCH of a missing entity are not_found; PATCH takes no other keys; renames are refused for now", async () => {
    await stage();
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
    expect((await refusal(() => putEntity(ctx, key, { identifier: "f" }, PUT))).message).toMatch(
      /renaming the entity "e"/,
    );
  });

  test("a missing blueprint is not_found", async () => {
    expect(await refusal(() => put(ctx, "nope", { identifier: "e" }))).toMatchObject({
      code: "not_found",
      message: 'Blueprint with identifier "nope" was not found',
    });
  });

  test("an identifier is generated when there is none", async () => {
    await stage();
    const { entity, created } = await put(ctx, bp, { title: "x" });
    expect(created).toBe(true);
    expect(entity.identifier).toMatch(/^e_[A-Za-z0-9]{16}$/);
  });
});

describe("unchanged writes write nothing", () => {
  test.each([
    ["merge", MERGE],
    ["override", OVERRIDE],
  ])("%s", async (_label, options) => {
    await stage();
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
    await stage();
    await put(ctx, bp, { ...FULL, properties: { ...FULL.properties, l: [1, 2] } });
    for (const body of [
      { properties: { l: [2, 1] } },
      { relations: { many: ["x", "y"] } },
      { properties: { o: { a: 1, b: null } } },
    ])
      expect((await put(ctx, bp, { identifier: "e", ...body })).changed).toBe(true);
  });
});

test("each write leaves one change row with the entity before and after", async () => {
  await stage();
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

describe("what is dropped is named in warnings (decisions 1, 11, 21)", () => {
  test("unknown and computed properties", async () => {
    await stage({
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
    await stage();
    expect(await put(ctx, bp, { identifier: "e", team: "t" })).toMatchObject({
      entity: { team: [] },
      warnings: [`team: blueprint "${bp}" has no ownership, dropped`],
    });
    expect((await put(ctx, bp, { identifier: "e", team: [] })).warnings).toEqual([]);
    await define(ctx, `${bp}i`, {}, { ownership: { type: "Inherited", path: "one" } });
    expect((await put(ctx, `${bp}i`, { identifier: "e", team: ["t"] })).warnings).toEqual([
      `team: inherited on blueprint "${bp}i", dropped`,
    ]);
  });
});

describe("team with direct ownership", () => {
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
    await stage({ ownership: { type: "Direct" } });
    await put(ctx, bp, { identifier: "e", team: ["old"] });
    const { entity } = await put(ctx, bp, { identifier: "e", team });
    expect(entity.team).toEqual(expected);
    expect((await getEntity(ctx, bp, "e")).team).toEqual(expected);
  });

  test("$team among the properties is the same", async () => {
    await stage({ ownership: { type: "Direct" } });
    expect((await put(ctx, bp, { identifier: "e", properties: { $team: ["a"] } })).entity.team).toEqual([
      "a",
    ]);
    expect((await put(ctx, bp, { identifier: "e", title: "x" })).entity.team).toEqual(["a"]);
  });

  test.each([5, [5], [["a"]]])("%j is refused", async (team) => {
    await stage({ ownership: { type: "Direct" } });
    expect((await refusal(() => put(ctx, bp, { identifier: "e", team }))).code).toBe("invalid_request");
  });
});

describe("relations", () => {
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
    await stage();
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
    await stage();
    const refused = await refusal(() => put(ctx, bp, { identifier: "e", relations }));
    expect(refused).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(await getEntityCount(ctx, bp)).toBe(0);
  });

  test("create_missing_related_entities makes bare entities, with defaults, once", async () => {
    await stage();
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

describe("values by search query (§4.3, decisions 2 and 3)", () => {
  const byTitle = (value: string): object => ({
    combinator: "and",
    rules: [{ property: "$title", operator: "=", value }],
  });

  test("the seed's curl body finds its service by title", async () => {
    await stage();
    const { entity, warnings } = await put(ctx, bp, { identifier: "e", relations: { one: byTitle("T y") } });
    expect(entity.relations["one"]).toBe("y");
    expect(warnings).toEqual([]);
  });

  test("no match is empty with a warning; on a required relation not_found", async () => {
    await stage();
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
    await stage();
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
    await stage();
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
    await stage();
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
    await stage({ ownership: { type: "Direct" } });
    const { entity, warnings } = await put(ctx, bp, { identifier: "e", team: byTitle("Team") });
    expect(entity.team).toEqual([]);
    expect(warnings).toEqual(["team: the query matches no team"]);
  });

  test("a bad query names its rule", async () => {
    await stage();
    const query = { combinator: "and", rules: [{ property: "$title", operator: "is", value: "x" }] };
    expect((await refusal(() => put(ctx, bp, { relations: { one: query } }))).message).toMatch(
      /^relations\.one\.rules\[0\]\.operator "is" is not one of =/,
    );
  });
});

test("validation_only checks everything and writes nothing", async () => {
  await stage();
  const only = { ...MERGE, validationOnly: true, createMissing: true };
  const from = await changeCount(ctx);
  const { created, entity } = await put(ctx, bp, { identifier: "e", relations: { one: "new" } }, only);
  expect(created).toBe(true);
  expect(entity.relations["one"]).toBe("new");
  expect((await refusal(() => put(ctx, bp, { identifier: "e", properties: { n: "x" } }, only))).code).toBe(
    "invalid_request",
  );
  expect(await changeCount(ctx)).toBe(from);
  expect(await getEntities(ctx, bp)).toEqual([]);
});

describe("values against the definition (§3.4): 422 naming property, value and rule", () => {
  const definitions = {
    s: { type: "string", minLength: 2, maxLength: 4 },
    p: { type: "string", pattern: String.raw`^v\d+$` },
    e: { type: "string", enum: ["a", "b"] },
    ne: { type: "number", enum: [1, 2.5] },
    n: { type: "number", minimum: 0, exclusiveMaximum: 10 },
    b: { type: "boolean" },
    at: { type: "string", format: "date-time" },
    timer: { type: "string", format: "timer" },
    url: { type: "string", format: "url" },
    mail: { type: "string", format: "email" },
    user: { type: "string", format: "user" },
    v4: { type: "string", format: "ipv4" },
    v6: { type: "string", format: "ipv6" },
    md: { type: "string", format: "markdown" },
    l: {
      type: "array",
      items: { type: "string", enum: ["x", "y"] },
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
    },
    urls: { type: "array", items: { type: "string", format: "url" } },
    any: { type: "array" },
    o: {
      type: "object",
      properties: { a: { type: "number" } },
      required: ["a"],
      additionalProperties: false,
    },
    lab: { type: "object", format: "labeled-url" },
  };
  let fixed = "";
  beforeAll(async () => {
    fixed = "values";
    await define(ctx, fixed, definitions);
  });

  test.each<[keyof typeof definitions, unknown]>([
    ["s", "ab"],
    ["s", "💡💡💡💡"],
    ["p", "v12"],
    ["e", "b"],
    ["ne", 2.5],
    ["n", 0],
    ["n", 9.999],
    ["b", false],
    ["at", "2024-09-01T12:00:00Z"],
    ["at", "2024-09-01T12:00:00.123456+02:00"],
    ["timer", "2030-01-01T00:00:00.000Z"],
    ["url", "https://example.com/a?b#c"],
    ["url", "http://localhost:3000"],
    ["url", "git+ssh://git@host/repo"],
    ["mail", "a.b+c@example.com"],
    ["user", "x@y"],
    ["v4", "10.0.0.1"],
    ["v6", "::1"],
    ["md", "# any\ntext"],
    ["l", ["y", "x"]],
    ["urls", []],
    ["any", [1, "a", null, {}, []]],
    ["o", { a: 1 }],
    ["lab", { url: "https://x.y", displayText: "X" }],
    ["lab", { url: "https://x.y", more: 1 }],
  ])("%s takes %j", async (property, value) => {
    const { entity } = await put(ctx, fixed, { identifier: "e", properties: { [property]: value } });
    expect(entity.properties[property]).toEqual(value);
    expect((await getEntity(ctx, fixed, "e")).properties[property]).toEqual(value);
  });

  test.each<[keyof typeof definitions, unknown, string]>([
    ["s", "a", 'properties.s "a" must NOT have fewer than 2 characters (minLength)'],
    ["s", "abcde", 'properties.s "abcde" must NOT have more than 4 characters (maxLength)'],
    ["s", 5, "properties.s 5 must be a string, not number (type)"],
    ["p", "x", String.raw`properties.p "x" must match pattern "^v\d+$" (pattern)`],
    ["e", "c", 'properties.e "c" is not one of a, b (enum)'],
    ["ne", 2, "properties.ne 2 is not one of 1, 2.5 (enum)"],
    ["n", -1, "properties.n -1 must be >= 0 (minimum)"],
    ["n", 10, "properties.n 10 must be < 10 (exclusiveMaximum)"],
    ["n", "5", 'properties.n "5" must be a number, not string (type)'],
    ["b", "true", 'properties.b "true" must be a boolean, not string (type)'],
    [
      "at",
      "yesterday",
      'properties.at "yesterday" is not a date-time with an offset, such as 2024-09-01T12:00:00Z (format date-time)',
    ],
    ["at", "2024-02-30T00:00:00Z", 'properties.at "2024-02-30T00:00:00Z" is not a date-time'],
    ["at", "+275760-09-14T00:00:00Z", "is not a date-time"],
    ["url", "example.com", 'properties.url "example.com" is not an absolute URL'],
    ["url", "https://a b", "is not an absolute URL"],
    ["mail", "nobody", 'properties.mail "nobody" is not an e-mail address'],
    ["v4", "256.0.0.1", "is not an IPv4 address"],
    ["v6", "10.0.0.1", "is not an IPv6 address"],
    ["l", ["z"], 'properties.l.0 "z" is not one of x, y (enum)'],
    ["l", [], "properties.l [] must NOT have fewer than 1 items (minItems)"],
    ["l", ["x", "x"], 'properties.l ["x","x"] must not hold the same item twice (uniqueItems)'],
    ["l", "x", 'properties.l "x" must be array (type)'],
    ["urls", ["https://x", 5], "properties.urls.1 5 must be string (type)"],
    ["o", {}, "properties.o {} must have required property 'a' (required)"],
    [
      "o",
      { a: 1, b: 2 },
      'properties.o {"a":1,"b":2} must NOT have additional properties (additionalProperties)',
    ],
    ["lab", { displayText: "x" }, "must have required property 'url'"],
    ["lab", { url: "nope" }, 'properties.lab.url "nope" is not an absolute URL'],
  ])("%s refuses %j", async (property, value, message) => {
    const refused = await refusal(() =>
      put(ctx, fixed, { identifier: "x", properties: { [property]: value } }),
    );
    expect(refused.code).toBe("invalid_request");
    expect(refused.message).toContain(message);
  });
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
])("body %j is refused", async (body, message) => {
  await stage();
  expect(await refusal(() => put(ctx, bp, body))).toMatchObject({
    code: "invalid_request",
    message: expect.stringMatching(message) as string,
  });
});

test("reads: one, all in order of age, count; what is not there is not_found", async () => {
  await stage();
  for (const identifier of ["b", "a", "c"]) await put(ctx, bp, { identifier });
  expect((await getEntities(ctx, bp)).map((entity) => entity.identifier)).toEqual(
    [...(await getEntities(ctx, bp))]
      .sort((a, b) => (a.createdAt + a.identifier < b.createdAt + b.identifier ? -1 : 1))
      .map((e) => e.identifier),
  );
  expect(await getEntityCount(ctx, bp)).toBe(3);
  for (const identifier of ["nope", "\u0000", "a b", ""])
    expect((await refusal(() => getEntity(ctx, bp, identifier))).code).toBe("not_found");
  expect((await refusal(() => getEntities(ctx, "no\u0000"))).code).toBe("not_found");
  expect((await refusal(() => getEntityCount(ctx, "nope"))).code).toBe("not_found");
});

test("identifiers of every legal kind are stored and found", async () => {
  await stage();
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
