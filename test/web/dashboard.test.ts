/** Dashboards without a browser: layouts, what widgets ask, and where their marks lead. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf, type Branch, matching, pathOf, treeOf } from "../../src/web/app/sidebar-tree.ts";
import { type Board, freshId, readBoard, storedFilters, writeBoard } from "../../src/web/dashboard/board.ts";
import {
  added,
  heightened,
  MAX_IN_ROW,
  moved,
  placed,
  readRows,
  type Row,
  widened,
  withoutCell,
} from "../../src/web/dashboard/layout.ts";
import { landingAt } from "../../src/web/dashboard/use-drag.ts";
import { decodeCatalogSearch } from "../../src/web/lib/catalog-search.ts";
import { decodeFilters, encodeFilters, pickDashboardSearch } from "../../src/web/lib/dashboard-search.ts";
import { looksOf } from "../../src/web/widgets/colours.ts";
import { slicesOf, subjectOf } from "../../src/web/widgets/distribution.ts";
import { valueAt } from "../../src/web/widgets/drawn-line.ts";
import { shownNumber, verdictOf } from "../../src/web/widgets/entities-number-chart/format-number.ts";
import { arcsOf } from "../../src/web/widgets/entities-pie-chart/arcs.ts";
import { linesGeometry } from "../../src/web/widgets/lines-geometry.ts";
import { axisOf, questionOf } from "../../src/web/widgets/lines.ts";
import { parseInline } from "../../src/web/widgets/markdown/parse-inline.ts";
import { parseMarkdown } from "../../src/web/widgets/markdown/parse-markdown.ts";
import { queryFor, rowsLink, rulesOf } from "../../src/web/widgets/scope.ts";

/** `ab|c` is a row of two widgets above one of one; sizes are even. */
const rows = (text: string): Row[] =>
  text.split("|").map((ids) => ({
    height: 400,
    columns: ids.split("").map((id) => ({ id, size: 12 / ids.length })),
  }));
const drawn = (layout: readonly Row[]): string =>
  layout.map(({ columns }) => columns.map(({ id }) => id).join("")).join("|");
const sizes = (layout: readonly Row[]): number[] =>
  layout.flatMap(({ columns }) => columns.map(({ size }) => size));

describe("layout", () => {
  test.each([
    ["ab|c", "a", "right", "ba|c"],
    ["ab|c", "a", "left", "ab|c"],
    ["ab|c", "b", "up", "b|a|c"],
    ["ab|c", "b", "down", "a|b|c"],
    ["a|b|c", "b", "up", "ab|c"],
    ["a|b|c", "b", "down", "a|cb"],
    ["abcd|e", "e", "up", "e|abcd"],
    ["a", "a", "down", "a"],
  ] as const)("%s: %s moves %s: %s", (before, id, direction, after) => {
    expect(drawn(moved(rows(before), id, direction))).toBe(after);
  });

  test.each([
    ["ab|c", "c", { row: 0, index: 1 }, "acb"],
    ["ab|c", "c", { row: 0, index: null }, "c|ab"],
    ["abcd|e", "e", { row: 0, index: 2 }, "e|abcd"],
    ["a|b", "a", { row: 2, index: null }, "b|a"],
    ["abc", "a", { row: 0, index: 3 }, "bca"],
  ] as const)("%s: %s is dropped at %j: %s", (before, id, place, after) => {
    expect(drawn(placed(rows(before), id, place))).toBe(after);
  });

  test("a wider widget takes from its neighbour, down to what is allowed", () => {
    expect(sizes(widened(rows("ab"), "a", 2))).toEqual([8, 4]);
    expect(sizes(widened(rows("ab"), "b", 9))).toEqual([3, 9]);
    expect(sizes(widened(rows("abcd"), "a", 1))).toEqual([3, 3, 3, 3]);
    expect(sizes(widened(rows("a"), "a", -3))).toEqual([12]);
    expect(heightened(rows("a|b"), "b", -9999).map(({ height }) => height)).toEqual([400, 140]);
  });

  test("what is stored is read as far as it can be; widgets without a place stand below", () => {
    const stored = [
      {
        height: 300,
        columns: [
          { id: "a", size: 5 },
          { id: "gone", size: 7 },
        ],
      },
      { columns: "?" },
      null,
      { columns: [{ id: "a", size: 12 }] },
    ];
    expect(readRows(stored, ["a", "b"])).toEqual([
      { height: 300, columns: [{ id: "a", size: 12 }] },
      { height: 400, columns: [{ id: "b", size: 12 }] },
    ]);
    expect(readRows(undefined, [])).toEqual([]);
  });

  test("whatever is done to it, every widget has one place and rows are full", () => {
    const step = fc.oneof(
      fc.record({
        do: fc.constant("move" as const),
        id: fc.nat(7),
        to: fc.constantFrom("left", "right", "up", "down"),
      }),
      fc.record({
        do: fc.constant("place" as const),
        id: fc.nat(7),
        row: fc.nat(8),
        index: fc.option(fc.nat(4)),
      }),
      fc.record({ do: fc.constant("widen" as const), id: fc.nat(7), by: fc.integer({ min: -12, max: 12 }) }),
      fc.record({ do: fc.constant("again" as const), id: fc.nat(7) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let layout: Row[] = [];
        for (let i = 0; i < 8; i++) layout = added(layout, String(i), [3, 6, 12][i % 3] ?? 6, 400);
        for (const one of steps) {
          const id = String(one.id);
          if (one.do === "move") layout = moved(layout, id, one.to);
          else if (one.do === "widen") layout = widened(layout, id, one.by);
          else if (one.do === "place")
            layout = placed(layout, id, { row: Math.min(one.row, layout.length), index: one.index });
          else layout = added(withoutCell(layout, id), id, 4, 400);
          const ids = layout.flatMap(({ columns }) => columns.map((cell) => cell.id));
          expect(ids.toSorted()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
          for (const { columns } of layout) {
            expect(columns.length).toBeLessThanOrEqual(MAX_IN_ROW);
            expect(columns.reduce((sum, { size }) => sum + size, 0)).toBe(12);
            expect(columns.every(({ size }) => size >= 3 && Number.isInteger(size))).toBe(true);
          }
        }
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  test("a pointer lands beside a widget, or between rows", () => {
    const boxes = new Map([
      ["a", { left: 0, right: 300, top: 0, bottom: 400 }],
      ["b", { left: 314, right: 600, top: 0, bottom: 400 }],
      ["c", { left: 0, right: 600, top: 414, bottom: 814 }],
    ]);
    const at = (x: number, y: number) => landingAt(rows("ab|c"), boxes, 600, "c", [x, y])?.place;
    expect(at(20, 200)).toEqual({ row: 0, index: 0 });
    expect(at(330, 200)).toEqual({ row: 0, index: 1 });
    expect(at(590, 200)).toEqual({ row: 0, index: 2 });
    expect(at(300, 5)).toEqual({ row: 0, index: null });
    expect(at(300, 407)).toEqual({ row: 1, index: null });
    expect(at(300, 900)).toEqual({ row: 2, index: null });
  });
});

describe("a page", () => {
  const page = (widgets: unknown) =>
    ({ identifier: "p", type: "dashboard", updatedAt: "", updatedBy: "", widgets }) as Parameters<
      typeof readBoard
    >[0];

  test("is read and written with what else its root and neighbours say", () => {
    const root = {
      ...{ id: "r", type: "dashboard-widget", extra: 1 },
      layout: rows("a"),
      widgets: [{ id: "a", type: "markdown" }],
    };
    const board = readBoard(page([{ id: "x", type: "other" }, root]));
    expect(board).toEqual({ widgets: root.widgets, rows: rows("a") });
    expect(writeBoard(page([{ id: "x", type: "other" }, root]), board)).toEqual([
      { id: "x", type: "other" },
      root,
    ]);
    expect(writeBoard(page(null), { widgets: [], rows: [] })).toEqual([
      { id: "dashboard", type: "dashboard-widget", layout: [], widgets: [] },
    ]);
    expect(readBoard(page([{ id: "t", type: "table-entities-explorer" }])).rows).toEqual(rows("t"));
  });

  test("gives new widgets an id that none has", () => {
    const board: Board = { widgets: [{ id: "markdown-2", type: "markdown" }], rows: [] };
    expect(freshId(board, "markdown")).toBe("markdown-3");
  });

  test("filters are in the address unless they are those of the page; nonsense is named", () => {
    const query = { combinator: "and" as const, rules: [{ property: "tier", operator: "=", value: 1 }] };
    const filters = [{ blueprint: "service", query }];
    expect(decodeFilters(pickDashboardSearch(encodeFilters(filters, false)))).toEqual({
      filters,
      problem: null,
    });
    expect(encodeFilters(filters, true)).toEqual({});
    expect(decodeFilters({ f: "[1]" }).problem).toMatch(/^f is no list of filters/);
    // Older addresses and pages kept rules that wait for their value.
    const waiting = { ...query, rules: [...query.rules, { property: "tier", operator: "contains" }] };
    expect(decodeFilters(encodeFilters([{ blueprint: "service", query: waiting }], false)).filters).toEqual(
      filters,
    );
    expect(
      storedFilters({ ...page([]), pageFilters: [{ query: { ...waiting, blueprint: "service" } }] }),
    ).toEqual(filters);
    const meta = { ...query, blueprint: "dashboard-filters-meta-blueprint" };
    const stored = { pageFilters: [{ query: meta }, { query: { ...query, blueprint: "service" } }, 1] };
    expect(storedFilters({ ...page([]), ...stored })).toEqual([{ blueprint: null, query }, ...filters]);
  });
});

describe("what a widget is about", () => {
  const look = { colour: "red", dash: "" };
  const tier = { property: "tier", operator: "=", value: 1 };
  const either = { combinator: "or", rules: [tier, { property: "tier", operator: "isEmpty" }] };

  test("its dataset and the filters of its blueprint become one query, and the link to the rows says the same", () => {
    const dataset = [
      { combinator: "and", rules: [{ property: "$blueprint", operator: "=", value: "service" }, either] },
    ];
    const filters = [
      { blueprint: "service", query: { combinator: "and" as const, rules: [tier] } },
      {
        blueprint: "team",
        query: { combinator: "and" as const, rules: [{ property: "x", operator: "isEmpty" }] },
      },
    ];
    const scope = { blueprint: "service", rules: rulesOf(dataset, "service", filters) };
    expect(scope.rules).toEqual([either, tier]);
    expect(queryFor(scope).rules).toHaveLength(3);
    const link = rowsLink(scope, [{ relation: "domain", operator: "contains", value: "pay" }]);
    expect(link.params).toEqual({ blueprint: "service" });
    expect(decodeCatalogSearch(link.search).view.filter).toEqual({
      combinator: "and",
      rules: [tier],
      more: [either, { relation: "domain", operator: "contains", value: "pay" }],
    });
  });

  test("slices: the most frequent one by one, the rest together, each with what its rows have in common", () => {
    const counted = {
      values: [
        { value: "a", count: 5 },
        { value: null, count: 3 },
        { value: "b", count: 2 },
      ],
      other: { values: 4, count: 4 },
    };
    expect(slicesOf(counted, subjectOf("property#tier"), undefined, 2)).toEqual([
      { key: '"a"', label: "a", count: 5, rule: { property: "tier", operator: "=", value: "a" } },
      { key: "null", label: "No tier", count: 3, rule: { property: "tier", operator: "isEmpty" } },
      {
        ...{ key: "other", label: "Other (5 values)", count: 6 },
        rule: {
          combinator: "and",
          rules: [
            { property: "tier", operator: "notIn", value: ["a"] },
            { property: "tier", operator: "isNotEmpty" },
          ],
        },
      },
    ]);
    expect(slicesOf(counted, subjectOf("relation#service"), undefined, 1)[1]?.rule).toBeNull();
    const titles = new Map([["a", "Alpha"]]);
    expect(slicesOf(counted, subjectOf("$team"), undefined, 1, titles)[0]).toMatchObject({
      ...{ key: '"a"', label: "Alpha", rule: { property: "$team", value: "a" } },
    });
    expect(slicesOf(counted, subjectOf("relation#service"), undefined, 1)[0]?.rule).toEqual({
      ...{ relation: "service", operator: "contains", value: "a" },
    });
    const judged = { values: [{ value: "Low", count: 5, withoutData: 2 }], other: { values: 0, count: 0 } };
    const low = { scorecard: "ready", operator: "=", value: "Low" };
    expect(slicesOf(judged, subjectOf("scorecard#ready"), undefined, 9)).toEqual([
      { key: '"Low"', label: "Low", count: 3, rule: low, rows: "Low, with those without data" },
      { key: "no data", label: "No data", count: 2, rule: null },
    ]);
    const unjudged = { ...judged, values: [{ value: "Low", count: 2, withoutData: 2 }] };
    expect(slicesOf(unjudged, subjectOf("scorecard#ready"), undefined, 9)).toEqual([
      { key: "no data", label: "No data", count: 2, rule: low },
    ]);
    expect(subjectOf("scorecard-rule#a#b")).toEqual({ kind: "scorecard", id: "a", rule: "b" });
    expect(slicesOf(counted, subjectOf("scorecard#ready"), undefined, 1)[0]?.rule).toEqual({
      ...{ scorecard: "ready", operator: "=", value: "a" },
    });
  });

  test("lines ask for counts, numbers or a history", () => {
    const axis = axisOf({ id: "w", type: "line-chart", timeInterval: "day" }, "UTC");
    expect(axis).toEqual({ timeRange: { preset: "lastMonth", timeZone: "UTC" }, timeInterval: "day" });
    const line = { blueprint: "b", func: "sum", properties: ["properties.cost"] };
    expect(questionOf({ ...line, chartType: "aggregatePropertiesValues" }, axis, [])?.body).toMatchObject({
      ...{ aggregationType: "aggregatePropertiesValues", func: "sum", properties: ["cost"] },
    });
    expect(questionOf({ ...line, chartType: "propertiesValueHistory", entity: "e" }, axis, [])).toMatchObject(
      {
        path: "history",
        body: { entityIdentifier: "e", propertyNames: ["cost"] },
      },
    );
    const question = questionOf({ ...line, chartType: "aggregatePropertiesValues" }, axis, []);
    expect(question?.properties).toEqual(["cost"]);
    if (question === null) return;
    const drawn = { ...{ key: "k", title: "t", look, rules: [], question }, values: [18.12, null] };
    expect(valueAt({ ...drawn, property: "dora_merge_hours" }, 0)).toBe("18 h 7 min");
    expect(valueAt({ ...drawn, property: "cost" }, 0)).toBe("18.1");
    expect(valueAt({ ...drawn, property: null }, 1)).toBe("no data");
    const count = { blueprint: "b", chartType: "countEntities", breakdownProperty: "property#status" };
    expect(questionOf(count, axis, [])?.body).toMatchObject({ func: "count", breakdownProperty: "status" });
    expect(questionOf({ chartType: "countEntities" }, axis, [])).toBeNull();
  });

  test("what is not whole stands apart from the line", () => {
    const line = {
      ...{ key: "l", title: "L", look, property: null, values: [1, 5, 6, 2], rules: [] },
      question: {} as never,
    };
    const { paths, alone } = linesGeometry(
      [10, 20, 30, 40],
      [line],
      [],
      { width: 90, height: 9 },
      new Set([10, 40]),
    );
    expect(paths[0]?.match(/[ML]/g)).toEqual(["M", "L"]);
    expect(alone[0]?.map(({ index }) => index)).toEqual([0, 3]);
  });

  test("a value has one colour in all charts: that of its option, or by its name", () => {
    const colours = (names: (string | null)[], named?: Record<string, string>) =>
      looksOf(names, named).map(({ colour }) => colour);
    expect(colours(["Failed", "Success", null])).toEqual([
      ...colours(["Success", "Failed"]).toReversed(),
      "var(--stage-review)",
    ]);
    expect(colours(["b", "a"], { a: "green" })).toEqual(["var(--stage-pickup)", "#2f9e64"]);
    const many = looksOf("abcdefghi".split(""));
    expect([many[0]?.dash, many[8]?.dash]).toEqual(["", "7 3"]);
  });

  test("a line has no more points than can be seen: of those over one pixel the lowest and the highest", () => {
    const size = { width: 100, height: 50 };
    const points = (values: readonly (number | null)[]): { x: number; y: number; starts: boolean }[] => {
      const question = { path: "history" as const, body: {}, title: null, breakdown: null };
      const line = {
        ...{ key: "l", title: "L", look, property: null, values, rules: [] },
        question: question as never,
      };
      const { paths } = linesGeometry(
        values.map((_, at) => at),
        [line],
        [],
        size,
      );
      return [...(paths[0] ?? "").matchAll(/([ML])([\d.]+),([\d.]+)/g)].map(([, kind, x, y]) => ({
        ...{ x: Number(x), y: Number(y), starts: kind === "M" },
      }));
    };
    expect(points([1, null, 3, 4]).map(({ starts }) => starts)).toEqual([true, true, false]);
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: fc.nat(1000) }, fc.constant(null)), { maxLength: 2000 }),
        (values) => {
          const { y } = linesGeometry(
            values.map((_, at) => at),
            [{ key: "l", title: "", look, property: null, values, rules: [], question: {} as never }],
            [],
            size,
          );
          const drawn = points(values);
          const gaps = values.filter((value, at) => value !== null && (values[at - 1] ?? null) === null);
          expect(drawn.filter(({ starts }) => starts)).toHaveLength(gaps.length);
          expect(drawn.length).toBeLessThanOrEqual(2 * (size.width + gaps.length));
          // As high and as low as all of them.
          const heights = values.flatMap((value) =>
            value === null ? [] : [Math.round(y(value) * 100) / 100],
          );
          if (heights.length === 0) return;
          expect(Math.min(...drawn.map((point) => point.y))).toBe(Math.min(...heights));
          expect(Math.max(...drawn.map((point) => point.y))).toBe(Math.max(...heights));
        },
      ),
    );
  });
});

describe("numbers", () => {
  const widget = (more: object) => ({ id: "n", type: "entities-number-chart", ...more });
  test.each([
    [90.456, {}, ["", "90.5", ""]],
    [90.456, { displayFormatting: "round", unit: "%" }, ["", "90", "%"]],
    [1234.5, { displayFormatting: "custom", decimalPlaces: 2, unit: "$" }, ["$", "1,234.50", ""]],
    [3, { unit: "custom", unitCustom: "min", unitAlignment: "left" }, ["min", "3", ""]],
  ])("%d with %j", (value, more, [before, text, after]) => {
    expect(shownNumber(value, widget(more))).toEqual({ before, text, after });
  });

  test.each([
    [{}, "18 h 7 min"],
    [{ unit: "none" }, "18.1"],
    [{ displayFormatting: "round" }, "18"],
    [{ displayFormatting: "none", decimalPlaces: 2 }, "18.12"],
    [{ unit: "%" }, "18.1"],
  ])("a property named after its unit, with %j: %s", (more, text) => {
    expect(shownNumber(18.12, widget(more), "dora_merge_hours").text).toBe(text);
  });

  test("the first condition that holds says its word", () => {
    const conditions = [
      { operator: ">", value: 100, message: "Slow", color: "red" },
      { operator: "<=", value: 100, color: "green" },
    ];
    expect(verdictOf(120, conditions)).toEqual({ message: "Slow", color: "red" });
    expect(verdictOf(60, conditions)).toEqual({ message: "<= 100", color: "green" });
    expect(verdictOf(60, "x")).toBeNull();
  });

  test("arcs share the ring", () => {
    expect(arcsOf([1, 0, 3]).map((arc) => arc?.share ?? null)).toEqual([0.25, null, 0.75]);
    expect(arcsOf([5])[0]?.path).toMatch(/^M.*M/);
    expect(arcsOf([0])).toEqual([null]);
  });
});

test("the sidebar is a tree; a search keeps the folders of what it finds", () => {
  const page = (identifier: string, more: object = {}) => ({
    ...{ identifier, title: identifier.toUpperCase(), sidebarType: "page" as const, type: "dashboard" },
    ...more,
  });
  const items = [
    { identifier: "f", title: "Folder", sidebarType: "folder" as const },
    page("alpha", { parent: "f" }),
    page("services", { type: "blueprint-entities", blueprint: "service" }),
    page("mine", { type: "blueprint-entities", blueprint: "service" }),
    page("_users", { type: "blueprint-entities", blueprint: "_user" }),
    page("hidden", { showInSidebar: false }),
  ];
  const names = (branches: readonly Branch[]): unknown[] =>
    branches.map(({ item, children }) =>
      children.length > 0 ? [item.identifier, names(children)] : item.identifier,
    );
  expect(names(treeOf(items))).toEqual([["f", ["alpha"]], "services", "mine"]);
  expect(names(matching(treeOf(items), "alph"))).toEqual([["f", ["alpha"]]]);
  expect(items.slice(1, 4).map((item) => pathOf(addressOf(item, items)))).toEqual([
    "/d/alpha",
    "/c/service",
    "/c/service?v=mine",
  ]);
});

describe("markdown", () => {
  const kinds = (text: string) => parseMarkdown(text).map(({ kind }) => kind);
  const inside = (text: string) => JSON.stringify(parseInline(text));
  test("blocks", () => {
    const text =
      "# A\ntext\nmore\n\n- a\n  - b\n- [x] c\n\n1. one\n\n> quote\n> - in\n\n```js\n# no\n```\n\n| a | b |\n|---|:-:|\n| 1 |\n\n---";
    expect(kinds(text)).toEqual(["heading", "paragraph", "list", "list", "quote", "code", "table", "rule"]);
    const [, , list, , , , table] = parseMarkdown(text);
    expect(list).toMatchObject({ items: [{ blocks: [{}, { kind: "list" }] }, { done: true }] });
    expect(table).toMatchObject({ head: [[{ text: "a" }], [{ text: "b" }]], rows: [[[{ text: "1" }], []]] });
  });

  test("texts", () => {
    expect(inside("**b** *i* ~~d~~ `c*` snake_case_name \\*")).toBe(
      JSON.stringify([
        { kind: "strong", inside: [{ kind: "text", text: "b" }] },
        { kind: "text", text: " " },
        { kind: "em", inside: [{ kind: "text", text: "i" }] },
        { kind: "text", text: " " },
        { kind: "del", inside: [{ kind: "text", text: "d" }] },
        { kind: "text", text: " " },
        { kind: "code", text: "c*" },
        { kind: "text", text: " snake_case_name *" },
      ]),
    );
    expect(inside('[a](/b "t") see https://x.example/y.')).toContain('"href":"/b"');
    expect(inside("see https://x.example/y.")).toContain('"href":"https://x.example/y"');
    expect(inside("<b>no</b>")).toBe(JSON.stringify([{ kind: "text", text: "<b>no</b>" }]));
  });

  test("hostile texts end in time, and lose nothing that is no mark", () => {
    for (const text of [
      "*".repeat(3000),
      "[".repeat(3000),
      "> ".repeat(500),
      "`".repeat(3000),
      "- ".repeat(900),
    ])
      expect(Array.isArray(parseMarkdown(text))).toBe(true);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("*", "_", "`", "[", "](", ")", "a", " ", "\n", "- ", "> ", "|", "#")),
        (parts) => {
          expect(Array.isArray(parseMarkdown(parts.join("")))).toBe(true);
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });
});
