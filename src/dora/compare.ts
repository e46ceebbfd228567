/** What changed between two windows, and whether it is more than chance. */
import { calendarOf } from "./calendar.ts";
import { computeMetrics } from "./metrics.ts";
import { type MetricsInput, observe } from "./observations.ts";
import { countPermutationTest, medianPermutationTest, sharePermutationTest } from "./permutation.ts";
import type { MetricName, Metrics, Trend } from "./results.ts";

export interface Comparison {
  /** Headline of the previous window and how many rows it rests on. */
  readonly previous: { readonly value: number | null; readonly n: number };
  readonly trend: Trend;
}

const SIGNIFICANT = 0.05;

/**
 * One comparison per metric. Medians: permutation test; rates: Fisher's exact test; frequency: exact binomial test of
 * the counts. Medians with an open duration on either side have a difference but no test.
 */
export function compareWindows(
  current: MetricsInput,
  previous: MetricsInput,
): Record<MetricName, Comparison> {
  const now = computeMetrics(current);
  const before = computeMetrics(previous);
  const compare = (metric: MetricName, n: number, test: () => number | null): Comparison => {
    const value = now[metric].value;
    const old = before[metric].value;
    const p = value === null || old === null ? null : test();
    return {
      previous: { value: old, n },
      trend: {
        delta: value === null || old === null ? null : value - old,
        significant: p === null ? null : p < SIGNIFICANT,
        p,
      },
    };
  };
  const medians = (metric: MetricName): number | null => {
    const [left, right] = [observe(metric, current).counted, observe(metric, previous).counted];
    if ([...left, ...right].some(({ open }) => open)) return null;
    return medianPermutationTest(
      left.map(({ value }) => value),
      right.map(({ value }) => value),
    );
  };
  return {
    deploymentFrequency: compare("deploymentFrequency", before.deploymentFrequency.count, () =>
      countPermutationTest(counted(now, current), counted(before, previous)),
    ),
    changeLeadTime: compare("changeLeadTime", before.changeLeadTime.n, () => medians("changeLeadTime")),
    changeFailureRate: compare("changeFailureRate", before.changeFailureRate.total, () =>
      sharePermutationTest(
        { hits: now.changeFailureRate.failed, total: now.changeFailureRate.total },
        { hits: before.changeFailureRate.failed, total: before.changeFailureRate.total },
      ),
    ),
    failedDeploymentRecoveryTime: compare(
      "failedDeploymentRecoveryTime",
      before.failedDeploymentRecoveryTime.n,
      () => medians("failedDeploymentRecoveryTime"),
    ),
    meanTimeToRecovery: compare("meanTimeToRecovery", before.meanTimeToRecovery.n, () => null),
    reworkRate: compare("reworkRate", before.reworkRate.total, () =>
      sharePermutationTest(
        { hits: now.reworkRate.rework, total: now.reworkRate.total },
        { hits: before.reworkRate.rework, total: before.reworkRate.total },
      ),
    ),
  };
}

const counted = (metrics: Metrics, { window }: MetricsInput): { count: number; days: number } => ({
  count: metrics.deploymentFrequency.count,
  days: calendarOf(window.timezone).daysBetween(window.from, window.to),
});
