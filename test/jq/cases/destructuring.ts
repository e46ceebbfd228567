import { table } from "../support/table.ts";

export const destructuring = table(
  "Variables and destructuring",
  String.raw`
. as $x | $x, $x
  5 => 5 5
.a as $a | .b as $b | $a + $b
  {"a":1,"b":2} => 3
. as [$a, $b] | $a, $b
  [1,2] => 1 2
  [1] => 1 null
  null => null null
. as [$a, [$b]] | [$a, $b]
  [1,[2]] => [1,2]
  [1,null] => [1,null]
. as {a: $x, b: [$y]} | [$x, $y]
  {"a":1,"b":[2]} => [1,2]
  {} => [null,null]
. as {$a, $b} | [$a, $b]
  {"a":1,"b":2} => [1,2]
. as {$a: [$b]} | [$a, $b]
  {"a":[1]} => [[1],1]
. as {"k 1": $x} | $x
  {"k 1":7} => 7
. as {"a\(1)": $x} | $x
  {"a1":3} => 3
"k" as $k | . as {($k): $v} | $v
  {"k":4} => 4
. as {("a", "b"): $x} | $x
  {"a":1,"b":2} => 1 2
. as {a: $x, b: $y} | $x + $y
  {"a":1,"b":2} => 3
. as [$a] | . as [$b] | [$a, $b]
  [1] => [1,1]
.[] as [$a, $b] | {a: $a, b: $b}
  [[1,2],[3,4]] => {"a":1,"b":2} {"a":3,"b":4}
.[] as {id: $i} | $i
  [{"id":1},{}] => 1 null
. as [$a] | $a
  5 => !"Cannot index number with number (0)"
  {"a":1} => !"Cannot index object with number (0)"
. as {a: $a} | $a
  5 => !"Cannot index number with string (\"a\")"
  [1] => !"Cannot index array with string (\"a\")"
.[] as [$a] ?// $a | [$a]
  [[1],2,{"x":1}] => [1] [2] [{"x":1}]
.[] as {a: $x} ?// [$x] | $x
  [{"a":1},[2]] => 1 2
. as {a: $x, b: $y} ?// [$x, $z] | [$x, $y, $z]
  [1,2] => [1,null,2]
  {"a":1,"b":2} => [1,2,null]
[.[] as [$a] ?// {a: $a} ?// $a | $a]
  [[1],{"a":2},3] => [1,2,3]
. as [$a] ?// $a | if ($a | type) == "number" then error("retry") else $a end
  [1] => [1]
[[3]] | .[] as [$a] ?// [$b] | if $a != null then error("err: \($a)") else {$a, $b} end
  null => {"a":null,"b":3}
. as $x ?// [$x] | $x | if type == "array" then error else . end
  [5] => 5
try (. as [$a] ?// {$a} | error("last")) catch .
  [1] => "Cannot index array with string (\"a\")"
reduce .[] as [$a, {b: $b}] (0; . + $a * $b)
  [[1,{"b":2}],[3,{"b":4}]] => 14
1 as $x | [$x, (2 as $x | $x), $x]
  null => [1,2,1]
(1, 2) as $x | (3, 4) as $y | [$x, $y]
  null => [1,3] [1,4] [2,3] [2,4]
[1, 2] as [$a, $b] | {a: $a, b: $b} as {a: $c} | $c
  null => 1
. as {a: {b: {c: $d}}} | $d
  {"a":{"b":{"c":1}}} => 1
. as {as: $x, if: $y} | [$x, $y]
  {"as":1,"if":2} => [1,2]
. as [$a, $a] | $a
  [1,2] => 2
1 as $x | $x + 1 as $y | $y
  null => 2
1 as $x | 2 as $y | [$x, $y, $__loc__.line]
  null => [1,2,1]
[.[] | . as {n: $n} | select($n > 1) | $n]
  [{"n":1},{"n":2}] => [2]
. as [$first, [$x, $y]] | $first * $x + $y
  [2,[3,4]] => 10
{a: 1} as {a: $x} | def f: $x; f
  null => 1
. as {$a, b: {$c}} | [$a, $c]
  {"a":1,"b":{"c":2}} => [1,2]
[. as [$a, $b] | $b, $a] | add
  [1,2] => 3
. as {(.k): $v} | $v
  {"k":"x","x":9} => 9
. as [{a: $x}, {a: $y}] | $x - $y
  [{"a":5},{"a":3}] => 2
[[1, 2], [3]] | .[] as [$a, $b] | [$b, $a]
  null => [2,1] [null,3]
foreach .[] as [$i, $j] (0; . + $i - $j)
  [[2,1],[6,4]] => 1 3
`,
);
