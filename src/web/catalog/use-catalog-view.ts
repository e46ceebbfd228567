import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { ownSettingsQuery } from "../api/own-settings.ts";
import { type CatalogSearch, pickCatalogSearch } from "../lib/catalog-address.ts";
import {
  type CatalogView,
  decodeCatalogSearch,
  EMPTY_VIEW,
  encodeCatalogSearch,
  type Rule,
} from "../lib/catalog-search.ts";
import type { Column } from "./blueprint.ts";
import { fixedOf, viewOf } from "./saved-view.ts";
import { type CatalogPageInfo, catalogPageQuery, ownPageOf, ownViewIn } from "./view-queries.ts";

const route = getRouteApi("/app/c/$blueprint");

export interface CatalogAddress {
  readonly blueprint: string;
  readonly search: CatalogSearch;
  /** undefined: not known yet; null: there is none that may be read. */
  readonly page: CatalogPageInfo | null | undefined;
  /** The view that the reader keeps for themselves. undefined: not known yet; null: none. */
  readonly own: CatalogSearch | null | undefined;
  readonly pageError: Error | null;
  readonly retryPage: () => void;
}

/** The address, and the page whose view it starts from. */
export function useCatalogAddress(): CatalogAddress {
  const search = route.useSearch();
  const { blueprint } = route.useParams();
  const page = useQuery(catalogPageQuery(search.v ?? ownPageOf(blueprint)));
  const isOfBlueprint = page.data?.page.blueprint === blueprint;
  const settings = useQuery(ownSettingsQuery);
  return {
    blueprint,
    search,
    page: page.data === undefined ? undefined : isOfBlueprint ? page.data : null,
    // A view that cannot be read keeps nobody from the table.
    own: settings.data ? ownViewIn(settings.data, blueprint) : settings.error ? null : undefined,
    pageError: page.error,
    retryPage: () => void page.refetch(),
  };
}

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The reader chose on the page what the address says, also where that is nothing. */
    isChosen?: boolean;
  }
}

/** Addresses hold a choice of so many characters; a larger one lasts as long as the page. */
const LONG = 2000;

export interface CatalogState {
  readonly view: CatalogView;
  /** The view of the page, before the address changed anything. */
  readonly base: CatalogView;
  /** What must hold besides the view. */
  readonly more: readonly Rule[];
  readonly excluded: readonly string[];
  /** Values in the address that could not be used, in words: “its filter”. */
  readonly problems: readonly string[];
  readonly chosen: ReadonlySet<string>;
  /** @param replace no new entry in the history, for what changes with every key */
  readonly change: (patch: Partial<CatalogView>, replace?: boolean) => void;
  readonly choose: (identifiers: readonly string[]) => void;
  readonly reset: () => void;
}

/** What the page shows: the view of its page with what the address says on top. */
export function useCatalogView(
  { blueprint, search, page, own: ownView }: CatalogAddress,
  columns: readonly Column[],
): CatalogState {
  const navigate = useNavigate();
  const router = useRouter();
  const document = page?.page ?? null;
  const base =
    document === null
      ? EMPTY_VIEW
      : viewOf(
          document,
          blueprint,
          columns.map(({ id }) => id),
        );
  const { view, problems } = decodeCatalogSearch(search, base);
  const { rules: more, excluded } = fixedOf(document, blueprint);
  /** @param next of the address as it is by then: what is typed is written later than it was drawn */
  const go = (next: (now: CatalogSearch) => CatalogSearch, replace: boolean) =>
    void navigate({
      to: "/c/$blueprint",
      params: { blueprint },
      search: (raw) => {
        const now = pickCatalogSearch(raw);
        return { ...(now.v === undefined ? {} : { v: now.v }), ...next(now) };
      },
      replace,
      resetScroll: false,
      ...(ownView ? { state: { isChosen: true } } : {}),
    });
  const viewNow = (now: CatalogSearch): CatalogView => decodeCatalogSearch(now, base).view;
  const [many, setMany] = useState<readonly string[] | null>(null);
  const chosen = new Set(many ?? (search.sel ?? "").split(",").filter((id) => id !== ""));

  // A bare address is where somebody begins: at what they kept for themselves, and the address says so. Unless it is bare
  // because they took everything off.
  const own = Object.keys(search).length === 0 ? (ownView ?? null) : null;
  const start = own === null ? {} : encodeCatalogSearch(decodeCatalogSearch(own).view, base);
  const startText = JSON.stringify(start);
  useEffect(() => {
    const wanted = JSON.parse(startText) as CatalogSearch;
    if (Object.keys(wanted).length > 0 && router.latestLocation.state.isChosen !== true)
      void navigate({ to: "/c/$blueprint", params: { blueprint }, search: wanted, replace: true });
  }, [startText, blueprint, navigate, router]);

  return {
    view,
    base,
    more,
    excluded,
    problems,
    chosen,
    change: (patch, replace = false) =>
      go(
        (now) => ({
          ...encodeCatalogSearch({ ...viewNow(now), ...patch }, base),
          ...(now.sel === undefined ? {} : { sel: now.sel }),
        }),
        replace,
      ),
    choose: (identifiers) => {
      const sel = identifiers.join(",");
      const isLong = sel.length > LONG;
      setMany(isLong ? identifiers : null);
      go(
        (now) => ({
          ...encodeCatalogSearch(viewNow(now), base),
          ...(sel === "" || isLong ? {} : { sel }),
        }),
        true,
      );
    },
    reset: () =>
      go((now) => {
        const { columns: arranged, groups, widths, totals } = viewNow(now);
        return encodeCatalogSearch({ ...EMPTY_VIEW, columns: arranged, groups, widths, totals }, base);
      }, false),
  };
}
