import type { BrokenDown } from "./broken-down.ts";
import { isLeapYear } from "./civil.ts";
import { MONTHS, WEEKDAYS } from "./names.ts";

/** A moment as a clock shows it. */
export interface Shown {
  readonly time: BrokenDown;
  /** Seconds east of UTC. */
  readonly offset: number;
  /** `%Z` */
  readonly zone: string;
  /** `%s`: seconds since 1970. */
  readonly seconds: number;
}

/** How one conversion is to be written: `%_10B` has the flag `_` and the width 10. */
interface Style {
  /** "" when no flag said it: the conversion decides. */
  pad: "" | "_" | "-" | "0";
  upper: boolean;
  swap: boolean;
  width: number;
}

/** Conversions that stand for a format of the C locale. */
const SHORTHANDS: { readonly [conversion: string]: string } = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  r: "%I:%M:%S %p",
  R: "%H:%M",
  T: "%H:%M:%S",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};
/** Conversions that the modifiers `E` and `O` may stand before; they change nothing in the C locale. */
const AFTER_E = "cCnpPrRstTuxXyYzZ%";
const AFTER_O = "bBCdegGhHIjklmMnpPrRsStTuUVwWyzZ%";

/**
 * C's strftime in the C locale, with glibc's flags and widths. `null` when the text would take `room` characters or
 * more.
 */
export function formatTime(format: string, shown: Shown, room: number): string | null {
  let out = "";
  let at = 0;
  for (;;) {
    const percent = format.indexOf("%", at);
    if (percent < 0) break;
    out += format.slice(at, percent);
    const style: Style = { pad: "", upper: false, swap: false, width: -1 };
    at = readStyle(format, percent + 1, style);
    let modifier = "";
    if (format[at] === "E" || format[at] === "O") modifier = format[at++] as string;
    const conversion = format[at] ?? "";
    if (conversion !== "") at++;
    const allowed = modifier === "" || (modifier === "E" ? AFTER_E : AFTER_O).includes(conversion);
    const text = allowed ? convert(conversion, style, shown, room) : undefined;
    if (text === null) return null;
    out += text ?? word(format.slice(percent, at), style);
    if (out.length >= room) return null;
  }
  out += format.slice(at);
  return out.length < room ? out : null;
}

/** Reads flags and width from `at` on; the place after them. */
function readStyle(format: string, start: number, style: Style): number {
  let at = start;
  for (; at < format.length; at++) {
    const flag = format[at] as string;
    if (flag === "_" || flag === "-" || flag === "0") style.pad = flag;
    else if (flag === "^") style.upper = true;
    else if (flag === "#") style.swap = true;
    else break;
  }
  const digits = /^\d+/.exec(format.slice(at, at + 12))?.[0];
  if (digits !== undefined) style.width = Math.min(Number(digits), 2 ** 31 - 1);
  return at + (digits?.length ?? 0);
}

/** `text` filled up to the width from the left. */
function filled(text: string, style: Style): string {
  const missing = style.width - text.length;
  if (missing <= 0) return text;
  return (style.pad === "0" ? "0" : " ").repeat(Math.min(missing, 10_000)) + text;
}

/** `text` in the style; only the letters of ASCII have an upper case here. */
const word = (text: string, style: Style): string =>
  filled(style.upper ? text.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : text, style);

/** A number of at least `digits` digits. */
function numeral(value: number, digits: number, style: Style, usual: "0" | "_" = "0"): string {
  const pad = style.pad === "" ? usual : style.pad;
  const size = Math.min(Math.max(digits, style.width), 10_000);
  const text = String(Math.abs(value));
  if (value >= 0) return pad === "-" ? filled(text, style) : text.padStart(size, pad === "_" ? " " : "0");
  if (pad === "-") return filled(`-${text}`, style);
  return pad === "_" ? `-${text}`.padStart(size) : `-${text.padStart(size - 1, "0")}`;
}

/** One conversion as text; `undefined` when there is none of that letter, `null` when it is too long. */
function convert(conversion: string, style: Style, shown: Shown, room: number): string | null | undefined {
  const { time } = shown;
  switch (conversion) {
    case "%":
      return filled("%", style);
    case "n":
      return filled("\n", style);
    case "t":
      return filled("\t", style);
    case "a":
      return name(WEEKDAYS[time.weekday]?.slice(0, 3), style);
    case "A":
      return name(WEEKDAYS[time.weekday], style);
    case "b":
    case "h":
      return name(MONTHS[time.month]?.slice(0, 3), style);
    case "B":
      return name(MONTHS[time.month], style);
    case "p": {
      const half = time.hour > 11 ? "PM" : "AM";
      return style.swap ? filled(half.toLowerCase(), style) : word(half, style);
    }
    case "P":
      return filled(time.hour > 11 ? "pm" : "am", style);
    case "Z":
      return style.swap ? filled(shown.zone.toLowerCase(), style) : word(shown.zone, style);
    case "z": {
      const minutes = Math.floor(Math.abs(shown.offset) / 60);
      const sign = filled(shown.offset < 0 ? "-" : "+", style);
      return sign + numeral(Math.floor(minutes / 60) * 100 + (minutes % 60), 4, style);
    }
    case "C":
      return numeral(Math.floor(time.year / 100), 1, style);
    case "d":
      return numeral(time.day, 2, style);
    case "e":
      return numeral(time.day, 2, style, "_");
    case "H":
      return numeral(time.hour, 2, style);
    case "k":
      return numeral(time.hour, 2, style, "_");
    case "I":
      return numeral(hourOfHalf(time.hour), 2, style);
    case "l":
      return numeral(hourOfHalf(time.hour), 2, style, "_");
    case "j":
      return numeral(time.yearDay + 1, 3, style);
    case "m":
      return numeral(time.month + 1, 2, style);
    case "M":
      return numeral(time.minute, 2, style);
    case "S":
      return numeral(time.second, 2, style);
    case "s":
      return filled(String(shown.seconds), style);
    case "u":
      return numeral(((time.weekday + 6) % 7) + 1, 1, style);
    case "w":
      return numeral(time.weekday, 1, style);
    case "U":
      return numeral(Math.trunc((time.yearDay - time.weekday + 7) / 7), 2, style);
    case "W":
      return numeral(Math.trunc((time.yearDay - ((time.weekday + 6) % 7) + 7) / 7), 2, style);
    case "V":
      return numeral(isoWeek(time)[1], 2, style);
    case "G":
      return numeral(isoWeek(time)[0], 1, style);
    case "g":
      return numeral(ofCentury(isoWeek(time)[0]), 2, style);
    case "Y":
      return numeral(time.year, 1, style);
    case "y":
      return numeral(ofCentury(time.year), 2, style);
    default: {
      const inner = SHORTHANDS[conversion];
      if (inner === undefined || !Object.hasOwn(SHORTHANDS, conversion)) return undefined;
      const text = formatTime(inner, shown, room);
      return text === null ? null : word(text, style);
    }
  }
}

/** A name of the calendar; `#` makes it upper case as `^` does. */
function name(text: string | undefined, style: Style): string {
  const known = text ?? "?";
  return filled(style.upper || style.swap ? known.toUpperCase() : known, style);
}

const hourOfHalf = (hour: number): number => (hour > 12 ? hour - 12 : hour === 0 ? 12 : hour);

/** The last two digits of a year. */
const ofCentury = (year: number): number => ((year % 100) + 100) % 100;

/** ISO 8601's year and week: weeks begin on Monday, the first has the year's first Thursday. */
function isoWeek(time: BrokenDown): [year: number, week: number] {
  /** Days since the Monday of the first week, which may begin three days before the year or after it. */
  const since = (yearDay: number): number => {
    const monday = ((((yearDay - time.weekday + 1 + 378 + 3) % 7) + 7) % 7) - 3;
    return yearDay - monday;
  };
  let year = time.year;
  let days = since(time.yearDay);
  if (days < 0) {
    year--;
    days = since(time.yearDay + (isLeapYear(year) ? 366 : 365));
  } else {
    const next = since(time.yearDay - (isLeapYear(year) ? 366 : 365));
    if (next >= 0) {
      year++;
      days = next;
    }
  }
  return [year, Math.floor(days / 7) + 1];
}
