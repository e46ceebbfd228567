import { expect, test } from "vitest";
import { CollectTime } from "../../src/engine/collect-time.ts";

/** Milliseconds after ten seconds of looks at the feed, 20 a second. */
function afterTenSeconds(changesPerSecond: number, costMs: number): number {
  const time = new CollectTime();
  let last = 0;
  for (let i = 0; i <= 200; i++) last = time.after(changesPerSecond / 20, costMs, i * 50);
  return last;
}

test.each([
  // 200 a second at 0.3 ms are 6 % of the time: nothing is collected longer than it has to be.
  [200, 0.3, 0, 0],
  [200, 0, 0, 0],
  [1000, 0.3, 150, 300],
  [5000, 0.3, 4000, 5000],
  [100_000, 5, 5000, 5000],
])("%d changes a second at %d ms are collected for %d to %d ms", (changes, cost, least, most) => {
  const ms = afterTenSeconds(changes, cost);
  expect(ms).toBeGreaterThanOrEqual(least);
  expect(ms).toBeLessThanOrEqual(most);
});

test("what was busy is forgotten after a rest", () => {
  const time = new CollectTime();
  for (let i = 0; i < 100; i++) time.after(500, 1, i * 50);
  expect(time.after(500, 1, 5000)).toBe(5000);
  expect(time.after(1, 1, 20_000)).toBe(0);
});

test("a burst after a rest is not a load", () => {
  expect(new CollectTime().after(300, 0.3, 0)).toBe(0);
});
