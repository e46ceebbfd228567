/**
 * Percentiles of values that come and go: the values around the place that is asked for, in order, and how many there
 * are below. Small sets are kept whole.
 */

export interface Ranks {
  /** Values before the first one kept; none of them is greater. */
  readonly below: number;
  /** Ascending. */
  readonly kept: readonly number[];
}

/** Of so many values all are kept when they are counted; of more, `RANKS_AROUND` on each side. */
export const RANKS_WHOLE = 1024;
export const RANKS_AROUND = 256;

/**
 * @param n all values before the change
 * @returns null when what is kept does not tell: everything has to be read again
 */
export function changeRanks(
  { below, kept }: Ranks,
  n: number,
  share: number,
  added: readonly number[],
  dropped: readonly number[],
): Ranks | null {
  const values = [...kept];
  let under = below;
  let total = n;
  for (const value of added) {
    const [first, last] = [values[0] ?? value, values.at(-1) ?? value];
    const over = total - under - values.length;
    total++;
    if (value < first && under > 0) under++;
    else if (value <= last || over === 0) values.splice(placeOf(values, value), 0, value);
  }
  for (const value of dropped) {
    const [first, last] = [values[0], values.at(-1)];
    if (first === undefined || last === undefined) return null;
    const over = total - under - values.length;
    total--;
    if (value < first) {
      if (under === 0) return null;
      under--;
    } else if (value > last) {
      if (over === 0) return null;
    } else {
      const at = placeOf(values, value);
      if (values[at] !== value) return null;
      values.splice(at, 1);
    }
  }
  if (total === 0) return { below: 0, kept: [] };
  const place = share * (total - 1);
  if (Math.floor(place) < under || Math.ceil(place) >= under + values.length) return null;
  if (values.length <= 2 * RANKS_WHOLE) return { below: under, kept: values };
  const from = Math.max(0, Math.floor(place) - under - RANKS_AROUND);
  return { below: under + from, kept: values.slice(from, Math.ceil(place) - under + RANKS_AROUND) };
}

/** Interpolated as `percentile_cont` does. @param n all values; null over nothing */
export function percentileOf({ below, kept }: Ranks, n: number, share: number): number | null {
  const place = share * (n - 1);
  const low = kept[Math.floor(place) - below];
  const high = kept[Math.ceil(place) - below];
  return low === undefined || high === undefined ? null : low + (high - low) * (place - Math.floor(place));
}

/** Index of the first value that is not smaller. */
function placeOf(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
