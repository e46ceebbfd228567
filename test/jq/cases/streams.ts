import { table } from "../support/table.ts";

export const streams = table(
  "Streams",
  String.raw`
[tostream]
  {"a":[1,{"b":2}]} => [[["a",0],1],[["a",1,"b"],2],[["a",1,"b"]],[["a",1]],[["a"]]]
  [] => [[[],[]]]
  5 => [[[],5]]
  [[],{}] => [[[0],[]],[[1],{}],[[1]]]
  "x" => [[[],"x"]]
  {"a":{}} => [[["a"],{}],[["a"]]]
fromstream(tostream)
  {"a":[1,{"b":2}],"c":[]} => {"a":[1,{"b":2}],"c":[]}
  3 => 3
  [] => []
  [[]] => [[]]
fromstream([[0], 1], [[1], 2], [[1]])
  null => [1,2]
[fromstream(([[0], 1], [[0]]), ([["a"], 2], [["a"]]))]
  null => [[1],{"a":2}]
[1 | truncate_stream([[0], 1], [[1, 0], 2], [[1, 0]], [[1]])]
  null => [[[0],2],[[0]]]
[. as $d | 1 | truncate_stream($d | tostream)]
  {"a":[1,2]} => [[[0],1],[[1],2],[[1]]]
fromstream(1 | truncate_stream([[0], 1], [[1, 0], 2], [[1, 0]], [[1]]))
  null => [2]
[tostream | select(length == 2) | .[0] | map(tostring) | join("/")]
  {"a":{"b":[1,2]}} => ["a/b/0","a/b/1"]
reduce (tostream | select(length == 2)) as [$p, $v] (null; setpath($p; $v))
  {"a":[1,{"b":2}]} => {"a":[1,{"b":2}]}
[getpath(["a"]) | tostream]
  {"a":[1]} => [[[0],1],[[0]]]
fromstream(empty)
  null =>
[limit(2; tostream)]
  [1,2,3] => [[[0],1],[[1],2]]
[limit(3; range(100000000))]
  null => [0,1,2]
first(range(1e15))
  null => 0
`,
);
