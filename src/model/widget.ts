/** Widgets of pages (workflows.md §6.2, §6.3): what is known of them is checked, what is not is kept. */
import { invalid } from "./error.ts";
import { isObject, type JsonObject, kindOf, show } from "./json.ts";
import { WIDGET_CHECKS } from "./widget-checks.ts";
import { optionalText, requiredText } from "./widget-fields.ts";

/** Groups in dashboards in groups … */
const MAX_DEPTH = 8;
const MAX_WIDGETS = 300;
const COLUMNS = 12;
const MAX_IN_ROW = 4;
const MIN_SIZE = 3;
const MIN_HEIGHT = 100;
const MAX_HEIGHT = 10_000;

interface Budget {
  widgets: number;
  readonly ids: Map<string, string>;
}

/** @throws AppError `invalid_request` naming the place of what is wrong, its value and the rule */
export function checkWidgets(value: unknown, field: string): void {
  checkList(value, field, 0, { widgets: 0, ids: new Map() });
}

function checkList(value: unknown, field: string, depth: number, budget: Budget): readonly JsonObject[] {
  if (!Array.isArray(value)) throw invalid(`${field} must be a list of widgets, not ${kindOf(value)}`);
  if (depth > MAX_DEPTH) throw invalid(`${field}: widgets are nested deeper than ${MAX_DEPTH} levels`);
  value.forEach((widget: unknown, i) => checkWidget(widget, `${field}[${i}]`, depth, budget));
  return value as JsonObject[];
}

function checkWidget(widget: unknown, field: string, depth: number, budget: Budget): void {
  if (!isObject(widget)) throw invalid(`${field} must be an object, not ${kindOf(widget)}`);
  budget.widgets += 1;
  if (budget.widgets > MAX_WIDGETS) throw invalid(`${field}: a page has at most ${MAX_WIDGETS} widgets`);
  const type = requiredText(widget, "type", field);
  checkId(widget, field, budget);
  for (const key of ["title", "icon", "description", "emptyStateText"]) optionalText(widget, key, field);
  if (type === "dashboard-widget") checkDashboard(widget, field, depth, budget);
  else if (type === "grouper") checkGrouper(widget, field, depth, budget);
  else WIDGET_CHECKS.get(type)?.(widget, field);
}

function checkId(widget: JsonObject, field: string, { ids }: Budget): void {
  const id = optionalText(widget, "id", field);
  if (id === null) return;
  const taken = ids.get(id);
  if (taken !== undefined) throw invalid(`${field}.id ${show(id)} is the id of ${taken} already`);
  ids.set(id, field);
}

/** Rows of twelve columns; every widget of the dashboard stands in exactly one place. */
function checkDashboard(dashboard: JsonObject, field: string, depth: number, budget: Budget): void {
  const widgets = checkList(dashboard["widgets"] ?? [], `${field}.widgets`, depth + 1, budget);
  const ids = widgets.map((widget, i) => requiredText(widget, "id", `${field}.widgets[${i}]`));
  const { layout } = dashboard;
  if (layout === undefined || layout === null) return;
  if (!Array.isArray(layout)) throw invalid(`${field}.layout must be a list of rows, not ${kindOf(layout)}`);
  const placed = new Set<string>();
  layout.forEach((row: unknown, i) => {
    for (const id of checkRow(row, `${field}.layout[${i}]`, new Set(ids))) {
      if (placed.has(id)) throw invalid(`${field}.layout[${i}]: widget ${show(id)} has a place already`);
      placed.add(id);
    }
  });
  const lost = ids.find((id) => !placed.has(id));
  if (lost !== undefined) throw invalid(`${field}.layout has no place for widget ${show(lost)}`);
}

function checkRow(row: unknown, field: string, known: ReadonlySet<string>): string[] {
  if (!isObject(row)) throw invalid(`${field} must be {height, columns}, not ${kindOf(row)}`);
  const { height, columns } = row;
  if (height !== undefined && !isBetween(height, MIN_HEIGHT, MAX_HEIGHT))
    throw invalid(`${field}.height ${show(height)} must be a number from ${MIN_HEIGHT} to ${MAX_HEIGHT}`);
  if (!Array.isArray(columns) || columns.length === 0 || columns.length > MAX_IN_ROW)
    throw invalid(`${field}.columns must be a list of 1 to ${MAX_IN_ROW} columns`);
  let sum = 0;
  const ids = columns.map((column: unknown, i) => {
    const at = `${field}.columns[${i}]`;
    if (!isObject(column)) throw invalid(`${at} must be {id, size}, not ${kindOf(column)}`);
    const { size } = column;
    if (!isBetween(size, MIN_SIZE, COLUMNS) || !Number.isInteger(size))
      throw invalid(`${at}.size ${show(size)} must be a whole number from ${MIN_SIZE} to ${COLUMNS}`);
    sum += size;
    const id = requiredText(column, "id", at);
    if (!known.has(id)) throw invalid(`${at}.id ${show(id)} is no widget of this dashboard`);
    return id;
  });
  if (sum !== COLUMNS) throw invalid(`${field}.columns: their sizes must sum to ${COLUMNS}, not ${sum}`);
  return ids;
}

function isBetween(value: unknown, low: number, high: number): value is number {
  return typeof value === "number" && value >= low && value <= high;
}

function checkGrouper(grouper: JsonObject, field: string, depth: number, budget: Budget): void {
  const { groups } = grouper;
  if (!Array.isArray(groups)) throw invalid(`${field}.groups must be a list, not ${kindOf(groups)}`);
  groups.forEach((group: unknown, i) => {
    const at = `${field}.groups[${i}]`;
    if (!isObject(group)) throw invalid(`${at} must be {title, widgets}, not ${kindOf(group)}`);
    requiredText(group, "title", at);
    checkList(group["widgets"] ?? [], `${at}.widgets`, depth + 1, budget);
  });
}

/** The widget with this id, wherever it stands. */
export function findWidget(widgets: unknown, id: string): JsonObject | null {
  for (const widget of listOf(widgets)) {
    if (widget["id"] === id) return widget;
    const inside =
      findWidget(widget["widgets"], id) ??
      listOf(widget["groups"])
        .map((group) => findWidget(group["widgets"], id))
        .find((found) => found !== null);
    if (inside) return inside;
  }
  return null;
}

/** The widgets after one of them became another, or (null) went; its place in the layout goes with it. */
export function withWidget(widgets: unknown, id: string, next: JsonObject | null): JsonObject[] {
  return listOf(widgets).flatMap((widget) => {
    if (widget["id"] === id) return next === null ? [] : [next];
    const { layout, groups } = widget;
    return [
      {
        ...widget,
        ...(Array.isArray(widget["widgets"]) ? { widgets: withWidget(widget["widgets"], id, next) } : {}),
        ...(Array.isArray(layout) && next === null ? { layout: withoutPlace(layout, id) } : {}),
        ...(Array.isArray(groups)
          ? {
              groups: listOf(groups).map((group) => ({
                ...group,
                widgets: withWidget(group["widgets"], id, next),
              })),
            }
          : {}),
      },
    ];
  });
}

/** The neighbours take the room; a row of nothing goes. */
function withoutPlace(layout: readonly unknown[], id: string): JsonObject[] {
  return listOf(layout).flatMap((row) => {
    const columns = listOf(row["columns"]);
    const left = columns.filter((column) => column["id"] !== id);
    if (left.length === columns.length) return [row];
    if (left.length === 0) return [];
    const share = Math.floor(COLUMNS / left.length);
    return [{ ...row, columns: left.map((column) => ({ ...column, size: share })) }];
  });
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
