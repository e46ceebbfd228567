import type { Json } from "../../../src/jq/value.ts";

/** How two values are compared: `nan` says whether NaN equals itself (jq says it does not; printed values are null by then). */
export interface SameOptions {
  readonly nan: boolean;
}

/** Are the values equal as jq's `==` has it: numbers as doubles, objects by their keys in any order? No recursion, any depth. */
export function same(left: Json, right: Json, { nan }: SameOptions = { nan: true }): boolean {
  const pending: [Json, Json][] = [[left, right]];
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [a, b] = pair;
    if (typeof a === "number" && typeof b === "number") {
      if (a !== b && !(nan && Number.isNaN(a) && Number.isNaN(b))) return false;
    } else if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) return false;
      for (const [i, item] of a.entries()) pending.push([item, b[i]!]);
    } else if (isObject(a) && isObject(b)) {
      const keys = Object.keys(a);
      if (keys.length !== Object.keys(b).length) return false;
      for (const key of keys) {
        if (!Object.hasOwn(b, key)) return false;
        pending.push([a[key]!, b[key]!]);
      }
    } else if (a !== b) return false;
  }
  return true;
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const LARGEST = Number.MAX_VALUE;

/** A value as it is after jq has printed it and another program has read it: NaN is null, infinity the largest double. */
export function printed(value: Json): Json {
  if (typeof value === "number")
    return Number.isNaN(value) ? null : Math.min(LARGEST, Math.max(-LARGEST, value));
  if (Array.isArray(value)) return value.map(printed);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, printed(item)]));
}

/** For messages of failed tests; `JSON.stringify`, but NaN stays visible and long texts are cut. */
export function show(value: unknown, limit = 400): string {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? String(item) : item,
  );
  return text === undefined ? "nothing" : text.length > limit ? `${text.slice(0, limit)}…` : text;
}
