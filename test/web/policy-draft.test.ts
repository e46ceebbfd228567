/** Rules and queries while they are designed: forms and JSON say the same. */
import { expect, test } from "vitest";
import {
  asQuery,
  blueprintOfQuery,
  freshName,
  renamed,
  rulesOfQuery,
} from "../../src/web/actions/policy-draft.ts";
import { isRule, jqOf, withoutRule, withRule } from "../../src/web/actions/rules-draft.ts";

const rule = (property: string) => ({ property, operator: "=", value: 1 });
const own = { property: "$blueprint", operator: "=", value: "service" };

test.each([
  ["no further rule", undefined],
  ["one", { combinator: "and", rules: [rule("a")] }],
  ["all of two", { combinator: "and", rules: [rule("a"), rule("b")] }],
  ["one of two", { combinator: "or", rules: [rule("a"), rule("b")] }],
])("a query with %s comes back from its JSON", (_what, rules) => {
  const query = asQuery("service", rules);
  expect(blueprintOfQuery(query)).toBe("service");
  expect(rulesOfQuery(query)).toEqual(rules);
});

test.each([
  ["of any blueprint", { combinator: "and", rules: [rule("a")] }],
  ["of one of several", { combinator: "or", rules: [own, rule("a")] }],
  ["that is a template", "{{ .inputs.query }}"],
  ["that is nothing", null],
])("a query %s stands as JSON", (_what, query) => {
  expect(blueprintOfQuery(query)).toBeNull();
});

test("names of queries are unique, and keep their place", () => {
  expect(freshName({ query1: {}, query3: {} })).toBe("query2");
  expect(Object.keys(renamed({ a: 1, b: 2 }, "a", "c"))).toEqual(["c", "b"]);
  expect(renamed({ a: 1, b: 2 }, "a", "b")).toEqual({ a: 1, b: 2 });
  expect(renamed({ a: 1 }, "a", "")).toEqual({ a: 1 });
});

test("rules are changed and taken away; without one there is no search", () => {
  const doc = { combinator: "or", rules: [rule("a"), rule("b")] };
  expect(withRule(doc, 1, rule("c"))).toEqual({ combinator: "or", rules: [rule("a"), rule("c")] });
  expect(withoutRule(doc, 0)).toEqual({ combinator: "or", rules: [rule("b")] });
  expect(withoutRule({ rules: [rule("a")] }, 0)).toBeUndefined();
  expect([isRule(rule("a")), isRule({ relation: "x", operator: "=" }), isRule(null)]).toEqual([
    true,
    false,
    false,
  ]);
  expect([jqOf({ jqQuery: ".a" }), jqOf("a"), jqOf(null)]).toEqual([".a", null, null]);
});
