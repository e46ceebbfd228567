/** The page that a table is of, and what is kept of views in this browser. */
import { queryOptions } from "@tanstack/react-query";
import { ApiError, getJson, postJson, sendJson } from "../api/client.ts";
import { type CatalogSearch, pickCatalogSearch } from "../lib/catalog-search.ts";
import type { CatalogPageDoc } from "./saved-view.ts";

export interface CatalogPageInfo {
  readonly page: CatalogPageDoc;
  readonly mayUpdate: boolean;
}

const path = (page: string) => `/v1/pages/${encodeURIComponent(page)}`;

/** Pages that come with a blueprint are called so. */
export const ownPageOf = (blueprint: string): string =>
  blueprint.endsWith("s") ? blueprint : `${blueprint}s`;

/** null where there is none, or none that may be read: the table has its usual columns then. */
export const catalogPageQuery = (page: string) =>
  queryOptions({
    queryKey: ["blueprints", "catalog-page", page],
    queryFn: async ({ signal }): Promise<CatalogPageInfo | null> => {
      try {
        return await getJson<CatalogPageInfo>(path(page), {}, signal);
      } catch (error) {
        if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });

export const changeCatalogPage = (page: string, change: object) => sendJson("PATCH", path(page), change);

export const createCatalogPage = (page: object) =>
  postJson<{ identifier: string }>("/v1/pages", { type: "blueprint-entities", ...page });

const key = (blueprint: string) => `fairway-view:${blueprint}`;

/** The view that the reader keeps for this blueprint, in this browser. */
export function ownView(blueprint: string): CatalogSearch | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(blueprint)) ?? "null");
    return typeof stored === "object" && stored !== null
      ? pickCatalogSearch(stored as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

export function keepOwnView(blueprint: string, search: CatalogSearch | null): void {
  if (search === null) localStorage.removeItem(key(blueprint));
  else localStorage.setItem(key(blueprint), JSON.stringify(search));
}
