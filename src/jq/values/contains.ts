import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { type Json, type JsonObject, readKey } from "../value.ts";
import { includesText } from "./find-text.ts";
import { chargeKeys, keysOf } from "./objects.ts";
import { rankOf } from "./order.ts";
import { showForError } from "./print.ts";

/** jq's MAX_CONTAINS_DEPTH. */
const MAX_DEPTH = 10_000;

/** Two arrays or two objects that are compared. */
interface Pair {
  readonly up: Pair | null;
  /** Objects: the values to compare one by one (`undefined`: missing). Arrays: any of `a` may contain an item of `b`. */
  readonly a: readonly (Json | undefined)[];
  readonly b: readonly Json[];
  readonly paired: boolean;
  /** The item of `b` that is looked for, and the item of `a` that is tried. */
  at: number;
  tried: number;
}

/**
 * `contains(part)`: strings by substring, arrays when every item of `part` is contained in some item, objects when every
 * value of `part` is contained in the value of the same key.
 */
export function contains(value: Json, part: Json, rt: Runtime): boolean {
  if (rankOf(value) !== rankOf(part))
    throw new JqError(
      `${showForError(value)} and ${showForError(part)} cannot have their containment checked`,
    );
  if (typeof value !== "object" || value === null) return scalarContains(value, part, rt);
  return search(pairOf(value, part as Json[] | JsonObject, null, rt), rt);
}

function scalarContains(a: Json, b: Json, rt: Runtime): boolean {
  return typeof a === "string" && typeof b === "string" ? includesText(a, b, rt) : a === b;
}

function pairOf(a: Json[] | JsonObject, b: Json[] | JsonObject, up: Pair | null, rt: Runtime): Pair {
  if (Array.isArray(a)) return { up, a, b: b as Json[], paired: false, at: 0, tried: 0 };
  const part = b as JsonObject;
  const keys = keysOf(part);
  chargeKeys(keys.length, rt);
  return {
    up,
    a: keys.map((key) => readKey(a, key)),
    b: keys.map((key) => part[key] as Json),
    paired: true,
    at: 0,
    tried: 0,
  };
}

function search(first: Pair, rt: Runtime): boolean {
  let top: Pair = first;
  let depth = 0;
  for (;;) {
    const answer: boolean | Pair = goOn(top, depth, rt);
    if (typeof answer !== "boolean") {
      top = answer;
      depth++;
      continue;
    }
    // A pair is decided: hand the answer up until one has more to try.
    let decided = answer;
    for (;;) {
      if (top.up === null) return decided;
      top = top.up;
      depth--;
      const rest = settle(top, decided);
      if (rest === null) break;
      decided = rest;
    }
  }
}

/** Tries the next items of a pair: its answer, or the pair inside that has to be decided first. */
function goOn(pair: Pair, depth: number, rt: Runtime): boolean | Pair {
  const { a, b, paired } = pair;
  while (pair.at < b.length) {
    const item = a[paired ? pair.at : pair.tried];
    const part = b[pair.at] as Json;
    if (!paired && a.length === 0) return false;
    if (depth >= MAX_DEPTH) throw new JqError("Containment check too deep");
    rt.meter.spend(1 / 2);
    let found = false;
    if (item !== undefined && rankOf(item) === rankOf(part)) {
      if (typeof item === "object" && item !== null)
        return pairOf(item, part as Json[] | JsonObject, pair, rt);
      found = scalarContains(item, part, rt);
    }
    const answer = settle(pair, found);
    if (answer !== null) return answer;
  }
  return true;
}

/** Takes down whether the items that a pair stood at are contained: the pair's answer, or null when it goes on. */
function settle(pair: Pair, found: boolean): boolean | null {
  if (found) {
    pair.at++;
    pair.tried = 0;
    return pair.at === pair.b.length ? true : null;
  }
  if (pair.paired) return false;
  pair.tried++;
  return pair.tried === pair.a.length ? false : null;
}
