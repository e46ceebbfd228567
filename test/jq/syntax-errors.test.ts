import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JqCompileError } from "../../src/jq/errors.ts";
import { parseMapping, parseProgram } from "../../src/jq/syntax/parse.ts";

function errorOf(program: string): JqCompileError {
  try {
    parseProgram(program);
  } catch (error) {
    if (error instanceof JqCompileError) return error;
    throw error;
  }
  throw new Error(`${program} is jq`);
}

/** Line, column and message, e.g. "1:3 Found …". */
function place(program: string): string {
  const { line, column, message } = errorOf(program);
  return `${line}:${column} ${message}`;
}

describe("an error says what was found, what was expected, and where", () => {
  test.each([
    ["", "1:1 Found the end of the text where an expression (`.` is the input itself) was expected"],
    [
      "# only a comment",
      "1:17 Found the end of the text where an expression (`.` is the input itself) was expected",
    ],
    [
      "def f: 1;",
      "1:10 Found the end of the text where an expression (`.` is the input itself) was expected",
    ],
    [".a | | .b", "1:6 Found `|` where an expression was expected"],
    [".a,", "1:4 Found the end of the text where an expression (`.` is the input itself) was expected"],
    [".a .b c", "1:7 Found `c` where an operator or the end of the text was expected"],
    [
      ".a 'x'",
      "1:4 Found `'` where an operator or the end of the text was expected; strings are written in double quotes",
    ],
    [
      ".a == “x”",
      "1:7 Found `“` where an expression was expected; strings are written in plain double quotes",
    ],
    [
      ".a && .b",
      "1:4 Found `&` where an operator or the end of the text was expected; jq writes `and` for both conditions",
    ],
    [".a || .b", "1:4 Found `||`; jq writes `or` for either condition, `//` for a value instead of null"],
    ["!.a", "1:1 Found `!` where an expression was expected; jq writes `not` after a pipe: `.a | not`"],
    [".a\u00a0| .b", "1:3 Found `U+00A0` where an operator or the end of the text was expected"],
    [".é", '1:1 Found `é` in the name of a field; such a field is written `."name"`'],
    [". a", "1:3 Found a space before `a`; a field is written `.a`"],
    ["(.a\n  | [.b)", "2:8 Found `)` where `]` was expected"],
    ["(.a", "1:1 Found the end of the text: the `(` here is not closed"],
    ["[.a, {b: f(1; 2", "1:11 Found the end of the text: the `(` here is not closed"],
    ["{a: 1", "1:1 Found the end of the text: the `{` here is not closed"],
    ['.a + "x', "1:6 The string that begins here is not closed"],
    ['"a\\(.b"', "1:7 Found a string where the `)` of the interpolation was expected"],
    ['"a\\qb"', "1:3 Found `\\q` in a string; that is no escape (a backslash is written `\\\\`)"],
    ['"a\\u12"', "1:3 Found `\\u` without four hexadecimal digits in a string"],
    ['"\\ud83dx"', "1:2 Found the first half of a surrogate pair without its second half in a string"],
    ["if . then 1", "1:1 Found the end of the text: the `if` here has no `end`"],
    ["if . then 1 else 2 elif", "1:20 Found `elif` where `end` was expected"],
    [
      "if . then 1 |",
      "1:14 Found the end of the text where an expression (`.` is the input itself) was expected",
    ],
    ["if . 1", "1:6 Found `1` where `then` was expected"],
    ["def f: 1 f", "1:10 Found `f` where the `;` that ends the function was expected"],
    ["def f: 1", "1:1 Found the end of the text: the `def` here has no `;` at its end"],
    ["def if: 1; 2", "1:5 Found `if` where the name of the function was expected"],
    ["def f(): 1; 2", "1:7 Found `)` where a parameter (`name` or `$name`) was expected"],
    ["reduce .[] as $x (0)", "1:20 Found `)` where `;` was expected"],
    ["foreach .[] as $x (0; 1; 2; 3)", "1:27 Found `;` where `)` was expected"],
    ["break", "1:6 Found the end of the text where the `$name` of a label was expected"],
    ["1 as $x", "1:8 Found the end of the text where `|` and what the variables are for was expected"],
    [".a?//1", "1:3 Found `?//`, which separates patterns; put a space between `?` and `//`"],
    [".a.[1:2]", "1:6 Found `:` where `]` (a slice has no dot before its bracket) was expected"],
    ['import "a" as a; .', "1:1 Found `import`: modules are not supported here"],
    ['include "a"; .', "1:1 Found `include`: modules are not supported here"],
    ["module {}; .", "1:1 Found `module`: modules are not supported here"],
    [
      `.a ${"b".repeat(60)}`,
      `1:4 Found \`${"b".repeat(40)}…\` where an operator or the end of the text was expected`,
    ],
  ])("%j", (program, expected) => expect(place(program)).toBe(expected));
});

describe("the excerpt", () => {
  test("is the line with a caret below the place; the column counts code points", () => {
    const error = errorOf('"😀" | .a\n| ["😀" }\n| .b');
    expect([error.line, error.column]).toEqual([2, 8]);
    expect(error.excerpt).toBe('| ["😀" }\n       ^');
  });

  test("shows white space as spaces, so that the caret is below its character", () => {
    expect(errorOf("\t.a\t}").excerpt).toBe(" .a }\n    ^");
    expect(errorOf(".a }\r\n").excerpt).toBe(".a }\n   ^");
  });

  test("of a long line is what surrounds the place", () => {
    const error = errorOf(`${".a | ".repeat(1_000)}} | ${".b | ".repeat(1_000)}`);
    const [line = "", caret = ""] = error.excerpt.split("\n");
    expect(error.column).toBe(5_001);
    expect(line.length).toBeLessThanOrEqual(102);
    expect(line.startsWith("…")).toBe(true);
    expect(line.endsWith("…")).toBe(true);
    expect(line.charAt(caret.indexOf("^"))).toBe("}");
  });

  test("of an error at the end of the text", () => {
    expect(errorOf(".a |\n").excerpt).toBe("\n^");
    expect(errorOf(".a |").excerpt).toBe(".a |\n    ^");
  });
});

const nested: [string, (levels: number) => string][] = [
  ["parentheses", (n) => `${"(".repeat(n)}.${")".repeat(n)}`],
  ["arrays", (n) => `${"[".repeat(n)}.${"]".repeat(n)}`],
  ["objects", (n) => `${"{a:".repeat(n)}1${"}".repeat(n)}`],
  ["calls", (n) => `${"f(".repeat(n)}1${")".repeat(n)}`],
  ["indices", (n) => `${".[".repeat(n)}1${"]".repeat(n)}`],
  ["interpolations", (n) => `${'"\\('.repeat(n)}1${')"'.repeat(n)}`],
  ["functions", (n) => `${"def f: ".repeat(n)}1${"; f".repeat(n)}`],
  ["conditions", (n) => `${"if 1 then ".repeat(n)}2${" end".repeat(n)}`],
  ["try", (n) => `${"try ".repeat(n)}1`],
  ["reduce", (n) => `${"reduce ".repeat(n)}1${" as $x (0; 1)".repeat(n)}`],
  ["patterns", (n) => `. as ${"[".repeat(n)}$x${"]".repeat(n)} | 1`],
];

describe("nesting", () => {
  test.each(nested)("%s: 1,000 levels work, 100,000 are a compile error", (_, program) => {
    expect(() => parseProgram(program(1_000))).not.toThrow();
    expect(errorOf(program(100_000)).message).toBe("The program is nested more than 1024 levels deep");
  });

  test("1,000 levels work before any code is optimised, too, when frames are largest", () => {
    const module = fileURLToPath(new URL("../../src/jq/syntax/parse.ts", import.meta.url));
    const script = `
      import { parseProgram } from ${JSON.stringify(module)};
      for (const program of JSON.parse(process.argv[1])) parseProgram(program);`;
    const programs = JSON.stringify(nested.map(([, program]) => program(1_000)));
    const flags = ["--no-opt", "--no-maglev", "--no-sparkplug", "--input-type=module"];
    expect(() => execFileSync(process.execPath, [...flags, "-e", script, programs])).not.toThrow();
  });

  test("the level where it ends is never an error of the stack, deep in the stack either", () => {
    const programs = nested.map(([, program]) => program(1_000));
    const errors: unknown[] = [];
    const parseAll = (): void => {
      for (const program of programs)
        try {
          parseProgram(program);
        } catch (error) {
          errors.push(error);
        }
    };
    // How much stack a frame takes depends on what is optimised by now: down until the first error comes.
    const descend = (level: number): void => {
      if (level % 200 === 0) parseAll();
      if (errors.length === 0) descend(level + 1);
    };
    descend(0);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      expect(error).toBeInstanceOf(JqCompileError);
      expect((error as JqCompileError).message).toBe("The program is nested too deep");
    }
  });

  test.each([" | ", ", ", " + ", " - ", " * ", " // ", " and ", " or "])(
    "10,000 operands with %j",
    (operator) =>
      expect(() => parseProgram(Array.from({ length: 10_000 }, () => ".a").join(operator))).not.toThrow(),
  );

  test.each([
    ["bindings", `${". as $x | ".repeat(10_000)}.`],
    ["definitions", `${"def f: 1; ".repeat(10_000)}.`],
    ["labels", `${"label $x | ".repeat(10_000)}.`],
    ["fields", ".a".repeat(10_000)],
    ["forgiven fields", ".a?".repeat(10_000)],
    ["signs", `${"-".repeat(10_000)}.`],
    ["branches", `if 1 then 2 ${"elif 1 then 2 ".repeat(10_000)}end`],
    ["stages in an object", `{a: 1${" | 1".repeat(10_000)}}`],
    ["parts of a string", `"${"\\(1)".repeat(10_000)}"`],
  ])("10,000 %s", (_, program) => expect(() => parseProgram(program)).not.toThrow());
});

test("any text is a program or a JqCompileError whose place is in the text", () => {
  const token = fc.constantFrom(
    ...[
      ".",
      ".a",
      "..",
      "[",
      "]",
      "(",
      ")",
      "{",
      "}",
      "|",
      ",",
      ";",
      ":",
      "?",
      "//",
      "?//",
      "+",
      "-",
      "=",
      "|=",
    ],
    ...[
      "==",
      "<",
      "and",
      "if",
      "then",
      "elif",
      "else",
      "end",
      "try",
      "catch",
      "reduce",
      "foreach",
      "as",
      "$x",
    ],
    ...[
      "def f:",
      "label $x |",
      "break $x",
      "1",
      '"',
      "'",
      "\\(",
      "\\",
      "@json",
      "a",
      "#",
      "\n",
      " ",
      "\u0000",
      "é",
      "😀",
      "\ud83d",
    ],
  );
  const text = fc.oneof(
    fc.array(token, { maxLength: 25 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(parseProgram, parseMapping), (program, parse) => {
      try {
        parse(program);
      } catch (error) {
        if (!(error instanceof JqCompileError)) throw error;
        const lines = program.split("\n");
        expect(error.line).toBeLessThanOrEqual(lines.length);
        expect(error.column).toBeLessThanOrEqual(Array.from(lines[error.line - 1] ?? "").length + 1);
        expect(error.excerpt.split("\n")).toHaveLength(2);
      }
    }),
    { numRuns: 5_000, seed: 3 },
  );
});
