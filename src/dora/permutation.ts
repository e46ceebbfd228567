/**
 * Is the difference between two windows more than chance? Exact tests where they are cheap (rates, counts), a seeded
 * permutation test for medians. No randomness enters: the same samples give the same p.
 */
import type { Sorted } from "./sorted.ts";
import { ascending, logFactorial, percentileCont } from "./statistics.ts";

const ROUNDS = 999;
/** Larger samples are thinned to every k-th order statistic: 2 x 1000 values x 999 rounds is about 20 ms. */
const SAMPLE_LIMIT = 1000;
const SEED = 0x5eed;

/**
 * p of the difference of medians: the labels of the pooled values are shuffled 999 times (fixed seed) and the share of
 * shuffles with a difference at least as great is counted. Samples of more than 1,000 values are first thinned to 1,000
 * evenly spaced order statistics, which keeps their quantiles and makes the test a little more cautious.
 */
export function medianPermutationTest(
  current: readonly number[],
  previous: readonly number[],
): number | null {
  if (current.length === 0 || previous.length === 0) return null;
  const left = thin(ascending(current));
  const right = thin(ascending(previous));
  const pooled = ascending([...left, ...right]);
  const observed = Math.abs(medianOf(left) - medianOf(right));
  const random = mulberry32(SEED);
  const first: number[] = [];
  const second: number[] = [];
  let asGreat = 0;
  for (let round = 0; round < ROUNDS; round++) {
    first.length = 0;
    second.length = 0;
    // Selection sampling keeps both halves sorted.
    for (let index = 0; index < pooled.length; index++) {
      const wanted = left.length - first.length;
      const chosen = random() * (pooled.length - index) < wanted;
      (chosen ? first : second).push(pooled[index] as number);
    }
    if (Math.abs(medianOf(first) - medianOf(second)) >= observed * (1 - 1e-12)) asGreat++;
  }
  return (asGreat + 1) / (ROUNDS + 1);
}

/** The same for the difference of means; samples are thinned alike. */
export function meanPermutationTest(current: readonly number[], previous: readonly number[]): number | null {
  if (current.length === 0 || previous.length === 0) return null;
  const left = thin(ascending(current));
  const right = thin(ascending(previous));
  const pooled = ascending([...left, ...right]);
  const total = sumOf(pooled);
  const difference = (sum: number): number => Math.abs(sum / left.length - (total - sum) / right.length);
  const observed = difference(sumOf(left));
  const random = mulberry32(SEED);
  let asGreat = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let wanted = left.length;
    let sum = 0;
    for (let index = 0; wanted > 0; index++) {
      if (random() * (pooled.length - index) >= wanted) continue;
      sum += pooled[index] as number;
      wanted--;
    }
    if (difference(sum) >= observed * (1 - 1e-9)) asGreat++;
  }
  return (asGreat + 1) / (ROUNDS + 1);
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

const medianOf = (sorted: readonly number[]): number => percentileCont(sorted, 0.5) as number;

/** At most 1,000 evenly spaced order statistics; all values of a smaller sample. */
export function thin(sorted: Sorted): readonly number[] {
  const count = Math.min(sorted.length, SAMPLE_LIMIT);
  const step = sorted.length <= SAMPLE_LIMIT ? 1 : (sorted.length - 1) / (SAMPLE_LIMIT - 1);
  const ranks = Array.from({ length: count }, (_, index) => Math.round(index * step));
  return sorted.atAll?.(ranks) ?? ranks.map((rank) => sorted.at(rank) as number);
}

/** Deterministic pseudo-random numbers in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** p of the difference of two shares: Fisher's exact test, the permutation test with all permutations counted. */
export function sharePermutationTest(
  current: { readonly hits: number; readonly total: number },
  previous: { readonly hits: number; readonly total: number },
): number | null {
  if (current.total === 0 || previous.total === 0) return null;
  const hits = current.hits + previous.hits;
  const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  const log = (inCurrent: number): number =>
    logChoose(current.total, inCurrent) + logChoose(previous.total, hits - inCurrent);
  const least = Math.max(0, hits - previous.total);
  const most = Math.min(hits, current.total);
  return asUnlikely(least, most, log, current.hits);
}

/** p of the difference of two rates per day: given the sum, the first count is binomial with the share of its days. */
export function countPermutationTest(
  current: { readonly count: number; readonly days: number },
  previous: { readonly count: number; readonly days: number },
): number | null {
  if (current.days <= 0 || previous.days <= 0) return null;
  const sum = current.count + previous.count;
  const share = current.days / (current.days + previous.days);
  const log = (count: number): number =>
    count * Math.log(share) +
    (sum - count) * Math.log(1 - share) -
    logFactorial(count) -
    logFactorial(sum - count);
  return asUnlikely(0, sum, log, current.count);
}

/**
 * Share of the probability that lies on outcomes no likelier than the observed one. `log` rises to the likeliest outcome and
 * falls from there: of 200,000 outcomes, those that weigh anything are some thousands.
 */
function asUnlikely(least: number, most: number, log: (value: number) => number, observed: number): number {
  const limit = log(observed) + 1e-7;
  const mode = firstOf(least, most, (value) => value === most || log(value + 1) <= log(value));
  const peak = log(mode);
  if (peak <= limit) return 1;
  /** Relative to the likeliest; what is left after a term of a 10^-17th of the first adds nothing. */
  const sum = (from: number, step: 1 | -1): number => {
    const first = log(from);
    let total = 0;
    for (let value = from; value >= least && value <= most; value += step) {
      const term = Math.exp(log(value) - first);
      total += term;
      if (term < 1e-17) break;
    }
    return Math.exp(first - peak) * total;
  };
  const all = sum(mode, -1) + (mode < most ? sum(mode + 1, 1) : 0);
  const below = firstOf(least, mode, (value) => log(value) > limit) - 1;
  const above = firstOf(mode, most + 1, (value) => value > most || log(value) <= limit);
  const tail = (below >= least ? sum(below, -1) : 0) + (above <= most ? sum(above, 1) : 0);
  return Math.min(1, tail / all);
}

/** The first value between the two for which it holds; it holds for all after it, and for the last. */
function firstOf(least: number, most: number, holds: (value: number) => boolean): number {
  let [low, high] = [least, most];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
