/** Which deployments failed, why, and when service was restored. Every cause is a finding; metrics only count them. */
import type { CauseDetail, FailureCause, ReworkDetail } from "./derived.ts";
import type { DerivationSettings, Instant } from "./facts.ts";
import type { Repair } from "./repairs.ts";
import type { Step } from "./sequence.ts";

export interface Outcome {
  readonly causes: readonly CauseDetail[];
  readonly rework: readonly ReworkDetail[];
  readonly restoredAt: Instant | null;
  readonly restoredBy: string | null;
}

interface Draft {
  readonly causes: CauseDetail[];
  readonly rework: ReworkDetail[];
  /** Earliest successful step that repaired this one. */
  repairedBy: number | null;
}

/**
 * Folds repairs into one outcome per step. A rollback blames without limit of time; a hotfix or revert only when it
 * finished within the failure window of what it repairs (as rework it counts whenever it came).
 */
export function judge(
  steps: readonly Step[],
  repairs: readonly Repair[],
  settings: Pick<DerivationSettings, "failureCauses" | "failureWindowHours">,
): Outcome[] {
  const { failureCauses } = settings;
  const windowMs = settings.failureWindowHours * 3_600_000;
  const drafts = steps.map((step): Draft => {
    const byStatus = !step.succeeded && failureCauses.status;
    return { causes: byStatus ? [statusCause] : [], rework: [], repairedBy: null };
  });
  for (const { by, repairs: blamed, reason, detail } of repairs) {
    const repairer = steps[by] as Step;
    const repaired = blamed === null ? undefined : (steps[blamed] as Step);
    drafts[by]?.rework.push({ reason, repairs: repaired?.deployment.id ?? null, detail });
    if (blamed === null || repaired === undefined) continue;
    const draft = drafts[blamed] as Draft;
    const cause: FailureCause = reason === "rollback" ? "rollback" : "hotfix";
    const inTime = repairer.deployment.finishedAt - repaired.deployment.finishedAt <= windowMs;
    if (cause === "hotfix" && !inTime) continue;
    if (repairer.succeeded && (draft.repairedBy === null || by < draft.repairedBy)) draft.repairedBy = by;
    if (failureCauses[cause]) addCause(draft, { cause, by: repairer.deployment.id, detail });
  }
  const nextSuccess = nextSuccesses(steps);
  return drafts.map(({ causes, rework, repairedBy }, index) => {
    const restored = causes.length === 0 ? undefined : steps[repairedBy ?? (nextSuccess[index] as number)];
    return {
      causes,
      rework,
      restoredAt: restored?.deployment.finishedAt ?? null,
      restoredBy: restored?.deployment.id ?? null,
    };
  });
}

const statusCause: CauseDetail = { cause: "status", by: null, detail: "the deployment itself failed" };

function addCause(draft: Draft, cause: CauseDetail): void {
  if (!draft.causes.some((other) => other.cause === cause.cause && other.by === cause.by))
    draft.causes.push(cause);
}

/** For each step the next successful one; the number of steps where there is none. */
function nextSuccesses(steps: readonly Step[]): number[] {
  const result: number[] = [];
  let next = steps.length;
  for (let index = steps.length - 1; index >= 0; index--) {
    result[index] = next;
    if ((steps[index] as Step).succeeded) next = index;
  }
  return result;
}
