/** Values of the person who asks (data-model.md §5.4). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, put } from "./fixture.ts";
import { and, NOW, search } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let ann: Ctx;
let loner: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  const as = (email: string, teams: string[]): Ctx => ({
    ...ctx,
    actor: {
      kind: "user",
      id: email,
      datasource: null,
      person: { email, name: "Ann Bee", roles: ["Admin"], teams },
    },
  });
  ann = as("ann@example.org", ["red", "blue"]);
  loner = as("loner@example.org", []);
  // The system's own blueprints, whichever of their properties exist already.
  await ensure("_user", { port_role: { type: "string" } });
  await ensure("_team", { description: { type: "string" } });
  await define(
    ctx,
    "service",
    {
      owner: { type: "string", format: "user" },
      slack: { type: "string" },
      admins: { type: "array" },
      at: { type: "string", format: "date-time" },
    },
    { ownership: { type: "Direct" }, relations: { lead: { target: "_user" }, squad: { target: "_team" } } },
  );
  for (const [blueprint, identifier, title, description] of [
    ["_team", "red", "Red", "#red"],
    ["_team", "blue", "Blue", "#blue"],
    ["_team", "green", "Green", "#green"],
  ])
    await store(blueprint ?? "", identifier ?? "", title ?? "", { description });
  await store("_user", "ann@example.org", "Ann Bee", { port_role: "Admin" });
  const services: [string, object, string[], object][] = [
    [
      "a",
      { owner: "ann@example.org", slack: "#red", admins: ["ann@example.org", "x"] },
      ["red"],
      { lead: "ann@example.org", squad: "blue" },
    ],
    ["b", { owner: "bob@example.org", slack: "#green" }, ["green"], { squad: "green" }],
    ["c", { slack: "#blue" }, ["blue", "green"], {}],
    ["d", {}, [], {}],
  ];
  for (const [identifier, properties, team, relations] of services)
    await put(ctx, "service", { identifier, properties, team, relations });
});
afterAll(() => t.close());

async function ensure(identifier: string, properties: object): Promise<void> {
  const plan = {
    schema: { properties, required: [] },
    relations: {},
    mirrorProperties: {},
    calculationProperties: {},
    aggregationProperties: {},
  };
  const document = JSON.stringify({ identifier, title: identifier, ownership: { type: "Direct" }, ...plan });
  await t.database.kysely
    .insertInto("blueprint")
    .values({
      org: ctx.org,
      identifier,
      document,
      created_at: NOW,
      created_by: "x",
      updated_at: NOW,
      updated_by: "x",
    })
    .onConflict((conflict) => conflict.columns(["org", "identifier"]).doUpdateSet({ document }))
    .execute();
}

/** As the system stores its own. */
async function store(
  blueprint: string,
  identifier: string,
  title: string,
  properties: object,
): Promise<void> {
  await t.database.kysely
    .insertInto("entity")
    .values({
      org: ctx.org,
      blueprint,
      identifier,
      title,
      icon: null,
      team: [],
      relations: "{}",
      datasource: null,
      properties: JSON.stringify(properties),
      created_at: NOW,
      created_by: "x",
      updated_at: NOW,
      updated_by: "x",
      changed_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["org", "blueprint", "identifier"])
        .doUpdateSet({ title, properties: JSON.stringify(properties) }),
    )
    .execute();
}

const user = (property: string): object => ({ context: "user", property });
const teams = (property: string): object => ({ context: "userTeams", property });
const rule = (property: unknown, operator: string, value?: unknown): object => ({
  property,
  operator,
  ...(value === undefined ? {} : { value }),
});

describe("§5.4 values of the person on the right side", () => {
  test.each<[string, object, string[]]>([
    ["§5.4 `user` is one value", rule("owner", "=", user("$identifier")), ["a"]],
    [
      "§5.4 `userTeams` is a list: `=` asks for one of them",
      rule("slack", "=", teams("description")),
      ["a", "c"],
    ],
    ["§5.4 in `in`", rule("slack", "in", teams("description")), ["a", "c"]],
    ["§5.4 in `!=`", rule("owner", "!=", user("$identifier")), ["b", "c", "d"]],
    ["§5.4 in `notIn`", rule("slack", "notIn", teams("description")), ["b", "d"]],
    ["§5.4 in `contains`", rule("slack", "contains", teams("$identifier")), ["a", "c"]],
    ["§5.4 in `contains` of a list", rule("admins", "contains", user("$identifier")), ["a"]],
    ["§5.4 in `containsAny` on $team", rule("$team", "containsAny", teams("$identifier")), ["a", "c"]],
    ["§5.4 in `=` on $team", rule("$team", "=", user("$team")), ["a", "c"]],
    ["§5.4 in `beginsWith`", rule("owner", "beginsWith", user("$identifier")), ["a"]],
    ["§5.4 in `matchAny`", rule("owner", "matchAny", user("$identifier")), ["a"]],
    ["§5.4 in `matchAny` with a path", rule({ path: ["lead"] }, "matchAny", user("$identifier")), ["a"]],
    [
      "§5.4 in `matchAny` with a path over teams",
      rule({ path: ["squad"] }, "matchAny", teams("$identifier")),
      ["a"],
    ],
    [
      "§5.4 in `relatedTo`",
      { operator: "relatedTo", blueprint: "_team", value: teams("$identifier") },
      ["a"],
    ],
    ["§5.4 in a relation rule", { relation: "squad", operator: "in", value: teams("$identifier") }, ["a"]],
    [
      "§5.4 in a property schema rule",
      { propertySchema: { type: "string", format: "user" }, operator: "=", value: user("$identifier") },
      ["a"],
    ],
    ["§5.4 a property of the user", rule("$identifier", "=", user("port_role")), []],
    ['§5.3 `$team in ["My Teams"]`', rule("$team", "in", ["My Teams"]), ["a", "c"]],
    ['§5.3 `$team notIn ["My Teams"]`', rule("$team", "notIn", ["My Teams"]), ["b", "d"]],
    ['§5.3 "My Teams" beside a name', rule("$team", "in", ["My Teams", "green"]), ["a", "b", "c"]],
    ["§5.3 myTeamsDynamicFilter", rule("$team", "in", ["myTeamsDynamicFilter"]), ["a", "c"]],
  ])("%s", async (_name, one, expected) => {
    expect(await search(ann, and(one), "service")).toEqual(expected);
  });
});

describe("§5.4 values of the person on the left side", () => {
  test.each<[object, boolean]>([
    [rule(user("port_role"), "=", "Admin"), true],
    [rule(user("port_role"), "!=", "Admin"), false],
    [rule(user("$identifier"), "endsWith", "@example.org"), true],
    [rule(teams("$identifier"), "=", "red"), true],
    [rule(teams("$identifier"), "in", ["green", "blue"]), true],
    [rule(teams("$identifier"), "=", "green"), false],
    [rule(teams("$title"), "contains", "LU"), true],
    [rule(user("$identifier"), "isEmpty"), false],
    [rule(user("$identifier"), "isNotEmpty"), true],
    [rule(user("$team"), "matchAny", ["red"]), true],
    [rule(user("$identifier"), "=", user("$identifier")), true],
  ])("§5.4 %j", async (one, holds) => {
    expect(await search(ann, and(one), "service")).toEqual(holds ? ["a", "b", "c", "d"] : []);
  });
});

describe("§5.4 a value that there is not makes its rule match nothing, negated or not", () => {
  test.each([
    rule("owner", "=", user("$identifier")),
    rule("owner", "!=", user("$identifier")),
    rule("$team", "in", ["My Teams"]),
    rule("$team", "notIn", ["My Teams"]),
    rule(user("$identifier"), "isEmpty"),
    rule(user("$identifier"), "!=", "x"),
    { operator: "relatedTo", blueprint: "_team", value: teams("$identifier") },
    rule({ path: ["squad"] }, "matchAny", teams("$identifier")),
  ])("§5.4 a machine asks %j", async (one) => {
    expect(await search(ctx, and(one), "service")).toEqual([]);
  });

  test.each([
    rule("$team", "in", ["My Teams"]),
    rule("$team", "notIn", ["My Teams"]),
    rule("owner", "=", user("nope")),
    rule("owner", "!=", user("nope")),
    rule("slack", "in", teams("description")),
  ])("§5.4 somebody without teams and such a property asks %j", async (one) => {
    expect(await search(loner, and(one), "service")).toEqual([]);
  });

  test("§5.4 other rules of the group still match", async () => {
    const query = {
      combinator: "or",
      rules: [rule("$team", "in", ["My Teams"]), rule("$identifier", "=", "d")],
    };
    expect(await search(ctx, query, "service")).toEqual(["d"]);
  });
});

test("§5.4 an account without a `_user` entity still knows who it is", async () => {
  await put(ctx, "service", {
    identifier: "l",
    properties: { owner: "loner@example.org", slack: "Ann Bee" },
  });
  expect(await search(loner, and(rule("owner", "=", user("$identifier"))), "service")).toEqual(["l"]);
  expect(await search(loner, and(rule("slack", "=", user("$title"))), "service")).toEqual(["l"]);
});
