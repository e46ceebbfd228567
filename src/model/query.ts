/** Reads search queries (data-model.md §5.2–§5.6, decisions 13–16) into nodes, and refuses by name what they are not. */
import { invalid } from "./error.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "./json.ts";
import { parseTimeZone } from "./query-calendar.ts";
import { NEGATIONS, OPERATORS, parseCondition } from "./query-condition.ts";
import {
  type ContextRef,
  isMetaProperty,
  META_PROPERTIES,
  type PropertyRule,
  type PropertySchema,
  type QueryGroup,
  type QueryRule,
  type RelationRule,
  type ScorecardRule,
  type SchemaRule,
} from "./query-nodes.ts";
import { parseMatchAny, parseRelatedTo } from "./query-paths.ts";
import { type Budget, closed, parseContext, textOf } from "./query-values.ts";
import { PROPERTY_TYPES, type PropertyType } from "./property.ts";

export type { QueryGroup } from "./query-nodes.ts";

const MAX_DEPTH = 16;
const MAX_RULES = 500;

interface Scope {
  readonly budget: Budget;
  readonly timeZone: string;
  /** What the list of a group is called. */
  readonly list: "rules" | "conditions";
}

/**
 * `timeZone` beside `combinator` is the zone of calendar days and of times without an offset; UTC by default.
 * @throws AppError `invalid_request` naming the rule by its path below `field`, the value and what is expected
 */
export function parseQuery(value: unknown, field: string): QueryGroup {
  checkJson(value, field);
  return parseGroup(value, field, 0, start("rules"));
}

/** As `parseQuery`, of groups that call their list `conditions`. */
export function parseConditions(value: unknown, field: string): QueryGroup {
  checkJson(value, field);
  return parseGroup(value, field, 0, start("conditions"));
}

function start(list: Scope["list"]): Scope {
  return { budget: { rules: 0, values: 0, walks: 0 }, timeZone: "UTC", list };
}

function parseGroup(value: unknown, field: string, depth: number, scope: Scope): QueryGroup {
  if (!isObject(value))
    throw invalid(`${field} must be an object with combinator and ${scope.list}, not ${kindOf(value)}`);
  const { combinator } = value;
  const { budget, list } = scope;
  const rules = value[list];
  if (combinator !== "and" && combinator !== "or")
    throw invalid(`${field}.combinator ${show(combinator)} is not one of and, or`);
  if (!Array.isArray(rules)) throw invalid(`${field}.${list} must be a list, not ${kindOf(rules)}`);
  if (depth >= MAX_DEPTH) throw invalid(`${field} is nested deeper than ${MAX_DEPTH} groups`);
  budget.rules += rules.length;
  if (budget.rules > MAX_RULES) throw invalid(`${field} has more than ${MAX_RULES} rules`);
  const timeZone = parseTimeZone(value["timeZone"] ?? scope.timeZone, `${field}.timeZone`);
  return {
    kind: "group",
    combinator,
    rules: rules.map((rule: unknown, i) => {
      const path = `${field}.${list}[${i}]`;
      return isObject(rule) && (Object.hasOwn(rule, "combinator") || Object.hasOwn(rule, list))
        ? parseGroup(rule, path, depth + 1, { budget, timeZone, list })
        : parseRule(rule, path, { budget, timeZone, list });
    }),
  };
}

function parseRule(rule: unknown, field: string, scope: Scope): QueryRule | QueryGroup {
  if (!isObject(rule)) throw invalid(`${field} must be an object, not ${kindOf(rule)}`);
  const { operator } = rule;
  if (typeof operator !== "string")
    throw invalid(`${field}.operator must be a string, not ${kindOf(operator)}`);
  for (const key of ["property", "value"])
    if (isObject(rule[key]) && Object.hasOwn(rule[key], "jqQuery"))
      throw invalid(`${field}.${key}: jqQuery is not supported in searches; send the value itself`);
  if (operator === "relatedTo") return parseRelatedTo(rule, field, scope.budget);
  if (operator === "matchAny") return parseMatchAny(rule, field, scope.budget);
  const positive = Object.hasOwn(NEGATIONS, operator) ? NEGATIONS[operator] : undefined;
  if (positive === undefined && !OPERATORS.includes(operator))
    throw invalid(`${field}.operator ${show(operator)} is not one of ${ALL_OPERATORS.join(", ")}`);
  const subject = parseSubject(rule, field, operator);
  const condition = parseCondition(positive ?? operator, rule["value"], `${field}.value`, {
    ...scope,
    isTeam: subject.kind === "rule" && subject.property === "$team",
  });
  return { ...subject, condition, negated: positive !== undefined };
}

const ALL_OPERATORS = [...OPERATORS, ...Object.keys(NEGATIONS), "matchAny", "relatedTo"];

/** Targets are texts. */
const NOT_OF_RELATIONS = [">", ">=", "<", "<=", "between", "notBetween", "isExpired", "isNotExpired"];

type Subject =
  | Pick<PropertyRule, "kind" | "property">
  | Pick<SchemaRule, "kind" | "schema">
  | Pick<RelationRule, "kind" | "relation" | "target">
  | Pick<ScorecardRule, "kind" | "scorecard" | "rule">;

/** What the rule is about. */
function parseSubject(rule: JsonObject, field: string, operator: string): Subject {
  if (Object.hasOwn(rule, "propertySchema")) {
    closed(rule, ["propertySchema", "operator", "value"], field);
    if (!["=", "!=", "contains"].includes(operator))
      throw invalid(
        `${field}.operator ${show(operator)} is not one of =, !=, contains (with propertySchema)`,
      );
    return { kind: "schema", schema: parseSchema(rule["propertySchema"], `${field}.propertySchema`) };
  }
  if (Object.hasOwn(rule, "scorecard") || Object.hasOwn(rule, "scorecardRule"))
    return parseOfScorecard(rule, field, operator);
  if (Object.hasOwn(rule, "relation")) {
    closed(rule, ["relation", "targetProperty", "operator", "value"], field);
    if (NOT_OF_RELATIONS.includes(operator))
      throw invalid(
        `${field}.operator ${show(operator)} is not one of ${ALL_OPERATORS.filter((name) => !NOT_OF_RELATIONS.includes(name)).join(", ")} (with relation)`,
      );
    return {
      kind: "relation",
      relation: textOf(rule["relation"], `${field}.relation`),
      target: parseTarget(rule["targetProperty"], `${field}.targetProperty`),
    };
  }
  closed(rule, ["property", "operator", "value"], field);
  return { kind: "rule", property: parseProperty(rule["property"], `${field}.property`) };
}

/** Its level, or with `scorecardRule` SUCCESS or FAILURE. */
function parseOfScorecard(rule: JsonObject, field: string, operator: string): Subject {
  closed(rule, ["scorecard", "scorecardRule", "operator", "value"], field);
  if (NOT_OF_RELATIONS.includes(operator))
    throw invalid(
      `${field}.operator ${show(operator)} is not one of ${ALL_OPERATORS.filter((name) => !NOT_OF_RELATIONS.includes(name)).join(", ")} (with scorecard)`,
    );
  const { scorecardRule } = rule;
  return {
    kind: "scorecard",
    scorecard: textOf(rule["scorecard"], `${field}.scorecard`),
    rule:
      scorecardRule === undefined || scorecardRule === null
        ? null
        : textOf(scorecardRule, `${field}.scorecardRule`),
  };
}

function parseProperty(value: unknown, field: string): string | ContextRef {
  if (isObject(value)) return parseContext(value, field);
  if (typeof value !== "string" || value === "")
    throw invalid(`${field} must be a property identifier, not ${show(value)}`);
  if (value.startsWith("$") && !isMetaProperty(value))
    throw invalid(`${field} ${show(value)} is not one of ${META_PROPERTIES.join(", ")}`);
  return value;
}

function parseTarget(value: unknown, field: string): "$identifier" | "$title" {
  if (value === undefined) return "$identifier";
  if (value === "$identifier" || value === "$title") return value;
  throw invalid(`${field} ${show(value)} is not one of $identifier, $title`);
}

function parseSchema(value: unknown, field: string): PropertySchema {
  if (!isObject(value)) throw invalid(`${field} must be an object with type, not ${kindOf(value)}`);
  closed(value, ["type", "format", "items"], field);
  const { type, format, items } = value;
  const list = items === undefined || items === null ? null : items;
  if (list !== null && !isObject(list))
    throw invalid(`${field}.items must be an object, not ${kindOf(list)}`);
  return {
    type: typeOf(type, `${field}.type`),
    format: formatOf(format, `${field}.format`),
    items:
      list === null
        ? null
        : {
            type: list["type"] === undefined ? null : typeOf(list["type"], `${field}.items.type`),
            format: formatOf(list["format"], `${field}.items.format`),
          },
  };
}

function typeOf(value: unknown, field: string): PropertyType {
  const type = PROPERTY_TYPES.find((known) => known === value);
  if (type === undefined) throw invalid(`${field} ${show(value)} is not one of ${PROPERTY_TYPES.join(", ")}`);
  return type;
}

function formatOf(value: unknown, field: string): string | null {
  return value === undefined || value === null ? null : textOf(value, field);
}
