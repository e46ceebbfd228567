/** The part of DORA's definition that a form edits, and what would change. */
import { queryOptions } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";
import type { MetricName } from "../api/types.ts";

export const CAUSES = ["status", "incident", "rollback", "hotfix"] as const;
type Cause = (typeof CAUSES)[number];

export interface Definition {
  readonly failureWindowHours: number;
  readonly failureCauses: Readonly<Record<Cause, boolean>>;
  readonly productionEnvironments: readonly string[];
  readonly baseline: { readonly policy: "none" | "all" | "since" | "tag"; readonly value?: string };
  readonly excludeDraftTime: boolean;
  readonly coverageFloor: number;
}

export interface Preview {
  readonly services: { readonly total: number; readonly computed: number };
  readonly window: { readonly from: string; readonly to: string; readonly timezone: string };
  readonly differences: Readonly<
    Record<
      MetricName,
      { readonly present: number | null; readonly proposed: number | null; readonly delta: number | null }
    >
  >;
  readonly pending: number;
}

export const definitionQuery = queryOptions({
  queryKey: ["dora", "settings"],
  queryFn: ({ signal }) => getJson<{ settings: Definition }>("/v1/dora/settings", {}, signal),
  select: ({ settings }) => settings,
  staleTime: 60_000,
});

/** What of the draft differs from what is in force, as the API takes it. */
export function changesIn(draft: Definition, present: Definition): Partial<Definition> {
  const keys = [
    ...(["failureWindowHours", "failureCauses", "productionEnvironments"] as const),
    ...(["baseline", "excludeDraftTime", "coverageFloor"] as const),
  ];
  const changed = keys.filter((key) => JSON.stringify(draft[key]) !== JSON.stringify(present[key]));
  return Object.fromEntries(changed.map((key) => [key, draft[key]]));
}
