/** What the review queue of incidents shows, as short, stable keys in its address. */
import { decodeDoraSearch, encodeDoraSearch, pickTexts, type DoraQuery } from "./dora-search.ts";

export const SHOWS = ["review", "linked", "unlinked", "all"] as const;
export type Show = (typeof SHOWS)[number];

/** Scope and window are those of the DORA page. */
const SHARED = ["scope", "via", "last", "from", "to", "tz"] as const;
const KEYS = [...SHARED, "show", "correct"] as const;
export type IncidentSearch = Partial<Record<(typeof KEYS)[number], string>>;

export interface IncidentQuery {
  /** Of this, scope, window and time zone. */
  readonly measured: DoraQuery;
  readonly show: Show;
  /** `blueprint:identifier` of the incident whose cause is being corrected. */
  readonly correct: string | null;
}

/** Keeps known keys with text values. */
export function pickIncidentSearch(raw: Record<string, unknown>): IncidentSearch {
  return pickTexts(raw, KEYS);
}

/** Reads the address; a bad value falls back to its default and is named in `problems`. */
export function decodeIncidentSearch(search: IncidentSearch): { query: IncidentQuery; problems: string[] } {
  const { show, correct } = search;
  const { query: measured, problems } = decodeDoraSearch(pickTexts(search, SHARED));
  const known = SHOWS.find((one) => one === show);
  if (show !== undefined && known === undefined)
    problems.push(`show “${show.slice(0, 60)}” is not one of ${SHOWS.join(", ")}; showing review`);
  return { query: { measured, show: known ?? "review", correct: correct ?? null }, problems };
}

/** The shortest address of a query: defaults are left out. */
export function encodeIncidentSearch({ measured, show, correct }: IncidentQuery): IncidentSearch {
  return {
    ...pickTexts(encodeDoraSearch(measured), SHARED),
    ...(show === "review" ? {} : { show }),
    ...(correct === null ? {} : { correct }),
  };
}
