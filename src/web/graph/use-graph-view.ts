import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { decodeGraph, encodeGraph, type GraphView, pickGraphSearch } from "../lib/graph-search.ts";

/** What the address says of the graph, and a way to change it; whatever else stands there stays. */
export function useGraphView(): readonly [GraphView, (patch: Partial<GraphView>, replace?: boolean) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const text = JSON.stringify(pickGraphSearch(search));
  const view = useMemo(() => decodeGraph(JSON.parse(text) as Record<string, string>), [text]);
  const change = (patch: Partial<GraphView>, replace = false): void => {
    void navigate({
      to: ".",
      search: ((now: Record<string, unknown>) => {
        const own = pickGraphSearch(now);
        const others = Object.fromEntries(Object.entries(now).filter(([key]) => !Object.hasOwn(own, key)));
        return { ...others, ...encodeGraph({ ...decodeGraph(own), ...patch }) };
      }) as never,
      replace,
      resetScroll: false,
    });
  };
  return [view, change];
}
