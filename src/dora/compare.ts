/** What differs between two windows or scopes, and whether it is more than chance. */
import { calendarOf } from "./calendar.ts";
import { metricsOf } from "./metrics.ts";
import type { MetricsInput } from "./observations.ts";
import {
  countPermutationTest,
  meanPermutationTest,
  medianPermutationTest,
  sharePermutationTest,
  thin,
} from "./permutation.ts";
import type { MetricName, Metrics, Trend } from "./results.ts";
import type { Durations } from "./sorted.ts";
import { type Summary, summaryOf } from "./summary.ts";
import type { Thresholds } from "./thresholds.ts";

export interface Comparison {
  /** Headline of the other window or scope, and how many rows it rests on. */
  readonly previous: { readonly value: number | null; readonly n: number };
  readonly trend: Trend;
}

const SIGNIFICANT = 0.05;

/** Two samples whose difference is to be tested. */
export interface SamplePair {
  readonly statistic: "median" | "mean";
  readonly current: readonly number[];
  readonly previous: readonly number[];
}

export interface ComparisonPlan {
  /** Tests that take long (some 20 ms each for great samples): a caller may do them elsewhere. */
  readonly samples: readonly SamplePair[];
  /** @param ps what `testSamples` gives for each of the samples, in their order */
  readonly finish: (ps: readonly (number | null)[]) => Record<MetricName, Comparison>;
}

export const testSamples = ({ statistic, current, previous }: SamplePair): number | null =>
  statistic === "median" ? medianPermutationTest(current, previous) : meanPermutationTest(current, previous);

/**
 * One comparison per metric. Medians and means: permutation test; rates: Fisher's exact test; frequency: exact binomial
 * test of the counts. Durations with an open one on either side have a difference but no test.
 */
export const compareWindows = (
  current: MetricsInput,
  previous: MetricsInput,
): Record<MetricName, Comparison> => {
  const plan = planBetween(sideOf(summaryOf(current), current), sideOf(summaryOf(previous), previous));
  return plan.finish(plan.samples.map(testSamples));
};

/** One of the two. */
export interface Side {
  readonly summary: Summary;
  readonly metrics: Metrics;
  /**
   * Days of the window that are over: a day that is not has not had all of its deployments, so that a window which ends
   * with today would differ from any before it, and significantly so.
   */
  readonly daysOver: number;
}

export function sideOf(
  summary: Summary,
  asked: Pick<MetricsInput, "window" | "hasSource" | "now">,
  thresholds: Thresholds = {},
): Side {
  const { from, to, timezone } = asked.window;
  const until = Math.max(from, Math.min(to, asked.now));
  const daysOver = calendarOf(timezone).daysBetween(from, until);
  return { summary, metrics: metricsOf(summary, asked, thresholds), daysOver };
}

/** Whether no row is on both sides; where some are, differences are told but not tested. */
export interface Apart {
  /** Deployments and changes. */
  readonly rows: boolean;
  readonly incidents: boolean;
}

export const APART: Apart = { rows: true, incidents: true };

export function planBetween(current: Side, previous: Side, apart: Apart = APART): ComparisonPlan {
  const isTested = (metric: MetricName): boolean =>
    metric === "meanTimeToRecovery" ? apart.incidents : apart.rows;
  const [now, before] = [current.metrics, previous.metrics];
  const samples: SamplePair[] = [];
  const positions = new Map<MetricName, number>();
  for (const metric of DURATIONS) {
    if (!isTested(metric)) continue;
    if (now[metric].value === null || before[metric].value === null) continue;
    const [left, right] = [durationsIn(current, metric), durationsIn(previous, metric)];
    if (left.open.length + right.open.length > 0) continue;
    positions.set(metric, samples.length);
    samples.push({
      statistic: metric === "meanTimeToRecovery" ? "mean" : "median",
      // What the test would make of them: all of a million need not be handed over.
      current: thin(left.closed.sorted),
      previous: thin(right.closed.sorted),
    });
  }
  const finish: ComparisonPlan["finish"] = (ps) => {
    const compare = (metric: MetricName, n: number, test: () => number | null): Comparison => {
      const value = now[metric].value;
      const old = before[metric].value;
      const p = value === null || old === null || !isTested(metric) ? null : test();
      return {
        previous: { value: old, n },
        trend: {
          delta: value === null || old === null ? null : value - old,
          significant: p === null ? null : p < SIGNIFICANT,
          p,
        },
      };
    };
    const duration = (metric: (typeof DURATIONS)[number]): Comparison =>
      compare(metric, before[metric].n, () => ps[positions.get(metric) ?? -1] ?? null);
    return {
      deploymentFrequency: compare("deploymentFrequency", before.deploymentFrequency.count, () =>
        countPermutationTest(counted(current), counted(previous)),
      ),
      changeLeadTime: duration("changeLeadTime"),
      changeFailureRate: compare("changeFailureRate", before.changeFailureRate.total, () =>
        sharePermutationTest(
          { hits: now.changeFailureRate.failed, total: now.changeFailureRate.total },
          { hits: before.changeFailureRate.failed, total: before.changeFailureRate.total },
        ),
      ),
      failedDeploymentRecoveryTime: duration("failedDeploymentRecoveryTime"),
      meanTimeToRecovery: duration("meanTimeToRecovery"),
      reworkRate: compare("reworkRate", before.reworkRate.total, () =>
        sharePermutationTest(
          { hits: now.reworkRate.rework, total: now.reworkRate.total },
          { hits: before.reworkRate.rework, total: before.reworkRate.total },
        ),
      ),
    };
  };
  return { samples, finish };
}

const DURATIONS = ["changeLeadTime", "failedDeploymentRecoveryTime", "meanTimeToRecovery"] as const;

function durationsIn({ summary }: Side, metric: (typeof DURATIONS)[number]): Durations {
  if (metric === "changeLeadTime") return { closed: summary.lead, open: [] };
  return metric === "meanTimeToRecovery" ? summary.incidents : summary.recovery;
}

const counted = ({ metrics, daysOver }: Side): { count: number; days: number } => ({
  count: metrics.deploymentFrequency.count,
  days: daysOver,
});
