import { table } from "../support/table.ts";

export const regex = table(
  "Regular expressions",
  String.raw`
test("b+")
  "abbc" => true
  "ac" => false
test("B"; "i"), test(["B", "i"]), test(["B"])
  "abc" => true true false
test("a"; null)
  "a" => true
test("(")
  "a" => !"Regex failure: end pattern with unmatched parenthesis"
test("a"; "q")
  "a" => !"q is not a valid modifier string"
test("a"; 1)
  "a" => !"number (1) is not a string"
test(1)
  "a" => !"number not a string or array"
test("a")
  1 => !"number (1) cannot be matched, as it is not a string"
  null => !"null (null) cannot be matched, as it is not a string"
test([])
  "a" => !"array not a string or array"
test({})
  "a" => !"object not a string or array"
match("b(c)?")
  "abcab" => {"offset":1,"length":2,"string":"bc","captures":[{"offset":2,"length":1,"string":"c","name":null}]}
[match("b(c)?"; "g")]
  "abcab" => [{"offset":1,"length":2,"string":"bc","captures":[{"offset":2,"length":1,"string":"c","name":null}]},{"offset":4,"length":1,"string":"b","captures":[{"offset":-1,"string":null,"length":0,"name":null}]}]
match(["A", "ig"]) | .offset
  "xaA" => 1 2
[match(""; "g").offset]
  "ab" => [0,1,2]
  "" => [0]
  "é😀" => [0,1,1,2,2,2,2]
[match("a*"; "g") | [.offset, .length]]
  "baac" => [[0,0],[1,2],[3,0],[4,0]]
[match("x*?"; "g").offset]
  "xx" => [0,1,2]
match("(?<word>[a-z]+) (?<num>\\d+)")
  "item 42" => {"offset":0,"length":7,"string":"item 42","captures":[{"offset":0,"length":4,"string":"item","name":"word"},{"offset":5,"length":2,"string":"42","name":"num"}]}
[match("(a)|(b)"; "g").captures | map(.string)]
  "ab" => [["a",null],[null,"b"]]
match("é(.)") | .offset, .length, .captures[0].offset
  "aé😀b" => 1 2 2
match("(?<n>x)?y").captures
  "y" => [{"offset":-1,"string":null,"length":0,"name":"n"}]
match("(x)?y").captures
  "y" => [{"offset":-1,"string":null,"length":0,"name":null}]
match("(x*)y").captures
  "y" => [{"offset":0,"string":"","length":0,"name":null}]
capture("(?<y>\\d{4})-(?<m>\\d\\d)")
  "on 2024-05-06" => {"y":"2024","m":"05"}
  "none" =>
[capture("(?<l>[a-z])(?<d>\\d)?"; "g")]
  "a1b" => [{"l":"a","d":"1"},{"l":"b","d":null}]
capture(["(?<x>A)", "i"])
  "a" => {"x":"a"}
capture("(a)(?<b>b)")
  "ab" => {"b":"b"}
[scan("[a-z]")], [scan("([a-z])(\\d)")], [scan("A"; "i")]
  "a1 b2" => ["a","b"] [["a","1"],["b","2"]] ["a"]
[scan(["[a-z]", "i"])]
  "aB" => !"array ([\"[a-z]\",\"i\"]) is not a string"
[scan("")]
  "ab" => ["","",""]
split(",\\s*"; null), split("B"; "i")
  "a, b,c" => ["a","b","c"] ["a, ",",c"]
split("(a)"; "g")
  "xay" => ["x","y"]
[splits("\\s+")], [splits("X"; "i")]
  "a  b xc" => ["a","b","xc"] ["a  b ","c"]
[splits("\\d"; null)]
  "a1b2c" => ["a","b","c"]
sub("b"; "X"), gsub("b"; "X"), gsub("B"; "X"; "i"), sub("B"; "X"; "gi")
  "abcb" => "aXcb" "aXcX" "aXcX" "aXcX"
sub("(?<a>.)(?<b>.)"; "\(.b)\(.a)")
  "xyz" => "yxz"
gsub("(?<d>\\d)"; "<\(.d)>")
  "a1b22" => "a<1>b<2><2>"
gsub(""; "-")
  "ab" => "-a-b-"
  "" => "-"
gsub("^"; ">"), gsub("$"; "<")
  "ab\ncd" => ">ab\ncd" "ab\ncd<"
gsub("a"; "b", "c")
  "aa" => "bb" "cc"
[sub("(?<x>a)"; "1", "2\(.x)")]
  "ab" => ["1b","2ab"]
gsub("(?<x>[aeiou])"; .x | ascii_upcase)
  "queue" => "qUEUE"
gsub("\\s+"; " ")
  "a \n\t b" => "a b"
gsub("(?<x>a)|b"; "[\(.x)]")
  "ab" => "[a][null]"
sub("a"; empty)
  "abc" => "abc"
sub("a"; 1)
  "abc" => !"string (\"\") and number (1) cannot be added"
sub("z"; 1)
  "abc" => "abc"
gsub("é"; "e")
  "éaé😀é" => "eae😀e"
gsub("😀"; ":)")
  "a😀b😀" => "a:)b:)"
[match("."; "g").string]
  "a😀é" => ["a","😀","é"]
test("^.$")
  "😀" => true
[match("a\\nb").length]
  "a\nb" => [3]
test("a.b"), test("a.b"; "s"), test("(?m)a.b"), test("a.b"; "p")
  "a\nb" => false false false true
[match("^b"; "g").offset], [match("a$"; "g").offset], [match("^b"; "gs").offset]
  "a\nb" => [] [] []
test("a b"; "x"), test("ab # note"; "x")
  "ab" => true true
match("a|ab"; "l").string, match("a|ab").string
  "ab" => "ab" "a"
[match(""; "gn")] | length
  "ab" => 0
[match("a*"; "gn").string]
  "baa" => ["aa"]
test("\\bfoo\\b"), test("\\Afoo"), test("foo\\z"), test("foo\\Z")
  "foo" => true true true true
  "foo\n" => true true false true
  "afoo" => false false true true
test("\\p{Lu}"), test("\\p{L}+$"), test("[[:alpha:]]"), test("\\h")
  "É" => true true true false
  "9" => false false false false
  "a" => false true true false
test("^\\w+$"), test("^\\d+$"), test("^\\s$")
  "é" => true false false
  "١" => true true false
  "\u00a0" => false false true
  "_" => true false false
test("(a)\\1"), test("(?<x>a)\\k<x>")
  "aa" => true true
  "ab" => false false
test("a(?=b)"), test("a(?!b)"), test("(?<=a)b"), test("(?<!a)b")
  "ab" => true false true false
  "ac" => false true false false
[match("(?<=é)b"; "g").offset]
  "éb" => [1]
match("a{2,3}").string, match("a{2,3}?").string, match("a{,2}").string, match("a++").string
  "aaaa" => "aaa" "aa" "aaaa"
test("a{,2}b")
  "ab" => false
match("(?>a+)b").string
  "aab" => "aab"
test("(?>a+)ab")
  "aaab" => false
test("(?i)AB"), test("(?i:A)b"), test("a(?i)B")
  "ab" => true true true
test("[^\\n]"), test("[a-c&&b]"), test("[a&&b]"), test("[\\]]")
  "b" => true true true false
match("\\x{1F600}")?
  "😀" => {"offset":0,"length":1,"string":"😀","captures":[]}
test("\\x41"), test("\\t"), test("\\."), test("\\/")
  "A\t./" => true true true true
[scan("\\X")] | length
  "éa" => 2
[scan("c\\R")] | length
  "c\r\nc\n" => 2
test("ß"; "i"), test("SS"; "i")
  "ß" => true true
test("["), 1
  "a" => !"Regex failure: premature end of char-class"
test("*a")
  "a" => !"Regex failure: target of repeat operator is not specified"
test("a**")
  "aa" => true
test("(?<n>a")
  "a" => !"Regex failure: end pattern with unmatched parenthesis"
test("\\")
  "a" => !"Regex failure: end pattern at escape"
test("a{1")
  "a{1" => true
test("]")
  "]" => true
test("\\k<zz>")
  "a" => !"Regex failure: undefined name <zz> reference"
match("(?<x>a)(?<x>b)").captures | map(.name)
  "ab" => ["x","x"]
capture("(?<x>a)|(?<x>b)")
  "b" => {"x":"b"}
[.[] | select(test("^v?\\d+\\.\\d+"))]
  ["v1.2","1.0.3","x","2"] => ["v1.2","1.0.3"]
[match("(a(b)?)+").captures[].string]
  "aba" => ["a","b"]
[match("(?:ab)+"; "g").string]
  "ababxab" => ["abab","ab"]
match("$").offset
  "abc" => 3
sub("(?<rest>.*)"; "\(.rest | length)")
  "abc" => "3"
sub("$"; "!")
  "abc" => "abc!"
gsub("\\p{Punct}"; "")
  "a.b-c!" => "abc"
[limit(1; match("a"; "g"))] | length
  "aaa" => 1
ascii_downcase | gsub("[^a-z0-9]+"; "-") | gsub("^-|-$"; "")
  "Hello, World! 2024" => "hello-world-2024"
gsub("(?<a>[A-Z])"; "_\(.a | ascii_downcase)")
  "camelCaseName" => "camel_case_name"
splits("a"; "q")
  "a" => !"qg is not a valid modifier string"
`,
);
