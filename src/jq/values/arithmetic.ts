import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, readKey, writeKey } from "../value.ts";
import { chargeKeys, copyObject, isObject, keysOf } from "./objects.ts";
import { equals } from "./order.ts";
import { showForError } from "./print.ts";
import { splitText } from "./find-text.ts";
import { utf8Length } from "./text.ts";

/** jq's bound of the bytes of a repeated string, and the longest string that JavaScript can hold. */
const MAX_REPEAT = 2 ** 31 - 9;
const MAX_STRING = 2 ** 29 - 25;
/** jq's MAX_OBJECT_MERGE_DEPTH. */
const MAX_MERGE_DEPTH = 10_000;

const complain = (a: Json, b: Json, what: string): JqError =>
  new JqError(`${showForError(a)} and ${showForError(b)} ${what}`);

/** `a + b` */
export function add(a: Json, b: Json, rt: Runtime): Json {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "string" && typeof b === "string") return joinTexts(a, b, rt);
  if (a === null) return b;
  if (b === null) return a;
  if (Array.isArray(a) && Array.isArray(b)) {
    if (b.length === 0) return a;
    if (a.length === 0) return b;
    rt.meter.items(a.length + b.length);
    return a.concat(b);
  }
  if (isObject(a) && isObject(b)) return merge(a, b, rt);
  throw complain(a, b, "cannot be added");
}

/** Two strings in one. JavaScript copies nothing yet, so only what is added is charged. */
export function joinTexts(a: string, b: string, rt: Runtime): string {
  const length = a.length + b.length;
  if (length > rt.meter.maxOutput) rt.meter.chars(length);
  if (length > MAX_STRING) throw new JqError("String too long");
  rt.meter.left -= b.length / 256;
  return a + b;
}

/** `b`'s keys over `a`'s. */
function merge(a: JsonObject, b: JsonObject, rt: Runtime): JsonObject {
  const keys = keysOf(b);
  chargeKeys(keys.length, rt);
  const copy = copyObject(a, rt);
  for (const key of keys) writeKey(copy, key, b[key] as Json);
  return copy;
}

/** `a - b` */
export function subtract(a: Json, b: Json, rt: Runtime): Json {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (Array.isArray(a) && Array.isArray(b)) return difference(a, b, rt);
  throw complain(a, b, "cannot be subtracted");
}

/** A long text is hashed and compared as a whole. */
function charged(item: Json, rt: Runtime): Json {
  if (typeof item === "string" && item.length > 64) rt.meter.chars(item.length);
  return item;
}

/** The items of `a` that no item of `b` equals. */
function difference(a: readonly Json[], b: readonly Json[], rt: Runtime): Json[] {
  rt.meter.spend((a.length + b.length) / 4);
  const scalars = new Set<Json>();
  const containers: Json[] = [];
  for (const item of b) {
    if (typeof item === "object" && item !== null) containers.push(item);
    // nan equals nothing, but a Set would find it.
    else if (item === item) scalars.add(charged(item, rt));
  }
  return a.filter((item) => {
    if (typeof item !== "object" || item === null) return !scalars.has(charged(item, rt));
    return !containers.some((other) => {
      rt.meter.spend(1);
      return equals(item, other, rt);
    });
  });
}

/** `a * b` */
export function multiply(a: Json, b: Json, rt: Runtime): Json {
  if (typeof a === "number") {
    if (typeof b === "number") return a * b;
    if (typeof b === "string") return repeat(b, a, rt);
  } else if (typeof a === "string" && typeof b === "number") return repeat(a, b, rt);
  else if (isObject(a) && isObject(b)) return mergeDeep(a, b, rt);
  throw complain(a, b, "cannot be multiplied");
}

/** Negative and nan give null; fractions are cut. */
function repeat(text: string, times: number, rt: Runtime): string | null {
  if (!(times >= 0)) return null;
  const count = Math.min(Math.trunc(times), 2 ** 31 - 1);
  if (utf8Length(text) * count >= MAX_REPEAT) throw new JqError("Repeat string result too long");
  rt.meter.chars(text.length * count);
  if (text.length * count > MAX_STRING) throw new JqError("Repeat string result too long");
  return text.repeat(count);
}

/** Objects that are being merged: `target` is a fresh copy. */
interface Merge {
  readonly up: Merge | null;
  readonly target: JsonObject;
  readonly source: JsonObject;
  readonly keys: readonly string[];
  at: number;
}

/** `b` over `a`; where both have an object, the same again. */
function mergeDeep(a: JsonObject, b: JsonObject, rt: Runtime): JsonObject {
  let top: Merge | null = openMerge(a, b, null, rt);
  const result = top.target;
  let depth = 0;
  while (top !== null) {
    const { target, source, keys } = top;
    let inner: Merge | null = null;
    while (top.at < keys.length) {
      const key = keys[top.at++] as string;
      const mine = readKey(target, key);
      const other = source[key] as Json;
      if (mine === undefined || !isObject(mine) || !isObject(other)) writeKey(target, key, other);
      else {
        inner = openMerge(mine, other, top, rt);
        writeKey(target, key, inner.target);
        break;
      }
    }
    if (inner !== null) {
      if (++depth > MAX_MERGE_DEPTH) throw new JqError("Object merge too deep");
      top = inner;
    } else {
      depth--;
      top = top.up;
    }
  }
  return result;
}

function openMerge(a: JsonObject, b: JsonObject, up: Merge | null, rt: Runtime): Merge {
  const keys = keysOf(b);
  // As dear as three steps, in time and in memory.
  rt.meter.spend(3);
  chargeKeys(keys.length, rt);
  return { up, target: copyObject(a, rt), source: b, keys, at: 0 };
}

/** `a / b` */
export function divide(a: Json, b: Json, rt: Runtime): Json {
  if (typeof a === "number" && typeof b === "number") {
    if (b === 0) throw complain(a, b, "cannot be divided because the divisor is zero");
    return a / b;
  }
  if (typeof a === "string" && typeof b === "string") return splitText(a, b, rt);
  throw complain(a, b, "cannot be divided");
}

/** Whole numbers that a double holds exactly; the remainder of larger ones is taken in 64-bit integers. */
const EXACT = 2 ** 63;

/** `a % b`: both cut to 64-bit integers; the sign is that of `a`. */
export function modulo(a: Json, b: Json, _rt: Runtime): Json {
  if (typeof a !== "number" || typeof b !== "number") throw complain(a, b, "cannot be divided (remainder)");
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  const divisor = Math.trunc(b);
  if (divisor === 0) throw complain(a, b, "cannot be divided (remainder) because the divisor is zero");
  // `+ 0` makes 0 of -0.
  if (a < EXACT && a >= -EXACT && divisor < EXACT && divisor >= -EXACT) return (Math.trunc(a) % divisor) + 0;
  return Number(toInt64(a) % toInt64(divisor));
}

function toInt64(value: number): bigint {
  if (value >= EXACT) return 2n ** 63n - 1n;
  return value < -EXACT ? -(2n ** 63n) : BigInt(Math.trunc(value));
}

/** `-a` */
export function negate(a: Json, _rt: Runtime): Json {
  if (typeof a === "number") return -a;
  throw new JqError(`${showForError(a)} cannot be negated`);
}
