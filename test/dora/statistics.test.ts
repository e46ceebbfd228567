import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  countPermutationTest,
  medianPermutationTest,
  sharePermutationTest,
} from "../../src/dora/permutation.ts";
import {
  logFactorial,
  medianInterval,
  percentileCont,
  percentiles,
  poissonInterval,
  wilsonInterval,
} from "../../src/dora/statistics.ts";
import { durationPercentiles } from "../../src/dora/survival.ts";
import { patient } from "../support/patience.ts";

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("percentiles", () => {
  // Expected values from PostgreSQL's percentile_cont.
  test.each([
    [[], 0.5, null],
    [[7], 0.95, 7],
    [[1, 2], 0.5, 1.5],
    [[1, 2, 3, 4], 0.75, 3.25],
    [[10, 20, 30, 40, 50], 0.9, 46],
    [range(11), 0.95, 10.5],
  ])("%j at %f is %s", (values, fraction, expected) => {
    expect(percentileCont(values, fraction)).toBe(expected);
  });

  test("of unsorted values, with mean and count", () => {
    expect(percentiles([3, 1, 2])).toEqual({ p50: 2, p75: 2.5, p90: 2.8, p95: 2.9, mean: 2, n: 3 });
    expect(percentiles([])).toEqual({ p50: null, p75: null, p90: null, p95: null, mean: null, n: 0 });
  });
});

describe("intervals", () => {
  test.each([
    [0, 10, 0, 0.2775],
    [1, 10, 0.0179, 0.4042],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [81, 263, 0.2553, 0.3662],
  ])("Wilson %i of %i", (hits, total, low, high) => {
    const interval = wilsonInterval(hits, total);
    expect(interval?.[0]).toBeCloseTo(low, 4);
    expect(interval?.[1]).toBeCloseTo(high, 4);
  });

  test("Wilson of nothing is null", () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });

  // Garwood's exact limits, computed from the Poisson sums in 40-digit decimal arithmetic.
  test.each([
    [0, 0, 3.688_879],
    [5, 1.623_486, 11.668_332],
    [10, 4.795_389, 18.390_356],
    [100, 81.363_991, 121.626_794],
    [1000, 938.973_018, 1063.952_136],
  ])("Poisson %i", (count, low, high) => {
    const interval = poissonInterval(count);
    expect(interval[0]).toBeCloseTo(low, 5);
    expect(interval[1]).toBeCloseTo(high, 5);
  });

  test("Poisson of a million stays near the normal limits", () => {
    const [low, high] = poissonInterval(1_000_000);
    expect(Math.abs(low - (1e6 - 1.96 * 1000))).toBeLessThan(5);
    expect(Math.abs(high - (1e6 + 1.96 * 1000))).toBeLessThan(5);
  });

  // Ranks from tables of the sign test: n → lower rank.
  test.each([
    [5, null],
    [6, 1],
    [8, 1],
    [9, 2],
    [20, 6],
    [25, 8],
    [50, 18],
    [100, 40],
  ])("median of %i values", (n, rank) => {
    expect(medianInterval(range(n))).toEqual(rank === null ? null : [rank, n + 1 - rank]);
  });

  test("the median's ranks are the tightest that reach 95 %, by exact counting", () => {
    for (let n = 6; n <= 300; n++) {
      const rank = medianInterval(range(n))?.[0] as number;
      let term = 1n;
      let below = 0n;
      const limit = 1n << BigInt(n);
      const tails: bigint[] = [];
      for (let k = 0n; k < BigInt(rank) + 1n; k++) {
        below += term;
        tails.push(below);
        term = (term * (BigInt(n) - k)) / (k + 1n);
      }
      expect((tails[rank - 1] as bigint) * 40n <= limit).toBe(true);
      expect((tails[rank] as bigint) * 40n <= limit).toBe(false);
    }
  });

  test("a big sample costs little and stays in order", () => {
    const [low, high] = medianInterval(range(1_000_000)) as [number, number];
    expect(low + high).toBe(1_000_001);
    expect(low).toBeGreaterThan(499_000);
    expect(low).toBeLessThan(499_040);
  });

  test("logFactorial", () => {
    expect(logFactorial(0)).toBe(0);
    expect(logFactorial(10)).toBeCloseTo(Math.log(3_628_800), 10);
    expect(logFactorial(170)).toBeCloseTo(706.5730622457874, 8);
  });
});

describe("durations with some still open", () => {
  const open = (value: number) => ({ value, open: true });
  const done = (value: number) => ({ value, open: false });

  test("without open ones: plain percentiles", () => {
    expect(durationPercentiles([done(2), done(4)])).toMatchObject({ p50: 3, mean: 3, n: 2 });
  });

  test.each([
    ["the curve falls to a half exactly", [done(1), done(2), open(3), open(4)], 2, null],
    ["never reaches a half", [done(1), open(2), open(3)], null, null],
    ["an early open one leaves the risk set", [open(1), done(2), done(3), done(4)], 3, 4],
    ["only open ones", [open(5)], null, null],
    // 1 - 1/4 = 3/4, then open, then 3/4 * 1/2 = 3/8, then 0.
    ["the textbook product", [done(1), open(2), done(3), done(4)], 3, 4],
    ["at one time the finished go first", [done(1), open(1), done(2)], 2, 2],
  ])("%s", (_, durations, p50, p90) => {
    const all = durationPercentiles(durations);
    expect([all.p50, all.p90, all.mean]).toEqual([p50, p90, null]);
    expect(all.n).toBe(durations.filter((one) => !one.open).length);
  });
});

describe("permutation tests", () => {
  test("equal samples are no difference; far ones are", () => {
    expect(medianPermutationTest(range(20), range(20))).toBe(1);
    expect(
      medianPermutationTest(
        range(20),
        range(20).map((value) => value + 100),
      ),
    ).toBe(0.001);
    expect(medianPermutationTest([], [1])).toBeNull();
  });

  test("one value against one says nothing", () => {
    expect(medianPermutationTest([1], [100])).toBe(1);
  });

  test("false alarms stay near one in twenty", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        let state = seed >>> 0;
        const next = (): number => (
          (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0),
          state / 2 ** 32
        );
        let alarms = 0;
        for (let trial = 0; trial < 40; trial++) {
          const p = medianPermutationTest(range(15).map(next), range(15).map(next)) as number;
          if (p < 0.05) alarms++;
        }
        expect(alarms).toBeLessThan(10);
      }),
      { seed: 1, numRuns: 5 },
    );
  });

  test("big samples are thinned: bounded cost, the same answer each time", () => {
    const left = range(200_000);
    const right = range(200_000).map((value) => value + 20_000);
    const start = performance.now();
    const p = medianPermutationTest(left, right);
    expect(performance.now() - start).toBeLessThan(patient(5000));
    expect(p).toBe(medianPermutationTest(left, right));
    expect(p).toBeLessThan(0.05);
  });

  // R: fisher.test(matrix(c(3, 7, 9, 1), 2)) and (1, 9, 11, 3).
  test.each([
    [{ hits: 3, total: 10 }, { hits: 9, total: 10 }, 0.01977],
    [{ hits: 1, total: 10 }, { hits: 11, total: 14 }, 0.002759],
    [{ hits: 0, total: 5 }, { hits: 0, total: 5 }, 1],
  ])("shares %j and %j", (current, previous, p) => {
    expect(sharePermutationTest(current, previous)).toBeCloseTo(p, 5);
  });

  test("shares of nothing", () => {
    expect(sharePermutationTest({ hits: 0, total: 0 }, { hits: 1, total: 2 })).toBeNull();
  });

  // Exact binomial: 10 against 2 over equal time: 2 * (1 + 12 + 66) / 4096.
  test("counts over equal and unequal time", () => {
    expect(countPermutationTest({ count: 10, days: 7 }, { count: 2, days: 7 })).toBeCloseTo(158 / 4096, 6);
    expect(countPermutationTest({ count: 20, days: 20 }, { count: 10, days: 10 })).toBe(1);
    expect(countPermutationTest({ count: 1, days: 0 }, { count: 1, days: 1 })).toBeNull();
    expect(countPermutationTest({ count: 0, days: 1 }, { count: 0, days: 1 })).toBe(1);
  });
});
