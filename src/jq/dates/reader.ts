import type { Runtime } from "../runtime.ts";
import { type BrokenDown, isInRange, ofSeconds } from "./broken-down.ts";
import { localZone } from "./zone.ts";

/** What is being read, how far it was read, and what is known by then. */
export interface Reader {
  readonly text: string;
  at: number;
  readonly time: BrokenDown;
  readonly rt: Runtime;
  /** Century of `%C`; `%y` then is a year of it. */
  century: number | undefined;
  yearOfCentury: boolean;
  /** `%I` was read, so that PM adds 12. */
  halfDay: boolean;
  afternoon: boolean;
  month: boolean;
  day: boolean;
  weekday: boolean;
  yearDay: boolean;
  /** Weekday and day of the year are to be computed. */
  wanted: boolean;
  /** `%U`, or `%W` alone. */
  week: { number: number; fromSunday: boolean } | undefined;
}

/** C's isspace in the C locale. */
export const isSpace = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code === 32 || (code >= 9 && code <= 13);
};

export function skipSpace(reader: Reader): void {
  while (isSpace(reader.text, reader.at)) reader.at++;
}

/** The digits from here on, at least one. */
export function readDigits(reader: Reader): string | undefined {
  const start = reader.at;
  while (isDigit(reader.text, reader.at)) reader.at++;
  return reader.at > start ? reader.text.slice(start, reader.at) : undefined;
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
};

/**
 * A number from `from` to `to` after any blanks. No more than `size` digits are read, and none that would make it pass
 * `to`: "%H" reads "3" of "30" no further when a second digit cannot be an hour's.
 */
export function readNumber(reader: Reader, from: number, to: number, size: number): number | undefined {
  skipSpace(reader);
  const { text } = reader;
  let value = 0;
  let digits = 0;
  while (digits < size && value * 10 <= to && isDigit(text, reader.at)) {
    value = value * 10 + text.charCodeAt(reader.at++) - 48;
    digits++;
  }
  return digits > 0 && value >= from && value <= to ? value : undefined;
}

/** The index of the name, whole or its first three letters, that the text goes on with; -1 when none. */
export function readName(reader: Reader, names: readonly string[]): number {
  const start = reader.text.slice(reader.at, reader.at + 9).toLowerCase();
  const found = names.findIndex((name) => start.startsWith(name.slice(0, 3).toLowerCase()));
  const name = names[found];
  if (name !== undefined) reader.at += start.startsWith(name.toLowerCase()) ? name.length : 3;
  return found;
}

/** `%p` */
export function readHalf(reader: Reader): boolean {
  const half = reader.text.slice(reader.at, reader.at + 2).toLowerCase();
  if (half !== "am" && half !== "pm") return false;
  reader.afternoon = half === "pm";
  reader.at += 2;
  return true;
}

/** `%s`: seconds since 1970, as the zone's clock shows them. */
export function readSeconds(reader: Reader): boolean {
  const digits = readDigits(reader);
  if (digits === undefined) return false;
  const seconds = Number(digits);
  if (!isInRange(seconds)) return false;
  const time = ofSeconds(seconds, localZone(reader.rt).offsetAt(seconds));
  if (time === null) return false;
  Object.assign(reader.time, time);
  return true;
}

/** `%z`: `Z`, `+01`, `+0130` or `+01:30`. It is read, but moves nothing. */
export function skipOffset(reader: Reader): boolean {
  skipSpace(reader);
  const { text } = reader;
  const first = text[reader.at++];
  if (first === "Z") return true;
  if (first !== "+" && first !== "-") return false;
  let value = 0;
  let digits = 0;
  while (digits < 4 && isDigit(text, reader.at)) {
    value = value * 10 + text.charCodeAt(reader.at++) - 48;
    digits++;
    if (digits === 2 && text[reader.at] === ":" && isDigit(text, reader.at + 1)) reader.at++;
  }
  return digits === 2 || (digits === 4 && value % 100 < 60);
}
