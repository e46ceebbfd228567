import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { keysOf } from "./objects.ts";
import { showForError } from "./print.ts";
import { lengthOf } from "./text.ts";

/** `length`: items, keys or code points; of a number its absolute value; of null 0. */
export function lengthOfValue(value: Json, rt: Runtime): number {
  switch (typeof value) {
    case "string":
      rt.meter.spend(value.length / 256);
      return lengthOf(value);
    case "number":
      return Math.abs(value);
    case "boolean":
      throw new JqError(`${showForError(value)} has no length`);
    default:
      if (value === null) return 0;
      return Array.isArray(value) ? value.length : keysOf(value).length;
  }
}
