/**
 * Where events come in: those that come together are stored together, by one statement at a time, and acknowledged when
 * they are safe. When more wait than can be worked off soon, no more are taken.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../model/error.ts";
import type { Db } from "../storage/db.ts";
import { countWaitingEvents, eventReceivedAt, type NewEvent, storeEvents } from "../storage/events.ts";
import { sqlState } from "../storage/transact.ts";
import { currentTrace } from "../tracing/span.ts";

export interface IntakeLimits {
  /** Events of all sources that may wait for their mapping. */
  readonly maxWaiting: number;
  /** Characters of bodies that may wait to be stored: what a slow database may cost in memory. */
  readonly maxBuffered: number;
}

export interface Intake {
  /**
   * Stores the event; when this returns it survives a crash.
   * @returns false when it was stored before
   * @throws AppError `rate_limited` with `retryAfter` (seconds) when too much waits
   */
  take(event: NewEvent): Promise<boolean>;
}

/** Events in one statement, and characters of their bodies. */
const BATCH = 200;
const BATCH_CHARS = 4_000_000;
/** How long what is known of the queue's length counts. */
const COUNT_MS = 500;
const RETRY_AFTER_SECONDS = 5;
const ATTEMPTS = 5;
const DEADLOCK = /^(40001|40P01)$/;

interface Waiting {
  readonly event: NewEvent;
  readonly done: (stored: boolean) => void;
  readonly failed: (error: unknown) => void;
}

/** @param hint tells the worker that there is something to do */
export function createIntake(db: Db, limits: IntakeLimits, hint: () => void): Intake {
  const buffer: Waiting[] = [];
  let buffered = 0;
  let running = false;
  let counted = { n: 0, at: 0 };
  let counting: Promise<void> | null = null;

  const recount = async (): Promise<void> => {
    counted = { n: await countWaitingEvents(db, limits.maxWaiting + 1), at: Date.now() };
  };
  const refuseWhenFull = async (): Promise<void> => {
    if (Date.now() - counted.at > COUNT_MS) {
      counting ??= recount().finally(() => (counting = null));
      // What is known is good enough while it is far from the limit.
      if (counted.at === 0 || counted.n > limits.maxWaiting / 2) await counting;
      else counting.catch(() => undefined);
    }
    if (counted.n >= limits.maxWaiting || buffered > limits.maxBuffered)
      throw new AppError(
        "rate_limited",
        `${counted.n >= limits.maxWaiting ? `${limits.maxWaiting} events` : "too many events"} wait to be worked off; send this one again in ${RETRY_AFTER_SECONDS} seconds`,
        { retryAfter: RETRY_AFTER_SECONDS },
      );
  };

  const store = async (events: readonly NewEvent[]): Promise<boolean[]> => {
    for (let attempt = 1; ; attempt++)
      try {
        return await storeEvents(db, events);
      } catch (error) {
        if (attempt >= ATTEMPTS || !DEADLOCK.test(sqlState(error))) throw error;
        await sleep(attempt * 10);
      }
  };

  const work = async (): Promise<void> => {
    // Those of the same turn of the event loop come along.
    await new Promise(setImmediate);
    while (buffer.length > 0) {
      const batch: Waiting[] = [];
      let chars = 0;
      while (batch.length < BATCH && chars < BATCH_CHARS) {
        const next = buffer.shift();
        if (next === undefined) break;
        batch.push(next);
        chars += next.event.body.length;
      }
      buffered -= chars;
      try {
        const stored = await store(batch.map(({ event }) => event));
        counted.n += stored.filter(Boolean).length;
        if (stored.some(Boolean)) hint();
        batch.forEach(({ done }, i) => done(stored[i] === true));
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    running = false;
  };

  return {
    take: async (event) => {
      await refuseWhenFull();
      return new Promise<boolean>((done, failed) => {
        buffer.push({ event: { ...event, trace: currentTrace() }, done, failed });
        buffered += event.body.length;
        if (running) return;
        running = true;
        void work();
      });
    },
  };
}

/**
 * Stores an event that has no id but what it says. The same text again soon after is the same delivery, sent twice;
 * later it is something that happened again.
 */
export async function takeByContent(
  db: Db,
  intake: Intake,
  event: NewEvent,
  sameWithinMs: number,
): Promise<{ stored: boolean; deliveryId: string }> {
  const { org, source, deliveryId, receivedAt } = event;
  if (await intake.take(event)) return { stored: true, deliveryId };
  const before = await eventReceivedAt(db, org, source, deliveryId);
  if (before === null || receivedAt.getTime() - before.getTime() <= sameWithinMs)
    return { stored: false, deliveryId };
  // One slot for each span of time, so that two that come together are one again.
  const again = `${deliveryId}~${Math.floor(receivedAt.getTime() / sameWithinMs)}`;
  return { stored: await intake.take({ ...event, deliveryId: again }), deliveryId: again };
}
