/** Operators and builtins on values: a table of what jq answers, and that nothing is changed by them. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JqError } from "../../src/jq/errors.ts";
import type { Json } from "../../src/jq/value.ts";
import { valueNatives } from "../../src/jq/values/natives.ts";
import { containerCases, stringCases } from "./values-cases-builtins.ts";
import { accessCases, arithmeticCases } from "./values-cases.ts";
import { call, makeRuntime, outcome } from "./values-runtime.ts";

describe.each([
  ["arithmetic", arithmeticCases],
  ["access and paths", accessCases],
  ["strings and numbers", stringCases],
  ["arrays and objects", containerCases],
])("%s", (_title, cases) => {
  test.each(cases.map(([name, input, args, expected]) => ({ name, input, args, expected })))(
    "$input | $name($args) is $expected",
    ({ name, input, args, expected }) => {
      expect(outcome(name, input, args)).toBe(expected);
    },
  );
});

const names = [...valueNatives.keys()].map((name) => name.split("/") as [string, string]);
const operators = ["+", "-", "*", "/", "%", "==", "<", ".[k]", ".[a:b]", ".[]", "negate"];

/** Values with the keys and numbers that go wrong in JavaScript. */
const number = fc.oneof(
  fc.integer({ min: -3, max: 5 }),
  fc.double(),
  fc.constantFrom(2 ** 31, 1e17, -0, 0.5),
);
const key = fc.constantFrom("a", "b", "__proto__", "constructor", "toString", "key", "value", "start", "end");
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    fc.constantFrom(null, true, false, "", "a", "ab", "é😀", ",", "1"),
    number,
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs) as Json),
  ),
})).value;

function freeze(value: Json): Json {
  if (typeof value === "object" && value !== null) {
    Object.freeze(value);
    for (const item of Object.values(value)) freeze(item);
  }
  return value;
}

describe("properties of all of them", () => {
  const anyCall = fc.oneof(
    fc.constantFrom(...names),
    fc.constantFrom(...operators).map((name) => [name, "2"] as [string, string]),
  );

  test("they change nothing they are given, and fail by JqError alone", () => {
    fc.assert(
      fc.property(anyCall, json, json, json, ([name, arity], input, a, b) => {
        try {
          // Frozen values make every change a TypeError.
          const args = [freeze(a), freeze(b)].slice(0, Number(arity));
          call(name, freeze(input), args, makeRuntime(1e5, 1e6));
        } catch (error) {
          if (!(error instanceof JqError)) throw error;
        }
      }),
      { numRuns: 20_000, seed: 20_250_601 },
    );
  });

  test("a larger allowance gives the same result", () => {
    fc.assert(
      fc.property(anyCall, json, json, json, ([name, arity], input, a, b) => {
        const args = [a, b].slice(0, Number(arity));
        const tight = outcome(name, input, args, makeRuntime(200, 4000));
        expect([outcome(name, input, args), "! limit"]).toContain(tight);
      }),
      { numRuns: 5000, seed: 20_250_602 },
    );
  });
});
