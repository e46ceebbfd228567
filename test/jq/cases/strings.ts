import { table } from "../support/table.ts";

export const strings = table(
  "Strings",
  String.raw`
startswith("ab"), endswith("bc")
  "abc" => true true
  "xbc" => false true
  "" => false false
startswith(1)
  "a" => !"startswith() requires string inputs"
startswith("a")
  1 => !"startswith() requires string inputs"
endswith(1)
  "a" => !"endswith() requires string inputs"
ltrimstr("ab"), rtrimstr("bc"), trimstr("a")
  "abc" => "c" "a" "bc"
  "xabx" => "xabx" "xabx" "xabx"
  "aba" => "a" "aba" "b"
  "a" => "a" "a" ""
  "" => "" "" ""
ltrimstr(""), rtrimstr(""), trimstr("")
  "abc" => "abc" "abc" "abc"
trim, ltrim, rtrim
  " \t\n x y \r\n " => "x y" "x y \r\n " " \t\n x y"
  "" => "" "" ""
  "   " => "" "" ""
  "\u00a0x\u00a0" => "x" "x\u00a0" "\u00a0x"
  "\u2003y" => "y" "y" "\u2003y"
trim
  1 => !"trim input must be a string"
ltrim
  null => !"trim input must be a string"
rtrim
  [] => !"trim input must be a string"
ascii_downcase, ascii_upcase
  "AbC-é-É-ß" => "abc-é-É-ß" "ABC-é-É-ß"
  "" => "" ""
ascii_downcase
  1 => !"explode input must be a string"
  "İSTANBUL Σ" => "İstanbul Σ"
explode
  "aé😀" => [97,233,128512]
  "" => []
  5 => !"explode input must be a string"
implode
  [97,233,128512] => "aé😀"
  [] => ""
  "x" => !"implode input must be an array"
  ["a"] => !"string (\"a\") can't be imploded, unicode codepoint needs to be numeric"
  [55296] => "\ufffd"
  [1114112] => "\ufffd"
  [-1] => "\ufffd"
  [1.9] => "\u0001"
  [55357,56832] => "\ufffd\ufffd"
  [65,0,66] => "A\u0000B"
  ["x"] => !"string (\"x\") can't be imploded, unicode codepoint needs to be numeric"
explode | implode
  "日本語 😀" => "日本語 😀"
split(", ")
  "a, b, c" => ["a","b","c"]
  "" => []
  "abc" => ["abc"]
  "a, " => ["a",""]
split("")
  "aé😀" => ["a","é","😀"]
  "" => []
split(1)
  "a" => !"split input and separator must be strings"
split("a")
  1 => !"split input and separator must be strings"
join(", ")
  ["a",1,null,true,"b"] => "a, 1, , true, b"
  [] => ""
  ["x"] => "x"
  [null] => ""
  [[1]] => !"string (\"\") and array ([1]) cannot be added"
  ["a",{"b":1}] => !"string (\"a, \") and object ({\"b\":1}) cannot be added"
join(1)
  ["a","b"] => !"string (\"a\") and number (1) cannot be added"
join(",", "/")
  ["a","b"] => "a,b" "a/b"
join(null)
  ["a"] => "a"
  ["a","b"] => "ab"
indices("an"), index("an"), rindex("an")
  "banana" => [1,3] 1 3
  "xyz" => [] null null
  "" => [] null null
indices("aa")
  "aaaa" => [0,1,2]
indices("")
  "abc" => []
  "" => []
index(""), rindex("")
  "abc" => null null
index("ñ"), index("b"), rindex("b")
  "aéñb😀b" => 2 3 5
indices(1)
  "abc" => !"Cannot index string with number (1)"
index(",")
  null => null
  5 => !"Cannot index number with string (\",\")"
test("a.c")
  "xabcx" => true
.[1:3], .[-2:], .[:-1]
  "aé😀bc" => "é😀" "bc" "aé😀b"
.[1:2] | utf8bytelength
  "a😀" => 4
length, utf8bytelength, (explode | length)
  "é" => 2 3 2
  "👨\u200d👩\u200d👧" => 5 18 5
tojson
  "\u0000\u001f\"\\/\u007f\u2028é😀" => "\"\\u0000\\u001f\\\"\\\\/\\u007f\u2028é😀\""
  "</script>" => "\"</script>\""
  100000000000000000 => "1e+17"
  1e-7 => "1e-07"
  100000 => "100000"
  3.14 => "3.14"
  0 => "0"
  [1000000000000000,10000000000000000,100000000000000000,123456789012345680,0.00001,0.000001,1.5e-9,1e+21,1e+22,4e-7] => "[1000000000000000,1e+16,1e+17,123456789012345680,1e-05,1e-06,1.5e-09,1e+21,1e+22,4e-07]"
  {"b":1,"a":{"d":1,"c":[]}} => "{\"b\":1,\"a\":{\"d\":1,\"c\":[]}}"
  1.1 => "1.1"
  0.1 => "0.1"
  3 => "3"
  1000 => "1000"
fromjson
  "[1, {\"a\": null}]" => [1,{"a":null}]
  "\"x\"" => "x"
  " 1 " => 1
  "nan" => null
  "[NaN]" => [null]
  "{\"a\": Infinity}" => {"a":1.7976931348623157e+308}
  "" => !"Expected JSON value (while parsing '')"
  "  " => !"Expected JSON value (while parsing '  ')"
  "{" => !"Unfinished JSON term at EOF at line 1, column 1 (while parsing '{')"
  "[1,]" => !"Expected another array element at line 1, column 4 (while parsing '[1,]')"
  "{\"a\":1,}" => !"Expected another key-value pair at line 1, column 8 (while parsing '{\"a\":1,}')"
  "'a'" => !"Invalid string literal; expected \", but got ' at EOF at line 1, column 3 (while parsing ''a'')"
  "1 2" => !"Unexpected extra JSON values (while parsing '1 2')"
  "tru" => !"Invalid literal at EOF at line 1, column 3 (while parsing 'tru')"
  "\"\\x\"" => !"Invalid escape at line 1, column 4 (while parsing '\"\\x\"')"
  "\"a" => !"Unfinished string at EOF at line 1, column 2 (while parsing '\"a')"
  "{1:2}" => !"Object keys must be strings at line 1, column 3 (while parsing '{1:2}')"
  "[1 2]" => !"Expected separator between values at line 1, column 5 (while parsing '[1 2]')"
  "{\"a\" 1}" => !"Expected separator between values at line 1, column 7 (while parsing '{\"a\" 1}')"
  "]" => !"Unmatched ']' at line 1, column 1 (while parsing ']')"
  "\"\\ud800\"" => !"Invalid \\uXXXX\\uXXXX surrogate pair escape at line 1, column 8 (while parsing '\"\\ud800\"')"
  "nan1" => !"Invalid numeric literal at EOF at line 1, column 4 (while parsing 'nan1')"
  "-" => !"Invalid numeric literal at EOF at line 1, column 1 (while parsing '-')"
  "01" => 1
  "1." => 1
  "-Infinity" => -1.7976931348623157e+308
  "\"\\u12\"" => !"Invalid \\uXXXX escape at line 1, column 6 (while parsing '\"\\u12\"')"
  "[\"a\nb\"]" => !"Invalid string: control characters from U+0000 through U+001F must be escaped at line 2, column 2 (while parsing '[\"a\nb\"]')"
  "\ufeff1" => 1
  "1e5" => 100000
  "-0" => -0
  "1e-400" => 0
  1 => !"number (1) only strings can be parsed"
  null => !"null (null) only strings can be parsed"
  [1] => !"array ([1]) only strings can be parsed"
try fromjson catch .
  "{\"a\":nope}" => "Invalid numeric literal at line 1, column 10 (while parsing '{\"a\":nope}')"
[.[] | tojson]
  [1,"a",[1],{"a":1},null,1,1.1,1e+100,5e-324,1.7976931348623157e+308] => ["1","\"a\"","[1]","{\"a\":1}","null","1","1.1","1e+100","5e-324","1.7976931348623157e+308"]
ascii_downcase | split(" ") | map(.[0:1]) | join("")
  "Hello Big World" => "hbw"
"x" * 3 | length
  null => 3
@text "v: \(.)"
  [1] => "v: [1]"
ltrimstr("a")?, "next"
  5 => "next"
tostring | length
  "é" => 1
  [1,2] => 5
"\(1)"
  null => "1"
"\([1, "a"]) and \({a: 1})"
  null => "[1,\"a\"] and {\"a\":1}"
"a" as $x | "b" as $y | "\($x)\($y)"
  null => "ab"
contains("")
  "abc" => true
"abc" | .[1:] | .[0:1]
  null => "b"
sub("^\\s+"; "")
  "  x " => "x "
splits("")
  "ab" => "" "a" "b" ""
[.[] | ascii_downcase] | unique
  ["A","a","B"] => ["a","b"]
test("\\d")
  "a1" => true
@json "x\(.)y"
  "q\"" => "x\"q\\\"\"y"
getpath([0])
  "abc" => !"Cannot index string with number (0)"
has("x")
  "x" => !"Cannot check whether string has a string key"
reverse | explode
  "ab" => !"Cannot index string with number (1)"
limit(2; splits(","))
  "a,b,c" => "a" "b"
ascii_upcase | explode | map(. + 1) | implode
  "hal" => "IBM"
[splits("a+"; "g")]
  "xaayaz" => ["x","y","z"]
`,
);
