import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { searchEverywhere, searchInBlueprint } from "../../src/catalog/search-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
const NOW = new Date("2024-06-15T12:00:00.000Z");

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await define(ctx, "other", { only: { type: "string" }, n: { type: "number" } });
  await define(
    ctx,
    "thing",
    {
      s: { type: "string" },
      n: { type: "number" },
      b: { type: "boolean" },
      l: { type: "array" },
      o: { type: "object" },
      at: { type: "string", format: "date-time" },
      free: { type: "string" },
      e: { type: "string", format: "email" },
    },
    { ownership: { type: "Direct" }, calculationProperties: { c: { calculation: ".x", type: "string" } } },
  );
  const at = (minute: number): Ctx => ({
    ...ctx,
    now: () => new Date(`2024-06-0${minute}T00:00:00.000Z`),
    actor: {
      kind: "machine",
      id: `client${minute}`,
      datasource: minute === 1 ? null : `port-ocean/github/${minute}/x_y/exporter`,
    },
  });
  await put(at(1), "thing", {
    identifier: "one",
    title: "Größe 50%_\\",
    icon: "I",
    team: ["red", "blue"],
    properties: {
      s: "Alpha",
      n: 1,
      b: true,
      l: ["x", "y", 1],
      at: "2024-06-14T11:00:00Z",
      free: "2024-06-14T11:00:00Z",
    },
  });
  await put(at(2), "thing", {
    identifier: "two",
    title: "two",
    team: ["red"],
    properties: {
      s: "beta",
      n: 2.5,
      b: false,
      l: ["y"],
      o: { k: 1 },
      at: "2024-06-15T23:30:00+02:00",
      free: "2024-02-30T00:00:00Z",
    },
  });
  await put(at(3), "thing", {
    identifier: "three",
    properties: { s: "a%b", n: -10, l: [], at: "2024-06-16T00:00:00Z", free: "not a date" },
  });
  await put(at(4), "thing", { identifier: "four" });
  await put(at(5), "other", { identifier: "five", title: "TWO", properties: { only: "x", n: 2.5 } });
});
afterAll(() => t.close());

type Rule = [property: string, operator: string, value?: unknown];

async function search(query: unknown, limit = 1000): Promise<unknown[]> {
  const { entities } = await searchInBlueprint(ctx, "thing", {
    query,
    limit,
    from: null,
    include: ["$identifier"],
    exclude: [],
  });
  return entities.map((entity) => entity["identifier"]);
}

const rule = ([property, operator, value]: Rule): object => ({
  property,
  operator,
  ...(value === undefined ? {} : { value }),
});
const and = (...rules: object[]): object => ({ combinator: "and", rules });
const or = (...rules: object[]): object => ({ combinator: "or", rules });

describe("each operator on each type (§5.3, decisions 13-16)", () => {
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
  ])("%j", async (given, expected) => {
    expect(await search(and(rule(given)))).toEqual(expected);
  });
});

describe("groups", () => {
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
  ])("%s", async (_label, query, expected) => {
    expect(await search(query)).toEqual(expected);
  });

  test("calendar days follow the query's time zone", async () => {
    const query = { ...and(rule(["at", "between", { preset: "tomorrow" }])), timeZone: "Pacific/Kiritimati" };
    expect(await search(query)).toEqual([]);
    expect(
      await search({ ...and(rule(["at", "between", { preset: "today" }])), timeZone: "Pacific/Kiritimati" }),
    ).toEqual(["two", "three"]);
  });
});

describe("refused, naming the rule", () => {
  const nest = (depth: number): object => (depth === 0 ? and() : and(nest(depth - 1)));
  test.each<[unknown, RegExp]>([
    [null, /query must be an object with combinator and rules, not null/],
    [{ combinator: "xor", rules: [] }, /query\.combinator "xor" is not one of and, or/],
    [{ combinator: "and" }, /query\.rules must be a list/],
    [and({ property: "s" }), /query\.rules\[0\]\.operator must be a string/],
    [and(rule(["s", "like", "x"])), /query\.rules\[0\]\.operator "like" is not one of =/],
    [and(rule(["s", "constructor", "x"])), /operator "constructor" is not one of/],
    [
      and(rule(["s", "=", "x"]), { scorecard: "r", operator: "=", value: "x" }),
      /query\.rules\[1\]: rules about scorecards \(operator "="\) are not supported yet/,
    ],
    [
      and({ property: "s", operator: "=", value: { jqQuery: "." } }),
      /rules\[0\]\.value: jqQuery is not supported in searches/,
    ],
    [
      and({ property: { jqQuery: "." }, operator: "=", value: "x" }),
      /rules\[0\]\.property: jqQuery is not supported in searches/,
    ],
    [and(rule(["$nope", "=", "x"])), /property "\$nope" is not one of \$identifier/],
    [and(rule(["", "=", "x"])), /property must be a property identifier/],
    [and(rule(["s", "=", ["x"]])), /value must be a string, number, boolean or null, not array/],
    [and(rule(["s", "in", "x"])), /value must be a list, not string/],
    [and(rule(["s", "in", [{}]])), /value\[0\] must be a string, number, boolean or null, not object/],
    [and(rule(["s", "beginsWith", null])), /value must be a string, not null/],
    [and(rule(["n", ">", "five"])), /value "five" must be a number or a date-time/],
    [and(rule(["n", ">", null])), /value null must be a number or a date-time/],
    [and(rule(["at", "between", "today"])), /value must be \{from, to\} or \{preset\}/],
    [and(rule(["at", "between", { preset: "lastCentury" }])), /preset "lastCentury" is not one of lastDay/],
    [
      and(rule(["at", "between", { from: "2024-02-30", to: "2024-03-02" }])),
      /from "2024-02-30" must be a date-time/,
    ],
    [and(rule(["s", "=", "\u0000"])), /contains the character U\+0000/],
    [and(rule(["\u0000", "=", "x"])), /contains the character U\+0000/],
    [nest(17), /nested deeper than 16 groups/],
    [
      { combinator: "and", rules: Array.from({ length: 501 }, () => rule(["s", "=", "x"])) },
      /more than 500 rules/,
    ],
    [and(rule(["s", "in", Array.from({ length: 10_001 }, (_, i) => i)])), /more than 10000 values/],
    [{ ...and(), timeZone: "Mars/Olympus" }, /query\.timeZone "Mars\/Olympus" is not a time zone/],
  ])("%#", async (query, message) => {
    expect(await refusal(() => search(query))).toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(message) as string,
    });
  });
});

describe("pages", () => {
  test("follow each other without loss or repetition, whatever the size; the last has no next", async () => {
    for (const limit of [1, 2, 3, 4, 5]) {
      const seen: unknown[] = [];
      let from: string | null = null;
      let pages = 0;
      do {
        const page: { entities: Record<string, unknown>[]; next: string | null } = await searchInBlueprint(
          ctx,
          "thing",
          { query: and(), limit, from, include: null, exclude: [] },
        );
        seen.push(...page.entities.map((entity) => entity["identifier"]));
        from = page.next;
        pages++;
      } while (from !== null);
      expect(seen).toEqual(["one", "two", "three", "four"]);
      expect(pages).toBe(Math.ceil(4 / limit));
    }
  });

  test.each([
    "",
    "x",
    "W10",
    Buffer.from('["x","y"]').toString("base64url"),
    Buffer.from('["2024-01-01T00:00:00Z","\\u0000"]').toString("base64url"),
  ])("cursor %j is refused", async (from) => {
    const refused = await refusal(() =>
      searchInBlueprint(ctx, "thing", { query: and(), limit: 1, from, include: null, exclude: [] }),
    );
    expect(refused.message).toMatch(/^from is not a cursor/);
  });

  test("include and exclude name properties directly and metas with $", async () => {
    const get = async (include: string[] | null, exclude: string[]): Promise<unknown> =>
      (
        await searchInBlueprint(ctx, "thing", {
          query: and(rule(["$identifier", "=", "two"])),
          limit: 1,
          from: null,
          include,
          exclude,
        })
      ).entities[0];
    expect(await get(["$identifier", "$title", "s", "nope"], [])).toEqual({
      identifier: "two",
      title: "two",
      properties: { s: "beta" },
    });
    expect(await get(["properties"], ["s", "l", "o", "at", "free", "b", "c", "e"])).toEqual({
      properties: { n: 2.5 },
    });
    const all = (await get(null, ["properties", "$team"])) as object;
    expect(all).not.toHaveProperty("properties");
    expect(all).not.toHaveProperty("team");
    expect(all).toMatchObject({ identifier: "two", blueprint: "thing", relations: {} });
  });
});

const EVERYTHING = {
  shape: { include: null, exclude: [] },
  attachTitles: false,
  excludeDerived: false,
  allowPartial: false,
};

describe("over all blueprints", () => {
  test.each<[object, string[], string[]]>([
    [and(rule(["n", "=", 2.5])), ["five", "two"], ["other", "thing"]],
    [and(rule(["only", "!=", "y"])), ["five"], ["other"]],
    [and(rule(["s", "!=", "Alpha"])), ["two", "three", "four"], ["thing"]],
    [and(rule(["$title", "contains", "two"])), ["five", "two"], ["other", "thing"]],
    [and(rule(["$blueprint", "=", "other"])), ["five"], ["other"]],
    [and(rule(["nowhere", "isEmpty"])), [], []],
    [or(rule(["only", "=", "x"]), rule(["b", "=", true])), ["five", "one"], ["other", "thing"]],
  ])("%j", async (query, identifiers, matchingBlueprints) => {
    const found = await searchEverywhere(ctx, query, EVERYTHING);
    const entities = [];
    for await (const page of found.pages) entities.push(...page);
    expect(entities.map((entity) => entity["identifier"])).toEqual(identifiers);
    expect([...found.matchingBlueprints]).toEqual(matchingBlueprints);
  });
});
