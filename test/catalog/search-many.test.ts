/** Many queries of writes at once (data-model.md §4.3). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findMany } from "../../src/catalog/search-many.ts";
import { parseQuery } from "../../src/model/query.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { countStatements } from "../support/count-statements.ts";
import { put } from "./fixture.ts";
import { and, NOW, or, rule, search, thingCatalog } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await thingCatalog(ctx);
});
afterAll(() => t.close());

const lookup = (query: object, blueprint = "thing", limit = 100) => ({
  blueprint,
  query: parseQuery(query, "query"),
  limit,
});

const QUERIES = [
  and(rule(["$identifier", "=", "one"])),
  and(rule(["$identifier", "=", "nobody"])),
  and(rule(["$title", "=", "two"])),
  and(rule(["s", "=", "Alpha"])),
  and(rule(["s", "=", "beta"])),
  and(rule(["s", "=", null])),
  and(rule(["s", "!=", "Alpha"])),
  and(rule(["n", "=", 2.5])),
  and(rule(["s", "in", ["Alpha", "beta"]])),
  and(rule(["l", "contains", "y"])),
  and(rule(["nope", "=", "x"])),
  or(rule(["s", "=", "Alpha"]), rule(["$title", "=", "two"])),
  and({ operator: "relatedTo", blueprint: "thing", value: "one" }),
  and(),
];

describe("§4.3 identifiers, relations and teams by query", () => {
  test("§4.3 many queries at once find what each finds alone, oldest first", async () => {
    const found = await findMany(
      ctx,
      QUERIES.map((query) => lookup(query)),
    );
    for (const [i, query] of QUERIES.entries())
      expect([query, found[i]]).toEqual([query, await search(ctx, query)]);
  });

  test("§4.3 each has its own limit, also when the same text is asked for twice", async () => {
    const query = and(rule(["$createdBy", "beginsWith", "client"]));
    const equal = and(rule(["s", "=", "Alpha"]));
    const found = await findMany(ctx, [
      lookup(query, "thing", 2),
      lookup(query, "thing", 3),
      lookup(equal, "thing", 1),
      lookup(equal),
    ]);
    expect(found).toEqual([["one", "two"], ["one", "two", "three"], ["one"], ["one"]]);
  });

  test("§4.3 in several blueprints; one that does not exist has nothing", async () => {
    const query = and(rule(["n", "=", 2.5]));
    expect(await findMany(ctx, [lookup(query), lookup(query, "other"), lookup(query, "nowhere")])).toEqual([
      ["two"],
      ["five"],
      [],
    ]);
    expect(await findMany(ctx, [])).toEqual([]);
  });

  test("§4.3 equalities of text are one statement for each property, however many; others go by the hundred", async () => {
    const titles = Array.from({ length: 1000 }, (_, i) => lookup(and(rule(["$title", "=", `t${i}`]))));
    const counted = countStatements(t.database.kysely);
    await findMany({ ...ctx, db: counted.db }, titles);
    expect(counted.statements.filter((text) => text.includes("from entity"))).toHaveLength(1);
    const others = Array.from({ length: 250 }, (_, i) => lookup(and(rule(["n", "=", i]))));
    const more = countStatements(t.database.kysely);
    await findMany({ ...ctx, db: more.db }, others);
    expect(more.statements.filter((text) => text.includes("from entity"))).toHaveLength(3);
  });

  test("§4.3 a text of any length", async () => {
    const long = "x".repeat(5000);
    await put({ ...ctx, now: () => new Date("2024-06-06T00:00:00Z") }, "thing", {
      identifier: "long",
      title: long,
      properties: { s: long },
    });
    expect(
      await findMany(ctx, [lookup(and(rule(["s", "=", long]))), lookup(and(rule(["s", "=", `${long}y`])))]),
    ).toEqual([["long"], []]);
  });
});
