/** Of the address of a catalog page: which of it is its own. Read and written by catalog-search.ts. */

const KEYS = ["q", "f", "s", "g", "cols", "w", "t", "v", "sel"] as const;
/** The address as it is: known keys only, nothing judged yet. */
export type CatalogSearch = Partial<Record<(typeof KEYS)[number], string>>;

const MAX_LENGTH = 6000;

export function pickCatalogSearch(raw: Record<string, unknown>): CatalogSearch {
  const search: CatalogSearch = {};
  for (const key of KEYS) {
    const value = raw[key];
    if (typeof value === "string" && value !== "" && value.length <= MAX_LENGTH) search[key] = value;
  }
  return search;
}
