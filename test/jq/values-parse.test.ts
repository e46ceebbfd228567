import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JqError } from "../../src/jq/errors.ts";
import type { Json } from "../../src/jq/value.ts";
import { readNumber } from "../../src/jq/values/number-text.ts";
import { parseJson } from "../../src/jq/values/parse-json.ts";
import { toJson } from "../../src/jq/values/print.ts";
import { patient } from "../support/patience.ts";
import { makeRuntime, nestedArray } from "./values-runtime.ts";

const parse = (text: string): Json => parseJson(text, makeRuntime());

describe("fromjson", () => {
  test.each([
    ["nan", "null"],
    ["-NaN", "null"],
    ["[NaN00,snan]", "[null,null]"],
    ["[Infinity,-inf]", "[1.7976931348623157e+308,-1.7976931348623157e+308]"],
    ["[+1,.5,1.,01,1e400]", "[1,0.5,1,1,1.7976931348623157e+308]"],
    [' \t\r\n{"a" : [ 1 , 2 ] }\n', '{"a":[1,2]}'],
    ['{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'],
    ['{"__proto__":{"x":nan}}', '{"__proto__":{"x":null}}'],
    ['"\\ud83d\\ude00\\u00e9\\/\\b"', '"😀é/\\b"'],
    ['"a\\udc00b"', '"a\ufffdb"'],
    ["\ufeff[1]", "[1]"],
    ["1\u00002", "1"],
  ])("%j is %s", (text, json) => {
    expect(toJson(parse(text), makeRuntime())).toBe(json);
  });

  test.each([
    ["", "Expected JSON value"],
    [" \n", "Expected JSON value"],
    ["1 2", "Unexpected extra JSON values"],
    ["[] x", "Invalid numeric literal at EOF at line 1, column 4"],
    ["1]", "Unmatched ']' at line 1, column 2"],
    ["{'a': 123}", "Invalid string literal; expected \", but got ' at line 1, column 5"],
    ["NaN1", "Invalid numeric literal at EOF at line 1, column 4"],
    ["nul", "Invalid literal at EOF at line 1, column 3"],
    ["[truth]", "Invalid literal at line 1, column 7"],
    ["[1,2", "Unfinished JSON term at EOF at line 1, column 4"],
    ["[1,]", "Expected another array element at line 1, column 4"],
    ["[1 2]", "Expected separator between values at line 1, column 5"],
    ["[,1]", "Expected value before ',' at line 1, column 2"],
    ["1,2", "Expected value before ',' at line 1, column 2"],
    ['{"a":1,}', "Expected another key-value pair at line 1, column 8"],
    ['{"a"}', "Objects must consist of key:value pairs at line 1, column 5"],
    ['{"a":1 "b"}', "Expected separator between values at line 1, column 10"],
    ["{1:2}", "Object keys must be strings at line 1, column 3"],
    ["[1:2]", "':' not as part of an object at line 1, column 3"],
    ["{:1}", "Expected string key before ':' at line 1, column 2"],
    ["[1}", "Objects must consist of key:value pairs at line 1, column 3"],
    ["[}", "Unmatched '}' at line 1, column 2"],
    ["}", "Unmatched '}' at line 1, column 1"],
    ['"abc', "Unfinished string at EOF at line 1, column 4"],
    ['"a\\x"', "Invalid escape at line 1, column 5"],
    ['"\\u12"', "Invalid \\uXXXX escape at line 1, column 6"],
    ['"\\u12g4"', "Invalid characters in \\uXXXX escape at line 1, column 8"],
    ['"\\ud83dx"', "Invalid \\uXXXX\\uXXXX surrogate pair escape at line 1, column 9"],
    [
      '"a\u0001"',
      "Invalid string: control characters from U+0000 through U+001F must be escaped at line 1, column 4",
    ],
    ['["é😀"\n,\n "ü" x]', "Invalid numeric literal at line 3, column 8"],
    ["\uff01", "Malformed BOM"],
  ])("%j: %s", (text, message) => {
    expect(() => parse(text)).toThrow(new JqError(`${message} (while parsing '${text}')`));
  });

  test("goes 10,000 levels deep; keys count", () => {
    expect(toJson(parse("[".repeat(10_000) + "]".repeat(10_000)), makeRuntime())).toBe(
      toJson(nestedArray(10_000), makeRuntime()),
    );
    expect(() => parse("[".repeat(10_001) + "]".repeat(10_001))).toThrow("Exceeds depth limit for parsing");
    expect(() => parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`)).not.toThrow();
    expect(() => parse(`${'{"a":'.repeat(5001)}1${"}".repeat(5001)}`)).toThrow(
      "Exceeds depth limit for parsing at line 1, column 25001",
    );
    expect(() => parse("[".repeat(1_000_000))).toThrow("Exceeds depth limit for parsing");
  });

  test("reads what JSON.stringify writes, also when something makes it take jq's way", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: "grapheme" }), fc.nat(), (value, indent) => {
        const text = JSON.stringify(value, null, indent % 3);
        // Not `value`: JSON.stringify drops the sign of -0.
        expect(parse(text)).toEqual(JSON.parse(text));
        expect(parse(`[nan,${text}]`)).toEqual([Number.NaN, JSON.parse(text)]);
      }),
      { numRuns: 2000, seed: 11 },
    );
  });

  test("fails by JqError alone, on any text", () => {
    const token = fc.constantFrom(
      "[",
      "]",
      "{",
      "}",
      ":",
      ",",
      '"',
      "\\",
      "\\u",
      "d83d",
      " ",
      "\n",
      "1",
      "nan",
      "'",
      "é",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(token, fc.string({ unit: "binary", maxLength: 3 }))), (tokens) => {
        try {
          parse(tokens.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(JqError);
        }
      }),
      { numRuns: 4000, seed: 12 },
    );
  });

  test("is metered", () => {
    expect(() => parseJson("[1,nan]".repeat(1000), makeRuntime(100))).toThrow("steps");
    expect(() => parseJson(`"${"x".repeat(1000)}"`, makeRuntime(1e6, 500))).toThrow("output");
  });
});

describe("numbers in strings", () => {
  test("are read in linear time", () => {
    const started = performance.now();
    for (const text of ["1", ".1", "1.", "e1"])
      expect(readNumber(`${text.repeat(200_000)}x`)).toBeUndefined();
    expect(readNumber("9".repeat(400_000))).toBe(Number.POSITIVE_INFINITY);
    expect(performance.now() - started).toBeLessThan(patient(1000));
  });
});
