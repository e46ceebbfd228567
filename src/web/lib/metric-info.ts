/** What each metric is called, means and counts: the words around the numbers. */
import type { MetricName, StageName, Tier } from "../api/types.ts";

export interface MetricInfo {
  readonly title: string;
  /** One line under the value. */
  readonly measure: string;
  readonly definition: string;
  /** What one row of the evidence is. */
  readonly row: string;
  readonly lowerIsBetter: boolean;
}

export const METRIC_INFO: Record<MetricName, MetricInfo> = {
  deploymentFrequency: {
    title: "Deployment frequency",
    measure: "successful deployments",
    definition:
      "Successful deployments to the environment that finished in the window, divided by the days in the window.",
    row: "deployment",
    lowerIsBetter: false,
  },
  changeLeadTime: {
    title: "Change lead time",
    measure: "median, first commit to deployed",
    definition:
      "For each change shipped by a deployment that finished in the window: from its first commit to the end of that deployment. The headline is the median.",
    row: "change",
    lowerIsBetter: true,
  },
  changeFailureRate: {
    title: "Change failure rate",
    measure: "deployments that failed",
    definition:
      "The share of deployments in the window that failed: by their status, by an incident that they caused, by being rolled back, or by a hotfix or revert of what they shipped.",
    row: "deployment",
    lowerIsBetter: true,
  },
  failedDeploymentRecoveryTime: {
    title: "Failed deployment recovery time",
    measure: "median, failed to restored",
    definition:
      "For each failed deployment in the window: from its end until service was restored, by the end of its incident, by the deployment that repaired it, or else by the next success. Median; those still open count as “at least so long”.",
    row: "failed deployment",
    lowerIsBetter: true,
  },
  reworkRate: {
    title: "Rework rate",
    measure: "deployments made to repair",
    definition:
      "The share of deployments in the window made to repair something: a hotfix, a revert, a rollback, or one that resolved an incident.",
    row: "deployment",
    lowerIsBetter: true,
  },
  meanTimeToRecovery: {
    title: "Mean time to recovery",
    measure: "incident started to resolved",
    definition:
      "For each incident that started in the window: from its start until it was resolved. The mean.",
    row: "incident",
    lowerIsBetter: true,
  },
};

/** The metrics with a card and a chart of their own, in reading order. */
export const CARD_METRICS = [
  "deploymentFrequency",
  "changeLeadTime",
  "changeFailureRate",
  "failedDeploymentRecoveryTime",
  "reworkRate",
] as const satisfies readonly MetricName[];
export type CardMetric = (typeof CARD_METRICS)[number];

export const TIERS: Record<Tier, { label: string; level: number }> = {
  elite: { label: "Elite", level: 4 },
  high: { label: "High", level: 3 },
  medium: { label: "Medium", level: 2 },
  low: { label: "Low", level: 1 },
};

export const STAGES: readonly { name: StageName; title: string; span: string }[] = [
  { name: "coding", title: "Coding", span: "first commit → opened" },
  { name: "pickup", title: "Pickup", span: "opened → first review" },
  { name: "review", title: "Review", span: "first review → merged" },
  { name: "deploy", title: "Deploy", span: "merged → deployed" },
];

const REASONS: Record<string, string> = {
  status: "Status unknown or ignored",
  first_deployment: "First deployment: its history is not counted",
  no_start: "No known start",
  negative_span: "Ends before it starts",
  negative_stage: "A stage ends before it starts",
  shallow_history: "History is cut off (shallow clone)",
  unknown_sha: "Commit unknown",
  other_paths: "Touches other paths only",
  already_shipped: "Already shipped by an earlier deployment",
  not_deployed: "Not deployed yet",
  not_linked: "No deployment is known as the cause",
  not_caused: "Not caused by a deployment",
  no_end: "Resolved, but not known when",
};

/** A machine-readable exclusion reason in words. */
export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll("_", " ");
}

const BENCHMARKS: Record<string, { name: string; caveat: string }> = {
  own: { name: "own thresholds", caveat: "These limits were set in the DORA settings of this portal." },
  "dora-2024": {
    name: "DORA 2024",
    caveat:
      "The report's groups come from a survey of organisations; they are clusters, not a ladder. In 2024 the medium group fails less often (10\u00a0%) than the high group (20\u00a0%), so cut-offs for change failure rate are a reading, not the report's own.",
  },
};

/** Name and caveat of a benchmark, to be shown wherever its band is. */
export function benchmarkInfo(id: string): { name: string; caveat: string } {
  return (
    BENCHMARKS[id] ?? {
      name: id.replace(/^dora-/, "DORA "),
      caveat: "The report's groups come from a survey of organisations; they are clusters, not a ladder.",
    }
  );
}
