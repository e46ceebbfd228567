/** Ranges of time in queries: presets, and pairs of date-times (data-model.md §5.3, decision 16). */
import { invalid } from "./error.ts";
import { isInstant, parseInstant } from "./instant.ts";
import { isObject, kindOf, show } from "./json.ts";
import { dayStart, instantOf, type Millis, parseTimeZone } from "./query-calendar.ts";

/** Half-open [from, to). Texts are instants that PostgreSQL reads. */
export type Range =
  | { readonly kind: "instants"; readonly from: string; readonly to: string }
  /** Whole days from now, negative for the past; one end is now. */
  | { readonly kind: "rolling"; readonly days: number }
  /** The calendar day `offset` days from today. */
  | { readonly kind: "day"; readonly offset: number; readonly timeZone: string };

const ROLLING: Readonly<Record<string, number>> = {
  lastDay: -1,
  lastWeek: -7,
  last2Weeks: -14,
  lastMonth: -30,
  last3Months: -90,
  last6Months: -180,
  last12Months: -365,
  last2Years: -730,
  last3Years: -1095,
  nextDay: 1,
  nextWeek: 7,
  next2Weeks: 14,
  nextMonth: 30,
  next3Months: 90,
  next6Months: 180,
  next12Months: 365,
};
const DAYS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };
const PRESETS = [...Object.keys(ROLLING), ...Object.keys(DAYS)];
const DAY_MS = 86_400_000;

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?$/;

/**
 * `{preset}` or `{from, to}`; a date or date-time without an offset is one of the time zone.
 * @throws AppError `invalid_request`
 */
export function parseRange(value: unknown, field: string, timeZone: string): Range {
  if (!isObject(value)) throw invalid(`${field} must be {from, to} or {preset}, not ${kindOf(value)}`);
  const extra = Object.keys(value).find((key) => !["preset", "from", "to", "timeZone"].includes(key));
  if (extra !== undefined) throw invalid(`${field}.${extra} is not a key of a range: {from, to} or {preset}`);
  const zone =
    value["timeZone"] === undefined ? timeZone : parseTimeZone(value["timeZone"], `${field}.timeZone`);
  if (value["preset"] === undefined)
    return {
      kind: "instants",
      from: parseEnd(value["from"], `${field}.from`, zone),
      to: parseEnd(value["to"], `${field}.to`, zone),
    };
  return parsePreset(value["preset"], `${field}.preset`, zone);
}

/** @param allowed the presets of the place; all by default */
export function parsePreset(
  value: unknown,
  field: string,
  timeZone: string,
  allowed: readonly string[] = PRESETS,
): Range {
  if (typeof value !== "string" || !allowed.includes(value))
    throw invalid(`${field} ${show(value)} is not one of ${allowed.join(", ")}`);
  if (Object.hasOwn(ROLLING, value)) return { kind: "rolling", days: ROLLING[value] ?? 0 };
  return { kind: "day", offset: DAYS[value] ?? 0, timeZone };
}

/** The ends of a range as instants, at the time `now`. */
export function rangeEnds(range: Range, now: Date): { readonly from: string; readonly to: string } {
  const at = (instant: Millis): string => new Date(instant).toISOString();
  const time = now.getTime();
  switch (range.kind) {
    case "instants":
      return { from: range.from, to: range.to };
    case "rolling": {
      const other = time + range.days * DAY_MS;
      return { from: at(Math.min(time, other)), to: at(Math.max(time, other)) };
    }
    default:
      return {
        from: at(dayStart(time, range.offset, range.timeZone)),
        to: at(dayStart(time, range.offset + 1, range.timeZone)),
      };
  }
}

/** As `rangeEnds`, in milliseconds. */
export function rangeMillis(range: Range, now: Date): { readonly from: Millis; readonly to: Millis } {
  const { from, to } = rangeEnds(range, now);
  return { from: parseInstant(from) ?? 0, to: parseInstant(to) ?? 0 };
}

function parseEnd(value: unknown, field: string, timeZone: string): string {
  const instant = typeof value === "string" ? toInstant(value, timeZone) : null;
  if (instant === null)
    throw invalid(`${field} ${show(value)} must be a date-time such as 2024-09-01T12:00:00Z, or a date`);
  return instant;
}

function toInstant(text: string, timeZone: string): string | null {
  if (isInstant(text)) return text;
  const parts = LOCAL.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = ""] = parts;
  const utc = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, "0")}Z`;
  const wall = parseInstant(utc);
  if (wall === null) return null;
  const instant = new Date(instantOf(wall, timeZone)).toISOString();
  // The zone's offset may carry the first and the last day of what can be stored beyond it.
  return isInstant(instant) ? instant : utc;
}
