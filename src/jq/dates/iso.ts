import { daysBefore, daysToYear, monthOfYearDay, weekdayOfDays, yearOfDays } from "./civil.ts";

/** Fast ways for `2015-03-05T23:51:47Z`, by far the most frequent form. What looks different is left to the general way. */

const DAY = 86_400;

/** The number that two digits spell, or NaN. */
function two(text: string, at: number): number {
  const high = text.charCodeAt(at) - 48;
  const low = text.charCodeAt(at + 1) - 48;
  return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : Number.NaN;
}

/** Is `text` of the form, with every field in the range that strptime allows (31 February is)? */
function isIso(text: string): boolean {
  if (
    text.length !== 20 ||
    text.charCodeAt(4) !== 45 ||
    text.charCodeAt(7) !== 45 ||
    text.charCodeAt(10) !== 84 ||
    text.charCodeAt(13) !== 58 ||
    text.charCodeAt(16) !== 58 ||
    text.charCodeAt(19) !== 90
  )
    return false;
  const month = two(text, 5);
  const day = two(text, 8);
  return (
    two(text, 0) >= 0 &&
    two(text, 2) >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    two(text, 11) <= 23 &&
    two(text, 14) <= 59 &&
    two(text, 17) <= 61
  );
}

/** jq's array form of the time; `null` when `text` has another form. */
export function readIso(text: string): number[] | null {
  if (!isIso(text)) return null;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5) - 1;
  const day = two(text, 8);
  const yearDay = daysBefore(year, month) + day - 1;
  const weekday = weekdayOfDays(daysToYear(year) + yearDay);
  return [year, month, day, two(text, 11), two(text, 14), two(text, 17), weekday, yearDay];
}

/** Seconds since 1970; `null` when `text` has another form. */
export function readIsoSeconds(text: string): number | null {
  if (!isIso(text)) return null;
  const year = two(text, 0) * 100 + two(text, 2);
  const days = daysToYear(year) + daysBefore(year, two(text, 5) - 1) + two(text, 8) - 1;
  return days * DAY + two(text, 11) * 3600 + two(text, 14) * 60 + two(text, 17);
}

const pad = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** Seconds between the years 1000 and 9999, so that the year has four digits. */
const FIRST = daysToYear(1000) * DAY;
const LAST = daysToYear(10_000) * DAY - 1;

/** The time in the form, the fraction cut towards 1970; `null` for years without four digits. */
export function writeIso(seconds: number): string | null {
  const whole = Math.trunc(seconds);
  if (!(whole >= FIRST && whole <= LAST)) return null;
  const days = Math.floor(whole / DAY);
  const ofDay = whole - days * DAY;
  const year = yearOfDays(days);
  const yearDay = days - daysToYear(year);
  const month = monthOfYearDay(year, yearDay);
  const day = yearDay - daysBefore(year, month) + 1;
  const hour = Math.floor(ofDay / 3600);
  const minute = Math.floor(ofDay / 60) % 60;
  return `${year}-${pad(month + 1)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(ofDay % 60)}Z`;
}
