/** The industry means of dora.md section 10, and values on their scale. */
import { expect, test } from "vitest";
import { BENCHMARK_YEARS, reportOf } from "../../src/dora/benchmarks.ts";
import { INDUSTRY_EDITIONS, onScale } from "../../src/dora/industry.ts";

test("both editions have source and caveats; means lie on their scales", () => {
  expect(INDUSTRY_EDITIONS.map(({ year, means }) => [year, means.length])).toEqual([
    [2025, 14],
    [2024, 1],
  ]);
  for (const { source, caveats, means } of INDUSTRY_EDITIONS) {
    expect(source).toMatch(/dora\.dev/);
    expect(caveats.length).toBeGreaterThan(1);
    for (const { changeLeadTime, deploymentFrequency, failedDeploymentRecoveryTime, ...rates } of means) {
      for (const value of [changeLeadTime, deploymentFrequency, failedDeploymentRecoveryTime])
        expect(value).toBeGreaterThan(3);
      // Recovery reads as the others do: 10 is best (the trap of the file by size of organisation).
      expect(failedDeploymentRecoveryTime).toBeGreaterThan(6);
      expect(rates.changeFailurePercent).toBeLessThan(30);
    }
  }
});

test.each([
  ["changeLeadTime", 59 * 60, 10],
  ["changeLeadTime", 3600, 8],
  ["changeLeadTime", 86_400, 6],
  ["failedDeploymentRecoveryTime", 8 * 86_400, 4],
  ["changeLeadTime", 60 * 86_400, 2],
  ["changeLeadTime", 400 * 86_400, 0],
  ["deploymentFrequency", 0, 0],
  ["deploymentFrequency", 1 / 90, 2],
  ["deploymentFrequency", 1 / 14, 4],
  ["deploymentFrequency", 0.5, 6],
  ["deploymentFrequency", 3, 8],
  ["deploymentFrequency", 30, 10],
  ["changeFailureRate", 0.19, 8.1],
  ["reworkRate", 0, 10],
] as const)("%s of %d is %d", (metric, value, scaled) =>
  expect(onScale(metric, value)).toBeCloseTo(scaled, 10),
);

test("every report has its clusters with the share of respondents, together about all of them", () => {
  for (const year of BENCHMARK_YEARS) {
    const { clusters, caveats } = reportOf(year);
    expect(caveats.length).toBeGreaterThan(1);
    const sum = clusters.reduce((total, { sharePercent }) => total + (sharePercent ?? 0), 0);
    expect([year, Math.abs(sum - 100) <= 2]).toEqual([year, true]);
  }
  expect(reportOf(2024).clusters[1]).toEqual({
    ...{ tier: "high", sharePercent: 22, changeLeadTime: "between a day and a week" },
    ...{ deploymentFrequency: "between once a day and once a week", changeFailureRate: "around 20 %" },
    failedDeploymentRecoveryTime: "less than a day",
  });
});
