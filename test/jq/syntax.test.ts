import { describe, expect, test } from "vitest";
import { parseProgram } from "../../src/jq/syntax/parse.ts";
import { showTree } from "./support/show-tree.ts";

const tree = (program: string): string => showTree(parseProgram(program));

describe("operators group as in jq 1.8", () => {
  test.each([
    ["1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"],
    ["1 - 2 - 3", "((1 - 2) - 3)"],
    ["8 / 4 % 3", "((8 / 4) % 3)"],
    [".a // .b // .c", '(.["a"] // (.["b"] // .["c"]))'],
    [".a = 1 // 2", '((.["a"] = 1) // 2)'],
    [".a // .b = 1", '(.["a"] // (.["b"] = 1))'],
    [".a = .b or .c", '(.["a"] = (.["b"] or .["c"]))'],
    ["1 or 2 and 3 or 4", "((1 or (2 and 3)) or 4)"],
    ["1 and 2 and 3", "((1 and 2) and 3)"],
    ["1 < 2 and 3 == 4", "((1 < 2) and (3 == 4))"],
    ["1 + 2 == 3 * 1", "((1 + 2) == (3 * 1))"],
    [".a |= . + 1", '(.["a"] |= (. + 1))'],
    [".a += 1 | .b -= 2 | .c *= 3", '((.["a"] += 1) | ((.["b"] -= 2) | (.["c"] *= 3)))'],
    [".a /= 1 | .b %= 2 | .c //= 3", '((.["a"] /= 1) | ((.["b"] %= 2) | (.["c"] //= 3)))'],
    ["1, 2, 3", "((1 , 2) , 3)"],
    ["1, 2 | 3, 4", "((1 , 2) | (3 , 4))"],
    ["1 | 2 | 3", "(1 | (2 | 3))"],
    ["1 != 2, 3 >= 4, 5 <= 6, 7 > 8", "((((1 != 2) , (3 >= 4)) , (5 <= 6)) , (7 > 8))"],
    ["-1", "-1"],
    ["-0", "-0"],
    ["- 1 + 2", "(-1 + 2)"],
    ["1 - -1", "(1 - -1)"],
    ["--1", "1"],
    ["-.a.b", '(- .["a"]["b"])'],
    ["-.a?", '(- (try .["a"]))'],
    ["-(1)", "-1"],
    ["- .a * 2", '((- .["a"]) * 2)'],
    ["1as $x|2as $y|[$x,$y]", "(1 as $x | (2 as $y | [ ($x , $y) ]))"],
    [". and true", "(. and true)"],
  ])("%s", (program, expected) => expect(tree(program)).toBe(expected));

  test.each(["1 == 2 == 3", "1 < 2 < 3", "1 == 2 != 3", ".a = .b = 1", ".a |= .b += 1", ".a = 1 or .b = 2"])(
    "%s needs parentheses",
    (program) => expect(() => parseProgram(program)).toThrow(/such operators need parentheses/),
  );
});

describe("what holds for the rest of a query", () => {
  test.each([
    ["1 + 2 as $x | -$x", "((1 + 2) as $x | (- $x))"],
    ["1, 2 as $x | 3, 4 | 5", "(1 , (2 as $x | ((3 , 4) | 5)))"],
    ["1 | 2, 3, 4 as $x | 5", "(1 | ((2 , 3) , (4 as $x | 5)))"],
    ["def f: 1; f | 2, 3", "(def f(): 1; (f | (2 , 3)))"],
    ["1, def f: 2; f | 3", "(1 , (def f(): 2; (f | 3)))"],
    ["def f(g; $x; h): g | $x; f(1; 2; 3, 4)", "(def f(g; $x; h): (g | $x); f(1; 2; (3 , 4)))"],
    ["def f: def g: 3; g; f", "(def f(): (def g(): 3; g); f)"],
    ["label $out | 1, break $out", "(label $out | (1 , break $out))"],
    ["1, label $l | break $l", "(1 , (label $l | break $l))"],
    ["1 // 2 as $x | 3", "((1 // 2) as $x | 3)"],
    ["-1 as $x | $x", "(-1 as $x | $x)"],
    ["try error catch . as $x | $x", "((try error catch .) as $x | $x)"],
    ["(1 as $x | $x) + 2", "((1 as $x | $x) + 2)"],
    ["[1 as $x | $x, 2]", "[ (1 as $x | ($x , 2)) ]"],
  ])("%s", (program, expected) => expect(tree(program)).toBe(expected));

  test.each(["1 + def f: 2; f", "1 + label $x | 2", "{a: 1 as $x | 2}", "{a: def f: 1; f}", "{a: 1, 2}"])(
    "%s is no jq",
    (program) => expect(() => parseProgram(program)).toThrow(/^Found/),
  );
});

describe("patterns", () => {
  test.each([
    [". as [$a, [$b]] | 1", "(. as [$a, [$b]] | 1)"],
    [". as {a: $x, $y, $z: [$w]} | 1", '(. as {"a": $x, $y, $z: [$w]} | 1)'],
    ['. as {"a b": $x, (.k): $y, if: $z} | 1', '(. as {"a b": $x, .["k"]: $y, "if": $z} | 1)'],
    ['. as {"a\\(1)": $x, @base64 "y": $y} | 1', '(. as {<"a" 1>: $x, "y": $y} | 1)'],
    [".[] as [$a] ?// {a: $a} ?// $a | $a", '(.[] as [$a] ?// {"a": $a} ?// $a | $a)'],
    ["reduce .[] as [$a] ?// $a (0; . + $a)", "(reduce .[] as [$a] ?// $a: 0; (. + $a))"],
    ["reduce 1 + 2 as $x (0; $x) | 3", "((reduce (1 + 2) as $x: 0; $x) | 3)"],
    ["foreach -.a as $x (0; 1)", '(foreach (- .["a"]) as $x: 0; 1)'],
    ["foreach .[] as {$a} (0; . + $a; [., 1]).b", '(foreach .[] as {$a}: 0; (. + $a); [ (. , 1) ])["b"]'],
  ])("%s", (program, expected) => expect(tree(program)).toBe(expected));

  test.each([
    ". as [] | 1",
    ". as {} | 1",
    ". as {a} | 1",
    ". as [$a,] | 1",
    ". as $__loc__ | 1",
    ". as 1 | 1",
  ])("%s is no jq", (program) => expect(() => parseProgram(program)).toThrow(/^Found/));
});

describe("what stands behind an operand", () => {
  test.each([
    [".a.b", '.["a"]["b"]'],
    ['.a."b c"."\\(1)x"', '.["a"]["b c"][<1 "x">]'],
    ['."a"["b"].c', '.["a"]["b"]["c"]'],
    ['.["a"].[0].[]', '.["a"][0][]'],
    ["..", ".."],
    [".. .a", '..["a"]'],
    ["..[0]?", "(.. | (try .[0]))"],
    ["..?", "(try ..)"],
    [". [1]", ".[1]"],
    ['. "a"', '.["a"]'],
    ['.@base64 "x"', '.["x"]'],
    [".and.or.if.reduce", '.["and"]["or"]["if"]["reduce"]'],
    [".[1:2], .[1:], .[:2], .[-1:]", "(((.[1:2] , .[1:]) , .[:2]) , .[-1:])"],
    [".[1, 2 | 3]", ".[((1 , 2) | 3)]"],
    [".[.a as $x | $x : 2]", '.[(.["a"] as $x | $x):2]'],
    ["[1][0]", "[ 1 ][0]"],
    ['{a: 1}.a, "x".[0], $x.a, f(1).b', '((({"a": 1}["a"] , "x"[0]) , $x["a"]) , f(1)["b"])'],
    ["if . then 1 end.a", '(if . 1 -)["a"]'],
    ["try .a.b", '(try .["a"]["b"])'],
    ["try .a // 1", '((try .["a"]) // 1)'],
    ["try 1 catch 2 + 3", "((try 1 catch 2) + 3)"],
    ["try try 1 catch 2 catch 3", "(try (try 1 catch 2) catch 3)"],
    ["try -1", "(try -1)"],
    ["(1, 2)?", "(try (1 , 2))"],
    [".a??", '(try (try .["a"]))'],
    [".a? // 1", '((try .["a"]) // 1)'],
    ["@text.a", '@text["a"]'],
  ])("%s", (program, expected) => expect(tree(program)).toBe(expected));

  // 1 | .a.b? is an error in jq, 1 | (.a.b)? is not.
  test.each([
    [".a?", '(try .["a"])'],
    [".a.b?", '(.["a"] | (try .["b"]))'],
    [".a?.b", '(try .["a"])["b"]'],
    [".a[]?", '(.["a"] | (try .[]))'],
    [".[$k]?", "(try .[$k])"],
    [".[.k]?", '(.["k"] as $*key 0 | (try .[$*key 0]))'],
    [".a[.k]?", '(.["k"] as $*key 0 | (.["a"] | (try .[$*key 0])))'],
    [".[.f:.t]?", '(.["f"] as $*key 0 | (.["t"] as $*key 1 | (try .[$*key 0:$*key 1])))'],
    [".[:.t]?", '(.["t"] as $*key 0 | (try .[:$*key 0]))'],
    [".[1:]?", "(try .[1:])"],
    ["(.a.b)?", '(try .["a"]["b"])'],
  ])("%s forgives that access only", (program, expected) => expect(tree(program)).toBe(expected));

  test.each([". a", ".a.[1:2]", ".a..b", ".[:]", ".a?//1", "..a", ".a.1", "1.a", "f()", ".a.", ".[1"])(
    "%s is no jq",
    (program) => expect(() => parseProgram(program)).toThrow(/^Found/),
  );
});

describe("objects", () => {
  test.each([
    ["{}", "{}"],
    ["{a: 1, b: 2,}", '{"a": 1, "b": 2}'],
    ['{a, $b, "c d", if}', '{"a": .["a"], "b": $b, "c d": .["c d"], "if": .["if"]}'],
    ["{(.a, .b): 1 | 2 | 3}", '{(.["a"] , .["b"]): (1 | (2 | 3))}'],
    ["{$x: 1, $__loc__}", '{$x: 1, "__loc__": {"file":"<top-level>","line":1}}'],
    ['{@base64 "x": 1, "a\\(.b)": 2}', '{"x": 1, <"a" .["b"]>: 2}'],
    ['{@json "a\\(.b)"}', '{@json<"a" .["b"]>: .[@json<"a" .["b"]>]}'],
    ["{a: 1 // 2, b: reduce . as $x (0; 1)}", '{"a": (1 // 2), "b": (reduce . as $x: 0; 1)}'],
    ["{true: 1, null: 2, and: 3, __loc__: 4}", '{"true": 1, "null": 2, "and": 3, "__loc__": 4}'],
    ["{(-1): 2}", "{-1: 2}"],
  ])("%s", (program, expected) => expect(tree(program)).toBe(expected));

  test("the key of a shorthand is one node, to be computed once", () => {
    const node = parseProgram('{"a\\(1, 2)"}');
    const entry = node.kind === "object" ? node.entries[0] : undefined;
    expect(entry?.value.kind === "index" && entry.value.index === entry.key).toBe(true);
  });

  test.each([
    ["{(0): 1}", "Found the number 0 as the key of an object; keys are strings"],
    ["{(true): 1}", "Found the boolean true as the key of an object; keys are strings"],
    ["{(null): 1}", "Found null as the key of an object; keys are strings"],
    ["{([]): 1}", "Found the array [] as the key of an object; keys are strings"],
    ["{({}): 1}", "Found the object {} as the key of an object; keys are strings"],
    [". as {(1): $x} | $x", "Found the number 1 as the key of an object; keys are strings"],
    [
      "{1: 2}",
      "Found `1` where a key (a name, a string, a variable, or an expression in parentheses) was expected",
    ],
    ["{a b}", "Found `b` where `,` or `}` was expected"],
    ["{(.a)}", "Found `}` where `:` behind the key in parentheses was expected"],
    [
      "{.a: 1}",
      "Found `.a` where a key (a name, a string, a variable, or an expression in parentheses) was expected",
    ],
    ["{a: }", "Found `}` where an expression was expected"],
    ["{@base64: 1}", "Found `:` where the string that the format applies to was expected"],
  ])("%s", (program, message) => expect(() => parseProgram(program)).toThrow(message));
});

describe("numbers, strings, comments, conditions", () => {
  test.each([
    [
      ".5, 1., 1e3, 1.5E-2, 0.10, 100000000000000000000",
      "(((((0.5 , 1) , 1000) , 0.015) , 0.1) , 100000000000000000000)",
    ],
    ["1e1000, -1e1000", "(Infinity , -Infinity)"],
    ["1.[0]", "1[0]"],
    ["null, true, false, null(1)", "(((null , true) , false) , null(1))"],
    ['"a\\n\\t\\r\\b\\f\\\\\\/\\"b"', JSON.stringify('a\n\t\r\b\f\\/"b')],
    ['"\\u00e9\\ud83d\\ude00"', '"é😀"'],
    ['"\\udc00x"', '"\ufffdx"'],
    ['"\ud83dx"', '"\ufffdx"'],
    ['"a\nb"', '"a\\nb"'],
    ['"a\\(1 + 2)b\\("c\\(.d)")"', '<"a" (1 + 2) "b" <"c" .["d"]>>'],
    ['"\\(1)\\(2)"', "<1 2>"],
    ['"\\\\(1)"', '"\\\\(1)"'],
    ['@base64 "a\\(.)", @json', '(@base64<"a" .> , @json)'],
    ['@uri"x"', '"x"'],
    [
      "$__loc__\n| $__loc__.line",
      '({"file":"<top-level>","line":1} | {"file":"<top-level>","line":2}["line"])',
    ],
    ["1 # x | y\n| 2 # z", "(1 | 2)"],
    ["1 # a \\\n still\n | 2", "(1 | 2)"],
    ["1 # a \\\r\n still\n | 2", "(1 | 2)"],
    ["1 # a \\\\\n | 2", "(1 | 2)"],
    ["1 # a \\\\\\\n | 3\n | 2", "(1 | 2)"],
    ["1 # a\r | 2", "1"],
    ["[1,\n\t 2]\r\n", "[ (1 , 2) ]"],
    ["if 1 then 2 elif 3 then 4 elif 5 then 6 else 7 end", "(if 1 2 (if 3 4 (if 5 6 7)))"],
    ["if 1 then 2 elif 3 then 4 end", "(if 1 2 (if 3 4 -))"],
    ["if 1, 2 | 3 then 4, 5 else 6 | 7 end", "(if ((1 , 2) | 3) (4 , 5) (6 | 7))"],
    ["a::b, a::b::c(1), $a::b", "((a::b , a::b::c(1)) , $a::b)"],
    ["nota, android, _x1", "((nota , android) , _x1)"],
  ])("%s", (program, expected) => expect(tree(program)).toBe(expected));
});
