import { expect, test } from "vitest";
import { FeedPressure } from "../../src/engine/feed-pressure.ts";

const NOW = Date.parse("2026-11-25T12:00:00Z");

/** After ten seconds of looks at the feed. */
function afterTenSeconds(changesPerSecond: number, everyMs: number, agoMs = 100): number {
  const pressure = new FeedPressure();
  const changes = Array.from({ length: (changesPerSecond * everyMs) / 1000 }, () => NOW - agoMs);
  for (let steady = 0; steady <= 10_000; steady += everyMs) pressure.add(changes, NOW, steady);
  return pressure.at(10_000);
}

test.each([
  [200, 50, 0],
  [200, 1000, 0],
  [600, 500, 0],
  [8000, 50, 1],
  [8000, 1000, 1],
])("%d changes a second, read every %d ms: %d", (changes, every, expected) => {
  expect(afterTenSeconds(changes, every)).toBe(expected);
});

test("between a few and all of them it rises", () => {
  const [some, more] = [afterTenSeconds(2000, 50), afterTenSeconds(3000, 50)];
  expect(some).toBeGreaterThan(0.2);
  expect(more).toBeGreaterThan(some);
  expect(more).toBeLessThan(1);
});

test("a backlog is no pressure, nor is a burst of a few hundred, and a rest ends it", () => {
  expect(afterTenSeconds(8000, 50, 60_000)).toBe(0);
  const pressure = new FeedPressure();
  const burst = (n: number) => Array.from({ length: n }, () => NOW);
  pressure.add(burst(900), NOW, 0);
  expect(pressure.at(0)).toBe(0);
  pressure.add(burst(8000), NOW, 100);
  expect(pressure.at(100)).toBe(1);
  expect(pressure.at(3000)).toBe(0);
});
