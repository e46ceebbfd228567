/** Why a metric has no value in a window, and which of its rows say so. */
import { leftOutOf, type WindowCounts } from "./coverage.ts";
import { EXCLUSIONS } from "./definitions.ts";
import type { ExclusionReason } from "./derived.ts";
import type { MetricName, Metrics } from "./results.ts";

export interface NoValue {
  readonly reason:
    | "no_source"
    | "none_in_window"
    | "all_left_out"
    | "none_succeeded"
    | "not_deployed"
    | "no_changes_known"
    | "none_failed"
    | "still_open";
  /** One sentence. */
  readonly text: string;
  /** The part of the evidence in which to look; null where there is no row. */
  readonly rows: "counted" | "excluded" | null;
}

/** What is known of the window beside the metrics. */
export interface Known {
  readonly counts: WindowCounts;
  /** Merged in the window, and shipped by no deployment yet. */
  readonly notDeployed: number;
  readonly environments: readonly string[];
  /** Whether anything in the scope was ever deployed. */
  readonly hasSource: boolean;
  /** Whether incidents ever came from anywhere. */
  readonly hasIncidents: boolean;
}

/** @returns null where there is a value */
export function noValueOf(metric: MetricName, metrics: Metrics, known: Known): NoValue | null {
  if (metrics[metric].value !== null) return null;
  if (metric === "meanTimeToRecovery") return noRecovery(metrics, known);
  if (!known.hasSource)
    return { reason: "no_source", text: "No deployment has been reported here yet.", rows: null };
  if (metric === "changeLeadTime") return noLeadTime(metrics, known);
  if (metric === "failedDeploymentRecoveryTime" && metrics.changeFailureRate.total > 0)
    return noRestoration(metrics);
  return noDeployment(known);
}

function noDeployment({ counts, environments }: Known): NoValue {
  if (counts.countedDeployments > 0)
    return {
      reason: "none_succeeded",
      text: `${many(counts.countedDeployments, "deployment")} finished in this window, none succeeded.`,
      rows: null,
    };
  if (counts.deployments > 0)
    return {
      reason: "all_left_out",
      text: `${many(counts.deployments, "deployment")} finished in this window, and none counts: ${reasons(counts.leftOut.deployments)}.`,
      rows: "excluded",
    };
  return {
    reason: "none_in_window",
    text: `No deployment to ${environments.join(" or ")} finished in this window.`,
    rows: null,
  };
}

function noLeadTime({ deploymentFrequency }: Metrics, known: Known): NoValue {
  const { counts, notDeployed } = known;
  // Of deployments that are left out nothing follows where others shipped: they would hide the cause.
  const out = counts.leftOut.changes;
  if (sum(out) > 0)
    return { reason: "all_left_out", text: `No change counts: ${reasons(out)}.`, rows: "excluded" };
  if (notDeployed > 0)
    return {
      reason: "not_deployed",
      text: `${many(notDeployed, "change")} merged in this window, none deployed yet.`,
      rows: "excluded",
    };
  if (deploymentFrequency.count === 0) return noDeployment(known);
  return {
    reason: "no_changes_known",
    text: `${many(deploymentFrequency.count, "deployment")} finished in this window, and it is not known what they shipped: they name no commit or pull request that is known here.`,
    rows: null,
  };
}

function noRestoration({ failedDeploymentRecoveryTime, changeFailureRate }: Metrics): NoValue {
  const { n, open } = failedDeploymentRecoveryTime;
  if (n + open === 0)
    return {
      reason: "none_failed",
      text: `None of the ${many(changeFailureRate.total, "deployment")} in this window failed.`,
      rows: null,
    };
  const said = n === 0 ? "none" : String(n);
  return {
    reason: "still_open",
    text: `${many(n + open, "deployment")} failed in this window, ${said} restored yet; there is no median until half of them are.`,
    rows: "counted",
  };
}

function noRecovery({ meanTimeToRecovery }: Metrics, { counts, hasIncidents }: Known): NoValue {
  const { n, open } = meanTimeToRecovery;
  if (open > 0)
    return {
      reason: "still_open",
      text:
        n === 0
          ? `${many(open, "incident")} began in this window, none resolved yet: the mean will be at least so long.`
          : `${n} of ${many(n + open, "incident")} ${are(n)} resolved, ${open} still open: the mean will be at least so long.`,
      rows: "counted",
    };
  const out = leftOutOf("meanTimeToRecovery", counts);
  const left = sum(out);
  if (left > 0)
    return {
      reason: "all_left_out",
      text: `${many(left, "incident")} began in this window, and none counts: ${reasons(out)}.`,
      rows: "excluded",
    };
  return hasIncidents
    ? { reason: "none_in_window", text: "No incident began in this window.", rows: null }
    : { reason: "no_source", text: "No incident has been reported yet.", rows: null };
}

type Reasons = Readonly<Partial<Record<ExclusionReason, number>>>;

const sum = (reasons: Reasons): number => Object.values(reasons).reduce((total, count) => total + count, 0);

const reasons = (all: Reasons): string =>
  (Object.entries(all) as [ExclusionReason, number][])
    .sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
    .map(([reason, count]) => `${EXCLUSIONS[reason]} (${count})`)
    .join("; ");

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
const are = (count: number): string => (count === 1 ? "is" : "are");
