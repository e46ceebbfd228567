/**
 * Programs and inputs by chance. Every program is whole: variables, functions and labels that it names are bound in front of it, so
 * that other jq's compile it too; loops are bounded, so that it ends. Keys are never integers (JavaScript orders those its own way).
 */
import fc from "fast-check";
import type { Json } from "../../../src/jq/value.ts";

const KEYS = ["a", "b", "c", "id", "é", "__proto__"] as const;
const key = fc.constantFrom(...KEYS);
const jqString = fc.constantFrom('"a"', '"b"', '""', '"ab"', '"é😀"', '"x1"', '"a,b"', '"x y"', '"A"');
const jqNumber = fc.constantFrom("0", "1", "2", "-1", "3", "1.5", "10", "0.1", "-2.5");
const regex = fc.constantFrom(
  '"a"',
  '"[a-z]"',
  '"b?"',
  '"(?<n>a)|b"',
  '"^."',
  '"\\\\d+"',
  '"."',
  '"(a)(b)?"',
  '" "',
  '"é"',
);

const scalar: fc.Arbitrary<Json> = fc.oneof(
  { arbitrary: fc.constantFrom<Json>(null, true, false, 0, 1, 2, -1, 1.5, 10, -0.25, 1e3), weight: 3 },
  {
    arbitrary: fc.constantFrom<Json>(
      "a",
      "b",
      "",
      "ab",
      "aab",
      "é😀",
      "1",
      "a,b",
      " a ",
      "AbC",
      "2024-05-06",
    ),
    weight: 3,
  },
  { arbitrary: fc.integer({ min: -20, max: 20 }), weight: 1 },
  { arbitrary: fc.string({ unit: "grapheme", maxLength: 4 }), weight: 1 },
);

/** JSON values, small. */
export const jsonInput: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** Templates, three spaces apart. */
const list = (text: string): string[] => text.trim().split(/ {3}|\n/u);

/** A template's letters stand for: `E` an expression, `P` a path expression, `K` a key, `S` a string, `N` a number, `R` a regular expression, `V` a pattern. */
const PATH_TEMPLATES = list(String.raw`
.K   .K   .[N]   .[]   .[]?   .K?   ..   .[N:N]   .[:N]   P | P   (P, P)   P | select(E)   first(P)
if E then P else P end   (P // P)   getpath([S])   P[E]?   recurse(.[]?)   limit(2; P)   empty   P?
P | f   try P catch empty   label $out | P | (., break $out)   P as $v | P   P | .[N]?
`);
const COMBINING = list(String.raw`
P   P   P   [E]   [E, E]   {K: E}   {K, K: E}   {(S): E}   {$v}   E | E   E | E   E | E   (E, E)
E + E   E - E   E * 2   E / E   E % 3   -E   E == E   E < E   E <= E   E != E   E and E   E or E
E // E   if E then E else E end   if E then E end   if E then E elif E then E else E end
try E catch [type]   (E)?   E as $v | E   E as V | E   E as V ?// $v | E   reduce P as $v (E; E)
first(E)   last(E)   foreach P as $v (E; E)   foreach P as $v (E; E; [$v, .])
label $out | E, break $out   nth(1; E)   [limit(3; E)]   [skip(1; E)]   isempty(E)   "<\(E)>"
@json "v \(E)"   P = E   P |= E   P += E   P -= E   P *= E   P //= E   P |= empty   del(P)
[path(P)]   pick(P)?   map(E)   map_values(E)   any(E)   all(E)   sort_by(E)   group_by(E)
unique_by(E)   min_by(E)   max_by(E)   contains(E)   inside(E)   has(E)   in(E)   with_entries(E)
walk(E)   [paths(E)]   error(E)   select(E)   until(true; E)   [limit(3; repeat(1, E))]
setpath([S]; E)   [E][0]   {a: E} | .a   IN(E)   bsearch(E)   g(E)   h(E)   gsub(R; S)   add(E)
[.[]? | E]   gsub(R; "<\(.n)>")   [E | tostring] | S   [foreach .[]? as V (0; . + 1)]
`);
/** What is rarer: several outputs where one is usual, paths of everything, errors as values, large and small numbers. */
const RARE = list(String.raw`
reduce (E, E) as $v (E; E)   reduce P as V (E; (., E))   reduce P as $v (0; empty)   foreach (E, E) as $v (E; (., E); [$v, .])
foreach P as $v ((E, E); E)   label $lbl | (E, break $lbl, E)   label $lbl | label $out | E | (., break $lbl)
P |= (E, E)   P |= select(E)   (P, P) |= E   (P, P) = (E, E)   (P | select(E)) = E   P[N:N] = [E]   P[N:N] |= E   P //= (E, E)
P += (E, E)   del(P, P)   del(P[N:N])   delpaths([paths(E)])   [path(P | P)]   [path(first(P, P))]   [path(limit(2; P))]
[path(if E then P else P end)]   [path(E as $v | P)]   [path(reduce (1, 2) as $v (P; P))]   [path(foreach (1, 2) as $v (P; P))]
[path(P // P)]   [path(try P catch P)]   [path(getpath([E]))]   [limit(5; path(recurse(P; . != null)))]
[path(P)] | length   to_entries[]?   getpath([E])   setpath([E]; E)   delpaths([[E]])   .[E]   .[E:E]   .[E] = E   .[E:E] = E   .[E]?
try error(E) catch E   try (E | error(E)) catch [.]   error(E)?   (E, error(E), E)?   [.[]? | try E catch E]   try error catch [., E]
{(S): E, (S): E}   {a: E, b: (E, E)}   {K: E, (S): $v}   [{K: (E, E)}]   "\(E)-\(E)"   @base64 "<\(E)>"   @csv "\([E])"   @sh "\(E)"   @uri "x=\(E)"
@html "\(E)&"   limit(N; E)   [skip(N; E)]   nth(N; E)   first(E, E)   last(E, E)   flatten(N)   [limit(3; range(E))]   [limit(4; range(N; N; N))]
sort_by(E, E)   group_by(E, E)   unique_by(E, E)   min_by(E, E)   max_by(E, E)   any(P; E)   all(P; E)   IN(P; E)   add(P)   pick(P, P)
walk(E | select(E))   walk((., E))?   with_entries(.value = E)   with_entries(.key |= E)   with_entries(select(E))   [limit(5; recurse(E))]
[limit(4; while(E; E))]   [limit(5; recurse(P))]   [limit(9; recurse(P; E))]   startswith(E)   endswith(E)   split(E)   join(E)   indices(E)   index(E)
E * 1e17   E * 1e-7   E / 3   E % 1e10   E * E   E + null   -(E * 1e300)   [E * 1e15 | tojson]   (E * 0.1 | tostring)   [E, E] - [E]   E | tojson
def r: if type == "array" then .[]? | r else E end; r   def r(x): x, (.[0]? // empty | r(x)); [r(E)]   def q($v; x): [$v, x]; q(E; E)   def r: E; r | r
[.[]?, E] | sort   [E, E, E] | unique   [E, E] | min   [E, E] | max   ([E] | implode)?   (E | explode)?   [E, E] | transpose   [E | splits(S)]
any(E, E)   E and (E, E)   (E, E) or E   (E, E) // E   if (E, E) then E else (E, E) end   [E as [$v] ?// {K: $v} | $v]   . as [$v, {K: $k}] | E
ltrimstr(E)   rtrimstr(E)   trimstr(S)   has(E)   contains([E])   inside([E])   splits(S)   test(E)   [match(E; "g")] | length   tojson | fromjson
(E | tostring) as $v | $v + $v   [E | type]   [E | tojson | length]   . as $v | [$v] | .[0] = E | $v   env | type   $ENV | type   @text "\(E)"
fromstream(E | tostream)   [tostream | select(length == 2) | .[1]]   [1 | truncate_stream(E | tostream)]   [getpath(paths)]   reduce paths as $v ({}; .a += 1)
`);
const OF_ARRAYS = list(String.raw`
length   add   any   all   flatten   flatten(1)   sort   unique   min   max   reverse   transpose
first   last   nth(1)   .[1:]   .[-1]   .[:N]   combinations   [combinations]   join(S)   to_entries
keys   tojson   index(1)   indices([1])   [range(length)]   [tostream]   fromstream(tostream)
[paths]   [..]   del(.[0])   @csv   @tsv   @sh   @json   implode   map(tojson)   group_by(type)
sort_by(type)   unique_by(length)   map(has(0))   map(tostring) | sort   . - [1, null]   . + .
map(. == 1)   from_entries   bsearch(1)   scalars
`);
const OF_STRINGS = list(String.raw`
length   utf8bytelength   ascii_downcase   ascii_upcase   explode   explode | implode   tojson
fromjson   tonumber   split(S)   startswith(S)   endswith(S)   ltrimstr(S)   rtrimstr(S)   index(S)
indices(S)   rindex(S)   test(R)   [match(R)]   [match(R; "g") | .offset]   [scan(R)]
[capture(R; "g")]   sub(R; "X")   [splits(R)]   split(R; null)   @base64   @base64 | @base64d
@base64d   @uri   @html   @sh   @json   @text   .[1:]   .[:-1]   . * 2   . / S
strptime("%Y-%m-%d") | mktime   tojson | fromjson   ascii_downcase | test(R; "i")   . + "z"
contains(S)   trim
`);
const OF_NUMBERS = list(String.raw`
floor   sqrt   fabs   round   ceil   tostring   tojson   -.   . * 3   . / 7   . % 3   [range(.; 4)]
isnormal   todate   gmtime | mktime   strftime("%Y-%m-%d %H:%M")   pow(.; 2)   log2   infinite
isinfinite   significand   logb   [limit(3; range(.; 10; 2))]   abs   trunc   frexp
. as $v | [1, 2, 3] | .[$v]   nan | isnan   . == 1.0   1 / (. + 20)
`);
const OF_OBJECTS = list(String.raw`
keys   length   to_entries   with_entries(.value |= [.])   with_entries(select(.key > S))
map_values(tojson)   del(.K)   [.[]]   add   has(S)   [paths]   [tostream]   fromstream(tostream)
tojson   to_entries | from_entries   . * {a: {b: 1}}   . + {a: 1}   walk(.)   [..]   .K // 1
contains({})   map(type)   INDEX(.K?)   keys_unsorted   .K |= 1
`);
const ANYTHING = list(String.raw`
type   tojson   tostring   not   arrays   objects   strings   numbers   values   nulls   booleans
iterables   f   $k   $n   N   S   null   true   false   []   {}   empty   error   $__loc__ | .file
@text   length   ..   keys?
`);
const typed = (source: string, templates: readonly string[]): string[] =>
  templates.map((text) => `${source} | ${text}`);
const LEADING = [
  ...typed("[.[]?]", OF_ARRAYS),
  ...typed("[E, E]", OF_ARRAYS),
  ...typed("(E | tostring)", OF_STRINGS),
  ...typed("(E | length? // 1)", OF_NUMBERS),
  ...typed("{a: E, b: E}", OF_OBJECTS),
];
const PLAIN = [...OF_ARRAYS, ...OF_STRINGS, ...OF_NUMBERS, ...typed(".", OF_OBJECTS)];
const PATTERNS = list(String.raw`
[$v]   {K: $v}   [$v, $k]   {$a}   [[$v]]   {K: [$v]}   {"a": $v}   {(S): $v}   {$v: [$k]}   [$v, [$k]]   [{K: $v}]   {K: $v, a: $k}
`);

interface Grammar {
  path: string;
  expression: string;
}

/** A template's letters replaced by what `parts` draws; an expression is put in parentheses unless it is the whole. */
function filled(
  template: string,
  parts: Readonly<Record<string, fc.Arbitrary<string>>>,
): fc.Arbitrary<string> {
  const pieces = template.split(/(?<![A-Za-z_"\\])([EPKSNRV])(?![A-Za-z_"])/u);
  return fc
    .tuple(...pieces.map((piece, i) => (i % 2 === 1 ? parts[piece]! : fc.constant(piece))))
    .map((texts) => texts.join(""));
}

const parenthesised = (text: string): string =>
  /^(?:\$?\w+|"\w*"|\[[^[\]]*\]|\.|\.\w+)$/u.test(text) ? text : `(${text})`;

const grammar = fc.letrec<Grammar>((tie) => {
  const inner = (tie("expression") as fc.Arbitrary<string>).map(parenthesised);
  const innerPath = (tie("path") as fc.Arbitrary<string>).map(parenthesised);
  const parts = {
    E: inner,
    P: innerPath,
    K: fc.constantFrom("a", "b", "c", "id"),
    S: jqString,
    N: jqNumber,
    R: regex,
    V: fc
      .constantFrom(...PATTERNS)
      .chain((text) =>
        fc.constantFrom("a", "b").map((name) => text.replace("K", name).replace("S", `"${name}"`)),
      ),
  };
  const of = (templates: readonly string[]): fc.Arbitrary<string> =>
    fc.oneof(...templates.map((text) => filled(text, parts)));
  const bounded = { maxDepth: 5, depthSize: "medium", depthIdentifier: "program" } as const;
  return {
    path: fc.oneof(bounded, fc.constantFrom(".", ".a", ".[]?", ".b", ".[0]?"), of(PATH_TEMPLATES)),
    expression: fc.oneof(
      bounded,
      fc.constantFrom(".", ".a?", "1", '"a"', "null", "$v", ".[]?", "length?"),
      { arbitrary: of(COMBINING), weight: 12 },
      { arbitrary: of(RARE), weight: 6 },
      { arbitrary: of(LEADING), weight: 4 },
      { arbitrary: of(PLAIN), weight: 1 },
      { arbitrary: of(ANYTHING), weight: 2 },
    ),
  };
});

/** Bindings in front of a program, for those names that it uses. */
const BOUND: readonly [RegExp, string][] = [
  [/break \$out/u, "label $out | "],
  [/break \$lbl/u, "label $lbl | "],
  [/\$v\b/u, ". as $v | "],
  [/\$k\b/u, '"a" as $k | '],
  [/\$n\b/u, "2 as $n | "],
  [/\bh\(/u, "def h($x): [$x, x]; "],
  [/\bg\(/u, "def g(x): x | (., x); "],
  [/(?<![\w."$])f(?![\w("-])/u, "def f: .a?; "],
];

export const program: fc.Arbitrary<string> = grammar.expression
  .filter((text) => text.length <= 240)
  .map((text) => BOUND.reduce((whole, [used, binding]) => (used.test(text) ? binding + whole : whole), text));
