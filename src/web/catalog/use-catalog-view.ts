import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import {
  type CatalogView,
  decodeCatalogSearch,
  encodeCatalogSearch,
  EMPTY_VIEW,
} from "../lib/catalog-search.ts";

const route = getRouteApi("/app/c/$blueprint");

export interface CatalogAddress {
  readonly blueprint: string;
  readonly view: CatalogView;
  /** Values in the address that could not be used, as sentences. */
  readonly problems: readonly string[];
  /** @param replace no new entry in the history, for what changes with every key */
  readonly change: (patch: Partial<CatalogView>, replace?: boolean) => void;
  readonly reset: () => void;
}

/** The page's state, which is its address. */
export function useCatalogView(): CatalogAddress {
  const search = route.useSearch();
  const { blueprint } = route.useParams();
  const navigate = useNavigate();
  const { view, problems } = useMemo(() => decodeCatalogSearch(search), [search]);
  const go = useCallback(
    (next: CatalogView, replace: boolean) => {
      void navigate({
        to: "/c/$blueprint",
        params: { blueprint },
        search: encodeCatalogSearch(next),
        replace,
        resetScroll: false,
      });
    },
    [navigate, blueprint],
  );
  return {
    blueprint,
    view,
    problems,
    change: (patch, replace = false) => go({ ...view, ...patch }, replace),
    reset: () => go({ ...EMPTY_VIEW, columns: view.columns, group: view.group }, false),
  };
}
