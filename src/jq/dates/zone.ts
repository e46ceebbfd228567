import { JqError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { daysToYear } from "./civil.ts";
import { zoneName } from "./zone-names.ts";

const DAY = 86_400;
/** After 400 years the calendar repeats itself, weekdays included. */
const CYCLE = 146_097 * DAY;
/** Rules of summer time are known to repeat from here on, so later times are moved back by whole cycles. */
const REPEATS_FROM = daysToYear(2400) * DAY;
/** Before this every zone has its local mean time, as far as the database knows. */
const FIRST = daysToYear(1800) * DAY;
/** Days whose offset is remembered, per zone. */
const REMEMBERED = 20_000;

/** What a clock shows somewhere. */
export interface Zone {
  /** Seconds east of UTC at `seconds` since 1970 (whole). */
  offsetAt(seconds: number): number;
  /** `CET`, or the offset where clocks have no name in letters. */
  nameOf(offset: number): string;
}

/** What `gmtime` and `strftime` use, whatever the zone of the run. */
export const GREENWICH: Zone = { offsetAt: () => 0, nameOf: () => "GMT" };

const UTC: Zone = { offsetAt: () => 0, nameOf: () => "UTC" };

const zones = new Map<string, Zone>();
/** Names of zones are few, but may be spelt in upper and lower case. */
const MAX_ZONES = 700;

/** Steps for what Intl is asked for a day that is new. They are taken for any day: the same program takes the same steps. */
const STEPS = 64;

/** The zone of the run. */
export function localZone(rt: Runtime): Zone {
  if (rt.timeZone === "UTC") return UTC;
  rt.meter.spend(STEPS);
  return zoneOf(rt.timeZone);
}

/** The zone of an IANA name. A name that Intl does not know is an error. */
function zoneOf(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    if (zones.size >= MAX_ZONES) zones.clear();
    zone = open(name);
    zones.set(name, zone);
  }
  return zone;
}

function open(name: string): Zone {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw new JqError(`unknown time zone "${name}"`);
  }
  /** By days since 1970: the offset all day long, or NaN when it changes on that day. */
  const days = new Map<number, number>();
  const offsetAt = (seconds: number): number => {
    let at = seconds;
    if (at >= REPEATS_FROM) at -= Math.ceil((at - REPEATS_FROM + 1) / CYCLE) * CYCLE;
    else if (at < FIRST) at = FIRST;
    const day = Math.floor(at / DAY);
    let offset = days.get(day);
    if (offset === undefined) {
      const first = readOffset(format, day * DAY);
      offset = readOffset(format, (day + 1) * DAY - 1) === first ? first : Number.NaN;
      if (days.size >= REMEMBERED) days.clear();
      days.set(day, offset);
    }
    return Number.isNaN(offset) ? readOffset(format, at) : offset;
  };
  return { offsetAt, nameOf: (offset) => zoneName(name, offset) };
}

/** What the clock of `format` shows at `seconds`, less `seconds`. */
function readOffset(format: Intl.DateTimeFormat, seconds: number): number {
  const shown: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(seconds * 1000)) shown[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - seconds;
}

/**
 * Seconds since 1970 when the zone's clock shows `local` (seconds as if UTC). An hour that happens twice is the one that
 * C's mktime finds first: the later one east of Greenwich, the earlier one west. An hour that is left out is read
 * with the offset before it.
 */
export function toInstant(zone: Zone, local: number): number {
  const first = zone.offsetAt(local);
  const second = zone.offsetAt(local - first);
  if (first === second) return local - first;
  const third = zone.offsetAt(local - second);
  return local - (third === second ? second : Math.min(first, second, third));
}
