import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { and, NOW, or, rule, type Rule, search, thingCatalog } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await thingCatalog(ctx);
});
afterAll(() => t.close());

describe("§5.3 each operator on each type (decisions 13–16)", () => {
  test.each<[Rule, string[]]>([
    [["s", "=", "Alpha"], ["one"]],
    [["s", "=", "alpha"], []],
    [["s", "=", null], ["four"]],
    [
      ["s", "!=", "Alpha"],
      ["two", "three", "four"],
    ],
    [
      ["s", "!=", null],
      ["one", "two", "three"],
    ],
    [["n", "=", 2.5], ["two"]],
    [["n", "=", "2.5"], []],
    [["b", "=", true], ["one"]],
    [
      ["b", "!=", true],
      ["two", "three", "four"],
    ],
    [["l", "=", "y"], []],
    [
      ["s", "in", ["Alpha", "beta", "zzz"]],
      ["one", "two"],
    ],
    [["s", "in", []], []],
    [
      ["s", "in", ["Alpha", null]],
      ["one", "four"],
    ],
    [
      ["s", "notIn", ["Alpha", "beta"]],
      ["three", "four"],
    ],
    [
      ["s", "notIn", []],
      ["one", "two", "three", "four"],
    ],
    [
      ["n", "in", [1, 2.5]],
      ["one", "two"],
    ],
    [["l", "in", ["x", "q"]], ["one"]],
    [["s", "contains", "PH"], ["one"]],
    [["s", "contains", "%"], ["three"]],
    [["s", "contains", "_"], []],
    [["s", "contains", ["a", "h"]], ["one"]],
    [["s", "contains", null], []],
    [
      ["n", "contains", "1"],
      ["one", "three"],
    ],
    [
      ["n", "contains", 1],
      ["one", "three"],
    ],
    [["b", "contains", "ru"], ["one"]],
    [
      ["l", "contains", "y"],
      ["one", "two"],
    ],
    [["l", "contains", 1], ["one"]],
    [["l", "contains", "1"], []],
    [["l", "contains", ["x", "y"]], ["one"]],
    [["o", "contains", "k"], []],
    [["s", "doesNotContains", "a"], ["four"]],
    [
      ["l", "doesNotContains", "y"],
      ["three", "four"],
    ],
    [["l", "containsAny", ["x", "q"]], ["one"]],
    [
      ["s", "containsAny", ["lph", "ET"]],
      ["one", "two"],
    ],
    [["s", "beginsWith", "AL"], ["one"]],
    [
      ["s", "beginsWith", "a"],
      ["one", "three"],
    ],
    [
      ["s", "doesNotBeginsWith", "a"],
      ["two", "four"],
    ],
    [
      ["s", "endsWith", "A"],
      ["one", "two"],
    ],
    [
      ["s", "doesNotEndsWith", "a"],
      ["three", "four"],
    ],
    [["n", "beginsWith", "-1"], ["three"]],
    [["l", "beginsWith", "y"], []],
    [["n", ">", 1], ["two"]],
    [
      ["n", ">=", 1],
      ["one", "two"],
    ],
    [["n", "<", 1], ["three"]],
    [
      ["n", "<=", 1e300],
      ["one", "two", "three"],
    ],
    [["s", ">", 1], []],
    [["s", "isEmpty"], ["four"]],
    [
      ["s", "isNotEmpty"],
      ["one", "two", "three"],
    ],
    [["l", "isEmpty"], ["four"]],
    [["o", "isNotEmpty"], ["two"]],
    [
      ["c", "isEmpty"],
      ["one", "two", "three", "four"],
    ],
    // instants
    [["at", ">", "2024-06-15T21:30:00Z"], ["three"]],
    [
      ["at", ">=", "2024-06-15T21:30:00Z"],
      ["two", "three"],
    ],
    [["at", "<", "2024-06-14T13:00:00+02:00"], []],
    [["at", "<=", "2024-06-14T13:00:00+02:00"], ["one"]],
    [["at", "=", "2024-06-14T11:00:00Z"], ["one"]],
    [
      ["at", "between", { from: "2024-06-14T11:00:00Z", to: "2024-06-16T00:00:00Z" }],
      ["one", "two"],
    ],
    [
      ["at", "notBetween", { from: "2024-06-14T11:00:00Z", to: "2024-06-16T00:00:00Z" }],
      ["three", "four"],
    ],
    [["at", "=", { from: "2024-06-14T11:00:00Z", to: "2024-06-14T11:00:01Z" }], ["one"]],
    [["at", "between", { preset: "lastDay" }], []],
    [["at", "between", { preset: "lastWeek" }], ["one"]],
    [["at", "between", { preset: "today" }], ["two"]],
    [["at", "between", { preset: "yesterday" }], ["one"]],
    [["at", "between", { preset: "tomorrow" }], ["three"]],
    [["at", "isExpired"], ["one"]],
    [
      ["at", "isNotExpired"],
      ["two", "three", "four"],
    ],
    [["free", ">", "2000-01-01T00:00:00Z"], ["one"]],
    [["free", "between", { preset: "last12Months" }], ["one"]],
    // metas
    [["$identifier", "=", "one"], ["one"]],
    [
      ["$identifier", "in", ["one", "four", "five"]],
      ["one", "four"],
    ],
    [
      ["$identifier", "!=", "one"],
      ["two", "three", "four"],
    ],
    [
      ["$title", "=", null],
      ["three", "four"],
    ],
    [
      ["$title", "isNotEmpty"],
      ["one", "two"],
    ],
    [["$title", "contains", "50%_\\"], ["one"]],
    [["$title", "contains", "größe"], ["one"]],
    [
      ["$icon", "in", ["I", null]],
      ["one", "two", "three", "four"],
    ],
    [["$team", "contains", "blue"], ["one"]],
    [["$team", "contains", ["red", "blue"]], ["one"]],
    [
      ["$team", "containsAny", ["blue", "red"]],
      ["one", "two"],
    ],
    [["$team", "in", ["blue", "green"]], ["one"]],
    [
      ["$team", "notIn", ["blue"]],
      ["two", "three", "four"],
    ],
    [["$team", "=", "red"], ["two"]],
    [
      ["$team", "isEmpty"],
      ["three", "four"],
    ],
    [
      ["$blueprint", "=", "thing"],
      ["one", "two", "three", "four"],
    ],
    [["$blueprint", "=", "other"], []],
    [
      ["$createdAt", ">", "2024-06-02T00:00:00Z"],
      ["three", "four"],
    ],
    [["$createdAt", "=", "2024-06-02T02:00:00+02:00"], ["two"]],
    [["$createdAt", "in", ["2024-06-02T00:00:00Z", "nonsense"]], ["two"]],
    [
      ["$updatedAt", "between", { from: "2024-06-01T00:00:00Z", to: "2024-06-03T00:00:00Z" }],
      ["one", "two"],
    ],
    [["$createdAt", "contains", "2024"], []],
    [["$createdBy", "=", "client3"], ["three"]],
    [
      ["$updatedBy", "beginsWith", "CLIENT"],
      ["one", "two", "three", "four"],
    ],
    [
      ["$datasource", "contains", "port-ocean/github/"],
      ["two", "three", "four"],
    ],
    [
      ["$datasource", "contains", "/x_y/exporter"],
      ["two", "three", "four"],
    ],
    [["$datasource", "contains", "/xzy/exporter"], []],
    // properties that the blueprint does not have never match, negated or not
    [["only", "=", "x"], []],
    [["only", "!=", "x"], []],
    [["only", "isEmpty"], []],
    [["constructor", "isEmpty"], []],
  ])("§5.3 %j", async (given, expected) => {
    expect(await search(ctx, and(rule(given)))).toEqual(expected);
  });
});

describe("§5.2 groups", () => {
  test.each<[string, object, string[]]>([
    ["no rules match everything", and(), ["one", "two", "three", "four"]],
    ["no rules, or", or(), ["one", "two", "three", "four"]],
    ["and", and(rule(["n", ">", 0]), rule(["b", "=", true])), ["one"]],
    ["or", or(rule(["n", "<", 0]), rule(["b", "=", true])), ["one", "three"]],
    [
      "nested",
      and(
        or(rule(["s", "=", "beta"]), rule(["s", "=", "Alpha"])),
        or(rule(["n", "=", 1]), and(rule(["n", "=", 7]))),
      ),
      ["one"],
    ],
  ])("§5.2 %s", async (_label, query, expected) => {
    expect(await search(ctx, query)).toEqual(expected);
  });

  test("§5.3 calendar days follow the query's time zone", async () => {
    const query = { ...and(rule(["at", "between", { preset: "tomorrow" }])), timeZone: "Pacific/Kiritimati" };
    expect(await search(ctx, query)).toEqual([]);
    expect(
      await search(ctx, {
        ...and(rule(["at", "between", { preset: "today" }])),
        timeZone: "Pacific/Kiritimati",
      }),
    ).toEqual(["two", "three"]);
  });
});
