/** The tabs of the stored page of a blueprint's entities, while they are edited. */
import type { PageDoc } from "../dashboard/board.ts";
import type { WidgetDoc } from "../widgets/widget-kind.ts";
import type { GroupDoc } from "./tabs.ts";

const ROOT = "grouper";

/** The widget that shows the tabs. */
export const tabsRoot = (page: PageDoc): WidgetDoc =>
  page.widgets?.find(({ type }) => type === ROOT) ?? {
    id: "tabs",
    type: ROOT,
    displayMode: "tabs",
    groups: [],
  };

/** Widgets of the page with these tabs; what else stands there stays. */
export function withRoot(page: PageDoc, root: WidgetDoc): WidgetDoc[] {
  const widgets = page.widgets ?? [];
  const at = widgets.findIndex(({ type }) => type === ROOT);
  return at === -1 ? [...widgets, root] : widgets.with(at, root);
}

/** The root with these tabs in this order. */
export const withGroups = (root: WidgetDoc, groups: readonly GroupDoc[]): WidgetDoc => ({
  ...root,
  groups,
  groupsOrder: groups.map(({ title }) => title),
});

/** The list with one item at another place. */
export function movedItem<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  return list.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** An id that nothing on the page has. */
export function freshTabId(root: WidgetDoc, type: string): string {
  const text = JSON.stringify(root);
  for (let n = 1; ; n++) if (!text.includes(`"id":"${type}-${n}"`)) return `${type}-${n}`;
}

/** What stands for the entity that is looked at. */
const HERE = { blueprint: "{{blueprint}}", entity: "{{url.identifier}}" };

/** Tabs that are offered ready-made. */
export const READY_MADE: readonly { readonly title: string; readonly widget: Omit<WidgetDoc, "id"> }[] = [
  { title: "Overview", widget: { type: "entity-info", title: "Details", ...HERE } },
  { title: "Related entities", widget: { type: "table-entities-explorer-by-direction" } },
  { title: "Graph", widget: { type: "graph-entities-explorer" } },
  { title: "Audit log", widget: { type: "table-audit-log", query: HERE } },
];

/** A new widget of the page is about the entity that is looked at. */
export const aboutHere = (
  widget: WidgetDoc,
  fields: readonly { readonly key: string; readonly kind: string }[],
): WidgetDoc => {
  const asks = (kind: string) => fields.some((field) => field.kind === kind && field.key in HERE);
  return asks("entity") ? { ...HERE, ...widget } : widget;
};
