/**
 * Entities of `_rule_result` (workflows.md §5.4): one for each rule and each entity that it is asked of. They are not stored: they
 * are read from the levels of the entities. Here is which rules and entities a query leaves.
 */
import type { BlueprintPlan, RelationPlan } from "./blueprint.ts";
import type { Blueprints } from "./query-graph.ts";
import { isContextRef, type QueryGroup, type QueryRule } from "./query-nodes.ts";
import { ROW_KEY } from "./scorecard.ts";

export const RESULTS = "_rule_result";

/** Marks the relations to the entities that are asked. */
const TARGET_TYPE = "rule_result_target";

/** A rule, as its results are read. */
export interface ResultRule {
  /** Identifier of its entity of `_rule`. */
  readonly row: string;
  readonly rule: string;
  readonly title: string;
  readonly level: string;
  readonly scorecard: string;
  readonly scorecard_title: string;
  /** What the results must have been computed by. */
  readonly shape: string;
  /** Of its result among those of the scorecard, from 1. */
  readonly place: number;
  /** When the scorecard came; null: not known. */
  readonly since: string | null;
}

export interface ResultTarget {
  readonly blueprint: string;
  readonly relation: string;
  readonly rules: readonly ResultRule[];
  /** null: all. */
  readonly entities: readonly string[] | null;
}

/** By the blueprints that have scorecards. */
export function resultTargets(blueprints: Iterable<BlueprintPlan>): ResultTarget[] {
  return [...blueprints].flatMap((plan) => resultTarget(plan) ?? []);
}

/** null: nothing is asked of its entities. */
export function resultTarget(plan: BlueprintPlan): ResultTarget | null {
  const rules = rulesOf(plan);
  const { identifier: blueprint } = plan;
  return rules.length === 0 ? null : { blueprint, relation: relationTo(blueprint), rules, entities: null };
}

function rulesOf({ scorecards }: BlueprintPlan): ResultRule[] {
  return scorecards.flatMap(({ identifier: scorecard, title, levels, rules, shape, document }) => {
    const own = document[ROW_KEY];
    const row = typeof own === "string" ? own : scorecard;
    const { createdAt } = document;
    const titles = titlesOf(document["rules"]);
    return rules.map(({ identifier: rule, level }, i) => ({
      ...{ row: `${row}:${rule}`, rule, scorecard, scorecard_title: title, shape, place: i + 1 },
      title: titles[i] ?? rule,
      level: levels[level] ?? "",
      since: typeof createdAt === "string" ? createdAt : null,
    }));
  });
}

const titlesOf = (rules: unknown): string[] =>
  Array.isArray(rules) ? rules.map((rule: { title?: unknown }) => String(rule.title)) : [];

/** Called after the blueprint; `rule` is the relation to the rule. */
function relationTo(blueprint: string): string {
  return blueprint === "rule" ? "rule_entity" : blueprint;
}

/** Relations from `_rule_result` to the entities that are asked, as documents: they follow the scorecards. */
export function targetRelations(plans: Iterable<BlueprintPlan>): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    [...plans]
      .filter(({ scorecards }) => scorecards.some(({ rules }) => rules.length > 0))
      .map(({ identifier, title }) => [
        relationTo(identifier),
        { title, target: identifier, required: false, many: false, type: TARGET_TYPE },
      ]),
  );
}

export const isTargetRelation = (relation: unknown): boolean =>
  typeof relation === "object" && relation !== null && "type" in relation && relation.type === TARGET_TYPE;

/** The definitions, `_rule_result` with the relations to what is asked. */
export function withTargets(blueprints: Blueprints): Blueprints {
  const plan = blueprints.get(RESULTS);
  if (plan === undefined) return blueprints;
  const relations = Object.entries(targetRelations(blueprints.values())).map(
    ([identifier, { target }]): [string, RelationPlan] => [
      identifier,
      { identifier, target: String(target), many: false, required: false },
    ],
  );
  return new Map(blueprints).set(RESULTS, {
    ...plan,
    relations: new Map([...plan.relations, ...relations]),
  });
}

/** What a query can match at all, rather too much than too little: the rest of it is asked of the rows. */
export function narrowed(query: QueryGroup, targets: readonly ResultTarget[]): ResultTarget[] {
  return targets.flatMap((target): ResultTarget[] => {
    const rules = target.rules.filter((rule) => mayBeAbout(query, rule, target));
    return rules.length === 0
      ? []
      : [{ ...target, rules, entities: entitiesIn(query, { ...target, rules }) }];
  });
}

type Node = QueryRule | QueryGroup;

function mayBeAbout(node: Node, rule: ResultRule, target: ResultTarget): boolean {
  if (node.kind === "group")
    return node.rules.length === 0 || node.combinator === "and"
      ? node.rules.every((part) => mayBeAbout(part, rule, target))
      : node.rules.some((part) => mayBeAbout(part, rule, target));
  const values = asked(node);
  if (values === null) return true;
  if (node.kind === "relation") {
    if (node.relation === "rule") return values.includes(node.target === "$title" ? rule.title : rule.row);
    return node.relation === target.relation;
  }
  if (node.kind !== "rule") return true;
  switch (node.property) {
    case "$identifier":
      return values.some((value) => value.startsWith(`${rule.row}:`));
    case "$title":
      return values.includes(rule.title);
    case "level":
      return values.includes(rule.level);
    case "scorecard":
      return values.includes(rule.scorecard_title);
    case "blueprint":
      return values.includes(target.blueprint);
    default:
      return true;
  }
}

/** Texts of which one must be the value; null: something else is asked. */
function asked(node: QueryRule): string[] | null {
  if (node.kind !== "rule" && node.kind !== "relation") return null;
  const { condition, negated } = node;
  if (negated || (condition.op !== "equals" && condition.op !== "in")) return null;
  return condition.values.some((value) => isContextRef(value) || value === null)
    ? null
    : condition.values.map(String);
}

/** Entities that every match must be about; null: any. */
function entitiesIn(node: Node, target: ResultTarget): string[] | null {
  if (node.kind === "group") {
    const parts = node.rules.map((part) => entitiesIn(part, target));
    if (node.combinator === "and" || parts.length === 1) return parts.find((part) => part !== null) ?? null;
    return parts.length > 0 && parts.every((part) => part !== null) ? [...new Set(parts.flat())] : null;
  }
  const values = asked(node);
  if (values === null) return null;
  if (node.kind === "relation")
    return node.relation === target.relation && node.target === "$identifier" ? values : null;
  if (node.kind !== "rule") return null;
  if (node.property === "entity") return values;
  if (node.property !== "$identifier") return null;
  // Both parts may have colons in them.
  return values.flatMap((value) =>
    target.rules.flatMap(({ row }) => (value.startsWith(`${row}:`) ? [value.slice(row.length + 1)] : [])),
  );
}
