/** Rollbacks: a deployment of an ancestor of what is live, or one whose trigger says so (dora.md sections 2 and 11). */
import type { Ancestry } from "./ancestry.ts";
import { UNKNOWN } from "./commit-graph.ts";
import type { Step } from "./sequence.ts";

export interface Rollback {
  /** Index of the step it blames; null when there is none before it. */
  readonly blames: number | null;
  /** Commits taken back; null where shas are unknown. */
  readonly unshipped: number | null;
}

/** One entry per step; null where it is no rollback. */
export function findRollbacks(steps: readonly Step[], ancestry: Ancestry): (Rollback | null)[] {
  return steps.map((step, index) => {
    const live = steps[step.live];
    const known = live !== undefined && live.commit !== UNKNOWN && step.commit !== UNKNOWN;
    const backwards = known && ancestry.isProperAncestor(step.commit, live.commit);
    if (!backwards && step.deployment.trigger !== "rollback") return null;
    return {
      blames: backwards ? step.live : blamedByTrigger(step, live, index),
      unshipped: backwards ? ancestry.difference(live.commit, step.commit).count : null,
    };
  });
}

/** The live deployment when both shas are told and differ, else the one just before, whatever its status. */
function blamedByTrigger(step: Step, live: Step | undefined, index: number): number | null {
  const { sha } = step.deployment;
  if (live !== undefined && sha !== null && live.deployment.sha !== null && live.deployment.sha !== sha)
    return step.live;
  return index === 0 ? null : index - 1;
}
