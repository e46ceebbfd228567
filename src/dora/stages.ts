/**
 * Lead time of a change and its stages, in seconds.
 *
 * Lead time runs from the earliest authored date among the change's commits (or the first commit its entity tells,
 * when that is earlier) to the end of the deployment; without any, from "opened"; without that, it is left out.
 * Coding runs to opened, pickup to the first review, review to merged, deploy to deployed. Where "opened" is unknown
 * (plain git), coding runs to merged, and pickup and review are null, so that stages add up to the lead time. Without
 * a review, pickup and review are null: nobody knows which of the two the time was.
 */
import type { ExclusionReason, Stage } from "./derived.ts";
import type { Instant } from "./facts.ts";

export interface Milestones {
  readonly firstCommitAt: Instant | null;
  readonly openedAt: Instant | null;
  readonly firstReviewAt: Instant | null;
  readonly mergedAt: Instant | null;
  readonly deployedAt: Instant;
}

export interface LeadTime {
  readonly leadSeconds: number | null;
  readonly stages: Stage;
  readonly stageNotes: readonly string[];
  readonly excluded: { readonly reason: ExclusionReason; readonly detail: string } | null;
}

const NO_STAGES: Stage = { coding: null, pickup: null, review: null, deploy: null };

export function leadTimeOf(times: Milestones): LeadTime {
  const { firstCommitAt, openedAt, firstReviewAt, mergedAt, deployedAt } = times;
  const start = firstCommitAt ?? openedAt;
  if (start === null)
    return leftOut("no_start", "neither the first commit nor the opening of the change is known");
  if (deployedAt < start)
    return leftOut("negative_span", `deployed ${seconds(deployedAt, start)} s before its start`);
  const stageNotes: string[] = [];
  const span = (stage: keyof Stage, from: Instant | null, to: Instant | null): number | null => {
    if (from === null || to === null) return null;
    if (to >= from) return seconds(from, to);
    stageNotes.push(`${stage}: ends ${seconds(to, from)} s before it begins`);
    return null;
  };
  const stages: Stage = {
    coding: span("coding", firstCommitAt, openedAt ?? mergedAt),
    pickup: span("pickup", openedAt, firstReviewAt),
    review: openedAt === null ? null : span("review", firstReviewAt, mergedAt),
    deploy: span("deploy", mergedAt, deployedAt),
  };
  return { leadSeconds: seconds(start, deployedAt), stages, stageNotes, excluded: null };
}

const seconds = (from: Instant, to: Instant): number => (to - from) / 1000;

const leftOut = (reason: ExclusionReason, detail: string): LeadTime => ({
  leadSeconds: null,
  stages: NO_STAGES,
  stageNotes: [],
  excluded: { reason, detail },
});
