/** Views as pages hold them; what a group has in common; what a cell's change makes of an entity. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnsOf } from "../../src/web/catalog/blueprint.ts";
import { ruleOf } from "../../src/web/catalog/group-rule.ts";
import { fixedOf, viewOf, withView } from "../../src/web/catalog/saved-view.ts";
import { scoreColumns } from "../../src/web/catalog/score-columns.ts";
import { withChange } from "../../src/web/catalog/write-entity.ts";
import { EMPTY_VIEW, TOTALS } from "../../src/web/lib/catalog-search.ts";

const blueprint = {
  identifier: "service",
  schema: { properties: { tier: { type: "string" }, tags: { type: "array" } } },
  relations: { team: { target: "team" } },
};
const [title, tier, tags, team] = columnsOf(blueprint);
const page = (widgets: readonly Readonly<Record<string, unknown>>[]) => ({
  identifier: "services",
  type: "blueprint-entities",
  widgets,
});
const id = fc.stringMatching(/^[a-z]{1,6}$/);

describe("a view in a page", () => {
  test("comes back as it was kept, whatever else the page says", () => {
    const view = fc.record({
      text: fc.constant(""),
      filter: fc.record({
        combinator: fc.constantFrom("and" as const, "or" as const),
        rules: fc.array(fc.record({ property: id, operator: fc.constant("="), value: fc.string() })),
      }),
      sort: fc.array(
        fc.record({ property: id, direction: fc.constantFrom("asc" as const, "desc" as const) }),
      ),
      groups: fc.uniqueArray(id),
      columns: fc.option(fc.uniqueArray(id, { minLength: 1 })),
      widths: fc.dictionary(id, fc.integer({ min: 64, max: 900 }), { noNullPrototype: true }),
      totals: fc.dictionary(id, fc.constantFrom(...TOTALS), { noNullPrototype: true }),
    });
    const before = page([
      { id: "t", type: "markdown", markdown: "x" },
      {
        id: "e",
        type: "table-entities-explorer",
        title: "Ours",
        excludedFields: ["secret"],
        dataset: { combinator: "and", rules: [{ property: "tier", operator: "=", value: "gold" }] },
        blueprintConfig: { other: { tabIndex: 1 } },
      },
    ]);
    fc.assert(
      fc.property(view, (given) => {
        const after = page(withView(before, "service", given));
        expect(viewOf(after, "service", [])).toEqual(given);
        expect(after.widgets[0]).toBe(before.widgets[0]);
        expect(after.widgets[1]).toMatchObject({
          title: "Ours",
          blueprintConfig: { other: { tabIndex: 1 } },
        });
        expect(fixedOf(after, "service")).toEqual({
          rules: [{ property: "tier", operator: "=", value: "gold" }],
          excluded: ["secret"],
        });
      }),
      { seed: 9, numRuns: 200 },
    );
    expect(viewOf(page(withView(null, "service", EMPTY_VIEW)), "service", [])).toEqual(EMPTY_VIEW);
  });

  test("of Port: hidden columns, prefixes, a dataset in which one must hold; nonsense is nothing", () => {
    const table = {
      type: "table-entities-explorer",
      dataset: {
        combinator: "or",
        rules: [
          { property: "a", operator: "=", value: 1 },
          { property: "b", operator: "=", value: 2 },
        ],
      },
      blueprintConfig: {
        service: {
          propertiesSettings: { hidden: ["properties.tags"], order: ["team", "tier"] },
          groupSettings: { groupBy: ["properties.tier"] },
          sortSettings: { sortBy: [{ property: "$title", order: "desc" }, { order: "asc" }, 7] },
          filterSettings: {
            filterBy: { combinator: "and", rules: [{ relation: "team", operator: "isEmpty" }, 3] },
          },
          footer: { tier: "everything", tags: "filled" },
        },
      },
    };
    expect(viewOf(page([table]), "service", ["$title", "tier", "tags", "team"])).toEqual({
      ...EMPTY_VIEW,
      columns: ["team", "tier", "$title"],
      groups: ["tier"],
      sort: [{ property: "$title", direction: "desc" }],
      filter: { combinator: "and", rules: [], more: [{ relation: "team", operator: "isEmpty" }] },
      totals: { tags: "filled" },
    });
    expect(fixedOf(page([table]), "service").rules).toEqual([table.dataset]);
    for (const odd of [null, 1, "x", []])
      expect(viewOf(page([{ ...table, blueprintConfig: odd }]), "service", [])).toEqual(EMPTY_VIEW);
  });
});

test("what the entities of a group have in common", () => {
  if (!title || !tier || !tags || !team) throw new Error("four columns");
  const [level, rule] = scoreColumns([
    {
      identifier: "ready",
      title: "Ready",
      blueprint: "service",
      levels: [{ title: "Basic", color: "gray" }],
      rules: [{ identifier: "r", title: "R", level: "Basic", query: { combinator: "and", conditions: [] } }],
    },
  ]);
  if (!level || !rule) throw new Error("two columns");
  expect(ruleOf(tier, "gold")).toEqual({ property: "tier", operator: "=", value: "gold" });
  expect(ruleOf(tags, "go")).toEqual({ property: "tags", operator: "contains", value: "go" });
  expect(ruleOf(team, null)).toEqual({ relation: "team", operator: "isEmpty" });
  expect(ruleOf(level, "Basic")).toEqual({ scorecard: "ready", operator: "=", value: "Basic" });
  expect(ruleOf(rule, "FAILURE")).toEqual({
    ...{ scorecard: "ready", scorecardRule: "r" },
    ...{ operator: "=", value: "FAILURE" },
  });
});

test("a cell that is changed is shown before the server has answered", () => {
  if (!title || !tier || !team) throw new Error("columns");
  const entity = {
    identifier: "a",
    title: "A",
    properties: { tier: "gold", x: 1 },
    relations: { team: "t" },
  };
  expect(withChange(entity, tier, "silver").properties).toEqual({ tier: "silver", x: 1 });
  expect(withChange(entity, tier, undefined).properties).toEqual({ tier: null, x: 1 });
  expect(withChange(entity, team, "u").relations).toEqual({ team: "u" });
  expect(withChange(entity, title, "B")).toMatchObject({ title: "B", properties: entity.properties });
});
