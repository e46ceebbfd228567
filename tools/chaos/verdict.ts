/** What became of everything that was acknowledged, once nothing waits any more. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Received } from "../../test/automation/receiver.ts";
import type { Portal } from "../../test/flows/support/portal.ts";
import { BUCKET, CALLING, type Load, SERVICES } from "./load.ts";

/** What may not be: all of these are 0. */
export interface Losses {
  /** Entities that are not as they were last written: missing, older, or back after they were deleted. */
  readonly lostWrites: number;
  readonly lostEvents: number;
  /** Events that changed something more than once. */
  readonly duplicates: number;
  /** Events of whose two entities one is changed and the other is not. */
  readonly halfDone: number;
  /** Things that should have called the receiver, and did not. */
  readonly lostCalls: number;
  /** Things that called it under two keys: a receiver that heeds them would have acted twice. */
  readonly doubledCalls: number;
  /** Derived values that are not those from scratch, as the server says. */
  readonly drift: number;
  /** Counts and sums of services that are not those of their things, as added up here. */
  readonly wrongTotals: number;
}

export interface Verdict {
  readonly acknowledgedWrites: number;
  readonly acknowledgedEvents: number;
  readonly unansweredRequests: number;
  readonly calls: number;
  readonly derivedValues: number;
  readonly settledAfterMs: number;
  readonly losses: Losses;
}

/** What a process whose clock was ahead has put off is taken up within three minutes (`storage/derived-queue.ts`). */
const SETTLE_MS = 420_000;

/** Of those that are wrong, so many are told by name. */
const NAMED = 10;

interface Thing {
  readonly identifier: string;
  readonly properties: { readonly n: number };
  readonly relations: { readonly service?: string | null };
}

interface Service {
  readonly identifier: string;
  readonly properties: { readonly count: number; readonly sum: number };
}

async function entitiesOf<T>(portal: Portal, blueprint: string): Promise<readonly T[]> {
  const keys = ["identifier", "properties", "relations"].map((key) => `include=${key}`).join("&");
  return (await portal.get<{ entities: readonly T[] }>(`/v1/blueprints/${blueprint}/entities?${keys}`))
    .entities;
}

export async function judge(portal: Portal, load: Load, received: readonly Received[]): Promise<Verdict> {
  const begun = performance.now();
  const rebuild = await settled(portal, begun);
  const things = await entitiesOf<Thing>(portal, "thing");
  const calling = [
    ...things.filter(({ identifier }) => identifier.startsWith("e-")),
    ...[...load.created].map(([identifier, n]) => ({ identifier, properties: { n } })),
  ].flatMap(({ identifier, properties }) => (properties.n % CALLING === 0 ? [identifier] : []));
  const keys = await keysOf(calling, received, begun);
  const settledAfterMs = Math.round(performance.now() - begun);
  const there = new Map(things.map(({ identifier, properties }) => [identifier, properties.n]));
  const events = load.sent.flatMap((count, sender) =>
    Array.from({ length: count }, (_, n) => `e-${sender}-${n}`),
  );
  const lostWrites = [...load.written].filter(
    ([identifier, n]) => !load.unknown.has(identifier) && (there.get(identifier) ?? null) !== n,
  );
  for (const [identifier, n] of lostWrites.slice(0, NAMED))
    process.stderr.write(`${identifier}: last written ${n}, now ${there.get(identifier)}\n`);
  return {
    acknowledgedWrites: load.acknowledged() - events.length,
    acknowledgedEvents: events.length,
    unansweredRequests: load.unanswered(),
    calls: keys.size,
    derivedValues: rebuild.checked,
    settledAfterMs,
    losses: {
      lostWrites: lostWrites.length,
      lostEvents: events.filter((identifier) => !there.has(identifier)).length,
      ...(await sharedChanges(portal, load.sent, there)),
      lostCalls: calling.filter((identifier) => !keys.has(identifier)).length,
      doubledCalls: [...keys.values()].filter(({ size }) => size > 1).length,
      drift: rebuild.drift,
      wrongTotals: wrongTotals(things, await entitiesOf<Service>(portal, "service")),
    },
  };
}

interface Audits {
  readonly audits: readonly {
    readonly diff: { readonly after: { readonly properties: { readonly n: number } } };
  }[];
}

/** Of the entities that many events share, one change for each event whose own entity is there. */
async function sharedChanges(
  portal: Portal,
  sent: readonly number[],
  there: ReadonlyMap<string, number>,
): Promise<{ readonly duplicates: number; readonly halfDone: number }> {
  let [duplicates, halfDone] = [0, 0];
  for (const [sender, count] of sent.entries())
    // One more may have been stored, of which the sender was never told.
    for (let bucket = 0; bucket * BUCKET <= count; bucket += 1) {
      const { audits } = await portal.get<Audits>(
        `/v1/audit-log?blueprint=thing&entity=last-${sender}-${bucket}&limit=1000`,
      );
      const told = new Map<number, number>();
      for (const { diff } of audits) {
        const { n } = diff.after.properties;
        told.set(n, (told.get(n) ?? 0) + 1);
      }
      for (let n = bucket * BUCKET; n < (bucket + 1) * BUCKET; n += 1) {
        const times = told.get(n) ?? 0;
        if (times > 1) duplicates += 1;
        if (times > 0 !== there.has(`e-${sender}-${n}`)) halfDone += 1;
      }
    }
  return { duplicates, halfDone };
}

/** The idempotency keys under which each thing called, once all that should have done so. */
async function keysOf(
  calling: readonly string[],
  received: readonly Received[],
  begun: number,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const keys = new Map<string, Set<string>>();
  for (let read = 0; ; await sleep(100)) {
    for (const { text, headers } of received.slice(read)) {
      const { id } = JSON.parse(text) as { id: string };
      keys.set(id, (keys.get(id) ?? new Set()).add(String(headers["idempotency-key"])));
    }
    read = received.length;
    if (calling.every((one) => keys.has(one)) || performance.now() - begun > SETTLE_MS) return keys;
  }
}

function wrongTotals(things: readonly Thing[], services: readonly Service[]): number {
  const totals = new Map<string, { count: number; sum: number }>();
  for (const { properties, relations } of things) {
    if (typeof relations.service !== "string") continue;
    const { count, sum } = totals.get(relations.service) ?? { count: 0, sum: 0 };
    totals.set(relations.service, { count: count + 1, sum: sum + properties.n });
  }
  const wrong = services.filter(({ identifier, properties }) => {
    const { count, sum } = totals.get(identifier) ?? { count: 0, sum: 0 };
    return properties.count !== count || properties.sum !== sum;
  });
  return wrong.length + Math.abs(services.length - SERVICES);
}

/** Waits, and compares derived values with those from scratch. */
async function settled(
  portal: Portal,
  begun: number,
): Promise<{ readonly drift: number; readonly checked: number }> {
  for (; ; await sleep(100)) {
    const { events } = await portal.get<{ events: { received: number } }>("/v1/webhooks/load/events-count");
    const { derivation } = await portal.get<{ derivation: { isSettled: boolean } }>(
      "/v1/blueprints/service/derivation",
    );
    if (performance.now() - begun > SETTLE_MS) throw new Error(`not settled after ${SETTLE_MS} ms`);
    if (events.received > 0 || !derivation.isSettled) continue;
    try {
      const answer = await portal.send("POST", "/v1/derivation/rebuild", { check: true });
      return (answer as { rebuild: { drift: number; checked: number } }).rebuild;
    } catch (error) {
      if (!String(error).includes("still being computed")) throw error;
    }
  }
}
