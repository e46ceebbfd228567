import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CliError } from "../../src/cli/cli-error.ts";
import { jqCommand, type JqOptions } from "../../src/cli/commands/jq.ts";
import { foldArguments, unfold } from "../../src/cli/jq/fold-arguments.ts";
import { InputError, readValues } from "../../src/jq/values/read-values.ts";
import { writeJson } from "../../src/cli/jq/write-json.ts";
import { temporaryFolder } from "./support/git-fixture.ts";

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command on `input` as standard input, and on files by name. */
async function jq(
  args: readonly string[],
  options: JqOptions & { readonly json?: boolean } = {},
  input = "",
  files: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  let out = "";
  let err = "";
  const code = await jqCommand(args, options, {
    json: options.json === true,
    signal: new AbortController().signal,
    env: { HOME: "here" },
    read: async (file) => {
      const text = file === null ? input : files[file];
      if (text === undefined) throw new CliError(2, "unreadable", `${file} is not there`);
      return text;
    },
    module: (folder, path) => files[`${folder}/${path}`],
    write: (text) => (out += text),
    warn: (line) => (err += `${line}\n`),
  });
  return { code, out, err };
}

const run = (program: string, input: string, options: JqOptions = {}): Promise<Finished> =>
  jq([program], options, input);

describe("fairway jq", () => {
  it("runs the program on every value of the input and prints as jq", async () => {
    const { code, out, err } = await run(".", '{"b":[1,{}],"a":1e-7} 2\n"é\\u0000"');
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe('{\n  "b": [\n    1,\n    {}\n  ],\n  "a": 1e-07\n}\n2\n"é\\u0000"\n');
  });

  it.each<[JqOptions, string]>([
    [{ compactOutput: true }, '{"b":[1],"a":"x"}\n"y"\n'],
    [{ compactOutput: true, rawOutput: true }, '{"b":[1],"a":"x"}\ny\n'],
    [{ compactOutput: true, joinOutput: true }, '{"b":[1],"a":"x"}y'],
    [{ compactOutput: true, sortKeys: true }, '{"a":"x","b":[1]}\n"y"\n'],
    [{ indent: "1" }, '{\n "b": [\n  1\n ],\n "a": "x"\n}\n"y"\n'],
    [{ indent: "0" }, '{"b":[1],"a":"x"}\n"y"\n'],
    [{ tab: true }, '{\n\t"b": [\n\t\t1\n\t],\n\t"a": "x"\n}\n"y"\n'],
    [{ compactOutput: true, slurp: true }, '[{"b":[1],"a":"x"},"y"]\n'],
    [{ compactOutput: true, nullInput: true }, "null\n"],
    [{ compactOutput: true, rawInput: true }, '"{\\"b\\":[1],"\n"\\"a\\":\\"x\\"} \\"y\\""\n'],
    [{ compactOutput: true, rawInput: true, slurp: true }, '"{\\"b\\":[1],\\n\\"a\\":\\"x\\"} \\"y\\"\\n"\n'],
  ])("%j", async (options, expected) => {
    expect((await run(".", '{"b":[1],\n"a":"x"} "y"\n', options)).out).toBe(expected);
  });

  it("reads files, the program too", async () => {
    const files = { a: "1 2", b: "3", p: ". + 1 # more\n" };
    expect((await jq([".", "a", "b"], { slurp: true, compactOutput: true }, "", files)).out).toBe(
      "[1,2,3]\n",
    );
    expect((await jq(["a", "b"], { fromFile: "p" }, "", files)).out).toBe("2\n3\n4\n");
    await expect(jq([".", "none"], {}, "", files)).rejects.toMatchObject({ exit: 2 });
  });

  it("has variables, the environment and the time", async () => {
    const arg = { x: "1", y: [2] };
    expect(
      (await run("[$x, $y, $ARGS.named, env.HOME, $ENV.HOME]", "null", { arg, compactOutput: true })).out,
    ).toBe('["1",[2],{"x":"1","y":[2]},"here","here"]\n');
    expect((await run("now > 1e9", "null")).out).toBe("true\n");
  });

  it.each([
    ["true", { exitStatus: true }, 0],
    ["1, null", { exitStatus: true }, 1],
    ["false", { exitStatus: true }, 1],
    ["empty", { exitStatus: true }, 4],
    ["null", {}, 0],
    ["empty", {}, 0],
    ["error('x')", { mapping: true }, 0],
    ["error('x')", { mapping: true, exitStatus: true }, 1],
  ])("%s with %j ends with %i", async (program, options, code) => {
    expect((await run(program, "null", options)).code).toBe(code);
  });

  it("goes on behind an input that ends in an error, and ends with 5", async () => {
    expect(await run(".a", '{"a":1} 2 {"a":3}')).toEqual({
      code: 5,
      out: "1\n3\n",
      err: 'fairway: jq: error: Cannot index number with string ("a")\n',
    });
  });

  it("stops a program without end", async () => {
    const { code, err } = await run("def f: f; f", "null", { maxSteps: "1000" });
    expect([code, err]).toEqual([
      5,
      "fairway: jq: error: The program was stopped: it needs more than 1000 steps\n",
    ]);
  });

  it.each<[string, JqOptions, string, number, string]>([
    [".a |", {}, "1", 3, "(line 1, column 5)\n    .a |\n        ^"],
    ["foo", {}, "1", 3, "foo/0 is not defined (line 1, column 1)"],
    ["'a'", {}, "1", 3, "strings are written in double quotes"],
    ["{{ . | }}", { template: true }, "1", 3, "(line 1, column 8)"],
    [".", {}, "1\n[2", 2, "the input is not JSON, in the value that begins on line 2"],
    [".", { indent: "8" }, "1", 2, "--indent takes a number from 0 to 7"],
    [".", { maxSteps: "x" }, "1", 2, "--max-steps takes a number above 0"],
    [".", { mapping: true, template: true }, "1", 2, "exclude each other"],
  ])("%s %j on %j fails with what is wrong", async (program, options, input, exit, message) => {
    const failure = await run(program, input, options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CliError);
    expect(failure).toMatchObject({ exit, message: expect.stringContaining(message) as string });
  });

  it("needs a program", async () => {
    await expect(jq([])).rejects.toMatchObject({ exit: 2, message: "a program is missing" });
  });

  it("says why a mapping is null", async () => {
    expect(await run(".'a b' + 'x'", '{"a b":"y"} {"a b":1}', { mapping: true })).toEqual({
      code: 0,
      out: '"yx"\nnull\n',
      err: 'fairway: null, because: number (1) and string ("x") cannot be added\n',
    });
  });

  it("renders templates, of text or JSON", async () => {
    const options = { template: true, compactOutput: true };
    expect((await run("n={{ .n }}", '{"n":1}', options)).out).toBe('"n=1"\n');
    expect(await run('{"{{ .k }}":["{{ .n }}","{{ empty }}"]}', '{"k":"x","n":1}', options)).toEqual({
      code: 0,
      out: '{"x":[1,null]}\n',
      err: "fairway: {{ empty }} is null, because: The expression has no output\n",
    });
  });

  it("prints one document with --json, and its errors are errors of the command", async () => {
    expect((await run(".[]", "[1,[2]] [3]", { json: true } as JqOptions)).out).toBe(
      '{"ok":true,"outputs":[1,[2],3]}\n',
    );
    await expect(run("error('x')", "1", { json: true } as JqOptions)).rejects.toMatchObject({ exit: 3 });
    await expect(run('error("x")', "1", { json: true } as JqOptions)).rejects.toMatchObject({
      exit: 5,
      code: "jq_error",
      message: "x",
    });
  });
});

describe("the command line of fairway jq", () => {
  it.each([
    [
      ["jq", "--arg", "a", "b", "."],
      ["jq", '--arg=["a","b"]', "."],
    ],
    [
      ["--url", "jq", "--json", "jq", "-c", "--argjson", "-x", "--", "."],
      ["--url", "jq", "--json", "jq", "-c", '--argjson=["-x","--"]', "."],
    ],
    [
      ["jq", "--", "--arg", "a"],
      ["jq", "--", "--arg", "a"],
    ],
    [
      ["dora", "--arg", "a", "b"],
      ["dora", "--arg", "a", "b"],
    ],
    [["--json"], ["--json"]],
    [[], []],
  ])("%j", (argv, expected) => expect(foldArguments(argv)).toEqual(expected));

  it("keeps any pair", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, value) => {
        const [, folded = ""] = foldArguments(["jq", "--arg", name, value]);
        expect(unfold(folded.slice("--arg=".length))).toEqual([name, value]);
      }),
      { numRuns: 200, seed: 10 },
    );
  });

  it("refuses half a pair", () => {
    expect(() => foldArguments(["jq", "--arg", "a"])).toThrow("--arg takes a name and a value");
  });

  const MAIN = join(import.meta.dirname, "../../src/cli/fairway.js");
  function fairway(
    args: readonly string[],
    input: string,
  ): Promise<{ code: number | null; out: string; err: string }> {
    const child = spawn(process.execPath, [MAIN, "jq", ...args], { cwd: temporaryFolder() });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.stdin.end(input);
    return new Promise((resolve) => {
      child.on("close", (code) => resolve({ code, out, err }));
    });
  }

  it("is read as jq's", async () => {
    const file = join(temporaryFolder(), "in.json");
    writeFileSync(file, '{"a":"x"}');
    const args = ["-rc", "--arg", "k", "a", "--argjson", "n", "[1]", ".[$k], $n", file];
    expect(await fairway(args, "")).toEqual({ code: 0, out: "x\n[1]\n", err: "" });
    expect(await fairway([".a"], '{"a":1}')).toEqual({ code: 0, out: "1\n", err: "" });
    expect(await fairway(["-e", "empty"], "1")).toEqual({ code: 4, out: "", err: "" });
  });

  it("has errors with a caret and jq's exit codes", async () => {
    expect(await fairway(["-n", ".a | | .b"], "")).toEqual({
      code: 3,
      out: "",
      err: "fairway: Found `|` where an expression was expected (line 1, column 6)\n    .a | | .b\n         ^\n",
    });
    expect(await fairway(["-n", "1, error"], "")).toMatchObject({ code: 5, out: "1\n" });
    expect(await fairway([".", "none.json"], "")).toMatchObject({ code: 2 });
    expect(await fairway(["--argjson", "n", "{", "."], "")).toMatchObject({
      code: 2,
      err: expect.stringContaining('--argjson n: "{" is not JSON') as string,
    });
  });

  it("finds modules in folders, the first one first", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "m.jq"), 'import "n" as n; def f: . + n::one;');
    writeFileSync(join(folder, "n.jq"), "def one: 1;");
    const program = 'import "m" as m; m::f';
    expect(await fairway(["-L", join(folder, "none"), "-L", folder, program], "41")).toMatchObject({
      code: 0,
      out: "42\n",
    });
    expect(await fairway([program], "41")).toMatchObject({
      code: 3,
      err: expect.stringContaining("modules are not supported here") as string,
    });
  });

  it("does not mind that nobody reads on", async () => {
    const child = spawn(process.execPath, [MAIN, "jq", "-n", "range(200000)"], { cwd: temporaryFolder() });
    let err = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => {
      child.on("close", resolve);
    });
    expect([code, err]).toEqual([0, ""]);
  });
});

describe("JSON values one behind the other", () => {
  it.each<[string, unknown[]]>([
    ["", []],
    [" \n", []],
    ["\uFEFF1", [1]],
    ["1 2\n3", [1, 2, 3]],
    ['{"a":"}"}[1,["]"]]"x\\"y"null', [{ a: "}" }, [1, ["]"]], 'x"y', null]],
    ['1"a"[]true', [1, "a", [], true]],
    ["-1e3\r\n\t0", [-1000, 0]],
  ])("%j", (text, values) => expect([...readValues(text)]).toEqual(values));

  it.each([
    ["1}", 1],
    ["nan", 1],
    ["[1,\n2]\n\n tru", 4],
    ['\n"abc', 2],
    ['{"a":1', 1],
    ["[1}", 1],
    [",", 1],
    ["1 'a'", 1],
  ])("%j is none", (text, line) => {
    const error = (() => {
      try {
        return [...readValues(text)];
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(InputError);
    expect(error).toMatchObject({ line });
  });

  it("are given up to what is none", () => {
    const values = readValues("1 [2] {");
    expect([values.next().value, values.next().value]).toEqual([1, [2]]);
    expect(() => values.next()).toThrow(InputError);
  });

  it("come back as they were written, in every style", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.constantFrom("", " ", "\t"),
        fc.boolean(),
        fc.constantFrom("", " ", "\n"),
        (values, indent, sortKeys, between) => {
          const text = values
            .map((value) => writeJson(value as never, { indent, sortKeys }))
            .join(`${between} `);
          expect([...readValues(text)]).toEqual(values);
        },
      ),
      { numRuns: 300, seed: 11 },
    );
  });

  it("may be deep", () => {
    const text = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const [value] = readValues(text);
    expect(writeJson(value ?? null, { indent: "", sortKeys: false })).toBe(text);
  });
});
