import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { searchInBlueprint } from "../../src/catalog/search-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, put, refusal } from "./fixture.ts";
import { and, NOW, rule, thingCatalog } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await thingCatalog(ctx);
});
afterAll(() => t.close());

/** Identifiers over all pages of a size. */
async function sorted(
  sort: unknown,
  limit = 1000,
  query: unknown = and(),
  blueprint = "thing",
): Promise<string[]> {
  const seen: string[] = [];
  let from: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof searchInBlueprint>> = await searchInBlueprint(ctx, blueprint, {
      query,
      limit,
      from,
      include: null,
      exclude: [],
      sort,
    });
    seen.push(...page.entities.map((entity) => String(entity["identifier"])));
    from = page.next;
  } while (from !== null);
  return seen;
}

const by = (property: string, direction: "asc" | "desc" = "asc") => ({ property, direction });

describe("pages in an order that is asked for", () => {
  test.each([
    ["text, without regard to case", [by("s")], ["three", "one", "two", "four"]],
    [
      "text, the other way round: those without a value stay last",
      [by("s", "desc")],
      ["two", "one", "three", "four"],
    ],
    ["numbers", [by("n")], ["three", "one", "two", "four"]],
    ["booleans", [by("b")], ["two", "one", "three", "four"]],
    ["times, whatever their offset", [by("at", "desc")], ["three", "two", "one", "four"]],
    ["titles, of which an identifier takes the place", [by("$title")], ["four", "one", "three", "two"]],
    ["creation", [by("$createdAt", "desc")], ["four", "three", "two", "one"]],
    ["teams, by the first; equal ones by age", [by("$team")], ["one", "two", "three", "four"]],
    ["two keys", [by("$team", "desc"), by("n", "desc")], ["two", "one", "three", "four"]],
  ])("%s", async (_, sort, expected) => {
    for (const limit of [1, 2, 3, 1000]) expect(await sorted(sort, limit)).toEqual(expected);
  });

  test("goes together with a query", async () => {
    expect(await sorted([by("n", "desc")], 1, and(rule(["s", "isNotEmpty"])))).toEqual([
      "two",
      "one",
      "three",
    ]);
  });

  test("is the same as sorting all of them, whatever the keys and the size of the page", async () => {
    await define(
      ctx,
      "sample",
      { s: { type: "string" }, n: { type: "number" }, d: { type: "string", format: "date-time" } },
      { relations: { up: { target: "sample" } } },
    );
    const values = [null, "a", "B", "b", "Ä", "zz"];
    const days = [null, "2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00", "2023-05-05T00:00:00.5Z"];
    const rows = Array.from({ length: 24 }, (_, index) => ({
      identifier: `e${String(index).padStart(2, "0")}`,
      properties: {
        s: values[(index * 7) % 6] ?? null,
        n: index % 5 === 0 ? null : ((index * 13) % 4) - 1.5,
        d: days[(index * 3) % 4] ?? null,
      },
    }));
    for (const row of rows) await put(ctx, "sample", row);
    for (const row of rows.slice(0, 12))
      await put(ctx, "sample", {
        ...row,
        relations: { up: rows[(row.identifier.length * 5) % 24]?.identifier },
      });
    const all = await sorted([], 1000, and(), "sample");
    const compare: Record<string, (row: (typeof rows)[number]) => string | number | null> = {
      s: ({ properties }) => properties.s?.toLowerCase() ?? null,
      n: ({ properties }) => properties.n,
      d: ({ properties }) => (properties.d === null ? null : Date.parse(properties.d)),
      $identifier: ({ identifier }) => identifier,
    };
    const key = fc.record({
      property: fc.constantFrom(...Object.keys(compare)),
      direction: fc.constantFrom("asc" as const, "desc" as const),
    });
    const keys = fc.uniqueArray(key, { selector: ({ property }) => property, minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 25 }), async (sort, limit) => {
        const expected = rows
          .map((row) => ({ row, age: all.indexOf(row.identifier) }))
          .toSorted((a, b) => {
            for (const { property, direction } of sort) {
              const of = compare[property] as (row: (typeof rows)[number]) => string | number | null;
              const [left, right] = [of(a.row), of(b.row)];
              if (left === right) continue;
              if (left === null) return 1;
              if (right === null) return -1;
              return (left < right ? -1 : 1) * (direction === "asc" ? 1 : -1);
            }
            return a.age - b.age;
          })
          .map(({ row }) => row.identifier);
        expect(await sorted(sort, limit, and(), "sample")).toEqual(expected);
      }),
      { numRuns: 25, seed: 7 },
    );
  });

  test.each([
    ["x", "sort must be an array, not string"],
    [["x"], "sort[0] must be an object, not string"],
    [[{}], "sort[0].property must be a string, not undefined"],
    [[by("nope")], 'sort[0].property "nope" is not a property or relation of blueprint "thing"'],
    [[by("l")], 'sort[0].property "l" is of type array, which has no order'],
    [[{ property: "s", direction: "up" }], 'sort[0].direction "up" is not one of asc, desc'],
    [[by("s"), by("s")], 'sort names "s" twice'],
    [Array.from({ length: 6 }, () => by("s")), "sort has 6 keys; at most 5 are allowed"],
  ])("%j is refused", async (sort, message) => {
    expect((await refusal(() => sorted(sort))).message).toBe(message);
  });

  test("a cursor belongs to its order, and what is no cursor is refused", async () => {
    const request = { query: and(), limit: 1, include: null, exclude: [] };
    const { next } = await searchInBlueprint(ctx, "thing", { ...request, from: null, sort: [by("s")] });
    expect(next).not.toBeNull();
    for (const [from, sort] of [
      [next, [by("s", "desc")]],
      [next, [by("n")]],
      [next, null],
      ["x", [by("s")]],
      [
        Buffer.from(
          JSON.stringify(["thing", "2024-06-01T00:00:00+00:00", "one", [["n", false]], ["1e9"]]),
        ).toString("base64url"),
        [by("n")],
      ],
    ] as const)
      expect(
        (await refusal(() => searchInBlueprint(ctx, "thing", { ...request, from, sort }))).message,
      ).toMatch(/^from is (a|not a) cursor/);
  });
});
