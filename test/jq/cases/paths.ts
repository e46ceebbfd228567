import { table } from "../support/table.ts";

export const paths = table(
  "Paths",
  String.raw`
path(.a), path(.a[0].b), path(.[1:]), path(..)
  null => ["a"] ["a",0,"b"] [{"start":1,"end":null}] []
[path(..)]
  {"a":[1,{"b":2}]} => [[],["a"],["a",0],["a",1],["a",1,"b"]]
[paths]
  {"a":[1,{"b":2}]} => [["a"],["a",0],["a",1],["a",1,"b"]]
[paths(type == "number")]
  {"a":[1,{"b":2}],"c":"x"} => [["a",0],["a",1,"b"]]
[paths(..)]
  [[1]] => [[0],[0],[0,0]]
[path(.a, .b)]
  null => [["a"],["b"]]
path(.a | select(.b == 0))
  {"a":{"b":0}} => ["a"]
  {"a":{"b":1}} =>
[path(.[] | select(. > 1))]
  [1,2,3] => [[1],[2]]
path(1)
  null => !"Invalid path expression with result 1"
path(. + 1)
  1 => !"Invalid path expression with result 2"
path(first(.a, .b))
  null => ["a"]
[path(.a[].b?)]
  {"a":[{"b":1},2]} => [["a",0,"b"]]
path(getpath(["a", "b"]))
  null => ["a","b"]
[path(if .a then .b else .c end)]
  {"a":true} => [["b"]]
  {"a":false} => [["c"]]
[path(.a // .b)]
  {"a":null,"b":1} => [["b"]]
  {"a":1} => [["a"]]
  {} => [["b"]]
path(.a | try error("x") catch .)
  {} => !"Invalid path expression with result \"x\""
[path(try .a catch .b)]
  {"a":1} => [["a"]]
path(reduce ("a", "b") as $k (.; .[$k]))
  null => []
[path(foreach (0, 1) as $i (.; .[$i]))]
  null => [[0],[1]]
[path(limit(2; .[]))]
  [1,2,3] => [[0],[1]]
[path(recurse(.[]?; . != 2))]
  [1,[2]] => [[],[0],[1]]
path(.. | select(. == 3))
  [1,[3]] => [1,0]
[path(label $f | .[] | if . == 2 then ., break $f else . end)]
  [1,2,3] => [[0],[1]]
path(.a as $x | .b)
  {} => ["b"]
path(empty)
  null =>
def f: .a; path(f)
  {} => ["a"]
def f(g): g | g; path(f(.x))
  null => ["x","x"]
path(.[-1])
  [1,2] => [-1]
path(input_line_number)
  null => !"Invalid path expression with result 0"
path(.a | tostring)
  {"a":1} => !"Invalid path expression with result \"1\""
[1] | path(.[0] | getpath([]))
  null => [0]
getpath([])
  5 => 5
getpath(["a"], ["b"])
  {"a":1,"b":2} => 1 2
getpath(["a", "b"])
  {"a":[1]} => !"Cannot index array with string (\"b\")"
  null => null
try getpath(["a", "b"]) catch .
  {"a":"x"} => "Cannot index string with string (\"b\")"
getpath("a")
  {} => !"Path must be specified as an array"
getpath([[1]])
  [0,1] => [1]
setpath(["a", 0]; 5)
  null => {"a":[5]}
  {"a":[1,2]} => {"a":[5,2]}
  {"b":1} => {"b":1,"a":[5]}
setpath([]; 1)
  0 => 1
setpath([2]; 1)
  [] => [null,null,1]
  null => [null,null,1]
setpath([-1]; 9)
  [1,2] => [1,9]
  [] => !"Out of bounds negative array index"
setpath(["a"]; 1)
  [1] => !"Cannot index array with string (\"a\")"
setpath([0]; 1)
  {"a":1} => !"Cannot index object with number (0)"
setpath("a"; 1)
  {} => !"Path must be specified as an array"
setpath([{start: 1, end: 2}]; [8, 9])
  [1,2,3] => [1,8,9,3]
setpath([true]; 1)
  null => !"Cannot index null with boolean (true)"
delpaths([["a"], ["b", 0]])
  {"a":1,"b":[1,2],"c":3} => {"b":[2],"c":3}
delpaths([[0], [2]])
  [1,2,3] => [2]
delpaths([])
  1 => 1
delpaths([[]])
  {"a":1} => null
delpaths([["x", "y"]])
  {} => {}
  null => null
delpaths([["a"]])
  [1] => !"Cannot delete string element of array"
delpaths(1)
  {} => !"Paths must be specified as an array"
delpaths([1])
  {} => !"Path must be specified as array, not number"
del(.a), del(.a, .b), del(.missing)
  {"a":1,"b":2,"c":3} => {"b":2,"c":3} {"c":3} {"a":1,"b":2,"c":3}
del(.[0, 2]), del(.[-1]), del(.[1:]), del(.[]), del(.[10])
  [1,2,3] => [2] [1,2] [1] [] [1,2,3]
del(.[nan])
  [1,2] => [1,2]
del(.. | select(. == 1))
  {"a":1,"b":[1,2]} => {"b":[2]}
del(.)
  1 => null
del(.a[0:2])
  {"a":[1,2,3]} => {"a":[3]}
del(.["a", "b"])
  {"a":1,"b":2,"c":3} => {"c":3}
del(.a.b.c)
  {"a":null} => {"a":null}
  {"a":{"b":{"c":1,"d":2}}} => {"a":{"b":{"d":2}}}
del(1)
  {} => !"Invalid path expression with result 1"
del(.x?)
  [1] => [1]
to_entries[] | select(.value > 1).key
  {"a":1,"b":2} => "b"
pick(.a), pick(.b.c), pick(.x.y)
  {"a":1,"b":{"c":2,"d":3}} => {"a":1} {"b":{"c":2}} {"x":{"y":null}}
pick(.[1])
  [1,2,3] => [null,2]
pick(.a, .b[0])
  {"a":1,"b":[5,6]} => {"a":1,"b":[5]}
pick(first(.[]))
  [5,6] => [5]
pick(.[-1])
  [1,2] => !"Out of bounds negative array index"
pick(.a | .b?)
  {"a":5} => null
pick(empty)
  {"a":1} => null
[paths(scalars)]
  {"a":[1],"b":{"c":"x"}} => [["a",0],["b","c"]]
[paths(scalars) as $p | {path: ($p | join(".")), value: getpath($p)}]
  {"a":[1],"b":{"c":"x"}} => [{"path":"a.0","value":1},{"path":"b.c","value":"x"}]
any(paths; . == ["a", 0])
  {"a":[1]} => true
[getpath(["a"], ["b"])?]
  {"a":1} => [1,null]
[.[] | getpath(["k"])?]
  [{"k":1},5,null] => [1,null]
to_entries | map(.key)
  {"z":1,"a":2} => ["z","a"]
  {"b":1,"a":2,"c":3} => ["b","a","c"]
path(.a["b"]?)
  {"a":1} =>
[path(.[1:] | .[0])]
  [1,2,3] => [[{"start":1,"end":null},0]]
[paths] | length
  [[[[]]]] => 3
  {"hasOwnProperty":{"valueOf":1}} => 2
path(last(.[]))
  [1,2,3] => !"Invalid path expression with result 3"
path(nth(1; .[]))
  [1,2,3] => [1]
[path(skip(1; .[]))]
  [1,2,3] => [[1],[2]]
path(error("x"))
  1 => !"x"
try path(.a | map(.+1)) catch .
  {"a":[1,2]} => "Invalid path expression with result [2,3]"
path(select(.a))
  {"a":1} => []
  {} =>
[path(range(3))]
  null => !"Invalid path expression with result 0"
path(. as [$a] | .[$a])
  [1] => !"Invalid path expression near attempt to access element 1 of [1]"
[path(.a | recurse)]
  {"a":[0]} => [["a"],["a",0]]
path(until(. == 3; .[0]))
  [[3]] => [0,0]
[path(while(. != null; .[0]))]
  [null] => [[]]
`,
);
