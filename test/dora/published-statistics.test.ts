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

// Garwood's limits ("Fiducial limits for the Poisson distribution", Biometrika 28 (1936) 437–442) as `scipy.stats.chi2` of
// SciPy 1.17 gives them, lower chi2.ppf(0.025, 2k) / 2 and upper chi2.ppf(0.975, 2k + 2) / 2, and, for 4, 6, 7, 8 and 9, R's
// epitools: the example `pois.exact(1:10)` of its manual. 25 is the example of
// https://graphpad.com/support/faq/how-quickcalcs-computes-the-confidence-interval-of-a-count. Nothing printed was found for 30.
test.each([
  [0, "0.000000000", "3.688879454"],
  [1, "0.025317808", "5.571643391"],
  [2, "0.242209279", "7.224687668"],
  [3, "0.618672123", "8.767273070"],
  [4, "1.089865", "10.241589"],
  [5, "1.623486390", "11.668332079"],
  [6, "2.201894", "13.059474"],
  [7, "2.814363", "14.422675"],
  [8, "3.453832", "15.763189"],
  [9, "4.115373", "17.084803"],
  [10, "4.795388696", "18.390356042"],
  [20, "12.216519585", "30.888377903"],
  [25, "16.18", "36.90"],
  [50, "37.110963737", "65.918766664"],
  [100, "81.363991251", "121.626793792"],
  [1000, "938.973018408", "1063.952136016"],
])("exact Poisson: %i", (count, low, high) => {
  const digits = (text: string): number => text.split(".")[1]?.length ?? 0;
  const [lower, upper] = poissonInterval(count);
  expect([lower.toFixed(digits(low)), upper.toFixed(digits(high))]).toEqual([low, high]);
});

/** P(X <= count) of a Poisson variable, in units of 10^-40, by whole numbers of 60 digits alone. */
function poissonBelow(count: number, expected: number): bigint {
  const one = 10n ** 60n;
  const mean = BigInt(Math.round(expected * 1e12)) * 10n ** 48n;
  let [term, all, below] = [one, one, count >= 0 ? one : 0n];
  for (let k = 1; term > 0n || k < expected; k++) {
    term = (term * mean) / one / BigInt(k);
    all += term;
    if (k <= count) below += term;
  }
  return (below * 10n ** 40n) / all;
}

test("exact Poisson by whole numbers: beyond the limits lie 2.5 % each, also where nothing printed was found", () => {
  const share = 25n * 10n ** 37n;
  for (const count of [1, 2, 3, 4, 7, 10, 25, 30, 77, 150]) {
    const [lower, upper] = poissonInterval(count);
    const step = upper * 1e-9;
    const atLeast = (mean: number): bigint => 10n ** 40n - poissonBelow(count - 1, mean);
    expect(atLeast(lower - step) < share && share < atLeast(lower + step)).toBe(true);
    const atMost = (mean: number): bigint => poissonBelow(count, mean);
    expect(atMost(upper + step) < share && share < atMost(upper - step)).toBe(true);
  }
});

describe("median by order statistics", () => {
  const ranksOf = (n: number) => medianInterval(Array.from({ length: n }, (_, index) => index + 1));

  // K. R. Nair, "Table of confidence interval for the median in samples from any continuous population", Sankhyā 4 (1940)
  // 551–558, after W. J. Dixon, F. J. Massey (1969), as printed in R. D. Jarrard, "Scientific Methods", table 5
  // (https://en.wikisource.org/wiki/Page:Sm_all_cc.pdf/38): for N values the k-th from either end, and the confidence.
  // It prints 98.1 for N = 7, which is 98.4 (table A.7 of https://www.coursehero.com/file/5646626/A7/).
  const nair =
    "1 96.9 1 98.4 1 99.2 2 96.1 2 97.9 2 98.8 3 96.1 3 97.8 3 98.7 4 96.5 4 97.9 5 95.1 5 96.9 5 98.1 6 95.9 6 97.3 6 98.3 " +
    "7 96.5 7 97.7 8 95.7 8 97.1 8 98.1 9 96.4 9 97.6 10 95.7 10 97.1 10 98 11 96.5 11 97.6 12 95.9 12 97.1 13 95.3 13 96.6 " +
    "13 97.6 14 96.2 14 97.2 15 95.6 15 96.8 16 95.1 16 96.4 16 97.4 17 96 17 97.1 18 95.6 18 96.7 19 95.1 19 96.4 19 97.3 " +
    "20 96 20 97 21 95.6 21 96.7 22 95.2 22 96.4 22 97.3 23 96 23 97 24 95.7 24 96.7 25 95.4";

  /** Twice the probability, in units of 2^-n, that fewer than `rank` of `n` values lie below the median. */
  function outside(n: number, rank: number): bigint {
    let [term, sum] = [1n, 0n];
    for (let k = 0; k < rank; k++) {
      sum += term;
      term = (term * BigInt(n - k)) / BigInt(k + 1);
    }
    return 2n * sum;
  }

  test("Nair's table, of 6 to 65 values", () => {
    const printed = nair.split(" ").map(Number);
    expect(printed).toHaveLength(120);
    for (let n = 6; n <= 65; n++) {
      const [rank, confidence] = [printed[2 * n - 12] as number, printed[2 * n - 11]];
      expect(ranksOf(n)).toEqual([rank, n + 1 - rank]);
      expect(Number((100 * (1 - Number(outside(n, rank)) / 2 ** n)).toFixed(1))).toBe(confidence);
    }
  });

  // Table A-7 of M. F. Triola, "Elementary Statistics" (https://wgdesigngroup.com/Pearson/elementary_stats/741/): critical values
  // of the sign test, two tails, 5 %, of 6 to 25 values; the rank is one more.
  test("critical values of the sign test", () => {
    const printed = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7];
    expect(printed.map((_, index) => ranksOf(index + 6)?.[0])).toEqual(printed.map((value) => value + 1));
  });

  test("by whole numbers: the narrowest pair that covers the median with 95 %, of 6 to 400 values and some more", () => {
    const sizes = [...Array.from({ length: 395 }, (_, index) => index + 6), 1000, 2501];
    for (const n of sizes) {
      const rank = ranksOf(n)?.[0] ?? 0;
      // 20 times 5 %.
      expect(20n * outside(n, rank) <= 2n ** BigInt(n)).toBe(true);
      expect(20n * outside(n, rank + 1) > 2n ** BigInt(n)).toBe(true);
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
