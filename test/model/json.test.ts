import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isBlueprintIdentifier,
  isEntityIdentifier,
  isPropertyIdentifier,
} from "../../src/model/identifier.ts";
import { checkJson, sameJson, show } from "../../src/model/json.ts";

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

describe("checkJson", () => {
  test.each([
    [{ a: { b: "x\u0000y" } }, "a.b contains the character U+0000"],
    [{ a: ["ok", "\ud800"] }, "a[1] contains half of a surrogate pair"],
    [{ "k\u0000": 1 }, "a key of  contains the character U+0000"],
    [{ a: Infinity }, "a is a number outside the range"],
    [{ a: nested(100) }, "nested more than 64 levels"],
    [{ a: nested(100_000) }, "nested more than 64 levels"],
  ])("refuses %#", (value, message) => {
    expect(() => checkJson(value, "")).toThrow(message);
  });

  test.each([
    [{ a: "💡", b: [1e308, -0, null, true, { ü: "" }] }],
    [nested(60)],
    ["x".repeat(1_000_000)],
    [JSON.parse('{"__proto__":1}')],
  ])("accepts %#", (value) => {
    expect(() => checkJson(value, "")).not.toThrow();
  });
});

describe("sameJson", () => {
  test("agrees with comparison of canonical texts", () => {
    const canonical = (value: unknown): string =>
      JSON.stringify(value, (key, item: unknown) =>
        key !== "object" && typeof item === "object" && item !== null && !Array.isArray(item)
          ? { object: Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)) }
          : item,
      );
    const value = fc.jsonValue({ maxDepth: 3, depthSize: "small" });
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(sameJson(a, JSON.parse(JSON.stringify(a)))).toBe(true);
        expect(sameJson(a, b)).toBe(canonical(a) === canonical(b));
      }),
      { seed: 7, numRuns: 1000 },
    );
  });

  test.each([
    [{ a: undefined }, {}, false],
    [[1, 2], [2, 1], false],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
    [{}, [], false],
    [null, {}, false],
    [JSON.parse('{"__proto__":{"x":1}}'), JSON.parse('{"__proto__":{"x":2}}'), false],
  ])("%j %j", (a, b, same) => {
    expect(sameJson(a, b)).toBe(same);
  });
});

test("show cuts long values", () => {
  expect(show("x".repeat(1000)).length).toBeLessThan(100);
  expect(show(Array.from({ length: 1000 }, (_, i) => i)).length).toBeLessThan(100);
});

describe("§2.3 identifiers", () => {
  test.each(["a", "_team", "svc@v1.2.3", "a/b", String.raw`a\b`, "Größe", "日本", "a:b+c", "..."])(
    "blueprint %s",
    (text) => {
      expect(isBlueprintIdentifier(text)).toBe(true);
      expect(isEntityIdentifier(text)).toBe(true);
    },
  );
  test.each(["", ".", "..", "a b", "a#b", "a\u0000", "a\n", "x".repeat(101), "a?", "a=b"])(
    "no blueprint %j",
    (text) => {
      expect(isBlueprintIdentifier(text)).toBe(false);
    },
  );
  test.each(["", ".", "..", "a b", "a#b", "a\u0000", "x".repeat(1001), "日".repeat(334), "\ud800"])(
    "no entity %j",
    (text) => {
      expect(isEntityIdentifier(text)).toBe(false);
    },
  );
  test.each(["a=b", "x".repeat(1000), "日".repeat(333), "𠮷".repeat(250)])("entity %#", (text) => {
    expect(isEntityIdentifier(text)).toBe(true);
  });
  test.each([
    ["a-b_c@d=e", true],
    ["constructor", true],
    ["__proto__", false],
    ["$team", false],
    ["a.b", false],
    ["ü", false],
    ["", false],
    ["x".repeat(101), false],
  ])("property %s", (text, valid) => {
    expect(isPropertyIdentifier(text)).toBe(valid);
  });
});
