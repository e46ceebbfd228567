/** What a number that was counted over entities covers, in words: `last 30 days, all environments`. */
import type { BlueprintDoc, Column } from "./blueprint.ts";
import { conditionText, RANGES } from "./operators.ts";

/** Ranges that only charts over time have. */
const LONG_RANGES = [
  ["last2Years", "the last 2 years"],
  ["last3Years", "the last 3 years"],
] as const;

export interface Counted {
  /** Of the entities that are counted. */
  readonly columns: readonly Column[];
  /** Their property that says the environment; null where they are no deployments. */
  readonly environment: string | null;
  /** All of it must hold. */
  readonly rules: readonly object[];
  /** Of a chart over time. */
  readonly preset?: string | null;
}

/** The window, the environments and every other condition; nothing where everything is counted. */
export function measuredParts({
  columns,
  environment,
  rules: asked,
  preset = null,
}: Counted): readonly string[] {
  const rules = asked.flatMap(allOf);
  const windows = [...(preset === null ? [] : [rangeText(preset)]), ...rules.flatMap(windowOf)];
  const others = rules.filter((rule) => windowOf(rule).length === 0);
  const isOfEnvironment = (rule: object): boolean =>
    environment !== null && JSON.stringify(rule).includes(`"property":"${environment}"`);
  const places = others.filter(isOfEnvironment).map((rule) => placeText(rule, columns));
  const rest = others.filter((rule) => !isOfEnvironment(rule)).map((rule) => wordsOf(rule, columns));
  if (environment === null) return [...windows, ...rest];
  return [
    ...(windows.length === 0 && !rules.some((rule) => isOfTime(rule, columns)) ? ["all time"] : windows),
    ...(places.length === 0 ? ["all environments"] : places),
    ...rest,
  ];
}

type Condition = Readonly<Record<string, unknown>>;

/** What must hold within, where all of it must. */
function allOf(rule: object): readonly object[] {
  const { combinator, rules } = rule as Condition;
  return combinator === "and" && Array.isArray(rules) ? (rules as object[]).flatMap(allOf) : [rule];
}

const OWN_TIMES: ReadonlySet<unknown> = new Set(["$createdAt", "$updatedAt"]);

/** Whether it is about a time, at any depth: a window of another kind. */
function isOfTime(rule: object, columns: readonly Column[]): boolean {
  const { rules, property } = rule as Condition;
  if (Array.isArray(rules)) return (rules as object[]).some((one) => isOfTime(one, columns));
  return OWN_TIMES.has(property) || columns.some(({ id, kind }) => id === property && kind === "time");
}

const rangeText = (preset: string): string =>
  [...RANGES, ...LONG_RANGES].find(([id]) => id === preset)?.[1].replace(/^the /, "") ?? preset;

/** Conditions on a time that move on with it; one that is not is a condition like others. */
function windowOf(rule: object): readonly string[] {
  const { operator, value } = rule as Condition;
  const preset = typeof value === "object" && value !== null ? (value as Condition)["preset"] : null;
  return operator === "between" && typeof preset === "string" ? [rangeText(preset)] : [];
}

/** `Production` says enough where it is one of some that are named. */
function placeText(rule: object, columns: readonly Column[]): string {
  const { operator, value } = rule as Condition;
  const values = Array.isArray(value) ? value : [value];
  return ["=", "in"].includes(String(operator)) && values.every((one) => typeof one === "string")
    ? values.join(", ")
    : wordsOf(rule, columns);
}

function wordsOf(rule: object, columns: readonly Column[]): string {
  const { rules, property, relation, operator, value } = rule as Condition;
  if (Array.isArray(rules) || typeof (property ?? relation) === "string") return conditionText(rule, columns);
  return operator === "relatedTo"
    ? `related to ${[value].flat().map(String).join(", ")}`
    : "other conditions";
}

/** The conditions of a query that must all hold; one that may be held by either is one. */
export function rulesIn(query: unknown): readonly object[] {
  const { combinator, rules } = (query ?? {}) as Condition;
  if (!Array.isArray(rules) || rules.length === 0) return [];
  return combinator === "or" && rules.length > 1 ? [query as object] : (rules as object[]);
}

/** The aggregations that a property of the blueprint is made of: itself, or those that a calculation names. */
export function aggregationsBehind(blueprint: BlueprintDoc, id: string): readonly Aggregation[] {
  const all = blueprint.aggregationProperties ?? {};
  const own = all[id];
  if (own !== undefined) return [own];
  const text = blueprint.calculationProperties?.[id]?.calculation;
  if (text === undefined) return [];
  // As jq names a property: `.properties.size`, `["size"]`, `."size"`; a function may be called like one.
  const names = new Set(
    [...text.matchAll(/\.\s*([A-Za-z_]\w*)|\[\s*"([^"]+)"\s*\]|\.\s*"([^"]+)"/g)].map(
      ([, plain, index, quoted]) => plain ?? index ?? quoted,
    ),
  );
  return Object.entries(all).flatMap(([name, one]) => (names.has(name) ? [one] : []));
}

type Aggregation = NonNullable<BlueprintDoc["aggregationProperties"]>[string];

/** What is said of all of them. */
export const inCommon = (all: readonly (readonly string[])[]): readonly string[] =>
  (all[0] ?? []).filter((part) => all.every((parts) => parts.includes(part)));
