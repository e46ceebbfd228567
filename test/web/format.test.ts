import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ago,
  dateTime,
  dayMonth,
  decimal,
  duration,
  frequency,
  isSame,
  metricDelta,
  metricInterval,
  metricValue,
  percent,
  plural,
  windowText,
} from "../../src/web/lib/format.ts";

const HOUR = 3600;
const DAY = 86_400;

describe("durations", () => {
  it.each([
    [0, "0 s"],
    [0.4, "< 1 s"],
    [45, "45 s"],
    [90, "1 min 30 s"],
    [599.6, "10 min"],
    [45 * 60 + 12, "45 min"],
    [59 * 60 + 40, "1 h"],
    [3.2 * HOUR, "3 h 12 min"],
    [24 * HOUR - 20, "1 d"],
    [52 * HOUR + 1400, "2 d 4 h"],
    [2 * DAY, "2 d"],
    [123.4 * DAY, "123 d"],
    [1234 * DAY, "1,234 d"],
    [-3 * HOUR, "-3 h"],
  ])("%d s is %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it("have at most two units, and are off by half of the smaller at most", () => {
    const sizes: Record<string, number> = { s: 1, min: 60, h: HOUR, d: DAY };
    fc.assert(
      fc.property(fc.double({ min: 1, max: 99 * DAY, noNaN: true }), (seconds) => {
        const parts = duration(seconds).match(/\d+ \w+/g) ?? [];
        expect(parts.length).toBeLessThanOrEqual(2);
        const read = parts.reduce((sum, part) => {
          const [times, unit = ""] = part.split(" ");
          return sum + Number(times) * (sizes[unit] ?? Number.NaN);
        }, 0);
        expect(Math.abs(read - seconds)).toBeLessThanOrEqual(seconds < DAY ? 30 : HOUR / 2);
      }),
      { seed: 20_261_127 },
    );
  });

  it("never prints 0 for something that is not", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.51, max: 1e9, noNaN: true }), (seconds) => {
        expect(duration(seconds)).not.toMatch(/^0 /);
      }),
      { seed: 20_261_125 },
    );
  });

  it("what is left of something is never said to be more than it is", () => {
    const seconds = (2 * 24 + 3) * 3600 + 31 * 60;
    expect(duration(seconds)).toBe("2 d 4 h");
    expect(duration(seconds, Math.floor)).toBe("2 d 3 h");
  });
});

describe("frequencies", () => {
  it.each([
    [0, "0 per day"],
    [2.4, "2.4 per day"],
    [1, "1 per day"],
    [0.42, "2.9 per week"],
    [3 / 7, "3 per week"],
    [0.05, "1.5 per month"],
    [0.001, "0.03 per month"],
    [150.7, "151 per day"],
  ])("%d per day is %s", (perDay, text) => {
    expect(frequency(perDay)).toBe(text);
  });
});

describe("rates and differences", () => {
  it("prints rates in percent", () => {
    expect(percent(0)).toBe("0\u00a0%");
    expect(percent(0.083)).toBe("8.3\u00a0%");
    expect(percent(0.1249)).toBe("12\u00a0%");
    expect(percent(1)).toBe("100\u00a0%");
  });

  it("says the difference of rates in points, of the others in units of the value", () => {
    expect(metricDelta("changeFailureRate", -0.021, 0.08)).toBe("2.1 percentage points");
    expect(metricDelta("reworkRate", 0.01, 0.08)).toBe("1 percentage point");
    expect(metricDelta("changeLeadTime", -9.6 * HOUR, 1.9 * DAY)).toBe("9 h 36 min");
    expect(metricDelta("deploymentFrequency", 0.5, 3)).toBe("0.5 per day");
  });

  it("takes a change that rounds to nothing beside its value for none", () => {
    expect(isSame("changeLeadTime", 1, 2 * DAY)).toBe(true);
    expect(isSame("changeLeadTime", 29 * 60, 2 * DAY)).toBe(true);
    expect(isSame("changeLeadTime", -31 * 60, 2 * DAY)).toBe(false);
    expect(isSame("failedDeploymentRecoveryTime", 29, 45 * 60)).toBe(true);
    expect(isSame("failedDeploymentRecoveryTime", 31, 45 * 60)).toBe(false);
    expect(isSame("changeFailureRate", 0.0004, 0.08)).toBe(true);
    expect(isSame("changeFailureRate", 0.001, 0.08)).toBe(false);
    expect(isSame("deploymentFrequency", 0.04, 3)).toBe(true);
    expect(isSame("deploymentFrequency", 0.04, 0.2)).toBe(false);
    expect(isSame("deploymentFrequency", 0, 0)).toBe(true);
    expect(isSame("deploymentFrequency", -1, 0)).toBe(false);
  });

  it("prints an interval beside its value", () => {
    expect(metricInterval("changeFailureRate", [0.04, 0.162], 0.08)).toBe("4–16\u00a0%");
    expect(metricInterval("changeLeadTime", [1.4 * DAY, 2.5 * DAY], 1.9 * DAY)).toBe("1 d 10 h – 2 d 12 h");
    expect(metricInterval("deploymentFrequency", [0.3, 0.6], 0.42)).toBe("2.1–4.2 per week");
  });

  it("gives every metric its unit", () => {
    expect(metricValue("deploymentFrequency", 2)).toBe("2 per day");
    expect(metricValue("failedDeploymentRecoveryTime", 2700)).toBe("45 min");
    expect(metricValue("meanTimeToRecovery", 2700)).toBe("45 min");
    expect(metricValue("reworkRate", 0.5)).toBe("50\u00a0%");
  });
});

describe("counts", () => {
  it("groups thousands and knows one from many", () => {
    expect(plural(1, "change")).toBe("1 change");
    expect(plural(0, "change")).toBe("0 changes");
    expect(plural(1284, "entity", "entities")).toBe("1,284 entities");
  });

  it("keeps two digits of small numbers", () => {
    expect(decimal(0.0314)).toBe("0.031");
    expect(decimal(9.96)).toBe("10");
    expect(decimal(99.95)).toBe("100");
  });
});

describe("times", () => {
  it("are written in the zone asked for", () => {
    expect(dateTime("2026-11-25T23:30:00Z", "UTC")).toBe("25 Nov 2026, 23:30");
    expect(dateTime("2026-11-25T23:30:00Z", "Asia/Tokyo")).toBe("26 Nov 2026, 08:30");
    expect(dayMonth("2026-09-07T00:00:00Z", "UTC")).toBe("7 Sep");
  });

  it("a half-open window ends on its last day", () => {
    expect(windowText("2026-09-28T00:00:00Z", "2026-10-05T00:00:00Z", "UTC")).toBe("28 Sep – 4 Oct 2026");
    expect(windowText("2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z", "UTC")).toBe(
      "29 Dec 2025 – 4 Jan 2026",
    );
    expect(windowText("2026-09-28T00:00:00Z", "2026-09-29T00:00:00Z", "UTC")).toBe("28 Sep 2026");
  });

  it("tells how long ago", () => {
    const now = Date.parse("2026-11-25T12:00:00Z");
    expect(ago("2026-11-25T11:59:40Z", now)).toBe("just now");
    expect(ago("2026-11-25T11:48:00Z", now)).toBe("12 min ago");
    expect(ago("2026-11-25T02:00:00Z", now)).toBe("10 h ago");
    expect(ago("2026-11-22T12:00:00Z", now)).toBe("3 days ago");
    expect(ago("2025-11-22T12:00:00Z", now)).toBe("22 Nov 2025");
    expect(ago("2026-11-25T12:05:00Z", now)).toBe("just now");
  });
});
