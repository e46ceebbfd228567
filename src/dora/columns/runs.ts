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

  /** All of them, in seconds. */
  merged(): Float64Array {
    const all = new Float64Array(this.length + this.#without.length);
    let at = 0;
    for (const run of this.#runs) {
      all.set(run, at);
      at += run.length;
    }
    all.sort();
    let kept = 0;
    let taken = 0;
    for (const value of all) {
      if (this.#without[taken] === value) taken++;
      else all[kept++] = value / 1000;
    }
    return all.subarray(0, kept);
  }
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
