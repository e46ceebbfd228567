import { describe, expect, it } from "vitest";
import { roomLeft, roomRight } from "../../src/web/charts/axis-room.ts";
import { chartData, summary } from "../../src/web/charts/chart-data.ts";
import type { SeriesPoint } from "../../src/web/api/types.ts";

const DAY = 86_400;
const point = (week: number, value: number | null, n: number, partial = false): SeriesPoint => ({
  id: `2026-W${week}`,
  from: new Date(Date.UTC(2026, 8, 28) + (week - 40) * 7 * DAY * 1000).toISOString(),
  to: new Date(Date.UTC(2026, 9, 5) + (week - 40) * 7 * DAY * 1000).toISOString(),
  value,
  n,
  partial,
});

describe("chart data", () => {
  it("draws frequency as deployments per bucket and tells the rate beside it", () => {
    const data = chartData("deploymentFrequency", [point(40, 3 / 7, 3)], [], "UTC", "week");
    expect(data.kind).toBe("bars");
    expect(data.points[0]).toMatchObject({
      y: 3,
      value: "3 deployments",
      sample: "3 per week",
      tick: "28 Sep",
      period: "28 Sep – 4 Oct 2026 (week 40)",
    });
  });

  it("draws durations in the unit of the largest, the previous window in the same", () => {
    const data = chartData(
      "changeLeadTime",
      [point(40, 0.5 * DAY, 4), point(41, 3 * DAY, 1)],
      [point(28, 2 * DAY, 9)],
      "UTC",
      "week",
    );
    expect(data.axisUnit).toBe("days");
    expect(data.points.map(({ y }) => y)).toEqual([0.5, 3]);
    expect(data.points.map(({ value }) => value)).toEqual(["12 h", "3 d"]);
    expect(data.previous).toEqual([2, null]);
    expect(data.points.map(({ before }) => before)).toEqual(["2 d", null]);
  });

  it("sets whole periods beside whole ones, whichever side begins with the rest of one", () => {
    const whole = [point(40, 1, 7), point(41, 1, 8), point(42, 1, 9)];
    const cut = [point(26, 1, 1, true), point(27, 1, 5), point(28, 1, 6)];
    expect(chartData("deploymentFrequency", whole, cut, "UTC", "week").previous).toEqual([5, 6, null]);
    expect(chartData("deploymentFrequency", cut, whole, "UTC", "week").previous).toEqual([null, 7, 8]);
  });

  it("keeps periods of few rows out of the lowest and the highest", () => {
    const series = [point(40, 1, 1), point(41, 0.2, 10), point(42, 0.1, 10)];
    const data = chartData("reworkRate", series, [], "UTC", "week");
    expect(data.points.map(({ isFew }) => isFew)).toEqual([true, false, false]);
    expect(summary(data, "reworkRate")).toBe(
      "From 10\u00a0% (lowest, 12 Oct) to 20\u00a0% (highest, 5 Oct).",
    );
  });

  it("tells nothing measured from zero", () => {
    const data = chartData("changeFailureRate", [point(40, null, 0), point(41, 0, 12)], [], "UTC", "week");
    expect(data.points.map(({ y, value }) => [y, value])).toEqual([
      [null, "No data"],
      [0, "0\u00a0%"],
    ]);
  });

  it("sums up the whole periods and says where there is no data", () => {
    const series = [point(40, 0.5, 2, true), point(41, 0.2, 10), point(42, 0.1, 10), point(43, null, 0)];
    const data = chartData("reworkRate", series, [], "UTC", "week");
    expect(summary(data, "reworkRate")).toBe(
      "From 10\u00a0% (lowest, 12 Oct) to 20\u00a0% (highest, 5 Oct). No data in 1 of 4 periods.",
    );
    const one = chartData("reworkRate", [point(40, 0.5, 2), point(41, 1, 1, true)], [], "UTC", "week");
    expect(summary(one, "reworkRate")).toBe("50\u00a0% in the only finished period with data (28 Sep).");
    expect(summary(chartData("reworkRate", [point(40, null, 0)], [], "UTC", "week"), "reworkRate")).toBe(
      "No data in any period of this window.",
    );
  });
});

describe("room beside a chart", () => {
  it("is the same for short labels, and as much as the longest takes otherwise", () => {
    expect(roomLeft(["0", "250"], 44)).toBe(44);
    expect(roomLeft(["0", "1,234,567.89"], 44)).toBeGreaterThan(90);
  });

  it("holds half of the last label where its bucket is narrower", () => {
    expect(roomRight(["28 Sep"], 6, 60)).toBe(6);
    expect(roomRight(["28 Sep"], 6, 4)).toBeGreaterThan(18);
  });
});
