/** Modules: what programs import from a library that the caller gives. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile, compileMapping, type Json, JqCompileError, JqError } from "../../src/jq/index.ts";

const FILES: Readonly<Record<string, string>> = {
  "math.jq": `module {name: "math", version: 2};
    def square: . * .;
    def fac: if . <= 1 then 1 else . * (. - 1 | fac) end;
    def power($n): . as $x | reduce range($n) as $_ (1; . * $x);
    def twice(f): f | f;
    def either(a; $b): a, $b;
    def field: .a;`,
  "names.jq": "def length: 99; def map(f): -1; def mine: length; def one: 1; def one(f): [f];",
  "uses.jq":
    'import "math" as m; include "names"; def nine: 3 | m::square; def shown: [length, one(2), nine];',
  "deep/deep.jq":
    'import "near" as n {search: "./"}; import "up" as up {search: "../other"}; def place: [n::here, up::here];',
  "deep/near.jq": 'def here: "near";',
  "deeper.jq": 'import "deep" as deep; def place: deep::place;',
  "other/up.jq": 'def here: "up";',
  "main/jq/main.jq": 'def where: "jq/main";',
  "list.json": '1 {"a": [2]}\n"three"',
  "bad.jq": "def f:\n  . + ;",
  "rest.jq": "def f: 1; 2",
  "undefined.jq": "def unused: nothing;\ndef f: 1 |\n  missing;",
  "self.jq": 'import "self" as s; def f: 1;',
  "round.jq": 'import "about" as s; def f: 1;',
  "about.jq": 'import "round" as s; def f: 1;',
  "broken.json": "[1,",
};
const modules = (path: string): string | undefined => (Object.hasOwn(FILES, path) ? FILES[path] : undefined);
const run = (program: string, input: Json = null): Json[] => compile(program, { modules }).run(input);

const LISTED: Json = [1, { a: [2] }, "three"];

/** Programs and what they give; a jq 1.8 gives the same (below). */
const CASES: readonly (readonly [program: string, input: Json, outputs: readonly Json[]])[] = [
  ['import "math" as m; m::square', 7, [49]],
  ['import "math" as m; m::fac', 10, [3_628_800]],
  ['import "math" as m; [m::power(1, 2, 3)]', 2, [[2, 4, 8]]],
  ['import "math" as m; [m::twice(., . + 1)]', 1, [[1, 2, 2, 3]]],
  ['import "math" as m; [m::either(1, 2; 3, 4)]', null, [[1, 2, 3, 1, 2, 4]]],
  ['import "math" as m; def square: 0; [square, m::square]', 3, [[0, 9]]],
  ['import "math" as m; import "math" as n; m::square + n::square', 3, [18]],
  ['import "math" as m; path(m::field), (m::field |= 2)', { a: 1 }, [["a"], { a: 2 }]],
  ['import "math" as m; def f(g): g | m::twice(g); f(m::square)', 2, [256]],
  ['import "math" as m; [limit(4; 2 | recurse(m::square))]', null, [[2, 4, 16, 256]]],
  ['include "math"; fac', 5, [120]],
  ['include "names"; [length, map(.), mine, one, one(2)]', [1, 2], [[99, -1, 99, 1, [2]]]],
  ['include "names"; [.[] | tostring] | sort', [2, 1], [["1", "2"]]],
  ['import "names" as n; [length, n::length]', [1, 2], [[2, 99]]],
  ['import "uses" as u; u::shown', null, [[99, [2], 9]]],
  ['include "uses"; [shown, nine]', null, [[[99, [2], 9], 9]]],
  ['import "deep" as d; d::place', null, [["near", "up"]]],
  ['import "near" as n {search: "./deep"}; n::here', null, ["near"]],
  ['import "near" as n {search: ["./nowhere", "./deep"]}; n::here', null, ["near"]],
  ['import "main" as m; m::where', null, ["jq/main"]],
  ['import "list" as $d; [$d, $d::d]', null, [[LISTED, LISTED]]],
  ['import "list" as $d; 1 as $d | [$d, $d::d[0]]', null, [[1, 1]]],
  ['import "list" as $d; def f($d): $d; f(5), $d[2]', null, [5, "three"]],
  ['import "nothing" as n {optional: true}; 1', null, [1]],
  ['module {a: [1, {b: 2}]}; import "math" as m; 2 | m::square', null, [4]],
  [
    '"math" | modulemeta | .name, .version, .deps, (.defs | sort)',
    null,
    ["math", 2, [], ["either/2", "fac/0", "field/0", "power/1", "square/0", "twice/1"]],
  ],
  [
    '"uses" | modulemeta | .deps',
    null,
    [
      [
        { as: "m", is_data: false, relpath: "math" },
        { is_data: false, relpath: "names" },
      ],
    ],
  ],
];

test.each(CASES)("%s", (program, input, outputs) => expect(run(program, input)).toEqual(outputs));

test("modules of modules of modules, which jq 1.8.2 cannot compile", () =>
  expect(run('import "deeper" as d; d::place')).toEqual([["near", "up"]]));

const place = (program: string): string => {
  try {
    compile(program, { modules });
    return "compiles";
  } catch (error) {
    if (!(error instanceof JqCompileError)) throw error;
    return `${error.line}:${error.column} ${error.message}`;
  }
};

test.each([
  ["module {a: .}; .", "1:8 What describes a module consists of constants"],
  ["module [1]; .", "1:8 What describes a module is an object"],
  ["module {} 1", "1:11 Found `1` where the `;` that ends the description of the module was expected"],
  ['import "\\(1)" as a; .', "1:8 The path of a module is a text without interpolation"],
  ["include a; .", "1:9 Found `a` where the path of the module, in quotes was expected"],
  ['import "a" a; .', "1:12 Found `a` where `as` and the name that the module gets was expected"],
  ['import "nothing" as n; 1', "1:1 The library has no module `nothing`"],
  ['1 |\nimport "math" as n; 1', "2:1 Found `import` where an expression was expected"],
  ['import "bad" as b; 1', "2:7 bad.jq: Found `;` where an expression was expected"],
  [
    'import "rest" as b; 1',
    "1:11 rest.jq: Found `2` where `def` (a module holds definitions only) was expected",
  ],
  ['import "undefined" as u; u::f', "3:3 undefined.jq: missing/0 is not defined"],
  ['import "undefined" as u; 1', "compiles"],
  ['import "math" as m; m::cube', "1:21 m::cube/0 is not defined"],
  ['import "math" as m; square', "1:21 square/0 is not defined"],
  ['import "uses" as u; u::m::square', "1:21 u::m::square/0 is not defined"],
  ['import "list" as $d; $e', "1:22 $e is not defined"],
  ['import "self" as s; 1', "1:1 self.jq: The module in self.jq imports itself"],
  ['import "round" as s; 1', "1:1 about.jq: The module in round.jq imports itself"],
  ['import "../math" as m; 1', "1:1 Paths of modules may not lead to the folder above (../math)"],
  ['import "a/a/b" as m; 1', "1:1 A path of a module may not have the same name twice in a row (a/a/b)"],
  ['import "a\\\\b" as m; 1', "1:1 Modules are named by paths with /, not \\ (a\\b)"],
  [
    'import "math" as m {search: "/etc"}; 1',
    "1:1 Folders of modules are relative to the file that imports them (/etc)",
  ],
  ['import "math" as m {search: "../.."}; 1', "1:1 The library has no module `math`"],
  [
    'import "broken" as $b; 1',
    "1:1 broken.json: the input is not JSON, in the value that begins on line 1: Unexpected end of JSON input",
  ],
])("%s", (program, expected) => expect(place(program)).toBe(expected));

describe("without a library", () => {
  test("imports are refused by compile, by mappings always", () => {
    expect(() => compile('include "math"; fac')).toThrow("modules are not supported here");
    expect(() => compileMapping('include "math"; fac', { modules })).toThrow(
      "modules are not supported here",
    );
  });

  test("modulemeta is an error of the program", () => {
    expect(compile("try modulemeta catch .").run("math")).toEqual(["break"]);
    expect(() => run("modulemeta", "nothing")).toThrow(JqError);
    expect(run("[.[] | try modulemeta catch .]", [1, "nothing", "../x", "bad"])).toEqual([
      [
        "modulemeta input module name must be a string",
        "module not found: nothing",
        "Paths of modules may not lead to the folder above (../x)",
        "bad.jq: Found `;` where an expression was expected",
      ],
    ]);
  });
});

test("nothing outside of the library is asked for, and no file twice", () => {
  const asked: string[] = [];
  compile('import "uses" as u; import "math" as m; u::shown', {
    modules: (path) => {
      asked.push(path);
      return modules(path);
    },
  });
  expect(asked.filter((path) => path.startsWith("/") || path.includes(".."))).toEqual([]);
  expect(asked.filter((path) => path === "names.jq")).toHaveLength(1);
});

if (process.env.JQ_BINARY !== undefined)
  test("a jq 1.8 gives the same", () => {
    const folder = mkdtempSync(join(tmpdir(), "modules-"));
    try {
      for (const [path, text] of Object.entries(FILES)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      for (const [program, input, outputs] of CASES) {
        const text = execFileSync(process.env.JQ_BINARY!, ["-c", "-L", folder, program], {
          cwd: folder,
          input: JSON.stringify(input),
          encoding: "utf8",
        });
        const lines = text.trimEnd().split("\n");
        expect([program, ...lines.map((line) => JSON.parse(line) as Json)]).toEqual([program, ...outputs]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
