/** Statistics against printed tables, each with its source. */
import { describe, expect, test } from "vitest";
import { medianInterval, poissonInterval, wilsonInterval } from "../../src/dora/statistics.ts";
import { durationPercentiles } from "../../src/dora/survival.ts";

// R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics in
// Medicine 17 (1998) 857–872, table I, method 3 (score without continuity correction);
// https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("Wilson: %i of %i", (hits, total, low, high) => {
  const interval = wilsonInterval(hits, total) as readonly [number, number];
  expect(interval.map((edge) => edge.toFixed(4))).toEqual([low, high].map((edge) => edge.toFixed(4)));
});

// E. S. Pearson, H. O. Hartley, "Biometrika Tables for Statisticians" I, table 40: limits of the expectation of a Poisson
// variable, 95 %; after F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936) 437–442. 25 is the
// example of https://graphpad.com/support/faq/how-quickcalcs-computes-the-confidence-interval-of-a-count; 0 (3.689) is told by
// R's epitools::pois.exact, 10 by https://calculatorhub.com/tools/poisson-confidence-interval-calculator.
test.each([
  [0, "0.000", "3.69"],
  [1, "0.0253", "5.57"],
  [2, "0.242", "7.22"],
  [3, "0.619", "8.77"],
  [4, "1.09", "10.24"],
  [5, "1.62", "11.67"],
  [10, "4.80", "18.39"],
  [20, "12.22", "30.89"],
  [25, "16.18", "36.90"],
  [30, "20.24", "42.83"],
  [50, "37.11", "65.92"],
])("exact Poisson: %i", (count, low, high) => {
  const digits = (text: string): number => text.split(".")[1]?.length ?? 0;
  const [lower, upper] = poissonInterval(count);
  expect([lower.toFixed(digits(low)), upper.toFixed(digits(high))]).toEqual([low, high]);
});

// M. J. Campbell, M. J. Gardner, "Calculating confidence intervals for some non-parametric analyses", British Medical
// Journal 296 (1988) 1454–1456: ranks from the binomial; the lower rank is one more than the critical value of the
// two-sided sign test at 5 % (W. J. Conover, "Practical Nonparametric Statistics").
describe("median by order statistics", () => {
  test.each([
    ["1", 6, 8],
    ["2", 9, 11],
    ["3", 12, 14],
    ["4", 15, 16],
    ["5", 17, 19],
    ["6", 20, 22],
    ["7", 23, 24],
    ["8", 25, 27],
    ["9", 28, 29],
    ["10", 30, 32],
    ["11", 33, 34],
    ["12", 35, 36],
    ["13", 37, 39],
  ])("lower rank %s from %i to %i values", (rank, first, last) => {
    for (let n = first; n <= last; n++) {
      const values = Array.from({ length: n }, (_, index) => index + 1);
      expect(medianInterval(values)).toEqual([Number(rank), n + 1 - Number(rank)]);
    }
  });
});

/** Times as printed: `13+` is still open. */
const durations = (printed: string) =>
  printed.split(" ").map((time) => ({ value: Number.parseFloat(time), open: time.endsWith("+") }));

describe("Kaplan–Meier", () => {
  // E. J. Freireich et al., "The effect of 6-mercaptopurine on the duration of steroid-induced remissions in acute
  // leukemia", Blood 21 (1963) 699–716. The curve is .857 at 6, .807 at 7, .753 at 10, .690 at 13, .627 at 16, .538 at
  // 22 and .448 at 23 weeks (D. G. Kleinbaum, M. Klein, "Survival Analysis"; `survival::survfit` of R prints the same): the
  // median is 23. Placebo: table 1.1 of D. R. Cox, D. Oakes, "Analysis of Survival Data" (1984), 8 of 21 left at 10.
  const six = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+";
  test("6-mercaptopurine", () => {
    expect(durationPercentiles(durations(six))).toMatchObject({ p50: 23, p75: null, mean: null, n: 9 });
  });
  test("placebo: nobody is left", () => {
    const placebo = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23";
    expect(durationPercentiles(durations(placebo))).toMatchObject({ p50: 8, n: 21 });
  });

  // R. G. Miller, "Survival Analysis" (1981), maintenance of remission; `survival::aml` of R. Maintained: .909 at 9, .818
  // at 13, .716 at 18, .614 at 23, .491 at 31, .368 at 34, .184 at 48. Not: .833 at 5, .667 at 8, .583 at 12, .486 at
  // 23, .389 at 27, .292 at 30, .194 at 33, .097 at 43, 0 at 45.
  test.each([
    ["maintained", "9 13 13+ 18 23 28+ 31 34 45+ 48 161+", 31, 48, null],
    ["not maintained", "5 5 8 8 12 16+ 23 27 30 33 43 45", 23, 33, 43],
  ])("acute myelogenous leukaemia, %s", (_, printed, p50, p75, p90) => {
    expect(durationPercentiles(durations(printed))).toMatchObject({ p50, p75, p90 });
  });
});
