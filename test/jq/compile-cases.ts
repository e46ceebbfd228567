import type { Json } from "../../src/jq/value.ts";

/** A program, its input, its outputs; the value of the error that ends it as `{error}` at the end. */
export type Case = readonly [program: string, input: Json, ...outputs: Json[]];

/** Which operand is the outer loop, and which error is raised when there are several. */
export const orderCases: readonly Case[] = [
  ["[(1,2) + (10,20)]", null, [11, 12, 21, 22]],
  ["[(1,2) - (10,20) - (100,200)]", null, [-109, -108, -119, -118, -209, -208, -219, -218]],
  ["[(1,2) < (1,2)]", null, [false, false, true, false]],
  ["[(true,false) and (true,false)]", null, [true, false, false]],
  ["[(true,false) or (true,false)]", null, [true, true, false]],
  ["[{a: (1,2), b: (3,4)} | .a * 10 + .b]", null, [13, 14, 23, 24]],
  [`[{("a","b"): (1,2)}]`, null, [{ a: 1 }, { a: 2 }, { b: 1 }, { b: 2 }]],
  ["[[1,2,3][(0,1):(2,3)]]", null, [[1, 2], [1, 2, 3], [2], [2, 3]]],
  ["[([1,2],[3,4])[(0,1)]]", null, [1, 3, 2, 4]],
  [`["\\(1,2)-\\(3,4)"]`, null, ["1-3", "2-3", "1-4", "2-4"]],
  ["[range(0,1; 2,3)]", null, [0, 1, 0, 1, 2, 1, 1, 2]],
  ["[pow(2,3; 1,2)]", null, [2, 3, 4, 9]],
  ["[limit(1,2; 5,6,7)]", null, [5, 5, 6]],
  [
    "def f($a; $b): [$a, $b]; [f(1,2; 3,4)]",
    null,
    [
      [1, 3],
      [1, 4],
      [2, 3],
      [2, 4],
    ],
  ],
  ["def f($a): a, $a; [f(1,2)]", null, [1, 2, 1, 1, 2, 2]],
  ["[.[] as {a: $x, b: [$y, $z]} | $x, $y, $z]", [{ a: 1, b: [2, 3] }], [1, 2, 3]],
  [
    `[{"a":1,"b":2} as {("a","b"): $x, ("a","b"): $y} | [$x, $y]]`,
    null,
    [
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ],
  ],
  ["[1,2] as [$a, $a] | $a", null, 2],
  [`{"a":1,"b":2} as {a: $x, b: $x} | $x`, null, 1],
  [`error("a") + error("b")`, null, { error: "b" }],
  [`{a: error("a"), b: error("b")}`, null, { error: "a" }],
  [`"\\(error("a"))\\(error("b"))"`, null, { error: "b" }],
  [`setpath(error("a"); error("b"))`, null, { error: "b" }],
  [`def f($a; $b): 1; f(error("a"); error("b"))`, null, { error: "a" }],
  ["{} | .a += (1,2)", null, { a: 1 }, { a: 2 }],
  [`{} | .["a","b"] = (1,2)`, null, { a: 1, b: 1 }, { a: 2, b: 2 }],
];

/** `reduce` and `foreach`: outputs of every part. */
export const loopCases: readonly Case[] = [
  ["reduce .[] as $x (0; . + $x, . * 10)", [1, 2], 0],
  ["reduce .[] as $x (0; empty)", [1, 2], null],
  ["reduce range(5) as $x (0; if $x == 3 then empty else . + $x end)", null, 4],
  ["[foreach range(5) as $x (0; if $x == 3 then empty else . + $x end)]", null, [0, 1, 3, 4]],
  [
    "[foreach range(2) as $x (0, 10; . + $x, . + 100; [$x, .])]",
    null,
    [
      [0, 0],
      [0, 100],
      [1, 101],
      [1, 200],
      [0, 10],
      [0, 110],
      [1, 111],
      [1, 210],
    ],
  ],
  ["[reduce (1,2) as $x (0, 10; . + $x)]", null, [3, 13]],
  [
    "reduce .[] as [$a, $b] ({}; .[$a] += $b)",
    [
      ["x", 1],
      ["y", 2],
      ["x", 3],
    ],
    { x: 4, y: 2 },
  ],
];

/** `reduce` changes its state in place: nobody may see that. */
export const aliasCases: readonly Case[] = [
  ["reduce .[] as $x ({}; .[$x.k] += 1) | ., length", [{ k: "a" }, { k: "a" }], { a: 2 }, 1],
  ["reduce range(3) as $i ([]; . + [length])", null, [0, 1, 2]],
  ["reduce range(3) as $i ({a: {}}; .b = .a | .a.x = $i)", null, { a: { x: 2 }, b: { x: 1 } }],
  ["reduce range(3) as $i ([]; . + [.])", null, [[], [[]], [[], [[]]]]],
  ["reduce range(2) as $i ({a: [0]}; .b += [.a] | .a[0] = $i + 1)", null, { a: [2], b: [[0], [1]] }],
  ["reduce range(2) as $i ({}; . as $old | .n = $i | .old = $old.n)", null, { n: 1, old: 0 }],
  [
    "reduce range(2) as $i ({}; . as $old | .n = $i | .all += [$old])",
    null,
    { n: 1, all: [{}, { n: 0, all: [{}] }] },
  ],
  [
    "reduce range(2) as $i ({a: {n: 0}}; .a |= (.n += 1 | .self = .) | .c = .a)",
    null,
    { a: { n: 2, self: { n: 2, self: { n: 1 } } }, c: { n: 2, self: { n: 2, self: { n: 1 } } } },
  ],
  [
    ". as $in | reduce range(2) as $i (.; .a.b = $i) | [., $in]",
    { a: { c: 1 } },
    [{ a: { c: 1, b: 1 } }, { a: { c: 1 } }],
  ],
  ["reduce range(3) as $i (null; .[$i] = $i)", null, [0, 1, 2]],
  ["reduce range(3) as $i (null; .a[2 - $i] = $i)", null, { a: [2, 1, 0] }],
  ["reduce (1,2) as $i ([1,2,3]; .[0] |= empty)", null, [3]],
  [
    "def add($k): .[$k] += 1; reduce .[] as $x ({}; add($x))",
    ["__proto__", "a", "__proto__"],
    JSON.parse(`{"__proto__":2,"a":1}`),
  ],
  ["[.[] | .a |= . + 1] | map(.a)", [{ a: 1 }, { a: 2 }], [2, 3]],
  ["(.a, .a[0]) |= [., .]", { a: [1] }, { a: [[[1], [1]], [1]] }],
  ["(.a.x, .a, .a.x) |= {x: ., y: .} | .a.x.x.x, .a.y.x", { a: { x: 1 } }, { x: 1, y: 1 }, { x: 1, y: 1 }],
];

/** What is caught, and by whom. */
export const errorCases: readonly Case[] = [
  [`try (1, error("x"), 3) catch .`, null, 1, "x"],
  [`try ((try (1,2) catch "inner") | error("out")) catch .`, null, "out"],
  [`[.[] | try error catch .]`, [1, null, "a"], [1, null, "a"]],
  ["[label $f | ((1, break $f, 2)?, 3)]", null, [1, 3]],
  ["[label $f | try (break $f) catch type]", null, ["object"]],
  ["[label $a | label $b | 1, break $a, 2]", null, [1]],
  ["[label $a | (label $b | 1, break $b, 2), 3]", null, [1, 3]],
  ["def f: label $x | if . > 2 then break $x else ., (. + 1 | f) end; [0 | f]", null, [0, 1, 2]],
  ['[.[] as [$a] ?// $a | if ($a | type) == "number" then $a else error("x") end]', [[1], 2], [1, 2]],
  ['[[1]] | .[] as [$a] ?// $b | [$a, $b] | if .[0] then error("x") else . end', null, [null, [1]]],
  ["error(null)", null, { error: null }],
  ["error({a: 1})", null, { error: { a: 1 } }],
  ['(error("x")) // 1', null, { error: "x" }],
  ["[(false, null, 1, 2) // 3], [(false, empty) // 3]", null, [1, 2], [3]],
];

/** Where paths lead, and where they are lost. */
export const pathCases: readonly Case[] = [
  [
    '[path(.a[0], (.b | .c), getpath(["d", 1]))]',
    null,
    [
      ["a", 0],
      ["b", "c"],
      ["d", 1],
    ],
  ],
  ["[path(first(.[]), last, limit(1; .[]), (.[] | select(. > 1)))]", [1, 2], [[0], [-1], [0], [1]]],
  [
    "[path(if .a then .b else .c end), path(.a // .b), path(try .a[0] catch empty)]",
    { a: 1 },
    [["b"], ["a"]],
  ],
  ["[path(label $x | .a, break $x, .b), path(def f: .a; f | f)]", null, [["a"], ["a", "a"]]],
  ["[path(.[1:3] | .[0])]", [1, 2, 3], [[{ start: 1, end: 3 }, 0]]],
  ["path(null), path(.a | null)", null, [], ["a"]],
  ["path(1)", null, { error: "Invalid path expression with result 1" }],
  ["path(1)", 1, { error: "Invalid path expression with result 1" }],
  ["path([.] | .[0])", 1, { error: "Invalid path expression near attempt to access element 0 of [1]" }],
  ["path(tojson | .a?)", 1, { error: `Invalid path expression near attempt to access element "a" of "1"` }],
  ["path([1] | .[])", 1, { error: "Invalid path expression near attempt to iterate through [1]" }],
  ["try path(last(.[])) catch .", [1, 2], "Invalid path expression with result 2"],
  ["path(. as [$a] | .)", [[1]], { error: "Invalid path expression with result [[1]]" }],
  ["[path(foreach .[] as $x (0; . + 1; $x))]", [5, 6], [[0], [1]]],
  ["[path(reduce empty as $x (.a; .))]", null, [["a"]]],
  ["[paths]", { a: [1] }, [["a"], ["a", 0]]],
  [".[] |= (1, 2), .[] |= empty, (.[] | select(. > 1)) |= empty", [1, 2, 3], [1, 1, 1], [], [1]],
  [".[1:] = [9], .[:2] |= map(. * 10), del(.[0, 2])", [1, 2, 3], [1, 9], [10, 20, 3], [2]],
  [".. |= (numbers |= . + 1)", [1, [2]], [2, [3]]],
  [
    "first(.a, .b) = 1, (.a | select(. == 1)) |= 5, (.c // .d) = 2",
    { a: 1 },
    { a: 1 },
    { a: 5 },
    { a: 1, d: 2 },
  ],
  [".a[1:3] |= map(.+1) | .a", { a: [1, 2, 3] }, [1, 3, 4]],
];
