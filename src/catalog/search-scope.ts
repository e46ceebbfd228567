/** Which blueprints a query over all of them can match at all. */
import type { QueryGroup, QueryRule, Scalar } from "../model/query-nodes.ts";

/** What the `$blueprint` rules that every match must fulfil leave; null: every blueprint. */
export function blueprintsAsked(query: QueryGroup): ReadonlySet<string> | null {
  const sets = query.rules.map((rule) => asked(rule)).filter((set) => set !== null);
  if (query.combinator === "or")
    return sets.length === query.rules.length && sets.length > 0
      ? new Set(sets.flatMap((set) => [...set]))
      : null;
  const [first, ...others] = sets;
  if (first === undefined) return null;
  return new Set([...first].filter((blueprint) => others.every((set) => set.has(blueprint))));
}

/** Whether the query asks for all entities of some blueprints, and for nothing else of them. */
export function asksForBlueprintsAlone({ combinator, rules }: QueryGroup): boolean {
  return (
    combinator === "and" &&
    rules.length > 0 &&
    rules.every((rule) => rule.kind !== "group" && asked(rule) !== null)
  );
}

function asked(rule: QueryRule | QueryGroup): ReadonlySet<string> | null {
  if (rule.kind === "group") return blueprintsAsked(rule);
  if (rule.kind !== "rule" || rule.property !== "$blueprint" || rule.negated) return null;
  const { condition } = rule;
  if (condition.op !== "equals" && condition.op !== "in") return null;
  const isKnown = (value: unknown): value is Scalar => typeof value !== "object" || value === null;
  // Nothing is of no blueprint.
  return condition.values.every(isKnown)
    ? new Set(condition.values.filter((value) => value !== null).map(String))
    : null;
}
