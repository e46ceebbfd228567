import { any, bomb, deepArray, nested, type Bomb } from "./bomb.ts";

/** The ones that the issue of the engine names. */
export const NAMED: readonly Bomb[] = [
  bomb("a function that calls itself and nothing else", "def f: f; f"),
  bomb("a thousand million numbers in an array", "[range(1e9)]"),
  bomb("repeat(.)", "repeat(.)"),
  bomb("a thousand million letters", '"x" * 1e9', ["limit", "error"]),
  bomb("until(false; .)", "until(false; .)"),
  bomb("a reduction of a million million", "reduce range(1e12) as $i (0; . + 1)"),
  bomb("an argument that grows with each call", "def f(x): [f(x)]; f(1)"),
  bomb(
    "a regular expression that tries everything",
    'test("(a+)+$")',
    ["limit", any],
    () => `${"a".repeat(50_000)}b`,
  ),
  bomb("the same on a text that matches", 'test("(a+)+$")', ["limit", (outputs) => outputs[0] === true], () =>
    "a".repeat(50_000),
  ),
  bomb("[limit(1e9; repeat(1))]", "[limit(1e9; repeat(1))]"),
  bomb("JSON 100,000 levels deep, as a text", "fromjson", ["error", "limit"], () =>
    nested(100_000, "[", "]", ""),
  ),
  bomb(
    "a value 100,000 levels deep, printed",
    "tojson",
    ["limit", (outputs) => (outputs[0] as string).includes("<skipped: too deep>")],
    () => deepArray(100_000),
  ),
];
