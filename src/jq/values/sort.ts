import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { compare, compareStrings, equals } from "./order.ts";
import { showForError } from "./print.ts";

/** The items of `values` in the order of their `keys` (arrays of one length); equal keys keep their order. */
export function sortBy(values: readonly Json[], keys: readonly Json[], rt: Runtime): Json[] {
  const order = sortedPositions(keys, rt);
  return order.map((at) => values[at] as Json);
}

/** Positions in the order of the keys: a stable merge sort, so that keys without an order (nan) stay as jq leaves them. */
function sortedPositions(keys: readonly Json[], rt: Runtime): number[] {
  const count = keys.length;
  rt.meter.items(count);
  const positions = Array.from({ length: count }, (_, at) => at);
  if (count < 2) return positions;
  rt.meter.spend((count * Math.log2(count)) / 16);
  if (keys.every((key) => typeof key === "number" && !Number.isNaN(key)))
    return positions.sort((x, y) => (keys[x] as number) - (keys[y] as number));
  if (keys.every((key) => typeof key === "string"))
    return positions.sort((x, y) => compareStrings(keys[x] as string, keys[y] as string, rt));
  mergeSort(positions, positions.slice(), 0, count, keys, rt);
  return positions;
}

/** Sorts `target[from..to)`; `scratch` holds the same there. Halves are split as C libraries do it. */
function mergeSort(
  target: number[],
  scratch: number[],
  from: number,
  to: number,
  keys: readonly Json[],
  rt: Runtime,
): void {
  if (to - from < 2) return;
  const middle = from + Math.floor((to - from) / 2);
  mergeSort(scratch, target, from, middle, keys, rt);
  mergeSort(scratch, target, middle, to, keys, rt);
  let left = from;
  let right = middle;
  for (let at = from; at < to; at++) {
    const takeLeft =
      right >= to ||
      (left < middle &&
        compare(keys[scratch[left] as number] as Json, keys[scratch[right] as number] as Json, rt) <= 0);
    target[at] = scratch[takeLeft ? left++ : right++] as number;
  }
}

function pairOf(values: Json, keys: Json): [readonly Json[], readonly Json[]] {
  if (Array.isArray(values) && Array.isArray(keys) && values.length === keys.length) return [values, keys];
  throw new JqError(
    `${showForError(values)} and ${showForError(keys)} cannot be sorted, as they are not both arrays`,
  );
}

function arrayOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new JqError(`${showForError(value)} cannot be sorted, as it is not an array`);
}

/** `sort` */
export const sort = (value: Json, rt: Runtime): Json[] => {
  const array = arrayOf(value);
  return sortBy(array, array, rt);
};

/** `sort_by`, given the keys of all items. */
export const sortByKeys = (value: Json, keys: Json, rt: Runtime): Json[] =>
  sortBy(...pairOf(value, keys), rt);

/** `group_by`, given the keys of all items: arrays of items with one key, by key. */
export function groupByKeys(value: Json, keys: Json, rt: Runtime): Json[] {
  const [values, names] = pairOf(value, keys);
  const groups: Json[][] = [];
  let key: Json = null;
  for (const at of sortedPositions(names, rt)) {
    const item = values[at] as Json;
    const next = names[at] as Json;
    const group = groups.at(-1);
    if (group !== undefined && equals(key, next, rt)) group.push(item);
    else {
      groups.push([item]);
      key = next;
    }
  }
  return groups;
}

/** The first item of each key, by key. */
function firsts(values: readonly Json[], keys: readonly Json[], rt: Runtime): Json[] {
  const result: Json[] = [];
  let key: Json = null;
  for (const at of sortedPositions(keys, rt)) {
    const next = keys[at] as Json;
    if (result.length > 0 && equals(key, next, rt)) continue;
    result.push(values[at] as Json);
    key = next;
  }
  return result;
}

/** `unique` */
export const unique = (value: Json, rt: Runtime): Json[] => {
  const array = arrayOf(value);
  return firsts(array, array, rt);
};

/** `unique_by`, given the keys of all items. */
export const uniqueByKeys = (value: Json, keys: Json, rt: Runtime): Json[] =>
  firsts(...pairOf(value, keys), rt);

/** `min_by` and `max_by`, given the keys of all items: the first of the least, the last of the greatest. */
export function extremeByKeys(value: Json, keys: Json, least: boolean, rt: Runtime): Json {
  const complain = (what: string) => new JqError(`${showForError(value)} and ${showForError(keys)} ${what}`);
  if (!Array.isArray(value) || !Array.isArray(keys)) throw complain("cannot be iterated over");
  if (value.length !== keys.length) throw complain("have wrong length");
  rt.meter.spend(value.length / 16);
  let best = 0;
  for (let at = 1; at < value.length; at++)
    if (compare(keys[at] as Json, keys[best] as Json, rt) < 0 === least) best = at;
  return value[best] ?? null;
}

/** `bsearch(target)` in a sorted array: its position, or -1 - the position where it belongs. */
export function binarySearch(value: Json, target: Json, rt: Runtime): number {
  if (!Array.isArray(value)) throw new JqError(`${showForError(value)} cannot be searched from`);
  let low = 0;
  let high = value.length;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const order = compare(target, value[middle] as Json, rt);
    if (order === 0) return middle;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return -1 - low;
}
