import type { FunctionDefinition } from "../../ast.ts";
import { parseProgram } from "../../syntax/parse.ts";

/**
 * Builtins that are written in jq. What they do is laid down by jq 1.8's manual; those that have a faster form too
 * (fast.ts) are run from here while a path is followed, and where the faster form does not apply.
 */
const TEXTS: readonly string[] = [
  "def error(message): message | error;",
  "def select(f): if f then . else empty end;",
  "def map(f): [.[] | f];",
  "def map_values(f): .[] |= f;",
  "def values: select(. != null);",
  "def nulls: select(. == null);",
  `def booleans: select(type == "boolean");`,
  `def numbers: select(type == "number");`,
  `def strings: select(type == "string");`,
  `def arrays: select(type == "array");`,
  `def objects: select(type == "object");`,
  `def iterables: select(type | . == "array" or . == "object");`,
  `def scalars: select(type | . != "array" and . != "object");`,
  "def finites: select(isfinite);",
  "def normals: select(isnormal);",

  "def first: .[0];",
  "def last: .[-1];",
  "def nth($n): .[$n];",
  "def first(f): _first(f);",
  "def last(f): _last(f);",
  `def limit($n; f):
    if $n > 0 then _limit($n; f)
    elif $n == 0 then empty
    else error("limit doesn't support negative count") end;`,
  `def skip($n; f):
    if $n > 0 then foreach f as $x ($n; . - 1; if . < 0 then $x else empty end)
    elif $n == 0 then f
    else error("skip doesn't support negative count") end;`,
  `def nth($n; f):
    if $n < 0 then error("nth doesn't support negative indices")
    else first(skip($n; f)) end;`,
  "def until(stop; next): def loop: if stop then . else (next | loop) end; loop;",
  "def while(go; next): def loop: if go then ., (next | loop) else empty end; loop;",
  "def repeat(f): def loop: f, loop; loop;",
  "def range($to): range(0; $to);",
  `def range($from; $to; $by):
    if $by > 0 then $from | while(. < $to; . + $by)
    elif $by < 0 then $from | while(. > $to; . + $by)
    else empty end;`,
  "def recurse: recurse(.[]?);",
  "def recurse(f): def deeper: ., (f | deeper); deeper;",
  "def recurse(f; go): def deeper: ., (f | select(go) | deeper); deeper;",
  "def isempty(f): first((f | false), true);",
  "def any(f; condition): isempty(f | condition or empty) | not;",
  "def all(f; condition): isempty(f | condition and empty);",
  "def any(condition): any(.[]; condition);",
  "def all(condition): all(.[]; condition);",
  "def add(f): reduce f as $x (null; . + $x);",
  "def inputs: input;",
  "def debug(messages): (messages | debug | empty), .;",

  "def sort_by(f): _sort_by_impl(map([f]));",
  "def group_by(f): _group_by_impl(map([f]));",
  "def unique_by(f): _unique_by_impl(map([f]));",
  "def min_by(f): _min_by_impl(map([f]));",
  "def max_by(f): _max_by_impl(map([f]));",
  "def with_entries(f): to_entries | map(f) | from_entries;",
  `def walk(f):
    def deep: if type == "object" then map_values(deep) elif type == "array" then map(deep) else . end | f;
    deep;`,
  `def combinations:
    if length == 0 then []
    else .[0][] as $x | (.[1:] | combinations) as $rest | [$x] + $rest end;`,
  "def combinations(n): . as $all | [range(n) | $all] | combinations;",

  "def paths: path(recurse) | select(length > 0);",
  "def paths(condition): path(recurse | select(condition)) | select(length > 0);",
  "def leaf_paths: paths(scalars);",
  "def del(f): delpaths([path(f)]);",
  `def pick(f): . as $all | reduce path(f) as $path (null; setpath($path; $all | getpath($path)));`,
  `def tostream: path(def inside: (.[]? | inside), .; inside) as $path
    | getpath($path) | reduce path(.[]?) as $last ([$path, .]; [$path + $last]);`,
  `def fromstream(f): {x: null, e: false} as $none
    | foreach f as $event ($none;
        (if .e then $none else . end)
        | if $event | length == 2
          then setpath(["e"]; $event[0] | length == 0) | setpath(["x"] + $event[0]; $event[1])
          else setpath(["e"]; $event[0] | length == 1) end;
        if .e then .x else empty end);`,
  `def truncate_stream(f):
    . as $depth | null | f | . as $event
    | if (.[0] | length) > $depth then setpath([0]; $event[0][$depth:]) else empty end;`,
  "def truncate_stream(depth; f): depth | truncate_stream(f);",

  `def match($what): _regex_arguments($what) as [$re, $flags] | match($re; $flags);`,
  "def match(re; flags): _match_impl(re; flags; false)[];",
  `def test($what): _regex_arguments($what) as [$re, $flags] | test($re; $flags);`,
  "def test(re; flags): _match_impl(re; flags; true);",
  `def capture($what): _regex_arguments($what) as [$re, $flags] | capture($re; $flags);`,
  "def capture(re; flags): _capture_all(re; flags)[];",
  "def scan($re): scan($re; null);",
  "def scan($re; $flags): _scan_all($re; $flags)[];",
  "def splits($re): splits($re; null);",
  "def splits($re; $flags): split($re; $flags)[];",
  `def split($re; $flags): . as $text | [match($re; $flags + "g")] | _between($text);`,
  `def sub($re; replacement): sub($re; replacement; "");`,
  `def sub($re; replacement; $flags): . as $text | _match_impl($re; $flags; false) as $matches
    | if $matches | length == 0 then $text
      else $text | _replaced($matches; [$matches[] | _captures | [replacement]])[] end;`,
  `def gsub($re; replacement): sub($re; replacement; "g");`,
  `def gsub($re; replacement; $flags): sub($re; replacement; $flags + "g");`,

  "def date: todate;",
  "def dateadd(unit; n): . + n;",
  "def datesub(unit; n): . - n;",

  "def INDEX(f; key): reduce f as $row ({}; .[$row | key | tostring] = $row);",
  "def INDEX(key): INDEX(.[]; key);",
  "def JOIN($index; key): [.[] | [., $index[key]]];",
  "def JOIN($index; f; key): f | [., $index[key]];",
  "def JOIN($index; f; key; joined): f | [., $index[key]] | joined;",
  "def IN(f): any(f == .; .);",
  "def IN(source; f): any(source == f; .);",
];

const HEAD = /^def ([A-Za-z_]+)(?:\(([^)]*)\))?:/;

/** The texts by "name/arity". */
const byKey = new Map(
  TEXTS.map((text) => {
    const [, name = "", params] = HEAD.exec(text) ?? [];
    return [`${name}/${params === undefined ? 0 : params.split(";").length}`, text];
  }),
);

const parsed = new Map<string, FunctionDefinition>();

/** The definition of a builtin that is written in jq; parsed when it is first asked for. */
export function definitionOf(key: string): FunctionDefinition | null {
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const text = byKey.get(key);
  if (text === undefined) return null;
  const node = parseProgram(`${text} .`);
  if (node.kind !== "define") return null;
  parsed.set(key, node.definition);
  return node.definition;
}

/** "name/arity" of all of them. */
export const definedInJq = (): string[] => [...byKey.keys()];
