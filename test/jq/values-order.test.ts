import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/jq/value.ts";
import { compare, equals } from "../../src/jq/values/order.ts";
import { sortBy } from "../../src/jq/values/sort.ts";
import { compareText } from "../../src/jq/values/text.ts";
import { makeRuntime, nestedArray, nestedObject } from "./values-runtime.ts";

const rt = makeRuntime(Number.POSITIVE_INFINITY);
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const bytes = new TextEncoder();

describe("the order of all values", () => {
  /** Each is below the next. */
  const ladder: readonly Json[] = [
    null,
    false,
    true,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    -1,
    0,
    5e-324,
    1,
    Number.POSITIVE_INFINITY,
    "",
    "\u0000",
    "A",
    "a",
    "aa",
    "b",
    "é",
    "\uffff",
    "\u{10000}",
    [],
    [null],
    [null, null],
    [1],
    [1, [0]],
    [2],
    ["a"],
    [[]],
    [{}],
    {},
    { a: 1 },
    { a: 2 },
    { a: 0, b: 0 },
    { a: 1, b: 0 },
    { a: 0, c: 0 },
    { b: -1 },
    { "\uffff": 1 },
    { "\u{10000}": 0 },
  ];

  test("is the ladder's", () => {
    for (const [i, low] of ladder.entries())
      for (const [j, high] of ladder.entries()) {
        const isNan = Number.isNaN(low) && i === j;
        expect([low, high, Math.sign(compare(low, high, rt))]).toEqual([
          low,
          high,
          isNan ? -1 : Math.sign(i - j),
        ]);
      }
  });

  test("does not depend on the order of keys", () => {
    expect(compare({ a: 1, b: 2 }, { b: 2, a: 1 }, rt)).toBe(0);
    expect(equals({ a: 1, b: 2 }, { b: 2, a: 1 }, rt)).toBe(true);
    expect(compare({ b: 1, a: 2 }, { a: 1, b: 2 }, rt)).toBeGreaterThan(0);
  });

  test("is antisymmetric, and zero for equal values alone", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(Math.sign(compare(a, b, rt))).toBe(-Math.sign(compare(b, a, rt)) + 0);
        expect(equals(a, b, rt)).toBe(compare(a, b, rt) === 0);
        expect(compare(a, structuredClone(a), rt)).toBe(0);
        expect(equals(a, structuredClone(a), rt)).toBe(true);
      }),
      { numRuns: 3000, seed: 7 },
    );
  });

  test("of strings is that of their bytes in UTF-8", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "b", "é", "\ud7ff", "\ue000", "\uffff", "😀", "\u{10000}"),
    });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(compareText(a, b)).toBe(Buffer.compare(bytes.encode(a), bytes.encode(b)));
      }),
      { numRuns: 3000, seed: 8 },
    );
  });

  test("nan equals nothing, but what holds it equals itself", () => {
    const holder = [Number.NaN];
    expect(equals(Number.NaN, Number.NaN, rt)).toBe(false);
    expect(equals(holder, [Number.NaN], rt)).toBe(false);
    expect(equals(holder, holder, rt)).toBe(true);
    expect(equals(0, -0, rt)).toBe(true);
  });

  test("absent values of JavaScript objects do not count", () => {
    const holey = { a: 1, b: undefined } as unknown as Json;
    expect(equals(holey, { a: 1 }, rt)).toBe(true);
    expect(compare({ a: 1 }, holey, rt)).toBe(0);
  });
});

describe("sorting", () => {
  test("is stable and by the keys", () => {
    const pair = fc.tuple(fc.constantFrom<Json>(null, 1, "a", [1], [2], { a: 1 }, 1.5), fc.nat());
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 60 }), (pairs) => {
        const values = pairs.map(([, value], at) => [value, at]);
        const keys = pairs.map(([key]) => key);
        const sorted = sortBy(values, keys, rt) as [number, number][];
        expect(sorted.toSorted((a, b) => a[1] - b[1])).toEqual(values);
        for (const [at, [, place]] of sorted.entries()) {
          const before = sorted[at - 1]?.[1];
          if (before === undefined) continue;
          const order = compare(keys[before] as Json, keys[place] as Json, rt);
          expect(order < 0 || (order === 0 && before < place)).toBe(true);
        }
      }),
      { numRuns: 500, seed: 9 },
    );
  });
});

describe("deep values", () => {
  test.each([
    [10_000, nestedArray],
    [9999, nestedObject],
  ])("%i levels are compared", (levels, nested) => {
    expect(compare(nested(levels), nested(levels), rt)).toBe(0);
    expect(equals(nested(levels), nested(levels), rt)).toBe(true);
  });

  test.each([
    [10_002, nestedArray],
    [10_001, nestedObject],
    [100_000, nestedArray],
    [100_000, nestedObject],
  ])("%i levels are too many", (levels, nested) => {
    expect(() => compare(nested(levels), nested(levels), rt)).toThrow("Comparison too deep");
    expect(() => equals(nested(levels + 1), nested(levels + 1), rt)).toThrow("Equality check too deep");
  });
});
