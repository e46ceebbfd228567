/** Nothing grows, runs or nests without bound. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/jq/value.ts";
import { setIndex } from "../../src/jq/values/access.ts";
import { call, makeRuntime, nestedArray, nestedObject, outcome } from "./values-runtime.ts";

/** The milliseconds of processor time since the start, which other processes do not lengthen. */
const spent = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** A value of 2^60 leaves that takes no memory. */
function doubled(leaf: Json, make: (value: Json) => Json): Json {
  let value = leaf;
  for (let i = 0; i < 60; i++) value = make(value);
  return value;
}
const arrays = (): Json => doubled([1], (value) => [value, value]);
const objects = (): Json => doubled({ a: 1 }, (value) => ({ a: value, b: value }));
const million = "x".repeat(1_000_000);
const wide = Array.from({ length: 100_000 }, (_, at) => at);

describe("with the usual limits, in bounded time", () => {
  test.each<[string, () => [string, Json, ...Json[]]]>([
    ["repeat", () => ["*", "x", 1e9]],
    ["repeat of much", () => ["*", million, 11]],
    ["an array with a far item", () => ["setpath", null, [536_870_911], 0]],
    ["adding strings", () => ["add", Array.from({ length: 1000 }, () => million)]],
    ["adding arrays", () => ["add", Array.from({ length: 1000 }, () => wide)]],
    ["join", () => ["join", Array.from({ length: 1000 }, () => "a"), million]],
    ["explode", () => ["explode", million + million]],
    ["split into characters", () => ["split", million + million, ""]],
    ["split into empty strings", () => ["split", million + million, "x"]],
    ["indices", () => ["indices", million + million, "x"]],
    ["a wide transpose", () => ["transpose", [wide, ...Array.from({ length: 20_000 }, () => [])]]],
    ["flattening shared arrays", () => ["flatten", arrays()]],
    ["printing shared arrays", () => ["tojson", arrays()]],
    ["printing shared objects", () => ["tojson", objects()]],
    ["comparing shared arrays", () => ["<", arrays(), arrays()]],
    ["comparing shared objects", () => ["<", objects(), objects()]],
    ["equality of shared arrays", () => ["==", arrays(), arrays()]],
    ["containment of shared arrays", () => ["contains", arrays(), arrays()]],
    ["merging shared objects", () => ["*", objects(), objects()]],
    ["streaming shared arrays", () => ["_tostream", arrays()]],
    ["streaming something deep", () => ["_tostream", nestedArray(9000)]],
    ["taking arrays from arrays", () => ["-", wide.map((at) => [at]), wide.map((at) => [-at])]],
    ["looking for an array", () => ["indices", wide.map(() => 1), wide.slice(50_000).map(() => 1)]],
    [
      "sorting long strings",
      () => ["sort", wide.slice(0, 2000).map((at) => million.slice(0, 20_000) + String((at * 7919) % 2000))],
    ],
  ])("%s ends", (_title, make) => {
    const [name, input, ...args] = make();
    const started = spent();
    expect(outcome(name, input, args, makeRuntime(1e6, 10e6))).toBe("! limit");
    expect(spent() - started).toBeLessThan(3000);
  });

  test("copying in a loop is charged by what is copied", () => {
    const rt = makeRuntime(1e6, 10e6);
    let object: Json = Object.fromEntries(wide.map((at) => [`k${at}`, at]));
    let copies = 0;
    expect(() => {
      for (; ; copies++) object = setIndex(object, "x", copies, rt);
    }).toThrow("steps");
    expect(copies).toBeLessThan(100);
  });

  test("errors about wide objects do not list their keys each time", () => {
    const object = Object.fromEntries(wide.map((at) => [`k${at}`, at]));
    const started = spent();
    for (let i = 0; i < 1000; i++) expect(outcome("negate", object)).toMatch(/^! object/);
    expect(spent() - started).toBeLessThan(3000);
  });
});

describe("deep values", () => {
  const levels = 100_000;
  const array = nestedArray(levels);
  const object = nestedObject(levels);
  const path = Array.from({ length: 10_001 }, () => 0);

  test.each<[string, Json, Json[], string | RegExp]>([
    ["contains", array, [nestedArray(levels)], "! Containment check too deep"],
    ["contains", object, [nestedObject(levels)], "! Containment check too deep"],
    ["*", object, [nestedObject(levels)], "! Object merge too deep"],
    ["sort", [array, nestedArray(levels)], [], "! Comparison too deep"],
    ["unique", [object, nestedObject(levels)], [], "! Comparison too deep"],
    ["-", [array], [[nestedArray(levels)]], "! Equality check too deep"],
    ["indices", [array, array], [[nestedArray(levels)]], "! Equality check too deep"],
    ["flatten", array, [], "[]"],
    ["add", [array, [1]], [], /skipped: too deep/],
    ["getpath", array, [path], "! Path too deep"],
    ["getpath", array, [path.slice(1)], /^\[\[/],
    ["setpath", array, [path, 1], "! Path too deep"],
    ["delpaths", array, [[path]], "! Path too deep"],
    ["negate", object, [], /^! object/],
    ["length", array, [], "1"],
    ["tostring", array, [], /skipped: too deep/],
  ])("%s", (name, input, args, expected) => {
    const found = outcome(name, input, args);
    if (typeof expected === "string") expect(found).toBe(expected);
    else expect(found).toMatch(expected);
  });

  test("the deepest path there may be is set, read and deleted", () => {
    const longest = path.slice(1);
    const made = call("setpath", null, [longest, 5]);
    expect(call("getpath", made, [longest])).toBe(5);
    expect(call("flatten", made)).toEqual([5]);
    expect(call("getpath", call("delpaths", made, [[longest]]), [longest.slice(1)])).toEqual([]);
  });
});
