import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { MetricName } from "../api/types.ts";
import {
  decodeDoraSearch,
  encodeDoraSearch,
  type DoraQuery,
  type DoraSearch,
  type EvidenceRef,
  type NoteRef,
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
  readonly noteSearch: (note: NoteRef) => DoraSearch;
  readonly open: (evidence: EvidenceRef) => void;
  readonly openNote: (note: NoteRef) => void;
  /** Another part of the evidence that is open. */
  readonly turn: (evidence: EvidenceRef) => void;
  readonly close: () => void;
}

/** The page's state, which is its address. */
export function useDoraSearch(): DoraAddress {
  const search = route.useSearch();
  const { query, problems } = useMemo(() => decodeDoraSearch(search), [search]);
  return useDoraAddress(query, problems);
}

/** The DORA page of a question, also for pages beside it. */
export function useDoraAddress(query: DoraQuery, problems: readonly string[] = []): DoraAddress {
  const navigate = useNavigate();
  const go = useCallback(
    (next: DoraQuery, replace: boolean) => {
      void navigate({ to: "/dora", search: encodeDoraSearch(next), replace, resetScroll: false });
    },
    [navigate],
  );

  // A bucket of the old filters may not exist under the new ones.
  const still = { ...query, evidence: null, explain: null, note: null };
  return {
    query,
    problems,
    // Another scope was not come to this way.
    change: (patch) => go({ ...still, ...("scope" in patch ? { trail: [] } : {}), ...patch }, false),
    tidy: () => go(query, true),
    evidenceSearch: (evidence) => encodeDoraSearch({ ...still, evidence }),
    explainSearch: (explain) => encodeDoraSearch({ ...still, explain }),
    noteSearch: (note) => encodeDoraSearch({ ...still, note }),
    open: (evidence) => go({ ...still, evidence }, false),
    openNote: (note) => go({ ...still, note }, false),
    turn: (evidence) => go({ ...still, evidence }, true),
    close: () => go(still, true),
  };
}
