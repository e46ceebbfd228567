import { table } from "../support/table.ts";

export const errors = table(
  "Error texts",
  String.raw`
try (. + 1) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and number (1) cannot be added"
try (. - 1) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and number (1) cannot be subtracted"
try (. * {}) catch .
  {"a":"a rather long text that gets cut somewhere"} => {"a":"a rather long text that gets cut somewhere"}
try (. / "x") catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and string (\"x\") cannot be divided"
try (. % 2) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and number (2) cannot be divided (remainder)"
try (-.) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be negated"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([[\"nested\",{\"deep\":[1,2,3...]) cannot be negated"
try (.[0]) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index object with number (0)"
try (.a) catch .
  {"a":"a rather long text that gets cut somewhere"} => "a rather long text that gets cut somewhere"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Cannot index array with string (\"a\")"
try (.["k"]) catch .
  {"a":"a rather long text that gets cut somewhere"} => null
try (.[]) catch .
  {"a":"a rather long text that gets cut somewhere"} => "a rather long text that gets cut somewhere"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => ["nested",{"deep":[1,2,3]}] "and a long tail here"
try (keys) catch .
  {"a":"a rather long text that gets cut somewhere"} => ["a"]
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => [0,1]
try (length) catch .
  {"a":"a rather long text that gets cut somewhere"} => 1
try (has(0)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot check whether object has a number key"
try (has("a")) catch .
  {"a":"a rather long text that gets cut somewhere"} => true
try (to_entries) catch .
  {"a":"a rather long text that gets cut somewhere"} => [{"key":"a","value":"a rather long text that gets cut somewhere"}]
try (from_entries) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index string with string (\"key\")"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Cannot index array with string (\"key\")"
try (add) catch .
  {"a":"a rather long text that gets cut somewhere"} => "a rather long text that gets cut somewhere"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([\"nested\",{\"deep\":[1,2,3]}]) and string (\"and a long tail here\") cannot be added"
try (join(",")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "a rather long text that gets cut somewhere"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "string (\"\") and array ([\"nested\",{\"deep\":[1,2,3]}]) cannot be added"
try (flatten) catch .
  {"a":"a rather long text that gets cut somewhere"} => ["a rather long text that gets cut somewhere"]
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => ["nested",{"deep":[1,2,3]},"and a long tail here"]
try (sort) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be sorted, as it is not an array"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => ["and a long tail here",["nested",{"deep":[1,2,3]}]]
try (sort_by(.)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and array ([[\"a rather long text tha...]) cannot be sorted, as they are not both arrays"
try (group_by(.)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and array ([[\"a rather long text tha...]) cannot be sorted, as they are not both arrays"
try (min) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and object ({\"a\":\"a rather long text ...}) cannot be iterated over"
try (unique_by(.)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and array ([[\"a rather long text tha...]) cannot be sorted, as they are not both arrays"
try (reverse) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index object with number (0)"
try (contains(1)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and number (1) cannot have their containment checked"
try (inside([])) catch .
  {"a":"a rather long text that gets cut somewhere"} => "array ([]) and object ({\"a\":\"a rather long text ...}) cannot have their containment checked"
try (startswith("a")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "startswith() requires string inputs"
try (endswith("a")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "endswith() requires string inputs"
try (ltrimstr("a")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "startswith() requires string inputs"
try (split(",")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "split input and separator must be strings"
try (ascii_downcase) catch .
  {"a":"a rather long text that gets cut somewhere"} => "explode input must be a string"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "explode input must be a string"
try (explode) catch .
  {"a":"a rather long text that gets cut somewhere"} => "explode input must be a string"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "explode input must be a string"
try (implode) catch .
  {"a":"a rather long text that gets cut somewhere"} => "implode input must be an array"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([\"nested\",{\"deep\":[1,2,3]}]) can't be imploded, unicode codepoint needs to be numeric"
try (tonumber) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be parsed as a number"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([[\"nested\",{\"deep\":[1,2,3...]) cannot be parsed as a number"
try (toboolean) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be parsed as a boolean"
try (fromjson) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) only strings can be parsed"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([[\"nested\",{\"deep\":[1,2,3...]) only strings can be parsed"
try (test("a")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be matched, as it is not a string"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([[\"nested\",{\"deep\":[1,2,3...]) cannot be matched, as it is not a string"
try (match("a")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be matched, as it is not a string"
try (sub("a"; "b")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be matched, as it is not a string"
try (splits("a")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be matched, as it is not a string"
try (@csv) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be csv-formatted, only array"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([\"nested\",{\"deep\":[1,2,3]}]) is not valid in a csv row"
try (@tsv) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be tsv-formatted, only array"
try (@sh) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) can not be escaped for shell"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([\"nested\",{\"deep\":[1,2,3]}]) can not be escaped for shell"
try (@base64d) catch .
  {"a":"a rather long text that gets cut somewhere"} => "string (\"{\\\"a\\\":\\\"a rather long t...\") is not valid base64 data"
try (floor) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) number required"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([[\"nested\",{\"deep\":[1,2,3...]) number required"
try (pow(.; 2)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) number required"
try (mktime) catch .
  {"a":"a rather long text that gets cut somewhere"} => "mktime requires array inputs"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "mktime requires parsed datetime inputs"
try (gmtime) catch .
  {"a":"a rather long text that gets cut somewhere"} => "gmtime() requires numeric inputs"
try (strptime("%Y")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "strptime/1 requires string inputs and arguments"
try (strftime("%Y")) catch .
  {"a":"a rather long text that gets cut somewhere"} => "strftime/1 requires parsed datetime inputs"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "strftime/1 requires parsed datetime inputs"
try (todate) catch .
  {"a":"a rather long text that gets cut somewhere"} => "strftime/1 requires parsed datetime inputs"
try (fromdate) catch .
  {"a":"a rather long text that gets cut somewhere"} => "strptime/1 requires string inputs and arguments"
try (tojson) catch .
  {"a":"a rather long text that gets cut somewhere"} => "{\"a\":\"a rather long text that gets cut somewhere\"}"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "[[\"nested\",{\"deep\":[1,2,3]}],\"and a long tail here\"]"
try (transpose) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index string with number (0)"
try (combinations) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index object with number (0)"
try (range(.)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Range bounds must be numeric"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Range bounds must be numeric"
try (indices(1)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index object with number (1)"
try (splits(.)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be matched, as it is not a string"
try (error) catch .
  {"a":"a rather long text that gets cut somewhere"} => {"a":"a rather long text that gets cut somewhere"}
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => [["nested",{"deep":[1,2,3]}],"and a long tail here"]
try (.[1:2]) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index object with object ({\"start\":1,\"end\":2})"
try (.["a":]) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index object with object ({\"start\":\"a\",\"end\":null})"
try (setpath([0]; 1)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index object with number (0)"
try (setpath(["a"]; 1)) catch .
  {"a":"a rather long text that gets cut somewhere"} => {"a":1}
try (delpaths([[0]])) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot delete number field of object"
try (del(.a)) catch .
  {"a":"a rather long text that gets cut somewhere"} => {}
try (del(.[0])) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index object with number (0)"
try (path(.a)) catch .
  {"a":"a rather long text that gets cut somewhere"} => ["a"]
try (getpath(["a"])) catch .
  {"a":"a rather long text that gets cut somewhere"} => "a rather long text that gets cut somewhere"
try (paths) catch .
  {"a":"a rather long text that gets cut somewhere"} => ["a"]
try (map(.)) catch .
  {"a":"a rather long text that gets cut somewhere"} => ["a rather long text that gets cut somewhere"]
try (map_values(1)) catch .
  {"a":"a rather long text that gets cut somewhere"} => {"a":1}
try (any) catch .
  {"a":"a rather long text that gets cut somewhere"} => true
try (all) catch .
  {"a":"a rather long text that gets cut somewhere"} => true
try (bsearch(1)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) cannot be searched from"
try (trim) catch .
  {"a":"a rather long text that gets cut somewhere"} => "trim input must be a string"
try (utf8bytelength) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) only strings have UTF-8 byte length"
try (abs) catch .
  {"a":"a rather long text that gets cut somewhere"} => {"a":"a rather long text that gets cut somewhere"}
try (limit(.; 1)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and number (1) cannot be subtracted"
try (first(.[])) catch .
  {"a":"a rather long text that gets cut somewhere"} => "a rather long text that gets cut somewhere"
try (until(true; .)) catch .
  {"a":"a rather long text that gets cut somewhere"} => {"a":"a rather long text that gets cut somewhere"}
try (env.a) catch .
  {"a":"a rather long text that gets cut somewhere"} => null
try (walk(.)) catch .
  {"a":"a rather long text that gets cut somewhere"} => {"a":"a rather long text that gets cut somewhere"}
try (tostream) catch .
  {"a":"a rather long text that gets cut somewhere"} => [["a"],"a rather long text that gets cut somewhere"] [["a"]]
try (with_entries(.)) catch .
  {"a":"a rather long text that gets cut somewhere"} => {"a":"a rather long text that gets cut somewhere"}
try (INDEX(.a)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index string with string (\"a\")"
try (getpath(.)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Path must be specified as an array"
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Cannot index array with string (\"and a long tail here\")"
try (ascii_upcase) catch .
  {"a":"a rather long text that gets cut somewhere"} => "explode input must be a string"
try (@uri) catch .
  {"a":"a rather long text that gets cut somewhere"} => "%7B%22a%22%3A%22a%20rather%20long%20text%20that%20gets%20cut%20somewhere%22%7D"
try (@html) catch .
  {"a":"a rather long text that gets cut somewhere"} => "{&quot;a&quot;:&quot;a rather long text that gets cut somewhere&quot;}"
try (infinite) catch .
  {"a":"a rather long text that gets cut somewhere"} => 1.7976931348623157e+308
try (isnan) catch .
  {"a":"a rather long text that gets cut somewhere"} => false
try (significand) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) number required"
try (ldexp(.; 1)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) number required"
try (splits("a"; .)) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":\"a rather long text ...}) and string (\"g\") cannot be added"
try (.[.]) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot index object with object ({\"a\":\"a rather long text ...})"
try ({(.): 1}) catch .
  {"a":"a rather long text that gets cut somewhere"} => "Cannot use object ({\"a\":\"a rather long text ...}) as object key"
try ({a: .} * 2) catch .
  {"a":"a rather long text that gets cut somewhere"} => "object ({\"a\":{\"a\":\"a rather long ...}) and number (2) cannot be multiplied"
try ([.] - .) catch .
  {"a":"a rather long text that gets cut somewhere"} => "array ([{\"a\":\"a rather long text...]) and object ({\"a\":\"a rather long text ...}) cannot be subtracted"
try (tojson | fromjson) catch .
  {"a":"a rather long text that gets cut somewhere"} => {"a":"a rather long text that gets cut somewhere"}
try (. + {}) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([[\"nested\",{\"deep\":[1,2,3...]) and object ({}) cannot be added"
try (. - []) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => [["nested",{"deep":[1,2,3]}],"and a long tail here"]
try (. * .) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([[\"nested\",{\"deep\":[1,2,3...]) and array ([[\"nested\",{\"deep\":[1,2,3...]) cannot be multiplied"
try (. / .) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([[\"nested\",{\"deep\":[1,2,3...]) and array ([[\"nested\",{\"deep\":[1,2,3...]) cannot be divided"
try (.[0]?) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => ["nested",{"deep":[1,2,3]}]
try (ltrimstr("x")) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "startswith() requires string inputs"
try (.[{}]) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Array/string slice indices must be integers"
try (.["a"]) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Cannot index array with string (\"a\")"
try (has(.)) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Cannot check whether array has a array key"
try (setpath(.; 1)) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Cannot update field at array index of array"
try (delpaths(.)) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Path must be specified as array, not string"
try (indices(.)) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => [0]
try (min_by(.a)) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "Cannot index array with string (\"a\")"
try (splits("x")) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "array ([[\"nested\",{\"deep\":[1,2,3...]) cannot be matched, as it is not a string"
try (split("a")) catch .
  [["nested",{"deep":[1,2,3]}],"and a long tail here"] => "split input and separator must be strings"
`,
);
