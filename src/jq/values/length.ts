import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Json, JsonObject } from "../value.ts";
import { chargeKeys, keysOf } from "./objects.ts";
import { showForError } from "./print.ts";
import { countPoints, isFlat } from "./text.ts";

/** `length`: items, keys or code points; of a number its absolute value; of null 0. */
export function lengthOfValue(value: Json, rt: Runtime): number {
  switch (typeof value) {
    case "string":
      return countedLength(value, rt);
    case "number":
      return Math.abs(value);
    case "boolean":
      throw new JqError(`${showForError(value)} has no length`);
    default:
      if (value === null) return 0;
      return Array.isArray(value) ? value.length : sizeOf(value, rt);
  }
}

/** The code points of `text`, charged by what counting costs: of most texts it is known at once. */
export function countedLength(text: string, rt: Runtime): number {
  const flat = isFlat(text);
  rt.meter.spend(text.length / (flat ? 2048 : 64));
  return flat ? text.length : countPoints(text, text.length);
}

function sizeOf(object: JsonObject, rt: Runtime): number {
  const size = keysOf(object).length;
  chargeKeys(size, rt);
  return size;
}
