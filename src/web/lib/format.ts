/** Every number, duration and time on the screen is written here, always with its unit. */
import type { MetricName } from "../api/types.ts";
import { dateFormat, numberFormat } from "./formatters.ts";
import { browserTimeZone } from "./time-zone.ts";

const WHOLE: Intl.DateTimeFormatOptions = {
  ...{ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" },
};

/** Every part of a time, by one formatter of the zone: making one takes milliseconds. */
function partsOf(iso: string, timeZone: string) {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of dateFormat({ ...WHOLE, timeZone }).formatToParts(new Date(iso)))
    parts[type] = value;
  // en-GB writes “Sept”; months of three letters keep tables and axes even.
  return { ...parts, month: parts.month?.slice(0, 3) };
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** 1234 → `1,234`. */
export function count(value: number): string {
  return numberFormat({ maximumFractionDigits: 0 }).format(value);
}

/** A value as it is, up to 6 decimals: 1234.5 → `1,234.5`. */
export function number(value: number): string {
  return numberFormat({ maximumFractionDigits: 6 }).format(value);
}

/** `1 change`, `2 changes`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Two significant digits below 10, one decimal below 100, none above; never `0` for something that is not. */
export function decimal(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return numberFormat({ maximumFractionDigits: 0 }).format(value);
  if (size >= 1) return numberFormat({ maximumFractionDigits: 1 }).format(value);
  return numberFormat({ maximumSignificantDigits: 2 }).format(value);
}

/**
 * `3 h 12 min`, `2 d 4 h`, `45 s`: at most the two largest units, rounded to the smaller.
 * @param round down (`Math.floor`) for what is left of something
 */
export function duration(seconds: number, round: (steps: number) => number = Math.round): string {
  const size = Math.abs(seconds);
  if (size > 0 && size < 1) return "< 1 s";
  const step = durationStep(size);
  let left = round(size / step) * step;
  const parts: string[] = [];
  for (const { seconds: unit, short } of UNITS.toReversed()) {
    const times = Math.floor(left / unit);
    left -= times * unit;
    if (times > 0) parts.push(`${count(times)} ${short}`);
  }
  return parts.length === 0 ? "0 s" : `${seconds < 0 ? "-" : ""}${parts.join(" ")}`;
}

const UNITS = [
  { seconds: 1, short: "s", name: "seconds" },
  { seconds: MINUTE, short: "min", name: "minutes" },
  { seconds: HOUR, short: "h", name: "hours" },
  { seconds: DAY, short: "d", name: "days" },
] as const;

/** What a duration of this size is rounded to: from ten minutes on seconds say nothing, from a day on minutes. */
function durationStep(size: number): number {
  return size < 10 * MINUTE ? 1 : size < DAY ? MINUTE : size < 100 * DAY ? HOUR : DAY;
}

/** The unit of an axis that reaches so far: seconds to 90, minutes to 90, hours to 36, then days. */
export function axisUnitOf(seconds: number): (typeof UNITS)[number] {
  return UNITS[seconds < 90 ? 0 : seconds < 90 * MINUTE ? 1 : seconds < 36 * HOUR ? 2 : 3];
}

/** 0.083 → `8.3 %`. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  const text = numberFormat({ maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 }).format(value);
  return `${text}\u00a0%`;
}

/** A difference of two ratios: `2.1 percentage points`. */
function points(ratio: number): string {
  const text = decimal(Math.round(ratio * 1000) / 10);
  return `${text} percentage ${text === "1" ? "point" : "points"}`;
}

interface Span {
  readonly days: number;
  readonly name: string;
}

/** As the API's `perMonth` and the command line have it: 365.25 / 12. */
const DAYS_PER_MONTH = 30.4375;

/** The shortest span in which a rate is at least one. */
function frequencySpan(perDay: number): Span {
  if (perDay >= 1 || perDay <= 0) return { days: 1, name: "day" };
  return perDay * 7 >= 1 ? { days: 7, name: "week" } : { days: DAYS_PER_MONTH, name: "month" };
}

/** Per-day rate as `2.4 per day`, `3 per week`, `1.5 per month`, in the span of `like`. */
export function frequency(perDay: number, like = perDay): string {
  const { days, name } = frequencySpan(like);
  return `${decimal(perDay * days)} per ${name}`;
}

/** A metric's value with its unit, as every card, table and chart prints it; frequencies in the span that suits `like`. */
export function metricValue(metric: MetricName, value: number, like = value): string {
  switch (metric) {
    case "deploymentFrequency":
      return frequency(value, like);
    case "changeFailureRate":
    case "reworkRate":
      return percent(value);
    default:
      return duration(value);
  }
}

/** Both ends, of frequencies in the span that suits `like`: `1 d 10 h – 2 d 12 h`, `4–12 %`. */
export function metricInterval(
  metric: MetricName,
  [low, high]: readonly [number, number],
  like: number,
): string {
  switch (metric) {
    case "deploymentFrequency": {
      const { days, name } = frequencySpan(like);
      return `${decimal(low * days)}–${decimal(high * days)} per ${name}`;
    }
    case "changeFailureRate":
    case "reworkRate":
      return `${percent(low).replace("\u00a0%", "")}–${percent(high)}`;
    default:
      return `${duration(low)} – ${duration(high)}`;
  }
}

/** The size of a change of a metric, without sign: points for the rates, of frequencies in the span that suits `like`. */
export function metricDelta(metric: MetricName, delta: number, like: number): string {
  const size = Math.abs(delta);
  if (metric === "changeFailureRate" || metric === "reworkRate") return points(size);
  return metricValue(metric, size, like);
}

/** Whether a change is lost in the rounding of the value it stands beside. */
export function isSame(metric: MetricName, delta: number, value: number): boolean {
  if (metric === "changeFailureRate" || metric === "reworkRate") return Math.abs(delta) < 0.0005;
  if (metric !== "deploymentFrequency") return Math.abs(delta) < durationStep(Math.abs(value)) / 2;
  const { days } = frequencySpan(value);
  const shown = Math.abs(value * days);
  const step = shown >= 100 ? 1 : shown >= 1 ? 0.1 : shown / 100;
  return delta === 0 || Math.abs(delta * days) < step / 2;
}

/** `25 Nov 2026, 14:02`, in the zone. */
export function dateTime(iso: string, timezone: string): string {
  const { day, month, year, hour, minute } = partsOf(iso, timezone);
  return `${day} ${month} ${year}, ${hour}:${minute}`;
}

/** The same in the reader's own zone. */
export const localTime = (iso: string): string => dateTime(iso, browserTimeZone());

/** The same to the second, for what happens at once. */
export const localSeconds = (iso: string): string =>
  `${localTime(iso)}:${String(new Date(iso).getUTCSeconds()).padStart(2, "0")}`;

/** `25 Nov 2026`, in the zone. */
export function date(iso: string, timezone: string): string {
  const { day, month, year } = partsOf(iso, timezone);
  return `${day} ${month} ${year}`;
}

/** `25 Nov`, in the zone. */
export function dayMonth(iso: string, timezone: string): string {
  const { day, month } = partsOf(iso, timezone);
  return `${day} ${month}`;
}

/** `Nov 2026`, in the zone. */
export function monthYear(iso: string, timezone: string): string {
  const { month, year } = partsOf(iso, timezone);
  return `${month} ${year}`;
}

/** A half-open window as the days it covers: `27 Aug – 25 Nov 2026`. */
export function windowText(from: string, to: string, timezone: string): string {
  const last = new Date(new Date(to).getTime() - 1).toISOString();
  const sameYear = date(from, timezone).slice(-4) === date(last, timezone).slice(-4);
  const start = sameYear ? dayMonth(from, timezone) : date(from, timezone);
  const end = date(last, timezone);
  return start === dayMonth(last, timezone) && sameYear ? end : `${start} – ${end}`;
}

/** `just now`, `12 min ago`, `3 days ago`, `in 2 h`; the day from a week on, in the reader's zone. */
export function ago(iso: string, now: number): string {
  const passed = (now - new Date(iso).getTime()) / 1000;
  const seconds = Math.abs(passed);
  // A clock that is ahead by a few minutes makes no future.
  if (seconds < 45 || (passed < 0 && seconds <= 10 * MINUTE)) return "just now";
  if (passed > 7 * DAY) return date(iso, browserTimeZone());
  const unit = seconds < 90 * MINUTE ? MINUTE : seconds < 36 * HOUR ? HOUR : DAY;
  const value = Math.max(1, Math.round(seconds / unit));
  const text = unit === MINUTE ? `${value} min` : unit === HOUR ? `${value} h` : plural(value, "day");
  return passed < 0 ? `in ${text}` : `${text} ago`;
}

/** First 8 hex digits of a sha. */
export function shortSha(sha: string): string {
  return sha.slice(0, 8);
}
