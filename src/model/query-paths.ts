/** Rules that walk over relations: `relatedTo` and `matchAny` (data-model.md §5.5, §5.6). */
import { invalid } from "./error.ts";
import { isObject, type JsonObject, kindOf, show } from "./json.ts";
import {
  type Direction,
  isContextRef,
  isMetaProperty,
  META_PROPERTIES,
  type Operand,
  type PathRule,
  type PathStep,
  type PropertyRule,
  type QueryGroup,
  type RelatedRule,
} from "./query-nodes.ts";
import { type Budget, closed, countWalk, parseContext, parseOneOrList, textOf } from "./query-values.ts";

const MAX_STEPS = 15;
/** Of one element of a path (§2.7), and of our `maxHops` in relatedTo. */
const MAX_HOPS = 15;

export function parseRelatedTo(rule: JsonObject, field: string, budget: Budget): RelatedRule {
  closed(rule, ["operator", "blueprint", "value", "direction", "required", "maxHops"], field);
  countWalk(budget, field);
  const { blueprint, value, required, maxHops } = rule;
  if (required !== undefined && required !== null && typeof required !== "boolean")
    throw invalid(`${field}.required must be a boolean, not ${kindOf(required)}`);
  return {
    kind: "relatedTo",
    blueprint: textOf(blueprint, `${field}.blueprint`),
    values: identifiers(value, `${field}.value`, budget),
    directions: parseDirection(rule["direction"], `${field}.direction`),
    required: required ?? null,
    maxHops: maxHops === undefined || maxHops === null ? null : parseHops(maxHops, `${field}.maxHops`),
  };
}

function parseDirection(value: unknown, field: string): readonly Direction[] {
  if (value === undefined || value === null) return ["upstream", "downstream"];
  if (value === "upstream" || value === "downstream") return [value];
  throw invalid(`${field} ${show(value)} is not one of upstream, downstream`);
}

/**
 * `property` is a path, a property (equality with one of the values), or a value of the person who asks. The identifier
 * of a relation is a path of one step.
 */
export function parseMatchAny(
  rule: JsonObject,
  field: string,
  budget: Budget,
): PropertyRule | PathRule | QueryGroup {
  closed(rule, ["property", "operator", "value"], field);
  const { property } = rule;
  const isPath = isObject(property) && !Object.hasOwn(property, "context");
  const values = isPath
    ? identifiers(rule["value"], `${field}.value`, budget)
    : parseOneOrList(rule["value"], `${field}.value`, budget, property === "$team");
  if (isPath) {
    countWalk(budget, field);
    return parsePath(property, `${field}.property`, values);
  }
  const equal = (subject: PropertyRule["property"]): PropertyRule => ({
    kind: "rule",
    property: subject,
    condition: { op: "in", values },
    negated: false,
  });
  if (isObject(property)) return equal(parseContext(property, `${field}.property`));
  const name = textOf(property, `${field}.property`);
  if (name.startsWith("$")) {
    if (!isMetaProperty(name))
      throw invalid(`${field}.property ${show(name)} is not one of ${META_PROPERTIES.join(", ")}`);
    return equal(name);
  }
  countWalk(budget, field);
  const path = { kind: "path", path: [{ relation: name, maxHops: null }], from: null, values } as const;
  return { kind: "group", combinator: "or", rules: [equal(name), path] };
}

function parsePath(property: JsonObject, field: string, values: Operand): PathRule {
  closed(property, ["path", "fromBlueprint"], field);
  const { path, fromBlueprint } = property;
  const steps: unknown = typeof path === "string" ? [path] : path;
  if (!Array.isArray(steps) || steps.length === 0)
    throw invalid(`${field}.path must be a list of 1 or more relations, not ${show(path)}`);
  if (steps.length > MAX_STEPS) throw invalid(`${field}.path has more than ${MAX_STEPS} steps`);
  const parsed = steps.map((step: unknown, i) => parseStep(step, `${field}.path[${i}]`));
  if (parsed.filter((step) => step.maxHops !== null).length > 1)
    throw invalid(`${field}.path: only one step may have maxHops`);
  return {
    kind: "path",
    path: parsed,
    from:
      fromBlueprint === undefined || fromBlueprint === null
        ? null
        : textOf(fromBlueprint, `${field}.fromBlueprint`),
    values,
  };
}

function parseStep(step: unknown, field: string): PathStep {
  if (!isObject(step)) {
    const relation = textOf(step, field);
    if (relation.startsWith("$") && relation !== "$team")
      throw invalid(`${field} ${show(relation)} must be a relation or $team`);
    return { relation, maxHops: null };
  }
  closed(step, ["relation", "maxHops"], field);
  const relation = textOf(step["relation"], `${field}.relation`);
  if (relation.startsWith("$")) throw invalid(`${field}.relation ${show(relation)} must be a relation`);
  return { relation, maxHops: parseHops(step["maxHops"], `${field}.maxHops`) };
}

function parseHops(value: unknown, field: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > MAX_HOPS)
    throw invalid(`${field} ${show(value)} must be a whole number from 1 to ${MAX_HOPS}`);
  return value;
}

/** Identifiers of entities. */
function identifiers(value: unknown, field: string, budget: Budget): Operand {
  const values = parseOneOrList(value, field, budget);
  for (const item of values)
    if (typeof item !== "string" && !isContextRef(item))
      throw invalid(`${field} must hold entity identifiers, not ${show(item)}`);
  return values;
}
