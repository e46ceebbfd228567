import { table } from "../support/table.ts";

export const traps = table(
  "JavaScript's traps and Unicode",
  String.raw`
.__proto__, .constructor, .toString, .hasOwnProperty
  {} => null null null null
.__proto__
  {"__proto__":1} => 1
.a.__proto__.x
  {"a":{"__proto__":{"x":2}}} => 2
keys, length, to_entries
  {"__proto__":1} => ["__proto__"] 1 [{"key":"__proto__","value":1}]
{__proto__: 1}
  null => {"__proto__":1}
{"__proto__": {a: 1}} | .a, .__proto__.a
  null => null 1
{("__proto__"): 1} | keys
  null => ["__proto__"]
.__proto__ = 5
  {} => {"__proto__":5}
.__proto__.polluted = true | {} | .polluted
  {} => null
.constructor.prototype.polluted |= 1
  {} => {"constructor":{"prototype":{"polluted":1}}}
setpath(["__proto__", "x"]; 1)
  {} => {"__proto__":{"x":1}}
has("__proto__"), has("toString"), has("constructor")
  {} => false false false
del(.__proto__)
  {"__proto__":1} => {}
. + {"__proto__": 1} | keys
  {"a":1} => ["__proto__","a"]
. * {"__proto__": {"b": 2}}
  {"__proto__":{"a":1}} => {"__proto__":{"a":1,"b":2}}
[.[]]
  {"__proto__":3} => [3]
map_values(. + 1) | .__proto__
  {"__proto__":1} => 2
group_by(.constructor) | length
  [{},{}] => 1
INDEX(.k) | keys
  [{"k":"__proto__"},{"k":"toString"}] => ["__proto__","toString"]
pick(.__proto__)
  {} => {"__proto__":null}
walk(.) | keys
  {"__proto__":1} => ["__proto__"]
to_entries[0].key
  {"constructor":1} => "constructor"
. == {}
  {"__proto__":null} => false
contains({"toString": 1})
  {} => false
tojson | fromjson | keys
  {"__proto__":[1]} => ["__proto__"]
fromjson | .__proto__.x, .x
  "{\"__proto__\":{\"x\":1}}" => 1 null
paths
  {"__proto__":{"a":1}} => ["__proto__"] ["__proto__","a"]
tostream
  {"__proto__":1} => [["__proto__"],1] [["__proto__"]]
getpath(["constructor", "name"])
  {} => null
delpaths([["__proto__"]])
  {"a":1} => {"a":1}
min_by(.valueOf)
  [{"a":1}] => {"a":1}
{toString: 1, valueOf: 2} | "\(.)"
  null => "{\"toString\":1,\"valueOf\":2}"
def constructor: 1; def toString: 2; constructor + toString
  null => 3
1 as $constructor | 2 as $__proto__ | [$constructor, $__proto__]
  null => [1,2]
def __proto__: 7; __proto__
  null => 7
. as {__proto__: $x} | $x
  {} => null
unique_by(.__proto__) | length
  [{"a":1},{"a":2}] => 1
capture("(?<constructor>a)(?<toString>b)")
  "ab" => {"constructor":"a","toString":"b"}
[0, 10, 9, 1] | sort, (map(tostring) | sort)
  null => [0,1,9,10] ["0","1","10","9"]
1 == true, 0 == false, "" == 0, null == 0, "1" + "2"
  null => false false false false "12"
[] + [], ({} | tostring), ([1, [2, 3]] | tostring)
  null => [] "{}" "[1,[2,3]]"
"5" * 2
  null => "55"
[1, 2, 3] | .["length"]?, length
  null => 3
.length
  "abc" => !"Cannot index string with string (\"length\")"
  [1] => !"Cannot index array with string (\"length\")"
"abc" | .[0]?
  null =>
[.[-1], .[1e9], .[-1e9]]
  [1] => [1,null,null]
[null]
  null => [null]
index("b"), .[2:3], length
  "😀ab" => 2 "b" 3
explode, (explode | length)
  "👍🏽" => [128077,127997] 2
split("") | length
  "👍🏽" => 2
sort, unique
  ["é","é","e","f"] => ["e","é","f","é"] ["e","é","f","é"]
"\u0000" | length, tojson, utf8bytelength
  null => 1 "\"\\u0000\"" 1
test("\u0000")
  "a\u0000b" => true
indices("😀")
  "a😀b😀" => [1,3]
ltrimstr("😀"), .[1:], startswith("😀")
  "😀x" => "x" "x" true
rindex("x"), index("x")
  "😀x😀x" => 3 1
[match("x"; "g").offset]
  "😀x😀x" => [1,3]
sub("(?<c>.)$"; "[\(.c)]")
  "ab😀" => "ab[😀]"
test("^\\W$")
  "😀" => true
@csv, @tsv, @html
  ["😀\""] => "\"😀\"\"\"" "😀\"" "[&quot;😀\\&quot;&quot;]"
[match(""; "g")] | length
  "😀é" => 7
@base64, (@base64 | @base64d)
  "😀é" => "8J+YgMOp" "😀é"
0.1 + 0.7, 1e21 + 1, 1 / 3, 100000000000000000000, 0.1 * 3
  null => 0.7999999999999999 1e+21 0.3333333333333333 100000000000000000000 0.30000000000000004
3 | tostring, (3.0 | tostring), (1e2 | tostring), (-0 | tostring)
  null => "3" "3" "100" "-0"
1e-7 | tostring, tojson, "\(.)"
  null => "1e-07" "1e-07" "1e-07"
[.[] | tostring]
  [1000000000000000,10000000000000000,100000000000000000,1000000000000000000,10000000000000000000,123456789.123,0.1,0.00001,0.000001] => ["1000000000000000","1e+16","1e+17","1e+18","1e+19","123456789.123","0.1","1e-05","1e-06"]
12345678901234567890 | . + 0
  null => 12345678901234567000
"\(1e1000)", (1e1000 | tojson)
  null => "1.7976931348623157e+308" "1.7976931348623157e+308"
if "" then 1 else 2 end, if 0 then 1 else 2 end, if [] then 1 else 2 end, if {} then 1 else 2 end
  null => 1 1 1 1
[.[] | not]
  [0,"",[],null,false,true] => [false,false,false,true,true,false]
"a\tb" | test("\t"), split("\t")
  null => true ["a","b"]
gsub("$"; "x"), gsub("\\$"; "USD")
  "5$" => "5$x" "5USD"
gsub("a"; "$0$1$&")
  "bab" => "b$0$1$&b"
split("."), split("|")
  "a.b|c" => ["a","b|c"] ["a.b","c"]
join(",")
  ["a",null,"b"] => "a,,b"
[3, 20, 100] | sort, min, max
  null => [3,20,100] 3 100
.["a.b"], .a
  {"a.b":1} => 1 null
"\u00df" | ascii_upcase, length
  null => "ß" 1
splits("(")
  "a" => !"Regex failure: end pattern with unmatched parenthesis"
`,
);
