/** How much work calculations of one entity may take. */
import type { BlueprintPlan } from "./blueprint.ts";

/** Of one calculation, in steps of jq. */
const MOST = 1_000_000;
/** Of all calculations of an entity together: half a second at most, and every write of it waits for them. */
const TOGETHER = 2_000_000;

const known = new WeakMap<BlueprintPlan, number>();

/**
 * Steps that each calculation of the blueprint may take. It follows from their number alone, so that no calculation
 * depends on the order in which they are computed, or on what the others took.
 */
export function stepsOfCalculation(plan: BlueprintPlan): number {
  const found = known.get(plan);
  if (found !== undefined) return found;
  let count = 0;
  for (const kind of plan.derived.values()) if (kind === "calculation") count++;
  const steps = Math.min(MOST, Math.floor(TOGETHER / Math.max(1, count)));
  known.set(plan, steps);
  return steps;
}
