/**
 * The profile `port`: the formulas of Port's article on DORA to the letter, over one service and all its environments,
 * with the time of the event in place of the time of ingestion. They have no window: everything up to `to` counts.
 */
import type { Instant } from "./facts.ts";
import { type PortFacts, type PortRows, portRows } from "./port-rows.ts";

const MONTH_MS = 30 * 86_400_000;

export interface PortMetric {
  readonly value: number | null;
  readonly unit: "per_month" | "hours" | "percent" | "minutes";
  /** Rows that the formula takes. */
  readonly n: number;
  /** Months of thirty days from the earliest row, rounded up; only where the formula divides by them. */
  readonly months?: number;
  readonly formula: string;
  /** Where it departs from ours, in sentences with its numbers. */
  readonly differences: readonly string[];
}

export interface PortMetrics {
  readonly deploymentFrequency: PortMetric;
  readonly changeLeadTime: PortMetric;
  readonly changeFailureRate: PortMetric;
  readonly meanTimeToRecovery: PortMetric;
}

export function portMetrics(
  facts: PortFacts,
  to: Instant,
  productionEnvironments: readonly string[],
): PortMetrics {
  const rows = portRows(facts, to);
  const successes = rows.deploymentFrequency.counted;
  const deploymentMonths = monthsSince(successes, to);
  const perMonth = successes.length / deploymentMonths;
  const elsewhere = successes.filter(
    ({ environment }) => environment !== null && !productionEnvironments.includes(environment),
  ).length;
  const merged = rows.changeLeadTime.counted;
  const incidents = rows.changeFailureRate.counted.filter(({ unit }) => unit === "incident");
  const resolved = rows.meanTimeToRecovery.counted;
  const recoveryMonths = monthsSince(resolved, to);

  return {
    deploymentFrequency: {
      value: perMonth,
      unit: "per_month",
      n: successes.length,
      months: deploymentMonths,
      formula: "successful deployments ÷ months since the first of them",
      differences: [
        `no window: all ${successes.length} successful deployments ever, over ${deploymentMonths} months of 30 days, rounded up`,
        `every environment: ${elsewhere} of them are not in production`,
      ],
    },
    changeLeadTime: {
      value: merged.length === 0 ? null : total(merged) / merged.length,
      unit: "hours",
      n: merged.length,
      formula: "mean of merged − opened over all merged pull requests",
      differences: [
        "ends when the change is merged, not when it is deployed",
        "starts when it was opened, not with its first commit",
        "mean, not median: a few long ones decide it",
        `no window, and every one of the ${merged.length} merged pull requests, deployed or not`,
      ],
    },
    changeFailureRate: {
      value: perMonth === 0 ? null : (incidents.length / perMonth) * 100,
      unit: "percent",
      n: incidents.length,
      formula: "all incidents ÷ successful deployments per month × 100",
      differences: [
        `no share: ${incidents.length} incidents of all time over ${perMonth} deployments of one month, so it grows for ever and passes 100 %`,
        "incidents are not linked to deployments: one that no deployment caused counts like any other",
        "failed deployments, rollbacks and hotfixes do not count",
      ],
    },
    meanTimeToRecovery: {
      value: resolved.length === 0 ? null : total(resolved) / recoveryMonths,
      unit: "minutes",
      n: resolved.length,
      months: recoveryMonths,
      formula: "sum of resolved − created over resolved incidents ÷ months since the first of them",
      differences: [
        `a monthly total (${recoveryMonths} months), not a mean over the ${resolved.length} incidents`,
        "open incidents are left out instead of being counted as at least so long",
        "no window: incidents of all time",
      ],
    },
  };
}

type Counted = PortRows["changeLeadTime"]["counted"];

const total = (rows: Counted): number => rows.reduce((sum, { value }) => sum + value, 0);

/** Months of thirty days from the earliest of the rows, rounded up; never less than one. */
function monthsSince(rows: Counted, to: Instant): number {
  const first = rows.reduce((least, { at }) => Math.min(least, at), to);
  return Math.max(1, Math.ceil((to - first) / MONTH_MS));
}
