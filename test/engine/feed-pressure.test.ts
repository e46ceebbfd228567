import { expect, test } from "vitest";
import { FeedPressure } from "../../src/engine/feed-pressure.ts";

function afterCount(changes: number): number {
  const pressure = new FeedPressure();
  pressure.counted(changes, 0);
  return pressure.value;
}

test.each([
  [0, 0],
  [200, 0],
  [1000, 0],
  [2500, 0.5],
  [4000, 1],
  [8000, 1],
])("%d changes in a second: %d", (changes, expected) => {
  expect(afterCount(changes)).toBe(expected);
});

test("what the feed's reader finds is a reason to count, twice a second at most", () => {
  const pressure = new FeedPressure();
  expect(pressure.isToBeCounted(0)).toBe(false);
  pressure.found(20);
  expect(pressure.isToBeCounted(0)).toBe(false);
  pressure.found(4000);
  expect(pressure.isToBeCounted(0)).toBe(true);
  pressure.counted(500, 0);
  expect(pressure.isToBeCounted(1000)).toBe(false);
  pressure.found(4000);
  expect(pressure.isToBeCounted(499)).toBe(false);
  expect(pressure.isToBeCounted(500)).toBe(true);
});

test("pressure is counted again, also where nothing is read, until it is gone", () => {
  const pressure = new FeedPressure();
  pressure.counted(6000, 0);
  expect(pressure.isToBeCounted(400)).toBe(false);
  expect(pressure.isToBeCounted(500)).toBe(true);
  pressure.counted(0, 500);
  expect(pressure.value).toBe(0);
  expect(pressure.isToBeCounted(10_000)).toBe(false);
});
