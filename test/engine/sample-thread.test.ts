import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { type SamplePair, testSamples } from "../../src/dora/compare.ts";
import { testInThread } from "../../src/metrics/dora/test-in-thread.ts";

const pair = (size: number, shift: number, statistic: SamplePair["statistic"]): SamplePair => ({
  statistic,
  current: Array.from({ length: size }, (_, index) => (index * 7919) % 1009),
  previous: Array.from({ length: size }, (_, index) => shift + ((index * 104_729) % 1013)),
});
const great = [pair(400, 30, "median"), pair(400, 30, "mean"), pair(300, 500, "median")];
const staying = { org: "acme", signal: new AbortController().signal };

test("the thread finds what is found without it, each caller its own, in order", async () => {
  const small = [pair(10, 0, "median")];
  const both = await Promise.all([
    testInThread(great, staying),
    testInThread(small, staying),
    testInThread(great.toReversed(), staying),
  ]);
  expect(both).toEqual([great.map(testSamples), small.map(testSamples), great.toReversed().map(testSamples)]);
  expect(both[0][2]).toBe(0.001);
});

test("many tests let others have their turn between some of them, and end when who asked has gone", async () => {
  const many = Array.from({ length: 60 }, () => great[0] as SamplePair);
  const worked: string[] = [];
  const gone = new AbortController();
  const run = (name: string, org: string, pairs: readonly SamplePair[], signal = staying.signal) =>
    testInThread(pairs, { org, signal }, async (some) => {
      worked.push(`${name} ${some.length}`);
      await setImmediate();
      return some.map(() => 1);
    });
  const first = run("first", "acme", many);
  const second = run("second", "acme", great);
  const other = run("other", "other", great);
  const left = run("left", "third", many, gone.signal).catch((error: unknown) => String(error));
  gone.abort();
  expect((await first).length).toBe(60);
  expect([(await second).length, (await other).length]).toEqual([3, 3]);
  expect(await left).toContain("cancelled");
  expect(worked).toEqual(["first 25", "second 3", "other 3", "first 25", "first 10"]);
});

test("a thread that ends is tried once more; what ends it is never computed beside the answers to others", async () => {
  const answers = (ends: number, tries: number[]) =>
    testInThread(great, staying, async (some) => {
      tries.push(some.length);
      return tries.length <= ends ? undefined : some.map(() => 0.5);
    });
  const once: number[] = [];
  expect(await answers(1, once)).toEqual([0.5, 0.5, 0.5]);
  const twice: number[] = [];
  await expect(answers(2, twice)).rejects.toThrow("ended 2 times");
  expect([once, twice]).toEqual([
    [3, 3],
    [3, 3],
  ]);
});
