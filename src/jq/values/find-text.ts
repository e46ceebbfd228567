import type { Runtime } from "../runtime.ts";

/** Needles up to this length are looked for by the engine's own search, whose worst case is text times needle. */
const SHORT = 32;

/**
 * The UTF-16 offsets at which `needle` (not "") occurs in `text`, in ascending order; at most `limit`. With `overlapping`
 * an occurrence may begin inside of the one before. Never slower than linear: a text of one letter and a needle of the
 * same letters but one would keep `indexOf` busy for seconds.
 */
export function findText(
  text: string,
  needle: string,
  overlapping: boolean,
  limit: number,
  rt: Runtime,
): number[] {
  if (needle.length > text.length) return [];
  if (needle.length === text.length) {
    rt.meter.spend(text.length / 128);
    return text === needle && limit > 0 ? [0] : [];
  }
  if (needle.length > SHORT) return findLong(text, needle, overlapping, limit, rt);
  rt.meter.spend((text.length / 256) * (1 + needle.length / 8));
  const found: number[] = [];
  const step = overlapping ? 1 : needle.length;
  for (let at = text.indexOf(needle); at >= 0 && found.length < limit; at = text.indexOf(needle, at + step)) {
    found.push(at);
    if (found.length * 8 > rt.meter.maxOutput) rt.meter.items(found.length);
  }
  rt.meter.spend(found.length / 8);
  return found;
}

/** Knuth, Morris and Pratt. */
function findLong(text: string, needle: string, overlapping: boolean, limit: number, rt: Runtime): number[] {
  rt.meter.spend((text.length + needle.length) / 20);
  const found: number[] = [];
  const borders = bordersOf(needle);
  let matched = 0;
  for (let at = 0; at < text.length && found.length < limit; at++) {
    const unit = text.charCodeAt(at);
    while (matched > 0 && unit !== needle.charCodeAt(matched)) matched = borders[matched - 1] as number;
    if (unit === needle.charCodeAt(matched)) matched++;
    if (matched === needle.length) {
      found.push(at + 1 - needle.length);
      if (found.length * 8 > rt.meter.maxOutput) rt.meter.items(found.length);
      matched = overlapping ? (borders[matched - 1] as number) : 0;
    }
  }
  return found;
}

/** For each beginning of the needle the length of its longest proper part that is both its beginning and its end. */
function bordersOf(needle: string): Int32Array {
  const borders = new Int32Array(needle.length);
  let length = 0;
  for (let at = 1; at < needle.length; at++) {
    const unit = needle.charCodeAt(at);
    while (length > 0 && unit !== needle.charCodeAt(length)) length = borders[length - 1] as number;
    if (unit === needle.charCodeAt(length)) length++;
    borders[at] = length;
  }
  return borders;
}

/** Does `needle` occur in `text`? */
export const includesText = (text: string, needle: string, rt: Runtime): boolean =>
  needle === "" || findText(text, needle, false, 1, rt).length > 0;

/** The parts of `text` between `separator`s; of "" none; with the separator "" the code points. */
export function splitText(text: string, separator: string, rt: Runtime): string[] {
  if (text === "") return [];
  if (separator === "") {
    rt.meter.items(text.length);
    return Array.from(text);
  }
  if (separator.length <= SHORT && text.length < 4096) {
    const parts = text.split(separator);
    rt.meter.spend(text.length / 64 + parts.length / 4);
    return parts;
  }
  const parts: string[] = [];
  let from = 0;
  for (const at of findText(text, separator, false, Number.POSITIVE_INFINITY, rt)) {
    parts.push(text.slice(from, at));
    from = at + separator.length;
  }
  parts.push(text.slice(from));
  rt.meter.items(parts.length);
  rt.meter.spend(parts.length / 6);
  return parts;
}
