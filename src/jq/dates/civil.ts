/** The proleptic Gregorian calendar in plain arithmetic. Exact for every year that C's `struct tm` can hold. */

/** Days before each month of a common year; the year itself at the end. */
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** The day of the year (from 0) on which `month` (0 to 12) begins. */
export const daysBefore = (year: number, month: number): number =>
  (DAYS_BEFORE[month] as number) + (month > 1 && isLeapYear(year) ? 1 : 0);

/** Days from 1970-01-01 to the first of January of `year`. */
export function daysToYear(year: number): number {
  const last = year - 1;
  return (
    last * 365 + Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400) + (365 - 719_528 + 1)
  );
}

/** The year that `days` after 1970-01-01 lies in. */
export function yearOfDays(days: number): number {
  let year = 1970 + Math.floor(days / 365.2425);
  while (daysToYear(year) > days) year--;
  while (daysToYear(year + 1) <= days) year++;
  return year;
}

/** The weekday (Sunday is 0) that is `days` after 1970-01-01, a Thursday. */
export const weekdayOfDays = (days: number): number => (((days + 4) % 7) + 7) % 7;

/** The month (from 0) of a day of the year (from 0, at most 365). */
export function monthOfYearDay(year: number, yearDay: number): number {
  let month = Math.min(11, Math.floor(yearDay / 29));
  while (daysBefore(year, month) > yearDay) month--;
  return month;
}
