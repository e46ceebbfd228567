/** Events of data sources in the address of their page. */

const STATUSES = ["received", "processed", "failed", "rejected"] as const;
export type EventStatus = (typeof STATUSES)[number];

/** Of the page's address: which events are listed, and which one is open. */
export interface EventSearch {
  readonly events?: EventStatus;
  readonly event?: string;
}

export function pickEventSearch(raw: Record<string, unknown>): EventSearch {
  const status = STATUSES.find((one) => one === raw["events"]);
  const id = raw["event"];
  return {
    ...(status === undefined ? {} : { events: status }),
    ...(typeof id === "string" && id !== "" && id.length <= 300 ? { event: id } : {}),
  };
}
