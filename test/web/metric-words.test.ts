import { describe, expect, it } from "vitest";
import type { Metrics, Percentiles } from "../../src/web/api/types.ts";
import type { OtherProfile } from "../../src/web/dora/explain-query.ts";
import { apart, profileValue } from "../../src/web/dora/explain-words.ts";
import {
  bucketCalculation,
  calculation,
  fewText,
  headlineText,
  sampleText,
  thinOf,
  whyText,
} from "../../src/web/dora/metric-words.ts";

const none: Percentiles = { p50: null, p75: null, p90: null, p95: null, mean: null, n: 0 };
const hours = (p50: number, n: number): Percentiles => ({
  p50: p50 * 3600,
  p75: p50 * 7200,
  p90: p50 * 10_800,
  p95: p50 * 14_400,
  mean: p50 * 5400,
  n,
});
const headline = { few: false, interval95: null, tier: null };

const metrics: Metrics = {
  deploymentFrequency: {
    ...headline,
    value: 0.5,
    unit: "per_day",
    count: 45,
    days: 90,
    daysWithDeployment: 30,
    perWeek: 3.5,
    perMonth: 15,
    medianBetween: 7200,
  },
  changeLeadTime: {
    ...headline,
    ...hours(3, 128),
    value: 10_800,
    unit: "seconds",
    stages: { coding: none, pickup: none, review: none, deploy: none },
  },
  changeFailureRate: {
    ...headline,
    value: 0.1,
    unit: "ratio",
    failed: 5,
    total: 50,
    causes: { status: 0, incident: 0, rollback: 2, hotfix: 4 },
  },
  failedDeploymentRecoveryTime: { ...headline, ...hours(2, 4), value: 7200, unit: "seconds", open: 1 },
  meanTimeToRecovery: {
    value: null,
    unit: "seconds",
    mean: null,
    p50: null,
    p90: null,
    n: 0,
    open: 0,
    few: true,
  },
  reworkRate: { ...headline, value: null, unit: "ratio", rework: 0, total: 0 },
};

describe("the words of a metric", () => {
  it("say why a number is none or grey, and nothing of others", () => {
    const noValue = { reason: "none_in_window", text: "No deployment finished in this window.", rows: null };
    const why = (one: object) =>
      whyText("changeLeadTime", { ...metrics, changeLeadTime: { ...metrics.changeLeadTime, ...one } });
    expect(why({ value: null, noValue })).toBe("No deployment finished in this window.");
    expect(why({ value: null })).toBeNull();
    expect(why({ few: true, n: 4 })).toBe("Too few for a band: 4 changes, 10 needed.");
    expect(why({})).toBeNull();
  });

  it("say what the value rests on", () => {
    expect(sampleText("deploymentFrequency", metrics)).toBe("45 successful deployments in 90 days");
    expect(sampleText("changeLeadTime", metrics)).toBe("128 changes shipped, whenever merged");
    expect(sampleText("changeFailureRate", metrics)).toBe("5 of 50 deployments");
    expect(sampleText("failedDeploymentRecoveryTime", metrics)).toBe(
      "4 of 5 failed deployments restored, 1 still open",
    );
  });

  it("put the numbers into the definition", () => {
    expect(calculation("deploymentFrequency", metrics)).toBe(
      "45 deployments ÷ 90 days = 0.5 per day. Days with a deployment: 30. Median time between two: 2 h.",
    );
    expect(calculation("changeLeadTime", metrics)).toBe(
      "Median of 128 changes = 3 h; 75 % within 6 h, 90 % within 9 h, mean 4 h 30 min.",
    );
    expect(calculation("changeFailureRate", metrics)).toBe(
      "5 failed ÷ 50 deployments = 10\u00a0%. By cause (one deployment can have several): rollback 2, hotfix 4.",
    );
    expect(calculation("failedDeploymentRecoveryTime", metrics)).toMatch(/1 still open, .* Kaplan–Meier/);
  });

  it("say that there is nothing to divide instead of showing a zero", () => {
    expect(calculation("reworkRate", metrics)).toMatch(/^Nothing to divide/);
    const text = "3 of 4 incidents are resolved, 1 still open: the mean will be at least so long.";
    const noValue = { reason: "still_open", text, rows: "counted" } as const;
    const open = { ...metrics.meanTimeToRecovery, n: 3, open: 1, atLeast: 11_520, noValue };
    expect(calculation("meanTimeToRecovery", { ...metrics, meanTimeToRecovery: open })).toBe(text);
    expect(headlineText("meanTimeToRecovery", open)).toBe("≥ 3 h 12 min so far");
    expect(headlineText("failedDeploymentRecoveryTime", open)).toBe("Not known yet");
    expect(
      headlineText("meanTimeToRecovery", { value: null, noValue: { ...noValue, reason: "none_failed" } }),
    ).toBe("None failed");
    expect(headlineText("reworkRate", metrics.reworkRate)).toBe("No data");
    for (const reason of ["no_source", "none_in_window"])
      expect(headlineText("reworkRate", { value: null, noValue: { ...noValue, reason } })).toBe("–");
    // Of incidents: what is said of deployments says nothing of them.
    expect(
      headlineText("meanTimeToRecovery", { value: null, noValue: { ...noValue, reason: "no_source" } }),
    ).toBe("No data");
  });

  it("do the same for one period", () => {
    const point = { id: "2026-W40", from: "", to: "", partial: false };
    expect(bucketCalculation("changeFailureRate", { ...point, value: 1 / 30, n: 30 })).toBe(
      "1 failed ÷ 30 deployments = 3.3\u00a0%.",
    );
    expect(bucketCalculation("failedDeploymentRecoveryTime", { ...point, value: 3600, n: 1 })).toBe(
      "1 h over 1 recovery.",
    );
    expect(bucketCalculation("changeLeadTime", { ...point, value: null, n: 0 })).toMatch(
      /^Nothing to measure/,
    );
  });

  it("say why a number is greyed, and nothing where it rests on enough", () => {
    const coverage = {
      ...{ mergedChanges: 25, attributedChanges: 8, deployments: 10, countedDeployments: 9 },
      ...{ incidents: 9, linkedIncidents: 2, notCausedIncidents: 1, floor: 0.5, sources: [] },
    };
    expect(thinOf("changeLeadTime", { covered: false }, coverage)).toEqual({
      text: "Only 8 of 25 merged changes are shipped by now (32\u00a0%), 5 more reach the 50\u00a0% needed.",
      isOfIncidents: false,
    });
    // Of the two that it rests on, only what is short is named.
    expect(thinOf("changeFailureRate", { covered: false }, coverage)).toEqual({
      text: "Only 3 of 9 incidents have their cause settled (33\u00a0%), 2 more reach the 50\u00a0% needed.",
      isOfIncidents: true,
    });
    const just = { ...coverage, mergedChanges: 100, attributedChanges: 54, floor: 0.55 };
    expect(thinOf("changeLeadTime", { covered: false }, just)?.text).toContain("1 more reach");
    expect(thinOf("changeLeadTime", { value: null, covered: false }, coverage)).toBeNull();
    expect(thinOf("changeLeadTime", { covered: true }, coverage)).toBeNull();
    expect(thinOf("changeLeadTime", { covered: null }, coverage)).toBeNull();
    expect(thinOf("changeLeadTime", {}, coverage)).toBeNull();
  });

  it("say which rows are too few for a band, and how many are missing", () => {
    expect(fewText("changeLeadTime", metrics)).toBeNull();
    const changeLeadTime = { ...metrics.changeLeadTime, ...hours(3, 4), few: true };
    expect(fewText("changeLeadTime", { ...metrics, changeLeadTime })).toBe("4 changes, 10 needed");
    const reworkRate = { ...metrics.reworkRate, total: 1, few: true };
    expect(fewText("reworkRate", { ...metrics, reworkRate })).toBe("1 deployment, 10 needed");
  });

  it("put the numbers of other profiles beside ours", () => {
    const devlake: OtherProfile = {
      profile: "devlake",
      value: 240,
      unit: "minutes",
      comparable: 14_400,
      n: 2,
      formula: "median",
      differences: [],
    };
    expect(profileValue("changeLeadTime", devlake)).toBe("4 h (it says 240 min)");
    expect(apart("changeLeadTime", 32_400, devlake)).toBe("5 h less than ours");
    expect(apart("changeLeadTime", 14_400, devlake)).toBe("the same as ours");
    expect(apart("changeLeadTime", null, devlake)).toBeNull();
    const silent = { ...devlake, value: null, unit: null, comparable: null };
    expect(profileValue("changeLeadTime", silent)).toBe("No number");
    expect(apart("changeLeadTime", 14_400, silent)).toBeNull();
    const rate = { ...devlake, value: 0.2, unit: "ratio", comparable: 0.2 };
    expect(profileValue("changeFailureRate", rate)).toBe("20\u00a0%");
    expect(apart("changeFailureRate", 0.1, rate)).toBe("10 percentage points more than ours");
  });
});
