/** Regular expressions: a table of what jq finds, the builtins, and their errors. */
import { describe, expect, test } from "vitest";
import { JqError } from "../../src/jq/errors.ts";
import { regexNatives } from "../../src/jq/regex/natives.ts";
import { LENGTHS, Op } from "../../src/jq/regex/program.ts";
import { compile } from "../../src/jq/index.ts";
import type { Json } from "../../src/jq/value.ts";
import { REGEX_TOPICS } from "./regex-cases.ts";
import { matchAll } from "../../src/jq/regex/results.ts";
import { matchesOf } from "./regex-runtime.ts";
import { makeRuntime } from "./values-runtime.ts";

describe.each(Object.entries(REGEX_TOPICS))("%s", (_topic, cases) => {
  test.each(cases)("/%s/%s on %j finds %j", (pattern, flags, text, expected) => {
    expect(matchesOf(pattern, flags, text)).toBe(expected);
  });
});

test("there are more than three hundred cases, none twice", () => {
  const keys = Object.values(REGEX_TOPICS).flatMap((cases) =>
    cases.map((row) => row.slice(0, 3).join("\u0000")),
  );
  expect(keys.length).toBeGreaterThan(300);
  expect(new Set(keys).size).toBe(keys.length);
});

test("every instruction has a length", () => {
  expect(LENGTHS).toHaveLength(Object.keys(Op).length);
  expect(Object.values(Op).toSorted((a, b) => a - b)).toEqual(LENGTHS.map((_, number) => number));
});

/** What a native gives, or the message of its error. */
function call(name: string, input: Json, ...args: Json[]): Json {
  const native = regexNatives.get(name);
  if (native === undefined) throw new Error(`no ${name}`);
  try {
    return (native.run as (...all: unknown[]) => Json)(input, ...args, makeRuntime());
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    return `! ${error.message}`;
  }
}

describe("match", () => {
  test("shows offset, length, string and captures, in jq's order of keys", () => {
    expect(JSON.stringify(call("_match_impl/3", "xab", "(?<n>a)(b)|(c)", null, false))).toBe(
      '[{"offset":1,"length":2,"string":"ab","captures":[{"offset":1,"length":1,"string":"a","name":"n"},' +
        '{"offset":2,"length":1,"string":"b","name":null},{"offset":-1,"string":null,"length":0,"name":null}]}]',
    );
    expect(JSON.stringify(call("_match_impl/3", "b", "(a*)", "", false))).toBe(
      '[{"offset":0,"length":0,"string":"","captures":[{"offset":0,"string":"","length":0,"name":null}]}]',
    );
  });

  const errors: readonly (readonly [input: Json, pattern: Json, flags: Json, expected: string])[] = [
    [1, "a", null, "! number (1) cannot be matched, as it is not a string"],
    [null, "(", "q", "! null (null) cannot be matched, as it is not a string"],
    ["a", 1, "q", "! number (1) is not a string"],
    ["a", ["a"], null, '! array (["a"]) is not a string'],
    ["a", "(", "q", "! q is not a valid modifier string"],
    ["a", "a", "gé", "! gé is not a valid modifier string"],
    ["a", "a", {}, "! object ({}) is not a string"],
    ["a", "(", null, "! Regex failure: end pattern with unmatched parenthesis"],
  ];
  test.each(errors)("of %j by %j with flags %j is %j", (input, pattern, flags, expected) => {
    expect(call("_match_impl/3", input, pattern, flags, false)).toBe(expected);
    expect(call("test/2", input, pattern, flags)).toBe(expected);
  });
});

test.each([
  ["b", true],
  [["b"], true],
  [["B", "i"], true],
  [["B", null], false],
  [["b", "g", 1], true],
  [[], "! array not a string or array"],
  [1, "! number not a string or array"],
  [null, "! null not a string or array"],
  [[null], "! null (null) is not a string"],
] as const)("test(%j) is %j", (what, expected) => {
  expect(call("test/1", "abc", what as unknown as Json)).toBe(expected);
});

test.each([
  ["a, b,c", ", *", null, ["a", "b", "c"]],
  ["aXbxc", "x", "i", ["a", "b", "c"]],
  ["ab", "", null, ["", "a", "b", ""]],
  ["é", "", null, ["", "é", "", ""]],
  ["", "a", null, [""]],
  ["ab", "(a)", "", ["", "b"]],
  ["ab,cd ef", ",? *", "n", ["ab", "cd", "ef"]],
  ["a", "a", 1, '! number (1) and string ("g") cannot be added'],
  [1, "a", null, "! number (1) cannot be matched, as it is not a string"],
] as const)("%j split by %j with flags %j is %j", (input, pattern, flags, expected) => {
  expect(call("split/2", input, pattern, flags)).toEqual(expected);
});

test.each([
  ["a1 b2", "[a-z]", null, ["a", "b"]],
  [
    "a1 b2",
    "([a-z])(\\d)|( )",
    null,
    [
      ["a", "1", null],
      [null, null, " "],
      ["b", "2", null],
    ],
  ],
  ["aB", "b", "i", ["B"]],
  ["qux", "(?=(u))", null, [[""]]],
  ["a", "a", 1, '! string ("g") and number (1) cannot be added'],
] as const)("all that is scanned in %j by %j with flags %j is %j", (input, pattern, flags, expected) => {
  expect(call("_scan_all/2", input, pattern, flags)).toEqual(expected);
});

test.each([
  ["xyzzy-14", "(?<a>[a-z]+)-(?<n>\\d+)", null, [{ a: "xyzzy", n: "14" }]],
  [
    "a1b",
    "(?<l>[a-z])(?<d>\\d)?",
    "g",
    [
      { l: "a", d: "1" },
      { l: "b", d: null },
    ],
  ],
  ["a", "(?<n>a)|(?<n>b)", null, [{ n: null }]],
  ["ab", "(a)(b)", null, [{}]],
  ["b", "(?<n>a)", null, []],
  ["__proto__", "(?<__proto__>_+)", null, [JSON.parse('{"__proto__":"__"}') as Json]],
] as const)("all that is captured in %j by %j with flags %j is %j", (input, pattern, flags, expected) => {
  expect(call("_capture_all/2", input, pattern, flags)).toEqual(expected);
});

describe("replacing", () => {
  const replaced = (input: Json, program: string): unknown => {
    try {
      return compile(program).first(input);
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      return `! ${error.message}`;
    }
  };

  test.each([
    ["abcb", "b", "", "X", "aXcb"],
    ["abcb", "b", "g", "X", "aXcX"],
    ["ab", "", "g", "-", "-a-b-"],
    ["", "", "g", "-", "-"],
    ["é", "", "g", "-", "-é--"],
    ["ab", "^", "g", ">", ">ab"],
    ["ab", "$", "g", "<", "ab<"],
    ["qux", "(?=u)", "g", "u", "quux"],
    ["😀é", "é", "", "e", "😀e"],
    ["abc", "z", "g", "X", "abc"],
    ["aaa", "^.*?a", "g", "b", "baa"],
    ["a\\K", "a\\\\K", "g", "b", "b"],
  ])("%j by /%s/%s with %j is %j", (input, pattern, flags, replacement, expected) => {
    const [by, made, how] = [pattern, replacement, flags].map((text) => JSON.stringify(text));
    expect(replaced(input, `sub(${by}; ${made}; ${how})`)).toBe(expected);
  });

  test("gives the named captures to what makes the replacement, which may match itself", () => {
    const swap = 'gsub("(?<a>.)(?<b>.)"; .b + (.a | gsub("(?<a>.)"; "<>")))';
    expect(replaced("xy-zw", swap)).toBe("y<>z<>w");
  });

  test("takes null for nothing, and no other value than a text", () => {
    expect(replaced("abc", 'sub("b"; null)')).toBe("ac");
    expect(replaced("abc", 'sub("b"; 1)')).toBe('! string ("a") and number (1) cannot be added');
    expect(replaced(1, 'sub("b"; "")')).toBe("! number (1) cannot be matched, as it is not a string");
  });
});

test("many patterns do not pile up", () => {
  const rt = makeRuntime(1e9);
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 20_000; i++) matchAll("x", `${i}[^é]`, null, true, rt);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
});
