/** Drift: stored derived values that do not follow from everything else. */
import { expect, test } from "vitest";
import { compare } from "../../src/engine/compare-derived.ts";
import type { Entity } from "../../src/model/entity.ts";
import { entityOf, planOf } from "./support/model.ts";

const PLANS = [
  planOf("service", {
    aggregations: {
      total: {
        target: "deployment",
        calculationSpec: { calculationBy: "property", func: "sum", property: "n" },
      },
    },
    calculations: { kind: { calculation: "{a: [.properties.total]}", type: "object" } },
  }),
  planOf("deployment", {
    properties: { n: "number" },
    relations: { service: "service" },
    mirrors: { title: "service.$title" },
  }),
];

const stored = (blueprint: string, identifier: string, row: object, derived: object): Entity =>
  Object.assign(entityOf(blueprint, identifier, row), { derived });

const DEPLOYMENTS = [
  stored("deployment", "d1", { properties: { n: 0.1 }, relations: { service: "a" } }, { title: "A" }),
  stored("deployment", "d2", { properties: { n: 0.2 }, relations: { service: "a" } }, { title: "A" }),
  entityOf("deployment", "d3"),
];

test("nothing drifts where every value is what follows, to the last digits of numbers", () => {
  const service = stored("service", "a", { title: "A" }, { total: 0.1 + 0.2, kind: { a: [0.3] } });
  const all = [service, ...DEPLOYMENTS];
  expect(compare(PLANS, all, all, new Date())).toEqual({ checked: 5, drifted: 0, drift: [] });
});

test("what differs is named with both values; a value too much and one too few differ", () => {
  const service = stored("service", "a", { title: "B" }, { total: 0.4, kind: { a: [0.3], b: 1 } });
  const all = [service, ...DEPLOYMENTS, stored("deployment", "d4", {}, { title: "gone" })];
  const { checked, drifted, drift } = compare(PLANS, all, all, new Date());
  expect([checked, drifted]).toEqual([6, 5]);
  const named = drift.map(({ identifier, property, stored, expected }) => [
    ...[identifier, property, stored, expected],
  ]);
  expect(named).toEqual([
    ["a", "kind", { a: [0.3], b: 1 }, { a: [0.3] }],
    ["a", "total", 0.4, 0.3],
    ["d1", "title", "A", "B"],
    ["d2", "title", "A", "B"],
    ["d4", "title", "gone", null],
  ]);
});

test("some entities are compared, with everything else to compute from", () => {
  const service = stored("service", "a", { title: "A" }, { total: 7 });
  const result = compare(PLANS, [service, ...DEPLOYMENTS], [service], new Date());
  expect(result).toMatchObject({ checked: 2, drifted: 2 });
});
