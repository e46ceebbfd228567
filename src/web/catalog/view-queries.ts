/** The page that a table is of, and the views that are kept. */
import { queryOptions } from "@tanstack/react-query";
import { ApiError, getJson, postJson, sendJson } from "../api/client.ts";
import { type CatalogSearch, pickCatalogSearch } from "../lib/catalog-address.ts";
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

/** Where the view is kept that the reader has for themselves. */
export const ownViewName = (blueprint: string): string => `view:${blueprint}`;

/** null: there is none. */
export function ownViewIn(
  settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  blueprint: string,
): CatalogSearch | null {
  const stored = settings[ownViewName(blueprint)];
  return stored === undefined ? null : pickCatalogSearch(stored);
}
