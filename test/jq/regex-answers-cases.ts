/** Programs and what jq 1.8.2 answers. */
export const CASES: readonly (readonly [program: string, outputs: readonly unknown[]])[] = [
  [String.raw`"a"|try test("(") catch .`, ["Regex failure: end pattern with unmatched parenthesis"]],
  [String.raw`"a"|try test("a**b[") catch .`, ["Regex failure: premature end of char-class"]],
  [String.raw`"a"|try test("(?<n>a)(?<n>b)\\k<m>") catch .`, ["Regex failure: undefined name <m> reference"]],
  [String.raw`"ab"|try test("\\p{Foo}") catch .`, ["Regex failure: invalid character property name {Foo}"]],
  [
    String.raw`"a"|try test("a{2,1}") catch .`,
    ["Regex failure: upper is smaller than lower in repeat range"],
  ],
  [String.raw`"aab"|try test("(?<=a+)b") catch .`, [true]],
  [String.raw`"a"|try test("*a") catch .`, ["Regex failure: target of repeat operator is not specified"]],
  [String.raw`"a"|try test("[b-a]") catch .`, ["Regex failure: empty range in char class"]],
  [String.raw`"a"|try test("\\") catch .`, ["Regex failure: end pattern at escape"]],
  [String.raw`"a"|try test("(?z)") catch .`, ["Regex failure: undefined group option"]],
  [String.raw`"a"|try test(")") catch .`, ["Regex failure: unmatched close parenthesis"]],
  [String.raw`"aaa"|[match("a++";"g").string]`, [["aaa"]]],
  [String.raw`"hh"|test("\\h")`, [true]],
  [String.raw`"b"|[match("[a-z&&[^aeiou]]")]`, [[]]],
  [String.raw`"é😀"|[match("";"g").offset]`, [[0, 1, 1, 2, 2, 2, 2]]],
  [String.raw`"aéb"|gsub("";"-")`, ["-a-é--b-"]],
  [String.raw`"ab"|gsub("^";"x"), gsub("$";"x"), gsub("\\b";"|")`, ["xab", "abx", "|ab|"]],
  [String.raw`"a"|try test("a{100001}") catch .`, ["Regex failure: too big number for repeat range"]],
  [String.raw`"aXbX"|[match("(?i)x";"g").offset]`, [[1, 3]]],
  [String.raw`"foo\nbar"|[match("(?m)^bar$")|.offset]`, [[4]]],
  [
    String.raw`"foo\nbar"|test("(?s)o.b"), test("(?m)o.b"), test("o.b";"s"), test("o.b";"p"),test("o$"), test("(?m)o$"), test("r$";"s")`,
    [true, false, false, true, false, true, true],
  ],
  [String.raw`"a\n"|test("a$"), test("a\\z"), test("a\\Z")`, [true, false, true]],
  [String.raw`"x"|try test("(?(1)a|b)") catch .`, ["Regex failure: invalid backref number/name"]],
  [
    String.raw`"aa"|test("(?<x>a)\\k<x>"), test("(a)\\1"), (try test("(?<x>a)\\1") catch .)`,
    [true, true, true],
  ],
  [String.raw`"a{,3}"|test("^a{,3}$"), test("^a\\{,3\\}$")`, [true, true]],
  [String.raw`"a"|try test("(?<a") catch .`, ["Regex failure: invalid group name <a>"]],
  [String.raw`"ab"|try test("\\g<1>(a)") catch .`, [false]],
  [String.raw`"aba"|try test("(?<x>a)b\\g<x>") catch .`, [true]],
  [String.raw`"A"|test("[[:upper:]]"), test("[[:lower:]]")`, [true, false]],
  [String.raw`"a]"|test("[]a]+")`, [true]],
  [String.raw`"a"|try test("[a") catch .`, ["Regex failure: premature end of char-class"]],
  [String.raw`"a"|try test("[]") catch .`, ["Regex failure: empty char-class"]],
  [
    String.raw`"\t"|test("\\x09"), test("\\t"), test("\\x{9}"), test("\\011"), test("\\cI")`,
    [true, true, true, true, true],
  ],
  [String.raw`"a.b"|test("\\Qa.b\\E")`, [true]],
  [
    String.raw`"b"|[match("(a*)*";"g")]`,
    [
      [
        { offset: 0, length: 0, string: "", captures: [{ offset: 0, string: "", length: 0, name: null }] },
        { offset: 1, length: 0, string: "", captures: [{ offset: 1, string: "", length: 0, name: null }] },
      ],
    ],
  ],
  [
    String.raw`"aab"|[match("(a*)*b";"g")]`,
    [[{ offset: 0, length: 3, string: "aab", captures: [{ offset: 2, string: "", length: 0, name: null }] }]],
  ],
  [
    String.raw`"aab"|[match("(a|b)*";"g")]`,
    [
      [
        {
          offset: 0,
          length: 3,
          string: "aab",
          captures: [{ offset: 2, length: 1, string: "b", name: null }],
        },
        { offset: 3, length: 0, string: "", captures: [{ offset: -1, string: null, length: 0, name: null }] },
      ],
    ],
  ],
  [
    String.raw`"abab"|[match("(ab?)*?b";"g")]`,
    [
      [
        {
          offset: 0,
          length: 4,
          string: "abab",
          captures: [{ offset: 2, length: 1, string: "a", name: null }],
        },
      ],
    ],
  ],
  [
    String.raw`"xay"|[match("(?=(a))a";"g")]`,
    [[{ offset: 1, length: 1, string: "a", captures: [{ offset: 1, length: 1, string: "a", name: null }] }]],
  ],
  [String.raw`"xay"|[match("(?<!x)a|y";"g")]`, [[{ offset: 2, length: 1, string: "y", captures: [] }]]],
  [String.raw`"xay"|[match("(?<=x)a";"g")]`, [[{ offset: 1, length: 1, string: "a", captures: [] }]]],
  [String.raw`"foobar"|[match("(?>fo+)bar")]`, [[{ offset: 0, length: 6, string: "foobar", captures: [] }]]],
  [String.raw`"fooo"|[match("(?>o+)o";"g")]`, [[]]],
  [String.raw`"((a)(b))"|[match("\\((?:[^()]|\\g<0>)*\\)";"g").string]`, [["((a)(b))"]]],
  [
    String.raw`"aA"|[match("(a)\\1";"i")]`,
    [[{ offset: 0, length: 2, string: "aA", captures: [{ offset: 0, length: 1, string: "a", name: null }] }]],
  ],
  [
    String.raw`"abc"|[match("(?<n>.)(?<n>.)")]`,
    [
      [
        {
          offset: 0,
          length: 2,
          string: "ab",
          captures: [
            { offset: 0, length: 1, string: "a", name: "n" },
            { offset: 1, length: 1, string: "b", name: "n" },
          ],
        },
      ],
    ],
  ],
  [
    String.raw`"abc"|[match("a(x)?(?(1)y|b)")]`,
    [
      [
        {
          offset: 0,
          length: 2,
          string: "ab",
          captures: [{ offset: -1, string: null, length: 0, name: null }],
        },
      ],
    ],
  ],
  [
    String.raw`"axy"|[match("a(x)?(?(1)y|b)")]`,
    [
      [
        {
          offset: 0,
          length: 3,
          string: "axy",
          captures: [{ offset: 1, length: 1, string: "x", name: null }],
        },
      ],
    ],
  ],
  [String.raw`"foobar"|[match("foo\\Kbar")]`, [[{ offset: 3, length: 3, string: "bar", captures: [] }]]],
  [
    String.raw`"a\r\nb\n"|[match("\\R";"g")|[.offset,.length]]`,
    [
      [
        [1, 2],
        [4, 1],
      ],
    ],
  ],
  [
    String.raw`"aaa"|[match("a{2}";"g").offset],[match("a{2,}?";"g").length],[match("a{0}";"g").offset]`,
    [[0], [2], [0, 1, 2, 3]],
  ],
  [
    String.raw`"aaaa"|[match("(a{1,2}){2}")]`,
    [
      [
        {
          offset: 0,
          length: 4,
          string: "aaaa",
          captures: [{ offset: 2, length: 2, string: "aa", name: null }],
        },
      ],
    ],
  ],
  [
    String.raw`"ab12_é"|[match("\\w+";"g").string],[match("\\d+";"g").string],[match("\\W";"g").string]`,
    [["ab12_é"], ["12"], []],
  ],
  [
    String.raw`"a b\tc"|[match("\\s";"g").offset],[match("\\S+";"g").string]`,
    [
      [1, 3],
      ["a", "b", "c"],
    ],
  ],
  [String.raw`"ÀÉ"|test("àé";"i"),[match("[à-é]";"gi").string]`, [true, ["À", "É"]]],
  [String.raw`"a#b"|test("a #c\n#b";"x"),test("a\\#b";"x")`, [true, true]],
  [String.raw`"ab"|[match("a|ab";"l").string],[match("a|ab").string]`, [["ab"], ["a"]]],
  [String.raw`"ab"|[match("x*";"gn").string],[match("b*";"gn").string]`, [[], ["b"]]],
  [String.raw`"abc"|try test("a";"gq") catch .`, ["gq is not a valid modifier string"]],
  [String.raw`"abc"|[match("B";"ig").offset],[match(["B","i"]).offset]`, [[1], [1]]],
  [
    String.raw`"foo.bar"|split("\\.";null),[splits("o")],ascii_downcase,sub("(?<x>o)";"\(.x)!"),gsub("(?<x>[a-z])";"<\(.x)>")`,
    [["foo", "bar"], ["f", "", ".bar"], "foo.bar", "fo!o.bar", "<f><o><o>.<b><a><r>"],
  ],
  [
    String.raw`"test 123 abc"|[scan("[a-z]+")],[scan("([a-z])([a-z])")],capture("(?<a>[a-z]+) (?<n>\\d+)")`,
    [
      ["test", "abc"],
      [
        ["t", "e"],
        ["s", "t"],
        ["a", "b"],
      ],
      { a: "test", n: "123" },
    ],
  ],
  [String.raw`"aXbxc"|ascii_downcase|[splits("x")]`, [["a", "b", "c"]]],
  [
    String.raw`"日本語"|[match(".";"g")|[.offset,.length,.string]],[match("本").offset]`,
    [
      [
        [0, 1, "日"],
        [1, 1, "本"],
        [2, 1, "語"],
      ],
      [1],
    ],
  ],
  [
    String.raw`"😀a😀"|[match("a")|[.offset,.length]],[match("[😀]";"g").offset],[match("\\x{1F600}";"g").offset]`,
    [[[1, 1]], [0, 2], [0, 2]],
  ],
  [
    String.raw`"a-b"|[match("[a\\-z]";"g").string],[match("[-a]";"g").string],[match("[a-]";"g").string]`,
    [
      ["a", "-"],
      ["a", "-"],
      ["a", "-"],
    ],
  ],
  [
    String.raw`"a]b[c"|[match("[\\]\\[]";"g").string],[match("[^\\]]+";"g").string]`,
    [
      ["]", "["],
      ["a", "b[c"],
    ],
  ],
  [
    String.raw`"tEST"|test("(?i:t)est"),test("(?i)test"),test("t(?i)est"),test("(?-i)test";"i")`,
    [false, true, true, false],
  ],
  [
    String.raw`"ab"|[match("(?:)";"g").offset],[match("a|";"g")|[.offset,.length]],[match("|a";"g")|[.offset,.length]]`,
    [
      [0, 1, 2],
      [
        [0, 1],
        [1, 0],
        [2, 0],
      ],
      [
        [0, 0],
        [1, 0],
        [2, 0],
      ],
    ],
  ],
  [
    String.raw`"aaab"|[match("a*?b")|.string],[match("a+?")|.string],[match("a??b").string]`,
    [["aaab"], ["a"], ["ab"]],
  ],
  [String.raw`"abc"|[match("(?#comment)b").offset],[match("b(?#x)c").string]`, [[1], ["bc"]]],
  [
    String.raw`"line1\nline2\n"|[match("(?m)^.*$";"g").string],[match("^.*$";"g").string],[match(".*";"g").string]`,
    [["line1", "line2"], [], ["line1", "", "line2", "", ""]],
  ],
  [
    String.raw`"x\n"|[match("(?m)$";"g").offset],[match("$";"g").offset],[match("(?m)^";"g").offset]`,
    [[1, 2], [1, 2], [0]],
  ],
  [String.raw`"ab\ncd"|[match("\\Acd|\\Aab";"g").string],[match("d\\z").offset]`, [["ab"], [4]]],
  [
    String.raw`"abab"|[match("\\Gab";"g").offset],[match("\\G.";"g").string]`,
    [
      [0, 2],
      ["a", "b", "a", "b"],
    ],
  ],
  [String.raw`"\u0041\u030a"|[match("\\X";"g").string]`, [["Å"]]],
  [
    String.raw`"é"|test("\\p{L}"),test("\\p{Lu}"),test("\\P{L}"),test("\\p{^L}"),test("\\p{Latin}"),test("\\p{Greek}"),test("\\p{Alnum}"),test("\\p{alpha}")`,
    [true, false, false, false, true, false, true, true],
  ],
  [
    String.raw`"a1_"|[match("[[:alnum:]]+").string],[match("[[:^alnum:]]").string],[match("[[:word:]]+").string],[match("[[:punct:]]").string]`,
    [["a1"], ["_"], ["a1_"], ["_"]],
  ],
  [
    String.raw`"abcabc"|[match("(a)(b)?(c)";"g").captures|map(.string)]`,
    [
      [
        ["a", "b", "c"],
        ["a", "b", "c"],
      ],
    ],
  ],
  [String.raw`"aaa"|[match("(?:a(?=b)|aa)a").string]`, [["aaa"]]],
  [
    String.raw`"foo bar"|[match("\\bb").offset],[match("o\\b").offset],[match("\\B.";"g").string]`,
    [[4], [2], ["o", "o", "a", "r"]],
  ],
  [
    String.raw`"aXXb"|[match("X{1,}";"g").string],[match("X{1}";"g").string],[match("{";"g").string]`,
    [["XX"], ["X", "X"], []],
  ],
  [String.raw`"a{1"|test("a{1"),test("a{"),test("a{x}")`, [true, true, false]],
  [String.raw`"(a)"|test("\\(a\\)"),test("[(]a[)]")`, [true, true]],
  [
    String.raw`"aBc"|[match("[[:upper:]]";"gi").string],[match("[A-C]";"gi").string],[match("[^a-b]";"gi").string]`,
    [["a", "B", "c"], ["a", "B", "c"], ["c"]],
  ],
  [String.raw`"\\"|test("\\\\"),test("[\\\\]")`, [true, true]],
  [String.raw`"a\\d"|[match("\\\\d").offset]`, [[1]]],
  [
    String.raw`""|[match("";"g")],[match("^$")],test("a*"),[match("(a)?";"g")]`,
    [
      [{ offset: 0, length: 0, string: "", captures: [] }],
      [{ offset: 0, length: 0, string: "", captures: [] }],
      true,
      [{ offset: 0, length: 0, string: "", captures: [{ offset: -1, string: null, length: 0, name: null }] }],
    ],
  ],
  [
    String.raw`"ab"|try test("(?<1>a)") catch ., try test("(?<>a)") catch ., try test("(?P<n>a)") catch .`,
    [
      "Regex failure: invalid group name <1>",
      "Regex failure: group name is empty",
      "Regex failure: undefined group option",
    ],
  ],
  [
    String.raw`"a"|try test("a{3}{2}") catch ., try test("a{1,2}?") catch ., try test("a?+") catch .`,
    [false, true, true],
  ],
  [String.raw`"k"|test("\u212a";"i"),test("K";"i")`, [true, true]],
  [String.raw`"ς"|test("σ";"i"),test("Σ";"i")`, [true, true]],
  [
    String.raw`"aé"|[match("é|$";"g").offset],[match("(?=é)";"g").offset],[match("x?";"g").offset]`,
    [[1, 2], [1], [0, 1, 2, 2]],
  ],
  [
    String.raw`"ab,cd"|[splits(", *"; null)], [split(", *"; "g")], sub(",";"x";"g"), [sub("(?<a>b)";"1\(.a)","2\(.a)")]`,
    [["ab", "cd"], [["ab", "cd"]], "abxcd", ["a1b,cd", "a2b,cd"]],
  ],
  [
    String.raw`"abc" | [match("(?<x>b)|(?<y>c)"; "g") | .captures | map({name, string})]`,
    [
      [
        [
          { name: "x", string: "b" },
          { name: "y", string: null },
        ],
        [
          { name: "x", string: null },
          { name: "y", string: "c" },
        ],
      ],
    ],
  ],
  [String.raw`"abcABC"|gsub("[ac]";"";"i"), gsub("";"!";"n")`, ["bB", "abcABC"]],
  [
    String.raw`"aab"|[match("(?<!a)a").offset],[match("(?!a)b").offset],[match("a(?!a)").offset]`,
    [[0], [2], [1]],
  ],
  [
    String.raw`"x"|try test("[z-\\d]") catch ., try test("[\\d-z]") catch .`,
    ["Regex failure: char-class value at end of range", false],
  ],
];
