/** Operators and their values (data-model.md §5.2, §5.3). */
import { invalid } from "./error.ts";
import { isInstant } from "./instant.ts";
import { isObject, show } from "./json.ts";
import { type Comparison, type Condition, isContextRef, type Operand } from "./query-nodes.ts";
import { parseRange } from "./query-range.ts";
import { type Budget, parseContext, parseList, parseOneOrList, parseScalar } from "./query-values.ts";

/** Operators that ask for the opposite of another. */
export const NEGATIONS: Readonly<Record<string, string>> = {
  "!=": "=",
  notIn: "in",
  doesNotContains: "contains",
  doesNotBeginsWith: "beginsWith",
  doesNotEndsWith: "endsWith",
  notBetween: "between",
  isNotEmpty: "isEmpty",
  isNotExpired: "isExpired",
};

export const OPERATORS: readonly string[] = [
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

interface Scope {
  readonly budget: Budget;
  readonly timeZone: string;
  /** The rule is about `$team`, where "My Teams" has a meaning. */
  readonly isTeam: boolean;
}

/** @param operator one of OPERATORS */
export function parseCondition(operator: string, value: unknown, field: string, scope: Scope): Condition {
  const { budget, isTeam } = scope;
  switch (operator) {
    case "isEmpty":
    case "isExpired":
      return { op: operator };
    case "between":
      return parseBetween(value, field, scope);
    case "=": {
      if (isObject(value) && !Object.hasOwn(value, "context")) return parseBetween(value, field, scope);
      const values = parseScalar(value, field, isTeam);
      return { op: values.some(isContextRef) ? "in" : "equals", values };
    }
    case "in":
      return { op: "in", values: parseList(value, field, budget, isTeam) };
    case "contains": {
      const values = parseOneOrList(value, field, budget, isTeam);
      return { op: "contains", values, every: !values.some(isContextRef) };
    }
    case "containsAny":
      return { op: "contains", values: parseOneOrList(value, field, budget, isTeam), every: false };
    case "beginsWith":
    case "endsWith": {
      const values = parseScalar(value, field);
      if (values.includes(null)) throw invalid(`${field} must be a string, not null`);
      return { op: operator, values };
    }
    default:
      return { op: "compare", comparison: operator as Comparison, values: parseComparable(value, field) };
  }
}

function parseBetween(value: unknown, field: string, scope: Scope): Condition {
  if (isObject(value) && Object.hasOwn(value, "context"))
    return { op: "between", range: parseContext(value, field) };
  return { op: "between", range: parseRange(value, field, scope.timeZone) };
}

function parseComparable(value: unknown, field: string): Operand {
  if (isObject(value)) return [parseContext(value, field)];
  if (typeof value === "number" || (typeof value === "string" && isInstant(value))) return [value];
  throw invalid(`${field} ${show(value)} must be a number or a date-time such as 2024-09-01T12:00:00Z`);
}
