/** Which entities of a blueprint play a DORA role: a search query about the entity alone (dora.md section 1). */
import type { BlueprintPlan } from "./blueprint.ts";
import { invalid } from "./error.ts";
import { parseQuery } from "./query.ts";
import { isObject, type JsonObject } from "./json.ts";
import { contextRefs, isMetaProperty, type QueryGroup, type QueryRule } from "./query-nodes.ts";

/**
 * The truth of the query must change with what the entity says only, as only then are its services derived again: its
 * own values, mirrors and calculations, but no other entities, no clock, nobody who asks.
 * @param plan of the blueprint; null when it does not exist (yet)
 * @throws AppError `invalid_request`
 */
export function parseRoleQuery(value: unknown, field: string, plan: BlueprintPlan | null): QueryGroup {
  const query = parseQuery(value, field);
  if (contextRefs(query).length > 0)
    throw invalid(
      `${field} must not ask for values of the person who asks: numbers are the same for everybody`,
    );
  checkGroup(query, field, plan);
  return query;
}

function checkGroup({ rules }: QueryGroup, field: string, plan: BlueprintPlan | null): void {
  rules.forEach((rule, index) => {
    const at = `${field}.rules[${index}]`;
    if (rule.kind === "group") checkGroup(rule, at, plan);
    else checkRule(rule, at, plan);
  });
}

function checkRule(rule: QueryRule, at: string, plan: BlueprintPlan | null): void {
  if (
    rule.kind === "relatedTo" ||
    rule.kind === "path" ||
    rule.kind === "schema" ||
    rule.kind === "scorecard"
  )
    throw invalid(`${at} must ask about one property or relation of the entity itself`);
  if (rule.kind === "relation" && rule.target !== "$identifier")
    throw invalid(`${at}.targetProperty: only identifiers of related entities can be asked for here`);
  const { condition } = rule;
  if (condition.op === "isExpired" || (condition.op === "between" && isRelative(condition.range)))
    throw invalid(`${at} must not depend on today's date: give {from, to}`);
  if (rule.kind !== "rule" || typeof rule.property !== "string" || plan === null) return;
  const { property } = rule;
  if (isMetaProperty(property)) {
    if (property === "$team" && plan.ownership === "inherited")
      throw invalid(`${at}.property "$team" is inherited: it follows from other entities`);
    return;
  }
  const derived = plan.derived.get(property);
  if (derived === "aggregation")
    throw invalid(`${at}.property "${property}" is an aggregation property: it follows from other entities`);
  if (derived === undefined && !plan.properties.has(property))
    throw invalid(`${at}.property "${property}" is no property of the blueprint ${plan.identifier}`);
}

/** The properties that a query as stored asks for. */
export function propertiesAsked(query: JsonObject): string[] {
  const rules: unknown[] = Array.isArray(query["rules"]) ? query["rules"] : [];
  return rules.filter(isObject).flatMap((rule) => {
    const { property } = rule;
    return typeof property === "string" ? [property] : propertiesAsked(rule);
  });
}

const isRelative = (range: object): boolean => !("kind" in range) || range.kind !== "instants";
