/** Levels of an entity in the scorecards of its blueprint (workflows.md §5.3), from its own values, stored and derived. */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, own } from "../model/entity.ts";
import { metaValue } from "../model/meta-value.ts";
import { isMetaProperty, type QueryGroup, type QueryRule } from "../model/query-nodes.ts";
import type { ScorecardPlan } from "../model/scorecard.ts";
import { scoreOf, type StoredScore } from "../model/scores.ts";
import { type Clock, compileCondition, type Subject } from "./score-condition.ts";

type EntityCheck = (entity: Entity, clock: Clock) => boolean;

interface Compiled {
  readonly plan: ScorecardPlan;
  readonly filter: EntityCheck | null;
  readonly rules: readonly EntityCheck[];
}

const compiled = new WeakMap<BlueprintPlan, readonly Compiled[]>();

/** @param entity with its derived values. @returns null where the blueprint has no scorecard that is about it */
export function scoreEntity(
  plan: BlueprintPlan,
  entity: Entity,
  clock: Clock,
): Readonly<Record<string, StoredScore>> | null {
  let result: Record<string, StoredScore> | null = null;
  for (const { plan: scorecard, filter, rules } of compiledOf(plan)) {
    if (filter !== null && !filter(entity, clock)) continue;
    result ??= {};
    result[scorecard.identifier] = scoreOf(
      scorecard,
      rules.map((rule) => rule(entity, clock)),
    );
  }
  return result;
}

/** The levels of an entity may change by time alone. */
export function scoresUseClock({ scorecards }: BlueprintPlan): boolean {
  return scorecards.some(
    ({ filter, rules }) =>
      (filter !== null && usesClock(filter)) || rules.some(({ query }) => usesClock(query)),
  );
}

function usesClock(group: QueryGroup): boolean {
  return group.rules.some((rule) => {
    if (rule.kind === "group") return usesClock(rule);
    if (rule.kind !== "rule" && rule.kind !== "relation") return false;
    const { condition } = rule;
    return (
      condition.op === "isExpired" ||
      (condition.op === "between" && !("kind" in condition.range && condition.range.kind === "instants"))
    );
  });
}

function compiledOf(plan: BlueprintPlan): readonly Compiled[] {
  const known = compiled.get(plan);
  if (known !== undefined) return known;
  const made = plan.scorecards.map((scorecard) => ({
    plan: scorecard,
    filter: scorecard.filter === null ? null : compileGroup(scorecard.filter, plan),
    rules: scorecard.rules.map(({ query }) => compileGroup(query, plan)),
  }));
  compiled.set(plan, made);
  return made;
}

/** All parts are tested, so that the clock hears of each. */
function compileGroup({ combinator, rules }: QueryGroup, plan: BlueprintPlan): EntityCheck {
  const parts = rules.map((rule) =>
    rule.kind === "group" ? compileGroup(rule, plan) : compileRule(rule, plan),
  );
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  return (entity, clock) => {
    let fulfilled = 0;
    for (const part of parts) if (part(entity, clock)) fulfilled++;
    return combinator === "and" ? fulfilled === parts.length : fulfilled > 0;
  };
}

function compileRule(rule: QueryRule, plan: BlueprintPlan): EntityCheck {
  if (rule.kind === "relation") {
    const { relation } = rule;
    const many = plan.relations.get(relation)?.many === true;
    const check = compileCondition(rule.condition, rule.negated, many ? "targets" : "target");
    return (entity, clock) => check(own(entity.relations, relation), clock);
  }
  if (rule.kind !== "rule" || typeof rule.property !== "string") return () => false;
  const { property } = rule;
  const check = compileCondition(rule.condition, rule.negated, subjectOf(property));
  if (isMetaProperty(property)) return (entity, clock) => check(metaValue(entity, property), clock);
  if (plan.properties.has(property)) return (entity, clock) => check(own(entity.properties, property), clock);
  if (plan.derived.has(property))
    return (entity, clock) =>
      check(entity.derived === undefined ? null : own(entity.derived, property), clock);
  return (_, clock) => check(null, clock);
}

function subjectOf(property: string): Subject {
  if (property === "$team") return "team";
  if (property === "$createdAt" || property === "$updatedAt") return "instant";
  return isMetaProperty(property) ? "text" : "value";
}
