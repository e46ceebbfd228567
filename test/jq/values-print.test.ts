import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/jq/value.ts";
import { numberText } from "../../src/jq/values/number-text.ts";
import { dumpForError, showForError, toJson } from "../../src/jq/values/print.ts";
import { makeRuntime, nestedArray, nestedObject, outcome } from "./values-runtime.ts";

const rt = makeRuntime(Number.POSITIVE_INFINITY);

describe("numbers", () => {
  test.each([
    [1, "1"],
    [-0, "-0"],
    [0.1, "0.1"],
    [1.5, "1.5"],
    [100, "100"],
    [123_456.789, "123456.789"],
    [1e15, "1000000000000000"],
    [1e16, "1e+16"],
    [1.2e16, "12000000000000000"],
    [1e17, "1e+17"],
    [123_456_789_012_345_680_000, "123456789012345680000"],
    [1.234_567_890_123_456_8e30, "1234567890123456800000000000000"],
    [1.25e32, "1.25e+32"],
    [3e300, "3e+300"],
    [-2.5e22, "-2.5e+22"],
    [0.0001, "0.0001"],
    [0.000_12, "0.00012"],
    [0.000_01, "1e-05"],
    [-1.5e-7, "-1.5e-07"],
    [1e-10, "1e-10"],
    [5e-324, "5e-324"],
    [1.05e-19, "1.05e-19"],
    [9_007_199_254_740_992, "9007199254740992"],
    [Number.MAX_VALUE, "1.7976931348623157e+308"],
    [Number.POSITIVE_INFINITY, "1.7976931348623157e+308"],
    [Number.NEGATIVE_INFINITY, "-1.7976931348623157e+308"],
    [Number.NaN, "null"],
  ])("%d is printed as %s", (number, text) => {
    expect(numberText(number)).toBe(text);
  });

  test("are read back as they were, and have no more digits than JavaScript needs", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(numberText(number))).toBe(number);
        const digits = (text: string) =>
          text
            .replace(/e.*/, "")
            .replace(/\D/g, "")
            .replace(/^0+|0+$/g, "");
        expect(digits(numberText(number))).toBe(digits(number.toExponential()));
      }),
      { numRuns: 5000, seed: 3 },
    );
  });
});

describe("JSON", () => {
  test("is that of JSON.stringify, but for numbers and DEL", () => {
    const safe = fc.oneof(fc.integer(), fc.double({ min: 0.001, max: 1e14, noNaN: true }));
    const value = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false),
        safe,
        fc.string({ unit: "binary" }).map((text) => text.replaceAll("\u007f", "")),
        fc.array(tie("value")),
        fc.dictionary(fc.string({ unit: "binary" }), tie("value")),
      ),
    })).value;
    fc.assert(
      fc.property(value, (json) => {
        expect(toJson(json, rt)).toBe(JSON.stringify(json).replaceAll("\u007f", "\\u007f"));
      }),
      { numRuns: 500, seed: 4 },
    );
  });

  test("half a surrogate pair becomes U+FFFD, absent values are left out", () => {
    expect(toJson(["\ud83d", "a\ude00b", "😀"], rt)).toBe('["\ufffd","a\ufffdb","😀"]');
    expect(toJson({ a: 1, b: undefined } as unknown as Json, rt)).toBe('{"a":1}');
  });

  test("deep values are cut at 10,000 levels", () => {
    expect(toJson(nestedArray(10_001), rt)).toBe("[".repeat(10_001) + "]".repeat(10_001));
    expect(toJson([nestedArray(10_001)], rt)).toBe(
      `${"[".repeat(10_001)}<skipped: too deep>${"]".repeat(10_001)}`,
    );
    expect(toJson(nestedObject(100_000), rt)).toContain('{"a":<skipped: too deep>}');
  });

  test("nothing longer than allowed is built", () => {
    const many = Array.from({ length: 1000 }, () => "x".repeat(100));
    expect(outcome("tojson", many, [], makeRuntime(1e6, 50_000))).toBe("! limit");
    let shared: Json = ["x"];
    for (let i = 0; i < 60; i++) shared = [shared, shared];
    expect(outcome("tojson", shared, [], makeRuntime(1e6, 1e7))).toBe("! limit");
  });
});

describe("values in error texts", () => {
  test.each<[Json, string]>([
    [null, "null (null)"],
    [false, "boolean (false)"],
    [1e17, "number (1e+17)"],
    ["a", 'string ("a")'],
    ["a\nb", 'string ("a\\nb")'],
    ["x".repeat(27), `string ("${"x".repeat(27)}")`],
    ["x".repeat(28), `string ("${"x".repeat(24)}...")`],
    ["very-long-long-long-long-string", 'string ("very-long-long-long-long...")'],
    ["☆☆☆☆☆☆☆☆", 'string ("☆☆☆☆☆☆☆☆")'],
    ["xxxx☆☆☆☆☆☆☆☆", 'string ("xxxx☆☆☆☆☆☆...")'],
    ["xxxxxx☆☆☆☆☆☆☆☆", 'string ("xxxxxx☆☆☆☆☆☆...")'],
    ["xxxxxxxx☆☆☆☆☆☆☆☆", 'string ("xxxxxxxx☆☆☆☆☆...")'],
    [[1, [2, { a: "b" }]], 'array ([1,[2,{"a":"b"}]])'],
    [Array.from({ length: 20 }, (_, i) => i), "array ([0,1,2,3,4,5,6,7,8,9,10,1...])"],
    [{ a: { b: { c: 33 } } }, 'object ({"a":{"b":{"c":33}}})'],
    [{ longer: "than the room there is", x: 1 }, 'object ({"longer":"than the room ...})'],
  ])("%# %j", (value, text) => {
    expect(showForError(value)).toBe(text);
  });

  test("of deep values show the outermost levels", () => {
    expect(showForError(nestedArray(100_000))).toBe(`array (${"[".repeat(25)}...])`);
    expect(showForError(nestedObject(100_000))).toBe('object ({"a":{"a":{"a":{"a":{"a":...})');
  });

  test("take 29 bytes at most, and the same each time", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "grapheme" }) as fc.Arbitrary<Json>, (value) => {
        const text = dumpForError(value);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(29);
        if (Buffer.byteLength(toJson(value, rt)) <= 29) expect(text).toBe(toJson(value, rt));
      }),
      { numRuns: 2000, seed: 5 },
    );
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key${i}`, i]));
    expect(dumpForError(wide)).toBe('{"key0":0,"key1":1,"key2"...}');
    expect(dumpForError(wide)).toBe('{"key0":0,"key1":1,"key2"...}');
  });
});
