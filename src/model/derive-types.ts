/** Types of derived properties, as searches and tables need them (data-model.md §6.1, §6.2). */
import type { BlueprintPlan } from "./blueprint.ts";
import { hopUp } from "./derive-ways.ts";
import { isObject, type JsonObject } from "./json.ts";
import { PROPERTY_TYPES, type PropertyType } from "./property.ts";
import type { Blueprints } from "./query-graph.ts";
import { isMetaProperty } from "./query-nodes.ts";

/**
 * A mirror has the type of what it shows, and is a list where there may be several. null: nothing but null.
 * @param blueprints those that mirrors lead through
 */
export function derivedType(blueprints: Blueprints, plan: BlueprintPlan, id: string): PropertyType | null {
  const seen = new Set<string>();
  // Thousands of mirrors may follow each other.
  for (let at: End = { plan, id }; ;) {
    switch (at.plan.derived.get(at.id)) {
      case "aggregation":
        return "number";
      case "calculation":
        return calculationType(at.plan, at.id);
      case "mirror":
        break;
      default:
        return at.plan.properties.get(at.id)?.type ?? null;
    }
    const name = `${at.plan.identifier}.${at.id}`;
    const end = endOfMirror(blueprints, at.plan, at.id);
    if (seen.has(name) || end === null) return null;
    if (end.many || end.id === "$team") return "array";
    if (isMetaProperty(end.id)) return "string";
    seen.add(name);
    at = end;
  }
}

function calculationType(plan: BlueprintPlan, id: string): PropertyType | null {
  const type = definitionOf(plan, "calculationProperties", id)?.["type"];
  return PROPERTY_TYPES.find((known) => known === type) ?? null;
}

interface End {
  readonly plan: BlueprintPlan;
  readonly id: string;
}

/** null: the path does not lead there. */
function endOfMirror(
  blueprints: Blueprints,
  plan: BlueprintPlan,
  id: string,
): (End & { readonly many: boolean }) | null {
  const segments = String(definitionOf(plan, "mirrorProperties", id)?.["path"]).split(".");
  const last = segments.pop() ?? "";
  let at = plan;
  let many = false;
  for (const segment of segments) {
    const hop = hopUp(blueprints, at.identifier, segment);
    const next = hop === null ? undefined : blueprints.get(hop.target);
    if (hop === null || next === undefined) return null;
    many ||= hop.many;
    at = next;
  }
  return { plan: at, id: last, many };
}

/** Looked up, not searched: thousands of definitions may follow each other. */
function definitionOf(plan: BlueprintPlan, map: string, id: string): JsonObject | undefined {
  const all = plan.document[map];
  const found = isObject(all) && Object.hasOwn(all, id) ? all[id] : undefined;
  return isObject(found) ? found : undefined;
}

/** Mirrors lead through other blueprints: what they are is known only with these. */
export function hasMirrors(plan: BlueprintPlan): boolean {
  return [...plan.derived.values()].includes("mirror");
}
