import { failure } from "./failure.ts";
import { digitOf, isDigit, type Reader } from "./reader.ts";

const CONTROL: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, a: 7, b: 8, e: 27 };

/** The value of a backslash and what follows it, where it is no more than a character: `\n`, `\cA`, `\.`. */
export function escapedCharacter(reader: Reader): number {
  const point = reader.next();
  if (point < 0) throw failure("end pattern at escape");
  if (point !== 99) return CONTROL[String.fromCodePoint(point)] ?? point;
  const control = reader.next();
  if (control < 0) throw failure("end pattern at control");
  if (control === 63) return 0x7f;
  return (control === 92 ? escapedCharacter(reader) : control) & 0x9f;
}

/**
 * Behind `\x` or `\o`, at the brace: the first code in it. `undefined`: there is none, and nothing was read. `more` tells whether
 * further ones follow, which `nextCode` reads.
 */
export function readCodes(
  reader: Reader,
  base: 8 | 16,
  rangeState: "none" | "start" | "end",
): { code: number; more: boolean } | undefined {
  const start = reader.at;
  reader.at++;
  const code = reader.digits(base, base === 16 ? 8 : 11);
  const next = reader.peek();
  if (base === 16 ? digitOf(next, 16) >= 0 : isDigit(next)) throw failure("too long wide-char value");
  if (code === undefined) {
    reader.at = start;
    return undefined;
  }
  if (reader.done) throw failure(INVALID);
  if (reader.take("}")) return { code, more: false };
  checkCodes(reader, base, rangeState);
  return { code, more: true };
}

const INVALID = "invalid code point value";
const isDivider = (point: number): boolean => point === 32 || point === 10;

/** All codes up to the brace are looked at before the first is used. */
function checkCodes(reader: Reader, base: 8 | 16, rangeState: "none" | "start" | "end"): void {
  const start = reader.at;
  let state: "open" | "start" | "range" = rangeState === "start" ? "start" : "open";
  let count = 0;
  let afterDigits = false;
  while (!reader.done) {
    let point = reader.next();
    if (isDivider(point)) {
      while (!reader.done && isDivider(point)) point = reader.next();
      if (isDivider(point)) throw failure(INVALID);
      afterDigits = false;
    } else if (afterDigits && point !== 125 && !(point === 45 && rangeState !== "none"))
      throw failure(digitOf(point, base) >= 0 ? "too long wide-char value" : INVALID);
    if (point === 125) {
      if (state === "range" || count === 0) throw failure(INVALID);
      reader.at = start;
      return;
    }
    if (point === 45 && rangeState !== "none") {
      if (state !== "start" || reader.done) throw failure(INVALID);
      afterDigits = false;
      state = "range";
      continue;
    }
    reader.at--;
    if (reader.digits(base, base === 16 ? 8 : 11) === undefined) throw failure(INVALID);
    count++;
    afterDigits = true;
    state = state === "range" ? "open" : "start";
  }
  throw failure(INVALID);
}

/** The next of several codes; "end" at the brace, "range" at a hyphen between two of them (in brackets). */
export function nextCode(reader: Reader, base: 8 | 16, ranges: boolean): number | "end" | "range" {
  while (isDivider(reader.peek())) reader.at++;
  if (reader.take("}")) return "end";
  if (ranges && reader.take("-")) return "range";
  const code = reader.digits(base, base === 16 ? 8 : 11);
  if (code === undefined) throw failure(INVALID);
  return code;
}

/** Behind `\x` or at the digits of an octal escape: a byte, which the octal ones above 377 wrap around to. Without digits, 0. */
export const readByte = (reader: Reader, base: 8 | 16, most: number): number =>
  (reader.digits(base, most) ?? 0) & 0xff;

/** How many bytes a code point takes that starts with this one. */
export function bytesFrom(first: number): number {
  if (first < 0xc0 || first > 0xf4) return 1;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The code point that these bytes are; `undefined` for bytes that no text has. */
export function decodeBytes(bytes: readonly number[]): number | undefined {
  const [first = 0, ...rest] = bytes;
  if (first >= 0x80 && first < 0xc0) throw failure(INVALID);
  if (rest.length === 0) return first < 0x80 ? first : undefined;
  let code = first & (0x3f >> rest.length);
  for (const byte of rest) {
    if ((byte & 0xc0) !== 0x80) throw failure(INVALID);
    code = (code << 6) | (byte & 0x3f);
  }
  const least = [0x80, 0x800, 0x10000][rest.length - 1] as number;
  return code < least ? undefined : code;
}

/** The text of a code point that stands in a pattern by its number; `undefined` for numbers that no text has. */
export function textOfCode(code: number): string | undefined {
  // Beyond what UTF-8 has lead bytes for.
  if (code >= 0x140000) throw failure(INVALID);
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? undefined : String.fromCodePoint(code);
}
