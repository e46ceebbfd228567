import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, readKey, typeOf } from "../value.ts";
import { chargeKeys, isObject, keysOf, valuesOf, withKey } from "./objects.ts";
import { equals } from "./order.ts";
import { showForError } from "./print.ts";
import { countedLength } from "./length.ts";
import { slicePoints } from "./text.ts";

/** The largest index an array can be given (jq's INT_MAX >> 2). */
const MAX_INDEX = 536_870_911;
const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);

/** A double as a C int: cut towards zero, held within its range. */
const toInt = (value: number): number =>
  value >= INT_MAX ? INT_MAX : value <= INT_MIN ? INT_MIN : Math.trunc(value);

const LONG_KEY = 256;

/** `value[key]`: a field, an item (from the end when negative), a slice ({start, end}), or where an array occurs in an array. */
export function index(value: Json, key: Json, rt: Runtime): Json {
  if (typeof key === "string") {
    if (value === null) return null;
    if (isObject(value)) {
      // A long text that was just made is hashed as a whole.
      if (key.length > LONG_KEY) rt.meter.chars(key.length);
      const found = readKey(value, key);
      return found === undefined ? null : found;
    }
  } else if (typeof key === "number") {
    if (value === null) return null;
    if (Array.isArray(value)) return itemAt(value, key);
  } else if (isObject(key)) {
    if (value === null) return null;
    if (Array.isArray(value) || typeof value === "string") return sliceBy(value, key, rt);
  } else if (Array.isArray(key) && Array.isArray(value)) return occurrences(value, key, rt);
  throw new JqError(`Cannot index ${typeOf(value)} with ${showForError(key)}`);
}

function itemAt(array: readonly Json[], position: number): Json {
  if (Number.isNaN(position)) return null;
  const at = Math.trunc(position);
  const item = array[at < 0 ? at + array.length : at];
  return item === undefined ? null : item;
}

/** The positions at which all of `part` is found in `array`; of an empty part none. */
function occurrences(array: readonly Json[], part: readonly Json[], rt: Runtime): number[] {
  const found: number[] = [];
  if (part.length === 0) return found;
  rt.meter.items(array.length);
  for (let at = 0; at + part.length <= array.length; at++) {
    let i = 0;
    while (i < part.length && equals(array[at + i] as Json, part[i] as Json, rt)) i++;
    rt.meter.spend(i / 16);
    if (i === part.length) found.push(at);
  }
  return found;
}

/** `value[from:to]` */
export function slice(value: Json, from: Json, to: Json, rt: Runtime): Json {
  if (value === null) return null;
  if (!Array.isArray(value) && typeof value !== "string") return index(value, { start: from, end: to }, rt);
  const length = typeof value === "string" ? countedLength(value, rt) : value.length;
  const [start, end] = sliceRange(from, to, length);
  if (typeof value === "string") return slicePoints(value, start, end);
  if (start === 0 && end === length) return value;
  rt.meter.items(end - start);
  return value.slice(start, end);
}

const sliceBy = (value: Json[] | string, key: JsonObject, rt: Runtime): Json =>
  slice(value, ...rangeOf(key), rt);

/** The bounds that the key of a slice names; both have to be there, `null` at least. */
function rangeOf(key: JsonObject): [Json, Json] {
  const from = readKey(key, "start");
  const to = readKey(key, "end");
  if (from === undefined || to === undefined) throw notNumbers();
  return [from, to];
}

const notNumbers = (): JqError => new JqError("Array/string slice indices must be integers");

/** The whole bounds of a slice: the start is rounded down, the end up. */
function sliceRange(from: Json, to: Json, length: number): [number, number] {
  const first = from ?? 0;
  const last = to ?? length;
  if (typeof first !== "number" || typeof last !== "number") throw notNumbers();
  let low = Number.isNaN(first) ? 0 : first;
  if (low < 0) low += length;
  const start = Math.floor(Math.min(Math.max(low, 0), length));
  let high = Number.isNaN(last) ? length : last;
  if (high < 0) high += length;
  const end = high < 0 ? start : Math.min(Math.ceil(high), length);
  return [start, Math.max(start, end)];
}

/** The values that `value[]` goes through; an array is given as it is. */
export function iterate(value: Json, rt: Runtime): readonly Json[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) throw new JqError(`Cannot iterate over ${showForError(value)}`);
  const keys = keysOf(value);
  chargeKeys(keys.length, rt);
  return valuesOf(value, keys);
}

/** `value` with `item` at `key`: the only step that assignments are made of. `null` becomes the container that is needed. */
export function setIndex(value: Json, key: Json, item: Json, rt: Runtime): Json {
  if (typeof key === "string") {
    if (value === null) return withKey({}, key, item, rt);
    if (isObject(value)) {
      return withKey(value, key, item, rt);
    }
  } else if (typeof key === "number") {
    if (value === null || Array.isArray(value)) return withItem(value ?? [], key, item, rt);
  } else if (isObject(key)) {
    if (value === null || Array.isArray(value)) return withSlice(value ?? [], key, item, rt);
    if (typeof value === "string") {
      index(value, key, rt);
      throw new JqError("Cannot update string slices");
    }
  }
  // What cannot be read either says so.
  index(value, key, rt);
  throw new JqError(`Cannot update field at ${typeOf(key)} index of ${typeOf(value)}`);
}

function withItem(array: readonly Json[], position: number, item: Json, rt: Runtime): Json[] {
  if (Number.isNaN(position)) throw new JqError("Cannot set array element at NaN index");
  let at = toInt(position);
  if (at < 0) at += array.length;
  if (at < 0) throw new JqError("Out of bounds negative array index");
  if (at > MAX_INDEX) throw new JqError("Array index too large");
  rt.meter.items(Math.max(at + 1, array.length));
  // What is filled up costs more than what is copied.
  if (at > array.length) rt.meter.spend((at - array.length) / 32);
  const copy = array.slice();
  while (copy.length < at) copy.push(null);
  copy[at] = item;
  return copy;
}

function withSlice(array: readonly Json[], key: JsonObject, items: Json, rt: Runtime): Json[] {
  const [start, end] = sliceBounds(key, array.length);
  if (!Array.isArray(items)) throw new JqError("A slice of an array can only be assigned another array");
  rt.meter.items(array.length - (end - start) + items.length);
  return array.slice(0, start).concat(items, array.slice(end));
}

/** `has(key)` */
export function has(value: Json, key: Json): boolean {
  if (value === null) return false;
  if (typeof key === "string" && isObject(value)) return readKey(value, key) !== undefined;
  if (typeof key === "number" && Array.isArray(value)) {
    const at = Math.trunc(key);
    return at >= 0 && at < value.length;
  }
  throw new JqError(`Cannot check whether ${typeOf(value)} has a ${typeOf(key)} key`);
}

/** The bounds that the key of a slice means in an array of `length` items. */
export const sliceBounds = (key: JsonObject, length: number): readonly [number, number] =>
  sliceRange(...rangeOf(key), length);
