/** Rules about relations and about property schemas (data-model.md §5.2). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aggregateEntities } from "../../src/catalog/aggregate-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, put } from "./fixture.ts";
import { and, everywhere, NOW, search } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await define(ctx, "service", { mail: { type: "string", format: "email" }, name: { type: "string" } });
  for (const [identifier, title] of [
    ["s1", "Checkout"],
    ["s10", "Cart"],
    ["s2", null],
  ])
    await put(ctx, "service", {
      identifier,
      title,
      properties: { mail: `${identifier}@example.org`, name: identifier },
    });
  await define(
    ctx,
    "deploy",
    {
      by: { type: "string", format: "email" },
      seen: { type: "string", format: "email" },
      n: { type: "number" },
      tags: { type: "array", items: { type: "string" } },
      mails: { type: "array", items: { type: "string", format: "email" } },
      free: { type: "array" },
    },
    { relations: { service: { target: "service" }, uses: { target: "service", many: true } } },
  );
  const deploys: [string, object, object][] = [
    [
      "a",
      { by: "s1@example.org", seen: "x@example.org", n: 1, tags: ["x"], free: ["x"] },
      { service: "s1", uses: ["s1", "s2"] },
    ],
    ["b", { by: "x@example.org", n: 2, mails: ["x@y.org"] }, { service: "s10", uses: ["s10"] }],
    ["c", {}, {}],
    ["d", { n: 1 }, { service: "s2" }],
  ];
  for (const [identifier, properties, relations] of deploys)
    await put(ctx, "deploy", { identifier, properties, relations });
});
afterAll(() => t.close());

const of = (relation: string, operator: string, value?: unknown, targetProperty?: string): object => ({
  relation,
  operator,
  ...(value === undefined ? {} : { value }),
  ...(targetProperty === undefined ? {} : { targetProperty }),
});

describe("§5.2 rules about the targets of a relation", () => {
  test.each<[string, object, string[]]>([
    ["§5.2 the identifier is compared by default", of("service", "=", "s1"), ["a"]],
    ["§5.2 `targetProperty: $identifier`", of("service", "=", "s1", "$identifier"), ["a"]],
    ["§5.2 `targetProperty: $title`", of("service", "=", "Cart", "$title"), ["b"]],
    ["§5.2 `!=`, no target included", of("service", "!=", "s1"), ["b", "c", "d"]],
    ["§5.2 `!=` of a title, no title included", of("service", "!=", "Cart", "$title"), ["a", "c", "d"]],
    ["§5.2 `in`", of("service", "in", ["s1", "s2"]), ["a", "d"]],
    ["§5.2 `notIn`", of("service", "notIn", ["s1", "s2"]), ["b", "c"]],
    ["§5.2 `contains` of a single relation is a part", of("service", "contains", "S1"), ["a", "b"]],
    ["§5.2 `contains` of a title", of("service", "contains", "c", "$title"), ["a", "b"]],
    ["§5.2 `beginsWith`", of("service", "beginsWith", "CH", "$title"), ["a"]],
    ["§5.2 `endsWith`", of("service", "endsWith", "0"), ["b"]],
    ["§5.2 `doesNotEndsWith`", of("service", "doesNotEndsWith", "0"), ["a", "c", "d"]],
    ["§5.2 `isEmpty`", of("service", "isEmpty"), ["c"]],
    ["§5.2 `isNotEmpty`", of("service", "isNotEmpty"), ["a", "b", "d"]],
    ["§5.2 `=` null", of("service", "=", null), ["c"]],
    ["§5.2 a many relation: `=` asks for one of the targets", of("uses", "=", "s2"), ["a"]],
    [
      "§5.2 a many relation is a list: `contains` is membership (decision 14)",
      of("uses", "contains", "s1"),
      ["a"],
    ],
    ["§5.2 a many relation: `contains` every one", of("uses", "contains", ["s1", "s2"]), ["a"]],
    ["§5.2 a many relation: `containsAny`", of("uses", "containsAny", ["s1", "s10"]), ["a", "b"]],
    ["§5.2 a many relation: `doesNotContains`", of("uses", "doesNotContains", "s1"), ["b", "c", "d"]],
    ["§5.2 a many relation: `beginsWith` of a title", of("uses", "beginsWith", "ca", "$title"), ["b"]],
    ["§5.2 a many relation: `isEmpty`", of("uses", "isEmpty"), ["c", "d"]],
    ["§5.2 a relation that the blueprint does not have never matches", of("nope", "=", "x"), []],
    ["§5.2 … negated neither", of("nope", "!=", "x"), []],
  ])("%s", async (_name, rule, expected) => {
    expect(await search(ctx, and(rule), "deploy")).toEqual(expected);
  });

  test("§5.2 over every blueprint, only those that have the relation", async () => {
    const { matchingBlueprints } = await everywhere(ctx, and(of("service", "!=", "s1")));
    expect(matchingBlueprints).toEqual(["deploy"]);
  });

  test.each<[object, RegExp]>([
    [of("service", "=", "x", "$team"), /targetProperty "\$team" is not one of \$identifier, \$title/],
    [{ ...of("service", "=", "x"), property: "s" }, /rules\[0\]\.property is not a key of this rule/],
    [{ relation: 1, operator: "=", value: "x" }, /relation must be a string of 1 or more characters, not 1/],
    [of("service", "between", { preset: "today" }), /operator "between" is not one of .* \(with relation\)/],
    [of("service", ">", 1), /operator ">" is not one of/],
  ])("§5.2 refuses %j", async (rule, message) => {
    await expect(search(ctx, and(rule), "deploy")).rejects.toThrow(message);
  });
});

describe("§5.2 rules about property schemas", () => {
  const schema = (propertySchema: object, operator: string, value: unknown): object => ({
    propertySchema,
    operator,
    value,
  });
  const email = { type: "string", format: "email" };

  test.each<[string, object, string[]]>([
    ["§5.2 any property of the type and format", schema(email, "=", "x@example.org"), ["a", "b"]],
    ["§5.2 `!=`: none of them", schema(email, "!=", "x@example.org"), ["c", "d"]],
    ["§5.2 `contains`", schema(email, "contains", "S1@"), ["a"]],
    ["§5.2 numbers", schema({ type: "number" }, "=", 1), ["a", "d"]],
    [
      "§5.2 a format that is not named does not matter",
      schema({ type: "string" }, "=", "x@example.org"),
      ["a", "b"],
    ],
    [
      "§5.2 a list by its items",
      schema({ type: "array", items: { type: "string", format: "email" } }, "contains", "x@y.org"),
      ["b"],
    ],
    [
      "§5.2 a list by the type of its items",
      schema({ type: "array", items: { type: "string" } }, "contains", ["x"]),
      ["a"],
    ],
    ["§5.2 any list", schema({ type: "array" }, "contains", "x"), ["a"]],
    [
      "§5.2 a schema that no property has never matches",
      schema({ type: "string", format: "ipv4" }, "!=", "x"),
      [],
    ],
    ["§5.2 `=` null", schema({ type: "number" }, "=", null), ["c"]],
  ])("%s", async (_name, rule, expected) => {
    expect(await search(ctx, and(rule), "deploy")).toEqual(expected);
  });

  test("§5.2 over every blueprint, whatever the property is called", async () => {
    const { entities } = await everywhere(ctx, and(schema(email, "=", "s1@example.org")));
    expect(entities.map((entity) => entity["identifier"])).toEqual(["a", "s1"]);
  });

  test.each<[object, RegExp]>([
    [schema({ type: "date" }, "=", "x"), /propertySchema\.type "date" is not one of string, number/],
    [schema({}, "=", "x"), /propertySchema\.type undefined is not one of/],
    [
      schema(email, "beginsWith", "x"),
      /operator "beginsWith" is not one of =, !=, contains \(with propertySchema\)/,
    ],
    [schema({ ...email, pattern: "x" }, "=", "x"), /propertySchema\.pattern is not a key/],
    [{ ...schema(email, "=", "x"), property: "by" }, /rules\[0\]\.property is not a key/],
  ])("§5.2 refuses %j", async (rule, message) => {
    await expect(search(ctx, and(rule), "deploy")).rejects.toThrow(message);
  });
});

test("§5.2 `$blueprint` `=` null: nothing is of no blueprint, whatever one is called", async () => {
  await define(ctx, "null", { n: { type: "number" } });
  await put(ctx, "null", { identifier: "only", properties: { n: 1 } });
  const asked = (value: unknown): object => ({ property: "$blueprint", operator: "=", value });
  const found = async (query: object): Promise<unknown[]> =>
    (await everywhere(ctx, query)).entities.map(({ identifier }) => identifier);
  const count = (query: object) => aggregateEntities(ctx, { func: "count", query });
  for (const [query, entities] of [
    [and(asked(null)), []],
    [and(asked("null")), ["only"]],
    [{ combinator: "or", rules: [asked(null), asked("null")] }, ["only"]],
    [{ combinator: "or", rules: [asked(null), { property: "n", operator: "=", value: 2 }] }, ["b"]],
  ] as const) {
    expect(await found(query)).toEqual(entities);
    expect(await count(query)).toBe(entities.length);
  }
});
