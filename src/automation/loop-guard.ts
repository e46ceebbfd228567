/** Ends automations that start each other, or themselves, without end. */
import type { AutomationEvent } from "../model/automation-event.ts";
import { isChangelogName } from "./changelog.ts";

export interface LoopLimits {
  /** Automations in a row, each started by what the run of the one before wrote. */
  readonly maxDepth: number;
  /** Runs of one automation for one entity within a minute. */
  readonly perEntity: number;
  /** Runs of one automation within a minute for what is no entity. */
  readonly perAutomation: number;
}

export const USUAL_LIMITS: LoopLimits = { maxDepth: 10, perEntity: 60, perAutomation: 600 };

/** Why a run is not carried out; null: it is. */
export type Guard = (automation: string, event: AutomationEvent, depth: number) => string | null;

/** @param recent runs of the last minute by `<automation> <blueprint> <entity>`; counted on in place */
export function guardOf(limits: LoopLimits, recent: Map<string, number>): Guard {
  return (automation, { context }, depth) => {
    const { blueprintIdentifier: blueprint, entityIdentifier: entity } = context;
    const isOfEntity = typeof entity === "string";
    const key = `${automation} ${isOfEntity ? String(blueprint) : ""} ${isOfEntity ? entity : ""}`;
    const count = (recent.get(key) ?? 0) + 1;
    recent.set(key, count);
    // A changelog tells of every change, however many there are.
    if (isChangelogName(automation) && depth <= limits.maxDepth) return null;
    if (depth > limits.maxDepth)
      return `loop guard: ${limits.maxDepth} automations in a row started each other; this one would be number ${depth}`;
    const most = isOfEntity ? limits.perEntity : limits.perAutomation;
    if (count <= most) return null;
    const what = isOfEntity ? `for entity "${entity}" of "${String(blueprint)}" ` : "";
    return `loop guard: more than ${most} runs of "${automation}" ${what}within a minute`;
  };
}
