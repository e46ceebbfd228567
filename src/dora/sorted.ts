/** Values in ascending order, whatever keeps them. */

/** Arrays are such. */
export interface Sorted {
  readonly length: number;
  at(rank: number): number | undefined;
}

/** Durations in seconds. */
export interface Values {
  readonly sorted: Sorted;
  /** In whole milliseconds: sums of these are exact, in whatever order they are made. */
  readonly sumMs: number;
}

/** Of which some are still running. */
export interface Durations {
  readonly closed: Values;
  /** Seconds so far, in any order. */
  readonly open: readonly number[];
}

export const ascending = (values: readonly number[]): number[] =>
  Array.from(Float64Array.from(values).sort());

export const valuesOf = (seconds: readonly number[]): Values => ({
  sorted: ascending(seconds),
  sumMs: sumMs(seconds),
});

export const sumMs = (seconds: readonly number[]): number =>
  seconds.reduce((sum, value) => sum + Math.round(value * 1000), 0);

export const meanOf = ({ sorted, sumMs }: Values): number | null =>
  sorted.length === 0 ? null : sumMs / 1000 / sorted.length;
