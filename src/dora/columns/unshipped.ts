/** When changes were merged that the environments have not got, by service, as ascending instants. */
import { isOwned } from "../ownership.ts";
import type { Selection } from "./organisation.ts";

/** Pairs of numbers, one after another: when it was merged (ms), and 1 where it is in a history from before the first deployment. */
export type UnshippedColumns = Float64Array;

export interface UnshippedCounts {
  /** Merged in the window, shipped by nothing yet. */
  readonly notDeployed: number;
  /** Merged in the window, in the history from before the first deployment. */
  readonly leftOut: number;
}

interface Lists {
  readonly notDeployed: Float64Array;
  readonly leftOut: Float64Array;
}

const WIDTH = 2;

export class UnshippedChanges {
  readonly #services = new Map<string, Lists>();

  /** Takes the place of what the service had. */
  put(service: string, columns: UnshippedColumns): void {
    const lists = { notDeployed: listOf(columns, 0), leftOut: listOf(columns, 1) };
    if (columns.length === 0) this.#services.delete(service);
    else this.#services.set(service, lists);
  }

  remove(service: string): void {
    this.#services.delete(service);
  }

  /** Of those merged in [from, to). @param selection null: of all services */
  count(from: number, to: number, selection: Selection | null): UnshippedCounts {
    const counts = { notDeployed: 0, leftOut: 0 };
    for (const service of selection?.keys() ?? this.#services.keys()) {
      const lists = this.#services.get(service);
      if (lists === undefined) continue;
      const spans = selection?.get(service) ?? null;
      for (const name of ["notDeployed", "leftOut"] as const) {
        const list = lists[name];
        const [first, end] = [placeOf(list, from), placeOf(list, to)];
        counts[name] +=
          spans === null
            ? end - first
            : list.subarray(first, end).reduce((sum, at) => sum + Number(isOwned(spans, at)), 0);
      }
    }
    return counts;
  }
}

function listOf(columns: UnshippedColumns, kind: number): Float64Array {
  const list: number[] = [];
  for (let row = 0; row < columns.length; row += WIDTH)
    if (columns[row + 1] === kind) list.push(columns[row] as number);
  return Float64Array.from(list).sort();
}

/** How many of the ascending instants lie before `at`. */
function placeOf(list: Float64Array, at: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
