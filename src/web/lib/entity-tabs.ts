/** What a page of an entity shows, as its address says it: the tab, and what its graph was set to. */
import { type GraphSearch, pickGraphSearch } from "./graph-search.ts";

export type EntitySearch = { readonly tab?: string } & GraphSearch;

/** Those that the page draws itself; any other key is a tab of the stored page or of a property. */
export const BUILT_IN = ["overview", "related", "graph", "scorecards", "runs", "audit", "json"] as const;
export type BuiltIn = (typeof BUILT_IN)[number];

const MAX_LENGTH = 100;

/** No tab: the first one. */
export function pickEntitySearch(raw: Record<string, unknown>): EntitySearch {
  const { tab } = raw;
  const isText = typeof tab === "string" && tab !== "" && tab !== "overview" && tab.length <= MAX_LENGTH;
  return { ...(isText ? { tab } : {}), ...pickGraphSearch(raw) };
}
