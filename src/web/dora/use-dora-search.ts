import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { MetricName } from "../api/types.ts";
import {
  decodeDoraSearch,
  encodeDoraSearch,
  type DoraQuery,
  type DoraSearch,
  type EvidenceRef,
} from "../lib/dora-search.ts";

const route = getRouteApi("/app/dora");

export interface DoraAddress {
  readonly query: DoraQuery;
  /** Values in the address that could not be used, as sentences. */
  readonly problems: readonly string[];
  readonly change: (patch: Partial<DoraQuery>) => void;
  /** The address without what could not be used. */
  readonly tidy: () => void;
  readonly evidenceSearch: (evidence: EvidenceRef) => DoraSearch;
  readonly explainSearch: (metric: MetricName) => DoraSearch;
  readonly open: (evidence: EvidenceRef) => void;
  /** Another part of the evidence that is open. */
  readonly turn: (evidence: EvidenceRef) => void;
  readonly close: () => void;
}

/** The page's state, which is its address. */
export function useDoraSearch(): DoraAddress {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/dora" });
  const { query, problems } = useMemo(() => decodeDoraSearch(search), [search]);

  const go = useCallback(
    (next: DoraQuery, replace: boolean) => {
      void navigate({ to: "/dora", search: encodeDoraSearch(next), replace, resetScroll: false });
    },
    [navigate],
  );

  return {
    query,
    problems,
    // A bucket of the old filters may not exist under the new ones.
    change: (patch) => go({ ...query, evidence: null, explain: null, ...patch }, false),
    tidy: () => go(query, true),
    evidenceSearch: (evidence) => encodeDoraSearch({ ...query, evidence, explain: null }),
    explainSearch: (explain) => encodeDoraSearch({ ...query, evidence: null, explain }),
    open: (evidence) => go({ ...query, evidence, explain: null }, false),
    turn: (evidence) => go({ ...query, evidence, explain: null }, true),
    close: () => go({ ...query, evidence: null, explain: null }, true),
  };
}
