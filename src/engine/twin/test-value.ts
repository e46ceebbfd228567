/** Whether a value satisfies the condition of a rule, by the type of the value (data-model.md §5.3, decisions 13–16). */
import { parseInstant } from "../../model/instant.ts";
import type { PropertyType } from "../../model/property.ts";
import { type Comparison, type Condition, isContextRef, type Scalar } from "../../model/query-nodes.ts";
import { rangeMillis } from "../../model/query-range.ts";

/** A condition whose values are known; nobody asks, so values of a person are not there. */
export type ValueTest =
  | { readonly op: "equals" | "in" | "beginsWith" | "endsWith"; readonly values: readonly Scalar[] }
  | { readonly op: "contains"; readonly values: readonly Scalar[]; readonly every: boolean }
  | { readonly op: "compare"; readonly comparison: Comparison; readonly values: readonly Scalar[] }
  | { readonly op: "between"; readonly from: number; readonly to: number }
  | { readonly op: "isEmpty" | "isExpired" };

/** null: it asks for a value of the person, and matches nothing, negated or not. */
export function testOf(condition: Condition, now: Date): ValueTest | null {
  switch (condition.op) {
    case "isEmpty":
    case "isExpired":
      return { op: condition.op };
    case "between":
      return isContextRef(condition.range) ? null : { op: "between", ...rangeMillis(condition.range, now) };
    default: {
      const values = condition.values.filter((value): value is Scalar => !isContextRef(value));
      return values.length === 0 && condition.values.length > 0 ? null : { ...condition, values };
    }
  }
}

function valuesOf(test: ValueTest): readonly Scalar[] {
  return "values" in test ? test.values : [];
}

function asksForNull(test: ValueTest): boolean {
  if (test.op === "isEmpty") return true;
  return (test.op === "equals" || test.op === "in") && valuesOf(test).includes(null);
}

/** Columns of text: a number or boolean asks for its text. */
export function asTexts(test: ValueTest): ValueTest {
  if (test.op !== "equals" && test.op !== "in") return test;
  return { ...test, values: valuesOf(test).map((value) => (value === null ? null : String(value))) };
}

export function holds(type: PropertyType, value: unknown, test: ValueTest, now: Date): boolean {
  if (value === null || value === undefined) return asksForNull(test);
  switch (type) {
    case "array":
      return Array.isArray(value) && holdsForList(value as unknown[], test);
    case "object":
      return false;
    case "string":
      return holdsForText(typeof value === "string" ? value : JSON.stringify(value), test, now);
    default:
      return typeof value === type && holdsForScalar(value as number | boolean, test);
  }
}

function holdsForText(text: string, test: ValueTest, now: Date): boolean {
  switch (test.op) {
    case "equals":
    case "in":
      return valuesOf(test).includes(text);
    case "contains":
    case "beginsWith":
    case "endsWith":
      return holdsInText(text, test);
    case "isEmpty":
      return false;
    default:
      return holdsForInstant(parseInstant(text), test, now);
  }
}

function holdsInText(text: string, test: ValueTest): boolean {
  const whole = text.toLowerCase();
  const isPart = (value: Scalar): boolean => {
    if (value === null) return false;
    const part = String(value).toLowerCase();
    if (test.op === "beginsWith") return whole.startsWith(part);
    return test.op === "endsWith" ? whole.endsWith(part) : whole.includes(part);
  };
  const values = valuesOf(test);
  return test.op === "contains" && test.every && values.length > 0
    ? values.every(isPart)
    : values.some(isPart);
}

function holdsForScalar(value: number | boolean, test: ValueTest): boolean {
  switch (test.op) {
    case "equals":
    case "in":
      return valuesOf(test).includes(value);
    case "compare":
      return (
        typeof value === "number" &&
        valuesOf(test).some((other) => typeof other === "number" && compare(value, test.comparison, other))
      );
    case "contains":
    case "beginsWith":
    case "endsWith":
      return holdsInText(String(value), test);
    default:
      return false;
  }
}

function compare(a: number, comparison: Comparison, b: number): boolean {
  switch (comparison) {
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "<":
      return a < b;
    default:
      return a <= b;
  }
}

function holdsForList(list: readonly unknown[], test: ValueTest): boolean {
  const values = valuesOf(test);
  const isElement = (value: Scalar): boolean => list.includes(value);
  switch (test.op) {
    case "contains":
      return test.every && values.length > 0 ? values.every(isElement) : values.some(isElement);
    case "in":
      return values.some((value) => value !== null && isElement(value));
    default:
      return false;
  }
}

/** @param at milliseconds; null: the text is no point in time */
export function holdsForInstant(at: number | null, test: ValueTest, now: Date): boolean {
  if (at === null) return false;
  const instants = valuesOf(test).flatMap((value) =>
    typeof value === "string" ? (parseInstant(value) ?? []) : [],
  );
  switch (test.op) {
    case "equals":
    case "in":
      return instants.includes(at);
    case "compare":
      return instants.some((other) => compare(at, test.comparison, other));
    case "between":
      return at >= test.from && at < test.to;
    case "isExpired":
      return at <= now.getTime();
    default:
      return false;
  }
}

/** The owning teams. `=`: exactly this one; `in` and `containsAny`: one of them; `contains`: every one. */
export function holdsForTeam(team: readonly string[], test: ValueTest): boolean {
  const values = valuesOf(test);
  const owns = (value: Scalar): boolean => value !== null && team.includes(String(value));
  switch (test.op) {
    case "equals":
      return values[0] === null ? team.length === 0 : team.length === 1 && values.every(owns);
    case "in":
      return values.some(owns) || (values.includes(null) && team.length === 0);
    case "contains":
      return test.every && values.length > 0 ? values.every(owns) : values.some(owns);
    case "isEmpty":
      return team.length === 0;
    default:
      return false;
  }
}

/** @param texts of the targets of a relation, null where a target has no title */
export function holdsForTargets(
  texts: readonly (string | null)[],
  many: boolean,
  given: ValueTest,
  now: Date,
): boolean {
  const test = asTexts(given);
  const values = valuesOf(test);
  if (test.op === "isEmpty" || (test.op === "equals" && values[0] === null)) return texts.length === 0;
  if (many && test.op === "contains") {
    const isTarget = (value: Scalar): boolean => value !== null && texts.includes(String(value));
    return test.every && values.length > 0 ? values.every(isTarget) : values.some(isTarget);
  }
  if (texts.some((text) => text !== null && holdsForText(text, test, now))) return true;
  return test.op === "in" && values.includes(null) && texts.length === 0;
}
