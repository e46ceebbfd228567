import { IconChartLine } from "@tabler/icons-react";
import { TIME_FIELDS } from "../time-fields.ts";
import type { WidgetDoc, WidgetKind } from "../widget-kind.ts";
import { LineChart } from "./view.tsx";

const isHistory = (widget: WidgetDoc) => widget["chartType"] === "propertiesValueHistory";
const isCount = (widget: WidgetDoc) => widget["chartType"] === "countEntities";
const isValues = (widget: WidgetDoc) => widget["chartType"] === "aggregatePropertiesValues";

export const kind: WidgetKind = {
  type: "line-chart",
  label: "Line Chart",
  about: "Over time: entities counted, their numbers, or the numbers of one entity as they were",
  icon: IconChartLine,
  rank: 4,
  size: 6,
  height: 400,
  blank: {
    chartType: "countEntities",
    func: "count",
    measureTimeBy: "$createdAt",
    timeInterval: "isoWeek",
    timeRange: { preset: "last3Months" },
    dataset: { combinator: "and", rules: [] },
  },
  fields: [
    {
      kind: "choice",
      key: "chartType",
      label: "Chart type",
      options: [
        { value: "countEntities", label: "Count entities" },
        { value: "aggregatePropertiesValues", label: "Aggregate property values" },
        { value: "propertiesValueHistory", label: "Property value history" },
      ],
    },
    { kind: "blueprint", key: "blueprint", label: "Blueprint", isNeeded: true },
    { kind: "entity", key: "entity", label: "Entity", when: isHistory, isNeeded: true },
    {
      kind: "property",
      key: "properties",
      label: "Properties",
      of: "numbers",
      many: true,
      isNeeded: true,
      when: (widget) => !isCount(widget),
    },
    {
      kind: "choice",
      key: "func",
      label: "Function",
      when: isCount,
      options: [
        { value: "count", label: "Count" },
        { value: "average", label: "Average" },
      ],
    },
    {
      kind: "choice",
      key: "func",
      label: "Function",
      when: isValues,
      options: [
        { value: "average", label: "Average" },
        { value: "sum", label: "Sum" },
        { value: "min", label: "Minimum" },
        { value: "max", label: "Maximum" },
        { value: "median", label: "Median" },
        { value: "last", label: "Last" },
      ],
    },
    {
      kind: "property",
      key: "measureTimeBy",
      label: "Measure time by",
      of: "times",
      when: (widget) => !isHistory(widget),
    },
    { kind: "property", key: "breakdownProperty", label: "Breakdown by", of: "any", when: isCount },
    { kind: "filter", key: "dataset", label: "Filters", when: (widget) => !isHistory(widget) },
    ...TIME_FIELDS,
    { kind: "text", key: "yAxisTitle", label: "Title of the vertical axis" },
  ],
  settle: (widget) => {
    const functions = isCount(widget)
      ? ["count", "average"]
      : ["average", "sum", "min", "max", "median", "last"];
    return isHistory(widget) || functions.includes(String(widget["func"]))
      ? widget
      : { ...widget, func: functions[0] };
  },
  View: LineChart,
};
