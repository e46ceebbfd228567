import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, readKey } from "../value.ts";
import { chargeKeys, keysOf, sortedKeysOf, valuesOf } from "./objects.ts";
import { compareText } from "./text.ts";

/** jq's MAX_CMP_DEPTH and MAX_EQUAL_DEPTH. */
const MAX_DEPTH = 10_000;
const ITEM = 1 / 16;
const CHARACTER = 1 / 128;

/** null < false < true < numbers < strings < arrays < objects. */
export function rankOf(value: Json): number {
  switch (typeof value) {
    case "number":
      return 3;
    case "string":
      return 4;
    case "boolean":
      return value ? 2 : 1;
    default:
      return value === null ? 0 : Array.isArray(value) ? 5 : 6;
  }
}

/** Two containers whose items are compared in pairs. */
interface Pairs {
  readonly up: Pairs | null;
  readonly a: readonly Json[];
  readonly b: readonly Json[];
  at: number;
}

/**
 * jq's order of all values: negative, zero or positive. nan is below every number, itself included. Objects compare by
 * their sorted keys, then by their values in that order.
 */
export function compare(a: Json, b: Json, rt: Runtime): number {
  if (typeof a === "number" && typeof b === "number")
    return a < b ? -1 : a === b ? 0 : Number.isNaN(a) ? -1 : 1;
  if (typeof a === "string" && typeof b === "string") return compareStrings(a, b, rt);
  const difference = rankOf(a) - rankOf(b);
  if (difference !== 0 || typeof a !== "object" || a === null) return difference;
  return compareContainers(a, b as Json[] | JsonObject, rt);
}

export function compareStrings(a: string, b: string, rt: Runtime): number {
  if (a.length > 64 && b.length > 64) rt.meter.spend(Math.min(a.length, b.length) * CHARACTER);
  return compareText(a, b);
}

function compareContainers(a: Json[] | JsonObject, b: Json[] | JsonObject, rt: Runtime): number {
  const meter = rt.meter;
  const first = pairUp(a, b, null, 0, rt);
  if (typeof first === "number") return first;
  let top: Pairs | null = first;
  let depth = 0;
  while (top !== null) {
    const { a, b } = top;
    const count: number = Math.min(a.length, b.length);
    if (depth >= MAX_DEPTH && count > 0) throw new JqError("Comparison too deep");
    let inner: Pairs | null = null;
    while (top.at < count) {
      const x = a[top.at] as Json;
      const y = b[top.at++] as Json;
      meter.left -= ITEM;
      if (typeof x === "object" && x !== null && rankOf(x) === rankOf(y)) {
        const next = pairUp(x, y as Json[] | JsonObject, top, depth + 1, rt);
        if (typeof next === "number") {
          if (next !== 0) return next;
          continue;
        }
        inner = next;
        break;
      }
      const order = compare(x, y, rt);
      if (order !== 0) return order;
    }
    meter.spend(1 / 4);
    if (inner !== null) {
      depth++;
      top = inner;
    } else if (a.length !== b.length) return a.length - b.length;
    else {
      depth--;
      top = top.up;
    }
  }
  return 0;
}

/** The pairs to compare, or the answer when the keys of two objects differ. */
function pairUp(
  a: Json[] | JsonObject,
  b: Json[] | JsonObject,
  up: Pairs | null,
  depth: number,
  rt: Runtime,
) {
  if (Array.isArray(a)) return { up, a, b: b as Json[], at: 0 };
  const keys = sortedKeysOf(a);
  const others = sortedKeysOf(b as JsonObject);
  const count = Math.min(keys.length, others.length);
  // jq compares the keys as an array one level below the object.
  if (depth >= MAX_DEPTH || (depth >= MAX_DEPTH - 1 && count > 0)) throw new JqError("Comparison too deep");
  chargeKeys(keys.length + others.length, rt);
  rt.meter.spend(1);
  for (let i = 0; i < count; i++) {
    const order = compareText(keys[i] as string, others[i] as string);
    if (order !== 0) return order;
  }
  if (keys.length !== others.length) return keys.length - others.length;
  return { up, a: valuesOf(a, keys), b: valuesOf(b as JsonObject, keys), at: 0 };
}

/** Long texts of one length have to be read. */
function sameText(a: string, b: string, rt: Runtime): boolean {
  if (a.length > 256 && a.length === b.length) rt.meter.spend(a.length * CHARACTER);
  return a === b;
}

/** `a == b`: nan equals nothing, unless it is inside of one and the same array or object. */
export function equals(a: Json, b: Json, rt: Runtime): boolean {
  if (typeof a === "string" && typeof b === "string") return sameText(a, b, rt);
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const meter = rt.meter;
  let top: Pairs | null = match(a, b, null, rt);
  let depth = 0;
  if (top === null) return false;
  while (top !== null) {
    const { a, b } = top;
    if (depth >= MAX_DEPTH && a.length > 0) throw new JqError("Equality check too deep");
    let inner: Pairs | null = null;
    while (top.at < a.length) {
      const x = a[top.at] as Json;
      const y = b[top.at++] as Json;
      meter.left -= ITEM;
      if (typeof x === "string" && typeof y === "string") {
        if (sameText(x, y, rt)) continue;
        return false;
      }
      if (x === y) continue;
      if (typeof x !== "object" || typeof y !== "object" || x === null || y === null) return false;
      inner = match(x, y, top, rt);
      if (inner === null) return false;
      break;
    }
    meter.spend(1 / 4);
    if (inner !== null) {
      depth++;
      top = inner;
    } else {
      depth--;
      top = top.up;
    }
  }
  return true;
}

/** The pairs that must be equal, or null when the containers differ already. */
function match(a: Json[] | JsonObject, b: Json[] | JsonObject, up: Pairs | null, rt: Runtime): Pairs | null {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length ? { up, a, b, at: 0 } : null;
  if (Array.isArray(b)) return null;
  const keys = keysOf(a);
  chargeKeys(keys.length, rt);
  if (keys.length !== keysOf(b).length) return null;
  const others: Json[] = [];
  for (const key of keys) {
    const value = readKey(b, key);
    if (value === undefined) return null;
    others.push(value);
  }
  return { up, a: valuesOf(a, keys), b: others, at: 0 };
}
