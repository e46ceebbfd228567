import { limitError } from "../errors.ts";
import type { Meter } from "../meter.ts";
import type { Json } from "../value.ts";

/** Characters that stand for a number, roughly, and around a key or an item. */
const NUMBER = 4;
const PUNCTUATION = 1;

/**
 * Roughly the length of `value` as JSON, every part counted as often as it occurs: what shares memory here does not when
 * it is written. Stops with an error as soon as it is more than `left`.
 */
export function measure(value: Json, left: number, meter: Meter): number {
  if (typeof value === "string") return checked(value.length + 2, left, meter);
  if (typeof value !== "object" || value === null) return checked(NUMBER, left, meter);
  let size = 0;
  const pending: Json[] = [value];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    size += 2;
    if (Array.isArray(at)) {
      size += at.length * PUNCTUATION;
      checked(size, left, meter);
      for (const item of at) size += sizeOf(item, pending);
    } else {
      for (const key in at as object) {
        const item = (at as Record<string, Json>)[key];
        if (item === undefined) continue;
        size += key.length + 3 + PUNCTUATION + sizeOf(item, pending);
      }
    }
    checked(size, left, meter);
  }
  return size;
}

/** The size of what holds nothing; what does is put off. */
function sizeOf(item: Json | undefined, pending: Json[]): number {
  if (typeof item === "string") return item.length + 2;
  if (typeof item !== "object" || item === null) return NUMBER;
  pending.push(item);
  return 0;
}

function checked(size: number, left: number, meter: Meter): number {
  if (size > left) throw limitError("bytes of output", meter.maxOutput);
  return size;
}
