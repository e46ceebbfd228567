/** Keys of objects. A key whose value is `undefined` is absent: objects that programs are run on come from JavaScript. */
import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, writeKey } from "../value.ts";
import { compareText } from "./text.ts";

/** The keys in the order they were set. */
export function keysOf(object: JsonObject): string[] {
  const keys = Object.keys(object);
  for (const key of keys)
    if (object[key] === undefined) return keys.filter((name) => object[name] !== undefined);
  return keys;
}

/** The keys by code point. */
export function sortedKeysOf(object: JsonObject): string[] {
  const keys = keysOf(object);
  return keys.length < 2 ? keys : keys.sort(compareText);
}

/** The values under `keys`, which the object owns. */
export function valuesOf(object: JsonObject, keys: readonly string[]): Json[] {
  const values: Json[] = [];
  for (const key of keys) values.push(object[key] as Json);
  return values;
}

/** Up to this many keys an object is copied by its shape; beyond, key by key, which is many times slower. */
const FEW_KEYS = 32;

/** Charges listing the keys of an object that has `count`. */
export const chargeKeys = (count: number, rt: Runtime): void =>
  rt.meter.spend(count > FEW_KEYS ? count / 4 : count / 16);

/** A copy of `object`, to be changed. */
export function copyObject(object: JsonObject, rt: Runtime): JsonObject {
  const count = Object.keys(object).length;
  rt.meter.items(count);
  if (count > FEW_KEYS) rt.meter.spend((count * Math.log2(count)) / 12);
  return { ...object };
}

/** A copy of `object` with `key` set. */
export function withKey(object: JsonObject, key: string, value: Json, rt: Runtime): JsonObject {
  const copy = copyObject(object, rt);
  writeKey(copy, key, value);
  return copy;
}

/** The rest of the type: not null, not an array, not a scalar. */
export const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
