import { table } from "../support/table.ts";

export const versions = table(
  "Where versions differ, jq 1.8.2 decides",
  String.raw`
1 + 2 as $x | -$x
  null => -3
-1 as $x | 1, $x
  null => 1 -1
[-1 as $x | $x]
  null => [-1]
1 | . + 2 as $x | -$x
  null => -3
{x: 1 + 2 as $y | $y}
  refused: syntax error, unexpected as, expecting '}'
index("c"), indices("c"), rindex("c")
  "ééc" => 2 [2] 2
ltrimstr(1)
  "a" => !"startswith() requires string inputs"
  1 => !"startswith() requires string inputs"
ltrimstr("a")
  1 => !"startswith() requires string inputs"
  null => !"startswith() requires string inputs"
rtrimstr("a")
  [1] => !"endswith() requires string inputs"
trimstr("a")
  1 => !"startswith() requires string inputs"
[last(empty)]
  null => []
[limit(0; 1, 2)]
  null => []
try limit(-1; 1, 2) catch .
  null => "limit doesn't support negative count"
try skip(-1; 1) catch .
  null => "skip doesn't support negative count"
try nth(-1; 1) catch .
  null => "nth doesn't support negative indices"
try error("\("x" * 50)") catch .
  null => "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
try ({} | .[0]) catch .
  null => "Cannot index object with number (0)"
try ("a" | .[0]) catch .
  null => "Cannot index string with number (0)"
try ("x" * 100 | . - 1) catch .
  null => "string (\"xxxxxxxxxxxxxxxxxxxxxxxx...\") and number (1) cannot be subtracted"
try ([range(100)] | . - 1) catch .
  null => "array ([0,1,2,3,4,5,6,7,8,9,10,1...]) and number (1) cannot be subtracted"
try ({a: ("é" * 50)} | . - 1) catch .
  null => "object ({\"a\":\"ééééééééé...}) and number (1) cannot be subtracted"
"\(1 as $x | $x + 1)"
  null => "2"
[.[] | trim, ltrim, rtrim]
  [" a "] => ["a","a "," a"]
add(.[])
  [1,2] => 3
[.[] | abs]
  [-1,-0.5,3] => [1,0.5,3]
pick(.a.b)
  {"a":{"b":1,"c":2}} => {"a":{"b":1}}
splits("a"; null)
  "bab" => "b" "b"
ltrimstr("abc"), rtrimstr("c")
  "abc" => "" "ab"
[limit(3; 1, 2, 3, error("never"))]
  null => [1,2,3]
test("(?<a>x)?") , (match("(?<a>x)?y") | .captures[0] | .string, .offset)
  "y" => true null -1
[match("(?<a>x)|y"; "g") | .captures[0].length]
  "xy" => [1,0]
ascii_downcase | @text
  "A" => "a"
(1, 2) as $x | $x | select(. == 1) // 5
  null => 1 5
try (try error("a") catch error("b")) catch .
  null => "b"
[.[] | try if . == 2 then error("x") else . end]
  [1,2,3] => [1,3]
getpath(["a"])
  {"a":1} => 1
if . then "yes" end
  false => false
try error("break") catch .
  null => "break"
[$__loc__, {a: $__loc__.file}]
  null => [{"file":"<top-level>","line":1},{"a":"<top-level>"}]
significand, trunc
  10 => 1.25 10
group_by(.a)[0] | length
  [{"a":1},{"a":1}] => 2
unique_by(.a) | map(.n)
  [{"a":1,"n":1},{"a":1,"n":2},{"a":0,"n":3}] => [3,1]
limit(1; error("x")?)
  null =>
[.[] | ltrimstr("v")?]
  ["v1",2] => ["1"]
implode | explode
  [65,128512] => [65,128512]
try implode catch .
  [-1] => "\ufffd"
tojson | length
  [[[]]] => 6
splits(1)
  "a" => !"number (1) is not a string"
ltrimstr(null)
  "a" => !"startswith() requires string inputs"
try ("\(null)" | fromjson) catch .
  null => null
[range(0; 1; 0.3)]
  null => [0,0.3,0.6,0.8999999999999999]
try (null | implode) catch .
  null => "implode input must be an array"
indices(", ")
  "a, b, c" => [1,4]
[.[] as [$a, $b] ?// $a | [$a, $b]]
  [[1,2],3] => [[1,2],[3,null]]
error(null)?
  1 =>
try (error(null)) catch .
  1 => null
{} | .a += 1
  null => {"a":1}
try ({} | .b -= 1) catch .
  null => "null (null) and number (1) cannot be subtracted"
getpath(["x", 0, "y"]) |= 1
  null => {"x":[{"y":1}]}
getpath([0]) = 5
  {} => !"Cannot index object with number (0)"
`,
);
