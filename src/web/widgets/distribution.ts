/** How often each value of a property occurs: what pies and bars ask, and the rows behind a slice. */
import { useQueries, useQuery } from "@tanstack/react-query";
import { type BlueprintDoc, columnsOf, showValue } from "../catalog/blueprint.ts";
import { entityTitleQuery } from "../catalog/entity-title.ts";
import { blueprintQuery, type CountedValues } from "../catalog/queries.ts";
import { valuesQuery } from "./queries.ts";
import { queryFor, scopeOf, textOf } from "./scope.ts";
import type { WidgetContext, WidgetDoc } from "./widget-kind.ts";

export interface Slice {
  readonly key: string;
  readonly label: string;
  readonly count: number;
  /** What its entities have in common; null for the rest of many values. */
  readonly rule: object | null;
  /** What the rule finds, where that is more than is counted. */
  readonly rows?: string;
}

interface Subject {
  readonly kind: "property" | "relation" | "scorecard";
  readonly id: string;
  /** Of a scorecard: one of its rules; otherwise its level. */
  readonly rule?: string;
}

/** `property#tier`, `relation#service`, `$team`; a bare name is a property. */
export function subjectOf(property: string): Subject {
  const [prefix = "", ...rest] = property.split("#");
  if (rest.length === 0) return { kind: "property", id: property };
  const id = rest.join("#");
  if (prefix === "relation") return { kind: "relation", id };
  const [scorecard = "", rule = ""] = rest;
  if (prefix === "scorecard-rule") return { kind: "scorecard", id: scorecard, rule };
  return { kind: prefix === "scorecard" ? "scorecard" : "property", id };
}

/** The question of a widget, and its scope; null while something is missing. */
export function useDistribution(widget: WidgetDoc, context: WidgetContext) {
  const scope = scopeOf(widget, context);
  const property = textOf(widget, "property");
  const subject = property === null ? null : subjectOf(property);
  const isAsked = scope !== null && subject !== null;
  const body = {
    func: "countValues",
    ...(subject === null ? {} : { [subject.kind]: subject.id }),
    ...(subject?.rule === undefined ? {} : { rule: subject.rule }),
    query: scope === null ? null : queryFor(scope),
  };
  const answer = useQuery({ ...valuesQuery(body), enabled: isAsked });
  const blueprint = useQuery({ ...blueprintQuery(scope?.blueprint ?? ""), enabled: scope !== null });
  const target = blueprint.data && subject ? targetOf(blueprint.data, subject) : null;
  const identifiers = (answer.data?.values ?? [])
    .map(({ value }) => value)
    .filter((one) => typeof one === "string");
  const found = useQueries({
    queries: target === null ? [] : identifiers.map((one) => entityTitleQuery(target, one)),
  });
  const titles = new Map(found.map(({ data }, i) => [identifiers[i], data]));
  return { scope, subject, answer, blueprint: blueprint.data, titles };
}

/** Whose entities the values name; null: they stand for themselves. */
function targetOf(blueprint: BlueprintDoc, { id }: Subject): string | null {
  const column = columnsOf(blueprint).find((one) => one.id === id);
  return column?.kind === "team" ? "_team" : (column?.target ?? null);
}

/**
 * The most frequent values one by one, the rest together unless the widget says otherwise.
 * @param titles of entities that values name
 */
export function slicesOf(
  counted: CountedValues,
  { id, kind, rule }: Subject,
  blueprint: BlueprintDoc | undefined,
  most: number,
  titles: ReadonlyMap<unknown, string | null | undefined> = new Map(),
): Slice[] {
  const column = blueprint && columnsOf(blueprint).find((one) => one.id === id);
  const isList = kind === "relation" || column?.kind === "list" || column?.kind === "team";
  const ruleFor = (value: unknown): object => {
    const subject =
      kind === "scorecard"
        ? { scorecard: id, ...(rule === undefined ? {} : { scorecardRule: rule }) }
        : { [kind]: id };
    if (value === null || value === undefined) return { ...subject, operator: "isEmpty" };
    return { ...subject, operator: isList ? "contains" : "=", value };
  };
  const slices = counted.values.slice(0, most).flatMap(({ value, count, withoutData = 0 }): Slice[] => {
    const isNone = value === null || value === undefined;
    const slice: Slice = {
      key: JSON.stringify(value) ?? "none",
      label: isNone ? `No ${column?.title ?? id}` : titles.get(value) || showValue(value),
      count,
      rule: ruleFor(value),
    };
    if (withoutData === 0) return [slice];
    // No search tells those without data from the others of their level: one part leads to the rows of both, and says so.
    const blank: Slice = { key: "no data", label: "No data", count: withoutData, rule: null };
    if (withoutData === count) return [{ ...blank, rule: slice.rule }];
    const judged = { ...slice, count: count - withoutData, rows: `${slice.label}, with those without data` };
    return [judged, blank];
  });
  const rest = counted.values.slice(most).reduce((sum, { count }) => sum + count, counted.other.count);
  if (rest === 0) return slices;
  const values = counted.values.length - Math.min(most, counted.values.length) + counted.other.values;
  const listed = counted.values.slice(0, most).map(({ value }) => value);
  return [
    ...slices,
    {
      key: "other",
      label: `Other (${values} values)`,
      count: rest,
      rule: isList || kind === "scorecard" ? null : restRule(id, listed),
    },
  ];
}

/** None of those that are listed; of lists there is no such rule, one entity may have both. */
function restRule(property: string, listed: readonly unknown[]): object {
  const isNone = (value: unknown) => value === null || value === undefined;
  const others = { property, operator: "notIn", value: listed.filter((value) => !isNone(value)) };
  return listed.some(isNone)
    ? { combinator: "and", rules: [others, { property, operator: "isNotEmpty" }] }
    : others;
}

export const totalOf = (slices: readonly Slice[]): number =>
  slices.reduce((sum, { count }) => sum + count, 0);
