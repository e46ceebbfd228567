/** A view as pages of the type blueprint-entities hold it, and back. */
import { type CatalogView, type Filter, type Rule, type TotalKind, TOTALS } from "../lib/catalog-search.ts";

type Part = Readonly<Record<string, unknown>>;

export interface CatalogPageDoc {
  readonly identifier: string;
  readonly title?: string | null;
  readonly type: string;
  readonly blueprint?: string | null;
  readonly widgets?: readonly Part[];
}

const part = (value: unknown): Part =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Part) : {};
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const plain = (id: string): string => id.replace(/^(properties|relations)\./, "");
const names = (value: unknown): string[] =>
  list(value)
    .filter((one): one is string => typeof one === "string")
    .map(plain);

const TABLE = "table-entities-explorer";

const tableOf = (page: CatalogPageDoc): Part | undefined => page.widgets?.find(({ type }) => type === TABLE);

/** What a page is about whatever its reader filters, and the columns that it leaves out. */
export function fixedOf(
  page: CatalogPageDoc | null,
  blueprint: string,
): { readonly rules: readonly Rule[]; readonly excluded: readonly string[] } {
  const table = (page === null ? undefined : tableOf(page)) ?? {};
  const dataset = table["dataset"];
  const rules = list(Array.isArray(dataset) ? dataset : part(dataset)["rules"]).filter((rule) => {
    const { property, value } = part(rule);
    return Object.keys(part(rule)).length > 0 && !(property === "$blueprint" && value === blueprint);
  });
  const combinator = part(dataset)["combinator"];
  const whole = combinator === "or" && rules.length > 1 ? [{ combinator, rules }] : rules;
  // Rules of any shape pass through the question as they are.
  return { rules: whole as Rule[], excluded: names(table["excludedFields"]) };
}

/** @param columns ids of all columns: pages may say which are hidden instead of which are shown */
export function viewOf(page: CatalogPageDoc, blueprint: string, columns: readonly string[]): CatalogView {
  const config = part(part(tableOf(page)?.["blueprintConfig"])[blueprint]);
  const sort = list(part(config["sortSettings"])["sortBy"]).map(part);
  const totals = Object.entries(part(config["footer"])).filter((entry): entry is [string, TotalKind] =>
    TOTALS.some((kind) => kind === entry[1]),
  );
  const widths = Object.entries(part(config["columnWidths"])).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return {
    text: "",
    filter: filterOf(part(part(config["filterSettings"])["filterBy"])),
    sort: sort.flatMap(({ property, order }) =>
      typeof property === "string"
        ? [{ property: plain(property), direction: order === "desc" ? "desc" : "asc" }]
        : [],
    ),
    groups: names(part(config["groupSettings"])["groupBy"]),
    columns: columnsIn(part(config["propertiesSettings"]), columns),
    widths: Object.fromEntries(widths),
    totals: Object.fromEntries(totals),
  };
}

function columnsIn(properties: Part, all: readonly string[]): string[] | null {
  const order = names(properties["order"]);
  const hidden = names(properties["hidden"]);
  const isArranged = Array.isArray(properties["shown"]) || order.length + hidden.length > 0;
  if (!isArranged) return null;
  const shown = Array.isArray(properties["shown"])
    ? names(properties["shown"])
    : all.filter((id) => !hidden.includes(id));
  return [...new Set([...order.filter((id) => shown.includes(id)), ...shown])];
}

function filterOf({ combinator, rules }: Part): Filter {
  const all = list(rules);
  const more = all.filter(
    (rule): rule is object => !isRule(rule) && typeof rule === "object" && rule !== null,
  );
  return {
    combinator: combinator === "or" ? "or" : "and",
    rules: all.filter(isRule),
    ...(more.length > 0 ? { more } : {}),
  };
}

const isRule = (rule: unknown): rule is Rule =>
  typeof part(rule)["property"] === "string" && typeof part(rule)["operator"] === "string";

/** Settings of the table in the form that Port's pages have; widths and totals are ours. */
function configOf(view: CatalogView): Part {
  const { combinator, rules, more = [] } = view.filter;
  return {
    filterSettings: { filterBy: { combinator, rules: [...rules, ...more] } },
    groupSettings: { groupBy: view.groups },
    sortSettings: { sortBy: view.sort.map(({ property, direction }) => ({ property, order: direction })) },
    ...(view.columns === null ? {} : { propertiesSettings: { order: view.columns, shown: view.columns } }),
    columnWidths: view.widths,
    footer: view.totals,
  };
}

/** The widgets of a page with this view; what else its table says stays. */
export function withView(page: CatalogPageDoc | null, blueprint: string, view: CatalogView): Part[] {
  const widgets = page?.widgets ?? [];
  const table = (page === null ? undefined : tableOf(page)) ?? {
    id: "entities",
    type: TABLE,
    blueprint,
    dataset: { combinator: "and", rules: [] },
  };
  const next = {
    ...table,
    blueprintConfig: { ...part(table["blueprintConfig"]), [blueprint]: configOf(view) },
  };
  return widgets.includes(table)
    ? widgets.map((widget) => (widget === table ? next : widget))
    : [...widgets, next];
}
