import { table } from "../support/table.ts";

export const basics = table(
  "Basic filters",
  String.raw`
.
  {"b":1,"a":[2]} => {"b":1,"a":[2]}
  "text" => "text"
  3.25 => 3.25
  null => null
  false => false
.name
  {"name":"checkout","age":3} => "checkout"
  {} => null
  null => null
  [1] => !"Cannot index array with string (\"name\")"
  "text" => !"Cannot index string with string (\"name\")"
  7 => !"Cannot index number with string (\"name\")"
."two words"
  {"two words":1} => 1
.["two words"]
  {"two words":2} => 2
."a"."b"
  {"a":{"b":"deep"}} => "deep"
.a["b"].c
  {"a":{"b":{"c":9}}} => 9
."\("a" + "b")"
  {"ab":"computed"} => "computed"
.a.b.c
  {"a":null} => null
  {"a":{"b":{"c":[1]}}} => [1]
.a?
  [1] =>
  {"a":2} => 2
.a.b?
  {"a":5} =>
.a?.b
  5 =>
  {"a":{"b":1}} => 1
[.[].a?]
  [{"a":1},2,{"b":3},"x"] => [1,null]
.[0], .[-1], .[5], .[-5]
  ["first","mid","last"] => "first" "last" null null
.[1.7]
  [10,20,30] => 20
.[-1.5]
  [10,20,30] => 30
.[nan]
  [10,20] => null
.[null]
  {"a":1} => !"Cannot index object with null (null)"
  [1] => !"Cannot index array with null (null)"
  null => !"Cannot index null with null (null)"
.[0]
  null => null
  {"a":1} => !"Cannot index object with number (0)"
  "abc" => !"Cannot index string with number (0)"
.[true]
  [1] => !"Cannot index array with boolean (true)"
  null => !"Cannot index null with boolean (true)"
.[2:4]
  ["a","b","c","d","e"] => ["c","d"]
  "abcdefgh" => "cd"
  null => null
.[:2], .[-2:], .[1:-1]
  [1,2,3,4] => [1,2] [3,4] [2,3]
  "wxyz" => "wx" "yz" "xy"
.[3:1]
  [1,2,3,4] => []
  "wxyz" => ""
.[-100:100]
  [1,2] => [1,2]
.[1.2:3.5]
  [0,1,2,3,4,5] => [1,2,3]
  "abcdef" => "bcd"
.[null:2], .[1:null]
  [5,6,7] => [5,6] [6,7]
.["a":]
  [1] => !"Array/string slice indices must be integers"
.[1:]
  {"a":1} => !"Cannot index object with object ({\"start\":1,\"end\":null})"
  5 => !"Cannot index number with object ({\"start\":1,\"end\":null})"
  true => !"Cannot index boolean with object ({\"start\":1,\"end\":null})"
.[{start: 1, end: 3}]
  [0,1,2,3] => [1,2]
.[[2, 3]]
  [1,2,3,2,3] => [1,3]
.[[]]
  [1,2] => []
.[]
  [1,[2]] => 1 [2]
  {"a":1,"b":null} => 1 null
  [] =>
  null => !"Cannot iterate over null (null)"
  1 => !"Cannot iterate over number (1)"
  "ab" => !"Cannot iterate over string (\"ab\")"
  true => !"Cannot iterate over boolean (true)"
.[]?
  null =>
  1 =>
  {"x":1} => 1
[.[] | .[]?]
  [1,[2],{"a":3},null] => [2,3]
.a, .b
  {"a":1,"b":2} => 1 2
(1, 2), 3 | . * 10
  null => 10 20 30
.a[].b[1:]
  {"a":[{"b":[1,2]},{"b":"xyz"}]} => [2] "yz"
.[] | .a | .b
  [{"a":{"b":1}},{"a":{"b":2}}] => 1 2
..
  [[1],{"a":"x"}] => [[1],{"a":"x"}] [1] 1 {"a":"x"} "x"
  3 => 3
[.. | numbers]
  {"a":1,"b":[2,{"c":3}]} => [1,2,3]
..a?
  refused: syntax error, unexpected IDENT, expecting end of file
(.. | .a?) // empty
  [{"a":1},[{"a":2}]] => 1 2
."a"?
  [0] =>
.a.[0]
  {"a":[7]} => 7
.[0]."k"
  [{"k":1}] => 1
.["a", "b"]
  {"a":1,"b":2} => 1 2
.[(0, 1):(2, 3)]
  [1,2,3] => [1,2] [1,2,3] [2] [2,3]
. as $d | .[0][$d[1]:]
  [[1,2,3],1] => [2,3]
.[length - 1]
  [1,2,3] => 3
# only a comment⏎. # and one behind
  1 => 1
1 # ends with a backslash \\⏎| . + 1
  null => 2
.a⏎  | .b⏎
  {"a":{"b":1}} => 1
try .a catch .
  "s" => "Cannot index string with string (\"a\")"
.and, .if, .reduce, .or, .then
  {"and":1,"if":2,"reduce":3,"or":4,"then":5} => 1 2 3 4 5
{if: 1, and: 2, def: 3} | .def
  null => 3
[.[] as [$a] | $a]
  [[1],[2]] => [1,2]
`,
);
