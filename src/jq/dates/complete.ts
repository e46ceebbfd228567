import type { BrokenDown } from "./broken-down.ts";
import { daysBefore, daysToYear, monthOfYearDay, weekdayOfDays } from "./civil.ts";
import type { Reader } from "./reader.ts";

/** Computes the fields that follow from those that were read, in glibc's order and with its gaps. */
export function complete(reader: Reader): void {
  const { time } = reader;
  if (reader.halfDay && reader.afternoon) time.hour += 12;
  if (reader.century !== undefined)
    time.year = reader.century * 100 + (reader.yearOfCentury ? time.year % 100 : 0);
  if (reader.wanted && !reader.weekday) {
    if (!(reader.month && reader.day) && reader.yearDay) setDate(reader);
    time.weekday = weekdayOf(time);
  }
  if (reader.wanted && !reader.yearDay) time.yearDay = daysBefore(time.year, time.month) + time.day - 1;
  if (reader.week !== undefined && reader.weekday) useWeek(reader, reader.week);
  repair(time);
}

const weekdayOf = (time: BrokenDown): number =>
  weekdayOfDays(daysToYear(time.year) + daysBefore(time.year, time.month) + time.day - 1);

/** Month and day, where they were not read, from the day of the year. */
function setDate(reader: Reader): void {
  const { time } = reader;
  // A week 0 may begin in the year before: its days count back from the first of January.
  const month = monthOfYearDay(time.year, Math.max(0, time.yearDay));
  if (!reader.month) time.month = month;
  if (!reader.day) time.day = time.yearDay - daysBefore(time.year, month) + 1;
  reader.month = reader.day = true;
}

/** The date of a weekday in a numbered week (`%U`, `%W`). */
function useWeek(reader: Reader, week: NonNullable<Reader["week"]>): void {
  const { time } = reader;
  // With both kinds of weeks in one format, C counts in those of %U.
  const shift = week.fromSunday ? 0 : 1;
  const first = weekdayOfDays(daysToYear(time.year));
  if (!reader.yearDay)
    time.yearDay = ((7 - (first - shift)) % 7) + (week.number - 1) * 7 + ((time.weekday - shift + 7) % 7);
  if (!reader.day || !reader.month) setDate(reader);
}

/** jq's own: the weekday and the day of the year, where C left them unset and a date is known. */
function repair(time: BrokenDown): void {
  if (time.day === 0) return;
  if (time.weekday === 8) time.weekday = weekdayOf(time);
  if (time.yearDay === 367) time.yearDay = daysBefore(time.year, time.month) + time.day - 1;
}
