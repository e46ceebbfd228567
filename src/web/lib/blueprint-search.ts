/** What the page of a blueprint shows, as its address says it. */
export type BlueprintTab = "definitions" | "permissions" | "json";

export interface BlueprintSearch {
  /** Absent: the definitions. */
  readonly tab?: Exclude<BlueprintTab, "definitions">;
  /** `new aggregation`, or the kind and identifier of a definition: `property tier`. */
  readonly open?: string;
}

export function pickBlueprintSearch(raw: Record<string, unknown>): BlueprintSearch {
  const { tab, open } = raw;
  return {
    ...(tab === "permissions" || tab === "json" ? { tab } : {}),
    ...(typeof open === "string" && open !== "" && open.length <= 300 ? { open } : {}),
  };
}
