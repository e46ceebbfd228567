import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, compileMapping, JqCompileError, Meter } from "../../src/jq/index.ts";
import type { Json } from "../../src/jq/index.ts";

const evaluate = (text: string, input: unknown): Json => compileMapping(text).evaluate(input);

describe("a mapping gives one value", () => {
  const input = {
    foo: "com",
    n: 1,
    list: [3, 1],
    none: null,
    properties: { "my-prop": 7, "other.prop": [true] },
  };

  test.each<[string, Json]>([
    [".foo", "com"],
    ["'https://x.' + .foo", "https://x.com"],
    ["\"https://'x.\" + 'test.' + .foo", "https://'x.test.com"],
    [
      "'https://r' + .foo + '-1' + '.' + .foo + '.' + 'long' + .foo + ')t(' + .foo + 'end'",
      "https://rcom-1.com.longcom)t(comend",
    ],
    [".properties.'my-prop'", 7],
    [".properties.'other.prop'[0]", true],
    [".foo # don't mind this", "com"],
    ["if .n == 1 then 'it''s' else 'no' end", "it''s"],
    ["if .n == 1 then 'it\\'s' else 'no' end", "it's"],
    ["if .n == 1 then 'it's' else 'no' end", "it's"],
    ["'n: \\(.n) \\(.foo | test('^c'))'", "n: 1 true"],
    [".list | join(',')", "3,1"],
    [".list[]", 3],
    ["first(.list[] | select(. < 3))", 1],
    [".missing", null],
    [".none", null],
    ["env", {}],
    ["$ENV", {}],
    ["$ENV.HOME", null],
  ])("%s", (text, expected) => expect(evaluate(text, input)).toEqual(expected));

  test("what comes behind the first output is not computed", () => {
    expect(evaluate("1, error('no')", null)).toBe(1);
    expect(evaluate("repeat(.)", 1)).toBe(1);
  });

  test.each([
    ["error('no')", "jq_error", "no"],
    [".foo + 1", "jq_error", 'string ("com") and number (1) cannot be added'],
    [".foo[]", "jq_error", 'Cannot iterate over string ("com")'],
    ["empty", "jq_empty", "The expression has no output"],
    [".list[] | select(. > 5)", "jq_empty", "The expression has no output"],
    ["def f: f; f", "jq_limit", "The program was stopped: it needs more than 1000000 steps"],
    ["[range(1e9)]", "jq_limit", "The program was stopped: it needs more than 1000000 steps"],
    ["now", "jq_error", null],
  ])("%s is null, and says why", (text, code, message) => {
    const mapping = compileMapping(text);
    expect(mapping.evaluate(input)).toBeNull();
    const { value, problem } = mapping.explain(input);
    expect([value, problem?.code]).toEqual([null, code]);
    if (message !== null) expect(problem?.message).toBe(message);
  });

  test("a null that the expression gives is no problem", () => {
    expect(compileMapping(".none").explain(input)).toEqual({ value: null, problem: null });
    expect(compileMapping(".foo").explain(input)).toEqual({ value: "com", problem: null });
  });

  test.each([
    "",
    "  ",
    "# nothing",
    "def f: 1;",
    "foo",
    "{",
    "{(0): 1}",
    "if true then 1 else 0",
    "$x",
    "'a",
  ])("%j is no expression", (text) => expect(() => compileMapping(text)).toThrow(JqCompileError));

  test("knows its text, its variables, the time and the limits that it is given", () => {
    const mapping = compileMapping("'$x' + $x", { args: { x: "1" } });
    expect(mapping.source).toBe("'$x' + $x");
    expect(mapping.evaluate(null)).toBe("$x1");
    expect(mapping.evaluate(null, { args: { x: "2" } })).toBe("$x2");
    expect(compileMapping("now | todate").evaluate(null, { now: 0 })).toBe("1970-01-01T00:00:00Z");
    expect(compileMapping("[range(100)] | length", { maxSteps: 10 }).explain(null).problem?.code).toBe(
      "jq_limit",
    );
  });

  test("several mappings of one event may share their limits", () => {
    const meter = new Meter(3_000, 10_000, 100);
    const mapping = compileMapping("[range(1000)] | length");
    const values = Array.from({ length: 10 }, () => mapping.evaluate(null, { meter }));
    expect(values[0]).toBe(1_000);
    expect(values.at(-1)).toBeNull();
  });
});

test("a program of jq is the same as a mapping", () => {
  const name = fc.constantFrom("a", "b", "it's", "teams'", "'", " '.' ", "' x '");
  const expression = fc.array(
    fc.oneof(
      name.map((text) => JSON.stringify(text)),
      fc.constantFrom(".a", ".b?", "[.[]?]", "(1, 2)", "{a: 1}", '"\\("x\'y")"', "# '\n.", "not", '.["a"]'),
    ),
    { minLength: 1, maxLength: 4 },
  );
  const program = fc
    .tuple(expression, fc.constantFrom(" | ", ", ", " // "))
    .map(([parts, operator]) => parts.join(operator));
  fc.assert(
    fc.property(program, fc.jsonValue(), (text, input) => {
      let expected: unknown = null;
      try {
        expected = compile(text).first(input) ?? null;
      } catch {
        // An error is null.
      }
      expect(evaluate(text, input)).toEqual(expected);
    }),
    { numRuns: 500, seed: 4 },
  );
});

test("what Port's rewriting of quotes makes jq of, is that program", () => {
  // The rewriting itself, as Port has it.
  const rewrite = (text: string): string => text.replaceAll(/(^|\s)'(?!\s|")|(?<!\s|")'(\s|$)/g, '$1"$2');
  const isJq = (text: string): boolean => {
    try {
      compile(text);
      return true;
    } catch {
      return false;
    }
  };
  const piece = fc.constantFrom(
    "'",
    "'",
    "'",
    '"',
    " ",
    " ",
    "a",
    "b",
    ".a",
    "+",
    "|",
    "(",
    ")",
    "\\(",
    "#",
    "\n",
    ",",
  );
  let compared = 0;
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 14 }), (pieces) => {
      const text = pieces.join("");
      const rewritten = rewrite(text);
      if (isJq(text) || !isJq(rewritten)) return;
      compared++;
      const input = { a: "x" };
      let expected: unknown = null;
      try {
        expected = compile(rewritten).first(input) ?? null;
      } catch {
        // An error is null.
      }
      expect(evaluate(text, input)).toEqual(expected);
    }),
    { numRuns: 15_000, seed: 5 },
  );
  expect(compared).toBeGreaterThan(50);
});
