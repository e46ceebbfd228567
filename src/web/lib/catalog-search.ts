/** What a page of the catalog shows, as short, stable keys in its address. */

import type { CatalogSearch } from "./catalog-address.ts";

export interface Rule {
  readonly property: string;
  readonly operator: string;
  readonly value?: unknown;
}

export interface Filter {
  readonly combinator: "and" | "or";
  readonly rules: readonly Rule[];
  /** Conditions that came with a link and have no row in the form: groups, and rules about relations. */
  readonly more?: readonly object[];
}

export interface SortKey {
  readonly property: string;
  readonly direction: "asc" | "desc";
}

export interface CatalogView {
  /** Looked for in titles and identifiers. */
  readonly text: string;
  readonly filter: Filter;
  readonly sort: readonly SortKey[];
  /** Columns whose values are the groups, and the groups in these. */
  readonly groups: readonly string[];
  /** Ids in their order; null: nobody has arranged them. */
  readonly columns: readonly string[] | null;
  /** Of columns that somebody has made wider or narrower, in pixels. */
  readonly widths: Readonly<Record<string, number>>;
  /** What stands below columns, of all that match. */
  readonly totals: Readonly<Record<string, TotalKind>>;
}

export const TOTALS = ["filled", "empty", "distinct", "sum", "average", "min", "max", "median"] as const;
export type TotalKind = (typeof TOTALS)[number];

export const NO_FILTER: Filter = { combinator: "and", rules: [] };
export const EMPTY_VIEW: CatalogView = {
  text: "",
  filter: NO_FILTER,
  sort: [],
  groups: [],
  columns: null,
  widths: {},
  totals: {},
};
/** Says in an address that nothing is in effect where the view that it starts from has something. */
const NOTHING = "!";
/**
 * Reads the address; what cannot be used is left out and named in `problems` (“its filter”).
 * @param base what holds where the address says nothing: a saved view
 */
export function decodeCatalogSearch(
  search: CatalogSearch,
  base: CatalogView = EMPTY_VIEW,
): { view: CatalogView; problems: string[] } {
  const problems: string[] = [];
  const read = <T>(
    text: string | undefined,
    otherwise: T,
    empty: T,
    parse: (text: string) => T | null,
    problem: string,
  ): T => {
    if (text === undefined) return otherwise;
    if (text === NOTHING) return empty;
    const value = parse(text);
    if (value === null) problems.push(problem);
    return value ?? empty;
  };
  const { q, f, s, g, cols, w, t } = search;
  return {
    view: {
      text: q ?? "",
      filter: read(f, base.filter, NO_FILTER, readFilter, "its filter"),
      sort: read(s, base.sort, [], readSort, "its sort order"),
      groups: read(g, base.groups, [], names, ""),
      columns: read<readonly string[] | null>(cols, base.columns, null, names, ""),
      widths: read(w, base.widths, {}, readWidths, "its column widths"),
      totals: read(t, base.totals, {}, readTotals, "its totals"),
    },
    problems,
  };
}

const names = (text: string): string[] => [...new Set(text.split(",").filter((id) => id !== ""))];

/** The shortest address of a view. @param base what the address need not say, as in `decodeCatalogSearch` */
export function encodeCatalogSearch(view: CatalogView, base: CatalogView = EMPTY_VIEW): CatalogSearch {
  const [wanted, known] = [written(view), written(base)];
  const search: CatalogSearch = view.text === "" ? {} : { q: view.text };
  for (const key of ["f", "s", "g", "cols", "w", "t"] as const)
    if (wanted[key] !== known[key]) search[key] = wanted[key] ?? NOTHING;
  return search;
}

function written({ filter, sort, groups, columns, widths, totals }: CatalogView): CatalogSearch {
  const search: CatalogSearch = {};
  const { combinator, rules, more = [] } = filter;
  if (rules.length + more.length > 0) search.f = JSON.stringify({ combinator, rules: [...rules, ...more] });
  if (sort.length > 0)
    search.s = sort.map(({ property, direction }) => (direction === "desc" ? "-" : "") + property).join(",");
  if (groups.length > 0) search.g = groups.join(",");
  if (columns !== null) search.cols = columns.join(",");
  const pairs = (values: Readonly<Record<string, string | number>>) =>
    Object.entries(values).map(([id, value]) => `${id}:${value}`);
  if (Object.keys(widths).length > 0) search.w = pairs(widths).join(",");
  if (Object.keys(totals).length > 0) search.t = pairs(totals).join(",");
  return search;
}

function readPairs<T>(text: string, valueOf: (text: string) => T | null): Record<string, T> | null {
  const values: [string, T][] = [];
  for (const pair of text.split(",")) {
    const at = pair.lastIndexOf(":");
    const value = valueOf(pair.slice(at + 1));
    if (at < 1 || value === null) return null;
    values.push([pair.slice(0, at), value]);
  }
  return Object.fromEntries(values);
}

/** Room for a title to press, the menu beside it (24 pixels each) and the space around them. */
export const MIN_WIDTH = 80;
export const MAX_WIDTH = 900;

const readWidths = (text: string) =>
  readPairs(text, (value) => {
    const width = Number(value);
    return Number.isInteger(width) && width >= MIN_WIDTH && width <= MAX_WIDTH ? width : null;
  });

const readTotals = (text: string) =>
  readPairs(text, (value) => TOTALS.find((kind) => kind === value) ?? null);

function readFilter(text: string): Filter | null {
  try {
    const value = JSON.parse(text) as { combinator?: unknown; rules?: unknown };
    const { combinator, rules } = value;
    if ((combinator !== "and" && combinator !== "or") || !Array.isArray(rules)) return null;
    const all: unknown[] = rules;
    const more = all.filter((rule) => !isRule(rule));
    if (!more.every((rule): rule is object => typeof rule === "object" && rule !== null)) return null;
    return { combinator, rules: all.filter(isRule), ...(more.length > 0 ? { more } : {}) };
  } catch {
    return null;
  }
}

function isRule(rule: unknown): rule is Rule {
  if (typeof rule !== "object" || rule === null) return false;
  const { property, operator } = rule as Partial<Rule>;
  return typeof property === "string" && typeof operator === "string";
}

function readSort(text: string): SortKey[] | null {
  const keys = text.split(",").map((part): SortKey => {
    const isDown = part.startsWith("-");
    return { property: isDown ? part.slice(1) : part, direction: isDown ? "desc" : "asc" };
  });
  const isUsable =
    keys.length <= 5 && keys.every(({ property }) => /^\$?[A-Za-z0-9@_=\\-]{1,100}$/.test(property));
  return isUsable ? keys : null;
}

export interface Group {
  readonly combinator: "and" | "or";
  readonly rules: readonly (Rule | Group | object)[];
}

/** The query of the API that answers what the view shows. Rules that are not finished are left out. */
export function queryOf(
  { text, filter }: Pick<CatalogView, "text" | "filter">,
  more: readonly Rule[] = [],
): Group {
  const rules: (Rule | Group | object)[] = [...more];
  const wanted = text.trim();
  if (wanted !== "")
    rules.push({
      combinator: "or",
      rules: ["$title", "$identifier"].map((property) => ({ property, operator: "contains", value: wanted })),
    });
  const finished = [...finishedOf(filter).rules, ...(filter.more ?? [])];
  if (finished.length > 0) rules.push({ combinator: filter.combinator, rules: finished });
  return { combinator: "and", rules };
}

/** Operators that need no value. */
const ALONE: ReadonlySet<string> = new Set(["isEmpty", "isNotEmpty", "isExpired", "isNotExpired"]);

export function isFinished({ operator, value }: Rule): boolean {
  if (ALONE.has(operator)) return true;
  return value !== undefined && value !== "" && (!Array.isArray(value) || value.length > 0);
}

/** What is in effect of it: without rules that wait for their value. */
export const finishedOf = <T extends { readonly rules: readonly object[] }>(filter: T): T => ({
  ...filter,
  rules: filter.rules.filter((rule) => "rules" in rule || isFinished(rule as Rule)),
});
