import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pickCatalogSearch } from "../../src/web/lib/catalog-address.ts";
import {
  type CatalogView,
  decodeCatalogSearch,
  EMPTY_VIEW,
  encodeCatalogSearch,
  isFinished,
  MAX_WIDTH,
  MIN_WIDTH,
  queryOf,
  TOTALS,
} from "../../src/web/lib/catalog-search.ts";

const id = fc.stringMatching(/^\$?[A-Za-z0-9@_=]{1,12}$/);
const value = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  fc.boolean(),
  fc.array(fc.string({ minLength: 1 }), { minLength: 1 }),
);
const view: fc.Arbitrary<CatalogView> = fc.record({
  text: fc.string(),
  filter: fc.record({
    combinator: fc.constantFrom("and" as const, "or" as const),
    rules: fc.array(fc.record({ property: id, operator: fc.constantFrom("=", "in", "contains"), value }), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
  sort: fc.uniqueArray(
    fc.record({ property: id, direction: fc.constantFrom("asc" as const, "desc" as const) }),
    { selector: ({ property }) => property, maxLength: 5 },
  ),
  groups: fc.uniqueArray(id, { maxLength: 3 }),
  columns: fc.option(fc.uniqueArray(id, { minLength: 1, maxLength: 4 })),
  widths: fc.dictionary(id, fc.integer({ min: MIN_WIDTH, max: MAX_WIDTH }), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  totals: fc.dictionary(id, fc.constantFrom(...TOTALS), { maxKeys: 3, noNullPrototype: true }),
});

describe("the address of a table", () => {
  test("says everything about the view, and nothing else", () => {
    fc.assert(
      fc.property(view, (given) => {
        const { view: read, problems } = decodeCatalogSearch(pickCatalogSearch(encodeCatalogSearch(given)));
        expect(problems).toEqual([]);
        expect(read).toEqual(given);
      }),
      { seed: 3, numRuns: 200 },
    );
    expect(encodeCatalogSearch(EMPTY_VIEW)).toEqual({});
  });

  test("says what differs from the view that it starts from, what is taken away too", () => {
    fc.assert(
      fc.property(view, view, (given, base) => {
        const address = encodeCatalogSearch(given, base);
        expect(decodeCatalogSearch(pickCatalogSearch(address), base)).toEqual({ view: given, problems: [] });
        expect(encodeCatalogSearch({ ...base, text: "" }, base)).toEqual({});
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  test.each([
    [{ f: "{" }, "its filter"],
    [{ f: '{"combinator":"xor","rules":[]}' }, "its filter"],
    [{ f: '{"combinator":"and","rules":[1]}' }, "its filter"],
    [{ s: "a b" }, "its sort order"],
    [{ s: "a,b,c,d,e,f" }, "its sort order"],
    [{ w: "a:10" }, "its column widths"],
    [{ w: "a:100000" }, "its column widths"],
    [{ t: "a:everything" }, "its totals"],
  ])("%j is left out and named", (search, problem) => {
    const { view: read, problems } = decodeCatalogSearch(search);
    expect(read).toEqual(EMPTY_VIEW);
    expect(problems).toEqual([problem]);
  });

  test("keeps known keys with texts only", () => {
    expect(pickCatalogSearch({ q: "x", s: 1, other: "y", g: "", f: "x".repeat(7000) })).toEqual({ q: "x" });
  });
});

test("the query holds the text, the finished rules, and what every row must fulfil", () => {
  const rule = { property: "tier", operator: "=", value: "a" };
  const unfinished = [
    { property: "tier", operator: "=" },
    { property: "tier", operator: "in", value: [] },
    { property: "tier", operator: "=", value: "" },
  ];
  expect(unfinished.map(isFinished)).toEqual([false, false, false]);
  expect(isFinished({ property: "tier", operator: "isEmpty" })).toBe(true);
  const must = { property: "$blueprint", operator: "=", value: "service" };
  const filter = { combinator: "or" as const, rules: [rule, ...unfinished] };
  expect(queryOf({ text: " api ", filter }, [must])).toEqual({
    combinator: "and",
    rules: [
      must,
      {
        combinator: "or",
        rules: [
          { property: "$title", operator: "contains", value: "api" },
          { property: "$identifier", operator: "contains", value: "api" },
        ],
      },
      { combinator: "or", rules: [rule] },
    ],
  });
  expect(queryOf({ text: " ", filter: { combinator: "and", rules: unfinished } })).toEqual({
    combinator: "and",
    rules: [],
  });
});
