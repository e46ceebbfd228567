/** What became of everything that was acknowledged, once nothing waits any more. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Portal } from "../../test/flows/support/portal.ts";
import { BUCKET, type Load } from "./load.ts";

export interface Verdict {
  readonly acknowledgedWrites: number;
  readonly acknowledgedEvents: number;
  readonly unansweredRequests: number;
  readonly lostWrites: number;
  readonly lostEvents: number;
  /** Events that changed something more than once. */
  readonly duplicates: number;
  /** Events whose entity is there, and of which the entity that they share tells nothing. */
  readonly halfDone: number;
  readonly derivedValues: number;
  readonly drift: number;
  readonly settledAfterMs: number;
}

const SETTLE_MS = 180_000;

interface Page {
  readonly entities: readonly { readonly identifier: string }[];
}

export async function judge(portal: Portal, load: Load): Promise<Verdict> {
  const begun = performance.now();
  const rebuild = await settled(portal);
  const settledAfterMs = Math.round(performance.now() - begun);
  const { entities } = await portal.get<Page>("/v1/blueprints/thing/entities");
  const there = new Set(entities.map(({ identifier }) => identifier));
  const events = load.sent.flatMap((count, sender) =>
    Array.from({ length: count }, (_, n) => `e-${sender}-${n}`),
  );
  let [duplicates, halfDone] = [0, 0];
  for (const last of [...there].filter((identifier) => identifier.startsWith("last-"))) {
    const [, sender = "", bucket = ""] = last.split("-");
    const own = [...there].filter((identifier) => {
      const [kind, of, n] = identifier.split("-");
      return kind === "e" && of === sender && Math.floor(Number(n) / BUCKET) === Number(bucket);
    });
    const log = await portal.get<{ audits: readonly object[] }>(
      `/v1/audit-log?blueprint=thing&entity=${last}&limit=1000`,
    );
    duplicates += Math.max(0, log.audits.length - own.length);
    halfDone += Math.max(0, own.length - log.audits.length);
  }
  return {
    acknowledgedWrites: load.written.length,
    acknowledgedEvents: events.length,
    unansweredRequests: load.unanswered(),
    lostWrites: load.written.filter((identifier) => !there.has(identifier)).length,
    lostEvents: events.filter((identifier) => !there.has(identifier)).length,
    ...{ duplicates, halfDone },
    derivedValues: rebuild.checked,
    drift: rebuild.drift,
    settledAfterMs,
  };
}

/** Waits, and compares derived values with those from scratch. */
async function settled(portal: Portal): Promise<{ readonly drift: number; readonly checked: number }> {
  for (const end = Date.now() + SETTLE_MS; ; await sleep(100)) {
    const { events } = await portal.get<{ events: { received: number } }>("/v1/webhooks/load/events-count");
    const { derivation } = await portal.get<{ derivation: { isSettled: boolean } }>(
      "/v1/blueprints/service/derivation",
    );
    if (Date.now() > end) throw new Error(`not settled after ${SETTLE_MS} ms`);
    if (events.received > 0 || !derivation.isSettled) continue;
    try {
      const answer = await portal.send("POST", "/v1/derivation/rebuild", { check: true });
      return (answer as { rebuild: { drift: number; checked: number } }).rebuild;
    } catch (error) {
      if (!String(error).includes("still being computed")) throw error;
    }
  }
}
