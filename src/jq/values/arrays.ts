import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, truthy, writeKey } from "../value.ts";
import { has, index, iterate } from "./access.ts";
import { add, joinTexts, subtract } from "./arithmetic.ts";
import { lengthOfValue } from "./length.ts";
import { chargeKeys, isObject, keysOf } from "./objects.ts";
import { compare, equals } from "./order.ts";
import { showForError } from "./print.ts";
import { numberText } from "./number-text.ts";

/** Charges `added` items, and checks the bound of what has `total` by now. */
function charge(total: number, added: number, rt: Runtime): void {
  rt.meter.items(added);
  if (total * 8 > rt.meter.maxOutput) rt.meter.items(total);
}

/** `add`: the sum of all items, null of none. Arrays and objects are collected in one copy. */
export function addAll(value: Json, rt: Runtime): Json {
  let sum: Json = null;
  /** Is `sum` a container of ours, which may grow in place? */
  let own = false;
  for (const item of iterate(value, rt)) {
    rt.meter.left -= 1 / 16;
    if (own && Array.isArray(sum) && Array.isArray(item)) {
      charge(sum.length + item.length, item.length, rt);
      for (const each of item) sum.push(each);
    } else if (own && isObject(sum) && isObject(item)) {
      const keys = keysOf(item);
      chargeKeys(keys.length, rt);
      for (const key of keys) writeKey(sum, key, item[key] as Json);
    } else {
      const next: Json = add(sum, item, rt);
      own = next !== sum && next !== item && typeof next === "object";
      sum = next;
    }
  }
  rt.meter.spend(0);
  return sum;
}

/** `any` */
export function anyTrue(value: Json, rt: Runtime): boolean {
  const items = iterate(value, rt);
  rt.meter.items(items.length);
  return items.some(truthy);
}

/** `all` */
export function allTrue(value: Json, rt: Runtime): boolean {
  const items = iterate(value, rt);
  rt.meter.items(items.length);
  return items.every(truthy);
}

/** `reverse`: of an array; what else has the length 0 gives []. */
export function reverse(value: Json, rt: Runtime): Json[] {
  if (Array.isArray(value)) {
    rt.meter.items(value.length);
    return value.toReversed();
  }
  const length = lengthOfValue(value, rt);
  if (length !== 0) index(value, length - 1, rt);
  return [];
}

interface Part {
  readonly up: Part | null;
  readonly items: readonly Json[];
  /** How many more levels are opened; counts down and stops at 0. */
  readonly levels: Json;
  at: number;
}

/** `flatten(depth)`; -1 for all levels. */
export function flatten(value: Json, depth: Json, rt: Runtime): Json[] {
  const result: Json[] = [];
  let top: Part | null = { up: null, items: iterate(value, rt), levels: depth, at: 0 };
  while (top !== null) {
    let inner: Part | null = null;
    while (top.at < top.items.length) {
      const item = top.items[top.at++] as Json;
      rt.meter.left -= 1 / 8;
      if (Array.isArray(item) && !equals(top.levels, 0, rt)) {
        inner = { up: top, items: item, levels: subtract(top.levels, 1, rt), at: 0 };
        break;
      }
      result.push(item);
    }
    charge(result.length, 0, rt);
    top = inner ?? top.up;
  }
  return result;
}

/** `flatten(depth)` with the check of its argument. */
export function flattenTo(value: Json, depth: Json, rt: Runtime): Json[] {
  if (compare(depth, 0, rt) < 0) throw new JqError("flatten depth must not be negative");
  return flatten(value, depth, rt);
}

/** `transpose`: rows may have different lengths; what is missing is null. */
export function transpose(value: Json, rt: Runtime): Json[][] {
  const rows = iterate(value, rt);
  let width: number | null = null;
  for (const row of rows) {
    const length = lengthOfValue(row, rt);
    // By jq's order, in which nan is below all other numbers.
    if (width === null || compare(length, width, rt) >= 0) width = length;
  }
  const columns: Json[][] = [];
  // A row that is no array makes the first column fail.
  for (let at = 0; !(at >= (width ?? 0)); at++) {
    charge((at + 1) * (rows.length + 1), rows.length + 1, rt);
    columns.push(rows.map((row) => index(row, at, rt)));
  }
  return columns;
}

/** `join(separator)` */
export function join(value: Json, separator: Json, rt: Runtime): string {
  let text: string | null = null;
  for (const item of iterate(value, rt)) {
    if ((rt.meter.left -= 1 / 2) < 0) rt.meter.spend(0);
    if (text === null) text = "";
    else if (typeof separator === "string") text = joinTexts(text, separator, rt);
    else add(text, separator, rt);
    if (typeof item === "string") text = joinTexts(text, item, rt);
    else if (typeof item === "number") text += numberText(item);
    else if (typeof item === "boolean") text += item ? "true" : "false";
    else if (item !== null) add(text, item, rt);
  }
  rt.meter.spend(0);
  return text ?? "";
}

/** `to_entries`; the keys of an array are its positions. */
export function toEntries(value: Json, rt: Runtime): Json[] {
  if (Array.isArray(value)) {
    rt.meter.items(value.length * 2);
    return value.map((item, at) => ({ key: at, value: item }));
  }
  if (!isObject(value)) throw new JqError(`${showForError(value)} has no keys`);
  const keys = keysOf(value);
  chargeKeys(keys.length, rt);
  rt.meter.items(keys.length * 2);
  return keys.map((key) => ({ key, value: value[key] as Json }));
}

const KEYS = ["key", "Key", "name", "Name"];

/** The first of the fields that a key can be under whose value is true in a condition, else the last. */
function entryKey(item: Json, rt: Runtime): Json {
  let found: Json = null;
  for (const name of KEYS) {
    found = index(item, name, rt);
    if (truthy(found)) break;
  }
  return found;
}

/** `from_entries` */
export function fromEntries(value: Json, rt: Runtime): JsonObject {
  const items = iterate(value, rt);
  rt.meter.items(items.length * 4);
  const result: JsonObject = {};
  for (const item of items) {
    const key = entryKey(item, rt);
    const found = index(item, has(item, "value") ? "value" : "Value", rt);
    if (typeof key !== "string") throw new JqError(`Cannot use ${showForError(key)} as object key`);
    writeKey(result, key, found);
  }
  return result;
}
