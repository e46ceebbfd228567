/** Widgets of pages: what is refused, and how it is said (workflows.md §6.2, §6.3). */
import { describe, expect, test } from "vitest";
import { checkWidgets } from "../../src/model/widget.ts";

const said = (widgets: unknown): string => {
  try {
    checkWidgets(widgets, "widgets");
    return "fine";
  } catch (error) {
    return (error as Error).message;
  }
};
const text = (id: string) => ({ id, type: "markdown", markdown: "x" });
const board = (layout: unknown, ...ids: string[]) => [
  { id: "board", type: "dashboard-widget", layout, widgets: ids.map(text) },
];
const row = (...columns: (readonly [string, unknown])[]) => ({
  height: 400,
  columns: columns.map(([id, size]) => ({ id, size })),
});

describe("§6.2 layout", () => {
  test.each([
    [board([row(["a", 6], ["b", 6])], "a", "b")],
    [board(undefined, "a")],
    [[{ id: "g", type: "grouper", groups: [{ title: "Overview", widgets: board([row(["a", 12])], "a") }] }]],
    [[{ id: "x", type: "something-newer", whatever: { deep: [1] } }]],
  ])("%j is fine", (widgets) => {
    expect(said(widgets)).toBe("fine");
  });

  test.each([
    ["a", "widgets must be a list of widgets, not string"],
    [[null], "widgets[0] must be an object, not null"],
    [[{ id: "a" }], "widgets[0].type must be a string that is not empty"],
    [[text("a"), text("a")], 'widgets[1].id "a" is the id of widgets[0] already'],
    [board([row(["a", 6], ["b", 5])], "a", "b"), "sizes must sum to 12, not 11"],
    [board([row(["a", 2], ["b", 10])], "a", "b"), "columns[0].size 2 must be a whole number from 3 to 12"],
    [board([row(["a", 12.5])], "a"), "columns[0].size 12.5"],
    [board([row(["b", 12])], "a"), 'columns[0].id "b" is no widget of this dashboard'],
    [board([row(["a", 6], ["a", 6])], "a"), 'widget "a" has a place already'],
    [board([row(["a", 12])], "a", "b"), 'widgets[0].layout has no place for widget "b"'],
    [board([{ ...row(["a", 12]), height: "tall" }], "a"), 'layout[0].height "tall" must be a number'],
    [board([{ height: 400, columns: [] }]), "must be a list of 1 to 4 columns"],
    [board({}, "a"), "layout must be a list of rows, not object"],
    [[{ id: "g", type: "grouper", groups: [{ widgets: [] }] }], "groups[0].title"],
  ])("%j is refused", (widgets, part) => {
    expect(said(widgets)).toContain(part);
  });

  test("nests no deeper than is shown, and not without end", () => {
    let widgets: unknown = [text("end")];
    for (let i = 0; i < 12; i++) widgets = [{ type: "grouper", groups: [{ title: "t", widgets }] }];
    expect(said(widgets)).toContain("nested deeper than 8 levels");
    expect(said(Array.from({ length: 301 }, (_, i) => text(String(i))))).toContain("at most 300 widgets");
  });
});

const dataset = { combinator: "and", rules: [{ property: "status", operator: "=", value: "open" }] };
const range = { preset: "lastMonth" };

describe("§6.3 types", () => {
  test.each([
    {
      type: "entities-number-chart",
      blueprint: "b",
      chartType: "displaySingleProperty",
      entity: "e",
      property: "p",
    },
    {
      type: "entities-number-chart",
      blueprint: "b",
      func: "count",
      dataset: [dataset],
      unit: "custom",
      unitCustom: "x",
    },
    {
      type: "entities-number-chart",
      blueprint: "b",
      func: "average",
      averageOf: "week",
      calculationBy: "entities",
    },
    {
      type: "entities-number-chart",
      blueprint: "b",
      calculationBy: "property",
      func: "median",
      property: "p",
      dataset,
    },
    { type: "entities-pie-chart", blueprint: "b", property: "property#status", dataset },
    { type: "bar-chart", blueprint: "b", property: "$team" },
    {
      ...{ type: "line-chart", blueprint: "b", chartType: "countEntities", func: "count" },
      ...{ timeInterval: "isoWeek", timeRange: range, breakdownProperty: "status" },
    },
    {
      ...{ type: "multi-line-chart", timeInterval: "day", timeRange: range, baselines: [{ value: 3 }] },
      lines: [
        { title: "l", blueprint: "b", chartType: "propertiesValueHistory", entity: "e", properties: ["p"] },
      ],
    },
    { type: "table-entities-explorer", blueprint: "b", dataset, excludedFields: ["a"] },
    { type: "entity-info", blueprint: "{{blueprint}}", entity: "{{url.identifier}}", hiddenQuery: [] },
    { type: "markdown", source: "property", blueprintIdentifier: "b", propertyIdentifier: "p" },
    { type: "iframe-widget", url: "https://example.com/?x={{ .entity.identifier }}", urlType: "public" },
    { type: "links-widget", links: [{ title: "Docs", url: "/docs" }] },
    {
      type: "graph-entities-explorer",
      blueprint: "service",
      entity: "shop",
      hops: 2,
      hiddenBlueprints: ["x"],
    },
    { type: "graph-entities-explorer" },
  ])("$type is fine: %j", (widget) => {
    expect(said([{ id: "w", ...widget }])).toBe("fine");
  });

  test.each([
    [{ type: "entities-number-chart" }, "widgets[0].blueprint"],
    [{ type: "entities-number-chart", blueprint: "b", chartType: "sum" }, 'chartType "sum" is not one of'],
    [
      { type: "entities-number-chart", blueprint: "b", chartType: "displaySingleProperty" },
      "widgets[0].entity",
    ],
    [
      { type: "entities-number-chart", blueprint: "b", func: "sum" },
      'func "sum" is not one of count, average',
    ],
    [
      { type: "entities-number-chart", blueprint: "b", func: "count", unit: "custom" },
      "widgets[0].unitCustom",
    ],
    [
      { type: "entities-number-chart", blueprint: "b", func: "average", averageOf: "year" },
      'averageOf "year" is not one of hour, day, week, month, total',
    ],
    [
      { type: "entities-number-chart", blueprint: "b", func: "count", displayFormatting: "custom" },
      "widgets[0].decimalPlaces",
    ],
    [
      { type: "entities-pie-chart", blueprint: "b", property: "props#x" },
      'property "props#x" must be property#',
    ],
    [
      { type: "bar-chart", blueprint: "b", property: "$team", dataset: { combinator: "xor", rules: [] } },
      'widgets[0].dataset.combinator "xor" is not one of and, or',
    ],
    [
      { type: "line-chart", blueprint: "b", chartType: "countEntities", func: "count", timeInterval: "day" },
      "widgets[0].timeRange",
    ],
    [
      {
        ...{ type: "line-chart", blueprint: "b", chartType: "countEntities", func: "count" },
        ...{ timeInterval: "day", timeRange: { preset: "last2Years" } },
      },
      "must be quarter",
    ],
    [{ type: "multi-line-chart", timeInterval: "day", timeRange: range }, "widgets[0].lines"],
    [{ type: "entity-details", blueprint: "b" }, "widgets[0].entity"],
    [{ type: "iframe-widget", url: "javascript:alert(1)" }, "must begin with https://"],
    [{ type: "graph-entities-explorer", hops: 7 }, "widgets[0].hops 7 must be a whole number from 1 to 6"],
    [{ type: "graph-entities-explorer", hiddenBlueprints: "x" }, "widgets[0].hiddenBlueprints"],
    [{ type: "links-widget", links: [] }, "widgets[0].links must be a list of 1 or more objects"],
    [{ type: "links-widget", links: [{ title: "x", url: "//evil.example" }] }, "widgets[0].links[0].url"],
    [{ type: "markdown", markdown: 3 }, "widgets[0].markdown must be a string, not number"],
  ])("%j is refused", (widget, part) => {
    expect(said([{ id: "w", ...widget }])).toContain(part);
  });
});
