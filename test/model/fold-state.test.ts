/** States of aggregations after entities came and went are those over what is left. */
import { describe, expect, test } from "vitest";
import { addDecimals } from "../../src/model/decimal.ts";
import type { AggregationDefinition, AggregationFunction } from "../../src/model/derive-nodes.ts";
import { changeRanks, percentileOf, type Ranks, RANKS_WHOLE } from "../../src/model/fold-ranks.ts";
import { OwnReads } from "../../src/model/fold-own.ts";
import {
  changeState,
  emptyState,
  type FoldState,
  netOf,
  ownState,
  SHARES,
  valueOfState,
} from "../../src/model/fold-state.ts";
import { randomOf } from "../engine/support/random.ts";

const LEAF = { kind: "stored", id: "n", type: "number" } as const;

function definition(func: AggregationFunction, averageOf: "total" | "day" = "total"): AggregationDefinition {
  return {
    ...{
      kind: "aggregation",
      blueprint: "a",
      id: "x",
      level: 0,
      isCyclic: false,
      type: "number",
      target: "b",
    },
    ...{ ways: [], query: null, queryReads: [], func, property: LEAF, averageOf, measureTimeBy: LEAF },
  };
}

/** What one entity adds. */
function single(one: AggregationDefinition, value: number): FoldState {
  const isTimed = one.func === "average" && one.averageOf !== "total";
  return { ...emptyState(), ...ownState(one, value, isTimed ? value : null) };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [low = 0, high = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

function expected(func: AggregationFunction, values: readonly number[]): number | null {
  const share = SHARES[func];
  if (values.length === 0) return func === "countDistinct" ? 0 : null;
  if (share !== undefined) return percentile(values, share);
  if (func === "min") return Math.min(...values);
  if (func === "max") return Math.max(...values);
  if (func === "countDistinct") return new Set(values).size;
  return values.reduce((all, value) => all + Math.round(value * 100), 0) / 100;
}

const FUNCTIONS: readonly AggregationFunction[] = [
  ...(["sum", "average", "min", "max", "median", "p75", "p90", "p95", "countDistinct"] as const),
];

describe.each(FUNCTIONS)("%s", (func) => {
  test("after many changes, as counted anew; where it cannot tell, it says so", () => {
    const one = definition(func);
    const random = randomOf(FUNCTIONS.indexOf(func) + 1);
    let values: number[] = [];
    let state = emptyState();
    let known = 0;
    for (let step = 0; step < 500; step++) {
      const come = Array.from({ length: random.below(3) }, () => (random.below(400) - 100) / 100);
      const gone = values.filter(() => random.chance(1 / Math.max(8, values.length)));
      const left = [...values];
      for (const value of gone) left.splice(left.indexOf(value), 1);
      values = [...left, ...come];
      const next = changeState(
        one,
        state,
        come.map((value) => single(one, value)),
        gone.map((value) => single(one, value)),
      );
      if (next === null)
        state = values.reduce(
          (all, value) => changeState(one, all, [single(one, value)], []) ?? all,
          emptyState(),
        );
      else {
        known++;
        state = next;
      }
      expect(state.n).toBe(values.length);
      const { value } = valueOfState(one, state);
      expect(value === null ? null : Math.round(value * 1e6)).toBe(
        ((wanted) => (wanted === null ? null : Math.round(wanted * 1e6)))(expected(func, values)),
      );
    }
    expect(known).toBeGreaterThan(250);
  });
});

test("the earliest time goes: the next one is not known", () => {
  const one = definition("average", "day");
  const both = changeState(one, emptyState(), [single(one, 5), single(one, 7)], []);
  expect(both).toMatchObject({ n: 2, sum: "12", least: 5 });
  expect(changeState(one, both ?? emptyState(), [], [single(one, 5)])).toBeNull();
  expect(changeState(one, both ?? emptyState(), [], [single(one, 7)])).toMatchObject({ n: 1, least: 5 });
  // What came and went in between is no change.
  expect(changeState(one, both ?? emptyState(), [single(one, 1)], [single(one, 1)])).toEqual(both);
  expect(changeState(one, both ?? emptyState(), [], [single(one, 5), single(one, 7)])).toEqual(emptyState());
});

test("tens of thousands of equal entities are one, with their number", () => {
  const one = definition("sum");
  const equal = Array.from({ length: 50_000 }, () => single(one, 7));
  const other = single(one, 8);
  expect(netOf([], equal)).toEqual([{ state: equal[0], times: -50_000 }]);
  expect(netOf([...equal, other], equal)).toEqual([{ state: other, times: 1 }]);
  const full = changeState(one, emptyState(), equal, []);
  expect(full).toMatchObject({ n: 50_000, sum: "350000" });
  expect(changeState(one, full ?? emptyState(), [other], equal)).toMatchObject({ n: 1, sum: "8" });
});

test("of many values, those around the place, until it has wandered off", () => {
  const random = randomOf(7);
  const values = Array.from({ length: 3000 }, (_, i) => i);
  const from = 1499 - 256;
  let ranks: Ranks = { below: from, kept: values.slice(from, from + 514) };
  let times = 0;
  for (let left = 2000; left > 0; left--) {
    // More and more small ones: the middle moves down.
    const [value, gone] = [random.below(500), random.chance(0.3) ? random.pick(values) : null];
    const next = changeRanks(ranks, values.length, 0.5, [value], gone === null ? [] : [gone]);
    values.push(value);
    if (gone !== null) values.splice(values.indexOf(gone), 1);
    if (next === null) break;
    times++;
    ranks = next;
    if (times % 50 === 0) expect(percentileOf(ranks, values.length, 0.5)).toBe(percentile(values, 0.5));
  }
  expect(times).toBeGreaterThan(256);
  expect(times).toBeLessThan(2000);
});

test("a set that grows is cut to what is around the place", () => {
  let ranks: Ranks = { below: 0, kept: [] };
  const values: number[] = [];
  for (let i = 0; i < 3 * RANKS_WHOLE; i++) {
    const value = (i * 7919) % 5000;
    ranks = changeRanks(ranks, values.length, 0.5, [value], []) ?? ranks;
    values.push(value);
  }
  expect(ranks.kept.length).toBeLessThan(2 * RANKS_WHOLE);
  expect(percentileOf(ranks, values.length, 0.5)).toBe(percentile(values, 0.5));
});

test("decimals are added without rounding", () => {
  expect(addDecimals("0", ["0.1", "0.2"], [])).toBe("0.3");
  expect(addDecimals("0.3", [], ["0.1", "0.2"])).toBe("0");
  expect(addDecimals("1000000000000000000000", ["0.000001"], ["1000000000000000000000"])).toBe("0.000001");
  expect(addDecimals("-1.5", ["1.25"], ["100"])).toBe("-100.25");
  expect(addDecimals("10", ["90"], [])).toBe("100");
  expect(addDecimals("-0.05", [], [])).toBe("-0.05");
  expect(addDecimals("7", ["2", "1234567890123456789"], ["-3"])).toBe("1234567890123456801");
  expect(addDecimals("5", ["1", "-2"], ["4"])).toBe("0");
  expect(addDecimals("999999999999999", ["999999999"], [])).toBe("1000000999999998");
});

test("what several aggregations read of an entity is read once", () => {
  const [count, sum, most, timed] = [
    { ...definition("count"), property: null },
    definition("sum"),
    definition("max"),
    definition("average", "day"),
  ];
  const own = new OwnReads([count, sum, most, timed, definition("countDistinct")]);
  expect(own.reads.map(({ kind }) => kind)).toEqual(["number", "time", "json"]);
  const values = ["2.50", "2024-06-15T10:00:00.1234567Z", 2.5];
  const statesOf = (read: readonly unknown[]) => [0, 1, 2, 3, 4].map((i) => own.stateOf(i, read));
  expect(statesOf(values)).toEqual([
    ...[{ n: 1 }, { n: 1, sum: "2.50" }, { n: 1, most: 2.5 }],
    ...[
      { n: 1, least: 1_718_445_600_123.457, sum: "2.50" },
      { n: 1, distinct: { n: 1, counts: [[2.5, 1]] } },
    ],
  ]);
  expect(statesOf([null, "yesterday", null])).toEqual([{ n: 1 }, null, null, null, null]);
  expect(own.stateOf(3, ["1", "yesterday", 1])).toEqual({ n: 1, sum: "1" });
});
