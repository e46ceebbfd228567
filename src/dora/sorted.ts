/** Values in ascending order, whatever keeps them. */

/** Arrays are such. */
export interface Sorted {
  readonly length: number;
  at(rank: number): number | undefined;
  /** At ascending ranks within the length, where asking for all of them costs less than one after another. */
  atAll?(ranks: readonly number[]): readonly number[];
  /** How many are `value` or less, where that is known better than by halving. */
  countUpTo?(value: number): number;
}

/** The values at these ranks within the length, in the order of the ranks. */
export function valuesAt(sorted: Sorted, ranks: readonly number[]): readonly number[] {
  if (sorted.atAll === undefined) return ranks.map((rank) => sorted.at(rank) as number);
  const ascendingRanks = [...new Set(ranks)].sort((left, right) => left - right);
  const values = sorted.atAll(ascendingRanks);
  const found = new Map(ascendingRanks.map((rank, index) => [rank, values[index] as number]));
  return ranks.map((rank) => found.get(rank) as number);
}

/** How many are `value` or less. */
export function countUpTo(sorted: Sorted, value: number): number {
  if (sorted.countUpTo !== undefined) return sorted.countUpTo(value);
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted.at(middle) as number) <= value) from = middle + 1;
    else to = middle;
  }
  return from;
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
