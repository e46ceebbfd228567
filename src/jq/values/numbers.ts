import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { negate } from "./arithmetic.ts";
import { readNumber } from "./number-text.ts";
import { compare } from "./order.ts";
import { showForError } from "./print.ts";

/** The least positive double that is not subnormal (C's DBL_MIN). */
const LEAST_NORMAL = 2.2250738585072014e-308;

/** `tonumber` */
export function toNumber(value: Json, rt: Runtime): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") {
    rt.meter.chars(value.length);
    const number = readNumber(value);
    if (number !== undefined) return number;
  }
  throw new JqError(`${showForError(value)} cannot be parsed as a number`);
}

/** `toboolean` */
export function toBoolean(value: Json): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  if (value === "false") return false;
  throw new JqError(`${showForError(value)} cannot be parsed as a boolean`);
}

/** `abs`: what is not below 0 is itself, whatever its type. */
export const absolute = (value: Json, rt: Runtime): Json =>
  compare(value, 0, rt) < 0 ? negate(value, rt) : value;

/** `isnormal`: a number that is neither 0, subnormal, infinite nor nan. */
export const isNormal = (value: Json): boolean =>
  typeof value === "number" && Number.isFinite(value) && Math.abs(value) >= LEAST_NORMAL;

/** `isinfinite` */
export const isInfinite = (value: Json): boolean =>
  value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
