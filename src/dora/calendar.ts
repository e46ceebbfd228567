/** Calendar days, weeks and months of a time zone, exact over daylight saving changes (by `Intl`, no clock). */
import type { Instant } from "./facts.ts";
import type { Bucket, Window } from "./results.ts";

const DAY = 86_400_000;
/** A window of daily buckets may span a century; beyond, the question is a mistake or an attack. */
const BUCKET_LIMIT = 40_000;

export interface Calendar {
  /** The wall clock at an instant, as milliseconds of a clock that knows no zones (`Date.UTC` of what it shows). */
  readonly wallClock: (instant: Instant) => number;
  /** First instant of the day that the wall clock shows in `wallClock`. */
  readonly startOfDay: (wallClock: number) => Instant;
  /** Days between two instants by the wall clock: a day of 23 or 25 hours is one. */
  readonly daysBetween: (from: Instant, to: Instant) => number;
  /** How many calendar days hold at least one of the instants. */
  readonly distinctDays: (instants: readonly Instant[]) => number;
}

/** Making one takes 50 µs, and each row of an answer asks for several. */
const known = new Map<string, Calendar>();
const MAX_KNOWN = 50;

/** Throws a RangeError for a time zone that does not exist. */
export function calendarOf(timezone: string): Calendar {
  const found = known.get(timezone);
  if (found !== undefined) return found;
  const calendar = makeCalendar(timezone);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(timezone, calendar);
  return calendar;
}

function makeCalendar(timezone: string): Calendar {
  const offset = offsets(timezone);
  const wallClock = (instant: Instant): number => instant + offset(instant);
  const startOfDay = (wall: number): Instant => {
    const midnight = Math.floor(wall / DAY) * DAY;
    const candidates = [midnight - offset(midnight - DAY), midnight - offset(midnight + DAY)];
    const exact = candidates.filter((instant) => wallClock(instant) === midnight);
    if (exact.length > 0) return Math.min(...exact);
    // Midnight is skipped: the day starts where the clock jumps over it.
    let before = midnight - 2 * DAY;
    let after = midnight + 2 * DAY;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (wallClock(middle) < midnight) before = middle;
      else after = middle;
    }
    return after;
  };
  return {
    wallClock,
    startOfDay,
    daysBetween: (from, to) => (wallClock(to) - wallClock(from)) / DAY,
    distinctDays: (instants) => {
      let days = 0;
      let end = -Infinity;
      for (const instant of Float64Array.from(instants).sort()) {
        if (instant < end) continue;
        days++;
        end = startOfDay(wallClock(instant) + DAY);
      }
      return days;
    },
  };
}

/** Milliseconds by which the zone's wall clock is ahead of UTC at an instant. */
function offsets(timezone: string): (instant: Instant) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
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
  if (format.resolvedOptions().timeZone === "UTC") return () => 0;
  return (instant) => {
    const second = Math.floor(instant / 1000) * 1000;
    const shown: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(second)) shown[type] = value;
    const part = (type: string): number => Number(shown[type]);
    const year = shown["era"] === "BC" ? 1 - part("year") : part("year");
    const date = new Date(0);
    date.setUTCFullYear(year, part("month") - 1, part("day"));
    date.setUTCHours(part("hour"), part("minute"), part("second"));
    return date.getTime() - second;
  };
}

/**
 * The buckets of a window, cut to it. Ids: `2026-08-03`, `2026-W32` (the ISO week; a week from Sunday has the number of
 * the Monday in it), `2026-08`. Partial: cut by the window or not over at `now`. Throws a RangeError beyond 40,000.
 */
export function bucketsOf(window: Window, now: Instant): Bucket[] {
  const { wallClock, startOfDay } = calendarOf(window.timezone);
  const buckets: Bucket[] = [];
  let wall = startOfInterval(wallClock(window.from), window);
  let start = startOfDay(wall);
  while (start < window.to) {
    const nextWall = nextInterval(wall, window);
    const end = startOfDay(nextWall);
    if (end > window.from && end > start) {
      if (buckets.length === BUCKET_LIMIT) throw new RangeError(`more than ${BUCKET_LIMIT} buckets`);
      buckets.push({
        id: bucketId(wall, window),
        from: Math.max(start, window.from),
        to: Math.min(end, window.to),
        partial: start < window.from || end > window.to || end > now,
      });
    }
    wall = nextWall;
    start = end;
  }
  return buckets;
}

type Rule = Pick<Window, "interval" | "weekStart">;

function startOfInterval(wall: number, { interval, weekStart }: Rule): number {
  const day = Math.floor(wall / DAY) * DAY;
  if (interval === "day") return day;
  const date = new Date(day);
  if (interval === "month") return day - (date.getUTCDate() - 1) * DAY;
  return day - ((date.getUTCDay() + (weekStart === "monday" ? 6 : 0)) % 7) * DAY;
}

function nextInterval(wall: number, { interval }: Rule): number {
  if (interval === "day") return wall + DAY;
  if (interval === "week") return wall + 7 * DAY;
  const date = new Date(wall);
  date.setUTCMonth(date.getUTCMonth() + 1);
  return date.getTime();
}

function bucketId(wall: number, { interval }: Rule): string {
  const date = new Date(wall).toISOString().slice(0, -14);
  if (interval === "day") return date;
  if (interval === "month") return date.slice(0, -3);
  // The fourth day decides the ISO year; for a week from Sunday it is the Wednesday of the same ISO week.
  const fourth = new Date(wall + 3 * DAY);
  const thursday = wall + (3 + ((4 - fourth.getUTCDay() + 7) % 7)) * DAY;
  const year = new Date(thursday).getUTCFullYear();
  const firstDay = new Date(thursday);
  firstDay.setUTCMonth(0, 1);
  const week = Math.floor((thursday - firstDay.getTime()) / (7 * DAY)) + 1;
  return `${String(year).padStart(4, "0")}-W${String(week).padStart(2, "0")}`;
}
