/** Durations of which some are still running (censored): Kaplan–Meier. */
import type { Percentiles } from "./results.ts";
import { ascending, countUpTo, type Durations, type Sorted, valuesOf } from "./sorted.ts";
import { percentilesOf } from "./statistics.ts";

export interface Duration {
  readonly value: number;
  /** Still running: the true duration is at least `value`. */
  readonly open: boolean;
}

export const durationsOf = (durations: readonly Duration[]): Durations => ({
  closed: valuesOf(durations.filter(({ open }) => !open).map(({ value }) => value)),
  open: durations.filter(({ open }) => open).map(({ value }) => value),
});

export const durationPercentiles = (durations: readonly Duration[]): Percentiles =>
  percentilesOfDurations(durationsOf(durations));

/**
 * Percentiles of durations; `n` counts the finished ones. With any open duration every percentile is the first time at
 * which the Kaplan–Meier curve has fallen to 1 - p (null where it never does), and the mean is null: a mean of the
 * finished ones alone would be too low.
 */
export function percentilesOfDurations({ closed, open }: Durations): Percentiles {
  if (open.length === 0) return percentilesOf(closed);
  const quantile = kaplanMeier(closed.sorted, ascending(open));
  return {
    p50: quantile(0.5),
    p75: quantile(0.75),
    p90: quantile(0.9),
    p95: quantile(0.95),
    mean: null,
    n: closed.sorted.length,
  };
}

/**
 * Between two that are still running the curve falls by equal steps: (r - 1)/r * (r - 2)/(r - 1) * … = (r - k)/r. So
 * the finished ones need not be walked through: they are asked for by rank, and only as far as a percentile lies.
 */
function kaplanMeier(closed: Sorted, open: readonly number[]): (fraction: number) => number | null {
  const falls: Fall[] = [];
  const coming = fallsOf(closed, open);
  return (fraction) => {
    // Fractions miss a half by rounding.
    const left = 1 - fraction + 1e-12;
    for (let index = 0; ; index++) {
      if (index === falls.length) {
        const next = coming.next();
        if (next.done === true) return null;
        falls.push(next.value);
      }
      const { from, to, atRisk, survival } = falls[index] as Fall;
      const steps = Math.max(1, Math.ceil(atRisk * (1 - left / survival)));
      if (steps <= to - from) return closed.at(from + steps - 1) ?? null;
    }
  };
}

/** The finished ones between two that are still running, by rank, and where the curve stands before them. */
interface Fall {
  readonly from: number;
  readonly to: number;
  readonly atRisk: number;
  readonly survival: number;
}

function* fallsOf(closed: Sorted, open: readonly number[]): Generator<Fall, void> {
  const all = closed.length;
  let [from, survival] = [0, 1];
  for (let stopped = 0; stopped <= open.length && from < all; stopped++) {
    // At one time, what finished is counted before what is still running.
    const to = stopped < open.length ? countUpTo(closed, open[stopped] as number) : all;
    if (to <= from) continue;
    const atRisk = all - from + open.length - stopped;
    yield { from, to, atRisk, survival };
    survival *= (atRisk - (to - from)) / atRisk;
    from = to;
  }
}
