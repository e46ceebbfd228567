/** Calendar units of a time zone as instants, exact over daylight saving changes (by `Intl`; the clock is the caller's). */
import { invalid } from "./error.ts";
import { show } from "./json.ts";

/** Milliseconds since 1970. */
export type Millis = number;

const HOUR = 3_600_000;
const DAY = 86_400_000;

export const INTERVALS = ["hour", "day", "isoWeek", "month", "quarter"] as const;
export type Interval = (typeof INTERVALS)[number];

/** The name as `Intl` knows it. @throws AppError `invalid_request` for anything else */
export function parseTimeZone(value: unknown, field: string): string {
  if (value === undefined || value === null) return "UTC";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value as string }).resolvedOptions().timeZone;
  } catch {
    throw invalid(`${field} ${show(value)} is not a time zone such as Europe/Berlin`);
  }
}

/** What the clock on the wall shows at an instant, as milliseconds of a clock that knows no zones. */
export function wallClock(instant: Millis, timeZone: string): Millis {
  return instant + offsetAt(instant, timeZone);
}

/** The first instant at which the clock on the wall shows this time; where it skips the time, the instant of the skip. */
export function instantOf(wall: Millis, timeZone: string): Millis {
  const candidates = [wall - offsetAt(wall - DAY, timeZone), wall - offsetAt(wall + DAY, timeZone)];
  const exact = candidates.filter((instant) => wallClock(instant, timeZone) === wall);
  if (exact.length > 0) return Math.min(...exact);
  let before = wall - 2 * DAY;
  let after = wall + 2 * DAY;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallClock(middle, timeZone) < wall) before = middle;
    else after = middle;
  }
  return after;
}

/** Start of the calendar day `offset` days after the one that `now` is in. */
export function dayStart(now: Millis, offset: number, timeZone: string): Millis {
  const day = Math.floor(wallClock(now, timeZone) / DAY) + offset;
  return instantOf(day * DAY, timeZone);
}

/** Starts of the calendar intervals that touch [from, to), oldest first. */
export function intervalStarts(from: Millis, to: Millis, interval: Interval, timeZone: string): Millis[] {
  const starts: Millis[] = [];
  for (let start = startOf(from, interval, timeZone); start < to || starts.length === 0;) {
    starts.push(start);
    start = nextStart(start, interval, timeZone);
  }
  return starts;
}

/** End of the interval that starts at `start`. */
export function nextStart(start: Millis, interval: Interval, timeZone: string): Millis {
  // An hour in which the clock is set by half an hour (Lord Howe) ends when the wall shows the next full hour.
  if (interval === "hour") {
    const next = startOf(start + HOUR, "hour", timeZone);
    return next > start ? next : start + HOUR;
  }
  const wall = wallClock(start, timeZone);
  // Far enough to be in the next interval, not so far as to be in the one after that.
  const inside = { day: 1.5 * DAY, isoWeek: 7.5 * DAY, month: 45 * DAY, quarter: 105 * DAY }[interval];
  return instantOf(truncate(truncate(wall, interval) + inside, interval), timeZone);
}

function startOf(instant: Millis, interval: Interval, timeZone: string): Millis {
  const wall = wallClock(instant, timeZone);
  // An hour is counted back from the instant: the wall shows some hours twice a year.
  if (interval === "hour") return instant - (wall - truncate(wall, "hour"));
  return instantOf(truncate(wall, interval), timeZone);
}

function truncate(wall: Millis, interval: Interval): Millis {
  const date = new Date(wall);
  switch (interval) {
    case "hour":
      return Math.floor(wall / HOUR) * HOUR;
    case "day":
      return Math.floor(wall / DAY) * DAY;
    case "isoWeek":
      // 1970 began on a Thursday.
      return (Math.floor((Math.floor(wall / DAY) + 3) / 7) * 7 - 3) * DAY;
    case "month":
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    default:
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - (date.getUTCMonth() % 3));
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds by which the clock on the wall is ahead of UTC. */
function offsetAt(instant: Millis, timeZone: string): Millis {
  if (timeZone === "UTC") return 0;
  const second = Math.floor(instant / 1000) * 1000;
  const shown: Record<string, string> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(second)) shown[type] = value;
  const part = (type: string): number => Number(shown[type]);
  const date = new Date(0);
  date.setUTCFullYear(
    shown["era"] === "BC" ? 1 - part("year") : part("year"),
    part("month") - 1,
    part("day"),
  );
  date.setUTCHours(part("hour"), part("minute"), part("second"));
  return date.getTime() - second;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timeZone, format);
  }
  return format;
}
