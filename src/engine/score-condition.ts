/**
 * What an operator means for one value of an entity (workflows.md §5.2), compiled once: 10,000 rules are tested on every
 * write of an entity. As in searches (§5.3), but that null fulfils nothing except a question for it, and that empty
 * text, list and object count as empty.
 */
import { isNoValue } from "../model/compared.ts";
import { parseInstant } from "../model/instant.ts";
import type { Comparison, Condition, Scalar } from "../model/query-nodes.ts";
import { type Range, rangeMillis } from "../model/query-range.ts";

/** The time at which an entity is looked at, and when its level may change by time alone. */
export interface Clock {
  readonly now: number;
  next: number;
}

export type Check = (value: unknown, clock: Clock) => boolean;

/** What the value is of, where that matters. */
export type Subject = "value" | "text" | "instant" | "team" | "target" | "targets";

const DAY_MS = 86_400_000;

/** @returns whether a value fulfils the condition, or with `negated` does not */
export function compileCondition(condition: Condition, negated: boolean, subject: Subject): Check {
  if (condition.op === "isEmpty") return (value) => isNoValue(value) !== negated;
  const test = testOf(condition, subject);
  const fitsNull = asksForNull(condition);
  return (value, clock) => {
    const isNull = value === null || value === undefined || (isList(subject) && isNoValue(value));
    return isNull ? fitsNull && !negated : test(value, clock) !== negated;
  };
}

function isList(subject: Subject): boolean {
  return subject === "team" || subject === "targets";
}

function asksForNull(condition: Condition): boolean {
  return (condition.op === "equals" || condition.op === "in") && condition.values.includes(null);
}

function testOf(condition: Condition, subject: Subject): Check {
  switch (condition.op) {
    case "isEmpty":
      return isNoValue;
    case "isExpired":
      return onInstant((at, clock) => {
        if (at > clock.now) clock.next = Math.min(clock.next, at);
        return at <= clock.now;
      });
    case "between":
      return "kind" in condition.range ? onInstant(within(condition.range)) : () => false;
    case "compare":
      return compared(condition.comparison, scalars(condition.values));
    case "equals":
    case "in":
      return equalTo(scalars(condition.values), subject, condition.op);
    case "contains":
      return containing(scalars(condition.values), condition.every, subject);
    default:
      return partOf(condition.op, scalars(condition.values), subject);
  }
}

const scalars = (values: readonly unknown[]): Scalar[] =>
  values.filter((value): value is Scalar => value === null || typeof value !== "object");

function onInstant(test: (at: number, clock: Clock) => boolean): Check {
  return (value, clock) => {
    const at = typeof value === "string" ? parseInstant(value) : null;
    return at !== null && test(at, clock);
  };
}

/** Half-open; notes when the time comes into the range, and when it leaves it. */
function within(range: Range): (at: number, clock: Clock) => boolean {
  if (range.kind === "instants") {
    const { from, to } = rangeMillis(range, new Date(0));
    return (at) => at >= from && at < to;
  }
  let day = { from: 0, to: 0, until: Number.NEGATIVE_INFINITY, since: 0 };
  return (at, clock) => {
    const { now } = clock;
    if (range.kind === "rolling") {
      const other = range.days * DAY_MS;
      for (const moment of [at, at - other]) if (moment >= now) clock.next = Math.min(clock.next, moment + 1);
      return at >= Math.min(now, now + other) && at < Math.max(now, now + other);
    }
    if (now < day.since || now >= day.until) {
      const today = rangeMillis({ ...range, offset: 0 }, new Date(now));
      day = { ...rangeMillis(range, new Date(now)), until: today.to, since: today.from };
    }
    clock.next = Math.min(clock.next, day.until);
    return at >= day.from && at < day.to;
  };
}

function compared(comparison: Comparison, values: readonly Scalar[]): Check {
  const numbers = values.filter((value) => typeof value === "number");
  const instants = values.flatMap((value) => (typeof value === "string" ? (parseInstant(value) ?? []) : []));
  const holds = COMPARE[comparison];
  return (value) => {
    if (typeof value === "number") return numbers.some((other) => holds(value, other));
    if (typeof value !== "string" || instants.length === 0) return false;
    const at = parseInstant(value);
    return at !== null && instants.some((other) => holds(at, other));
  };
}

const COMPARE: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
};

/** `equals`: lists equal nothing but null. */
function equalTo(values: readonly Scalar[], subject: Subject, op: "equals" | "in"): Check {
  const texts = new Set(values.filter((value) => value !== null).map(String));
  const exact = new Set(values);
  switch (subject) {
    case "text":
    case "target":
      return (value) => texts.has(value as string);
    case "targets":
      return (value) => (value as readonly string[]).some((one) => texts.has(one));
    case "team":
      return op === "equals"
        ? (value) => isOnly(value as readonly string[], texts)
        : (value) => (value as readonly string[]).some((one) => texts.has(one));
    case "instant": {
      const instants = new Set(
        values.flatMap((value) => (typeof value === "string" ? (parseInstant(value) ?? []) : [])),
      );
      return onInstant((at) => instants.has(at));
    }
    default:
      return (value) =>
        Array.isArray(value)
          ? op === "in" && value.some((item: unknown) => item !== null && exact.has(item as Scalar))
          : exact.has(value as Scalar);
  }
}

function isOnly(list: readonly string[], texts: ReadonlySet<string>): boolean {
  return list.length === 1 && list.every((one) => texts.has(one));
}

function containing(values: readonly Scalar[], every: boolean, subject: Subject): Check {
  if (subject === "instant") return () => false;
  const parts = partOf("contains", values, subject, every);
  const given = isList(subject) ? values.flatMap((value) => (value === null ? [] : [String(value)])) : values;
  const missesNull = isList(subject) && values.includes(null);
  return (value, clock) => {
    if (!Array.isArray(value)) return parts(value, clock);
    if (every && values.length > 0) return !missesNull && given.every((one) => value.includes(one));
    return given.some((one) => value.includes(one));
  };
}

/** Case does not matter (decision 14); numbers and booleans are compared by their text. */
function partOf(
  op: "contains" | "beginsWith" | "endsWith",
  values: readonly Scalar[],
  subject: Subject,
  every = false,
): Check {
  if (subject === "instant" || subject === "team") return () => false;
  const parts = values.flatMap((value) => (value === null ? [] : [String(value).toLowerCase()]));
  const hasAll = every && values.length > 0;
  const misses = hasAll && parts.length < values.length;
  const fits = (text: string, part: string): boolean => {
    if (op === "beginsWith") return text.startsWith(part);
    return op === "endsWith" ? text.endsWith(part) : text.includes(part);
  };
  const onText = (given: string): boolean => {
    const text = given.toLowerCase();
    return hasAll
      ? !misses && parts.every((part) => fits(text, part))
      : parts.some((part) => fits(text, part));
  };
  return (value) => {
    if (Array.isArray(value)) return subject === "targets" && value.some((one) => onText(String(one)));
    if (typeof value === "string") return onText(value);
    return (typeof value === "number" || typeof value === "boolean") && onText(String(value));
  };
}
