/** Many sorted lists as one, without merging them. */
import type { Sorted } from "../sorted.ts";

const NOTHING = new Float64Array(0);

/**
 * The union of ascending lists of whole milliseconds, less those of another (each of which is in the union). The value
 * at a rank is found by halving the range of values: about 35 rounds, in each of which every list is asked once how many
 * of its values are as small. 53 weeks of 20,000 values answer in 0.1 ms; merging them takes 80.
 */
export class Runs implements Sorted {
  readonly length: number;
  readonly #runs: readonly Float64Array[];
  readonly #without: Float64Array;

  constructor(runs: readonly Float64Array[], without: Float64Array = NOTHING) {
    this.#runs = runs.filter((run) => run.length > 0);
    this.#without = without;
    this.length = this.#runs.reduce((sum, run) => sum + run.length, 0) - without.length;
  }

  /** In seconds. */
  at(rank: number): number | undefined {
    if (rank < 0 || rank >= this.length) return undefined;
    const [only] = this.#runs;
    if (this.#runs.length === 1 && only !== undefined && this.#without.length === 0)
      return (only[rank] as number) / 1000;
    const lists = this.#without.length === 0 ? this.#runs : [...this.#runs, this.#without];
    const low = new Int32Array(lists.length);
    const high = Int32Array.from(lists, (list) => list.length);
    const middle = new Int32Array(lists.length);
    let least = Math.min(...this.#runs.map((run) => run[0] as number));
    let most = Math.max(...this.#runs.map((run) => run[run.length - 1] as number));
    while (least < most) {
      const value = Math.floor((least + most) / 2);
      let count = 0;
      for (let index = 0; index < lists.length; index++) {
        const list = lists[index] as Float64Array;
        const found = notAbove(list, value, low[index], high[index]);
        middle[index] = found;
        count += index < this.#runs.length ? found : -found;
      }
      if (count > rank) {
        most = value;
        high.set(middle);
      } else {
        least = value + 1;
        low.set(middle);
      }
    }
    return least / 1000;
  }

  /** In seconds. Those between two that are known are looked for between these. */
  atAll(ranks: readonly number[]): number[] {
    const [only] = this.#runs;
    if (this.#runs.length === 1 && only !== undefined && this.#without.length === 0)
      return ranks.map((rank) => (only[rank] as number) / 1000);
    const found = Array.from({ length: ranks.length }, () => 0);
    const lists = [...this.#runs, this.#without];
    const bracket: Bracket = {
      ...{ first: 0, last: ranks.length, low: new Int32Array(lists.length) },
      high: Int32Array.from(lists, (list) => list.length),
      least: Math.min(...this.#runs.map((run) => run[0] as number)),
      most: Math.max(...this.#runs.map((run) => run[run.length - 1] as number)),
    };
    const open: Bracket[] = ranks.length === 0 ? [] : [bracket];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next.least === next.most) found.fill(next.least / 1000, next.first, next.last);
      else if (!this.#readOut(lists, next, ranks, found)) open.push(...this.#halves(lists, next, ranks));
    }
    return found;
  }

  countUpTo(seconds: number): number {
    const value = Math.round(seconds * 1000);
    const runs = this.#runs.reduce((sum, run) => sum + notAbove(run, value), 0);
    return runs - notAbove(this.#without, value);
  }

  /** Few values are left: they are put in order. @returns false where there are many */
  #readOut(
    lists: readonly Float64Array[],
    { first, last, low, high }: Bracket,
    ranks: readonly number[],
    found: number[],
  ): boolean {
    let below = 0;
    let many = 0;
    for (let index = 0; index < lists.length; index++) {
      many += (high[index] as number) - (low[index] as number);
      below += index < this.#runs.length ? (low[index] as number) : -(low[index] as number);
    }
    if (many > FEW) return false;
    const values = new Float64Array(many);
    let length = 0;
    for (let index = 0; index < this.#runs.length; index++) {
      const part = (lists[index] as Float64Array).subarray(low[index], high[index]);
      values.set(part, length);
      length += part.length;
    }
    const sorted = values.subarray(0, length).sort();
    const without = this.#without.subarray(low[lists.length - 1], high[lists.length - 1]);
    const kept = without.length === 0 ? sorted : less(sorted, without);
    for (let at = first; at < last; at++) found[at] = (kept[(ranks[at] as number) - below] as number) / 1000;
    return true;
  }

  /** By the value in the middle of the longest list, which is near that of all of them where lists are alike. */
  #halves(lists: readonly Float64Array[], bracket: Bracket, ranks: readonly number[]): Bracket[] {
    const { first, last, low, high, least, most } = bracket;
    let longest = 0;
    for (let index = 1; index < this.#runs.length; index++)
      if (
        (high[index] as number) - (low[index] as number) >
        (high[longest] as number) - (low[longest] as number)
      )
        longest = index;
    const middle = ((low[longest] as number) + (high[longest] as number)) >> 1;
    const value = Math.min((lists[longest] as Float64Array)[middle] as number, most - 1);
    const places = new Int32Array(lists.length);
    let count = 0;
    for (let index = 0; index < lists.length; index++) {
      const place = notAbove(lists[index] as Float64Array, value, low[index], high[index]);
      places[index] = place;
      count += index < this.#runs.length ? place : -place;
    }
    let split = first;
    while (split < last && (ranks[split] as number) < count) split++;
    const halves: Bracket[] = [];
    if (split > first) halves.push({ first, last: split, low, high: places, least, most: value });
    if (split < last) halves.push({ first: split, last, low: places, high, least: value + 1, most });
    return halves;
  }
}

/** Ranks from `first` to `last` are between these places of the lists, and between these values. */
interface Bracket {
  readonly first: number;
  readonly last: number;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly least: number;
  readonly most: number;
}

/** So many values are put in order sooner than halved. */
const FEW = 128;

/** The values but for those of the other list, each of which is among them. */
function less(sorted: Float64Array, without: Float64Array): Float64Array {
  let kept = 0;
  let taken = 0;
  for (const value of sorted) {
    if (without[taken] === value) taken++;
    else sorted[kept++] = value;
  }
  return sorted.subarray(0, kept);
}

/** How many of the ascending values are `value` or less, known to be between `low` and `high`. */
export function notAbove(list: Float64Array, value: number, low = 0, high = list.length): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((list[middle] as number) <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}
