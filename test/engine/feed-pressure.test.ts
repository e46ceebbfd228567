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

test("where all writers together write little, nothing is counted; where that is not known, it is", () => {
  const counts = (marks: readonly (readonly [changes: number, atMs: number])[]): boolean => {
    const pressure = new FeedPressure();
    for (const [changes, atMs] of marks) pressure.noted(changes, atMs);
    pressure.found(4000);
    return pressure.isToBeCounted(10_000);
  };
  expect(counts([])).toBe(true);
  expect(counts([[7, 9000]])).toBe(true);
  expect(
    counts([
      [0, 9500],
      [10, 10_000],
    ]),
  ).toBe(true);
  expect(
    counts([
      [0, 9000],
      [900, 10_000],
    ]),
  ).toBe(false);
  expect(
    counts([
      [0, 9000],
      [1100, 10_000],
    ]),
  ).toBe(true);
  // Much of it is longer ago than the window.
  expect(
    counts([
      [0, 0],
      [9000, 8000],
      [9400, 9000],
      [9800, 10_000],
    ]),
  ).toBe(false);
  expect(
    counts([
      [0, 0],
      [100, 9000],
      [2100, 10_000],
    ]),
  ).toBe(true);
});

test("pressure that was counted is counted again whatever was written since", () => {
  const pressure = new FeedPressure();
  pressure.counted(6000, 0);
  pressure.noted(0, 0);
  pressure.noted(10, 2000);
  expect(pressure.isToBeCounted(2000)).toBe(true);
});
