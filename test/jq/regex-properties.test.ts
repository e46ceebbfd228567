/** Regular expressions by chance: JavaScript's engine as a second opinion, and what must hold whatever is matched. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JqError } from "../../src/jq/errors.ts";
import { EAGER } from "../../src/jq/regex/match.ts";
import { toRegex } from "../../src/jq/regex/regex.ts";
import { matchAll, scanAll, splitAll } from "../../src/jq/regex/results.ts";
import { scan } from "../../src/jq/regex/scan.ts";
import type { Json } from "../../src/jq/value.ts";
import { matchesOf } from "./regex-runtime.ts";
import { makeRuntime } from "./values-runtime.ts";

const text = fc
  .array(fc.constantFrom("a", "b", "c", "A", "1", " ", "-", "_", "é", "😀", "\n"), { maxLength: 14 })
  .map((all) => all.join(""));

/** Parts that mean the same to JavaScript (flags `us`) and, where no line feed is near an anchor, to Oniguruma. */
const PARTS =
  String.raw`a b c ab é 😀 . [ab] [^a] [a-c1] [^é-😀] [\d-] \d \D \x61 \. - _ (?:) [a\]] \x62`.split(" ");
const PLACES = String.raw`(?=a) (?!b) (?<=a) (?<!b) (?=[ab]c?) (?<=[ab]) (?<!\d)`.split(" ");
const TIMES = ["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?", "{2,}", "{1,}?", "{0}"];

/** Patterns; repeated is only what takes something, as turns that take nothing end differently. */
const common = fc.letrec<{ takes: string; any: string }>((tie) => ({
  takes: fc.oneof(
    { maxDepth: 4, depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...PARTS.filter((part) => part !== "(?:)")),
    fc.tuple(tie("takes"), tie("any")).map(([a, b]) => a + b),
    fc.tuple(tie("takes"), tie("takes")).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie("takes"), fc.constantFrom("+", "+?", "{2}", "{1,2}", "{2,}"))
      .map(([a, q]) => `(?:${a})${q}`),
    tie("takes").map((a) => `(${a})`),
  ),
  any: fc.oneof(
    { maxDepth: 4, depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...PARTS, ...PLACES),
    fc.tuple(tie("any"), tie("any")).map(([a, b]) => a + b),
    fc.tuple(tie("any"), tie("any")).map(([a, b]) => `(?:${a}|${b})`),
    fc.tuple(tie("takes"), fc.constantFrom(...TIMES)).map(([a, q]) => `(?:${a})${q}`),
    tie("any").map((a) => `(${a})`),
  ),
}));

/** Without what only Oniguruma forbids: repeats and look-behinds of places. */
const points = (part: string): number => Array.from(part).length;

describe("compared with JavaScript", () => {
  /** All matches, as far as none is empty: there jq goes on by bytes. */
  function javascript(pattern: string, input: string): string[] {
    const found: string[] = [];
    for (const match of input.matchAll(new RegExp(pattern, "gus"))) {
      found.push(`${points(input.slice(0, match.index))} ${match[0]}`);
      if (match[0] === "") break;
    }
    return found;
  }

  function ours(pattern: string, input: string): string[] {
    const found: string[] = [];
    for (const match of matchAll(input, pattern, "gm", false, makeRuntime()) as {
      offset: number;
      string: string;
    }[]) {
      found.push(`${match.offset} ${match.string}`);
      if (match.string === "") break;
    }
    return found;
  }

  test("all matches begin and end at the same places", () => {
    fc.assert(
      fc.property(common.any, text, (pattern, input) => {
        // Unicode's digits and words are more to Oniguruma than to JavaScript, but the texts have none of them.
        expect(ours(pattern, input)).toEqual(javascript(pattern, input));
      }),
      { numRuns: 2000, seed: 20_261_201 },
    );
  });

  test("groups of patterns without repeated groups are the same", () => {
    fc.assert(
      fc.property(common.any, text, (pattern, input) => {
        fc.pre(!/\)[*+?{]/.test(pattern) && pattern.includes("("));
        const match = new RegExp(pattern, "us").exec(input);
        const [found] = matchAll(input, pattern, "m", false, makeRuntime()) as {
          string: string;
          captures: { string: Json }[];
        }[];
        // Of a match that takes nothing jq shows no groups but empty ones.
        const expected = match?.[0] === "" ? undefined : match?.slice(1).map((group) => group ?? null);
        const groups = found?.string === "" ? undefined : found?.captures.map((capture) => capture.string);
        expect(groups).toEqual(expected);
      }),
      { numRuns: 1000, seed: 20_261_202 },
    );
  });

  test("case does not matter to the same characters", () => {
    const cased = fc
      .array(fc.constantFrom(..."aAbBkKsSéÉσςΣßẞſKåÅΩωжЖⴀႠꭰᎠ".split("")), { minLength: 1, maxLength: 3 })
      .map((all) => all.join(""));
    fc.assert(
      fc.property(cased, cased, (pattern, input) => {
        // What folds to several letters is JavaScript's business not.
        fc.pre(!/[ßẞ]|[sSſ]{2}/.test(pattern + input));
        expect(matchAll(input, pattern, "i", true, makeRuntime())).toBe(
          new RegExp(pattern, "iu").test(input),
        );
        expect(matchAll(input, `[${pattern}]`, "i", true, makeRuntime())).toBe(
          new RegExp(`[${pattern}]`, "iu").test(input),
        );
      }),
      { numRuns: 1000, seed: 20_261_203 },
    );
  });
});

/** Patterns of all kinds: parts of the syntax, one after another. */
const anything = fc
  .array(
    fc.constantFrom(
      ...String.raw`a b c . \w \d [ab] [^a] ( ( (?: (?> (?= (?! (?<=a) (?<! (?<n> ) ) ) | | * + ? *? +? ?? *+ {2} {1,2} {0,2}? {2,}+ ^ $ \b \B \G \K \R \X \1
        \k<n> (?(1) (?(<n>) \g<1> \g<n> \g<0> (?~ (?~| (?i) (?s) (?m) (?x) (?-i) (?i: (*FAIL) [[:alpha:]] \p{L} \P{Lu} \x{61} é 😀 ß ss \Q \E [ ] { } \ - 1`
        .split(/\s+/)
        .filter((part) => part !== ""),
    ),
    { maxLength: 9 },
  )
  .map((parts) => parts.join(""));
const flags = fc.subarray("gixmspln".split("")).map((letters) => letters.join(""));

describe("whatever is matched", () => {
  test("errors are JqErrors", () => {
    fc.assert(
      fc.property(
        fc.oneof(anything, fc.string({ unit: "binary", maxLength: 12 })),
        flags,
        text,
        (pattern, letters, input) => {
          try {
            matchAll(input, pattern, letters, false, makeRuntime(100_000));
          } catch (error) {
            if (!(error instanceof JqError)) throw error;
          }
        },
      ),
      { numRuns: 6000, seed: 20_261_204 },
    );
  });

  test("a smaller allowance gives the same, or ends at its limit", () => {
    fc.assert(
      fc.property(
        anything,
        flags,
        text,
        fc.integer({ min: 10, max: 400 }),
        (pattern, letters, input, steps) => {
          const expected = matchesOf(pattern, letters, input);
          expect([expected, "! limit"]).toContain(matchesOf(pattern, letters, input, makeRuntime(steps)));
        },
      ),
      { numRuns: 3000, seed: 20_261_205 },
    );
  });

  test("that failures are remembered changes nothing, groups included", () => {
    /** All matches with their groups, as positions. */
    function positions(pattern: string, letters: string, input: string, mode: number): unknown[] | null {
      const rt = makeRuntime(300_000);
      const all: unknown[] = [];
      try {
        const regex = toRegex(pattern, letters, rt);
        scan({ ...regex, mode: regex.mode | mode }, input, rt, ({ at }) => {
          all.push([at, ...regex.program.memory.slice(0, regex.program.groups * 2)]);
        });
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
        return null;
      }
      return all;
    }
    fc.assert(
      fc.property(fc.oneof(anything, common.any), flags, text, (pattern, letters, input) => {
        expect(positions(pattern, letters, input, EAGER)).toEqual(positions(pattern, letters, input, 0));
      }),
      { numRuns: 4000, seed: 20_261_206 },
    );
  });

  test("what is split and what is between are the text", () => {
    fc.assert(
      fc.property(common.takes, text, (pattern, input) => {
        const between = splitAll(input, `(${pattern})`, "gm", makeRuntime());
        const found = scanAll(
          input,
          `(?:${pattern})`.replaceAll(/\((?!\?)/g, "(?:"),
          "gm",
          makeRuntime(),
        ) as string[];
        expect(between.map((part, i) => part + (found[i] ?? "")).join("")).toBe(input);
      }),
      { numRuns: 1000, seed: 20_261_207 },
    );
  });
});
