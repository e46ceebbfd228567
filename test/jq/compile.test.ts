/** The compiler: one meaning whatever way code is made, and what its ways must not show. */
import { describe, expect, test } from "vitest";
import { compileProgram, type InternalOptions } from "../../src/jq/compile/program.ts";
import { JqError } from "../../src/jq/errors.ts";
import type { Json } from "../../src/jq/value.ts";
import { aliasCases, type Case, errorCases, loopCases, orderCases, pathCases } from "./compile-cases.ts";

/** All outputs, and the value of the error at the end, as the tables have it. */
function outcome(give: () => Iterable<Json>): Json[] {
  const outputs: Json[] = [];
  try {
    for (const output of give()) outputs.push(output);
  } catch (error) {
    if (!(error instanceof JqError)) throw error;
    return [...(outputs.length > 0 ? outputs : error.outputs), { error: error.value }];
  }
  return outputs;
}

const ways: readonly [string, (program: string, input: Json) => Iterable<Json>][] = [
  ["run", (program, input) => compileProgram(program).run(input)],
  ["on the machine", (program, input) => compileProgram(program, { machineOnly: true }).run(input)],
  ["lazily", (program, input) => compileProgram(program).iterate(input)],
];

describe.each(ways)("%s", (_way, run) => {
  describe.each<[string, readonly Case[]]>([
    ["order of evaluation", orderCases],
    ["loops", loopCases],
    ["state changed in place", aliasCases],
    ["errors and labels", errorCases],
    ["paths and updates", pathCases],
  ])("%s", (_title, cases) => {
    test.each(cases.map(([program, input, ...outputs]) => ({ program, input, outputs })))(
      "$program",
      ({ program, input, outputs }) => {
        const before = JSON.stringify(input);
        expect(outcome(() => run(program, input))).toEqual(outputs);
        expect(JSON.stringify(input)).toBe(before);
      },
    );
  });
});

const limited = (program: string, options?: InternalOptions): string => {
  try {
    compileProgram(program, options).run(null);
  } catch (error) {
    if (error instanceof JqError) return error.code;
    throw error;
  }
  return "none";
};

describe("recursion", () => {
  test.each([false, true])(
    "a call at the end of a function takes no memory (machine only: %s)",
    (machineOnly) => {
      const options = { machineOnly, maxDepth: 50, maxSteps: 1e7 };
      const run = (program: string): Json[] => compileProgram(program, options).run(0);
      expect(run("def f: if . > 100000 then . else . + 1 | f end; f")).toEqual([100001]);
      expect(run("def f($n): if $n > 100000 then $n else f($n + 1) end; f(0)")).toEqual([100001]);
      expect(run("def f(g): if . > 100000 then . else g | f(g) end; f(. + 1)")).toEqual([100001]);
      expect(run("last(range(100000))")).toEqual([99999]);
      expect(run("[recurse(if . < 20000 then . + 1 else empty end)] | length")).toEqual([20001]);
      expect(run("[limit(20000; repeat(.))] | length")).toEqual([20000]);
    },
  );

  test.each([false, true])("other calls go as deep as they may (machine only: %s)", (machineOnly) => {
    const sum = "def f: if . == 0 then 0 else . + (. - 1 | f) end; 9000 | f";
    expect(compileProgram(sum, { machineOnly }).run(null)).toEqual([40504500]);
    expect(limited(sum.replace("9000", "11000"), { machineOnly })).toBe("jq_limit");
    const nest = "def f: if . == 0 then [] else [. - 1 | f] end; 9000 | f | tojson | length";
    expect(compileProgram(nest, { machineOnly }).run(null)).toEqual([18002]);
  });

  test.each([
    "def f: f; f",
    "def f: f | f; f",
    "def f: f, 1; f",
    "def f: [f]; f",
    "def f(x): [f(x)]; f(1)",
    "def f(g): f(g | g); f(.)",
    "def f: try error(f) catch f; f",
    "[range(1e9)]",
    "repeat(.)",
    "until(false; .)",
    "try repeat(.) catch 1",
    "reduce range(1e12) as $i (0; . + 1)",
    "[limit(1e9; repeat(1))]",
    "path(repeat(.a)) | empty",
    "isempty(repeat(1) | empty)",
    "reduce range(40) as $i ([1]; [., .])",
    'reduce range(1e6) as $i ({}; .["k\\($i)"] = $i) | until(false; .)',
    `def f(x): x | x; ${"f(".repeat(40)}. + 1${")".repeat(40)}`,
    `def a0: ., .; ${Array.from({ length: 30 }, (_, i) => `def a${i + 1}: a${i} | a${i};`).join(" ")} a30 | empty`,
  ])("%s ends at a limit, whoever tries to catch it", (program) => {
    for (const machineOnly of [false, true]) {
      expect(limited(program, { machineOnly })).toBe("jq_limit");
      expect(limited(`try (${program}) catch .`, { machineOnly })).toBe("jq_limit");
    }
  });
});

describe("programs", () => {
  test("outputs are computed when they are asked for", () => {
    const outputs = compileProgram('1, 2, error("x")').iterate(null);
    expect(outputs.next().value).toBe(1);
    expect(outputs.next().value).toBe(2);
    expect(() => outputs.next()).toThrow("x");
    expect(compileProgram('1, error("x")').first(null)).toBe(1);
    expect(compileProgram("empty").first(null)).toBeUndefined();
    expect(compileProgram("repeat(1)").first(null)).toBe(1);
  });

  test("an error has what came before it", () => {
    expect(() => compileProgram(".[] | 1 / .").run([1, 2, 0])).toThrow(
      expect.objectContaining({ code: "jq_error", outputs: [1, 0.5] }),
    );
  });

  test("runs of one program do not disturb each other", () => {
    const program = compileProgram(". as $x | range(3) | . + $x | [., (reduce range(2) as $i (.; . + $i))]");
    const first = program.iterate(10);
    const second = program.iterate(20);
    const taken = [first.next().value, second.next().value, ...program.run(0).slice(0, 1)];
    expect(taken).toEqual([
      [10, 11],
      [20, 21],
      [0, 1],
    ]);
    expect([...first]).toEqual([
      [11, 12],
      [12, 13],
    ]);
    expect([...second]).toEqual([
      [21, 22],
      [22, 23],
    ]);
  });

  test("variables from outside, the environment and the clock", () => {
    const program = compileProgram("[$a, $b, env.X, $ENV.X, now]", {
      args: { a: 1, b: 2 },
      env: { X: "x" },
      now: () => 5,
    });
    expect(program.run(null)).toEqual([[1, 2, "x", "x", 5]]);
    expect(program.run(null, { args: { b: 3 }, now: 6 })).toEqual([[1, 3, "x", "x", 6]]);
    expect(program.run(null)).toEqual([[1, 2, "x", "x", 5]]);
    expect(() => compileProgram("$c", { args: { a: 1 } })).toThrow("$c is not defined");
  });

  test("only what can be called has to be defined", () => {
    expect(compileProgram("def f: nothing; 1").run(null)).toEqual([1]);
    expect(() => compileProgram("def f: nothing; f")).toThrow("nothing/0 is not defined");
    expect(() => compileProgram("def f(g): 1; f(nothing)")).toThrow("nothing/0 is not defined");
    expect(() => compileProgram("break $x")).toThrow("$*label-x is not defined");
  });

  test.each([
    ["pipes", Array.from({ length: 10_000 }, () => ".+1").join("|"), 10_000],
    ["sums", Array.from({ length: 10_000 }, () => "1").join("+"), 10_000],
    ["commas", `[${Array.from({ length: 10_000 }, () => "1").join(",")}] | length`, 10_000],
    ["alternatives", Array.from({ length: 10_000 }, () => "null").join("//"), null],
    ["conjunctions", Array.from({ length: 10_000 }, () => "true").join(" and "), true],
    ["bindings", `${". as $x | ".repeat(10_000)}$x`, 0],
    ["conditions", `if false then 1 ${"elif false then 2 ".repeat(10_000)}else 3 end`, 3],
    [
      "functions",
      `def f0: . + 1; ${Array.from({ length: 9_999 }, (_, i) => `def f${i + 1}: f${i};`).join(" ")} f9999`,
      1,
    ],
    ["generators", `[${Array.from({ length: 10_000 }, () => "(., empty)").join("|")}] | length`, 1],
    ["nesting", `${"[".repeat(1_000)}${"]".repeat(1_000)} | flatten | length`, 0],
  ] as const)("%s by the thousand", (_what, program, output) => {
    expect(compileProgram(program).run(0)).toEqual([output]);
  });
});
