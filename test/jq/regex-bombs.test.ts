/** Patterns that explode in other engines: each is answered, or ends at the limit of steps, soon and in little memory. */
import { describe, expect, test } from "vitest";
import { JqError } from "../../src/jq/errors.ts";
import { matchAll } from "../../src/jq/regex/results.ts";
import { makeRuntime } from "./values-runtime.ts";

const MANY = "a".repeat(50_000);
/** Far above what it takes (30 to 250 ms): machines differ, and tests share them. */
const MAX_MILLISECONDS = 3000;
const MAX_BYTES = 100_000_000;

function outcome(text: string, pattern: string, flags: string | null): boolean | number | string {
  try {
    const matches = matchAll(text, pattern, flags, false, makeRuntime(1_000_000, 10_000_000));
    return (matches as unknown[]).length;
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    return error.code === "jq_limit" ? "limit" : error.message.replace("Regex failure: ", "");
  }
}

/** How many matches, "limit", or the message of the pattern's error. */
const BOMBS: readonly (readonly [
  pattern: string,
  text: string,
  expected: number | string,
  flags?: string,
])[] = [
  ["(a+)+$", MANY, 1],
  ["(a+)+$", `${MANY}!`, 0],
  ["(a|aa)+$", `${MANY}!`, 0],
  ["(a*)*$", `${MANY}!`, 1],
  ["(.*)*x", MANY, 0],
  ["(x+x+)+y", "x".repeat(50_000), 0],
  ["(?:a|b|ab)*c", MANY, 0],
  ["^(([a-z])+.)+[A-Z]([a-z])+$", MANY, 0],
  [".*.*.*.*b", MANY, 0],
  ["(.|\\n)*?b", MANY, 0],
  ["(a*?)*?b", MANY, 0],
  ["(?:a?){30}a{30}", "a".repeat(30), 1],
  ["(a{1,1000}){1,1000}", MANY, 1],
  ["(a{1,1000}){1,1000}$", `${MANY}!`, "limit"],
  ["((a{1,1000}){1,1000}){1,1000}$", MANY, 1],
  ["(a?){50000}a{50000}", MANY, 1],
  ["[ab]{100000}", MANY, 0],
  ["(?:ab?){100000}", MANY, "limit"],
  ["(a*)*\\1b", MANY, "limit"],
  ["^(a+)\\1+b", MANY, "limit"],
  ["(?=.*x)", MANY, 0],
  ["(?=(a+))a*b\\1", MANY, "limit"],
  ["(?>a+)+b", MANY, 0],
  ["(?~b)*c", MANY, 0],
  ["(a\\g<1>?)b", MANY, "limit"],
  ["(?<r>a\\g<r>|a)*b", MANY, "limit"],
  ["(?<!a{60000})b", MANY, "limit"],
  ["\\X*b", "é".repeat(50_000), 0],
  ["", MANY, 50_001, "g"],
  ["", "é".repeat(50_000), "limit", "g"],
  ["a|ab|abc|a*", MANY, "limit", "gl"],
  ["(a|b)*c", "ab".repeat(2_000_000), "limit"],
  [`${"(".repeat(1500)}a${")".repeat(1500)}`, "a", 1],
  [`${"(".repeat(3000)}a${")".repeat(3000)}`, "a", "parse depth limit over"],
  [`a{2,3}${"{2,3}".repeat(2000)}`, MANY, "limit"],
  [`${"(?:a|".repeat(1000)}b${")*".repeat(1000)}c`, MANY, "limit"],
  ["[a-z]".repeat(10_000), MANY, 5, "g"],
  ["[a-z]".repeat(100_000), MANY, "limit"],
  ["|".repeat(100_000), "a", "the expression is too large"],
  [
    Array.from({ length: 2000 }, (_, i) => `[^${String.fromCodePoint(0x4e00 + i)}]`).join("|"),
    "a",
    "the expression is too large",
  ],
  [`[${"\\p{L}".repeat(200)}]`, "a", "the expression is too large"],
  [`(a)${"(\\g<1>\\g<1>)".repeat(3000)}`, "a", "the expression is too large"],
];

describe("patterns that explode", () => {
  test.each(
    BOMBS.map(([pattern, text, expected, flags]) => ({
      shown: pattern.slice(0, 40),
      pattern,
      text,
      expected,
      flags,
    })),
  )("$shown ends with $expected", ({ pattern, text, expected, flags }) => {
    const before = process.memoryUsage().rss;
    const start = performance.now();
    expect(outcome(text, pattern, flags ?? null)).toBe(expected);
    expect(performance.now() - start).toBeLessThan(MAX_MILLISECONDS);
    expect(process.memoryUsage().rss - before).toBeLessThan(MAX_BYTES);
  });
});

test("many patterns do not pile up", () => {
  const rt = makeRuntime(1e9);
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 20_000; i++) matchAll("x", `${i}[^é]`, null, true, rt);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(MAX_BYTES);
});
