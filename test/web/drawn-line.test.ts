/** Lines of a chart over time: what is drawn of an answer, and the unit of their axis. */
import { describe, expect, test } from "vitest";
import { bareLines, sharedUnit } from "../../src/web/widgets/drawn-line.ts";
import type { Question } from "../../src/web/widgets/lines.ts";
import type { Chart } from "../../src/web/widgets/queries.ts";

const question = (rest: Partial<Question>): Question => ({
  ...{ path: "over-time", body: { asked: 1 }, title: null, scope: null, measureTimeBy: "$createdAt" },
  ...{ breakdown: null, properties: [], entity: null },
  ...rest,
});

/** Of two days. */
const chart = (series: Chart["series"], ...points: Readonly<Record<string, number>>[]): Chart => ({
  ...{ minDate: 0, maxDate: 2, partial: [], series },
  data: [0, 1].map((date) => ({ ...points[date], date })),
});

type Drawn = ReturnType<typeof bareLines>[number];
type Told = Pick<Drawn, "title" | "property" | "values" | "rules">;
const told = ({ title, property, values, rules }: Drawn): Told => ({ title, property, values, rules });

describe("bareLines", () => {
  const counted = [{ key: "count", value: null }];
  const byTier = [
    { key: "a", value: "gold" },
    { key: "b", value: null },
    { key: "c", value: null, other: true as const },
  ];
  const measured = [
    { key: "a", value: "merge_hours" },
    { key: "b", value: "review_hours" },
  ];
  const tier = { breakdown: "tier" };
  const two = { properties: ["merge_hours", "review_hours"] };

  test.each<[string, Chart, Partial<Question>, boolean, Told[]]>([
    [
      "entities without a title: a bucket without a value is a gap",
      chart(counted, { count: 3 }),
      {},
      false,
      [{ title: "Entities", property: null, values: [3, null], rules: [] }],
    ],
    [
      "entities with a title: a bucket without a value is zero where it is asked for",
      chart(counted, { count: 3 }),
      { title: "Deployments" },
      true,
      [{ title: "Deployments", property: null, values: [3, 0], rules: [] }],
    ],
    [
      "a value that is 0 is no gap",
      chart(counted, { count: 0 }, { count: 1 }),
      {},
      false,
      [{ title: "Entities", property: null, values: [0, 1], rules: [] }],
    ],
    [
      "broken down: by value, by none, and the rest together, which leads to nothing in common",
      chart(byTier, { a: 1, b: 2, c: 3 }, { b: 4 }),
      tier,
      false,
      [
        {
          ...{ title: "gold", property: null, values: [1, null] },
          rules: [{ property: "tier", operator: "=", value: "gold" }],
        },
        {
          ...{ title: "None", property: null, values: [2, 4] },
          rules: [{ property: "tier", operator: "isEmpty" }],
        },
        { title: "Other", property: null, values: [3, null], rules: [] },
      ],
    ],
    [
      "two properties: each by its name, which may tell a unit",
      chart(measured, { a: 1.5 }, { a: 2, b: 8 }),
      two,
      false,
      [
        { title: "merge_hours", property: "merge_hours", values: [1.5, 2], rules: [] },
        { title: "review_hours", property: "review_hours", values: [null, 8], rules: [] },
      ],
    ],
    [
      "one property with a title keeps its name for the unit",
      chart(measured.slice(0, 1), { a: 1 }),
      { title: "Merge", properties: ["merge_hours"] },
      false,
      [{ title: "Merge", property: "merge_hours", values: [1, null], rules: [] }],
    ],
    ["an answer without series", chart([]), {}, true, []],
  ])("%s", (_, answer, rest, zero, lines) => {
    expect(bareLines(answer, question(rest), "Entities", zero).map(told)).toEqual(lines);
  });

  test("without its question nothing is drawn; keys tell lines of different questions apart", () => {
    expect(bareLines(chart(counted), undefined, "Entities", false)).toEqual([]);
    const [one, other] = [{ asked: 1 }, { asked: 2 }].map(
      (body) => bareLines(chart(counted), question({ body }), "Entities", false)[0]?.key,
    );
    expect(one).not.toBe(other);
  });
});

describe("sharedUnit", () => {
  test.each<[string, (string | null)[], string | null]>([
    ["no line", [], null],
    ["one unit", ["merge_hours", "reviewHours"], "hours"],
    ["a share", ["failure_percent", "reworkPercentage"], "percent"],
    ["different units", ["merge_hours", "lead_days"], null],
    ["a unit and none", ["merge_hours", "load"], null],
    ["a unit and entities that are counted", ["merge_hours", null], null],
    ["names without a unit", ["load", "size"], null],
    ["entities alone", [null, null], null],
  ])("%s", (_, properties, unit) => {
    const lines = properties.map((property) => ({
      ...{ key: "", title: "", values: [], question: question({}), rules: [] },
      property,
    }));
    expect(sharedUnit(lines)).toBe(unit);
  });
});
