/** Which tabs the page of an entity has: those of its stored page, and those that its properties bring. */
import { type BlueprintDoc, type EntityDoc, isSystem, type PropertyDoc } from "../catalog/blueprint.ts";
import type { PageDoc } from "../dashboard/board.ts";
import { BUILT_IN, type BuiltIn } from "../lib/entity-tabs.ts";
import type { WidgetDoc } from "../widgets/widget-kind.ts";

/** How a property with a tab of its own is drawn. */
export type Drawn = "markdown" | "iframe" | "api";

export type Tab = { readonly key: string; readonly title: string } & (
  | { readonly kind: BuiltIn; readonly widget: WidgetDoc | null }
  | { readonly kind: "widgets"; readonly widgets: readonly WidgetDoc[] }
  | { readonly kind: "property"; readonly property: string; readonly drawn: Drawn }
);

const TITLES: Readonly<Record<BuiltIn, string>> = {
  overview: "Overview",
  related: "Related entities",
  graph: "Graph",
  scorecards: "Scorecards",
  runs: "Runs",
  audit: "Audit log",
  json: "JSON",
};

/** Widgets that the page draws better than a dashboard does, when they stand alone in their tab. */
const BY_TYPE: Readonly<Record<string, BuiltIn>> = {
  "entity-info": "overview",
  "table-entities-explorer-by-direction": "related",
  "graph-entities-explorer": "graph",
  "table-audit-log": "audit",
};

export interface GroupDoc {
  readonly title: string;
  readonly widgets: readonly WidgetDoc[];
}

/** In their order. @param page null: it is not stored, or not for this reader; the usual tabs are shown */
export function tabsOf(blueprint: BlueprintDoc, entity: EntityDoc, page: PageDoc | null): Tab[] {
  const stored = page === null ? [] : groupsOf(page).flatMap(tabOf);
  const groups = stored.length > 0 ? stored : [builtIn("overview"), builtIn("related"), builtIn("audit")];
  const has = (kind: BuiltIn): boolean => groups.some((tab) => tab.kind === kind);
  const automatic: Tab[] = [
    ...(has("graph") || shows(groups, "graph-entities-explorer") ? [] : [builtIn("graph")]),
    ...(entity.scorecards === undefined ? [] : [builtIn("scorecards")]),
    ...propertyTabs(blueprint, entity),
    ...(isSystem(blueprint.identifier) ? [] : [builtIn("runs")]),
  ];
  // What comes by itself stands after what describes the entity, before its history.
  const audit = groups.findIndex((tab) => tab.kind === "audit");
  const at = audit === -1 ? groups.length : audit;
  return distinct([...groups.slice(0, at), ...automatic, ...groups.slice(at), builtIn("json")]);
}

function builtIn(kind: BuiltIn, title = TITLES[kind], widget: WidgetDoc | null = null): Tab {
  return { key: kind, kind, title, widget };
}

const groupsOf = (page: PageDoc): readonly GroupDoc[] =>
  groupsIn(page.widgets?.find(({ type }) => type === "grouper"));

/** The groups of the root that shows tabs, in the order that it gives; what cannot be read is left out. */
export function groupsIn(root: WidgetDoc | undefined): readonly GroupDoc[] {
  const groups = listOf(root?.["groups"]).flatMap((group): GroupDoc[] => {
    const { title } = group;
    const widgets = listOf(group["widgets"]).filter(
      (widget): widget is WidgetDoc => typeof widget["type"] === "string",
    );
    return typeof title === "string" ? [{ ...group, title, widgets }] : [];
  });
  const given = root?.["groupsOrder"];
  const order: readonly unknown[] = Array.isArray(given) ? given : [];
  const rank = ({ title }: GroupDoc) => (order.includes(title) ? order.indexOf(title) : order.length);
  return groups.toSorted((a, b) => rank(a) - rank(b));
}

type Part = Readonly<Record<string, unknown>>;

const listOf = (value: unknown): Part[] =>
  Array.isArray(value)
    ? value.filter((one): one is Part => typeof one === "object" && one !== null && !Array.isArray(one))
    : [];

function tabOf({ title, widgets }: GroupDoc): Tab[] {
  const [first, ...others] = widgets;
  if (first === undefined) return [];
  const kind = others.length === 0 && isPlain(first) ? BY_TYPE[first.type] : undefined;
  if (kind === undefined) return [{ key: slug(title), kind: "widgets", title, widgets }];
  const isUsual = title.toLowerCase() === TITLES[kind].toLowerCase();
  return [builtIn(kind, isUsual ? TITLES[kind] : title, first)];
}

/** Nothing is asked of it that only the widget itself can do. */
const isPlain = (widget: WidgetDoc): boolean =>
  widget.type !== "entity-info" ||
  ["hiddenQuery", "order", "showEmptyValues"].every((key) => (widget[key] ?? null) === null);

const shows = (tabs: readonly Tab[], type: string): boolean =>
  tabs.some((tab) => tab.kind === "widgets" && JSON.stringify(tab.widgets).includes(`"${type}"`));

/** A text, a page or an interface that a property holds; without a value there is nothing to open. */
function propertyTabs(blueprint: BlueprintDoc, entity: EntityDoc): Tab[] {
  const own = Object.entries(blueprint.schema?.properties ?? {});
  const calculated = Object.entries(blueprint.calculationProperties ?? {});
  return [...own, ...calculated].flatMap(([id, property]): Tab[] => {
    const drawn = drawnAs(property);
    const value = entity.properties?.[id];
    if (drawn === null || value === null || value === undefined || value === "") return [];
    const isTaken = (BUILT_IN as readonly string[]).includes(id);
    return [
      {
        key: isTaken ? `property.${id}` : id,
        kind: "property",
        title: property.title || id,
        property: id,
        drawn,
      },
    ];
  });
}

export function drawnAs({ format, spec }: PropertyDoc): Drawn | null {
  if (spec === "open-api" || spec === "async-api") return "api";
  if (spec === "embedded-url") return "iframe";
  return format === "markdown" ? "markdown" : null;
}

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "") || "tab";

/** No two with the same key: the address tells them apart. */
function distinct(tabs: readonly Tab[]): Tab[] {
  const taken = new Set<string>();
  return tabs.map((tab) => {
    let { key } = tab;
    for (let n = 2; taken.has(key); n++) key = `${tab.key}-${n}`;
    taken.add(key);
    return key === tab.key ? tab : { ...tab, key };
  });
}
