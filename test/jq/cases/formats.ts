import { table } from "../support/table.ts";

export const formats = table(
  "Formats",
  String.raw`
@text
  "a\"b" => "a\"b"
  [1,"x"] => "[1,\"x\"]"
  null => "null"
@json
  "a\"é" => "\"a\\\"é\""
  {"a":[1]} => "{\"a\":[1]}"
@csv
  [1,"a\"b",null,true,"x,y"] => "1,\"a\"\"b\",,true,\"x,y\""
  [] => ""
  [1.5,-2] => "1.5,-2"
  [[1]] => !"array ([1]) is not valid in a csv row"
  "x" => !"string (\"x\") cannot be csv-formatted, only array"
  [{"a":1}] => !"object ({\"a\":1}) is not valid in a csv row"
  [100000000000000000000,0.1,1e-7,123456789012] => "1e+20,0.1,1e-07,123456789012"
@tsv
  ["a\tb","c\nd","e\\f","g\rh",1,null,true] => "a\\tb\tc\\nd\te\\\\f\tg\\rh\t1\t\ttrue"
  [[1]] => !"array ([1]) is not valid in a csv row"
  {} => !"object ({}) cannot be tsv-formatted, only array"
  [""] => ""
  ["\u0000"] => "\\0"
@html
  "<a href='x'>\"&\"</a>" => "&lt;a href=&apos;x&apos;&gt;&quot;&amp;&quot;&lt;/a&gt;"
  5 => "5"
  ["<"] => "[&quot;&lt;&quot;]"
@uri
  "a b&c=d/é~-_.!*'()" => "a%20b%26c%3Dd%2F%C3%A9~-_.%21%2A%27%28%29"
  "ü" => "%C3%BC"
  12 => "12"
  "😀" => "%F0%9F%98%80"
  [1,"a b"] => "%5B1%2C%22a%20b%22%5D"
  "\u0000\u007f" => "%00%7F"
@urid
  "a%20b%26%C3%A9" => "a b&é"
  "%F0%9F%98%80" => "😀"
  "a+b" => "a+b"
  "%" => !"string (\"%\") is not a valid uri encoding"
  "%zz" => !"string (\"%zz\") is not a valid uri encoding"
  "%4" => !"string (\"%4\") is not a valid uri encoding"
  "%FF" => !"string (\"%FF\") is not a valid uri encoding"
  "%E2%82" => !"string (\"%E2%82\") is not a valid uri encoding"
  "abc" => "abc"
  "%41" => "A"
@sh
  "it's" => "'it'\\''s'"
  ["a b",1,null,false,"x'y"] => "'a b' 1 null false 'x'\\''y'"
  5 => "5"
  [[1]] => !"array ([1]) can not be escaped for shell"
  {"a":1} => !"object ({\"a\":1}) can not be escaped for shell"
  [1,"a"] => "1 'a'"
@base64
  "hello" => "aGVsbG8="
  "é" => "w6k="
  "" => ""
  "a" => "YQ=="
  "ab" => "YWI="
  "abc" => "YWJj"
  12 => "MTI="
  [1,2] => "WzEsMl0="
@base64d
  "aGVsbG8=" => "hello"
  "aGVsbG8" => "hello"
  "w6k=" => "é"
  "" => ""
  "YQ" => "a"
  "YWI" => "ab"
  "====" => ""
  "a" => !"string (\"a\") trailing base64 byte found"
  "!!!!" => !"string (\"!!!!\") is not valid base64 data"
  "/w==" => "\ufffd"
  "YW Jj" => !"string (\"YW Jj\") is not valid base64 data"
  12 => "\ufffd"
  "aGVs\nbG8=" => !"string (\"aGVs\\nbG8=\") is not valid base64 data"
@base64 "user: \(.u), \(.p)"
  {"u":"a","p":"b c"} => "user: YQ==, YiBj"
@uri "https://x/?q=\(.q)&n=\(.n)"
  {"q":"a&b","n":1} => "https://x/?q=a%26b&n=1"
@sh "rm \(.files)"
  {"files":["a b","c"]} => "rm 'a b' 'c'"
@html "<b>\(.)</b>"
  "<i>" => "<b>&lt;i&gt;</b>"
@csv "\(.)!"
  [1,"a"] => "1,\"a\"!"
@json "\(1, 2) \("x")"
  null => "1 \"x\"" "2 \"x\""
@text "\("a" | @base64)"
  null => "YQ=="
format("csv")
  [1,"b"] => "1,\"b\""
format("text", "json")
  "q" => "q" "\"q\""
format("nope")
  1 => !"nope is not a valid format"
format(1)
  1 => !"number (1) is not a valid format"
try format("nope") catch .
  1 => "nope is not a valid format"
@base64 | @base64d
  "日本 😀" => "日本 😀"
@uri | @urid
  "a/b c?é" => "a/b c?é"
[.[] | @sh]
  ["","a'b'c"] => ["''","'a'\\''b'\\''c'"]
@json "a\u00e9\n"
  null => "aé\n"
{a: @base64}
  "x" => {"a":"eA=="}
{(@base64): 1}
  "x" => {"eA==":1}
@html "plain"
  null => "plain"
[.[] | @csv]
  [[1,2],["a"]] => ["1,2","\"a\""]
@tsv "\(.)"
  ["a","b"] => "a\tb"
`,
);
