import { bomb, type Bomb } from "./bomb.ts";

const MANY = "a".repeat(50_000);

/** Patterns that explode in other engines. How many matches, "limit", or "error": the pattern is refused. */
const PATTERNS: readonly (readonly [
  pattern: string,
  text: string,
  expected: number | "limit" | "error",
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
  [`${"(".repeat(3000)}a${")".repeat(3000)}`, "a", "error"],
  [`a{2,3}${"{2,3}".repeat(2000)}`, MANY, "limit"],
  [`${"(?:a|".repeat(1000)}b${")*".repeat(1000)}c`, MANY, "limit"],
  ["[a-z]".repeat(10_000), MANY, 5, "g"],
  ["[a-z]".repeat(100_000), MANY, "limit"],
  ["|".repeat(100_000), "a", "error"],
  [Array.from({ length: 2000 }, (_, i) => `[^${String.fromCodePoint(0x4e00 + i)}]`).join("|"), "a", "error"],
  [`[${"\\p{L}".repeat(200)}]`, "a", "error"],
  [`(a)${"(\\g<1>\\g<1>)".repeat(3000)}`, "a", "error"],
];

export const REGEX: readonly Bomb[] = PATTERNS.map(([pattern, text, expected, flags], i) =>
  bomb(
    `pattern ${i + 1}: ${pattern.slice(0, 40)}`,
    () => `[match(${JSON.stringify(pattern)}; ${JSON.stringify(flags ?? null)})] | length`,
    [typeof expected === "number" ? (outputs) => outputs[0] === expected : expected],
    () => text,
  ),
);
