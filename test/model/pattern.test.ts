import { describe, expect, test } from "vitest";
import { guardedPattern, PatternTimeout } from "../../src/catalog/pattern-guard.ts";
import { patternCost } from "../../src/model/pattern.ts";
import { patient } from "../support/patience.ts";

describe("patternCost", () => {
  test.each([
    ["^abc$", 1, 0],
    ["abc", 1, 1],
    ["^[a-z]+$", 1, 1],
    ["^[0-9a-f]{40}$", 1, 0],
    ["^[a-z]+-[0-9]+$", 1, 2],
    ["^a{2,5}$", 4, 0],
    ["^a?b?c?$", 8, 0],
    ["^(a|b|c)$", 3, 0],
    ["^(?:ab)+$", 1, 1],
    ["a+b", 1, 2],
    ["^a{2,}$", 1, 1],
    [String.raw`^\p{L}+\.\d{1,3}$`, 3, 1],
    ["^(?=a)(?!b)c$", 1, 0],
    ["^[\\]a]+$", 1, 1],
    ["^a|b$", 2, 1],
    ["^(?<year>[0-9]{4})$", 1, 0],
  ])("%s", (source, factor, degree) => {
    new RegExp(source, "u");
    expect(patternCost(source)).toEqual({ factor, degree });
  });

  test.each([
    "^(a+)+$",
    "^(a|aa)+$",
    "^(a?){30}$",
    String.raw`^(a)\1$`,
    "^([a-z]+-)*x$",
    String.raw`(?<x>a)\k<x>`,
  ])("%s may explode", (source) => {
    expect(patternCost(source).degree).toBe(Infinity);
  });
});

describe("guardedPattern", () => {
  test.each([
    ["^(a+)+$", `${"a".repeat(50)}!`],
    ["(a+)+b", "a".repeat(100_000)],
    ["a+b", "a".repeat(1_000_000)],
    [`^${"(a|a)".repeat(40)}$`, `${"a".repeat(40)}!`],
    [`^${"a?".repeat(40)}b$`, `${"a".repeat(40)}c`],
    [String.raw`^(\w+\s?)*$`, `${"word ".repeat(20)}!`],
  ])("%s is stopped", (source, text) => {
    const started = performance.now();
    expect(() => guardedPattern(source).test(text)).toThrow(PatternTimeout);
    expect(performance.now() - started).toBeLessThan(patient(500));
  });

  test("answers like the expression itself, whatever another pattern did", () => {
    const nested = guardedPattern("^[a-z]+(-[a-z]+)*$");
    expect(nested.test("check-out-service")).toBe(true);
    expect(nested.test("check--out")).toBe(false);
    expect(guardedPattern("^.$").test("💡")).toBe(true);
  });

  test("a batch of hostile values is stopped soon", () => {
    const pattern = guardedPattern("^(a+)+$");
    const started = performance.now();
    for (let i = 0; i < 200; i++) expect(() => pattern.test(`${"a".repeat(40)}!`)).toThrow(PatternTimeout);
    expect(performance.now() - started).toBeLessThan(patient(2000));
  });
});
