/** Conditions of automations: jq expressions over the event, each of which must give `true` (workflows.md §4.2). */
import { compileMapping, JqCompileError, type Mapping, Meter } from "../jq/index.ts";
import { invalid } from "../model/error.ts";
import { isObject, isStringArray, kindOf, show } from "../model/json.ts";

export interface ExpressionResult {
  readonly expression: string;
  /** What it gave; only `true` counts. */
  readonly value: unknown;
  readonly isMet: boolean;
  /** Why it gave nothing. */
  readonly problem: string | null;
}

export interface ConditionResult {
  readonly isMet: boolean;
  readonly combinator: "and" | "or";
  readonly results: readonly ExpressionResult[];
}

export interface Condition {
  /** @param now what `now` gives */
  test(event: unknown, now: Date): ConditionResult;
}

/** Of all expressions of a condition together: a tenth of a second at most. */
const MAX_STEPS = 500_000;
const MAX_OUTPUT = 1_000_000;
const MAX_DEPTH = 1000;
const MAX_EXPRESSIONS = 100;

type RunOptions = NonNullable<Parameters<Mapping["explain"]>[1]>;

const ALWAYS: Condition = { test: () => ({ isMet: true, combinator: "and", results: [] }) };

/** @param condition absent: always met. @throws AppError invalid_request naming field, value and rule */
export function compileCondition(condition: unknown, field = "trigger.condition"): Condition {
  if (condition === undefined || condition === null) return ALWAYS;
  if (!isObject(condition)) throw invalid(`${field} must be an object, not ${kindOf(condition)}`);
  const { type, expressions, combinator = "and" } = condition;
  if (type !== "JQ") throw invalid(`${field}.type ${show(type)} must be JQ`);
  if (combinator !== "and" && combinator !== "or")
    throw invalid(`${field}.combinator ${show(combinator)} must be and or or`);
  if (!isStringArray(expressions))
    throw invalid(`${field}.expressions must be a list of jq expressions, not ${kindOf(expressions)}`);
  if (expressions.length > MAX_EXPRESSIONS)
    throw invalid(
      `${field}.expressions has ${expressions.length} items; at most ${MAX_EXPRESSIONS} are allowed`,
    );
  const compiled = expressions.map((text, i) => compileExpression(text, `${field}.expressions[${i}]`));
  return {
    test(event, now) {
      const meter = new Meter(MAX_STEPS, MAX_OUTPUT, MAX_DEPTH);
      const results = compiled.map((one) => resultOf(one, event, { meter, now: now.getTime() / 1000 }));
      const isMet =
        combinator === "and" ? results.every((one) => one.isMet) : results.some((one) => one.isMet);
      return { isMet: isMet || results.length === 0, combinator, results };
    },
  };
}

function compileExpression(text: string, field: string): Mapping {
  try {
    return compileMapping(text);
  } catch (error) {
    if (!(error instanceof JqCompileError)) throw error;
    throw invalid(`${field} is no jq expression: ${error.message}`);
  }
}

function resultOf(expression: Mapping, event: unknown, options: RunOptions): ExpressionResult {
  const { value, problem } = expression.explain(event, options);
  return {
    ...{ expression: expression.source, value, isMet: value === true },
    problem: problem === null ? null : problem.message,
  };
}
