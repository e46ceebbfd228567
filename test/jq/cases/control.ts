import { table } from "../support/table.ts";

export const control = table(
  "Conditions, errors, loops, functions",
  String.raw`
if . > 1 then "big" elif . == 1 then "one" else "small" end
  0 => "small"
  1 => "one"
  2 => "big"
if . then 1 end
  true => 1
  null => null
  0 => 1
if false then 1 elif true then 2 end
  null => 2
if (true, false) then 1 else 2 end
  null => 1 2
if empty then 1 else 2 end
  null =>
[if (1, null, 2) then (10, 20) else 30 end]
  null => [10,20,30,10,20]
if true then empty else 1 end, 2
  null => 2
[.[] | if . % 2 == 0 then "even" else "odd" end]
  [1,2] => ["odd","even"]
if 1 then 2 else error("x") end
  null => 2
if . == 1 then 1 elif . == 2 then 2 end
  3 => 3
try error("boom") catch .
  null => "boom"
try error({code: 5}) catch .code
  null => 5
try error(null) catch .
  null => null
try error catch .
  "input is the message" => "input is the message"
  {"a":1} => {"a":1}
error("boom")
  null => !"boom"
error({a: 1})
  null => !{"a":1}
error(null)
  null => !null
1, error("x"), 2
  null => 1 !"x"
[.[] | try error catch .]
  [1,null,"x"] => [1,null,"x"]
try (1, error("x"), 3) catch .
  null => 1 "x"
(1, error("x"), 3)?
  null => 1
[(.[] | tonumber)?]
  ["1","x","3"] => [1]
[.[] | tonumber?]
  ["1","x","3"] => [1,3]
try (try error("in") catch error("out")) catch .
  null => "out"
try error("x") catch error("y")
  null => !"y"
try 1 catch 2 | . + 1
  null => 2
(try 1 catch 2) | error("down")
  null => !"down"
try (1, 2) catch . | error("down")
  null => !"down"
[.[]?, "end"]
  5 => ["end"]
error("\(1)x")?, 2
  null => 2
try error("a", "b") catch .
  null => "a"
try (null | error(.)) catch [.]
  null => [null]
try error("a")
  null =>
1 as $x | try error($x) catch . + 1
  null => 2
try error([1, {a: 2}]) catch .[1].a
  null => 2
def f: error("f"); try f catch .
  null => "f"
try (label $x | error("in")) catch .
  null => "in"
[label $out | 1, break $out, 2]
  null => [1]
[label $out | .[] | if . > 2 then break $out else . end]
  [1,2,3,1] => [1,2]
[label $a | label $b | 1, break $a, 2], [label $a | (label $b | 1, break $b, 2), 3]
  null => [1] [1,3]
label $f | def g: break $f; 1, g, 2
  null => 1
[label $x | (label $x | 1, break $x), 2]
  null => [1,2]
[range(5) as $i | label $out | $i, (if $i > 2 then break $out else empty end), 10]
  null => [0,10,1,10,2,10,3,4]
try (label $x | break $x) catch 1
  null =>
[label $l | try break $l catch 5]
  null => [5]
[label $l | (1, break $l)?, 3]
  null => [1,3]
reduce .[] as $x (0; . + $x)
  [1,2,3] => 6
  [] => 0
reduce empty as $x (5; . + 1)
  null => 5
reduce range(3) as $i ([]; . + [$i])
  null => [0,1,2]
reduce .[] as [$k, $v] ({}; .[$k] = $v)
  [["a",1],["b",2]] => {"a":1,"b":2}
reduce range(5) as $i (0; empty)
  null => null
reduce (1, 2) as $x (0; . + $x, . * 10)
  null => 0
reduce (1, 2) as $x ((0, 100); . + $x)
  null => 3 103
reduce .[] as {a: $a} (0; . + $a) | . * 2
  [{"a":1},{"a":2}] => 6
[foreach .[] as $x (0; . + $x)]
  [1,2,3] => [1,3,6]
[foreach .[] as $x (0; . + $x; [$x, .])]
  [1,2] => [[1,1],[2,3]]
[foreach (1, 2) as $x ((0, 10); . + $x)]
  null => [1,3,11,13]
[foreach (1, 2) as $x (0; . + $x, . * 5)]
  null => [1,0,2,0]
[foreach (1, 2, 3) as $x (0; if $x == 2 then empty else . + $x end)]
  null => [1,3]
[foreach range(5) as $i (null; $i; select(. % 2 == 0))]
  null => [0,2,4]
[foreach .[] as {k: $k} (""; . + $k; ., length)]
  [{"k":"a"},{"k":"b"}] => ["a",1,"ab",2]
[foreach .[] as [$a, $b] ({}; .[$a] = $b; keys)]
  [["x",1],["y",2]] => [["x"],["x","y"]]
[limit(3; range(10))], [limit(0; error)], [limit(5; 1, 2)], [limit(1, 2; 7, 8, 9)]
  null => [0,1,2] [] [1,2] [7,7,8]
[limit(2; 1, 2, error("never"))]
  null => [1,2]
limit(-1; 1)
  null => !"limit doesn't support negative count"
[skip(2; range(5))], [skip(0; 1, 2)], [skip(9; 1)], [skip(1, 2; 1, 2, 3)]
  null => [2,3,4] [1,2] [] [2,3,3]
skip(-1; 1)
  null => !"skip doesn't support negative count"
[first(range(5; 10))], [first(empty)], [last(range(5))], [last(empty)], [nth(3; range(10))], [nth(5; 1, 2)], [nth(0, 2; range(5))]
  null => [5] [] [4] [] [3] [] [0,2]
first(1, error("never"))
  null => 1
last(1, error("x"))
  null => !"x"
nth(-1; 1)
  null => !"nth doesn't support negative indices"
[until(. > 100; . * 2)], [while(. < 20; . * 2)], [limit(4; repeat(. * 2))]
  1 => [128] [1,2,4,8,16] [2,2,2,2]
[recurse(if . < 3 then . + 1 else empty end)]
  0 => [0,1,2,3]
[recurse], [recurse(.[]?)], [recurse(. * .; . < 100)]
  2 => [2] [2] [2,4,16]
[recurse]
  [[1]] => [[[1]],[1],1]
[limit(5; recurse(. + 1))]
  0 => [0,1,2,3,4]
recurse(.children[]) | .name
  {"name":"a","children":[{"name":"b","children":[]}]} => "a" "b"
[range(1, 2; 4)]
  null => [1,2,3,2,3]
[while(. < 1000; . + 1)] | length
  0 => 1000
def double: . * 2; [.[] | double]
  [1,2] => [2,4]
def add2(f): f + f; add2(.a)
  {"a":3} => 6
def add2($x): $x + $x; add2(1, 2)
  null => 2 4
def f($a; $b): $a * 10 + $b; f(1, 2; 3, 4)
  null => 13 14 23 24
def f(a; b): [a, b]; f(1, 2; 3)
  null => [1,2,3]
def f($x): x + $x; f(2)
  null => 4
def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; fac
  10 => 3628800
def f: def g: 3; g + 1; f
  null => 4
def f: 1; def f: 2; f
  null => 2
def f: 1; def g: f; def f: 2; g, f
  null => 1 2
def f(x): x; def f(x; y): y; f(1), f(1; 2)
  null => 1 2
def f: reduce .[] as $x (0; . + $x); f
  [1,2] => 3
1 as $x | def f: $x; 2 as $x | f, $x
  null => 1 2
def f(g): 5 as $x | g; 1 as $x | f($x)
  null => 1
def f(g): def h: g; h; f(. + 1)
  1 => 2
def apply(f; $n): if $n == 0 then . else f | apply(f; $n - 1) end; apply(. * 2; 10)
  1 => 1024
def even: def odd: if . == 0 then false else . - 1 | even end; if . == 0 then true else . - 1 | odd end; even
  10 => true
  7 => false
def f: if . > 1000 then . else . + 1 | f end; f
  0 => 1001
[.[] | def f: . + 1; f]
  [1] => [2]
def map(f): "mine"; map(.)
  [1] => "mine"
def length: "mine"; length
  [1] => "mine"
def f(map): map; f(3)
  null => 3
def fib: if . < 2 then . else (. - 1 | fib) + (. - 2 | fib) end; [range(10) | fib]
  null => [0,1,1,2,3,5,8,13,21,34]
def f($a; g): $a | g; f(1, 2; . + 1)
  null => 2 3
def f: (1, 2); [f, f]
  null => [1,2,1,2]
def r: ., (.[]? | r); [r]
  [1,[2]] => [[1,[2]],1,[2],2]
def f(x): x | x; 2 | f(. * .)
  null => 16
def gen(f): f, f; [gen(.[])]
  [1,2] => [1,2,1,2]
[range(3) | . as $x | select($x != 1)]
  null => [0,2]
def f: .a; def g: .b; {a: {b: 3}} | f | g
  null => 3
(def x: 3; x), (def x: 4; x)
  null => 3 4
def while2(c; u): def w: if c then (., (u | w)) else empty end; w; [1 | while2(. < 10; . * 3)]
  null => [1,3,9]
select(.a == 1)
  {"a":1} => {"a":1}
  {"a":2} =>
[.[] | select(type == "number" and . > 1)]
  [1,2,"x",3] => [2,3]
select(true, true)
  1 => 1 1
empty
  1 =>
1, empty, 2
  null => 1 2
env | type
  null => "object"
[splits("a")] | length
  "bab" => 2
[limit(2; repeat(1, 2))]
  null => [1,2]
isempty(limit(0; 1)), isempty(first(empty))
  null => true true
try (def f: error("deep"); [1, 2] | map(f)) catch .
  null => "deep"
[.[] as $x | $x | try (if . == 2 then error("two") else . end) catch "caught \(.)"]
  [1,2,3] => [1,"caught two",3]
combinations
  [[1],[2,3]] => [1,2] [1,3]
[range(5)] | .[2:4] as [$a, $b] | {$a, $b}
  null => {"a":2,"b":3}
$ENV | type
  null => "object"
[.[] | (1 / .)?]
  [1,0,2] => [1,0.5]
try (1 / 0) catch .
  null => "number (1) and number (0) cannot be divided because the divisor is zero"
.a.b.c? // "none"
  {"a":{"b":5}} => "none"
(.a | tonumber? // 0) + 1
  {"a":"x"} => 1
  {"a":"4"} => 5
first(.[] | select(. > 1)) // "none"
  [1,2,3] => 2
  [1] => "none"
limit(1; .[] | select(.ok)) | .n
  [{"n":1},{"n":2,"ok":true}] => 2
getpath(["a","b"]) // "d"
  {} => "d"
debug, debug("note"), stderr
  5 => 5 5 5
debug(1, 2)
  3 => 3
input_line_number
  null => 0
`,
);
