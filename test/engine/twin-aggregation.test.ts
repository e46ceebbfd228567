/** Aggregations as tables: rows in, numbers out (data-model.md §6.3, decisions 5 to 8). */
import { describe, expect, test } from "vitest";
import { exactSum } from "../../src/engine/twin/fold.ts";
import { type Blueprints, derive, type ModelBlueprint, type Row, type Rows } from "./support/model.ts";

type Definition = Readonly<Record<string, unknown>>;

/** The value of one aggregation on the service `a`, of deployments with properties `n` and `at`. */
function over(
  rows: readonly Row[],
  calculationSpec: Definition,
  rest: Definition = {},
  now?: string,
): unknown {
  const at = derive(
    {
      service: { aggregations: { result: { target: "deployment", calculationSpec, ...rest } } },
      deployment: {
        properties: { n: "number", at: { type: "string", format: "date-time" }, s: "string", l: "array" },
        relations: { service: "service" },
        mirrors: { name: "service.$title" },
        calculations: { half: ".properties.n / 2" },
      },
    },
    {
      service: { a: { title: "A" }, b: {} },
      deployment: Object.fromEntries(
        rows.map((row, i) => [`d${i}`, { relations: { service: "a" }, ...row }]),
      ),
    },
    now,
  );
  expect(at("service/b", "result").value).toBe(
    ["count", "sum", "countDistinct"].includes(String(calculationSpec["func"])) ? 0 : null,
  );
  return at("service/a", "result").value;
}

const property = (func: string, more: Definition = {}): Definition => ({
  calculationBy: "property",
  func,
  property: "n",
  ...more,
});
const entities = (func: string, more: Definition = {}): Definition => ({
  calculationBy: "entities",
  func,
  ...more,
});
const numbers = (...values: readonly (number | null)[]): Row[] =>
  values.map((n) => ({ properties: n === null ? {} : { n } }));
const texts = (...values: readonly string[]): Row[] => values.map((s) => ({ properties: { s } }));
const lists = (...values: readonly (readonly unknown[])[]): Row[] =>
  values.map((l) => ({ properties: { l } }));
const times = (...values: readonly string[]): Row[] => values.map((at) => ({ properties: { at, n: 6 } }));

describe("§6.3 functions", () => {
  const CASES: readonly (readonly [spec: Definition, rows: Row[], value: number | null])[] = [
    [entities("count"), numbers(1, 2, null), 3],
    [entities("count", { averageOf: "month", measureTimeBy: "$createdAt" }), numbers(1, 2, null), 3],
    [property("sum"), numbers(1, 2.5, null), 3.5],
    [property("sum"), numbers(null), 0],
    [property("sum"), numbers(0.1, 0.2, 0.3), 0.6],
    [property("sum"), numbers(1e20, 1, -1e20), 1],
    [property("min"), numbers(3, -1, null), -1],
    [property("max"), numbers(3, -1, null), 3],
    [property("min"), numbers(null), null],
    [property("max"), numbers(null), null],
    [property("median"), numbers(5, 1, null, 3), 3],
    [property("median"), numbers(4, 1, 3, 2), 2.5],
    [property("median"), numbers(7), 7],
    [property("median"), numbers(null), null],
    [property("average"), numbers(1, 2, null, 6), 3],
    [property("average", { averageOf: "total" }), numbers(1, 2, null, 6), 3],
    [property("average"), numbers(null), null],
    [property("p75"), numbers(1, 2, 3, 4, 5), 4],
    [property("p75"), numbers(4, 1, null, 3, 2), 3.25],
    [property("p75"), numbers(10, 0), 7.5],
    [property("p75"), numbers(7), 7],
    [property("p75"), numbers(null), null],
    [property("p90"), numbers(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 10],
    [property("p90"), numbers(100, 0, null), 90],
    [property("p90"), numbers(-5, -5, -5), -5],
    [property("p90"), [], null],
    [property("p95"), numbers(...Array.from({ length: 21 }, (_, i) => i)), 19],
    [property("p95"), numbers(40, null, 0), 38],
    [property("p95"), numbers(0), 0],
    [property("p95"), numbers(null, null), null],
    [property("countDistinct"), numbers(1, 1, 2.5, null), 2],
    [property("countDistinct"), numbers(null), 0],
    [property("countDistinct", { property: "s" }), texts("a", "A", "a", ""), 3],
    [property("countDistinct", { property: "l" }), lists(["a", "b"], ["b", "a"], ["a", "b"], []), 3],
    [property("countDistinct", { property: "l" }), lists([{ a: 1, b: 2 }], [{ b: 2, a: 1 }]), 1],
    [property("countDistinct", { property: "unknown" }), numbers(1), 0],
    [property("countDistinct", { property: "$createdAt" }), numbers(1, 2), 1],
    [property("countDistinct", { property: "name" }), numbers(1, 2), 1],
    [property("countDistinct", { property: "half" }), numbers(1, 2, 2, null), 2],
  ];
  test.each(CASES)("%j", (spec, rows, value) => expect(over(rows, spec)).toBe(value));

  test("a text, a list and a value of another kind are no numbers", () => {
    expect(over([{ properties: { s: "x" } }], property("sum", { property: "s" }))).toBe(0);
    expect(over([{ properties: { n: 4 } }], property("max", { property: "unknown" }))).toBe(null);
    expect(over([{ properties: { n: 4 } }], property("sum", { property: "half" }))).toBe(2);
  });
});

describe("§6.3 averages over time", () => {
  // Now is 2024-06-15T12:00:00Z.
  const by = { measureTimeBy: "at" };
  const CASES: readonly (readonly [spec: Definition, rows: Row[], value: number | null])[] = [
    // 2 h 20 min by the hour are three hours.
    [
      entities("average", { averageOf: "hour", ...by }),
      times("2024-06-15T09:40:00Z", "2024-06-15T11:00:00Z"),
      2 / 3,
    ],
    [entities("average", { averageOf: "hour", ...by }), times("2024-06-15T10:00:00Z"), 1 / 2],
    [entities("average", { averageOf: "hour", ...by }), times("2024-06-15T09:59:59.999Z"), 1 / 3],
    [
      entities("average", { averageOf: "day", ...by }),
      times("2024-06-14T12:00:00Z", "2024-06-15T11:00:00Z"),
      2,
    ],
    [
      entities("average", { averageOf: "day", ...by }),
      times("2024-06-14T11:59:59Z", "2024-06-15T11:00:00Z"),
      1,
    ],
    [entities("average", by), times("2024-06-14T11:59:59Z"), 1 / 2],
    [entities("average", { averageOf: "week", ...by }), times("2024-06-01T12:00:00Z"), 1 / 2],
    [entities("average", { averageOf: "month", ...by }), times("2024-04-16T12:00:00Z"), 1 / 2],
    [entities("average", { averageOf: "month", ...by }), times("2024-04-16T11:00:00Z"), 1 / 3],
    // A month has thirty days, also February; offsets are instants.
    [entities("average", { averageOf: "month", ...by }), times("2024-05-16T14:00:00+02:00"), 1],
    // Nothing to divide, and times that have not come: one period.
    [entities("average", { averageOf: "hour", ...by }), times("2024-06-15T12:00:00Z"), 1],
    [entities("average", { averageOf: "hour", ...by }), times("2025-06-15T12:00:00Z"), 1],
    [
      entities("average", { averageOf: "total", ...by }),
      times("2020-06-15T12:00:00Z", "2024-06-15T12:00:00Z"),
      2,
    ],
    [entities("average", { averageOf: "month", ...by }), [], null],
    // A row without a time counts, and does not tell when it began; none with a time: nothing to divide by.
    [entities("average", { averageOf: "day", ...by }), [...times("2024-06-13T12:00:00Z"), ...numbers(1)], 1],
    [entities("average", { averageOf: "day", ...by }), numbers(1), null],
    // By property: the sum of a period, from the earliest row that has a value.
    [
      property("average", { averageOf: "day", ...by }),
      times("2024-06-12T12:00:00Z", "2024-06-15T00:00:00Z"),
      4,
    ],
    [
      property("average", { averageOf: "day", ...by }),
      [...times("2024-06-14T12:00:00Z"), { properties: { at: "2020-01-01T00:00:00Z" } }],
      6,
    ],
    // What is no date-time is no time.
    [entities("average", { averageOf: "day", measureTimeBy: "s" }), [{ properties: { s: "soon" } }], null],
  ];
  test.each(CASES)("%j of %j", (spec, rows, value) => expect(over(rows, spec)).toBe(value));

  test("by the time of creation unless said otherwise, and by that of the last change", () => {
    const row: Row = { createdAt: "2024-06-13T12:00:00Z", updatedAt: "2024-06-15T11:00:00Z" };
    expect(over([row], entities("average", { averageOf: "day" }))).toBe(1 / 2);
    expect(over([row], entities("average", { averageOf: "day", measureTimeBy: "$createdAt" }))).toBe(1 / 2);
    expect(over([row], entities("average", { averageOf: "day", measureTimeBy: "$updatedAt" }))).toBe(1);
  });

  test("the same rows later: a period more", () => {
    const spec = entities("average", { averageOf: "day", ...by });
    const rows = times("2024-06-15T00:00:00Z", "2024-06-15T10:00:00Z");
    const at = (now: string): unknown => over(rows, spec, {}, now);
    expect(at("2024-06-16T00:00:00Z")).toBe(2);
    expect(at("2024-06-16T00:00:00.001Z")).toBe(1);
    expect(at("2024-06-18T12:00:00Z")).toBe(0.5);
  });
});

describe("§6.3 queries", () => {
  const count = (rows: readonly Row[], rule: Definition, now?: string): unknown =>
    over(rows, entities("count"), { query: { combinator: "and", rules: [rule] } }, now);
  const rows: Row[] = [
    { properties: { n: 1, s: "Success", at: "2024-06-14T12:00:00Z", l: ["x"] } },
    { properties: { n: 4, s: "Failed", at: "2024-06-01T00:00:00Z" }, title: "T" },
    { properties: {} },
  ];
  const CASES: readonly (readonly [rule: Definition, count: number])[] = [
    [{ property: "s", operator: "=", value: "Success" }, 1],
    [{ property: "s", operator: "!=", value: "Success" }, 2],
    [{ property: "s", operator: "contains", value: "succ" }, 1],
    [{ property: "n", operator: ">", value: 1 }, 1],
    [{ property: "n", operator: "isEmpty" }, 1],
    [{ property: "l", operator: "containsAny", value: ["x", "y"] }, 1],
    [{ property: "$title", operator: "isNotEmpty" }, 1],
    // Derived properties of the rows.
    [{ property: "half", operator: ">=", value: 2 }, 1],
    [{ property: "half", operator: "isEmpty" }, 1],
    [{ property: "name", operator: "=", value: "A" }, 3],
    [{ property: "unknown", operator: "!=", value: "x" }, 0],
    // Windows end now; the moment they begin is in them.
    [{ property: "at", operator: "between", value: { preset: "lastDay" } }, 1],
    [{ property: "at", operator: "between", value: { preset: "lastWeek" } }, 1],
    [{ property: "at", operator: "between", value: { preset: "lastMonth" } }, 2],
    [{ property: "at", operator: "between", value: { preset: "today" } }, 0],
    [{ property: "at", operator: "between", value: { preset: "yesterday" } }, 1],
    [{ property: "at", operator: "notBetween", value: { preset: "lastMonth" } }, 1],
    [{ property: "at", operator: "<", value: "2024-06-14T12:00:00Z" }, 1],
    // Relations and groups; nobody asks.
    [{ relation: "service", operator: "=", value: "a" }, 3],
    [
      {
        combinator: "or",
        rules: [
          { property: "n", operator: "=", value: 1 },
          { property: "n", operator: "=", value: 4 },
        ],
      },
      2,
    ],
    [{ combinator: "or", rules: [] }, 3],
    [{ property: "$createdBy", operator: "=", value: { context: "user", property: "$identifier" } }, 0],
  ];
  test.each(CASES)("%j", (rule, expected) => expect(count(rows, rule)).toBe(expected));

  test("a row falls out of its window when the time comes, without a write", () => {
    const rule = { property: "at", operator: "between", value: { preset: "lastDay" } };
    expect(count(rows, rule, "2024-06-15T12:00:00.000Z")).toBe(1);
    expect(count(rows, rule, "2024-06-15T12:00:00.001Z")).toBe(0);
  });
});

describe("§6.3 connections", () => {
  const COUNT = { calculationBy: "entities", func: "count" };
  const counts = (target: string, more: Definition = {}): Definition => ({
    target,
    calculationSpec: COUNT,
    ...more,
  });
  const path = (steps: readonly unknown[], fromBlueprint?: string): Definition => ({
    pathFilter: [{ path: steps, ...(fromBlueprint !== undefined && { fromBlueprint }) }],
  });
  const BLUEPRINTS: Blueprints = {
    _team: {
      relations: { parent: "_team" },
      aggregations: {
        services: counts("service"),
        deployments: counts("deployment"),
        users: counts("_user"),
      },
    },
    _user: { owned: true },
    domain: {
      aggregations: {
        systems: counts("system"),
        services: counts("service"),
        deployments: counts("deployment"),
      },
    },
    system: {
      relations: { domain: "domain" },
      aggregations: { deployments: counts("deployment"), domains: counts("domain") },
    },
    service: {
      owned: true,
      relations: { system: "system", needs: "service*", parent: "service", lead: "_user", helpers: "_user*" },
      aggregations: {
        deployments: counts("deployment"),
        domains: counts("domain"),
        teams: counts("_team"),
        users: counts("_user"),
        services: counts("service"),
        needs: counts("service", path(["needs"])),
        needed: counts("service", path(["needs"], "service")),
        two: counts("service", path(["needs", "needs"])),
        near: counts("service", path([{ relation: "needs", maxHops: 2 }])),
        far: counts("service", path([{ relation: "needs", maxHops: 15 }])),
        mixed: counts("service", path(["parent", { relation: "needs", maxHops: 2 }])),
        userTeams: counts("_team", path(["helpers", "$team"])),
        elsewhere: counts("system", path(["needs"])),
        siblings: counts("incident"),
        shipped: counts("deployment", path(["service"], "deployment")),
        wrongWay: counts("deployment", path(["service"], "system")),
      },
    },
    deployment: {
      relations: { service: "service", extra: "service*", system: "system" },
      aggregations: { domains: counts("domain"), services: counts("service"), teams: counts("_team") },
    },
    incident: { relations: { system: "system" } },
    island: { aggregations: { services: counts("service"), nothing: counts("gone") } },
  } satisfies Record<string, ModelBlueprint>;
  const ROWS: Rows = {
    _team: { red: { relations: { parent: "all" } }, blue: {}, all: {} },
    _user: { ann: { team: ["red", "blue"] }, bob: { team: ["red"] } },
    domain: { pay: {}, ship: {} },
    system: { cart: { relations: { domain: "pay" } }, bill: { relations: { domain: "pay" } } },
    service: {
      a: {
        team: ["red"],
        relations: { system: "cart", needs: ["b", "c"], parent: "c", lead: "ann", helpers: ["ann", "bob"] },
      },
      b: { team: ["red", "blue"], relations: { system: "cart", needs: ["d"], parent: "a" } },
      c: { relations: { system: "bill", needs: ["d", "c"] } },
      d: { relations: { needs: ["a"] } },
    },
    deployment: {
      d1: { relations: { service: "a", extra: ["a", "b"], system: "cart" } },
      d2: { relations: { service: "a" } },
      d3: { relations: { service: "c", system: "cart" } },
      d4: {},
    },
    incident: { i1: { relations: { system: "cart" } } },
    island: { x: {} },
  };
  test("of equally short chains in one direction the first 32 count, in the order of the relations", () => {
    const ids = Array.from({ length: 40 }, (_, i) => `r${i}`);
    const many = derive(
      {
        part: {
          relations: Object.fromEntries(ids.map((id) => [id, "whole"])),
          aggregations: { wholes: { target: "whole", calculationSpec: COUNT } },
        },
        whole: { aggregations: { parts: { target: "part", calculationSpec: COUNT } } },
      },
      {
        whole: { first: {}, last: {} },
        part: { p: { relations: { r31: "first", r32: "last" } } },
      },
    );
    expect(
      [
        ["part/p", "wholes"],
        ["whole/first", "parts"],
        ["whole/last", "parts"],
      ].map(([entity = "", id = ""]) => many(entity, id).value),
    ).toEqual([1, 1, 0]);
  });

  const at = derive(BLUEPRINTS, ROWS);
  const CASES: readonly (readonly [entity: string, property: string, value: number])[] = [
    // Down one relation, an entity once however many relations lead to it.
    ["service/a", "deployments", 2],
    ["service/b", "deployments", 1],
    ["service/c", "deployments", 1],
    ["service/d", "deployments", 0],
    // Up one, up several.
    ["deployment/d1", "services", 2],
    ["deployment/d4", "services", 0],
    ["service/a", "domains", 1],
    ["service/d", "domains", 0],
    // The shortest ways only: deployments know their system themselves, so services do not lead on.
    ["system/cart", "deployments", 2],
    ["system/bill", "deployments", 0],
    ["deployment/d1", "domains", 1],
    ["deployment/d2", "domains", 0],
    ["domain/pay", "systems", 2],
    ["domain/pay", "services", 3],
    ["domain/pay", "deployments", 2],
    ["domain/ship", "deployments", 0],
    ["system/cart", "domains", 1],
    // Ownership is a relation.
    ["_team/red", "services", 2],
    ["_team/blue", "services", 1],
    ["_team/all", "services", 0],
    ["_team/red", "deployments", 2],
    ["_team/blue", "deployments", 1],
    ["_team/red", "users", 2],
    ["service/b", "teams", 2],
    ["deployment/d1", "teams", 2],
    ["service/a", "users", 2],
    // One's own blueprint: both ways over each relation, and not oneself unless one points at oneself.
    ["service/a", "services", 3],
    ["service/b", "services", 2],
    ["service/c", "services", 3],
    ["service/d", "services", 3],
    // Written paths.
    ["service/a", "needs", 2],
    ["service/c", "needs", 2],
    ["service/a", "needed", 1],
    ["service/d", "needed", 2],
    ["service/a", "two", 2],
    ["service/b", "two", 1],
    ["service/a", "near", 3],
    ["service/b", "near", 2],
    ["service/b", "far", 4],
    ["service/a", "mixed", 3],
    ["service/d", "mixed", 0],
    ["service/a", "userTeams", 2],
    ["service/b", "userTeams", 0],
    ["service/a", "elsewhere", 0],
    ["service/a", "shipped", 2],
    ["service/a", "wrongWay", 0],
    // A way never turns around; without any there is nothing.
    ["service/a", "siblings", 0],
    ["island/x", "services", 0],
  ];
  test.each(CASES)("%s.%s", (entity, id, value) => expect(at(entity, id)).toEqual({ value, error: null }));

  test("a target that is not there says so", () => {
    expect(at("island/x", "nothing")).toEqual({ value: 0, error: 'blueprint "gone" was not found' });
  });
});

test("§6.3 sums are exact whatever the order", () => {
  expect(exactSum([0.1, 0.2])).toBe(0.3);
  expect(exactSum([1e308, 1, -1e308])).toBe(1);
  expect(exactSum([5e-324, 1e-7, -1e-7])).toBe(5e-324);
  expect(exactSum([])).toBe(0);
});
