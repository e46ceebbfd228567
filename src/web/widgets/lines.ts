/** Lines of a chart over time: what is asked for each, and what is drawn (workflows.md §6.3). */
import type { PageFilter, WidgetDoc } from "./widget-kind.ts";
import { queryFor, rulesOf, type Scope, textOf } from "./scope.ts";

type LineDoc = Readonly<Record<string, unknown>>;

/** `properties.leadTime` and `leadTime` say the same. */
const bare = (name: string): string => name.replace(/^(?:properties|relations)\./, "");

export interface Question {
  readonly path: "over-time" | "history";
  readonly body: object;
  /** What the line is called when it has one series. */
  readonly title: string | null;
  /** Entities behind its points; null: those of a history are not. */
  readonly scope: Scope | null;
  readonly measureTimeBy: string;
  readonly breakdown: string | null;
  /** Whose numbers they are; none where entities are counted. */
  readonly properties: readonly string[];
  /** Whose history it is. */
  readonly entity: { readonly blueprint: string; readonly id: string } | null;
}

/** The window of a widget; a month unless it says. */
export function axisOf(
  widget: WidgetDoc,
  timeZone: string,
): { timeRange: { preset: string; timeZone: string }; timeInterval: string } {
  const range = widget["timeRange"];
  const preset = typeof range === "object" && range !== null ? textOf(range as LineDoc, "preset") : null;
  return {
    timeRange: { preset: preset ?? "lastMonth", timeZone },
    timeInterval: textOf(widget, "timeInterval") ?? "day",
  };
}

/** null while something is missing. */
export function questionOf(
  line: LineDoc,
  axis: { timeRange: object; timeInterval: string },
  filters: readonly PageFilter[],
): Question | null {
  const blueprint = textOf(line, "blueprint");
  if (blueprint === null) return null;
  const title = textOf(line, "title");
  const names = (Array.isArray(line["properties"]) ? line["properties"] : [line["properties"]])
    .filter((name): name is string => typeof name === "string" && name !== "")
    .map(bare);
  if (line["chartType"] === "propertiesValueHistory") {
    const id = textOf(line, "entity");
    if (id === null || names.length === 0) return null;
    return {
      path: "history",
      body: { entityIdentifier: id, blueprintIdentifier: blueprint, propertyNames: names, ...axis },
      title: names.length === 1 ? title : null,
      scope: null,
      measureTimeBy: "$createdAt",
      breakdown: null,
      properties: names,
      entity: { blueprint, id },
    };
  }
  const scope = { blueprint, rules: rulesOf(line["dataset"], blueprint, filters) };
  const measureTimeBy = textOf(line, "measureTimeBy") ?? "$createdAt";
  const isCount = line["chartType"] !== "aggregatePropertiesValues";
  if (!isCount && names.length === 0) return null;
  const breakdown = isCount ? textOf(line, "breakdownProperty") : null;
  return {
    path: "over-time",
    body: {
      blueprint,
      ...axis,
      query: queryFor(scope),
      measureTimeBy,
      aggregationType: isCount ? "countEntities" : "aggregatePropertiesValues",
      func: textOf(line, "func") ?? (isCount ? "count" : "average"),
      ...(isCount
        ? breakdown === null
          ? {}
          : { breakdownProperty: bare(breakdown.replace(/^[a-z-]+#/, "")) }
        : { properties: names }),
    },
    title: breakdown === null && (isCount || names.length === 1) ? title : null,
    scope,
    measureTimeBy,
    breakdown: breakdown === null ? null : bare(breakdown.replace(/^[a-z-]+#/, "")),
    properties: isCount ? [] : names,
    entity: null,
  };
}
