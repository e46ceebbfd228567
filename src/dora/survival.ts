/** Durations of which some are still running (censored): Kaplan–Meier. */
import { Runs } from "./columns/runs.ts";
import type { Percentiles } from "./results.ts";
import { ascending, type Durations, type Sorted, valuesOf } from "./sorted.ts";
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

function kaplanMeier(closed: Sorted, open: readonly number[]): (fraction: number) => number | null {
  const finished = closed instanceof Runs ? closed.merged() : closed;
  const steps: { readonly time: number; readonly survival: number }[] = [];
  let survival = 1;
  let stopped = 0;
  for (let index = 0; index < finished.length; index++) {
    const time = finished.at(index) as number;
    // At one time, what finished is counted before what is still running.
    while (stopped < open.length && (open[stopped] as number) < time) stopped++;
    const atRisk = finished.length - index + open.length - stopped;
    survival *= (atRisk - 1) / atRisk;
    steps.push({ time, survival });
  }
  // Products of fractions miss a half by rounding.
  return (fraction) => steps.find(({ survival: left }) => left <= 1 - fraction + 1e-12)?.time ?? null;
}
