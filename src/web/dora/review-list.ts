/** The review queue as it is drawn: the server's list, and over it what was decided on this page a moment ago. */
import { duration } from "../lib/format.ts";
import type { Cause, Incident } from "./incident-queries.ts";

/** What was decided here. It shows at once; the server's list follows when numbers are derived again. */
export interface Decision {
  /** As it was before. */
  readonly incident: Incident;
  readonly deployment: string | null;
  readonly phase: "decided" | "undone";
  /** What went wrong on the way; the phase is then what still holds. */
  readonly error: Error | null;
}

export type Decisions = ReadonlyMap<string, Decision>;

export interface ReviewRow {
  readonly key: string;
  readonly incident: Incident;
  readonly decision: Decision | null;
}

export function keyOf({ entity: { blueprint, identifier } }: Incident): string {
  return `${blueprint}:${identifier}`;
}

/** Newest first. What was decided keeps its place, and with it its undo, when the list no longer has it. */
export function reviewRows(listed: readonly Incident[], decisions: Decisions): ReviewRow[] {
  const rows = new Map<string, ReviewRow>();
  for (const incident of listed) {
    const key = keyOf(incident);
    rows.set(key, { key, incident, decision: null });
  }
  for (const [key, decision] of decisions) {
    const { incident, phase } = decision;
    const now = rows.get(key)?.incident;
    // An undo that is not derived yet: the list still tells of the verdict.
    const isFresh = now !== undefined && (phase === "decided" || now.link.method === incident.link.method);
    rows.set(key, { key, incident: isFresh ? now : incident, decision });
  }
  return [...rows.values()].sort(
    (a, b) => Date.parse(b.incident.startedAt) - Date.parse(a.incident.startedAt) || (a.key < b.key ? -1 : 1),
  );
}

/** How many the queue has by now, the server's total corrected by what it does not know yet. */
export function waitingCount(total: number, listed: readonly Incident[], decisions: Decisions): number {
  const keys = new Set(listed.map(keyOf));
  let waiting = total;
  for (const [key, { phase }] of decisions) {
    if (phase === "decided" && keys.has(key)) waiting--;
    if (phase === "undone" && !keys.has(key)) waiting++;
  }
  return Math.max(0, waiting);
}

/** The verdict that confirms what the rule says, with the rule's reason in it. */
export function confirmation({ link: { deployment, reason } }: Incident): Cause {
  return { deployment, reason: `Confirmed in the review: ${reason}`.slice(0, 2000) };
}

const METHODS: Readonly<Record<string, string>> = {
  user: "decided by a person",
  data: "named by the incident",
  window: "by the failure window",
  none: "no cause found",
};

export function methodText(method: string): string {
  return METHODS[method] ?? method;
}

/** The rule's reason as people read it: hours where the rule counts minutes. */
export const reasonOf = (reason: string): string =>
  reason.replace(
    /^finished (\d+) min /,
    (_, minutes: string) => `finished ${duration(Number(minutes) * 60)} `,
  );

const CONFIDENCES: Readonly<Record<string, string>> = {
  likely: "likely: the only candidate",
  possible: "possible: the latest of several",
};

export function confidenceText(confidence: string): string {
  return CONFIDENCES[confidence] ?? confidence;
}
