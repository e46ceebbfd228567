/** What a dashboard shows beside its widgets, as its address says it: filters, one for each blueprint. */
import { finishedOf, type Group } from "./catalog-search.ts";

export type DashboardSearch = { readonly f?: string };
const MAX_LENGTH = 6000;

export interface UrlFilter {
  /** null: of every one. */
  readonly blueprint: string | null;
  readonly query: Group;
}

export function pickDashboardSearch(raw: Record<string, unknown>): DashboardSearch {
  const { f } = raw;
  return typeof f === "string" && f !== "" && f.length <= MAX_LENGTH ? { f } : {};
}

/** null: the address says nothing, so what is stored with the page holds; `problem`: it says something unusable. */
export function decodeFilters({ f }: DashboardSearch): {
  filters: UrlFilter[] | null;
  problem: string | null;
} {
  if (f === undefined) return { filters: null, problem: null };
  try {
    const value: unknown = JSON.parse(f);
    if (Array.isArray(value) && value.every(isFilter)) return { filters: value.map(clean), problem: null };
  } catch {
    // Said below.
  }
  return { filters: null, problem: "f is no list of filters; the page's own are in effect" };
}

function isFilter(value: unknown): value is UrlFilter {
  const { blueprint, query } = (value ?? {}) as { blueprint?: unknown; query?: Partial<Group> };
  return (
    (blueprint === null || blueprint === undefined || typeof blueprint === "string") &&
    (query?.combinator === "and" || query?.combinator === "or") &&
    Array.isArray(query.rules) &&
    query.rules.every((rule: unknown) => typeof rule === "object" && rule !== null)
  );
}

const clean = ({ blueprint, query }: UrlFilter): UrlFilter => ({
  blueprint: blueprint ?? null,
  query: finishedOf({ combinator: query.combinator, rules: query.rules }),
});

/** @param isStored the same as what is stored with the page: the address need not say it */
export function encodeFilters(filters: readonly UrlFilter[], isStored: boolean): DashboardSearch {
  return isStored ? {} : { f: JSON.stringify(filters) };
}
