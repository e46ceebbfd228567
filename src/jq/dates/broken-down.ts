import type { Json } from "../value.ts";
import { daysBefore, daysToYear, monthOfYearDay, weekdayOfDays, yearOfDays } from "./civil.ts";

/** Broken-down time as C's `struct tm` has it, with the whole year and the month from 0. */
export interface BrokenDown {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  /** Without fraction. */
  second: number;
  /** From Sunday, 0. */
  weekday: number;
  /** From 0. */
  yearDay: number;
}

const DAY = 86_400;
/** C's `int` holds these; `struct tm` counts years from 1900. */
const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;
const MIN_YEAR = INT_MIN + 1900;
const MAX_YEAR = INT_MAX + 1900;
/** No number of seconds beyond this has a year that fits; it keeps the arithmetic below exact. */
const MAX_SECONDS = 6.8e16;

/** Days since 1970 that `struct tm` can hold. */
const MIN_DAYS = daysToYear(MIN_YEAR);
const MAX_DAYS = daysToYear(MAX_YEAR + 1) - 1;

const toInt = (value: number): number => Math.min(INT_MAX, Math.max(INT_MIN, Math.trunc(value)));

/**
 * The broken-down time of a count of days since 1970 and of seconds within the day (0 to 86,399); `null` when its
 * year does not fit.
 */
function ofDays(days: number, seconds: number): BrokenDown | null {
  if (days < MIN_DAYS || days > MAX_DAYS) return null;
  const year = yearOfDays(days);
  const yearDay = days - daysToYear(year);
  const month = monthOfYearDay(year, yearDay);
  const hour = Math.floor(seconds / 3600);
  const minute = Math.floor(seconds / 60) % 60;
  return {
    year,
    month,
    day: yearDay - daysBefore(year, month) + 1,
    hour,
    minute,
    second: seconds % 60,
    weekday: weekdayOfDays(days),
    yearDay,
  };
}

/** May `seconds` since 1970 have a year that fits? Not infinite, not nan. */
export const isInRange = (seconds: number): boolean => Math.abs(seconds) < MAX_SECONDS;

/** The broken-down time of whole seconds since 1970, moved by an offset (seconds east); `null` out of range. */
export function ofSeconds(seconds: number, offset: number): BrokenDown | null {
  if (!isInRange(seconds)) return null;
  let ofDay = seconds % DAY;
  let days = (seconds - ofDay) / DAY;
  ofDay += offset;
  days += Math.floor(ofDay / DAY);
  ofDay -= Math.floor(ofDay / DAY) * DAY;
  return ofDays(days, ofDay);
}

/** Days since 1970 and seconds of that day, for fields of any size (month 14, second -1). */
function split(time: BrokenDown): [days: number, seconds: number] {
  const carried = Math.floor(time.month / 12);
  const year = time.year + carried;
  const month = time.month - carried * 12;
  const seconds = time.hour * 3600 + time.minute * 60 + time.second;
  const days = Math.floor(seconds / DAY);
  return [daysToYear(year) + daysBefore(year, month) + time.day - 1 + days, seconds - days * DAY];
}

/** Seconds since 1970, the fields being UTC; `null` when the year, months and the rest carried into it, does not fit. */
export function toSeconds(time: BrokenDown): number | null {
  const [days, seconds] = split(time);
  return days < MIN_DAYS || days > MAX_DAYS ? null : days * DAY + seconds;
}

/** The same time with every field in its range, weekday and day of the year as they are; `null` out of range. */
export function normalize(time: BrokenDown): BrokenDown | null {
  const [days, seconds] = split(time);
  return ofDays(days, seconds);
}

/** jq's array form; `fraction` of a second is part of the seconds. */
export const toArray = (time: BrokenDown, fraction: number): number[] => [
  time.year,
  time.month,
  time.day,
  time.hour,
  time.minute,
  time.second + fraction,
  time.weekday,
  time.yearDay,
];

/**
 * The fields of jq's array form, fractions cut; what is missing is 0, what is beyond the eighth is ignored. `null` when
 * one is not a number.
 */
export function ofArray(items: readonly Json[]): BrokenDown | null {
  const count = Math.min(items.length, 8);
  for (let i = 0; i < count; i++) {
    const item = items[i];
    if (typeof item !== "number" || Number.isNaN(item)) return null;
  }
  const at = (i: number): number => (i < count ? toInt(items[i] as number) : 0);
  return {
    year: count > 0 ? toInt((items[0] as number) - 1900) + 1900 : 1900,
    month: at(1),
    day: at(2),
    hour: at(3),
    minute: at(4),
    second: at(5),
    weekday: at(6),
    yearDay: at(7),
  };
}
