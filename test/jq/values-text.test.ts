import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/jq/value.ts";
import { findText, includesText, splitText } from "../../src/jq/values/find-text.ts";
import { patient } from "../support/patience.ts";
import { call, makeRuntime } from "./values-runtime.ts";

const rt = makeRuntime(Number.POSITIVE_INFINITY, 1e9);
const text = fc.string({ unit: fc.constantFrom("a", "b", "A", " ", "é", "\u0000", "☆", "😀", "\u{10ffff}") });
const point = fc.nat({ max: 0x10_ff_ff }).filter((code) => code < 0xd800 || code > 0xdfff);

describe("strings are sequences of code points", () => {
  test("length, slices, explode and implode", () => {
    const bound = fc.oneof(fc.integer({ min: -8, max: 8 }), fc.constant(null));
    fc.assert(
      fc.property(text, bound, bound, (value, from, to) => {
        const points = Array.from(value);
        expect(call("length", value)).toBe(points.length);
        expect(call(".[a:b]", value, [from, to])).toBe(points.slice(from ?? 0, to ?? points.length).join(""));
        expect(call("implode", call("explode", value))).toBe(value);
        expect(call("utf8bytelength", value)).toBe(Buffer.byteLength(value));
        expect(call("split", value, [""])).toEqual(points);
        expect(call("ascii_upcase", value)).toBe(value.replaceAll("a", "A").replaceAll("b", "B"));
        expect(call("ascii_downcase", value)).toBe(value.replaceAll("A", "a"));
      }),
      { numRuns: 3000, seed: 21 },
    );
    fc.assert(
      fc.property(fc.array(point), (points) => {
        expect(call("explode", call("implode", points))).toEqual(points);
      }),
      { numRuns: 1000, seed: 22 },
    );
  });

  test("indices count code points and overlap; pieces of a split join again", () => {
    fc.assert(
      fc.property(
        text,
        fc.string({ unit: fc.constantFrom("a", "☆", "😀"), minLength: 1, maxLength: 2 }),
        (value, part) => {
          const points = Array.from(value);
          const size = Array.from(part).length;
          const expected = points.flatMap((_, at) =>
            points.slice(at, at + size).join("") === part ? [at] : [],
          );
          expect(call("indices", value, [part])).toEqual(expected);
          expect(call("index", value, [part])).toBe(expected.at(0) ?? null);
          expect(call("rindex", value, [part])).toBe(expected.at(-1) ?? null);
          if (value !== "") expect(call("join", call("split", value, [part]), [part])).toBe(value);
        },
      ),
      { numRuns: 3000, seed: 23 },
    );
  });

  test("trim takes White_Space off the ends", () => {
    const blank = fc.string({
      unit: fc.constantFrom(" ", "\t", "\u00a0", "\u1680", "\u2028", "\u3000", "\u0085"),
    });
    fc.assert(
      fc.property(blank, text, blank, (before, value, after) => {
        const inner = `x${value}😀`;
        expect(call("trim", before + inner + after)).toBe(inner);
        expect(call("ltrim", before + inner + after)).toBe(inner + after);
        expect(call("rtrim", before + inner + after)).toBe(before + inner);
        expect(call("trim", before + after)).toBe("");
      }),
      { numRuns: 500, seed: 24 },
    );
  });
});

describe("search", () => {
  const haystack = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 300 });

  test("finds what indexOf finds, long needles too", () => {
    const needle = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 5 }),
      fc
        .tuple(fc.constantFrom("a", "ab", "aab"), fc.integer({ min: 11, max: 30 }))
        .map(([unit, times]) => unit.repeat(times)),
    );
    fc.assert(
      fc.property(haystack, needle, fc.boolean(), (noise, part, overlapping) => {
        const value = part + noise.slice(0, 20) + part.slice(1) + part + noise;
        const expected: number[] = [];
        for (
          let at = value.indexOf(part);
          at >= 0;
          at = value.indexOf(part, at + (overlapping ? 1 : part.length))
        )
          expected.push(at);
        expect(findText(value, part, overlapping, Number.POSITIVE_INFINITY, rt)).toEqual(expected);
        expect(findText(value, part, overlapping, 1, rt)).toEqual(expected.slice(0, 1));
        expect(includesText(noise, part, rt)).toBe(noise.includes(part));
        expect(splitText(value, part, rt)).toEqual(value.split(part));
      }),
      { numRuns: 2000, seed: 25 },
    );
  });

  test("long texts are split like short ones", () => {
    const value = "ab,".repeat(5000);
    expect(splitText(value, ",", rt)).toEqual(value.split(","));
    expect(splitText(value, "b,a", rt)).toEqual(value.split("b,a"));
  });

  test("is linear where indexOf is not", () => {
    const started = performance.now();
    const half = "a".repeat(100_000);
    const value: Json = "a".repeat(1_000_000);
    const needle = `${half}b${half}`;
    expect(call("contains", value, [needle])).toBe(false);
    expect(call("indices", value, [needle])).toEqual([]);
    expect(call("split", value, [needle])).toEqual([value]);
    expect((call("indices", value, [half + half]) as Json[]).length).toBe(800_001);
    expect(performance.now() - started).toBeLessThan(patient(2000));
  });
});
