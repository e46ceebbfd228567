import type { Runtime } from "../runtime.ts";
import type { BrokenDown } from "./broken-down.ts";
import { complete } from "./complete.ts";
import { MONTHS, WEEKDAYS } from "./names.ts";
import {
  isSpace,
  readDigits,
  readHalf,
  readName,
  readNumber,
  type Reader,
  readSeconds,
  skipOffset,
  skipSpace,
} from "./reader.ts";

/** Days that `struct tm` never has: nothing was parsed. */
const NO_WEEKDAY = 8;
const NO_YEAR_DAY = 367;

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
const AFTER_E = "cCYxX";
const AFTER_O = "bBhdeHImMSUVWwy";

/**
 * C's strptime in the C locale as glibc has it: the time that `text` spells in `format`, and where it ends in `text`;
 * `undefined` when it does not match. Fields that are not spelt are 0, the year 1900.
 */
export function parseTime(
  text: string,
  format: string,
  rt: Runtime,
): { time: BrokenDown; end: number } | undefined {
  const time: BrokenDown = {
    year: 1900,
    month: 0,
    day: 0,
    hour: 0,
    minute: 0,
    second: 0,
    weekday: NO_WEEKDAY,
    yearDay: NO_YEAR_DAY,
  };
  const reader: Reader = {
    text,
    at: 0,
    time,
    rt,
    century: undefined,
    yearOfCentury: false,
    halfDay: false,
    afternoon: false,
    month: false,
    day: false,
    weekday: false,
    yearDay: false,
    wanted: false,
    week: undefined,
  };
  if (!match(reader, format)) return undefined;
  complete(reader);
  return { time, end: reader.at };
}

/** Reads what `format` says; did it match? */
function match(reader: Reader, format: string): boolean {
  const { text } = reader;
  for (let at = 0; at < format.length; at++) {
    if (isSpace(format, at)) skipSpace(reader);
    else if (format[at] !== "%") {
      if (text[reader.at] !== format[at]) return false;
      reader.at++;
    } else {
      at++;
      while ("-_0^#".includes(format[at] ?? "?")) at++;
      let conversion = format[at] ?? "";
      if (conversion === "E" || conversion === "O") {
        const allowed = conversion === "E" ? AFTER_E : AFTER_O;
        conversion = format[++at] ?? "";
        if (conversion === "" || !allowed.includes(conversion)) return false;
      }
      if (!read(reader, conversion)) return false;
    }
  }
  return true;
}

/** Reads what one conversion stands for. */
function read(reader: Reader, conversion: string): boolean {
  const { time, text } = reader;
  switch (conversion) {
    case "%":
      if (text[reader.at] !== "%") return false;
      reader.at++;
      return true;
    case "n":
    case "t":
      skipSpace(reader);
      return true;
    case "a":
    case "A": {
      const found = readName(reader, WEEKDAYS);
      time.weekday = found;
      reader.weekday = true;
      return found >= 0;
    }
    case "b":
    case "B":
    case "h": {
      const found = readName(reader, MONTHS);
      time.month = found;
      reader.month = reader.wanted = true;
      return found >= 0;
    }
    case "p":
      return readHalf(reader);
    case "C":
      reader.wanted = true;
      reader.century = readNumber(reader, 0, 99, 2);
      return reader.century !== undefined;
    case "y": {
      const year = readNumber(reader, 0, 99, 2);
      if (year === undefined) return false;
      time.year = year >= 69 ? 1900 + year : 2000 + year;
      reader.yearOfCentury = reader.wanted = true;
      return true;
    }
    case "Y":
      reader.yearOfCentury = false;
      reader.wanted = true;
      return set(time, "year", readNumber(reader, 0, 9999, 4));
    case "m": {
      reader.month = reader.wanted = true;
      const month = readNumber(reader, 1, 12, 2);
      return set(time, "month", month === undefined ? month : month - 1);
    }
    case "d":
    case "e":
      reader.day = reader.wanted = true;
      return set(time, "day", readNumber(reader, 1, 31, 2));
    case "j": {
      reader.yearDay = true;
      const day = readNumber(reader, 1, 366, 3);
      return set(time, "yearDay", day === undefined ? day : day - 1);
    }
    case "H":
    case "k":
      reader.halfDay = false;
      return set(time, "hour", readNumber(reader, 0, 23, 2));
    case "I":
    case "l": {
      reader.halfDay = true;
      const hour = readNumber(reader, 1, 12, 2);
      return set(time, "hour", hour === undefined ? hour : hour % 12);
    }
    case "M":
      return set(time, "minute", readNumber(reader, 0, 59, 2));
    case "S":
      return set(time, "second", readNumber(reader, 0, 61, 2));
    case "u": {
      reader.weekday = true;
      const day = readNumber(reader, 1, 7, 1);
      return set(time, "weekday", day === undefined ? day : day % 7);
    }
    case "w":
      reader.weekday = true;
      return set(time, "weekday", readNumber(reader, 0, 6, 1));
    case "U":
    case "W": {
      const number = readNumber(reader, 0, 53, 2);
      if (number === undefined) return false;
      reader.week = { number, fromSunday: conversion === "U" || reader.week?.fromSunday === true };
      return true;
    }
    case "V":
      return readNumber(reader, 0, 53, 2) !== undefined;
    case "g":
      return readNumber(reader, 0, 99, 2) !== undefined;
    case "G":
      return readDigits(reader) !== undefined;
    case "s":
      return readSeconds(reader);
    case "z":
      return skipOffset(reader);
    case "Z":
      skipSpace(reader);
      while (reader.at < text.length && !isSpace(text, reader.at)) reader.at++;
      return true;
    default: {
      const format = Object.hasOwn(SHORTHANDS, conversion) ? SHORTHANDS[conversion] : undefined;
      if (format === undefined || !match(reader, format)) return false;
      if ("cDFx".includes(conversion)) reader.wanted = true;
      return true;
    }
  }
}

function set(time: BrokenDown, field: keyof BrokenDown, value: number | undefined): boolean {
  if (value === undefined) return false;
  time[field] = value;
  return true;
}
