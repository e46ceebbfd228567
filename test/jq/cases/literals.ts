import { table } from "../support/table.ts";

export const literals = table(
  "Literals and construction",
  String.raw`
0, 1.50, 1e3, .5, 1.e2, 100e-2
  null => 0 1.5 1000 0.5 100 1
123456789012
  null => 123456789012
0.1 + 0.2
  null => 0.30000000000000004
1e1000, -1e1000
  null => 1.7976931348623157e+308 -1.7976931348623157e+308
[1E2, 1e+2]
  null => [100,100]
3.0, 1e17, 1e-5, 123456789123456789
  null => 3 100000000000000000 0.00001 123456789123456780
[nan] | tojson, .[0] < nan
  null => "[null]" true
true, false, null
  null => true false null
"tab\tnew\nline\"quote\\ slash\/"
  null => "tab\tnew\nline\"quote\\ slash/"
"\u00e9\u20AC"
  null => "é€"
"\ud83d\ude00" | length
  null => 1
"\ud83d" | explode
  refused: Invalid \uXXXX\uXXXX surrogate pair escape at line 1, column 8 (while parsing '"\ud83d"')
"a"
  null => "a"
"sum: \(1 + 2), list: \([1, "x"]), null: \(null)"
  null => "sum: 3, list: [1,\"x\"], null: null"
"nested \("inner \("core")")"
  null => "nested inner core"
"pair \(1, 2)-\(3, 4)"
  null => "pair 1-3" "pair 2-3" "pair 1-4" "pair 2-4"
"\(.a)\(.b)"
  {"a":1,"b":"two"} => "1two"
"x\(empty)y"
  null =>
[]
  1 => []
[1, 2 | . + 1]
  null => [2,3]
[.[] | select(. > 1)]
  [1,2,3] => [2,3]
[empty]
  null => []
[[]]
  null => [[]]
{}
  null => {}
{a: 1, "b": 2, "c d": 3}
  null => {"a":1,"b":2,"c d":3}
{a, b}
  {"a":1,"b":2,"c":3} => {"a":1,"b":2}
{"a b", "x\(1)": 5}
  {"a b":1} => {"a b":1,"x1":5}
{(.k): .v}
  {"k":"key","v":"value"} => {"key":"value"}
{(.[]): 1}
  ["a","b"] => {"a":1} {"b":1}
{a: (1, 2), b: (3, 4)}
  null => {"a":1,"b":3} {"a":1,"b":4} {"a":2,"b":3} {"a":2,"b":4}
{("a", "b"): (1, 2)}
  null => {"a":1} {"a":2} {"b":1} {"b":2}
{a: empty}
  null =>
1 as $x | {$x, y: $x}
  null => {"x":1,"y":1}
{$__loc__}
  null => {"__loc__":{"file":"<top-level>","line":1}}
$__loc__.line
  null => 1
1 |⏎$__loc__ | .line
  null => 2
{"a": 1, "a": 2}
  null => {"a":2}
{a: {b: {c: 1}}}.a.b
  null => {"c":1}
{a: 1 + 2, b: false or true, c: null // 3}
  null => {"a":3,"b":true,"c":3}
{a: 1 | . + 1}
  null => {"a":2}
{a: -1}
  null => {"a":-1}
{a: reduce (1, 2) as $x (0; . + $x), b: if true then 1 else 2 end}
  null => {"a":3,"b":1}
{"k\(1, 2)": 0}
  null => {"k1":0} {"k2":0}
{@base64 "x": 1}
  null => {"x":1}
{(1): 2}
  refused: Cannot use number (1) as object key
{(null): 2}
  refused: Cannot use null (null) as object key
{a: 1} | .a as $n | {n: $n}
  null => {"n":1}
[.[] | {name, n: .tags[]}]
  [{"name":"x","tags":[1,2]},{"name":"y","tags":[]}] => [{"name":"x","n":1},{"name":"x","n":2}]
{"__loc__": 1, __loc__: 2}
  null => {"__loc__":2}
{or: 1, not: 2}
  null => {"or":1,"not":2}
[1, [2, {a: [3]}]] | .[1][1].a[0]
  null => 3
{a: 1, b: 2} | {b, a} | keys_unsorted
  null => ["b","a"]
{"1": 1, (2 | tostring): 2} | length
  null => 2
{("a" + "b"): 1, "c": 2}
  null => {"ab":1,"c":2}
{a, b: 2}
  {"a":5} => {"a":5,"b":2}
`,
);
