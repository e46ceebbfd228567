import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, typeOf, writeKey } from "../value.ts";
import { sliceBounds } from "./access.ts";
import { chargeKeys, isObject, keysOf } from "./objects.ts";

/** `value` without the fields, items and slices that `keys` name. */
export function deleteKeys(value: Json, keys: readonly Json[], rt: Runtime): Json {
  if (value === null || keys.length === 0) return value;
  if (Array.isArray(value)) return withoutItems(value, keys, rt);
  if (isObject(value)) return withoutFields(value, keys, rt);
  throw new JqError(`Cannot delete fields from ${typeOf(value)}`);
}

function withoutFields(object: JsonObject, keys: readonly Json[], rt: Runtime): JsonObject {
  const gone = new Set<string>();
  for (const key of keys) {
    if (typeof key !== "string") throw new JqError(`Cannot delete ${typeOf(key)} field of object`);
    gone.add(key);
  }
  const copy: JsonObject = {};
  const names = keysOf(object);
  chargeKeys(names.length * 2, rt);
  for (const name of names) if (!gone.has(name)) writeKey(copy, name, object[name] as Json);
  return copy;
}

function withoutItems(array: readonly Json[], keys: readonly Json[], rt: Runtime): Json[] {
  rt.meter.items(array.length + keys.length);
  const gone = new Set<number>();
  const ranges: (readonly [number, number])[] = [];
  for (const key of keys) {
    if (typeof key === "number") {
      const at = Math.trunc(key);
      gone.add(key < 0 ? array.length + at : at);
    } else if (isObject(key)) ranges.push(sliceBounds(key, array.length));
    else throw new JqError(`Cannot delete ${typeOf(key)} element of array`);
  }
  const [only] = gone;
  if (only !== undefined && gone.size === 1 && ranges.length === 0) {
    const rest = array.slice();
    if (only >= 0) rest.splice(only, 1);
    return rest;
  }
  const cut = covered(ranges);
  let next = 0;
  return array.filter((_, at) => {
    while (next < cut.length && at >= (cut[next] as readonly [number, number])[1]) next++;
    const range = cut[next];
    return !(gone.has(at) || (range !== undefined && at >= range[0]));
  });
}

/** The ranges in ascending order without overlaps. */
function covered(ranges: (readonly [number, number])[]): (readonly [number, number])[] {
  const result: (readonly [number, number])[] = [];
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last === undefined || start > last[1]) result.push([start, end]);
    else if (end > last[1]) result[result.length - 1] = [last[0], end];
  }
  return result;
}
