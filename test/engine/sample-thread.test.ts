import { expect, test } from "vitest";
import { type SamplePair, testSamples } from "../../src/dora/compare.ts";
import { testInThread } from "../../src/metrics/dora/test-in-thread.ts";

const pair = (size: number, shift: number, statistic: SamplePair["statistic"]): SamplePair => ({
  statistic,
  current: Array.from({ length: size }, (_, index) => (index * 7919) % 1009),
  previous: Array.from({ length: size }, (_, index) => shift + ((index * 104_729) % 1013)),
});

test("the thread finds what is found without it, each caller its own, in order", async () => {
  const small = [pair(10, 0, "median")];
  const great = [pair(400, 30, "median"), pair(400, 30, "mean"), pair(300, 500, "median")];
  const both = await Promise.all([
    testInThread(great),
    testInThread(small),
    testInThread(great.toReversed()),
  ]);
  expect(both).toEqual([great.map(testSamples), small.map(testSamples), great.toReversed().map(testSamples)]);
  expect(both[0][2]).toBe(0.001);
});
