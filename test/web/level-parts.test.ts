import { describe, expect, it } from "vitest";
import { isUnjudged, levelParts } from "../../src/web/scorecards/level-parts.ts";
import type { ScorecardDoc } from "../../src/web/scorecards/types.ts";

const rule = (identifier: string, level: string) => ({
  ...{ identifier, title: identifier, level },
  query: { combinator: "and", conditions: [{ property: identifier, operator: ">", value: 1 }] } as const,
});
const scorecard: ScorecardDoc = {
  ...{ identifier: "ready", title: "Ready", blueprint: "service" },
  levels: [
    { title: "Low", color: "red" },
    { title: "Medium", color: "orange" },
    { title: "High", color: "green" },
  ],
  rules: [rule("a", "Medium"), rule("b", "Medium"), rule("c", "High")],
};
const counts = (all: Record<string, number>, withoutData = 0, pending = false) => ({
  ...{ counts: new Map(Object.entries(all)), withoutData, pending },
});

describe("the parts of a bar of levels", () => {
  it("tell those without data from those of the base level", () => {
    expect(levelParts(scorecard, counts({ Low: 5, High: 2 }, 3))).toEqual([
      { title: "High", color: "green", count: 2 },
      { title: "Medium", color: "orange", count: 0 },
      { title: "Low", color: "red", count: 2 },
      { title: "No data", color: "no-data", count: 3 },
    ]);
    expect(levelParts(scorecard, counts({ Low: 5 }))?.map(({ title }) => title)).toEqual([
      "High",
      "Medium",
      "Low",
    ]);
  });

  it("are none while levels are worked out, or have their new names only for some", () => {
    expect(levelParts(scorecard, counts({}, 0, true))).toBeNull();
    expect(levelParts(scorecard, counts({ Basic: 4 }, 0, true))).toBeNull();
    expect(levelParts(scorecard, counts({ Basic: 4, High: 2 }, 0, true))).toBeNull();
    expect(levelParts(scorecard, counts({ Low: 4 }, 0, true))).not.toBeNull();
    expect(levelParts(scorecard, counts({}))?.every(({ count }) => count === 0)).toBe(true);
  });
});

describe("an entity without data", () => {
  const entity = (level: string, passed: readonly string[], known: readonly string[] = []) => ({
    identifier: "s",
    properties: Object.fromEntries(known.map((id) => [id, 1])),
    scorecards: {
      ready: {
        level,
        rules: scorecard.rules.map(({ identifier, level: of }) => ({
          ...{ identifier, level: of, status: passed.includes(identifier) ? "SUCCESS" : "FAILURE" },
        })),
      },
    },
  });

  it("fails the rules of the next level for want of data alone", () => {
    expect(isUnjudged(scorecard, entity("Low", [], ["c"]))).toBe(true);
    expect(isUnjudged(scorecard, entity("Low", ["a"], ["a"]))).toBe(true);
    expect(isUnjudged(scorecard, entity("Low", [], ["a"]))).toBe(false);
    expect(isUnjudged(scorecard, entity("Medium", ["a", "b"], ["a", "b"]))).toBe(false);
    expect(isUnjudged({ ...scorecard, rules: [] }, entity("Low", []))).toBe(false);
    expect(isUnjudged(scorecard, { identifier: "out of scope" })).toBe(false);
  });
});
