/** Percentiles and interval estimates. Inputs are finite numbers; answers are null where there is nothing to say. */
import type { Interval, Percentiles } from "./results.ts";
import { meanOf, type Sorted, type Values, valuesAt, valuesOf } from "./sorted.ts";

export { ascending } from "./sorted.ts";

/** As PostgreSQL's `percentile_cont`: linear between the two nearest values. `sorted` ascending. */
export const percentileCont = (sorted: Sorted, fraction: number): number | null =>
  percentilesCont(sorted, [fraction])[0] ?? null;

function percentilesCont(sorted: Sorted, fractions: readonly number[]): readonly (number | null)[] {
  if (sorted.length === 0) return fractions.map(() => null);
  const ranks = fractions.map((fraction) => fraction * (sorted.length - 1));
  const values = valuesAt(
    sorted,
    ranks.flatMap((rank) => [Math.floor(rank), Math.ceil(rank)]),
  );
  return ranks.map((rank, index) => {
    const [low, high] = [values[2 * index] as number, values[2 * index + 1] as number];
    return low + (high - low) * (rank - Math.floor(rank));
  });
}

export const percentiles = (seconds: readonly number[]): Percentiles => percentilesOf(valuesOf(seconds));

export function percentilesOf(values: Values): Percentiles {
  const { sorted } = values;
  const [p50 = null, p75 = null, p90 = null, p95 = null] = percentilesCont(sorted, [0.5, 0.75, 0.9, 0.95]);
  return {
    ...{ p50, p75, p90, p95 },
    mean: meanOf(values),
    n: sorted.length,
  };
}

const Z95 = 1.959963984540054;

/** Wilson score interval (95 %) of a share. */
export function wilsonInterval(hits: number, total: number): Interval {
  if (total === 0) return null;
  const share = hits / total;
  const z2 = Z95 * Z95;
  const centre = (share + z2 / (2 * total)) / (1 + z2 / total);
  const half = (Z95 / (1 + z2 / total)) * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  return [hits === 0 ? 0 : Math.max(0, centre - half), hits === total ? 1 : Math.min(1, centre + half)];
}

/**
 * Order-statistic interval of the median: the narrowest symmetric pair of values that covers it with at least 95 %
 * (binomial, no assumption about the distribution). Null below six values: the extremes do not reach 95 %.
 */
export function medianInterval(sorted: Sorted): Interval {
  const n = sorted.length;
  if (n < 6) return null;
  // Largest k with P(Bin(n, 1/2) < k) <= 2.5 %. Terms further than 10 sd below the middle are under 1e-22.
  let k = Math.max(0, Math.floor(n / 2 - 5 * Math.sqrt(n)));
  let term = Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) - n * Math.LN2);
  let below = term;
  while (below <= 0.025) {
    k++;
    term *= (n - k + 1) / k;
    below += term;
  }
  const [low, high] = valuesAt(sorted, [k - 1, n - k]);
  return [low as number, high as number];
}

/** Exact (Garwood) Poisson interval (95 %) of an expected count. */
export function poissonInterval(count: number): readonly [number, number] {
  return [count === 0 ? 0 : gammaQuantile(count, 0.025, -Z95), gammaQuantile(count + 1, 0.975, Z95)];
}

/**
 * x with P(shape, x) = probability: by Newton's method from the approximation of Wilson and Hilferty, by halving where it
 * leaves the bracket. @param z the normal quantile of the probability
 */
function gammaQuantile(shape: number, probability: number, z: number): number {
  let low = 0;
  let high = shape + 10 * Math.sqrt(shape) + 20;
  let x = shape * Math.max(1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape)), 0.01) ** 3;
  for (let round = 0; round < 100; round++) {
    const missing = lowerGamma(shape, x) - probability;
    if (missing < 0) low = x;
    else high = x;
    const density = Math.exp((shape - 1) * Math.log(x) - x - logFactorial(shape - 1));
    const newton = x - missing / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-13 * x) return next;
    x = next;
  }
  return x;
}

/** Regularised lower incomplete gamma function: series below the mean, continued fraction (Lentz) above. */
function lowerGamma(shape: number, x: number): number {
  if (x <= 0) return 0;
  const scale = Math.exp(shape * Math.log(x) - x - logFactorial(shape - 1));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let n = 1; n < 1e6 && term > sum * 1e-16; n++) {
      term *= x / (shape + n);
      sum += term;
    }
    return scale * sum;
  }
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 1e6; n++) {
    const factor = -n * (n - shape);
    b += 2;
    d = 1 / nonZero(factor * d + b, tiny);
    c = nonZero(b + factor / c, tiny);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return 1 - scale * fraction;
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);

/** ln n! (Lanczos, 15 digits); also for the counts beyond 170 where n! overflows. */
export function logFactorial(n: number): number {
  if (n < 2) return 0;
  let sum = 0.999_999_999_999_809_93;
  LANCZOS.forEach((coefficient, index) => {
    sum += coefficient / (n + index + 1);
  });
  const t = n + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (n + 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
  676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_59,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7,
];
