/** Which entities a widget is about: its dataset and the filters of the page, as one query and as a link to the rows. */
import type { CatalogSearch } from "../lib/catalog-address.ts";
import { encodeCatalogSearch, EMPTY_VIEW, type Group, type Rule } from "../lib/catalog-search.ts";
import type { PageFilter, WidgetContext, WidgetDoc } from "./widget-kind.ts";

/** Port's name for filters of every blueprint. */
export const EVERY_BLUEPRINT = "dashboard-filters-meta-blueprint";

/** A text of the document; anything else is none. */
export const textOf = (widget: Readonly<Record<string, unknown>>, key: string): string | null => {
  const value = widget[key];
  return typeof value === "string" && value !== "" ? value : null;
};

export const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && Array.isArray((value as { rules?: unknown }).rules);

/** The conditions of a widget, without the blueprint that it names anyway. */
function conditions(dataset: unknown, blueprint: string): readonly object[] {
  const parts: unknown[] = Array.isArray(dataset) ? dataset : [dataset];
  return parts
    .filter((part): part is object => typeof part === "object" && part !== null)
    .flatMap(simplified)
    .filter((rule) => !isBlueprintRule(rule, blueprint));
}

/** Groups in which everything must hold are opened, empty ones go. */
function simplified(part: object): readonly object[] {
  if (!isGroup(part)) return [part];
  const rules = part.rules.flatMap(simplified);
  return part.combinator === "and" || rules.length < 2 ? rules : [{ combinator: part.combinator, rules }];
}

function isBlueprintRule(rule: object, blueprint: string): boolean {
  const { property, operator, value } = rule as Partial<Rule>;
  return property === "$blueprint" && operator === "=" && value === blueprint;
}

/** Everything that must hold for the entities of the blueprint. */
export function rulesOf(
  dataset: unknown,
  blueprint: string,
  filters: readonly PageFilter[],
  more: readonly object[] = [],
): readonly object[] {
  const reaching = filters.filter((filter) => filter.blueprint === null || filter.blueprint === blueprint);
  return [...conditions(dataset, blueprint), ...reaching.flatMap(({ query }) => simplified(query)), ...more];
}

export interface Scope {
  readonly blueprint: string;
  readonly rules: readonly object[];
}

export function scopeOf(widget: WidgetDoc, { filters }: WidgetContext): Scope | null {
  const blueprint = textOf(widget, "blueprint");
  return blueprint === null ? null : { blueprint, rules: rulesOf(widget["dataset"], blueprint, filters) };
}

/** As the API asks for it. */
export const queryFor = ({ blueprint, rules }: Scope): Group => ({
  combinator: "and",
  rules: [{ property: "$blueprint", operator: "=", value: blueprint }, ...rules],
});

/** The address of the rows behind a mark: the table of the blueprint with the same conditions, and some more. */
export function rowsLink(
  { blueprint, rules }: Scope,
  more: readonly object[] = [],
): { readonly to: "/c/$blueprint"; readonly params: { blueprint: string }; readonly search: CatalogSearch } {
  const all = [...rules, ...more];
  const plain = all.filter((rule): rule is Rule => typeof (rule as Partial<Rule>).property === "string");
  const others = all.filter((rule) => !plain.includes(rule as Rule));
  return {
    to: "/c/$blueprint",
    params: { blueprint },
    search: encodeCatalogSearch({
      ...EMPTY_VIEW,
      filter: { combinator: "and", rules: plain, ...(others.length > 0 ? { more: others } : {}) },
    }),
  };
}
