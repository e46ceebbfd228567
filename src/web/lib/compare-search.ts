/** Two sides of a comparison as short, stable keys in an address: windows are whole days, so that each side has evidence of its own. */
import {
  decodeDoraSearch,
  encodeDoraSearch,
  pickTexts,
  type DoraQuery,
  type Range,
  type ScopeRef,
} from "./dora-search.ts";
import { addDays, dayIn, isDay } from "./time-zone.ts";

/** The first side is as on the DORA page. */
const SHARED = ["scope", "last", "from", "to", "grain", "tz", "env"] as const;
const KEYS = [...SHARED, "with", "wfrom", "wto"] as const;
export type CompareSearch = Partial<Record<(typeof KEYS)[number], string>>;

export interface Days {
  readonly from: string;
  /** Inclusive. */
  readonly to: string;
}

export interface CompareQuery {
  readonly measured: DoraQuery;
  /** Null: the same scope. */
  readonly other: ScopeRef | null;
  /** Null: of the same scope the days before, of another one the same days. */
  readonly days: Days | null;
}

/** Keeps known keys with text values. */
export function pickCompareSearch(raw: Record<string, unknown>): CompareSearch {
  return pickTexts(raw, KEYS);
}

/** Reads the address; a bad value falls back to its default and is named in `problems`. */
export function decodeCompareSearch(search: CompareSearch): { query: CompareQuery; problems: string[] } {
  const { query: measured, problems } = decodeDoraSearch(pickTexts(search, SHARED));
  const { with: other, wfrom, wto } = search;
  const second = decodeDoraSearch(other === undefined ? {} : { scope: other }).query.scope;
  if (other !== undefined && second === null)
    problems.push(`with “${other.slice(0, 60)}” is not of the form blueprint:entity`);
  let days: Days | null = null;
  if (wfrom !== undefined || wto !== undefined) {
    if (wfrom === undefined || wto === undefined || !isDay(wfrom) || !isDay(wto) || wto < wfrom)
      problems.push("wfrom and wto are no two days in order");
    else days = { from: wfrom, to: wto };
  }
  return { query: { measured, other: second, days }, problems };
}

/** The shortest address of a query: defaults are left out. */
export function encodeCompareSearch({ measured, other, days }: CompareQuery): CompareSearch {
  return {
    ...pickTexts(encodeDoraSearch(measured), SHARED),
    ...(other === null ? {} : { with: `${other.blueprint}:${other.entity}` }),
    ...(days === null ? {} : { wfrom: days.from, wto: days.to }),
  };
}

/** A range as calendar days; the last ones end today. */
export function daysOf(range: Range, timezone: string, now: number): Days {
  if ("from" in range) return range;
  const to = dayIn(now, timezone);
  return { from: addDays(to, 1 - Number.parseInt(range.last, 10)), to };
}

/** As many days, ending the day before these begin. */
export function daysBefore({ from, to }: Days): Days {
  return { from: addDays(from, -lengthOf({ from, to })), to: addDays(from, -1) };
}

/** The same days of the year before; the 29th of February is the 28th there. */
export function yearBefore({ from, to }: Days): Days {
  return { from: lastYear(from), to: lastYear(to) };
}

function lastYear(day: string): string {
  const same = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
  return isDay(same) ? same : same.replace(/29$/, "28");
}

const lengthOf = ({ from, to }: Days): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;

/** The days of the second side. */
export function otherDays({ other, days }: CompareQuery, own: Days): Days {
  return days ?? (other === null ? daysBefore(own) : own);
}
