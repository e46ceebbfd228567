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

interface Unit {
  readonly seconds: number;
  readonly one: string;
  readonly many: string;
}
const UNITS: readonly Unit[] = [
  { seconds: 1, one: "s", many: "s" },
  { seconds: MINUTE, one: "min", many: "min" },
  { seconds: HOUR, one: "h", many: "h" },
  { seconds: DAY, one: "day", many: "days" },
];

/** The unit a duration of this many seconds is read in: s < 90, min < 90 min, h < 36 h, then days. */
export function durationUnit(seconds: number): Unit {
  const size = Math.abs(seconds);
  const index = size < 90 ? 0 : size < 90 * MINUTE ? 1 : size < 36 * HOUR ? 2 : 3;
  return UNITS[index] as Unit;
}

/** Seconds as `45 min`, `3.2 h`, `1.9 days`. `like`: in the unit of that many seconds, so that two can be compared. */
export function duration(seconds: number, like = seconds): string {
  const wanted = durationUnit(like);
  // A tiny amount in a large unit says nothing.
  const unit = seconds !== 0 && Math.abs(seconds) < wanted.seconds / 20 ? durationUnit(seconds) : wanted;
  const text = inUnit(seconds, unit);
  return `${text} ${text === "1" ? unit.one : unit.many}`;
}

function inUnit(seconds: number, unit: Unit): string {
  const value = seconds / unit.seconds;
  return unit.seconds <= MINUTE ? count(value) : decimal(value);
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

/** A metric's value with its unit, as every card, table and chart prints it; in the unit that suits `like`. */
export function metricValue(metric: MetricName, value: number, like = value): string {
  switch (metric) {
    case "deploymentFrequency":
      return frequency(value, like);
    case "changeFailureRate":
    case "reworkRate":
      return percent(value);
    default:
      return duration(value, like);
  }
}

/** Both ends in the unit that suits `like`: `1.4–2.5 days`, `4–12 %`. */
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
    default: {
      const unit = durationUnit(like);
      return `${inUnit(low, unit)}–${inUnit(high, unit)} ${unit.many}`;
    }
  }
}

/** The size of a change of a metric, without sign: points for the rates, otherwise in the unit that suits `like`. */
export function metricDelta(metric: MetricName, delta: number, like: number): string {
  const size = Math.abs(delta);
  if (metric === "changeFailureRate" || metric === "reworkRate") return points(size);
  if (metric === "deploymentFrequency") return metricValue(metric, size, like);
  // Hundredths of a day or of an hour are hours and minutes.
  return duration(size, size < durationUnit(like).seconds / 10 ? size : like);
}

/** Whether a change is lost in the rounding of the value it stands beside. */
export function isSame(metric: MetricName, delta: number, value: number): boolean {
  if (metric === "changeFailureRate" || metric === "reworkRate") return Math.abs(delta) < 0.0005;
  const isRate = metric === "deploymentFrequency";
  const unit = isRate ? 1 / frequencySpan(value).days : durationUnit(value).seconds;
  const shown = Math.abs(value / unit);
  const whole = shown >= 100 || (!isRate && unit <= MINUTE);
  const step = whole ? 1 : shown >= 1 ? 0.1 : shown / 100;
  return delta === 0 || Math.abs(delta / unit) < step / 2;
}

/** `25 Nov 2026, 14:02`, in the zone. */
export function dateTime(iso: string, timezone: string): string {
  const { day, month, year, hour, minute } = partsOf(iso, timezone);
  return `${day} ${month} ${year}, ${hour}:${minute}`;
}

/** The same in the reader's own zone. */
export const localTime = (iso: string): string => dateTime(iso, browserTimeZone());

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

/** `just now`, `12 min ago`, `3 days ago`, `in 2 h`. */
export function ago(iso: string, now: number): string {
  const passed = (now - new Date(iso).getTime()) / 1000;
  const seconds = Math.abs(passed);
  // A clock that is ahead by a few minutes makes no future.
  if (seconds < 45 || (passed < 0 && seconds <= 10 * MINUTE)) return "just now";
  const unit = seconds < 90 * MINUTE ? MINUTE : seconds < 36 * HOUR ? HOUR : DAY;
  const value = Math.max(1, Math.round(seconds / unit));
  const text = unit === MINUTE ? `${value} min` : unit === HOUR ? `${value} h` : plural(value, "day");
  return passed < 0 ? `in ${text}` : `${text} ago`;
}

/** What is left of some time, in its two largest units: `2 days 4 h`, `12 min 30 s`. */
export function left(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts: readonly (readonly [number, string, number])[] = [
    [Math.floor(whole / DAY), "day", DAY],
    [Math.floor((whole % DAY) / HOUR), "h", HOUR],
    [Math.floor((whole % HOUR) / MINUTE), "min", MINUTE],
    [whole % MINUTE, "s", 1],
  ];
  const first = parts.findIndex(([value]) => value > 0);
  if (first === -1) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([value]) => value > 0)
    .map(([value, name]) => (name === "day" ? plural(value, "day") : `${value} ${name}`))
    .join(" ");
}

/** First 8 hex digits of a sha. */
export function shortSha(sha: string): string {
  return sha.slice(0, 8);
}
