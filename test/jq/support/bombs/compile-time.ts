import { any, bomb, nested, type Bomb } from "./bomb.ts";

export const COMPILE_TIME: readonly Bomb[] = [
  bomb("100 kB of opening parentheses", () => "(".repeat(100_000), ["compile"]),
  bomb("100 kB of parentheses that close", () => nested(50_000, "(", ")", "1"), ["compile", any]),
  bomb("100 kB of opening brackets", () => "[".repeat(100_000), ["compile"]),
  bomb("50,000 arrays in each other", () => nested(50_000, "[", "]", "1"), ["compile"]),
  bomb("20,000 objects in each other", () => nested(20_000, "{a:", "}", "1"), ["compile"]),
  bomb("5,000 strings in each other", () => nested(5_000, '"\\(', ')"', "1"), ["compile", any]),
  bomb("20,000 ifs in each other", () => nested(20_000, "if . then ", " end", "1"), ["compile"]),
  bomb("50,000 minus signs", () => `${"-".repeat(50_000)}1`, ["compile", any]),
  bomb("50,000 tries", () => `${"try ".repeat(50_000)}1`, ["compile", any]),
  bomb("50,000 question marks", () => `.${"?".repeat(50_000)}`, ["compile", any]),
  bomb("1 + 1 + 1 …, 100,000 terms", () => Array.from({ length: 100_000 }, () => "1").join("+"), [
    "compile",
    "limit",
    (outputs) => outputs[0] === 100_000,
  ]),
  bomb("1, 1, 1 …, 100,000 terms", () => Array.from({ length: 100_000 }, () => "1").join(","), [
    "compile",
    "limit",
    (outputs) => outputs.length === 100_000,
  ]),
  bomb(". | . | . …, 100,000 terms", () => Array.from({ length: 100_000 }, () => ".").join("|"), [
    "compile",
    (outputs) => outputs[0] === null,
  ]),
  bomb(".a.a.a …, 100,000 names", () => ".a".repeat(100_000), ["compile", (outputs) => outputs[0] === null]),
  bomb("1 as $x | 2 as $x | …, 20,000 variables", () => `${"1 as $x | ".repeat(20_000)}$x`, [
    "compile",
    "limit",
    (outputs) => outputs[0] === 1,
  ]),
  bomb("label after label, 20,000", () => `${"label $l | ".repeat(20_000)}1`, [
    "compile",
    "limit",
    (outputs) => outputs[0] === 1,
  ]),
  bomb(
    "40 functions, each twice the one before",
    () =>
      `def f0: .+1; ${Array.from({ length: 40 }, (_, i) => `def f${i + 1}: f${i} | f${i};`).join(" ")} f40`,
    ["limit", "compile"],
  ),
  bomb(
    "40 functions, each with the one before as argument, twice",
    () =>
      `def f0(x): x; ${Array.from({ length: 40 }, (_, i) => `def f${i + 1}(x): f${i}(x) + f${i}(x);`).join(" ")} f40(1)`,
    ["limit", "compile"],
  ),
  bomb(
    "functions in functions, 2,000 deep",
    () => `${Array.from({ length: 2_000 }, (_, i) => `def f${i}:`).join(" ")} 1; ${"1;".repeat(1_999)} 1`,
    ["compile", any],
  ),
  bomb(
    "an object of 20,000 keys",
    () => `{${Array.from({ length: 20_000 }, (_, i) => `k${i}: ${i}`).join(",")}} | length`,
    ["compile", "limit", (outputs) => outputs[0] === 20_000],
  ),
  bomb(
    "an object of 40 keys with two values each",
    () => `{${Array.from({ length: 40 }, (_, i) => `k${i}: (1, 2)`).join(",")}}`,
  ),
  bomb("patterns, 5,000 deep", () => `. as ${nested(5_000, "[", "]", "$x")} | $x`, [
    "compile",
    (outputs) => outputs[0] === null,
  ]),
  bomb(
    "1,000 alternatives of a pattern",
    () => `. as ${Array.from({ length: 1_000 }, () => "[$x]").join(" ?// ")} | error`,
    ["compile", "limit", "error"],
  ),
  bomb("a string of 1 MB", () => `"${"a".repeat(1_000_000)}" | length`, [
    "compile",
    "limit",
    (outputs) => outputs[0] === 1_000_000,
  ]),
  bomb("a number of 1 MB", () => "1".repeat(1_000_000), ["compile", any]),
  bomb(
    "a regular expression of 100 kB",
    () => `test("${"(a|".repeat(30_000)}b${")".repeat(30_000)}")`,
    ["limit", "error", any],
    () => "b",
  ),
];
