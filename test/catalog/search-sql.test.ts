/** The SQL of each family of operators, kept in test/catalog/sql: a change of it is seen before it is measured. */
import { expect, test } from "vitest";
import { BLUEPRINTS, conditionText, type Options, statementText } from "./search-sql.ts";

const rule = (property: unknown, operator: string, value?: unknown): object => ({
  property,
  operator,
  ...(value === undefined ? {} : { value }),
});
const EVERYWHERE = [...BLUEPRINTS.keys()].sort();

type Case = object | readonly [object, Options];

const FAMILIES: Readonly<Record<string, readonly Case[]>> = {
  equality: [
    rule("s", "=", "x"),
    rule("s", "=", "x".repeat(200)),
    rule("s", "!=", "x"),
    rule("s", "=", null),
    rule("s", "=", 1),
    rule("s", "in", ["x", "y", null]),
    rule("s", "notIn", ["x"]),
    rule("n", "=", 1.5),
    rule("n", "in", [1, 2]),
    rule("b", "=", true),
    rule("l", "=", "x"),
    rule("nope", "!=", "x"),
  ],
  "parts of texts": [
    rule("s", "contains", "50%_"),
    rule("s", "contains", ["a", "b"]),
    rule("s", "containsAny", ["a", "b"]),
    rule("s", "doesNotContains", "a"),
    rule("s", "beginsWith", "a"),
    rule("s", "endsWith", "a"),
    rule("n", "contains", 1),
  ],
  "order and time": [
    rule("n", ">", 5),
    rule("at", ">=", "2024-06-15T10:00:00Z"),
    rule("at", "between", { from: "2024-06-01T00:00:00Z", to: "2024-06-02T00:00:00Z" }),
    rule("at", "between", { from: "2024-06-01", to: "2024-06-02", timeZone: "Europe/Berlin" }),
    rule("at", "notBetween", { preset: "lastWeek" }),
    rule("at", "=", { preset: "today", timeZone: "Europe/Berlin" }),
    rule("at", "isExpired"),
    rule("$createdAt", "between", { preset: "next2Weeks" }),
    rule("n", "between", { preset: "today" }),
  ],
  emptiness: [
    rule("s", "isEmpty"),
    rule("n", "isNotEmpty"),
    rule("l", "isEmpty"),
    rule("o", "isEmpty"),
    rule("$title", "isEmpty"),
  ],
  lists: [
    rule("l", "contains", "x"),
    rule("l", "contains", ["x", 1]),
    rule("l", "containsAny", ["x", 1]),
    rule("l", "in", ["x", null]),
    rule("l", "doesNotContains", "x"),
  ],
  "meta properties": [
    rule("$identifier", "=", "a"),
    rule("$identifier", "in", ["a", "b"]),
    rule("$title", "=", "A"),
    rule("$datasource", "contains", "port-ocean/"),
    rule("$team", "=", "red"),
    rule("$team", "in", ["red", "blue"]),
    rule("$team", "contains", ["red", "blue"]),
    rule("$team", "isEmpty"),
    rule("$updatedAt", "<", "2024-06-15T10:00:00Z"),
    rule("$blueprint", "!=", "service"),
  ],
  "several blueprints": [
    [rule("s", "=", "x"), { within: EVERYWHERE }],
    [rule("s", "isEmpty"), { within: EVERYWHERE }],
    [rule("mail", "!=", "x"), { within: EVERYWHERE }],
    [rule("$title", "=", "x"), { within: EVERYWHERE }],
  ],
  "property schemas": [
    { propertySchema: { type: "string", format: "email" }, operator: "=", value: "a@b.c" },
    [
      { propertySchema: { type: "string", format: "email" }, operator: "!=", value: "a@b.c" },
      { within: EVERYWHERE },
    ],
    { propertySchema: { type: "array" }, operator: "contains", value: "x" },
    { propertySchema: { type: "number", format: "none" }, operator: "=", value: 1 },
  ],
  "the person who asks": [
    [rule("$team", "in", ["My Teams"]), { asks: true }],
    [rule("owner", "=", { context: "user", property: "$identifier" }), { asks: true }],
    [rule("s", "in", { context: "userTeams", property: "$identifier" }), { asks: true }],
    [rule({ context: "user", property: "$identifier" }, "endsWith", "@example.org"), { asks: true }],
    rule("$team", "notIn", ["My Teams"]),
  ],
  relations: [
    { relation: "domain", operator: "=", value: "d1" },
    { relation: "domain", operator: "!=", value: "d1" },
    { relation: "domain", targetProperty: "$title", operator: "contains", value: "shop" },
    { relation: "domain", operator: "isEmpty" },
    { relation: "dependsOn", operator: "contains", value: ["a", "b"] },
    { relation: "dependsOn", targetProperty: "$title", operator: "beginsWith", value: "a" },
  ],
  relatedTo: [
    { operator: "relatedTo", blueprint: "service", value: "a", direction: "upstream" },
    { operator: "relatedTo", blueprint: "domain", value: ["d1", "d2"], direction: "downstream" },
    [
      { operator: "relatedTo", blueprint: "domain", value: "d1", direction: "downstream" },
      { within: ["deployment"] },
    ],
    [{ operator: "relatedTo", blueprint: "domain", value: "d1" }, { within: EVERYWHERE }],
    [{ operator: "relatedTo", blueprint: "domain", value: "d1", required: true }, { within: EVERYWHERE }],
    { operator: "relatedTo", blueprint: "service", value: "a", direction: "downstream", maxHops: 2 },
    [
      { operator: "relatedTo", blueprint: "deployment", value: "x", direction: "downstream" },
      { within: EVERYWHERE },
    ],
  ],
  matchAny: [
    rule("$identifier", "matchAny", ["a", "b"]),
    rule("s", "matchAny", "x"),
    rule({ path: ["domain"] }, "matchAny", "d1"),
    [rule({ path: ["service", "domain"] }, "matchAny", ["d1", "d2"]), { within: ["deployment"] }],
    rule({ path: [{ relation: "dependsOn", maxHops: 3 }] }, "matchAny", "a"),
    [
      rule({ path: ["service", { relation: "dependsOn", maxHops: 2 }] }, "matchAny", "a"),
      { within: ["deployment"] },
    ],
    [
      rule({ path: ["service", "domain"], fromBlueprint: "deployment" }, "matchAny", "x"),
      { within: ["domain"] },
    ],
    rule({ path: ["$team"] }, "matchAny", "red"),
    rule({ path: ["dependsOn", "$team"] }, "matchAny", "red"),
    rule({ path: ["nope"] }, "matchAny", "x"),
  ],
  groups: [
    {
      combinator: "or",
      rules: [rule("s", "=", "x"), { combinator: "and", rules: [rule("n", ">", 1), rule("b", "=", true)] }],
    },
    { combinator: "and", rules: [] },
  ],
};

test.each(Object.entries(FAMILIES))("SQL of %s", async (family, cases) => {
  const parts = cases.map((one) => {
    const [body, options] = Array.isArray(one) ? (one as [object, Options]) : [one as object, {}];
    const where = options.within === undefined ? "" : ` in ${options.within.join(", ")}`;
    return `-- ${JSON.stringify(body)}${where}${options.asks === true ? ", asked by a person" : ""}\n${conditionText(body, options)}`;
  });
  await expect(`${parts.join("\n\n")}\n`).toMatchFileSnapshot(`sql/${family.replaceAll(" ", "-")}.sql`);
});

test("SQL of whole statements", async () => {
  const and = (...rules: object[]): object => ({ combinator: "and", rules });
  const page = { limit: 201, after: null };
  const after = { blueprint: "service", createdAt: "2024-06-01T00:00:00+00:00", identifier: "a" };
  const related = { operator: "relatedTo", blueprint: "domain", value: "d1", direction: "downstream" };
  const parts = [
    ["everything, in pages", statementText(and(), { ...page, after })],
    ["identifiers only", statementText(and(), page, { columns: { properties: false, relations: false } })],
    ["without an index", statementText(and(rule("s", "=", "x")), page)],
    ["with an index", statementText(and(rule("s", "=", "x"), rule("n", ">", 1)), page, { indexed: true })],
    ["beginning at a walk", statementText(and(related, rule("n", ">", 1)), page)],
    [
      "beginning at a walk, then at an index",
      statementText(and(related, rule("s", "=", "x")), page, { indexed: true }),
    ],
    [
      "identifiers over every blueprint",
      statementText(and(rule("$identifier", "in", ["a", "b"])), page, { within: EVERYWHERE }),
    ],
    ["every blueprint", statementText(and(rule("$title", "=", "x")), page, { within: EVERYWHERE })],
  ];
  const text = parts.map(([name, statement]) => `-- ${name}\n${statement}`).join("\n\n");
  await expect(`${text}\n`).toMatchFileSnapshot("sql/statements.sql");
});
