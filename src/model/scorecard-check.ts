/** Checks a scorecard that a client sends (workflows.md §5.1), in words that name field, value and rule. */
import type { BlueprintPlan } from "./blueprint.ts";
import { invalid } from "./error.ts";
import { isEntityIdentifier, isPropertyIdentifier } from "./identifier.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "./json.ts";
import { isMetaProperty, type QueryGroup } from "./query-nodes.ts";
import { checkOneOf, checkOptionalText, checkText, COLORS, isGiven } from "./property.ts";
import { parseScorecardQuery } from "./scorecard-query.ts";

const DEFAULT_LEVELS = [
  { title: "Basic", color: "paleBlue" },
  { title: "Bronze", color: "bronze" },
  { title: "Silver", color: "silver" },
  { title: "Gold", color: "gold" },
];

const MAX_IDENTIFIER = 100;
/** Of one scorecard. */
const MAX_RULES = 1000;
const MAX_LEVELS = 20;
/** Of all scorecards of a blueprint: a write of one entity tests all of them. */
export const MAX_RULES_OF_BLUEPRINT = 20_000;

const KEYS = ["identifier", "title", "filter", "levels", "rules", "properties", "description"];
/** Given back by clients that send what they read. */
const OF_SERVER = ["blueprint", "createdAt", "createdBy", "updatedAt", "updatedBy", "id"];
const RULE_KEYS = ["identifier", "title", "description", "level", "query", "properties"];

export interface CheckedScorecard {
  /** As it is stored, without the times. */
  readonly document: JsonObject;
  /** What it asks of the entities that they do not have. */
  readonly warnings: readonly string[];
}

/** @throws AppError `invalid_request` */
export function checkScorecard(body: unknown, plan: BlueprintPlan, field = ""): CheckedScorecard {
  const at = (name: string): string => (field === "" ? name : `${field}.${name}`);
  if (!isObject(body)) throw invalid(`${field || "the scorecard"} must be an object, not ${kindOf(body)}`);
  checkJson(body, field);
  known(body, [...KEYS, ...OF_SERVER], field || "the scorecard");
  const { identifier, title, levels: given, rules, filter, properties, description } = body;
  checkIdentifier(identifier, at("identifier"));
  checkText(title, at("title"), 1000, 1);
  checkOptionalText(description, at("description"));
  if (isGiven(properties) && !isObject(properties))
    throw invalid(`${at("properties")} must be an object, not ${kindOf(properties)}`);
  const isEmpty = Array.isArray(given) && given.length === 0;
  const levels = isGiven(given) && !isEmpty ? checkLevels(given, at("levels")) : DEFAULT_LEVELS;
  const warnings: string[] = [];
  if (isGiven(filter)) noteUnknown(parseScorecardQuery(filter, at("filter")), at("filter"), plan, warnings);
  const checked = checkRules(rules, at("rules"), levels, plan, warnings);
  return {
    document: {
      ...{ identifier, title },
      ...(isGiven(description) ? { description } : {}),
      ...(isGiven(filter) ? { filter } : {}),
      levels,
      rules: checked,
      ...(isGiven(properties) ? { properties } : {}),
    },
    warnings,
  };
}

function known(value: JsonObject, keys: readonly string[], field: string): void {
  const extra = Object.keys(value).find((key) => !keys.includes(key));
  if (extra !== undefined) throw invalid(`${field}.${extra} is not one of ${keys.join(", ")}`);
}

function checkIdentifier(value: unknown, field: string): void {
  if (typeof value !== "string" || value.length > MAX_IDENTIFIER || !isEntityIdentifier(value))
    throw invalid(
      `${field} ${show(value)} must have 1 to ${MAX_IDENTIFIER} characters: letters, digits and @ _ . + : \\ / = -`,
    );
}

function checkLevels(value: unknown, field: string): JsonObject[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LEVELS)
    throw invalid(
      `${field} must be a list of 1 to ${MAX_LEVELS} levels, the base level first, not ${show(value)}`,
    );
  const titles = new Set<unknown>();
  return value.map((level: unknown, i) => {
    const at = `${field}[${i}]`;
    if (!isObject(level)) throw invalid(`${at} must be an object, not ${kindOf(level)}`);
    known(level, ["title", "color"], at);
    const { title, color } = level;
    checkText(title, `${at}.title`, 100, 1);
    checkOneOf(color, COLORS, `${at}.color`);
    if (titles.has(title)) throw invalid(`${at}.title ${show(title)} is a level already`);
    titles.add(title);
    return { title, color };
  });
}

function checkRules(
  value: unknown,
  field: string,
  levels: readonly JsonObject[],
  plan: BlueprintPlan,
  warnings: string[],
): JsonObject[] {
  if (!Array.isArray(value) || value.length > MAX_RULES)
    throw invalid(
      `${field} must be a list of at most ${MAX_RULES} rules, not ${Array.isArray(value) ? `${value.length}` : show(value)}`,
    );
  const titles = levels.map(({ title }) => title);
  const seen = new Set<unknown>();
  return value.map((rule: unknown, i) => {
    const at = `${field}[${i}]`;
    if (!isObject(rule)) throw invalid(`${at} must be an object, not ${kindOf(rule)}`);
    known(rule, RULE_KEYS, at);
    const { identifier, title, description, level, query, properties } = rule;
    if (typeof identifier !== "string" || !isPropertyIdentifier(identifier))
      throw invalid(
        `${at}.identifier ${show(identifier)} must have 1 to 100 characters: A-Z a-z 0-9 @ _ = \\ - (and not be "__proto__")`,
      );
    if (seen.has(identifier)) throw invalid(`${at}.identifier ${show(identifier)} is a rule already`);
    seen.add(identifier);
    checkText(title, `${at}.title`, 1000, 1);
    checkOptionalText(description, `${at}.description`);
    if (isGiven(properties) && !isObject(properties))
      throw invalid(`${at}.properties must be an object, not ${kindOf(properties)}`);
    const place = titles.indexOf(level);
    if (place < 0)
      throw invalid(
        `${at}.level ${show(level)} is not one of the levels ${titles.map(show).join(", ")} (rule ${show(identifier)})`,
      );
    if (place === 0)
      throw invalid(
        `${at}.level ${show(level)} is the base level, which every entity has; rules belong to ${titles.slice(1).map(show).join(", ") || "further levels"} (rule ${show(identifier)})`,
      );
    noteUnknown(parseScorecardQuery(query, `${at}.query`), `${at}.query`, plan, warnings);
    return {
      ...{ identifier, title },
      ...(isGiven(description) ? { description } : {}),
      ...{ level, query },
      ...(isGiven(properties) ? { properties } : {}),
    };
  });
}

/** What the blueprint may get later: the rule is not refused, but nobody passes it until then. */
function noteUnknown(group: QueryGroup, field: string, plan: BlueprintPlan, warnings: string[]): void {
  group.rules.forEach((rule, i) => {
    const at = `${field}.conditions[${i}]`;
    if (rule.kind === "group") return noteUnknown(rule, at, plan, warnings);
    const isKnown =
      rule.kind === "relation"
        ? plan.relations.has(rule.relation)
        : rule.kind === "rule" &&
          typeof rule.property === "string" &&
          (isMetaProperty(rule.property) ||
            plan.properties.has(rule.property) ||
            plan.derived.has(rule.property));
    if (isKnown) return;
    const name = rule.kind === "relation" ? rule.relation : rule.kind === "rule" ? rule.property : "";
    warnings.push(
      `${at}: blueprint "${plan.identifier}" has no ${rule.kind === "relation" ? "relation" : "property"} ${show(name)}; it counts as empty`,
    );
  });
}
