import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { refusal } from "./fixture.ts";
import { and, NOW, rule, search, thingCatalog } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await thingCatalog(ctx);
});
afterAll(() => t.close());

describe("§5.2 refused, naming the rule", () => {
  const nest = (depth: number): object => (depth === 0 ? and() : and(nest(depth - 1)));
  test.each<[unknown, RegExp]>([
    [null, /query must be an object with combinator and rules, not null/],
    [{ combinator: "xor", rules: [] }, /query\.combinator "xor" is not one of and, or/],
    [{ combinator: "and" }, /query\.rules must be a list/],
    [and({ property: "s" }), /query\.rules\[0\]\.operator must be a string/],
    [and(rule(["s", "like", "x"])), /query\.rules\[0\]\.operator "like" is not one of =/],
    [and(rule(["s", "constructor", "x"])), /operator "constructor" is not one of/],
    [
      and(rule(["s", "=", "x"]), { scorecardRule: "r", operator: "=", value: "x" }),
      /query\.rules\[1\]\.scorecard must be/,
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
  ])("§5.2 refuses %j", async (query, message) => {
    expect(await refusal(() => search(ctx, query))).toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(message) as string,
    });
  });
});
