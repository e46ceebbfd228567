/** What a page of the catalog shows, as short, stable keys in its address. */

const KEYS = ["q", "f", "s", "g", "cols"] as const;
/** The address as it is: known keys only, nothing judged yet. */
export type CatalogSearch = Partial<Record<(typeof KEYS)[number], string>>;

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
  /** Property or relation whose values are the groups. */
  readonly group: string | null;
  /** Ids in their order; null: nobody has arranged them. */
  readonly columns: readonly string[] | null;
}

export const NO_FILTER: Filter = { combinator: "and", rules: [] };
export const EMPTY_VIEW: CatalogView = { text: "", filter: NO_FILTER, sort: [], group: null, columns: null };
const MAX_LENGTH = 6000;

export function pickCatalogSearch(raw: Record<string, unknown>): CatalogSearch {
  const search: CatalogSearch = {};
  for (const key of KEYS) {
    const value = raw[key];
    if (typeof value === "string" && value !== "" && value.length <= MAX_LENGTH) search[key] = value;
  }
  return search;
}

/** Reads the address; what cannot be used is left out and named in `problems`. */
export function decodeCatalogSearch(search: CatalogSearch): { view: CatalogView; problems: string[] } {
  const problems: string[] = [];
  const { q, f, s, g, cols } = search;
  const filter = f === undefined ? NO_FILTER : readFilter(f);
  if (filter === null) problems.push("f is no filter; nothing is filtered");
  const sort = s === undefined ? [] : readSort(s);
  if (sort === null) problems.push(`s “${(s ?? "").slice(0, 60)}” is no order; oldest first`);
  return {
    view: {
      text: q ?? "",
      filter: filter ?? NO_FILTER,
      sort: sort ?? [],
      group: g ?? null,
      columns: cols === undefined ? null : [...new Set(cols.split(",").filter((id) => id !== ""))],
    },
    problems,
  };
}

/** The shortest address of a view. */
export function encodeCatalogSearch(view: CatalogView): CatalogSearch {
  const search: CatalogSearch = {};
  if (view.text !== "") search.q = view.text;
  const { combinator, rules, more = [] } = view.filter;
  if (rules.length + more.length > 0) search.f = JSON.stringify({ combinator, rules: [...rules, ...more] });
  if (view.sort.length > 0)
    search.s = view.sort
      .map(({ property, direction }) => (direction === "desc" ? "-" : "") + property)
      .join(",");
  if (view.group !== null) search.g = view.group;
  if (view.columns !== null) search.cols = view.columns.join(",");
  return search;
}

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
  const finished = [...filter.rules.filter(isFinished), ...(filter.more ?? [])];
  if (finished.length > 0) rules.push({ combinator: filter.combinator, rules: finished });
  return { combinator: "and", rules };
}

/** Operators that need no value. */
const ALONE: ReadonlySet<string> = new Set(["isEmpty", "isNotEmpty", "isExpired", "isNotExpired"]);

export function isFinished({ operator, value }: Rule): boolean {
  if (ALONE.has(operator)) return true;
  return value !== undefined && value !== "" && (!Array.isArray(value) || value.length > 0);
}
