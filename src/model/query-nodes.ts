/** Search queries as frozen nodes (data-model.md §5.2). Made by query.ts, compiled by storage/search-compile.ts. */
import type { PropertyType } from "./property.ts";
import type { Range } from "./query-range.ts";

export type Scalar = string | number | boolean | null;

/** A value of the person who asks (§5.4): a property of their `_user` entity, or of the `_team` entities of their teams. */
export interface ContextRef {
  readonly context: "user" | "userTeams";
  /** Property identifier, or a meta property with `$`. */
  readonly property: string;
}

/** Values that are given, and values of the person who asks. */
export type Operand = readonly (Scalar | ContextRef)[];

export type Comparison = ">" | ">=" | "<" | "<=";

/** What must hold of a value. Several operands: it holds for at least one, unless said otherwise. */
export type Condition =
  /** `=` with one value. */
  | { readonly op: "equals"; readonly values: Operand }
  /** `in`, and `=` with values of the person: on lists, an element equals one of them. */
  | { readonly op: "in"; readonly values: Operand }
  /** Text: a part of it. List: an element. `every`: all operands. */
  | { readonly op: "contains"; readonly values: Operand; readonly every: boolean }
  | { readonly op: "beginsWith" | "endsWith"; readonly values: Operand }
  | { readonly op: "compare"; readonly comparison: Comparison; readonly values: Operand }
  | { readonly op: "between"; readonly range: Range | ContextRef }
  | { readonly op: "isEmpty" }
  | { readonly op: "isExpired" };

interface Tested {
  readonly condition: Condition;
  /** The rule asks for what does not satisfy the condition, null included (decision 15). */
  readonly negated: boolean;
}

export interface PropertyRule extends Tested {
  readonly kind: "rule";
  /** Property identifier, meta property with `$`, or what the left side is taken from. */
  readonly property: string | ContextRef;
}

/** About every property whose definition fits. */
export interface SchemaRule extends Tested {
  readonly kind: "schema";
  readonly schema: PropertySchema;
}

export interface PropertySchema {
  readonly type: PropertyType;
  readonly format: string | null;
  readonly items: { readonly type: PropertyType | null; readonly format: string | null } | null;
}

/** About the entities that a relation points at. */
export interface RelationRule extends Tested {
  readonly kind: "relation";
  readonly relation: string;
  readonly target: "$identifier" | "$title";
}

/** About the level in a scorecard, or the status of one of its rules. */
export interface ScorecardRule extends Tested {
  readonly kind: "scorecard";
  readonly scorecard: string;
  /** null: the level. */
  readonly rule: string | null;
}

export type Direction = "upstream" | "downstream";

/** Reached from one of the entities over any number of relations, without turning around (§5.5). */
export interface RelatedRule {
  readonly kind: "relatedTo";
  readonly blueprint: string;
  readonly values: Operand;
  readonly directions: readonly Direction[];
  /** Follow only relations that are (not) required; null: all. */
  readonly required: boolean | null;
  /** Our extension. null: any number. */
  readonly maxHops: number | null;
}

/** Steps of a path: a relation, `$team`, or up to `maxHops` times the same relation. */
export interface PathStep {
  readonly relation: string;
  /** null: exactly one hop. */
  readonly maxHops: number | null;
}

/** Connected over exactly this path (§5.6). */
export interface PathRule {
  readonly kind: "path";
  readonly path: readonly PathStep[];
  /**
   * null: the path begins at the entity searched for and ends at one of `values`. Otherwise it begins at the entities
   * `values` of this blueprint and ends at the entity searched for.
   */
  readonly from: string | null;
  readonly values: Operand;
}

export type QueryRule = PropertyRule | SchemaRule | RelationRule | ScorecardRule | RelatedRule | PathRule;

export interface QueryGroup {
  readonly kind: "group";
  readonly combinator: "and" | "or";
  readonly rules: readonly (QueryRule | QueryGroup)[];
}

export const META_PROPERTIES = [
  "$identifier",
  "$title",
  "$icon",
  "$team",
  "$blueprint",
  "$createdAt",
  "$updatedAt",
  "$createdBy",
  "$updatedBy",
  "$datasource",
] as const;
export type MetaProperty = (typeof META_PROPERTIES)[number];

export function isMetaProperty(text: string): text is MetaProperty {
  return (META_PROPERTIES as readonly string[]).includes(text);
}

export function isContextRef(value: unknown): value is ContextRef {
  return typeof value === "object" && value !== null && "context" in value;
}

/** Every value of the person that the query asks for. */
export function contextRefs(group: QueryGroup): ContextRef[] {
  return group.rules.flatMap((rule) => {
    if (rule.kind === "group") return contextRefs(rule);
    if (rule.kind === "relatedTo" || rule.kind === "path") return rule.values.filter(isContextRef);
    const left = rule.kind === "rule" && isContextRef(rule.property) ? [rule.property] : [];
    const { condition } = rule;
    if ("range" in condition) return isContextRef(condition.range) ? [...left, condition.range] : left;
    return "values" in condition ? [...left, ...condition.values.filter(isContextRef)] : left;
  });
}
