/** A dashboard as it is stored: one root widget that holds the others and their layout. */
import { finishedOf } from "../lib/catalog-search.ts";
import type { PageFilter, WidgetDoc } from "../widgets/widget-kind.ts";
import { EVERY_BLUEPRINT, isGroup } from "../widgets/scope.ts";
import { type Row, readRows } from "./layout.ts";

export interface PageDoc {
  readonly identifier: string;
  readonly type: string;
  readonly title?: string | null;
  readonly icon?: string | null;
  readonly description?: string | null;
  readonly blueprint?: string | null;
  readonly parent?: string | null;
  readonly locked?: boolean | null;
  readonly showInSidebar?: boolean | null;
  readonly widgets?: readonly WidgetDoc[] | null;
  readonly pageFilters?: readonly unknown[] | null;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

export interface Board {
  readonly widgets: readonly WidgetDoc[];
  readonly rows: readonly Row[];
}

const ROOT = "dashboard-widget";

const rootOf = (page: PageDoc): WidgetDoc | undefined => page.widgets?.find(({ type }) => type === ROOT);

/** What stands on the page outside a root (a table of a catalog page) is drawn in rows of its own. */
export function readBoard(page: PageDoc): Board {
  const root = rootOf(page);
  const inside = root?.["widgets"];
  const widgets =
    root === undefined ? (page.widgets ?? []) : Array.isArray(inside) ? (inside as WidgetDoc[]) : [];
  const named = widgets.filter(({ id }) => typeof id === "string");
  return {
    widgets: named,
    rows: readRows(
      root?.["layout"],
      named.map(({ id }) => id),
    ),
  };
}

/** The page's widgets with this board in them. */
export function writeBoard(page: PageDoc, { widgets, rows }: Board): WidgetDoc[] {
  const root = rootOf(page) ?? { id: "dashboard", type: ROOT };
  const next = { ...root, layout: rows, widgets };
  const others = rootOf(page) === undefined ? [] : (page.widgets ?? []);
  return others.length === 0 ? [next] : others.map((widget) => (widget === root ? next : widget));
}

/** An id that no widget of the board has. */
export function freshId(board: Board, type: string): string {
  const taken = new Set(board.widgets.map(({ id }) => id));
  for (let n = board.widgets.length + 1; ; n++) if (!taken.has(`${type}-${n}`)) return `${type}-${n}`;
}

/** Filters that are stored with the page. */
export function storedFilters(page: PageDoc): PageFilter[] {
  return (page.pageFilters ?? []).flatMap((filter) => {
    const { query } = (filter ?? {}) as { query?: unknown };
    if (!isGroup(query)) return [];
    const { blueprint } = query as { blueprint?: unknown };
    const isOfOne = typeof blueprint === "string" && blueprint !== EVERY_BLUEPRINT;
    return [
      {
        blueprint: isOfOne ? blueprint : null,
        query: finishedOf({ combinator: query.combinator === "or" ? "or" : "and", rules: query.rules }),
      },
    ];
  });
}

/** Blueprints that widgets of the board read, each once. */
export function blueprintsOf({ widgets }: Board): string[] {
  const names = widgets.flatMap((widget) => [
    widget["blueprint"],
    ...(Array.isArray(widget["lines"])
      ? (widget["lines"] as WidgetDoc[]).map((line) => line["blueprint"])
      : []),
  ]);
  return [...new Set(names.filter((name): name is string => typeof name === "string" && name !== ""))];
}
