import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { MetricName } from "../api/types.ts";
import {
  decodeDoraSearch,
  encodeDoraSearch,
  pickDoraSearch,
  type DoraQuery,
  type DoraSearch,
  type EvidenceRef,
  type NoteRef,
} from "../lib/dora-search.ts";
import { encodeIncidentSearch, type IncidentSearch } from "../lib/incident-search.ts";

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
  return useDoraAddress(query, problems, askedIn);
}

const askedIn = (search: Record<string, unknown>): DoraQuery =>
  decodeDoraSearch(pickDoraSearch(search)).query;

/** A bucket of the old filters may not exist under the new ones. */
const withoutOpen = (query: DoraQuery): DoraQuery => ({
  ...query,
  evidence: null,
  explain: null,
  note: null,
});

/**
 * The DORA page of a question, also for pages beside it.
 * @param read what the address asks by the time that it is changed; absent: it is another page's, the question is `query`
 */
export function useDoraAddress(
  query: DoraQuery,
  problems: readonly string[] = [],
  read: (search: Record<string, unknown>) => DoraQuery = () => query,
): DoraAddress {
  const navigate = useNavigate();
  const go = (change: (now: DoraQuery) => DoraQuery, replace: boolean, ignoreBlocker = false): void =>
    void navigate({
      to: "/dora",
      search: (now) => encodeDoraSearch(change(read(now))),
      replace,
      resetScroll: false,
      ignoreBlocker,
    });
  const still = withoutOpen(query);
  return {
    query,
    problems,
    // Another scope was not come to this way.
    change: (patch) =>
      go((now) => ({ ...withoutOpen(now), ...("scope" in patch ? { trail: [] } : {}), ...patch }), false),
    tidy: () => go((now) => now, true),
    evidenceSearch: (evidence) => encodeDoraSearch({ ...still, evidence }),
    explainSearch: (explain) => encodeDoraSearch({ ...still, explain }),
    noteSearch: (note) => encodeDoraSearch({ ...still, note }),
    open: (evidence) => go((now) => ({ ...withoutOpen(now), evidence }), false),
    openNote: (note) => go((now) => ({ ...withoutOpen(now), note }), false),
    turn: (evidence) => go((now) => ({ ...withoutOpen(now), evidence }), true),
    close: () => go(withoutOpen, true, true),
  };
}

/** The review queue of the same scope and window. */
export const incidentsOf = ({ query }: DoraAddress): IncidentSearch =>
  encodeIncidentSearch({ measured: query, show: "review", correct: null });
