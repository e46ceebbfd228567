/** What a rule compares: nothing of it is "no data", unless the rule asks whether there is something. */
import { expect, test } from "vitest";
import { comparedIn, isNoValue } from "../../src/model/compared.ts";

const all = (...conditions: object[]) => comparedIn({ combinator: "and", conditions });

test("properties and relations, each once, in groups too", () => {
  const tier = { property: "tier", operator: ">", value: 1 };
  const uses = { relation: "uses", operator: "contains", value: "b" };
  expect(all(tier, { combinator: "or", conditions: [uses, { ...tier, operator: "<" }] })).toEqual([
    { of: "property", id: "tier" },
    { of: "relation", id: "uses" },
  ]);
});

test.each([
  { operator: "isEmpty" },
  { operator: "isNotEmpty" },
  { operator: "isEmpty", not: true },
  { operator: "=", value: null },
  { operator: "!=", value: null },
  { operator: "in", value: ["a", null] },
  { operator: "notIn", value: [null] },
])("%j asks whether there is a value", (condition) => {
  expect(all({ property: "tier", ...condition })).toBeNull();
  expect(all({ property: "size", operator: ">", value: 1 }, { property: "tier", ...condition })).toBeNull();
});

test("without conditions, or about something else, nothing is compared", () => {
  for (const query of [undefined, null, {}, { combinator: "and" }]) expect(comparedIn(query)).toBeNull();
  expect(all()).toBeNull();
  expect(all({ operator: "relatedTo", blueprint: "service", value: "a" })).toBeNull();
});

test("empty text, list and object are no value; false and 0 are one", () => {
  expect([null, undefined, "", [], {}].every(isNoValue)).toBe(true);
  expect([false, 0, " ", [null], { a: null }].some(isNoValue)).toBe(false);
});
