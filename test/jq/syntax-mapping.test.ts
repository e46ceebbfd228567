import { describe, expect, test } from "vitest";
import type { JqCompileError } from "../../src/jq/errors.ts";
import { findTemplates } from "../../src/jq/syntax/find-templates.ts";
import { parseMapping, parseProgram } from "../../src/jq/syntax/parse.ts";
import { showTree } from "./support/show-tree.ts";

const mapping = (text: string): string => showTree(parseMapping(text));

describe("strings in single quotes", () => {
  test.each([
    ["'text'", '"text"'],
    ["''", '""'],
    ["'https://x/' + .a", '("https://x/" + .["a"])'],
    [
      "'a' + .b + '-1' + '.' + .c + ')t(' + .d + 'e'",
      '((((((("a" + .["b"]) + "-1") + ".") + .["c"]) + ")t(") + .["d"]) + "e")',
    ],
    ["if .a then 'x y' else 'z' end", '(if .["a"] "x y" "z")'],
    [".properties.'my-prop'", '.["properties"]["my-prop"]'],
    [".'my-prop'.'other prop'[0]", '.["my-prop"]["other prop"][0]'],
    [".['my-prop']", '.["my-prop"]'],
    [".a == 'x' # trailing, don't mind", '(.["a"] == "x")'],
    [".a # the teams' own", '.["a"]'],
    ["select(.a == 'x')", 'select((.["a"] == "x"))'],
    ["test('^a'; 'i')", 'test("^a"; "i")'],
    ["[.a == 'x', .b == 'y']", '[ ((.["a"] == "x") , (.["b"] == "y")) ]'],
    ["{a: 'b', 'c d': 1, 'e'}", '{"a": "b", "c d": 1, "e": .["e"]}'],
    [". as {'a b': $x} | $x", '(. as {"a b": $x} | $x)'],
    ["@base64 'a\\(.b)c'", '@base64<"a" .["b"] "c">'],
    ["'a \\(.b | test('c')) d'", '<"a " (.["b"] | test("c")) " d">'],
    ["'a\\n\\u00e9\\'\\\"b'", JSON.stringify("a\né'\"b")],
    ["'say \"hi\"'", '"say \\"hi\\""'],
    ["'it's'", '"it\'s"'],
    ["'don't' + 'won't'", '("don\'t" + "won\'t")'],
    ["'teams' | 'all'", '("teams" | "all")'],
    [".a == '1' or .b == '2'", '((.["a"] == "1") or (.["b"] == "2"))'],
    ["'a',' b' ", '("a" , " b")'],
    ["'x'\n| 'y'", '("x" | "y")'],
  ])("%s", (text, expected) => expect(mapping(text)).toBe(expected));
});

describe("apostrophes in what is jq already", () => {
  test.each([
    '"it\'s"',
    '"https://\'url."',
    '"the teams\' list"',
    "\" '.' \"",
    '"a \'" + .x + "\' b"',
    '"\'a\'" , "\'"',
    ".a # don't, and 'this' neither",
    '"a\\("b\'c")"',
  ])("%s stays", (text) => expect(mapping(text)).toBe(showTree(parseProgram(text))));
});

describe("what Port's rewriting takes, means the same here", () => {
  test.each([
    ["\"https://'url.\" + 'test.' + .a", '(("https://\'url." + "test.") + .["a"])'],
    ["'a'.b'", '"a\'.b"'],
    ["'a \\(.b == 'c' | not) d'", '<"a " ((.["b"] == "c") | not) " d">'],
    ["'x \"+ \"y'", '("x " + "y")'],
  ])("%s", (text, expected) => expect(mapping(text)).toBe(expected));
});

test.each([
  ["'a", "1:1 The string that begins here is not closed"],
  [".a == 'x' 'y", "1:11 Found a string where an operator or the end of the text was expected"],
  ["'a' |", "1:6 Found the end of the text where an expression (`.` is the input itself) was expected"],
  ["", "1:1 Found the end of the text where an expression (`.` is the input itself) was expected"],
])("the error of %j is at its place in the text as written", (text, expected) => {
  let error: unknown = null;
  try {
    parseMapping(text);
  } catch (thrown) {
    error = thrown;
  }
  const { line, column, message } = error as JqCompileError;
  expect(`${line}:${column} ${message}`).toBe(expected);
});

describe("templates are found", () => {
  const found = (text: string): string[] =>
    findTemplates(text).map(({ start, end }) => text.slice(start, end));

  test.each<[string, string[]]>([
    ["", []],
    ["plain { text } 'it's \"", []],
    ["{{.a}}", [".a"]],
    ["x {{ .a }} y {{.b}}z", [" .a ", ".b"]],
    ["{{.a}}{{.b}}", [".a", ".b"]],
    ["\"{{.a}}\" '{{.b}}'", [".a", ".b"]],
    ['{{ "}} {{" + .a }}', [' "}} {{" + .a ']],
    ["{{ '}} {{' + .a }}", [" '}} {{' + .a "]],
    ["{{ 'it's }}' }}", [" 'it's }}' "]],
    ['{{ "\\"}}" }}', [' "\\"}}" ']],
    ['{{ "a\\(.b | test("}}"))c" }}', [' "a\\(.b | test("}}"))c" ']],
    ["{{ {a: {b: 1}} }}", [" {a: {b: 1}} "]],
    ["{{{a: 1}}}", ["{a: 1}"]],
    ["{{ .a }}}", [" .a "]],
    ["{{ .a # it's a comment }}", [" .a # it's a comment "]],
    ["{{ .a # }\n | .b }}", [" .a # }\n | .b "]],
    ["{{}}", [""]],
  ])("%s", (text, expected) => expect(found(text)).toEqual(expected));

  test.each([
    ["prefix{{.foo}postfix", "Found `{{` at offset 6 without a `}}` that closes it"],
    ["prefix{.foo}}postfix", "Found `}}` at offset 11 without a `{{` before it"],
    ["prefix{{ .foo {{ }}postfix", "Found `{{` at offset 14 inside the template that begins at offset 6"],
    ["prefix{{ .foo }} }}postfix", "Found `}}` at offset 17 without a `{{` before it"],
    ['prefix{{ "{{" + .foo }} }}postfix', "Found `}}` at offset 24 without a `{{` before it"],
    ["prefix{{ '{{' + .foo }} }}postfix", "Found `}}` at offset 24 without a `{{` before it"],
    ['{{ "a }}', "Found `{{` at offset 0 without a `}}` that closes it"],
    ["{{ {a: 1}}", "Found `{{` at offset 0 without a `}}` that closes it"],
    ["}}{{", "Found `}}` at offset 0 without a `{{` before it"],
    ["{{{{a}}}}", "Found `{{` at offset 2 inside the template that begins at offset 0"],
  ])("%s", (text, message) => expect(() => findTemplates(text)).toThrow(message));
});
