/** When the loop that follows the change feed looks again. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAutomations } from "../../src/automation/automation-loop.ts";
import { TIMERS_READER } from "../../src/automation/timers.ts";
import type { Look, Looks } from "../../src/storage/look.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { SOON } from "../support/patience.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

/** So long another process may leave the reader where it is. */
const PATIENCE_MS = 100;

test("what another process reads is taken over when its time is up, after a round as well", async () => {
  const asked: number[] = [];
  const look: Look = {
    dueIn: (_queues, limitMs) => limitMs,
    readIn: (reader) => {
      if (reader === TIMERS_READER) asked.push(performance.now());
      return PATIENCE_MS;
    },
    ...{ nextAt: null, isTouched: false, changes: 0 },
  };
  const loop = await startAutomations(
    t.database,
    t.ctx,
    { now: () => Promise.resolve(look) } as unknown as Looks,
    { metrics: () => Promise.resolve([]), publicUrl: () => "", hasBroker: false },
  );
  // The first look leads to a round, for what no look tells.
  await expect.poll(() => asked.length, SOON).toBeGreaterThan(16);
  await loop.stop();
  // A look asks more than once.
  const pauses = asked.slice(1).map((at, n) => at - (asked[n] ?? at));
  const between = pauses.filter((ms) => ms > PATIENCE_MS / 2).sort((a, b) => a - b);
  // Not once a second, as it sleeps when nothing is to be done.
  expect(between[Math.floor(between.length / 2)]).toBeLessThan(700);
});
