export const ENTITY_TABS = ["overview", "related", "scorecards", "audit", "json"] as const;
export type EntityTab = (typeof ENTITY_TABS)[number];

/** The tab in an address; absent: the overview. */
export function pickEntityTab(raw: Record<string, unknown>): { tab?: EntityTab } {
  const tab = ENTITY_TABS.find((name) => name === raw["tab"]);
  return tab === undefined || tab === "overview" ? {} : { tab };
}
