/** Which deployments failed, why, and when service was restored. Every cause is a finding; metrics only count them. */
import type { CauseDetail, FailureCause, RestoredHow, ReworkDetail } from "./derived.ts";
import type { DerivationSettings, Instant } from "./facts.ts";
import { endOf, type LinkedIncident } from "./incident-links.ts";
import type { Repair } from "./repairs.ts";
import type { Step } from "./sequence.ts";

export interface Outcome {
  readonly causes: readonly CauseDetail[];
  readonly rework: readonly ReworkDetail[];
  readonly restoredAt: Instant | null;
  readonly restoredBy: string | null;
  readonly restoredHow: RestoredHow | null;
}

/** What incidents say about one step. */
export interface IncidentFindings {
  readonly linked: readonly LinkedIncident[];
  readonly rework: readonly ReworkDetail[];
}

interface Draft {
  readonly causes: CauseDetail[];
  readonly rework: ReworkDetail[];
  /** Earliest successful step that repaired this one. */
  repairedBy: number | null;
}

/**
 * Folds repairs into one outcome per step. A rollback blames without limit of time; a hotfix or revert only when it
 * finished within the failure window of what it repairs (as rework it counts whenever it came). Service is restored at
 * the end of the last linked incident; without one by the deployment that repaired it, else by the next success.
 */
export function judge(
  steps: readonly Step[],
  repairs: readonly Repair[],
  incidents: readonly IncidentFindings[],
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
  return drafts.map((draft, index) => {
    const { linked, rework } = incidents[index] as IncidentFindings;
    draft.rework.push(...rework);
    if (failureCauses.incident)
      for (const { incident, link } of linked)
        addCause(draft, {
          cause: "incident",
          by: incident.id,
          detail: `incident ${incident.title ?? incident.id}: ${link.reason}`,
        });
    const { causes, repairedBy } = draft;
    const base = { causes, rework: draft.rework };
    if (causes.length === 0) return { ...base, ...NOT_RESTORED };
    const ended = endOfLast(linked);
    if (ended !== null) return { ...base, ...ended };
    const restored = steps[repairedBy ?? (nextSuccess[index] as number)]?.deployment;
    if (restored === undefined) return { ...base, ...NOT_RESTORED };
    return {
      ...base,
      restoredAt: restored.finishedAt,
      restoredBy: restored.id,
      restoredHow: repairedBy === null ? "next success" : "repair",
    };
  });
}

type Restoration = Pick<Outcome, "restoredAt" | "restoredBy" | "restoredHow">;
const NOT_RESTORED: Restoration = { restoredAt: null, restoredBy: null, restoredHow: null };

/** Open while one is open; null where none tells an end (then deployments decide). */
function endOfLast(linked: readonly LinkedIncident[]): Restoration | null {
  let last: Restoration | null = null;
  for (const { incident } of linked) {
    const { endedAt, excluded } = endOf(incident);
    if (excluded !== null) continue;
    if (endedAt === null) return NOT_RESTORED;
    if (last === null || endedAt > (last.restoredAt ?? -Infinity))
      last = { restoredAt: endedAt, restoredBy: incident.id, restoredHow: "incident" };
  }
  return last;
}

const statusCause: CauseDetail = { cause: "status", by: null, detail: "the deployment itself failed" };

function addCause(draft: Draft, cause: CauseDetail): void {
  if (!draft.causes.some((other) => other.cause === cause.cause && other.by === cause.by))
    draft.causes.push(cause);
}

/** For each step the next successful one in its region (or in all); the number of steps where there is none. */
function nextSuccesses(steps: readonly Step[]): number[] {
  const result: number[] = [];
  const byRegion = new Map<string, number>();
  let everywhere = steps.length;
  let any = steps.length;
  for (let index = steps.length - 1; index >= 0; index--) {
    const { deployment, succeeded } = steps[index] as Step;
    const region = deployment.region ?? null;
    result[index] = region === null ? any : Math.min(everywhere, byRegion.get(region) ?? steps.length);
    if (!succeeded) continue;
    any = index;
    if (region === null) everywhere = index;
    else byRegion.set(region, index);
  }
  return result;
}
