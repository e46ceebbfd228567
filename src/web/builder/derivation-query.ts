/** How far the derived properties of a blueprint are. */
import { queryOptions } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";

export interface DerivedState {
  readonly identifier: string;
  readonly state: "current" | "updating" | "rebuilding" | "broken";
  /** 0 to 1. */
  readonly progress: number;
  /** Entities that could not be computed, and are tried again. */
  readonly failing: number;
  /** Why the definition gives nothing; null: it does. */
  readonly problem: string | null;
  /** Entities for which the calculation fails. */
  readonly errors: number;
  readonly example: { readonly identifier: string; readonly message: string } | null;
}

const WATCHED_MS = 2000;

/** Asked again and again while something of it is being computed. */
export const derivationQuery = (blueprint: string) =>
  queryOptions({
    queryKey: ["blueprints", blueprint, "derivation"],
    queryFn: ({ signal }) =>
      getJson<{ derivation: { properties: readonly DerivedState[] } }>(
        `/v1/blueprints/${encodeURIComponent(blueprint)}/derivation`,
        {},
        signal,
      ),
    select: ({ derivation }) => derivation.properties,
    refetchInterval: ({ state }) =>
      state.data?.derivation.properties.some((one) => one.state === "rebuilding" || one.failing > 0) === true
        ? WATCHED_MS
        : false,
  });
