import { table } from "../support/table.ts";

/**
 * What jq 1.8.2 does not have, or has for a command line only: builtins of other versions and of jq's kin that mappings use, and
 * what stands in for the process that a program here has not. No oracle is asked.
 */
export const additions = table(
  "Beyond jq 1.8.2",
  String.raw`
toarray
  1 => [1]
  [1] => [1]
  null => [null]
ascii
  65 => "A"
  233 => "é"
  "A" => !"string (\"A\") can't be imploded, unicode codepoint needs to be numeric"
date
  0 => "1970-01-01T00:00:00Z"
dateadd("seconds"; 3600) | todate
  0 => "1970-01-01T01:00:00Z"
datesub("seconds"; 3600) | todate
  7200 => "1970-01-01T01:00:00Z"
gmtime | timegm
  1425599621 => 1425599621
[leaf_paths]
  {"a":[1],"b":{"c":"x"}} => [["a",0],["b","c"]]
[truncate_stream(1; [[0], 1], [[1, 0], 2], [[1, 0]], [[1]])]
  null => [[[0],2],[[0]]]
@base32
  "hello" => "NBSWY3DP"
  "" => ""
  "a" => "ME======"
  "é" => "YOUQ===="
  1 => "GE======"
@base32d
  "NBSWY3DP" => "hello"
  "ME======" => "a"
  "ME" => "a"
  "" => ""
@base32 | @base32d
  "日本 😀" => "日本 😀"
@base32 "\(.)!"
  "a" => "ME======!"
have_decnum, have_literal_numbers
  null => false false
input_line_number, get_search_list, get_jq_origin, get_prog_origin
  null => 0 [] null null
debug, debug("note", "more"), stderr
  5 => 5 5 5
debug(empty)
  1 => 1
debug(error("no"))
  1 => !"no"
env, $ENV
  null => {} {}
$JQ_BUILD_CONFIGURATION | type
  null => "string"
env.HOME, $ENV.PATH
  null => null null
try input catch "no input"
  null => "no input"
[.[] | (inputs, 1)?]
  [1] => []
try input_filename catch "no file"
  null => "no file"
try halt catch "no process"
  null => "no process"
try halt_error catch "no process"
  "x" => "no process"
try halt_error(3) catch "no process"
  "x" => "no process"
try modulemeta catch "no modules"
  "a" => "no modules"
try now catch .
  null => "now is not available here"
import "a" as a; a::f
  refused: Found import: modules are not supported here
include "a"; f
  refused: Found include: modules are not supported here
module {}; 1
  null => 1
_between(5)
  refused: _between/1 is not defined
_captures
  refused: _captures/0 is not defined
_replaced(1; 2)
  refused: _replaced/2 is not defined
def _captures: 1; _captures
  null => 1
try _strindices(1) catch "no text", try _match_impl(1; 2; 3) catch "no text", try _sort_by_impl(1) catch "no array"
  null => "no text" "no text" "no array"
`,
);
