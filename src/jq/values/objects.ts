/** Keys of objects. A key whose value is `undefined` is absent: objects that programs are run on come from JavaScript. */
import { type Json, type JsonObject, readKey, writeKey } from "../value.ts";
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

/** A copy of `object` with `key` set. */
export function withKey(object: JsonObject, key: string, value: Json): JsonObject {
  const copy = { ...object };
  writeKey(copy, key, value);
  return copy;
}

/** Does the object own `key`? */
export const hasKey = (object: JsonObject, key: string): boolean => readKey(object, key) !== undefined;

/** The rest of the type: not null, not an array, not a scalar. */
export const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
