/** Regular expressions: what jq 1.8.2 answers, JavaScript's engine as a second opinion, and expressions that explode. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/jq/index.ts";
import { CASES } from "./regex-answers-cases.ts";

test.each(CASES)("%s", (program, outputs) => {
  expect(compile(program).run(null)).toEqual(outputs);
});

/** The common part of both syntaxes. */
const pattern = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom("a", "b", "c", "é", "😀", "[ab]", "[^a]", "[b-é]", ".", "^", "(?=a)", "(?!b)"),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => a + b),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => `(?:${a}|${b})`),
    tie("node").map((a) => `(${a})`),
    fc
      .tuple(tie("node"), fc.constantFrom("*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?"))
      .map(([a, q]) => `(?:${a})${q}`),
  ),
})).node;
const text = fc
  .array(fc.constantFrom("a", "b", "c", "é", "😀", "\n"), { maxLength: 12 })
  .map((all) => all.join(""));

/** Whether and where JavaScript finds it; null where the two differ by design: see below. */
function javascript(source: string, input: string): { offset: number; length: number } | null {
  const found = new RegExp(source, "u").exec(input);
  if (found === null) return null;
  const points = (part: string): number => Array.from(part).length;
  return { offset: points(input.slice(0, found.index)), length: points(found[0]) };
}

describe("the first match", () => {
  test("begins and ends where JavaScript's does", () => {
    const program = compile("$re as $re | [match($re) | {offset, length}][0]", { args: { re: "" } });
    fc.assert(
      fc.property(pattern, text, (source, input) => {
        // A loop over something empty ends here with the empty turn, there without it.
        fc.pre(!/\)[*+?{]/.test(source) || !/[?*=!b^]|\{0/.test(source.replaceAll(/\(\?:/g, "")));
        let found: unknown;
        try {
          found = program.first(input, { args: { re: source } });
        } catch (error) {
          fc.pre(!String(error).includes("target of repeat operator is invalid"));
          throw error;
        }
        expect(found).toEqual(javascript(source, input));
      }),
      { numRuns: 2000, seed: 20261125 },
    );
  });

  test("of nested loops over what may be empty is found or not as JavaScript does, where captures do not matter", () => {
    const program = compile("$re as $re | test($re)", { args: { re: "" } });
    fc.assert(
      fc.property(pattern, text, (source, input) => {
        let found: unknown;
        try {
          found = program.first(input, { args: { re: source } });
        } catch (error) {
          // Oniguruma refuses to repeat what takes no character.
          fc.pre(!String(error).includes("target of repeat operator is invalid"));
          throw error;
        }
        expect(found).toBe(javascript(source, input) !== null);
      }),
      { numRuns: 2000, seed: 20261126 },
    );
  });
});

describe("what explodes elsewhere ends here, with the answer or at the limit of steps", () => {
  const a = "a".repeat(50_000);
  test.each([
    ["(a+)+$", a],
    ["(a+)+$", `${a}!`],
    ["(a|aa)+$", `${a}!`],
    ["(a{1,1000}){1,1000}", a],
    ["(?:a?){50}a{50}", "a".repeat(49)],
    ["(.*)*x", a],
    ["(x+x+)+y", "x".repeat(50_000)],
    ["(a)\\1*b", a],
    ["(a*)\\1b", a.slice(0, 5000)],
    ["(?=(a+)+b)", a],
    ["a*a*a*a*a*a*b", a],
    ["(?:(?:a{1,9}){1,999}b){1,999}", a],
    ["(?:(?:(?:abc){1,99}){1,99}){1,99}", a],
  ])("%s", (source, input) => {
    const run = (): unknown => compile(`test(${JSON.stringify(source)})`).run(input);
    let ending: unknown;
    try {
      ending = run();
    } catch (error) {
      ending = (error as { code?: unknown }).code;
    }
    const right = new Map<string, boolean>([["(a+)+$" + a, true]]).get(source + input);
    expect([[true], [false], "jq_limit"]).toContainEqual(ending);
    if (right !== undefined) expect([[right], "jq_limit"]).toContainEqual(ending);
  });
});
