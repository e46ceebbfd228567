import { table } from "../support/table.ts";

export const operators = table(
  "Operators",
  String.raw`
1 + 2 * 3 - 4 / 2
  null => 5
(1 + 2) * 3
  null => 9
7 % 3, -7 % 3, 7 % -3, 5.9 % 2.1
  null => 1 -1 1 1
5 % 0
  null => !"number (5) and number (0) cannot be divided (remainder) because the divisor is zero"
1 / 0
  null => !"number (1) and number (0) cannot be divided because the divisor is zero"
5 % 0.5
  null => !"number (5) and number (0.5) cannot be divided (remainder) because the divisor is zero"
nan % 2 | isnan
  null => true
5 % infinite, -5 % infinite
  null => 5 -5
infinite % 7
  null => 0
1e19 % 7
  null => 0
"a" + "b", [1] + [2], {a: 1} + {a: 2, b: 3}
  null => "ab" [1,2] {"a":2,"b":3}
null + 1, 1 + null, null + null
  null => 1 1 null
. + 1
  "a" => !"string (\"a\") and number (1) cannot be added"
  {} => !"object ({}) and number (1) cannot be added"
  [] => !"array ([]) and number (1) cannot be added"
  true => !"boolean (true) and number (1) cannot be added"
{} + []
  null => !"object ({}) and array ([]) cannot be added"
[1, 2, 2, 3, 1] - [2, 1]
  null => [3]
[1, [2]] - [[2]]
  null => [1]
"a" - "b"
  null => !"string (\"a\") and string (\"b\") cannot be subtracted"
{} - {}
  null => !"object ({}) and object ({}) cannot be subtracted"
"ab" * 3
  null => "ababab"
"ab" * 0, "ab" * -1, "ab" * 0.5, "ab" * 0.9, "ab" * 1.5
  null => "" null "" "" "ab"
3 * "ab"
  null => "ababab"
"ab" * nan
  null => null
"" * 5
  null => ""
{a: {b: 1, c: 2}} * {a: {b: 9, d: 3}}
  null => {"a":{"b":9,"c":2,"d":3}}
{a: {b: 1}} * {a: 5}
  null => {"a":5}
{a: 5} * {a: {b: 1}}
  null => {"a":{"b":1}}
[] * 2
  null => !"array ([]) and number (2) cannot be multiplied"
{} * 2
  null => !"object ({}) and number (2) cannot be multiplied"
null * 1
  null => !"null (null) and number (1) cannot be multiplied"
"a,b,,c" / ","
  null => ["a","b","","c"]
"abc" / ""
  null => ["a","b","c"]
"" / ","
  null => []
"a" / 2
  null => !"string (\"a\") and number (2) cannot be divided"
"aXXbXXc" / "XX"
  null => ["a","b","c"]
10 / 4, -1 / 3
  null => 2.5 -0.3333333333333333
-(1 + 2), -.a
  {"a":4} => -3 -4
-.
  "x" => !"string (\"x\") cannot be negated"
  null => !"null (null) cannot be negated"
  [1] => !"array ([1]) cannot be negated"
[-.[]]
  [1,-2] => [-1,2]
1 - -1
  null => 2
[(1, 2) + (10, 20)]
  null => [11,12,21,22]
[(1, 2) * (3, 4) - (1, 1)]
  null => [2,5,3,7,2,5,3,7]
1 == 1.0, 1 == 2, "1" == 1, null == false, [] == [], {a: [1]} == {a: [1]}
  null => true false false false true true
{a: 1, b: 2} == {b: 2, a: 1}
  null => true
nan == nan, nan != nan, nan < nan, nan > nan, nan <= 1, [nan] < [nan]
  null => false true true false true true
1 < 2, 2 <= 2, 3 > 4, 4 >= 4, 1 != 2
  null => true true false true true
[null < false, false < true, true < 0, 0 < "", "" < [], [] < {}]
  null => [true,true,true,true,true,true]
[] < [0], [0] < [0, 0], [1] < [0, 5]
  null => true true false
{a: 2} < {b: 1}, {a: 1} < {a: 2}, {a: 1, b: 2} < {a: 3}
  null => true true false
"a" < "B", "Z" < "a", "abc" < "abd", "" < "a"
  null => false true true true
"\uffff" < "\ud83d\ude00"
  null => true
true and false, true and 1, null and true, false or null, 0 and ""
  null => false true false false true
(true, false) and (true, false)
  null => true false false
(true, false) or (true, false)
  null => true true false
false and error("no"), true or error("no")
  null => false true
true | not, (null | not), (0 | not)
  null => false true false
[true, false | not]
  null => [false,true]
.a // 1
  {"a":null} => 1
  {"a":false} => 1
  {"a":0} => 0
  {} => 1
(false, null, 1, 2) // 3
  null => 1 2
(false, null) // (3, 4)
  null => 3 4
empty // 5
  null => 5
error("x") // 6
  null => !"x"
[.[] // 0]
  [null,1,false] => [1]
[(1, null, 2) // 9]
  null => [1,2]
1 // error("never")
  null => 1
null // false
  null => false
1 // 2 // 3, (null // null // 3)
  null => 1 3
first(.a, .b) // 7
  {"b":1} => 7
1, 2 // 3, 4
  null => 1 2 4
1 | . + 2 | . * 3
  null => 9
[1, 2, 3 | . * 2]
  null => [2,4,6]
1 as $x | 2 as $y | $x + $y, $x * $y
  null => 3 2
1 - 1 - 1, 8 / 4 / 2, 2 - 3 + 4
  null => -1 1 3
1 + 1 == 2 and 2 < 3 or false
  null => true
1 == 1
  null => true
[.[] == 2]
  [1,2] => [false,true]
.a + .b // 3
  {"a":null,"b":null} => 3
[limit(3; (1, 2) + (10, 20))]
  null => [11,12,21]
[1, 2] | .[0] + .[1]
  null => 3
(1, 2) as $x | $x * 2
  null => 2 4
[range(3)] == [0, 1, 2]
  null => true
100 / 3 | floor, . * 3
  null => 33 100
4 - 5 | abs, -.
  null => 1 1
0 / 5, -0 + 0, 0 * -1
  null => 0 0 -0
[0, -0] | unique | length
  null => 1
9007199254740993 == 9007199254740992
  null => true
`,
);
