/** Search queries as frozen nodes (data-model.md §5.2, §5.3, decisions 13-16). */
import { invalid } from "./error.ts";
import { isInstant } from "./instant.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "./json.ts";

export type Scalar = string | number | boolean | null;

/** Half-open [from, to). */
export type Range =
  | { readonly kind: "instants"; readonly from: string; readonly to: string }
  /** From `days` before now to now. */
  | { readonly kind: "rolling"; readonly days: number }
  /** The calendar day `offset` days from today in the query's time zone. */
  | { readonly kind: "day"; readonly offset: number };

export type Condition =
  | { readonly op: "equals"; readonly value: Scalar }
  | { readonly op: "in"; readonly values: readonly Scalar[] }
  /** Text: contains every one as a substring. List: every one is an element. */
  | { readonly op: "contains"; readonly values: readonly Scalar[] }
  | { readonly op: "containsAny"; readonly values: readonly Scalar[] }
  | { readonly op: "beginsWith" | "endsWith"; readonly value: string }
  | { readonly op: ">" | ">=" | "<" | "<="; readonly value: number | string }
  | { readonly op: "between"; readonly range: Range }
  | { readonly op: "isEmpty" }
  | { readonly op: "isExpired" };

export interface QueryRule {
  readonly kind: "rule";
  /** Property identifier, or a meta property with `$`. */
  readonly property: string;
  readonly condition: Condition;
  /** The rule asks for what does not satisfy the condition, null included (decision 15). */
  readonly negated: boolean;
}

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

const MAX_DEPTH = 16;
const MAX_RULES = 500;
const MAX_VALUES = 10_000;

const ROLLING: Readonly<Record<string, number>> = {
  lastDay: 1,
  lastWeek: 7,
  last2Weeks: 14,
  lastMonth: 30,
  last3Months: 90,
  last6Months: 180,
  last12Months: 365,
};
const DAYS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };
const LATER = ["relatedTo", "matchAny"];
const NEGATIONS: Readonly<Record<string, string>> = {
  "!=": "=",
  notIn: "in",
  doesNotContains: "contains",
  doesNotBeginsWith: "beginsWith",
  doesNotEndsWith: "endsWith",
  notBetween: "between",
  isNotEmpty: "isEmpty",
  isNotExpired: "isExpired",
};
const OPERATORS = [
  "=",
  "in",
  "contains",
  "containsAny",
  "beginsWith",
  "endsWith",
  ">",
  ">=",
  "<",
  "<=",
  "between",
  "isEmpty",
  "isExpired",
];

interface Budget {
  rules: number;
  values: number;
}

/** @throws AppError `invalid_request` naming the rule by its path below `field`, the value and what is expected */
export function parseQuery(value: unknown, field: string): QueryGroup {
  checkJson(value, field);
  return parseGroup(value, field, 0, { rules: 0, values: 0 });
}

function parseGroup(value: unknown, field: string, depth: number, budget: Budget): QueryGroup {
  if (!isObject(value))
    throw invalid(`${field} must be an object with combinator and rules, not ${kindOf(value)}`);
  const { combinator, rules } = value;
  if (combinator !== "and" && combinator !== "or")
    throw invalid(`${field}.combinator ${show(combinator)} is not one of and, or`);
  if (!Array.isArray(rules)) throw invalid(`${field}.rules must be a list, not ${kindOf(rules)}`);
  if (depth >= MAX_DEPTH) throw invalid(`${field} is nested deeper than ${MAX_DEPTH} groups`);
  budget.rules += rules.length;
  if (budget.rules > MAX_RULES) throw invalid(`${field} has more than ${MAX_RULES} rules`);
  return {
    kind: "group",
    combinator,
    rules: rules.map((rule: unknown, i) => {
      const path = `${field}.rules[${i}]`;
      return isObject(rule) && (Object.hasOwn(rule, "combinator") || Object.hasOwn(rule, "rules"))
        ? parseGroup(rule, path, depth + 1, budget)
        : parseRule(rule, path, budget);
    }),
  };
}

function parseRule(rule: unknown, field: string, budget: Budget): QueryRule {
  if (!isObject(rule)) throw invalid(`${field} must be an object, not ${kindOf(rule)}`);
  const { property, operator } = rule;
  if (typeof operator !== "string")
    throw invalid(`${field}.operator must be a string, not ${kindOf(operator)}`);
  if (LATER.includes(operator)) throw invalid(`${field}.operator "${operator}" is not supported yet`);
  for (const key of ["relation", "scorecard", "propertySchema"])
    if (Object.hasOwn(rule, key))
      throw invalid(`${field}: rules with "${key}" (operator "${operator}") are not supported yet`);
  if (isObject(property) || (isObject(rule["value"]) && Object.hasOwn(rule["value"], "context")))
    throw invalid(`${field}: "context" (operator "${operator}") is not supported yet`);
  if (typeof property !== "string" || property === "")
    throw invalid(`${field}.property must be a property identifier, not ${show(property)}`);
  if (property.startsWith("$") && !isMetaProperty(property))
    throw invalid(`${field}.property ${show(property)} is not one of ${META_PROPERTIES.join(", ")}`);
  const positive = Object.hasOwn(NEGATIONS, operator) ? NEGATIONS[operator] : undefined;
  if (positive === undefined && !OPERATORS.includes(operator))
    throw invalid(
      `${field}.operator ${show(operator)} is not one of ${[...OPERATORS, ...Object.keys(NEGATIONS)].join(", ")}`,
    );
  const condition = parseCondition(positive ?? operator, rule, field, budget);
  return { kind: "rule", property, condition, negated: positive !== undefined };
}

function parseCondition(operator: string, rule: JsonObject, field: string, budget: Budget): Condition {
  const { value } = rule;
  const path = `${field}.value`;
  switch (operator) {
    case "isEmpty":
    case "isExpired":
      return { op: operator };
    case "=":
      return isObject(value)
        ? { op: "between", range: parseRange(value, path) }
        : { op: "equals", value: scalar(value, path) };
    case "between":
      return { op: "between", range: parseRange(value, path) };
    case "in":
      return { op: "in", values: scalars(value, path, budget) };
    case "contains":
      return { op: "contains", values: scalars(Array.isArray(value) ? value : [value], path, budget) };
    case "containsAny":
      return { op: "containsAny", values: scalars(Array.isArray(value) ? value : [value], path, budget) };
    case "beginsWith":
    case "endsWith":
      return { op: operator, value: textOf(scalar(value, path), path) };
    default:
      return { op: operator as ">" | ">=" | "<" | "<=", value: comparable(value, path) };
  }
}

function scalar(value: unknown, field: string): Scalar {
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value as Scalar;
  throw invalid(`${field} must be a string, number, boolean or null, not ${kindOf(value)}`);
}

function scalars(value: unknown, field: string, budget: Budget): readonly Scalar[] {
  if (!Array.isArray(value)) throw invalid(`${field} must be a list, not ${kindOf(value)}`);
  budget.values += value.length;
  if (budget.values > MAX_VALUES) throw invalid(`${field}: the query has more than ${MAX_VALUES} values`);
  return value.map((item, i) => scalar(item, `${field}[${i}]`));
}

function textOf(value: Scalar, field: string): string {
  if (value === null) throw invalid(`${field} must be a string, not null`);
  return String(value);
}

function comparable(value: unknown, field: string): number | string {
  if (typeof value === "number" || (typeof value === "string" && isInstant(value))) return value;
  throw invalid(`${field} ${show(value)} must be a number or a date-time such as 2024-09-01T12:00:00Z`);
}

function parseRange(value: unknown, field: string): Range {
  if (!isObject(value)) throw invalid(`${field} must be {from, to} or {preset}, not ${kindOf(value)}`);
  const { preset, from, to } = value;
  if (preset === undefined)
    return { kind: "instants", from: instant(from, `${field}.from`), to: instant(to, `${field}.to`) };
  const name = typeof preset === "string" ? preset : "";
  if (Object.hasOwn(ROLLING, name)) return { kind: "rolling", days: ROLLING[name] ?? 0 };
  if (Object.hasOwn(DAYS, name)) return { kind: "day", offset: DAYS[name] ?? 0 };
  throw invalid(
    `${field}.preset ${show(preset)} is not one of ${[...Object.keys(ROLLING), ...Object.keys(DAYS)].join(", ")}`,
  );
}

function instant(value: unknown, field: string): string {
  if (typeof value !== "string" || !isInstant(value))
    throw invalid(`${field} ${show(value)} must be a date-time such as 2024-09-01T12:00:00Z`);
  return value;
}

/** The time zone that a query names for its calendar days (decision 16). */
export function parseTimeZone(value: unknown, field: string): string {
  if (value === undefined || value === null) return "UTC";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value as string }).resolvedOptions().timeZone;
  } catch {
    throw invalid(`${field} ${show(value)} is not a time zone such as Europe/Berlin`);
  }
}
