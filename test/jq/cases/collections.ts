import { table } from "../support/table.ts";

export const collections = table(
  "Arrays, objects and their builtins",
  String.raw`
length
  [1,2] => 2
  "héllo😀" => 6
  {"a":1} => 1
  null => 0
  -5 => 5
  0 => 0
  true => !"boolean (true) has no length"
utf8bytelength
  "héllo😀" => 10
  "" => 0
  [1] => !"array ([1]) only strings have UTF-8 byte length"
keys, keys_unsorted
  {"b":1,"a":2,"é":3,"A":4} => ["A","a","b","é"] ["b","a","é","A"]
  [5,6] => [0,1] [0,1]
keys
  "s" => !"string (\"s\") has no keys"
  {"😀":1,"\uffff":2,"é":3,"z":4} => ["z","é","\uffff","😀"]
values, nulls
  null => null
  1 => 1
[.[] | values]
  [1,null,false] => [1,false]
[.[] | strings], [.[] | numbers], [.[] | booleans], [.[] | nulls], [.[] | arrays], [.[] | objects], [.[] | iterables], [.[] | scalars]
  [1,"a",true,null,[],{}] => ["a"] [1] [true] [null] [[]] [{}] [[],{}] [1,"a",true,null]
[.[] | finites], [.[] | normals]
  [1,0,-3] => [1,0,-3] [1,-3]
[infinite, nan, 1, 0 | isinfinite], [infinite, nan, 1, 0 | isnan], [infinite, nan, 1, 0, 5e-324 | isnormal], [infinite, nan, 1 | isfinite]
  null => [true,false,false,false] [false,true,false,false] [false,false,true,false,false] [false,true,true]
has("a"), has("z")
  {"a":null} => true false
has(0), has(2), has(-1), has(1.5)
  [1,2] => true false false true
has(nan)
  [1] => false
has("a")
  [1] => !"Cannot check whether array has a string key"
has(0)
  {"a":1} => !"Cannot check whether object has a number key"
"a" | in({a: 1}, {})
  null => true false
1 | in([0, 1])
  null => true
map(. + 1)
  [1,2] => [2,3]
  {"a":1,"b":2} => [2,3]
  [] => []
map(., .)
  [1,2] => [1,1,2,2]
map_values(. + 1)
  [1,2] => [2,3]
  {"a":1,"b":2} => {"a":2,"b":3}
map_values(empty)
  [1,2,3] => []
  {"a":1} => {}
map_values(select(. > 1))
  {"a":1,"b":2} => {"b":2}
add
  [1,2,3] => 6
  ["a","b"] => "ab"
  [[1],[2,3]] => [1,2,3]
  [] => null
  [{"a":1},{"b":2}] => {"a":1,"b":2}
  {"x":1,"y":2} => 3
  [null,1] => 1
  null => !"Cannot iterate over null (null)"
  ["1","2"] => "12"
add(.[].n)
  [{"n":1},{"n":5}] => 6
add(empty)
  null => null
any, all
  [true,false] => true false
  [] => false true
  [null,1] => true false
  [1,"x"] => true true
any(. > 2), all(. > 0)
  [1,2,3] => true true
any(.[]; . == 1), all(empty; error)
  [1] => true true
any(true, error("never reached"); .)
  null => true
all(false, error("never reached"); .)
  null => false
flatten, flatten(1), flatten(0)
  [1,[2,[3,[4]]]] => [1,2,3,4] [1,2,[3,[4]]] [1,[2,[3,[4]]]]
flatten(-1)
  [1] => !"flatten depth must not be negative"
flatten
  {"a":[1,[2]],"b":3} => [1,2,3]
  5 => !"Cannot iterate over number (5)"
[range(4)], [range(2; 5)], [range(0; 10; 3)], [range(5; 0; -2)], [range(0; 1; 0.25)]
  null => [0,1,2,3] [2,3,4] [0,3,6,9] [5,3,1] [0,0.25,0.5,0.75]
[range(0; 3; 0)], [range(3; 0)], [range(0; 3; -1)], [range(0)], [range(-2)]
  null => [] [] [] [] []
[range(0, 1; 3, 4)]
  null => [0,1,2,0,1,2,3,1,2,1,2,3]
[range(2.5)], [range(1.5; 4)]
  null => [0,1,2] [1.5,2.5,3.5]
sort
  [3,"b",null,true,[1],{"a":1},false,"a",1,[0,1],{}] => [null,false,true,1,3,"a","b",[0,1],[1],{},{"a":1}]
  [] => []
  ["é","z","a","Z","😀","\uffff"] => ["Z","a","z","é","\uffff","😀"]
  "x" => !"string (\"x\") cannot be sorted, as it is not an array"
  {"a":1} => !"object ({\"a\":1}) cannot be sorted, as it is not an array"
  ["b","a","aa","","B"] => ["","B","a","aa","b"]
  [true,false,null,10,9,"b","a"] => [null,false,true,9,10,"a","b"]
sort_by(.a)
  [{"a":2,"n":1},{"a":1,"n":2},{"a":2,"n":3},{"n":4}] => [{"n":4},{"a":1,"n":2},{"a":2,"n":1},{"a":2,"n":3}]
sort_by(.a, .b)
  [{"a":1,"b":2},{"a":1,"b":1},{"a":0,"b":9}] => [{"a":0,"b":9},{"a":1,"b":1},{"a":1,"b":2}]
sort_by(-.)
  [1,3,2] => [3,2,1]
sort_by(.[])
  [[2,1],[1],[1,9],[]] => [[],[1],[1,9],[2,1]]
group_by(.t)
  [{"t":"x","n":1},{"t":"y","n":2},{"t":"x","n":3}] => [[{"t":"x","n":1},{"t":"x","n":3}],[{"t":"y","n":2}]]
group_by(. % 2, . > 2)
  [1,2,3,4] => [[2],[4],[1],[3]]
group_by(.)
  {} => !"object ({}) and array ([]) cannot be sorted, as they are not both arrays"
  3 => !"Cannot iterate over number (3)"
unique
  [3,1,3,"a",1,null,[1],[1]] => [null,1,3,"a",[1]]
  [] => []
unique_by(length)
  ["bb","a","cc","d","eee"] => ["a","bb","eee"]
unique_by(.a, .b)
  [{"a":1,"b":1},{"a":1,"b":2},{"a":1,"b":1,"c":1}] => [{"a":1,"b":1},{"a":1,"b":2}]
min, max
  [3,1,2] => 1 3
  ["b","a"] => "a" "b"
  [] => null null
  [null,0] => null 0
  [[2],[1,5]] => [1,5] [2]
  ["b","aa","B"] => "B" "b"
min_by(.n), max_by(.n)
  [{"n":2,"i":1},{"n":1,"i":2},{"n":2,"i":3},{"n":1,"i":4}] => {"n":1,"i":2} {"n":2,"i":3}
  [] => null null
max_by(.a, .b)
  [{"a":1,"b":3},{"a":1,"b":2}] => {"a":1,"b":3}
min
  "abc" => !"string (\"abc\") and string (\"abc\") cannot be iterated over"
reverse
  [1,2,3] => [3,2,1]
  "añ😀" => !"Cannot index string with number (2)"
  null => []
  [] => []
  0 => []
  {"a":1} => !"Cannot index object with number (0)"
  "a😀b" => !"Cannot index string with number (2)"
contains("bar")
  "foobar" => true
  "nope" => false
contains(["ba"])
  ["foobar","x"] => true
  ["ab"] => false
contains({a: [1], b: {c: "x"}})
  {"a":[1,2],"b":{"c":"xyz","d":1}} => true
  {"a":[2]} => false
contains(1)
  1 => true
  2 => false
  "1" => !"string (\"1\") and number (1) cannot have their containment checked"
contains(null), contains([])
  null => true !"null (null) and array ([]) cannot have their containment checked"
contains("a\u0000b")
  "xa\u0000by" => true
  "xa" => false
"bar" | inside("foobar")
  null => true
[1] | inside([1, 2])
  null => true
transpose
  [[1,2],[3]] => [[1,3],[2,null]]
  [] => []
  [[1],[2,3,4],[]] => [[1,2,null],[null,3,null],[null,4,null]]
[combinations]
  [[1,2],[3,4]] => [[1,3],[1,4],[2,3],[2,4]]
  [[1],[]] => []
  [] => [[]]
[combinations(2)]
  ["a","b"] => [["a","a"],["a","b"],["b","a"],["b","b"]]
[combinations(0)]
  [1] => [[]]
to_entries
  {"b":1,"a":null} => [{"key":"b","value":1},{"key":"a","value":null}]
  {} => []
  [1] => [{"key":0,"value":1}]
  "x" => !"string (\"x\") has no keys"
from_entries
  [{"key":"a","value":1},{"k":"b","v":2}] => !"Cannot use null (null) as object key"
  [{"name":"n","value":1},{"Name":"N","Value":2},{"Key":"K","value":3}] => {"n":1,"N":2,"K":3}
  [{"key":"x"}] => {"x":null}
  [{"key":"f","value":false}] => {"f":false}
  [] => {}
  [{"key":false,"value":1}] => !"Cannot use null (null) as object key"
  [{"key":null,"name":"n","value":2}] => {"n":2}
  [{"key":5,"value":1}] => !"Cannot use number (5) as object key"
  [{}] => !"Cannot use null (null) as object key"
  [{"key":"__proto__","value":1}] => {"__proto__":1}
  [{"key":null,"value":1}] => !"Cannot use null (null) as object key"
  [{"key":false}] => !"Cannot use null (null) as object key"
  [{"k":null,"v":1}] => !"Cannot use null (null) as object key"
with_entries(.value += 1)
  {"a":1,"b":2} => {"a":2,"b":3}
  {"__proto__":1} => {"__proto__":2}
with_entries(select(.key != "a") | .key |= ascii_upcase)
  {"a":1,"b":2} => {"B":2}
with_entries(empty)
  {"a":1} => {}
walk(if type == "number" then . + 1 else . end)
  {"a":[1,{"b":2}],"c":"x"} => {"a":[2,{"b":3}],"c":"x"}
walk(if type == "object" then del(.x) else . end)
  [{"x":1,"y":{"x":2}}] => [{"y":{}}]
walk(numbers)
  [1,"a",[2,null]] =>
walk(., .)
  [1] => [1,1] [1,1]
[walk(1, 2)]
  [0] => [1,2]
walk(select(. != null))
  {"a":null,"b":[null,1]} => {"b":[1]}
first, last, nth(1)
  [1,2,3] => 1 3 2
  [] => null null null
  null => null null null
first
  {"a":1} => !"Cannot index object with number (0)"
bsearch(2), bsearch(0), bsearch(9), bsearch(2.5)
  [1,2,3] => 1 -1 -4 -3
bsearch("a", [])
  ["a","b"] => 0 -3
bsearch(1)
  [] => -1
  "x" => !"string (\"x\") cannot be searched from"
indices(1), index(1), rindex(1)
  [0,1,2,1] => [1,3] 1 3
  [] => [] null null
indices([1, 2])
  [0,1,2,1,2] => [1,3]
  [1] => []
indices([])
  [1] => []
indices("a")
  null => null
isempty(empty), isempty(1), isempty(1, error("x")), isempty(.[])
  [] => true false false true
isempty(error("x"))
  null => !"x"
tojson, (tojson | fromjson)
  {"a":[1,"é",null,1.5]} => "{\"a\":[1,\"é\",null,1.5]}" {"a":[1,"é",null,1.5]}
splits("x")
  1 => !"number (1) cannot be matched, as it is not a string"
getpath(["a", 0, "b"])
  null => null
  {"a":[{"b":5}]} => 5
  {"a":1} => !"Cannot index number with number (0)"
abs
  -5 => 5
  5 => 5
  0 => 0
  -0.5 => 0.5
  null => !"null (null) cannot be negated"
  "a" => "a"
tostring
  "a" => "a"
  1 => "1"
  [1,"b"] => "[1,\"b\"]"
  null => "null"
  {"a":1} => "{\"a\":1}"
  1.000000000000001 => "1.000000000000001"
  123456789.12345678 => "123456789.12345678"
tonumber
  "12" => 12
  "-1.5e2" => -150
  7 => 7
  "nan" => null
  " 1" => !"string (\" 1\") cannot be parsed as a number"
  "1 " => !"string (\"1 \") cannot be parsed as a number"
  "" => !"string (\"\") cannot be parsed as a number"
  "0x10" => !"string (\"0x10\") cannot be parsed as a number"
  "1_000" => !"string (\"1_000\") cannot be parsed as a number"
  "abc" => !"string (\"abc\") cannot be parsed as a number"
  null => !"null (null) cannot be parsed as a number"
  [1] => !"array ([1]) cannot be parsed as a number"
  "Infinity" => 1.7976931348623157e+308
  "+5" => 5
  ".5" => 0.5
  "5." => 5
  "1e1000" => 1.7976931348623157e+308
  "--1" => !"string (\"--1\") cannot be parsed as a number"
  "-" => !"string (\"-\") cannot be parsed as a number"
  "0b1" => !"string (\"0b1\") cannot be parsed as a number"
  "1n" => !"string (\"1n\") cannot be parsed as a number"
  "1e" => !"string (\"1e\") cannot be parsed as a number"
  "e1" => !"string (\"e1\") cannot be parsed as a number"
  "١" => !"string (\"١\") cannot be parsed as a number"
  "\t1" => !"string (\"\\t1\") cannot be parsed as a number"
  " 12 " => !"string (\" 12 \") cannot be parsed as a number"
toboolean
  "true" => true
  "false" => false
  true => true
  "TRUE" => !"string (\"TRUE\") cannot be parsed as a boolean"
  1 => !"number (1) cannot be parsed as a boolean"
  null => !"null (null) cannot be parsed as a boolean"
  "" => !"string (\"\") cannot be parsed as a boolean"
type
  1 => "number"
  "a" => "string"
  null => "null"
  true => "boolean"
  [] => "array"
  {} => "object"
[limit(3; .[])], [first(.[])], [last(.[])], [nth(2; .[])], [skip(3; .[])]
  [1,2,3,4,5] => [1,2,3] [1] [5] [3] [4,5]
error
  null => !null
  "message" => !"message"
  {"a":1} => !{"a":1}
  [1] => ![1]
  5 => !5
INDEX(.id)
  [{"id":1,"v":"a"},{"id":"x","v":"b"}] => {"1":{"id":1,"v":"a"},"x":{"id":"x","v":"b"}}
INDEX(.[]; .k)
  [{"k":"p"},{"k":"q"}] => {"p":{"k":"p"},"q":{"k":"q"}}
[JOIN({"1": "one", "2": "two"}; .id | tostring)]
  [{"id":1},{"id":3}] => [[[{"id":1},"one"],[{"id":3},null]]]
[JOIN({"1": "one"}; .[]; tostring)]
  [1,2] => [[1,"one"],[2,null]]
[JOIN({"1": "one"}; .[]; tostring; add)]
  [[1],1] => !"number (1) and string (\"one\") cannot be added"
[JOIN({"1": "one"}; .[]; tostring; .[1])]
  [1,2] => ["one",null]
.[] | IN(2, 3)
  [1,2] => false true
IN(.[]; 5, 6), IN(.[]; 2)
  [1,2] => false true
any(.[]; IN("a", "b"))
  ["x","b"] => true
@text, @json
  [1,"x"] => "[1,\"x\"]" "[1,\"x\"]"
getpath(["a"]) as $x | $x
  {"a":3} => 3
min_by(.x).y, (max_by(.x) | .y)
  [{"x":1,"y":"low"},{"x":5,"y":"high"}] => "low" "high"
group_by(.a) | map({a: .[0].a, n: length})
  [{"a":2},{"a":1},{"a":2}] => [{"a":1,"n":1},{"a":2,"n":2}]
del(.[] | select(. > 1))
  [1,2,3] => [1]
[splits(", *")]
  "a, b,c" => ["a","b","c"]
builtins | length > 180, (map(select(startswith("map"))) | sort)
  null => true ["map/1","map_values/1"]
[.[] as {id: $i} | $i] | add / length
  [{"id":2},{"id":4}] => 3
`,
);
