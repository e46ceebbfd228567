/**
 * The profile `port`: the formulas of Port's article on DORA to the letter, over one service and all its environments,
 * with the time of the event in place of the time of ingestion. They have no window: everything up to `to` counts.
 */
import type { ChangeFact, DeploymentFact, IncidentFact, Instant } from "./facts.ts";

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

export interface PortFacts {
  readonly deployments: readonly DeploymentFact[];
  readonly changes: readonly ChangeFact[];
  readonly incidents: readonly IncidentFact[];
}

export function portMetrics(
  facts: PortFacts,
  to: Instant,
  productionEnvironments: readonly string[],
): PortMetrics {
  const successes = distinct(facts.deployments).filter(
    ({ status, finishedAt }) => status === "success" && finishedAt < to,
  );
  const deploymentMonths = monthsSince(
    successes.map(({ finishedAt }) => finishedAt),
    to,
  );
  const perMonth = successes.length / deploymentMonths;
  const elsewhere = successes.filter(
    ({ environment }) => !productionEnvironments.includes(environment),
  ).length;

  const merged = distinct(facts.changes).flatMap(({ openedAt, mergedAt }) =>
    openedAt === null || mergedAt === null || mergedAt >= to ? [] : [(mergedAt - openedAt) / 3_600_000],
  );

  const incidents = distinct(facts.incidents).filter(({ startedAt }) => startedAt < to);
  const resolved = incidents.filter(
    ({ status, resolvedAt }) => resolvedAt !== null && (status === "resolved" || status === "unknown"),
  );
  const recovery = resolved.map(({ startedAt, resolvedAt }) => ((resolvedAt as number) - startedAt) / 60_000);
  const recoveryMonths = monthsSince(
    resolved.map(({ startedAt }) => startedAt),
    to,
  );

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
      value: merged.length === 0 ? null : sum(merged) / merged.length,
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
      value: resolved.length === 0 ? null : sum(recovery) / recoveryMonths,
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

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function monthsSince(times: readonly Instant[], to: Instant): number {
  const first = times.reduce((least, time) => Math.min(least, time), to);
  return Math.max(1, Math.ceil((to - first) / MONTH_MS));
}

function distinct<F extends { readonly blueprint: string; readonly id: string }>(facts: readonly F[]): F[] {
  const found = new Map<string, F>();
  for (const fact of facts) {
    const key = JSON.stringify([fact.blueprint, fact.id]);
    const other = found.get(key);
    if (other === undefined || JSON.stringify(fact) < JSON.stringify(other)) found.set(key, fact);
  }
  return [...found.values()];
}
