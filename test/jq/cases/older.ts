/** Programs of the table for which jq-web (jq between 1.6 and 1.7) gives something else than jq 1.8.2, by what changed. */
export interface Change {
  readonly change: string;
  /** A jq 1.8 binary gives something else too, when it is asked as the tests do. */
  readonly lasting?: true;
  readonly programs: readonly string[];
}

/** `⏎` stands for a line break in a program. */
const lines = (text: string): string[] =>
  text
    .trim()
    .split("\n")
    .map((line) => line.replaceAll("⏎", "\n"));

/** It never ends there. */
export const NEVER_ENDS = "del(.[nan])";

export const OLDER: readonly Change[] = [
  {
    change: "literals kept their digits, here numbers are doubles",
    lasting: true,
    programs: lines(String.raw`
9007199254740993 == 9007199254740992
tojson
[.[] | tojson]
@csv
3 | tostring, (3.0 | tostring), (1e2 | tostring), (-0 | tostring)
1e-7 | tostring, tojson, "\(.)"
[.[] | tostring]
"\(1e1000)", (1e1000 | tojson)
`),
  },
  {
    change: "$__loc__ tells the line in the batch of programs",
    lasting: true,
    programs: lines(String.raw`
{$__loc__}
$__loc__.line
1 |⏎$__loc__ | .line
1 as $x | 2 as $y | [$x, $y, $__loc__.line]
[$__loc__, {a: $__loc__.file}]
`),
  },
  {
    change: "binding and object values take whole expressions",
    programs: lines(String.raw`
{a: 1 + 2, b: false or true, c: null // 3}
{a: 1 | . + 1}
{a: reduce (1, 2) as $x (0; . + $x), b: if true then 1 else 2 end}
1 + 2 as $x | -$x
-1 as $x | 1, $x
1 | . + 2 as $x | -$x
`),
  },
  {
    change: "new builtins",
    programs: lines(String.raw`
add(.[].n)
add(empty)
toboolean
[limit(3; .[])], [first(.[])], [last(.[])], [nth(2; .[])], [skip(3; .[])]
[path(skip(1; .[]))]
ltrimstr("ab"), rtrimstr("bc"), trimstr("a")
ltrimstr(""), rtrimstr(""), trimstr("")
trim, ltrim, rtrim
trim
ltrim
rtrim
@urid
@uri | @urid
[skip(2; range(5))], [skip(0; 1, 2)], [skip(9; 1)], [skip(1, 2; 1, 2, 3)]
skip(-1; 1)
trimstr("a")
try skip(-1; 1) catch .
[.[] | trim, ltrim, rtrim]
add(.[])
try (toboolean) catch .
try (trim) catch .
`),
  },
  {
    change: "reworded error texts, bsearch and unique in C",
    programs: lines(String.raw`
bsearch(1)
splits("a"; "q")
try (bsearch(1)) catch .
try (splits("a"; .)) catch .
`),
  },
  {
    change: "numbers without a JSON parser around them",
    programs: lines(String.raw`
tonumber
`),
  },
  {
    change: "offsets by code point",
    programs: lines(String.raw`
index("ñ"), index("b"), rindex("b")
index("b"), .[2:3], length
indices("😀")
rindex("x"), index("x")
index("c"), indices("c"), rindex("c")
`),
  },
  {
    change: "what is not a number in JSON",
    programs: lines(String.raw`
fromjson
`),
  },
  {
    change: "only strings can be trimmed",
    programs: lines(String.raw`
ltrimstr("a")?, "next"
ltrimstr(1)
ltrimstr("a")
rtrimstr("a")
[.[] | ltrimstr("v")?]
ltrimstr(null)
try (ltrimstr("a")) catch .
try (ltrimstr("x")) catch .
`),
  },
  {
    change: "dates: its C library (musl) and the checks of 1.8",
    programs: lines(String.raw`
todate, gmtime, (gmtime | mktime)
strptime("%s") | mktime
strptime("%j %Y")
strptime("%I:%M %p") | .[3:5]
strptime("%e %n%H")
strptime("%Y")
mktime
gmtime
strftime("%Z %z"), strftime("%s")
strftime("%k|%l|%P|%E|%5Y|%-d|%_d|%^a")
strftime(""), strftime("plain")
strftime(1)
strftime("%Y")
strftime("%Y-%m-%d")
[localtime] == [gmtime], strflocaltime("%H:%M %Z %z")
strflocaltime(1)
strptime("%G-W%V-%u")?
strptime("%Y %U %w")?
strptime("%H:%M:%S") | mktime
todate
`),
  },
  {
    change: "its C library has no gamma, and another frexp",
    programs: lines(String.raw`
gamma, lgamma, lgamma_r, tgamma | [.] | flatten | map(. * 1e9 | round)
[infinite | modf, frexp]
`),
  },
  {
    change: "negative counts are errors",
    programs: lines(String.raw`
limit(-1; 1)
try limit(-1; 1, 2) catch .
`),
  },
  {
    change: "last of nothing",
    programs: lines(String.raw`
[first(range(5; 10))], [first(empty)], [last(range(5))], [last(empty)], [nth(3; range(10))], [nth(5; 1, 2)], [nth(0, 2; range(5))]
[last(empty)]
`),
  },
];
