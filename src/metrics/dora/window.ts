/** The window of a question, and the one it is compared with; every refusal names the parameter. */
import type { Window } from "../../dora/results.ts";
import { AppError } from "../../model/error.ts";
import { type DoraSettings, isTimeZone } from "./settings.ts";

export interface WindowInput {
  readonly from?: string;
  readonly to?: string;
  readonly last?: string;
  readonly interval?: string;
  readonly timezone?: string;
  readonly weekStart?: string;
}

const DAY_MS = 86_400_000;
const UNIT_DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };
const INTERVAL_DAYS = { day: 1, week: 7, month: 28 } as const;
const DEFAULT_LAST = "90d";
/** Earlier instants are written otherwise by JavaScript than PostgreSQL reads them. */
const FIRST_INSTANT = Date.parse("0001-01-01T00:00:00Z");
/** More points than any screen shows, and a bound on the work of one request. */
const MAX_BUCKETS = 2000;

/** @throws AppError invalid_request */
export function refuse(parameter: string, value: unknown, rule: string): never {
  throw new AppError("invalid_request", `${parameter} (value ${JSON.stringify(value)}) ${rule}`);
}

/** @throws AppError invalid_request */
export function parseWindow(input: WindowInput, settings: DoraSettings, now: number): Window {
  const timezone = input.timezone ?? settings.timezone;
  if (!isTimeZone(timezone)) refuse("timezone", timezone, "must be an IANA time zone");
  const weekStart = input.weekStart ?? settings.weekStart;
  if (weekStart !== "monday" && weekStart !== "sunday")
    refuse("weekStart", weekStart, "must be monday or sunday");
  const interval = input.interval ?? "week";
  if (interval !== "day" && interval !== "week" && interval !== "month")
    refuse("interval", interval, "must be day, week or month");
  const to = input.to === undefined ? now : instant("to", input.to);
  const last = input.last ?? DEFAULT_LAST;
  if (input.last !== undefined && input.from !== undefined)
    refuse("last", last, "and from cannot be given together");
  const from = input.from === undefined ? to - duration(last) : instant("from", input.from);
  if (to <= from) refuse("to", input.to ?? new Date(to).toISOString(), "must be later than from");
  return checked({ from, to, timezone, interval, weekStart }, "from");
}

/**
 * The window that another one is compared with: that of equal length before it (`previous`), or any (`<from>/<to>`).
 * Null without one. @throws AppError invalid_request
 */
export function parseComparedWindow(compare: string | undefined, window: Window): Window | null {
  if (compare === undefined || compare === "" || compare === "none") return null;
  if (compare === "previous")
    return checked({ ...window, from: window.from - (window.to - window.from), to: window.from }, "from");
  const [start, end, ...rest] = compare.split("/");
  if (start === undefined || end === undefined || rest.length > 0)
    refuse("compare", compare, "must be previous, none, or two instants as from/to");
  const [from, to] = [instant("compare", start), instant("compare", end)];
  if (to <= from) refuse("compare", compare, "must end later than it begins");
  return checked({ ...window, from, to }, "compare");
}

function checked(window: Window, parameter: string): Window {
  const { from, to, interval } = window;
  if ((to - from) / DAY_MS / INTERVAL_DAYS[interval] > MAX_BUCKETS)
    refuse("interval", interval, `gives more than ${MAX_BUCKETS} points in this window; choose a longer one`);
  if (from < FIRST_INSTANT) refuse(parameter, new Date(from).toISOString(), "reaches back beyond the year 1");
  return window;
}

/** @throws AppError invalid_request */
export function instant(parameter: string, value: string): number {
  const time = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) refuse(parameter, value, "must be an ISO date and time");
  return time;
}

function duration(last: string): number {
  const [, count, unit] = /^(\d{1,5})([dwmy])$/.exec(last) ?? [];
  const days = Number(count) * (UNIT_DAYS[unit ?? ""] ?? Number.NaN);
  if (!(days > 0) || days > 36_500)
    refuse(
      "last",
      last,
      "must be a number of days, weeks, months (30 d) or years (365 d), e.g. 90d, 12w, 6m, 1y",
    );
  return days * DAY_MS;
}
