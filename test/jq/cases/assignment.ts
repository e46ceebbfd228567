import { table } from "../support/table.ts";

export const assignment = table(
  "Assignment",
  String.raw`
.a = 1
  {} => {"a":1}
  null => {"a":1}
  {"a":5,"b":2} => {"a":1,"b":2}
  [1] => !"Cannot index array with string (\"a\")"
.a = .b
  {"a":{"b":1},"b":2} => {"a":2,"b":2}
  {"b":2} => {"b":2,"a":2}
.a |= .b
  {"a":{"b":1},"b":2} => {"a":1,"b":2}
.a = (1, 2)
  {} => {"a":1} {"a":2}
.a += (1, 2)
  {"a":10} => {"a":11} {"a":12}
.[] += 1
  [1,2] => [2,3]
  {"a":1} => {"a":2}
.a -= 1 | .b *= 2 | .c /= 2 | .d %= 3 | .e //= "default"
  {"a":1,"b":2,"c":3,"d":4,"e":null} => {"a":0,"b":4,"c":1.5,"d":1,"e":"default"}
.e //= 1
  {"e":0} => {"e":0}
  {"e":false} => {"e":1}
.e //= (1, 2)
  {} => {"e":1} {"e":2}
.a += .b
  {"a":1,"b":2} => {"a":3,"b":2}
(.a, .b) = 9
  {"a":1} => {"a":9,"b":9}
(.a, .b) |= . + 1
  {"a":1,"b":2} => {"a":2,"b":3}
.[] |= empty
  [1,2,3,4,5] => []
  [1,2,3] => []
(.[] | select(. >= 2)) |= empty
  [1,5,3,0,7] => [1,0]
  [1,2,3,4,5] => [1]
.a |= empty
  {"a":1,"b":2} => {"b":2}
.a |= (5, 6)
  {} => {"a":5}
.[0] |= . + 1
  null => [1]
  [1] => [2]
.[3] = 1
  [0] => [0,null,null,1]
.[-1] = 9
  [1,2] => [1,9]
  [] => !"Out of bounds negative array index"
.[1:3] = ["x"]
  [1,2,3,4] => [1,"x",4]
.[1:] |= map(. * 10)
  [1,2,3] => [1,20,30]
.[:1] = []
  [1,2] => [2]
.[0:1] = 5
  [1] => !"A slice of an array can only be assigned another array"
.[2:4] = [9]
  null => [9]
.["a"]["b"] = 1
  null => {"a":{"b":1}}
.. = 1
  [[1]] => !"Cannot index number with number (0)"
.. |= (numbers |= . + 1)
  [1,[2]] => [2,[3]]
(.. | numbers) |= -.
  {"a":1,"b":[2,{"c":3}]} => {"a":-1,"b":[-2,{"c":-3}]}
.a[.i] = 5
  {"a":[1,2,3],"i":1} => {"a":[1,5,3],"i":1}
(.a | .b) = 3
  {} => {"a":{"b":3}}
if .x then .a else .b end = 1
  {"x":true} => {"x":true,"a":1}
(if .x then .a else .b end) |= 7
  {"x":false} => {"x":false,"b":7}
(.a // .b) = 5
  {"a":null,"b":1} => {"a":null,"b":5}
  {"a":1} => {"a":5}
.a[] += 1
  {"a":[1,2]} => {"a":[2,3]}
.users[] |= (.full = .first + " " + .last)
  {"users":[{"first":"A","last":"B"}]} => {"users":[{"first":"A","last":"B","full":"A B"}]}
1 = 2
  null => !"Invalid path expression with result 1"
(1 + 2) = 3
  null => !"Invalid path expression with result 3"
.a |= error("bad")
  {"a":1} => !"bad"
.a = error("bad")
  {} => !"bad"
try (.a |= error("bad")) catch .
  {"a":1} => "bad"
.a = empty
  {"a":1} =>
[.a += empty]
  {"a":1} => []
.a as $x | .b = $x
  {"a":1} => {"a":1,"b":1}
.a |= try error("x") catch .
  {"a":1} => {"a":"x"}
.a |= .
  {"a":1} => {"a":1}
first(.[]) = 9
  [1,2] => [9,2]
last(.[]) |= 9
  [1,2,3] => !"Invalid path expression with result 3"
limit(2; .[]) |= . * 2
  [1,2,3] => [2,4,3]
(.[] | .a?) |= 1
  [{"a":0},5] => [{"a":1},5]
getpath(["a", "b"]) = 1
  null => {"a":{"b":1}}
getpath(["a", "b"]) |= . + 1
  {"a":{"b":1}} => {"a":{"b":2}}
.a.b = 1
  {"a":null} => {"a":{"b":1}}
.a.b.c |= 1
  {} => {"a":{"b":{"c":1}}}
.a[1:2] |= . + [0]
  {"a":[1,2,3]} => {"a":[1,2,0,3]}
reduce range(3) as $i ([]; .[$i] = $i * 2)
  null => [0,2,4]
.a = 1 | .b = 2 | .a += .b
  {} => {"a":3,"b":2}
.a = (.b = 1)
  {} => {"a":{"b":1}}
.a |= (.b |= 1)
  {} => {"a":{"b":1}}
.["k\(1, 2)"] = 0
  {} => {"k1":0,"k2":0}
(.a, .a) |= . + 1
  {"a":0} => {"a":2}
(.a, .a) += 1
  {"a":0} => {"a":2}
recurse |= (if type == "number" then . + 1 else . end)
  [1,[2]] => [2,[3]]
.[] |= if . == 2 then empty else . end
  [1,2,2,3] => [1,3]
map_values(. // empty)
  {"a":null,"b":1} => {"b":1}
.a %= 0
  {"a":1} => !"number (1) and number (0) cannot be divided (remainder) because the divisor is zero"
.a.b |= null
  {} => {"a":{"b":null}}
.[1.7] = 5
  [0,1,2] => [0,5,2]
.[nan] = 1
  [0] => !"Cannot set array element at NaN index"
.[nan] |= 1
  [0] => !"Cannot set array element at NaN index"
."a b" = 1 | .["c d"] = 2
  {} => {"a b":1,"c d":2}
._x.y1 = 1
  {} => {"_x":{"y1":1}}
def inc(f): f |= . + 1; inc(.a) | inc(.b.c)
  {"a":1,"b":{"c":2}} => {"a":2,"b":{"c":3}}
def f: .a; f = 3
  {} => {"a":3}
(.a | select(. > 1)) |= 10
  {"a":1} => {"a":1}
  {"a":2} => {"a":10}
delpaths([paths(. == null)])
  {"a":null,"b":[null,1]} => {"b":[1]}
(label $out | .[] | ., break $out) |= 8
  [1,2] => [8,2]
.[length] = 1
  [5,6] => [5,6,1]
.a += null, .b -= 0
  {"a":1,"b":1} => {"a":1,"b":1} {"a":1,"b":1}
`,
);
