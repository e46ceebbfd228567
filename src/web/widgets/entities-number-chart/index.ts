import { IconNumbers } from "@tabler/icons-react";
import type { WidgetDoc, WidgetKind } from "../widget-kind.ts";
import { NumberChart } from "./view.tsx";

const isSingle = (widget: WidgetDoc) => widget["chartType"] === "displaySingleProperty";
const isByProperty = (widget: WidgetDoc) => widget["chartType"] === "aggregateByProperty";
const isCounted = (widget: WidgetDoc) => !isSingle(widget) && !isByProperty(widget);
const isAverage = (widget: WidgetDoc) => !isSingle(widget) && widget["func"] === "average";

export const kind: WidgetKind = {
  type: "entities-number-chart",
  label: "Number Chart",
  about: "One number: a property of an entity, a count, or a sum or average of many",
  icon: IconNumbers,
  rank: 1,
  size: 3,
  height: 170,
  blank: { chartType: "countEntities", calculationBy: "entities", func: "count" },
  fields: [
    {
      kind: "choice",
      key: "chartType",
      label: "Chart type",
      options: [
        { value: "displaySingleProperty", label: "Display single property" },
        { value: "countEntities", label: "Count entities" },
        { value: "aggregateByProperty", label: "Aggregate by property" },
      ],
    },
    { kind: "blueprint", key: "blueprint", label: "Blueprint", isNeeded: true },
    { kind: "entity", key: "entity", label: "Entity", when: isSingle, isNeeded: true },
    { kind: "property", key: "property", label: "Property", when: isSingle, isNeeded: true },
    {
      kind: "property",
      key: "property",
      label: "Property",
      of: "numbers",
      when: isByProperty,
      isNeeded: true,
    },
    {
      kind: "choice",
      key: "func",
      label: "Function",
      when: isCounted,
      options: [
        { value: "count", label: "Count" },
        { value: "average", label: "Average" },
      ],
    },
    {
      kind: "choice",
      key: "func",
      label: "Function",
      when: isByProperty,
      options: [
        { value: "average", label: "Average" },
        { value: "sum", label: "Sum" },
        { value: "min", label: "Minimum" },
        { value: "max", label: "Maximum" },
        { value: "median", label: "Median" },
      ],
    },
    {
      kind: "choice",
      key: "averageOf",
      label: "Average of",
      about: "Total divides by the number of entities; a period by how many of them have passed",
      when: isAverage,
      options: [
        { value: "total", label: "Total" },
        { value: "hour", label: "Hour" },
        { value: "day", label: "Day" },
        { value: "week", label: "Week" },
        { value: "month", label: "Month" },
      ],
    },
    {
      kind: "property",
      key: "measureTimeBy",
      label: "Measure time by",
      of: "times",
      when: (widget) => isAverage(widget) && widget["averageOf"] !== "total",
    },
    { kind: "filter", key: "dataset", label: "Filters", when: (widget) => !isSingle(widget) },
    {
      kind: "choice",
      key: "unit",
      label: "Unit",
      otherwise: "As the property is named",
      options: ["none", "%", "$", "€", "£", "custom"].map((value) => ({ value, label: value })),
    },
    { kind: "text", key: "unitCustom", label: "Custom unit", when: (widget) => widget["unit"] === "custom" },
    {
      kind: "choice",
      key: "displayFormatting",
      label: "Digits",
      otherwise: "One decimal at most",
      options: [
        { value: "none", label: "As they are" },
        { value: "round", label: "Rounded" },
        { value: "custom", label: "So many decimals" },
      ],
    },
    {
      kind: "number",
      key: "decimalPlaces",
      label: "Decimals",
      when: (widget) => widget["displayFormatting"] === "custom",
    },
    { kind: "conditions", key: "conditionalFormatting", label: "Conditional formatting" },
  ],
  settle: (widget) => {
    if (isSingle(widget)) return widget;
    const functions = isByProperty(widget)
      ? ["average", "sum", "min", "max", "median"]
      : ["count", "average"];
    const func = functions.includes(String(widget["func"])) ? widget["func"] : functions[0];
    const { entity: _, ...rest } = widget;
    return {
      ...rest,
      func,
      calculationBy: isByProperty(widget) ? "property" : "entities",
      ...(func === "average" ? { averageOf: widget["averageOf"] ?? "total" } : {}),
    };
  },
  View: NumberChart,
};
