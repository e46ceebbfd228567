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
    const own = pickGraphSearch(search);
    const others = Object.fromEntries(Object.entries(search).filter(([key]) => !Object.hasOwn(own, key)));
    void navigate({
      to: ".",
      search: { ...others, ...encodeGraph({ ...view, ...patch }) } as never,
      replace,
      resetScroll: false,
    });
  };
  return [view, change];
}
