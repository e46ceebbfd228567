import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { sendJson } from "../api/client.ts";
import { decodeFilters, encodeFilters, type UrlFilter } from "../lib/dashboard-search.ts";
import { type PageDoc, storedFilters } from "./board.ts";
import { type PageAnswer, pagePath, pageQuery } from "./queries.ts";

const route = getRouteApi("/app/d/$page");

/** What the address says, or else what is stored with the page. */
export function useFilters(page: PageDoc) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { filters, problem } = decodeFilters(search);
  const stored = storedFilters(page);
  const store = useMutation({
    mutationFn: (next: readonly UrlFilter[]) =>
      sendJson<PageAnswer>("PATCH", pagePath(page.identifier), {
        pageFilters: next.map(({ blueprint, query }, i) => ({
          identifier: `filter-${i + 1}`,
          title: blueprint ?? "Everything",
          query: { ...query, ...(blueprint === null ? {} : { blueprint }) },
        })),
      }),
    onSuccess: ({ page: saved }) => {
      client.setQueryData<PageAnswer>(pageQuery(page.identifier).queryKey, (answer) =>
        answer === undefined ? answer : { ...answer, page: saved },
      );
      go(storedFilters(saved), true);
    },
  });
  const go = (next: readonly UrlFilter[], isSame: boolean) =>
    void navigate({
      to: "/d/$page",
      params: { page: page.identifier },
      search: encodeFilters(next, isSame),
      replace: true,
      resetScroll: false,
    });
  const setFilters = (next: readonly UrlFilter[], how: "show" | "store" = "show") => {
    if (how === "store") store.mutate(next);
    else go(next, JSON.stringify(next) === JSON.stringify(stored));
  };
  return { filters: filters ?? stored, isStored: filters === null, problem, setFilters };
}
