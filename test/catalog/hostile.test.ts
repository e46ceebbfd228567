import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createBlueprint } from "../../src/catalog/define-blueprint.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { searchInBlueprint } from "../../src/catalog/search-entities.ts";
import { upsertEntities } from "../../src/catalog/upsert-entity.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { patient } from "../support/patience.ts";
import { define, MERGE, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
  await define(
    ctx,
    "h",
    {
      s: { type: "string" },
      n: { type: "number" },
      o: { type: "object" },
      l: { type: "array" },
      u: { type: "array", uniqueItems: true },
      e: { type: "array", items: { enum: Array.from({ length: 5000 }, (_, i) => ({ i })) } },
      p: { type: "string", pattern: "^(a+)+$" },
      q: { type: "string", pattern: "a+b" },
      at: { type: "string", format: "date-time" },
      url: { type: "string", format: "url" },
      mail: { type: "string", format: "email" },
      pp: {
        type: "object",
        patternProperties: { "^(x+)+$": { type: "number" } },
        additionalProperties: true,
      },
    },
    { ownership: { type: "Direct" }, relations: { many: { target: "h", many: true } } },
  );
});
afterAll(() => t.close());

function nested(depth: number, key?: string): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = key === undefined ? [value] : { [key]: value };
  return value;
}

const LONG = "x".repeat(1_000_000);

describe("bodies that are refused with a reason, never with a fault", () => {
  test.each<[string, object, string]>([
    ["NUL in a title", { title: "a\u0000" }, "title contains the character U+0000"],
    ["NUL in a value", { properties: { s: "\u0000" } }, "properties.s contains the character U+0000"],
    [
      "NUL in a nested key",
      { properties: { o: { "\u0000": 1 } } },
      "a key of properties.o contains the character U+0000",
    ],
    ["NUL in a team", { team: ["\u0000"] }, "team[0] contains"],
    ["NUL in a relation", { relations: { many: ["\u0000"] } }, "relations.many[0] contains"],
    ["NUL in a key that is ignored", { other: "\u0000" }, "other contains"],
    ["lone surrogate", { properties: { s: "\ud83d" } }, "properties.s contains half of a surrogate pair"],
    [
      "lone surrogate in a key",
      { properties: { o: { "\udca1": 1 } } },
      "a key of properties.o contains half",
    ],
    ["number beyond a float", { properties: { n: Infinity } }, "properties.n is a number outside the range"],
    ["NaN", { properties: { n: Number.NaN } }, "properties.n is a number outside the range"],
    ["deep list", { properties: { l: nested(5000) } }, "nested more than 64 levels deep"],
    ["deep object", { properties: { o: nested(200_000, "a") } }, "nested more than 64 levels deep"],
    [
      "deep in an unknown property",
      { properties: { zzz: nested(200_000) } },
      "nested more than 64 levels deep",
    ],
    ["long identifier", { identifier: LONG }, "must have 1 to 1000 characters"],
    ["date out of range", { properties: { at: "+099999-01-01T00:00:00Z" } }, "is not a date-time"],
    [
      "long date",
      { properties: { at: `2024-01-01T00:00:00.${"0".repeat(100_000)}Z` } },
      "is not a date-time",
    ],
    ["long mail", { properties: { mail: LONG } }, "is not an e-mail address"],
    ["long url", { properties: { url: LONG } }, "is not an absolute URL"],
    [
      "exploding pattern",
      { properties: { p: `${"a".repeat(60)}!` } },
      "takes too long to match the pattern ^(a+)+$ (pattern)",
    ],
    [
      "quadratic pattern",
      { properties: { q: "a".repeat(1_000_000) } },
      "takes too long to match the pattern a+b (pattern)",
    ],
    [
      "exploding pattern on a key",
      { properties: { pp: { [`${"x".repeat(60)}!`]: 1 } } },
      "takes too long to match the pattern ^(x+)+$",
    ],
  ])("%s", async (_label, body, message) => {
    const started = performance.now();
    const refused = await refusal(() => put(ctx, "h", { identifier: "e", ...body }));
    expect(refused.code).toBe("invalid_request");
    expect(refused.message).toContain(message);
    expect(refused.message.length).toBeLessThan(500);
    expect(performance.now() - started).toBeLessThan(patient(2000));
  });

  test("lists that would take minutes to compare item by item", async () => {
    const started = performance.now();
    const items = Array.from({ length: 100_000 }, (_, i) => ({ i }));
    await put(ctx, "h", { identifier: "u", properties: { u: items } });
    const refused = await refusal(() =>
      put(ctx, "h", { identifier: "u", properties: { u: [...items, { i: 5 }] } }),
    );
    expect(refused.message).toContain("must not hold the same item twice (uniqueItems)");
    const again = await refusal(() => put(ctx, "h", { identifier: "u", properties: { e: items } }));
    expect(again.message).toContain('properties.e.5000 {"i":5000} is not one of');
    expect(performance.now() - started).toBeLessThan(patient(10_000));
  });
});

describe("odd values that are fine and come back as they were", () => {
  test.each<[string, object]>([
    ["a million characters", { s: LONG }],
    ["escapes", { s: '\u0001\u001f"\\\n\r\t\u2028\u2029\ufffe\uffff' }],
    ["pairs", { s: "💡👨‍👩‍👧" }],
    [
      "float limits",
      { l: [Number.MAX_VALUE, Number.MIN_VALUE, -Number.MAX_VALUE, 0.1, 1e21, 123456789012345680000] },
    ],
    ["keys", { o: { "": 1, constructor: 2, toString: 3, a: { "": null } } }],
    ["markup", { s: "'; drop table entity; -- <script>$1 {{x}} %s" }],
    ["empty things", { o: {}, l: [], s: "" }],
    ["many keys", { o: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i])) }],
    ["deep enough", { l: nested(60) }],
  ])("%s", async (label, properties) => {
    const identifier = label.replaceAll(" ", "-");
    await put(ctx, "h", { identifier, properties });
    expect((await getEntity(ctx, "h", identifier)).properties).toMatchObject(properties);
    expect((await put(ctx, "h", { identifier, properties })).changed).toBe(false);
  });

  test("__proto__ as a key", async () => {
    const body = JSON.parse(
      '{"identifier":"proto","__proto__":{"title":"x"},"properties":{"__proto__":{"s":"x"},"o":{"__proto__":{"y":1},"z":2}},"relations":{}}',
    ) as unknown;
    const { entity, warnings } = await put(ctx, "h", body);
    expect(warnings).toEqual(['properties.__proto__: not a property of blueprint "h", dropped']);
    expect(entity.title).toBeNull();
    const stored = (await getEntity(ctx, "h", "proto")).properties["o"];
    expect(JSON.stringify(stored)).toBe('{"z":2,"__proto__":{"y":1}}');
    expect(({} as { y?: unknown }).y).toBeUndefined();
    const relations = JSON.parse('{"identifier":"proto","relations":{"__proto__":"x"}}') as unknown;
    expect((await refusal(() => put(ctx, "h", relations))).code).toBe("not_found");
  });

  test("a relation with very many targets", async () => {
    const many = Array.from({ length: 3000 }, (_, i) => `m${i}`);
    const { entity } = await put(
      ctx,
      "h",
      { identifier: "hub", relations: { many } },
      { ...MERGE, createMissing: true },
    );
    expect(entity.relations["many"]).toEqual(many);
  });
});

test("500 hostile values in one batch end soon, and the good ones are written", async () => {
  const bodies = Array.from({ length: 500 }, (_, i) =>
    i % 2 === 0
      ? { identifier: `b${i}`, properties: { p: `${"a".repeat(50)}!` } }
      : { identifier: `b${i}`, properties: { p: "aaa" } },
  );
  const started = performance.now();
  const { outcomes } = await upsertEntities(ctx, "h", bodies, MERGE);
  expect(performance.now() - started).toBeLessThan(patient(5000));
  for (const outcome of outcomes) if (outcome.index % 2 === 0) expect(outcome.ok).toBe(false);
});

describe("hostile definitions", () => {
  let n = 0;
  const definition = (property: unknown): unknown => ({
    identifier: `hd${n++}`,
    title: "x",
    schema: { properties: { x: property } },
  });
  test.each<[string, unknown, string]>([
    ["deep schema", { type: "object", properties: nested(60, "properties") }, "nested"],
    [
      "wide schema",
      {
        type: "object",
        properties: Object.fromEntries(Array.from({ length: 2100 }, (_, i) => [`k${i}`, { type: "string" }])),
      },
      "holds more than 2000 schemas",
    ],
    ["recursion", { type: "object", additionalProperties: { $ref: "#" } }, "$ref is not supported"],
    ["asynchronous", { type: "object", $async: true }, "$async is not supported"],
    ["data reference", { type: "object", properties: { a: { $data: "1/b" } } }, "$data is not supported"],
    ["NUL in an enum", { type: "string", enum: ["\u0000"] }, "U+0000"],
    ["long pattern", { type: "string", pattern: "a".repeat(5000) }, "at most 2000"],
    [
      "keyword of the wrong type",
      { type: "object", properties: { a: { minLength: "process.exit()" } } },
      "a.minLength must be integer",
    ],
    [
      "code in a name",
      { type: "object", required: ["a"], properties: { "'];process.exit(1);//": { type: 5 } } },
      "schema.properties.x",
    ],
  ])("%s", async (_label, property, message) => {
    const started = performance.now();
    const refused = await refusal(() => createBlueprint(ctx, definition(property)));
    expect(refused.code).toBe("invalid_request");
    expect(refused.message).toContain(message);
    expect(performance.now() - started).toBeLessThan(patient(3000));
  });

  test("code in names stays text", async () => {
    const name = "\"'`${process.exit(1)}\\];//";
    const body = definition({
      type: "object",
      required: [name],
      properties: { [name]: { type: "string", const: name } },
    }) as { identifier: string };
    await createBlueprint(ctx, body);
    await put(ctx, body.identifier, { identifier: "e", properties: { x: { [name]: name } } });
    expect(
      (await refusal(() => put(ctx, body.identifier, { identifier: "e", properties: { x: {} } }))).code,
    ).toBe("invalid_request");
  });
});

test("search values stay values", async () => {
  await put(ctx, "h", { identifier: "quote", properties: { s: 'it\'s 100%_\\ "x"' } });
  for (const value of ["it's", "100%_\\", '"X"', "'; drop table entity; --"]) {
    const query = { combinator: "and", rules: [{ property: "s", operator: "contains", value }] };
    const { entities } = await searchInBlueprint(ctx, "h", {
      query,
      limit: 10,
      from: null,
      include: ["$identifier"],
      exclude: [],
    });
    expect(entities.map((entity) => entity["identifier"])).toEqual(
      value.startsWith("'") ? ["markup"] : ["quote"],
    );
  }
});
