/** What the DORA page shows, as short, stable keys in its address. */
import { METRICS, type Grain, type MetricName } from "../api/types.ts";
import { isDay, isTimeZone } from "./time-zone.ts";

export const PRESETS = ["7d", "30d", "90d", "180d", "365d"] as const;
export type Preset = (typeof PRESETS)[number];
const DEFAULT_PRESET: Preset = "90d";

/** The address as it is: known keys only, nothing judged yet. Kept in this order. */
const KEYS = [
  ...(["scope", "via", "last", "from", "to", "grain", "tz", "env", "cmp", "by"] as const),
  ...(["ev", "out", "why", "notes", "note"] as const),
] as const;
export type DoraSearch = Partial<Record<(typeof KEYS)[number], string>>;

export interface ScopeRef {
  readonly blueprint: string;
  readonly entity: string;
}

export interface EvidenceRef {
  readonly metric: MetricName;
  /** Bucket id such as `2026-W40`; null = the whole window. */
  readonly bucket: string | null;
  /** What was left out is listed: `all` of it, or that for one reason. Without: what counts. */
  readonly out?: string;
}

/** The notes that are open: those of a bucket, a new one, or one of them. */
export type NoteRef =
  | { readonly kind: "bucket"; readonly bucket: string }
  | { readonly kind: "new" }
  | { readonly kind: "one"; readonly identifier: string };

export type Range = { readonly last: Preset } | { readonly from: string; readonly to: string };

export interface DoraQuery {
  /** null = the whole organisation. */
  readonly scope: ScopeRef | null;
  /** Calendar days are inclusive at both ends and belong to `timezone`. */
  readonly range: Range;
  /** null = chosen by the length of the window. */
  readonly grain: Grain | null;
  readonly timezone: string;
  /** null = those that the settings count as production. */
  readonly environment: string | null;
  readonly compare: boolean;
  /** Blueprint whose entities stand side by side; null = none. */
  readonly by: string | null;
  readonly evidence: EvidenceRef | null;
  /** The metric whose number is being explained. */
  readonly explain: MetricName | null;
  /** From the widest scope on: what was gone through on the way to this one. */
  readonly trail: readonly ScopeRef[];
  /** Notes about what lies within the scope are shown too. */
  readonly notesBelow: boolean;
  readonly note: NoteRef | null;
}

export const DEFAULT_QUERY: DoraQuery = {
  scope: null,
  range: { last: DEFAULT_PRESET },
  grain: null,
  timezone: "UTC",
  environment: null,
  compare: true,
  by: null,
  evidence: null,
  explain: null,
  trail: [],
  notesBelow: false,
  note: null,
};

/** Keeps known keys with text values; used by the router before anything is believed. */
export function pickDoraSearch(raw: Record<string, unknown>): DoraSearch {
  return pickTexts(raw, KEYS);
}

/** Of an address the keys that are known and have a text. */
export function pickTexts<Key extends string>(
  raw: Readonly<Record<string, unknown>>,
  keys: readonly Key[],
): Partial<Record<Key, string>> {
  const found: Record<string, string> = {};
  for (const key of keys) {
    const value = raw[key];
    if (typeof value === "string" && value !== "" && value.length <= 1200) found[key] = value;
  }
  return found as Partial<Record<Key, string>>;
}

/** Reads the address; a bad value falls back to its default and is named in `problems`. */
export function decodeDoraSearch(search: DoraSearch): { query: DoraQuery; problems: string[] } {
  const problems: string[] = [];
  const bad = (key: keyof DoraSearch, rule: string) => {
    problems.push(`${key} “${(search[key] ?? "").slice(0, 60)}” ${rule}`);
  };
  const { scope, via, grain, tz, env, cmp, by, ev, out, why, notes, note } = search;

  const scopeRef = scope === undefined ? null : readScope(scope);
  if (scopeRef === undefined)
    bad("scope", "is not of the form blueprint:entity; showing the whole organisation");

  const goodGrain = grain === undefined || grain === "day" || grain === "week" || grain === "month";
  if (!goodGrain) bad("grain", "is not day, week or month");

  const goodZone = tz === undefined || isTimeZone(tz);
  if (!goodZone) bad("tz", "is no time zone; showing UTC");

  const goodCompare = cmp === undefined || cmp === "prev" || cmp === "none";
  if (!goodCompare) bad("cmp", "is not prev or none");

  const evidence = ev === undefined ? null : readEvidence(ev);
  if (evidence === undefined) bad("ev", "names no metric");

  const goodOut = out === undefined || /^[a-z_]{1,40}$/.test(out);
  if (!goodOut) bad("out", "names no reason");

  const explain = why === undefined ? null : METRICS.find((metric) => metric === why);
  if (explain === undefined) bad("why", "names no metric");

  const trail = via === undefined ? [] : readTrail(via);
  if (trail === undefined) bad("via", "is no way through scopes");

  const goodNotes = notes === undefined || notes === "below";
  if (!goodNotes) bad("notes", "is not below");
  const noteRef = note === undefined ? null : readNote(note);
  if (noteRef === undefined) bad("note", "names no note");

  return {
    query: {
      scope: scopeRef ?? null,
      range: readRange(search, bad),
      grain: goodGrain ? (grain ?? null) : null,
      timezone: goodZone ? (tz ?? DEFAULT_QUERY.timezone) : DEFAULT_QUERY.timezone,
      environment: env ?? null,
      compare: cmp !== "none",
      by: by ?? null,
      evidence: evidence ? { ...evidence, ...(goodOut && out !== undefined ? { out } : {}) } : null,
      explain: explain ?? null,
      // Without a scope there was no way to it.
      trail: scopeRef ? (trail ?? []) : [],
      notesBelow: notes === "below",
      note: noteRef ?? null,
    },
    problems,
  };
}

/** The shortest address of a query: defaults are left out. */
export function encodeDoraSearch(query: DoraQuery): DoraSearch {
  const search: DoraSearch = {};
  if (query.scope) search.scope = writeScope(query.scope);
  if (query.scope && query.trail.length > 0) search.via = encodeTrail(query.trail);
  if ("last" in query.range) {
    if (query.range.last !== DEFAULT_PRESET) search.last = query.range.last;
  } else {
    search.from = query.range.from;
    search.to = query.range.to;
  }
  if (query.grain) search.grain = query.grain;
  if (query.timezone !== DEFAULT_QUERY.timezone) search.tz = query.timezone;
  if (query.environment !== null) search.env = query.environment;
  if (!query.compare) search.cmp = "none";
  if (query.by !== null) search.by = query.by;
  if (query.evidence) search.ev = writeEvidence(query.evidence);
  if (query.evidence?.out !== undefined) search.out = query.evidence.out;
  if (query.explain) search.why = query.explain;
  if (query.notesBelow) search.notes = "below";
  if (query.note) search.note = writeNote(query.note);
  return search;
}

const writeScope = ({ blueprint, entity }: ScopeRef): string => `${blueprint}:${entity}`;

/** Identifiers may have slashes, which stand between the steps. */
export const encodeTrail = (trail: readonly ScopeRef[]): string =>
  trail.map((scope) => writeScope(scope).replaceAll(/[%/]/g, encodeURIComponent)).join("/");

/** Undefined for what is no trail. */
export function readTrail(text: string): readonly ScopeRef[] | undefined {
  const scopes: ScopeRef[] = [];
  for (const part of text.split("/")) {
    const scope = readScope(decoded(part));
    if (scope === undefined || scopes.length === MAX_TRAIL) return undefined;
    scopes.push(scope);
  }
  return scopes;
}

const MAX_TRAIL = 8;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function writeNote(note: NoteRef): string {
  if (note.kind === "new") return "new";
  return note.kind === "bucket" ? note.bucket : `id:${note.identifier}`;
}

function readNote(text: string): NoteRef | undefined {
  if (text === "new") return { kind: "new" };
  if (text.startsWith("id:") && text.length > 3) return { kind: "one", identifier: text.slice(3) };
  return BUCKET.test(text) ? { kind: "bucket", bucket: text } : undefined;
}

const BUCKET = /^\d{4}-(\d{2}|W\d{2}|\d{2}-\d{2})$/;

function writeEvidence({ metric, bucket }: EvidenceRef): string {
  return bucket === null ? metric : `${metric}:${bucket}`;
}

/** The grain that is drawn when none is chosen: days up to a month, weeks up to 13 months, then months. */
export function effectiveGrain(query: DoraQuery): Grain {
  if (query.grain) return query.grain;
  const days = rangeDays(query.range);
  return days <= 31 ? "day" : days <= 400 ? "week" : "month";
}

/** Days in the range. */
function rangeDays(range: Range): number {
  if ("last" in range) return Number.parseInt(range.last, 10);
  return Math.round((Date.parse(range.to) - Date.parse(range.from)) / 86_400_000) + 1;
}

function readRange(search: DoraSearch, bad: (key: keyof DoraSearch, rule: string) => void): Range {
  const { last, from, to } = search;
  const fallback: Range = { last: DEFAULT_PRESET };
  if (from !== undefined || to !== undefined) {
    if (from === undefined || !isDay(from))
      bad("from", "is no day like 2026-08-01; showing the last 90 days");
    else if (to === undefined || !isDay(to)) bad("to", "is no day like 2026-10-31; showing the last 90 days");
    else if (to < from) bad("to", "is before from; showing the last 90 days");
    else if (Date.parse(to) - Date.parse(from) > 3660 * 86_400_000)
      bad("to", "is more than ten years after from");
    else return { from, to };
    return fallback;
  }
  if (last === undefined) return fallback;
  const preset = PRESETS.find((candidate) => candidate === last);
  if (preset) return { last: preset };
  bad("last", `is not one of ${PRESETS.join(", ")}; showing 90d`);
  return fallback;
}

function readScope(text: string): ScopeRef | undefined {
  const colon = text.indexOf(":");
  if (colon < 1 || colon === text.length - 1) return undefined;
  return { blueprint: text.slice(0, colon), entity: text.slice(colon + 1) };
}

function readEvidence(text: string): EvidenceRef | undefined {
  const colon = text.indexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  const bucket = colon < 0 ? null : text.slice(colon + 1);
  const metric = METRICS.find((candidate) => candidate === name);
  if (!metric || (bucket !== null && !BUCKET.test(bucket))) return undefined;
  return { metric, bucket };
}
