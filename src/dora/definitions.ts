/** The definitions of the profile `fairway` in words, and what each reason for leaving something out means. */
import type { ExclusionReason } from "./derived.ts";
import type { DerivationSettings } from "./facts.ts";
import type { MetricName } from "./results.ts";

type Words = Pick<DerivationSettings, "failureWindowHours" | "failureCauses" | "excludeDraftTime">;

/** One or two sentences with the settings in force. */
export function definitionOf(metric: MetricName, settings: Words): string {
  const hours = settings.failureWindowHours;
  switch (metric) {
    case "deploymentFrequency":
      return "Successful deployments that finished in the window, divided by its days in the time zone of the question. 0 where there were none, no value where no source tells of deployments.";
    case "changeLeadTime":
      return `Per change shipped by a deployment that finished in the window: from its first commit (authored; else from when it was ${
        settings.excludeDraftTime ? "ready for review" : "opened"
      }) to the end of that deployment. The headline is the median.`;
    case "changeFailureRate":
      return `Of the deployments that finished in the window, succeeded or failed, the share that failed: ${causesIn(settings.failureCauses, hours)}.`;
    case "failedDeploymentRecoveryTime":
      return "Per failed deployment that finished in the window: from its end to the end of the last incident that it caused; without one to the deployment that repaired it, else to the next success. The headline is the median; those still open count as at least so long (Kaplan–Meier).";
    case "meanTimeToRecovery":
      return "Per incident that began in the window: from its start to its end. The headline is the mean; with an open one there is none.";
    default:
      return "Of the deployments that finished in the window, the share made to repair: rollbacks, reverts, hotfixes, the last success before an incident was resolved, and those that ship a change that names an incident.";
  }
}

function causesIn(causes: Words["failureCauses"], hours: number): string {
  const parts = [
    ...(causes.status ? ["by its status"] : []),
    ...(causes.incident ? ["by an incident that it caused"] : []),
    ...(causes.rollback ? ["because it was rolled back"] : []),
    ...(causes.hotfix ? [`followed within ${hours} h by a hotfix or revert of something it shipped`] : []),
  ];
  return parts.length === 0 ? "by nothing, as every cause is switched off" : parts.join(", or ");
}

export const EXCLUSIONS: Readonly<Record<ExclusionReason, string>> = {
  status: "its status is neither success nor failure, or says that the incident was none",
  first_deployment: "history from before the first deployment (setting baseline)",
  no_start: "neither its first commit nor its opening is known",
  negative_span: "it ends before it begins",
  negative_stage: "one of its stages ends before it begins; only that stage is left out",
  shallow_history: "history is cut off: parents of its commits are not known",
  unknown_sha: "the commit of the deployment is not known",
  other_paths: "it touches other paths of the repository only",
  already_shipped: "an earlier deployment shipped it",
  not_deployed: "merged in the window, and shipped by no deployment yet",
  not_linked: "no deployment is known as the cause of the incident",
  not_caused: "a user said that no deployment caused the incident",
  no_end: "resolved, but not known when",
};
