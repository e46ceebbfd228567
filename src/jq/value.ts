/** What jq works on: JSON values as JavaScript holds them. Values are never changed once made; sharing is free. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export type TypeName = "null" | "boolean" | "number" | "string" | "array" | "object";

/** jq's name of the type of `value`. */
export function typeOf(value: Json): TypeName {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return typeof value as TypeName;
    default:
      return value === null ? "null" : Array.isArray(value) ? "array" : "object";
  }
}

/** Is `value` true in a condition? Everything is, but `null` and `false`. */
export const truthy = (value: Json): boolean => value !== null && value !== false;

/** Names that a plain object answers for though it does not own them. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** May `key` be read as `object[key]` without asking whether the object owns it? */
export const isPlainKey = (key: string): boolean => !INHERITED.has(key);

/** The value under `key`, `undefined` when the object does not own it (`constructor`, `__proto__` and the like included). */
export function readKey(object: JsonObject, key: string): Json | undefined {
  const value = object[key];
  if (value === undefined || !INHERITED.has(key)) return value;
  return Object.hasOwn(object, key) ? value : undefined;
}

/** Sets `key` on an object that is being built (`__proto__` becomes an ordinary key). */
export function writeKey(object: JsonObject, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}
