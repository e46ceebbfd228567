/** Types of derived properties, as searches and tables need them (data-model.md §6.1, §6.2). */
import type { BlueprintPlan } from "./blueprint.ts";
import { hopUp } from "./derive-ways.ts";
import { isObject, type JsonObject } from "./json.ts";
import { PROPERTY_TYPES, type PropertyType } from "./property.ts";
import type { Blueprints } from "./query-graph.ts";
import { isMetaProperty } from "./query-nodes.ts";

/** Mirrors of mirrors that follow each other. */
const MAX_MIRRORS = 100;

/**
 * A mirror has the type of what it shows, and is a list where there may be several. null: nothing but null.
 * @param blueprints those that mirrors lead through
 */
export function derivedType(
  blueprints: Blueprints,
  plan: BlueprintPlan,
  id: string,
  depth = 0,
): PropertyType | null {
  switch (plan.derived.get(id)) {
    case "aggregation":
      return "number";
    case "calculation": {
      const type = definitionOf(plan, "calculationProperties", id)?.["type"];
      return PROPERTY_TYPES.find((known) => known === type) ?? null;
    }
    case "mirror":
      return depth > MAX_MIRRORS ? null : mirrorType(blueprints, plan, id, depth);
    default:
      return null;
  }
}

function mirrorType(
  blueprints: Blueprints,
  plan: BlueprintPlan,
  id: string,
  depth: number,
): PropertyType | null {
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
  if (many || last === "$team") return "array";
  if (isMetaProperty(last)) return "string";
  return at.properties.get(last)?.type ?? derivedType(blueprints, at, last, depth + 1);
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
