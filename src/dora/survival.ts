/** Durations of which some are still running (censored): Kaplan–Meier. */
import type { Percentiles } from "./results.ts";
import { percentiles } from "./statistics.ts";

export interface Duration {
  readonly value: number;
  /** Still running: the true duration is at least `value`. */
  readonly open: boolean;
}

/**
 * Percentiles of durations; `n` counts the finished ones. With any open duration every percentile is the first time at
 * which the Kaplan–Meier curve has fallen to 1 - p (null where it never does), and the mean is null: a mean of the
 * finished ones alone would be too low.
 */
export function durationPercentiles(durations: readonly Duration[]): Percentiles {
  const finished = durations.filter(({ open }) => !open);
  if (finished.length === durations.length) return percentiles(finished.map(({ value }) => value));
  const quantile = kaplanMeier(durations);
  return {
    p50: quantile(0.5),
    p75: quantile(0.75),
    p90: quantile(0.9),
    p95: quantile(0.95),
    mean: null,
    n: finished.length,
  };
}

function kaplanMeier(durations: readonly Duration[]): (fraction: number) => number | null {
  // At one time, what finished is counted before what is still running.
  const sorted = [...durations].sort(
    (left, right) => left.value - right.value || Number(left.open) - Number(right.open),
  );
  const steps: { readonly time: number; readonly survival: number }[] = [];
  let survival = 1;
  sorted.forEach(({ value, open }, index) => {
    if (open) return;
    const atRisk = sorted.length - index;
    survival *= (atRisk - 1) / atRisk;
    steps.push({ time: value, survival });
  });
  // Products of fractions miss a half by rounding.
  return (fraction) => steps.find(({ survival: left }) => left <= 1 - fraction + 1e-12)?.time ?? null;
}
