import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { index, slice } from "./access.ts";
import { showForError } from "./print.ts";
import { findText, splitText } from "./find-text.ts";
import { countPoints, isFlat, utf8Length } from "./text.ts";

/** `startswith(part)` */
export function startsWith(value: Json, part: Json, rt: Runtime): boolean {
  if (typeof value === "string" && typeof part === "string") {
    rt.meter.left -= part.length / 128;
    return value.startsWith(part);
  }
  throw new JqError("startswith() requires string inputs");
}

/** `endswith(part)` */
export function endsWith(value: Json, part: Json, rt: Runtime): boolean {
  if (typeof value === "string" && typeof part === "string") {
    rt.meter.left -= part.length / 128;
    return value.endsWith(part);
  }
  throw new JqError("endswith() requires string inputs");
}

/** `ltrimstr(part)` */
export const withoutStart = (value: Json, part: Json, rt: Runtime): Json =>
  startsWith(value, part, rt) ? (value as string).slice((part as string).length) : value;

/** `rtrimstr(part)` */
export const withoutEnd = (value: Json, part: Json, rt: Runtime): Json =>
  endsWith(value, part, rt)
    ? (value as string).slice(0, (value as string).length - (part as string).length)
    : value;

/** The code points with the property White_Space. */
const BLANK = "\\u0009-\\u000d \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const LEADING = new RegExp(`^[${BLANK}]+`);
const BLANKS = new RegExp(`[${BLANK}]`);
const isBlank = (code: number): boolean =>
  code < 128 ? code === 32 || (code >= 9 && code <= 13) : BLANKS.test(String.fromCharCode(code));
const BLANKS_PER_STEP = 16;

/** `trim`, `ltrim` and `rtrim`. */
export function trim(value: Json, left: boolean, right: boolean, rt: Runtime): string {
  if (typeof value !== "string") throw new JqError("trim input must be a string");
  const start = left ? (LEADING.exec(value)?.[0].length ?? 0) : 0;
  let end = value.length;
  // Not by a regular expression: one that is anchored at the end alone tries every start.
  if (right) while (end > start && isBlank(value.charCodeAt(end - 1))) end--;
  rt.meter.spend(1 + (start + value.length - end) / BLANKS_PER_STEP);
  return value.slice(start, end);
}

/** `split(separator)` */
export function split(value: Json, separator: Json, rt: Runtime): string[] {
  if (typeof value === "string" && typeof separator === "string") return splitText(value, separator, rt);
  throw new JqError("split input and separator must be strings");
}

/** `explode` */
export function explode(value: Json, rt: Runtime): number[] {
  if (typeof value !== "string") throw new JqError("explode input must be a string");
  rt.meter.items(value.length);
  rt.meter.spend(value.length / 12);
  const points: number[] = [];
  for (const character of value) points.push(character.codePointAt(0) as number);
  return points;
}

const IMPLODE_BATCH = 1024;

/** `implode`: fractions are cut; what is no code point becomes U+FFFD. */
export function implode(value: Json, rt: Runtime): string {
  if (!Array.isArray(value)) throw new JqError("implode input must be an array");
  rt.meter.items(value.length);
  rt.meter.chars(value.length * 4);
  let text = "";
  // Texts of one character each, joined one by one, would take sixty times their memory.
  let batch: number[] = [];
  for (const item of value) {
    if (typeof item !== "number" || Number.isNaN(item))
      throw new JqError(`${showForError(item)} can't be imploded, unicode codepoint needs to be numeric`);
    const point = Math.trunc(item);
    const valid = point >= 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    batch.push(valid ? point : 0xfffd);
    if (batch.length === IMPLODE_BATCH) {
      text += String.fromCodePoint(...batch);
      batch = [];
    }
  }
  return text + String.fromCodePoint(...batch);
}

/** `_strindices(part)`: the offsets in code points, overlaps included; of "" none. */
export function stringIndices(value: Json, part: Json, rt: Runtime): number[] {
  if (typeof value !== "string")
    throw new JqError(`${showForError(value)} cannot be searched, as it is not a string`);
  if (typeof part !== "string") throw new JqError(`${showForError(part)} is not a string`);
  if (part === "") return [];
  const found = findText(value, part, true, Number.POSITIVE_INFINITY, rt);
  rt.meter.items(found.length);
  if (isFlat(value)) return found;
  rt.meter.spend(value.length / 256);
  let points = 0;
  let counted = 0;
  return found.map((at) => {
    points += countPoints(value, at, counted);
    counted = at;
    return points;
  });
}

/** `indices(part)` */
export function indices(value: Json, part: Json, rt: Runtime): Json {
  if (Array.isArray(value)) return index(value, Array.isArray(part) ? part : [part], rt);
  return typeof value === "string" && typeof part === "string"
    ? stringIndices(value, part, rt)
    : index(value, part, rt);
}

/** `index(part)` */
export const firstIndex = (value: Json, part: Json, rt: Runtime): Json =>
  index(indices(value, part, rt), 0, rt);

/** `rindex(part)` */
export const lastIndex = (value: Json, part: Json, rt: Runtime): Json =>
  index(slice(indices(value, part, rt), -1, null, rt), 0, rt);

/** `ascii_downcase` and `ascii_upcase`: only the letters of ASCII change. */
export function changeCase(value: Json, upper: boolean, rt: Runtime): string {
  if (typeof value !== "string") throw new JqError("explode input must be a string");
  rt.meter.chars(value.length);
  if (utf8Length(value) === value.length) return upper ? value.toUpperCase() : value.toLowerCase();
  rt.meter.spend(value.length / 16);
  const [first, last, distance] = upper ? [97, 122, -32] : [65, 90, 32];
  let text = "";
  let from = 0;
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit < first || unit > last) continue;
    text += value.slice(from, at) + String.fromCharCode(unit + distance);
    from = at + 1;
  }
  return text + value.slice(from);
}
