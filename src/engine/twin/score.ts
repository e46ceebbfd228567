/** Levels from scratch: one rule after the other, by the twin of searches where both agree (workflows.md §5.2, §5.3). */
import type { BlueprintPlan } from "../../model/blueprint.ts";
import { type Entity, relationTargets } from "../../model/entity.ts";
import type { QueryGroup, QueryRule } from "../../model/query-nodes.ts";
import type { ScorecardPlan } from "../../model/scorecard.ts";
import type { TwinCatalog } from "./catalog.ts";
import { matches, type Values } from "./query.ts";

/** By scorecard, as stored; null where none is about the entity. */
export function twinScores(
  catalog: TwinCatalog,
  values: Values,
  plan: BlueprintPlan,
  entity: Entity,
): Record<string, { l: string; r: string; h: string }> | null {
  const about = plan.scorecards.filter(
    ({ filter }) => filter === null || fits(catalog, values, entity, filter),
  );
  if (about.length === 0) return null;
  return Object.fromEntries(
    about.map((scorecard) => [scorecard.identifier, twinScore(catalog, values, entity, scorecard)]),
  );
}

function twinScore(
  catalog: TwinCatalog,
  values: Values,
  entity: Entity,
  { levels, rules, shape }: ScorecardPlan,
): { l: string; r: string; h: string } {
  const passed = rules.filter(({ query }) => fits(catalog, values, entity, query));
  const reached = levels.filter((_, place) => {
    const needed = rules.filter((rule) => rule.level <= place);
    const isAsked = place === 0 || rules.some((rule) => rule.level === place);
    return isAsked && needed.every((rule) => passed.includes(rule));
  });
  return {
    l: reached.at(-1) ?? "",
    r: rules.map((rule) => (passed.includes(rule) ? "1" : "0")).join(""),
    h: shape,
  };
}

function fits(catalog: TwinCatalog, values: Values, entity: Entity, rule: QueryRule | QueryGroup): boolean {
  if (rule.kind === "group") {
    const each = rule.rules.map((part) => fits(catalog, values, entity, part));
    return rule.combinator === "and" ? !each.includes(false) : each.includes(true);
  }
  if (rule.kind !== "rule" && rule.kind !== "relation") return false;
  const value = valueOf(values, entity, rule);
  const isNothing = value === null || (rule.kind === "relation" && value === "[]");
  const isEmpty = isNothing || ['""', "[]", "{}"].includes(value);
  const { condition, negated } = rule;
  if (condition.op === "isEmpty") return isEmpty !== negated;
  const isTeam = rule.kind === "rule" && rule.property === "$team";
  if (isNothing || (isTeam && isEmpty))
    return (
      !negated && (condition.op === "equals" || condition.op === "in") && condition.values.includes(null)
    );
  return matches(catalog, values, entity, rule);
}

/** As JSON; null where there is none. */
function valueOf(values: Values, entity: Entity, rule: QueryRule): string | null {
  if (rule.kind === "relation") return JSON.stringify(relationTargets(entity, rule.relation));
  if (rule.kind !== "rule" || typeof rule.property !== "string") return null;
  const value = values.valueOf(entity, rule.property) ?? null;
  return value === null ? null : JSON.stringify(value);
}
