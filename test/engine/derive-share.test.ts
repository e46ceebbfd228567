import { expect, test } from "vitest";
import { shareOf, WorkShare } from "../../src/engine/derive-share.ts";

test.each([
  [0, 0, 1],
  [0, 60_000, 1],
  [1, 0, 0.1],
  [1, 4000, 0.1],
  [1, 8000, 0.55],
  [1, 12_000, 1],
  [1, 60_000, 1],
  [0.5, 0, 0.55],
  [0.5, 12_000, 1],
  // Clocks of two machines differ.
  [1, -500, 0.1],
])("pressure %d, waiting for %d ms: %d of the time", (pressure, waited, expected) => {
  expect(shareOf(pressure, waited)).toBeCloseTo(expected);
});

/** Works in pieces as the loop does. @param shareAt by the time. @returns when it worked */
function worked(untilMs: number, pieceMs: number, shareAt: (now: number) => number): number {
  const share = new WorkShare();
  let [now, sum] = [0, 0];
  while (now < untilMs) {
    now += pieceMs;
    sum += pieceMs;
    share.worked(pieceMs, now);
    for (let ms = share.restMs(shareAt(now), now); ms > 0; ms = share.restMs(shareAt(now), now))
      now += Math.min(ms, 250);
  }
  return sum / now;
}

test.each([
  [20, 0.1],
  [200, 0.1],
  [200, 0.55],
  [5, 1],
])("pieces of %d ms take %d of the time", (piece, share) => {
  expect(worked(120_000, piece, () => share)).toBeCloseTo(share, 1);
});

test("a piece that takes for ever is not rested for in proportion", () => {
  const share = new WorkShare();
  share.worked(60_000, 60_000);
  expect(share.restMs(0.1, 60_000)).toBeLessThan(5000);
});

test("a rest ends when writes do", () => {
  const share = new WorkShare();
  share.worked(200, 1000);
  expect(share.restMs(0.1, 1000)).toBeCloseTo(1800);
  expect(share.restMs(0.1, 1900)).toBeCloseTo(900);
  expect(share.restMs(1, 1900)).toBe(0);
  expect(share.owes).toBe(false);
});

/**
 * Writes come at full speed, and what they mean takes a part of the time: how long the oldest of them waits. Work is
 * done in the order of writing.
 */
function longestWait(demand: number): { readonly waited: number; readonly share: number } {
  const share = new WorkShare();
  let [now, done, busy, longest] = [0, 0, 0, 0];
  while (now < 300_000) {
    const piece = Math.min(200, (now - done) * demand);
    if (piece < 1) {
      now += 10;
      continue;
    }
    now += piece;
    busy += piece;
    done += piece / demand;
    share.worked(piece, now);
    const owed = (): number => share.restMs(shareOf(1, now - done), now);
    for (let ms = owed(); ms > 0; ms = owed()) now += Math.min(ms, 250);
    longest = Math.max(longest, now - done);
  }
  return { waited: longest, share: busy / now };
}

test.each([
  [0.05, 4000],
  [0.3, 8000],
  [0.6, 11_000],
  [0.9, 14_000],
])("nothing waits for ever: work for %d of the time is done within %d ms", (demand, most) => {
  const { waited, share } = longestWait(demand);
  expect(waited).toBeLessThanOrEqual(most);
  expect(share).toBeGreaterThan(demand - 0.05);
});
