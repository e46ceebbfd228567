/** Orders of a search that are asked for: by properties, meta properties and relations (our extension). */
import type { BlueprintPlan } from "./blueprint.ts";
import { derivedType } from "./derive-types.ts";
import { invalid } from "./error.ts";
import { isObject, kindOf, show } from "./json.ts";
import { type Blueprints, TEAM_BLUEPRINT } from "./query-graph.ts";
import { isMetaProperty } from "./query-nodes.ts";

/** How values compare: texts without regard to case; relations and teams by what is seen of the first entity they lead to. */
export type SortType = "text" | "number" | "instant" | "boolean" | "relation";

export interface SortKey {
  /** Identifier of a property or relation, or a meta property with `$`. */
  readonly property: string;
  readonly type: SortType;
  readonly descending: boolean;
  /** Where the value is. */
  readonly column: "properties" | "derived";
  /** Of a relation, or teams: the entities it leads to. */
  readonly leadsTo: Led | null;
}

export interface Led {
  /** Blueprint of the entities, whose titles are seen. */
  readonly blueprint: string;
  /** It leads to a list, of which the first is seen first. */
  readonly many: boolean;
}

const MAX_KEYS = 5;
const DIRECTIONS = ["asc", "desc"];

/**
 * `[{property, direction: asc | desc}]`; entities without a value come last in either direction.
 * @throws AppError `invalid_request` naming key and rule
 */
export function parseSort(value: unknown, plan: BlueprintPlan, blueprints: Blueprints): SortKey[] {
  if (!Array.isArray(value)) throw invalid(`sort must be an array, not ${kindOf(value)}`);
  if (value.length > MAX_KEYS)
    throw invalid(`sort has ${value.length} keys; at most ${MAX_KEYS} are allowed`);
  const keys = value.map((key: unknown, index) => parseKey(key, `sort[${index}]`, plan, blueprints));
  const seen = new Set<string>();
  for (const { property } of keys) {
    if (seen.has(property)) throw invalid(`sort names ${show(property)} twice`);
    seen.add(property);
  }
  return keys;
}

function parseKey(key: unknown, field: string, plan: BlueprintPlan, blueprints: Blueprints): SortKey {
  if (!isObject(key)) throw invalid(`${field} must be an object, not ${kindOf(key)}`);
  const { property, direction = "asc" } = key;
  if (typeof property !== "string")
    throw invalid(`${field}.property must be a string, not ${kindOf(property)}`);
  if (typeof direction !== "string" || !DIRECTIONS.includes(direction))
    throw invalid(`${field}.direction ${show(direction)} is not one of ${DIRECTIONS.join(", ")}`);
  const type = typeOf(property, field, plan, blueprints);
  const column = plan.derived.has(property) ? "derived" : "properties";
  const leadsTo = type === "relation" ? ledBy(property, plan) : null;
  return { property, type, descending: direction === "desc", column, leadsTo };
}

function ledBy(property: string, plan: BlueprintPlan): Led | null {
  if (property === "$team") return { blueprint: TEAM_BLUEPRINT, many: true };
  const relation = plan.relations.get(property);
  return relation === undefined ? null : { blueprint: relation.target, many: relation.many };
}

function typeOf(property: string, field: string, plan: BlueprintPlan, blueprints: Blueprints): SortType {
  if (property === "$team") return "relation";
  if (isMetaProperty(property))
    return property === "$createdAt" || property === "$updatedAt" ? "instant" : "text";
  const found = plan.properties.get(property);
  if (found !== undefined) {
    if (found.type === "array" || found.type === "object")
      throw invalid(`${field}.property ${show(property)} is of type ${found.type}, which has no order`);
    if (found.type !== "string") return found.type;
    return found.format === "date-time" || found.format === "timer" ? "instant" : "text";
  }
  if (plan.derived.has(property)) {
    const type = derivedType(blueprints, plan, property) ?? "string";
    if (type === "array" || type === "object")
      throw invalid(`${field}.property ${show(property)} is of type ${type}, which has no order`);
    return type === "string" ? "text" : type;
  }
  if (plan.relations.has(property)) return "relation";
  throw invalid(
    `${field}.property ${show(property)} is not a property or relation of blueprint "${plan.identifier}"`,
  );
}
