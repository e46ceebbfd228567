/** Which comparisons a column offers, in words, and what value each takes. */
import type { Rule } from "../lib/catalog-search.ts";
import { localTime } from "../lib/format.ts";
import { type Column, showValue } from "./blueprint.ts";
import { limitText } from "./unit.ts";

type ValueKind = "none" | "text" | "number" | "boolean" | "option" | "time" | "range" | "texts";

export interface Operator {
  readonly id: string;
  readonly words: string;
  readonly value: ValueKind;
}

const operator = (id: string, words: string, value: ValueKind): Operator => ({ id, words, value });

const EMPTY = [operator("isEmpty", "is empty", "none"), operator("isNotEmpty", "is not empty", "none")];
const TEXT = [
  operator("=", "is", "text"),
  operator("!=", "is not", "text"),
  operator("contains", "contains", "text"),
  operator("doesNotContains", "does not contain", "text"),
  operator("beginsWith", "begins with", "text"),
  operator("doesNotBeginsWith", "does not begin with", "text"),
  operator("endsWith", "ends with", "text"),
  operator("doesNotEndsWith", "does not end with", "text"),
  operator("in", "is one of", "texts"),
  operator("notIn", "is none of", "texts"),
];
const NUMBER = [
  operator("=", "=", "number"),
  operator("!=", "≠", "number"),
  operator(">", ">", "number"),
  operator(">=", "≥", "number"),
  operator("<", "<", "number"),
  operator("<=", "≤", "number"),
];
const TIME = [
  operator("between", "is within", "range"),
  operator("notBetween", "is not within", "range"),
  operator(">", "is after", "time"),
  operator("<", "is before", "time"),
];
const LIST = [
  operator("contains", "has", "text"),
  operator("doesNotContains", "does not have", "text"),
  operator("containsAny", "has one of", "texts"),
];

export function operatorsOf({ kind, options }: Column): readonly Operator[] {
  switch (kind) {
    case "number":
      return [...NUMBER, ...EMPTY];
    case "boolean":
      return [operator("=", "is", "boolean"), operator("!=", "is not", "boolean"), ...EMPTY];
    case "time":
      return [...TIME, ...EMPTY];
    case "list":
    case "team":
      return [...LIST, ...EMPTY];
    case "object":
      return EMPTY;
    default:
      if (options.length > 0)
        return [
          operator("=", "is", "option"),
          operator("!=", "is not", "option"),
          operator("in", "is one of", "texts"),
          operator("notIn", "is none of", "texts"),
          ...EMPTY,
        ];
      return [...TEXT, ...EMPTY];
  }
}

/** Windows that end, or begin, now. */
export const RANGES = [
  ["today", "today"],
  ["yesterday", "yesterday"],
  ["lastDay", "the last 24 hours"],
  ["lastWeek", "the last 7 days"],
  ["last2Weeks", "the last 14 days"],
  ["lastMonth", "the last 30 days"],
  ["last3Months", "the last 90 days"],
  ["last6Months", "the last 180 days"],
  ["last12Months", "the last 365 days"],
  ["tomorrow", "tomorrow"],
  ["nextWeek", "the next 7 days"],
  ["nextMonth", "the next 30 days"],
] as const;

/** `Tier is one of 1, 2`. */
export function ruleText(rule: Rule, columns: readonly Column[]): string {
  const column = columns.find(({ id }) => id === rule.property);
  // One of one is that one.
  const isOne = rule.operator === "in" && Array.isArray(rule.value) && rule.value.length === 1;
  const asked = isOne ? "=" : rule.operator;
  const words = (column && operatorsOf(column).find(({ id }) => id === asked)?.words) ?? asked;
  return [column?.title ?? rule.property, words, valueText(rule)].filter(Boolean).join(" ");
}

/** A condition of any shape: `(Tier is 1 or Tier is empty)`, `service contains pay`. */
export function conditionText(condition: object, columns: readonly Column[]): string {
  const { combinator, rules, relation, property, operator, value } = condition as Readonly<
    Record<string, unknown>
  >;
  if (Array.isArray(rules))
    return `(${(rules as object[]).map((rule) => conditionText(rule, columns)).join(` ${String(combinator)} `)})`;
  const subject = property ?? relation;
  if (typeof subject === "string" && typeof operator === "string")
    return ruleText({ property: subject, operator, value }, columns);
  return JSON.stringify(condition);
}

function valueText({ property, value }: Rule): string {
  if (typeof value === "number") return limitText(property, value) ?? showValue(value);
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(showValue).join(", ");
  if (typeof value !== "object") return showValue(value);
  const { preset, from, to } = value as { preset?: string; from?: string; to?: string };
  if (from !== undefined && to !== undefined) return `${localTime(from)} – ${localTime(to)}`;
  return RANGES.find(([id]) => id === preset)?.[1] ?? JSON.stringify(value);
}
