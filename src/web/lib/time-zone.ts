/** IANA zones and calendar days in them, by Intl alone. */
import { dateFormat } from "./formatters.ts";

/** Zones that browsers still list by the name they had once. */
const RENAMED: Readonly<Record<string, string>> = {
  "Africa/Asmera": "Africa/Asmara",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "America/Catamarca": "America/Argentina/Catamarca",
  "America/Coral_Harbour": "America/Atikokan",
  "America/Cordoba": "America/Argentina/Cordoba",
  "America/Godthab": "America/Nuuk",
  "America/Indianapolis": "America/Indiana/Indianapolis",
  "America/Jujuy": "America/Argentina/Jujuy",
  "America/Louisville": "America/Kentucky/Louisville",
  "America/Mendoza": "America/Argentina/Mendoza",
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Atlantic/Faeroe": "Atlantic/Faroe",
  "Europe/Kiev": "Europe/Kyiv",
  "Pacific/Enderbury": "Pacific/Kanton",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
};

/** The name a zone has today; the old one where the browser does not know the new one yet. */
export function modernZone(zone: string): string {
  const modern = RENAMED[zone];
  return modern !== undefined && isTimeZone(modern) ? modern : zone;
}

/** Every zone the browser knows by its name of today, `UTC` first. */
export function timeZones(): string[] {
  const known = Intl.supportedValuesOf("timeZone").map(modernZone);
  known.sort((a, b) => (a < b ? -1 : 1));
  return [...new Set(["UTC", ...known])];
}

/** Whether a zone is meant by what somebody typed: part of its name of today or of once, spaces allowed. */
export function matchesZone(zone: string, typed: string): boolean {
  const part = typed.trim().toLowerCase().replace(/\s+/g, "_");
  const once = Object.keys(RENAMED).filter((old) => RENAMED[old] === zone);
  return [zone, ...once].some((name) => name.toLowerCase().includes(part));
}

export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

export function browserTimeZone(): string {
  return modernZone(dateFormat({}).resolvedOptions().timeZone || "UTC");
}

/** True for a day that exists, `2026-02-28`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
}

/** `2026-02-28` and 1 → `2026-03-01`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The calendar day on which an instant falls in the zone. */
export function dayIn(instant: number, zone: string): string {
  const wall = wallClock(instant, zone);
  return new Date(wall).toISOString().slice(0, 10);
}

/** The first instant of a calendar day in the zone; also where midnight does not exist (the first moment after it). */
export function startOfDay(day: string, zone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  // Two offsets can apply near the wanted wall time; the right answer is the earliest instant whose wall clock reaches it.
  const guesses = [-26, 0, 26].map((hours) => {
    const near = wanted + hours * 3_600_000;
    return wanted - (wallClock(near, zone) - near);
  });
  const fits = guesses.filter((guess) => wallClock(guess, zone) === wanted);
  return new Date(fits.length > 0 ? Math.min(...fits) : Math.max(...guesses));
}

const WALL_CLOCK: Intl.DateTimeFormatOptions = {
  ...{ hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
  ...{ hour: "numeric", minute: "numeric", second: "numeric" },
};

/** The zone's wall clock at an instant, read as if it were UTC. */
function wallClock(instant: number, zone: string): number {
  const parts: Record<string, number> = {};
  const format = dateFormat({ ...WALL_CLOCK, timeZone: zone }, "en-US");
  for (const { type, value } of format.formatToParts(new Date(instant))) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
