/**
 * What holds for every program: limits change nothing but where it ends, inputs stay as they were, both ways of running agree, and
 * nothing is thrown but the two classes of errors. `JQ_RUNS=20000` asks for as many programs per property instead of 400,
 * `JQ_FUZZ=5000000` for as many texts in all instead of 100,000, `JQ_SEED=n` for other ones.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileProgram } from "../../src/jq/compile/program.ts";
import { compile, type CompileOptions, type Json, JqCompileError, JqError } from "../../src/jq/index.ts";
import { patient } from "../support/patience.ts";
import { TABLES } from "./cases/index.ts";
import { jsonInput, program } from "./support/grammar.ts";
import { same, show } from "./support/same.ts";

const RUNS = Number(process.env.JQ_RUNS ?? 400);
const fuzzed = Number(process.env.JQ_FUZZ ?? 100_000);
const OTHER_SEED = Number(process.env.JQ_SEED ?? 0);
const KINDS = 4;

interface Ran {
  readonly outputs: readonly Json[];
  readonly error?: Json;
  readonly limited: boolean;
}

function ranWith(
  text: string,
  input: unknown,
  options: CompileOptions & { machineOnly?: boolean } = {},
): Ran {
  const compiled = compileProgram(text, options);
  try {
    return { outputs: compiled.run(input), limited: false };
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    const limited = error.code === "jq_limit";
    return { outputs: error.outputs, limited, ...(limited ? {} : { error: error.value }) };
  }
}
const sameRun = (a: Ran, b: Ran): boolean =>
  same([...a.outputs], [...b.outputs]) &&
  same([a.error ?? null], [b.error ?? null]) &&
  a.limited === b.limited;
const agreed = (a: Ran, b: Ran): void => expect(sameRun(a, b) ? "" : `${show(a)} is not ${show(b)}`).toBe("");

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

describe("programs by chance", { timeout: patient(900_000) }, () => {
  test("a limit cuts the outputs short, and changes none of them", () => {
    fc.assert(
      fc.property(program, jsonInput, fc.integer({ min: 0, max: 300 }), (text, input, maxSteps) => {
        const free = ranWith(text, input, { maxSteps: 1e9, maxOutput: 1e9, maxDepth: 1e6 });
        expect(free.limited).toBe(false);
        agreed(ranWith(text, input), free);
        for (const tight of [{ maxSteps }, { maxOutput: maxSteps }, { maxDepth: maxSteps >> 4 }]) {
          const cut = ranWith(text, input, tight);
          if (!cut.limited) agreed(cut, free);
          expect(same([...cut.outputs], free.outputs.slice(0, cut.outputs.length))).toBe(true);
        }
      }),
      { numRuns: RUNS, seed: OTHER_SEED + 1 },
    );
  });

  test("the least number of steps that suffices gives the same, one less is not enough", () => {
    fc.assert(
      fc.property(program, jsonInput, (text, input) => {
        const free = ranWith(text, input);
        let low = 0;
        let high = 1_000_000;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (ranWith(text, input, { maxSteps: middle }).limited) low = middle + 1;
          else high = middle;
        }
        agreed(ranWith(text, input, { maxSteps: low }), free);
        if (low > 0) expect(ranWith(text, input, { maxSteps: low - 1 }).limited).toBe(true);
      }),
      { numRuns: RUNS / 4, seed: OTHER_SEED + 2 },
    );
  });

  test("the input is read, never written", () => {
    fc.assert(
      fc.property(program, jsonInput, (text, input) => {
        const before = structuredClone(input);
        const free = ranWith(text, structuredClone(input));
        agreed(ranWith(text, frozen(input)), free);
        expect(input).toEqual(before);
      }),
      { numRuns: RUNS, seed: OTHER_SEED + 3 },
    );
  });

  test("outputs are made once: what a caller does with them changes nothing", () => {
    fc.assert(
      fc.property(program, jsonInput, (text, input) => {
        const compiled = compile(text);
        const run = (): Json[] => {
          try {
            return compiled.run(input);
          } catch (error) {
            return (error as JqError).outputs;
          }
        };
        const first = structuredClone(run());
        run().forEach(frozen);
        expect(same(run(), first)).toBe(true);
      }),
      { numRuns: RUNS, seed: OTHER_SEED + 4 },
    );
  });

  test("direct functions and the machine agree", () => {
    fc.assert(
      fc.property(program, jsonInput, (text, input) => {
        agreed(ranWith(text, input), ranWith(text, input, { machineOnly: true }));
      }),
      { numRuns: RUNS * 2, seed: OTHER_SEED + 5 },
    );
  });

  test("one by one, all at once, and the first alone are the same outputs", () => {
    fc.assert(
      fc.property(program, jsonInput, (text, input) => {
        const all = ranWith(text, input);
        const compiled = compile(text);
        const pulled: Json[] = [];
        try {
          for (const output of compiled.iterate(input)) pulled.push(output);
        } catch (error) {
          expect(error).toBeInstanceOf(JqError);
          expect(same([(error as JqError).value], [all.error ?? null])).toBe(true);
        }
        expect(same(pulled, [...all.outputs])).toBe(true);
        if (all.outputs.length > 0) expect(same([compiled.first(input)!], [all.outputs[0]!])).toBe(true);
        else if (all.error === undefined) expect(compiled.first(input)).toBeUndefined();
      }),
      { numRuns: RUNS, seed: OTHER_SEED + 6 },
    );
  });

  test("runs of one program do not disturb each other", () => {
    fc.assert(
      fc.property(program, jsonInput, jsonInput, (text, one, other) => {
        const compiled = compile(text);
        const alone = [ranWith(text, one), ranWith(text, other)];
        const runs = [compiled.iterate(one), compiled.iterate(other)];
        const given: Json[][] = [[], []];
        const open = new Set([0, 1]);
        while (open.size > 0)
          for (const i of open)
            try {
              const next = runs[i]!.next();
              if (next.done === true) open.delete(i);
              else given[i]!.push(next.value);
            } catch (error) {
              expect(error).toBeInstanceOf(JqError);
              open.delete(i);
            }
        for (const i of [0, 1]) expect(same(given[i]!, [...alone[i]!.outputs])).toBe(true);
      }),
      { numRuns: RUNS, seed: OTHER_SEED + 7 },
    );
  });
});

test("nothing is computed before it is asked for", () => {
  const endless = compile("range(infinite)", { maxSteps: 1_000 }).iterate(null);
  expect([endless.next().value, endless.next().value]).toEqual([0, 1]);
  expect(compile("1, error").first("x")).toBe(1);
  expect(compile("first(1, error)").run("x")).toEqual([1]);
});

/** Words of the language, whole and broken. */
const TOKENS = [
  ...". .. .[] .a .[0] $x $__loc__ | , : ; ( ) [ ] { } ? // ?// = |= += -= *= /= %= //= == != < <= > >= + - * / %".split(
    " ",
  ),
  ..."and or not if then elif else end try catch reduce foreach as def label break import include __loc__".split(
    " ",
  ),
  ..."empty error map select recurse path range limit first input 1 0.5 1e1000 .5. @base64 @x @json # 'a'".split(
    " ",
  ),
  ...[
    '"a"',
    '"\\(',
    ')"',
    '"\\u12',
    '"\\ud83d"',
    '"\\(1)"',
    "def f: ",
    "f(",
    "$__prog_args",
    "\n",
    "\\",
    "é",
    "\u{1f600}",
    "\0",
  ],
];
const programs = TABLES.flatMap(({ rows }) => rows.map((row) => row.program));

const KINDS_OF_TEXT: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  [
    "words in any order",
    fc.array(fc.constantFrom(...TOKENS), { maxLength: 24 }).map((words) => words.join(" ")),
  ],
  [
    "words without spaces",
    fc.array(fc.constantFrom(...TOKENS), { maxLength: 16 }).map((words) => words.join("")),
  ],
  [
    "programs with a wound",
    fc
      .tuple(
        fc.oneof(fc.constantFrom(...programs), program),
        fc.nat(),
        fc.nat({ max: 6 }),
        fc.constantFrom("", ...TOKENS),
      )
      .map(([text, at, cut, put]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + put + text.slice(from + cut);
      }),
  ],
  [
    "any text",
    fc.oneof(fc.string({ unit: "binary", maxLength: 40 }), fc.string({ unit: "grapheme", maxLength: 40 })),
  ],
];

describe("any text", () => {
  test.each(KINDS_OF_TEXT)(
    "%s: nothing is thrown but the two classes",
    { timeout: patient(900_000) },
    (_name, texts) => {
      fc.assert(
        fc.property(texts, jsonInput, (text, input) => {
          try {
            compile(text, { maxSteps: 5_000, maxOutput: 100_000 }).run(input);
          } catch (error) {
            if (error instanceof JqError) return;
            if (!(error instanceof JqCompileError)) throw error;
            expect(error.line).toBeGreaterThanOrEqual(1);
            expect(error.column).toBeGreaterThanOrEqual(1);
            expect(error.excerpt).toContain("^");
          }
        }),
        { numRuns: Math.ceil(fuzzed / KINDS), seed: OTHER_SEED + 8 },
      );
    },
  );
});
