/** Who of several processes reads the change feed for derivation, and how old what is not read is for those who do not. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { LookTimes, patienceFor, restAfter } from "../../src/engine/derive-rests.ts";
import { Derivation } from "../../src/engine/derive-rounds.ts";
import { restFor, shareOf } from "../../src/engine/derive-share.ts";
import type { Look, Looks } from "../../src/storage/look.ts";
import { ReaderTurns } from "../../src/storage/reader-turns.ts";
import { define, put } from "../catalog/fixture.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

interface Process {
  readonly turns: ReaderTurns;
  readonly times: LookTimes;
  left: string | undefined;
  /** A look is under way until then, or it rests until then. */
  until: number;
  isLooking: boolean;
}

const STEP_MS = 10;
const HOUR_MS = 3_600_000;

/**
 * Two processes hear of changes ten times a second, which never end; a look of one locks the reader's place.
 * @param killAt the one that looked last is gone from then on
 * @returns when another one than before moved the place
 */
function handovers(lookMs: number, pressure: number, endMs: number, killAt = HOUR_MS): number[] {
  const fresh = (): Process => ({
    ...{ turns: new ReaderTurns(), times: new LookTimes(), left: undefined, until: 0, isLooking: false },
  });
  let processes = [fresh(), fresh()];
  let [place, n] = ["0", 0];
  let reader: Process | null = null;
  const moved: number[] = [];
  const batchMs = pressure === 0 ? 0 : 250;
  const share = shareOf(pressure, 0);
  for (let now = 0; now < endMs; now += STEP_MS) {
    if (now === killAt) processes = processes.filter((one) => one !== reader);
    for (const one of processes) {
      if (now < one.until) continue;
      if (one.isLooking) {
        one.isLooking = false;
        one.times.note(lookMs, now);
        one.left = place = String((n += 1));
        if (reader !== null && reader !== one) moved.push(now);
        reader = one;
        const rests = restFor(share, lookMs) + batchMs + restFor(share, batchMs);
        one.until = now + Math.max(restAfter(lookMs, pressure), rests);
      } else {
        const patienceMs = patienceFor(one.times.longestMs(now), pressure);
        const wait = one.turns.waitMs("derive", { place, left: one.left, patienceMs }, now);
        one.isLooking = wait === 0 && processes.every(({ isLooking }) => !isLooking);
        one.until = now + (one.isLooking ? lookMs : 100);
      }
    }
  }
  return moved;
}

test.each([
  [10, 0],
  [100, 0],
  [400, 0],
  [3000, 0],
  [100, 1],
  [1000, 1],
  [200, 0.5],
])("looks of %d ms under a pressure of %d: the reader stays with one process", (lookMs, pressure) => {
  // To learn how long looks take, at first and again once it has been forgotten.
  const minutes = 5;
  expect(handovers(lookMs, pressure, minutes * 60_000).length).toBeLessThanOrEqual(2 + minutes);
  const killed = 200_000;
  const takenAt = handovers(lookMs, pressure, 300_000, killed).find((at) => at > killed);
  expect((takenAt ?? Number.POSITIVE_INFINITY) - killed).toBeLessThanOrEqual(
    patienceFor(lookMs, pressure) + lookMs + 200,
  );
});

test("a killed reader of looks that take no time costs a third of a second, at full pressure of usual ones four", () => {
  expect(patienceFor(0, 0)).toBe(300);
  expect(patienceFor(20, 0)).toBe(330);
  expect(patienceFor(100, 1)).toBeCloseTo(3750);
});

test.each([0, 0.5, 1])(
  "under a pressure of %d nobody waits for ten seconds, however long a look took",
  (pressure) => {
    for (const lookMs of [2000, 25_000, 60_000]) expect(patienceFor(lookMs, pressure)).toBeLessThan(10_000);
    const takenAt = handovers(60_000, pressure, 700_000, 500_000).find((at) => at > 500_000);
    // The next one has ended its look.
    expect((takenAt ?? Number.POSITIVE_INFINITY) - 500_000).toBeLessThan(10_000 + 60_000);
  },
);

test("looks that were slow are forgotten after a minute", () => {
  const times = new LookTimes();
  expect(times.longestMs(0)).toBe(0);
  times.note(25_000, 1000);
  times.note(20, 31_000);
  expect(times.longestMs(61_000)).toBe(25_000);
  expect(times.longestMs(61_001)).toBe(20);
  expect(times.longestMs(91_001)).toBe(0);
  for (const at of [91_100, 91_200, 91_300, 91_400, 91_500, 91_600]) times.note(at === 91_100 ? 900 : 30, at);
  expect(times.longestMs(91_700)).toBe(30);
});

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

test("for a process that stands by, what another has not read waits as long as it does", async () => {
  let now = Date.now();
  const ctx = { ...t.ctx, now: () => new Date(now) };
  let readIn: number | null = 60_000;
  let isGone = false;
  const looks = {
    now: () =>
      isGone
        ? Promise.reject(new Error("the database is gone"))
        : Promise.resolve({ readIn: () => readIn, changes: 0 } as unknown as Look),
  };
  const derivation = new Derivation(ctx, looks as Looks);
  await define(ctx, "waiting", { n: { type: "number" } });
  await put(ctx, "waiting", { identifier: "a", properties: { n: 1 } });
  now += 5000;
  await derivation.round();
  expect(await derivation.waitedMs()).toBe(5000);
  // It sleeps no longer than until it takes over.
  expect(derivation.takesOverIn).toBeGreaterThan(0);
  expect(derivation.takesOverIn).toBeLessThanOrEqual(60_000);
  now += 5000;
  await derivation.round();
  expect(await derivation.waitedMs()).toBe(10_000);
  // A round that fails does not shorten the sleep after it.
  isGone = true;
  await expect(derivation.round()).rejects.toThrow("the database is gone");
  expect(derivation.takesOverIn).toBeNull();
  isGone = false;
  // Nothing is left to read.
  readIn = null;
  await derivation.round();
  expect(derivation.takesOverIn).toBeNull();
  expect(await derivation.waitedMs()).toBe(0);
  // It reads itself, as soon as no transaction of another test on the same server is before it.
  readIn = 0;
  await expect
    .poll(async () => {
      await derivation.round();
      return derivation.waitedMs();
    })
    .toBe(0);
  expect(derivation.takesOverIn).toBeNull();
  now += 1000;
  expect(await derivation.waitedMs()).toBe(1000);
});
