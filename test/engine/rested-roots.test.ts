import { expect, test } from "vitest";
import { RestedRoots } from "../../src/engine/rested-roots.ts";

test("what nothing changed for a while is computed at once; what changes all the time is collected", () => {
  const roots = new RestedRoots();
  expect([...roots.take(["hot", "calm"], 5, 0)]).toEqual(["hot", "calm"]);
  for (let now = 100; now < 6000; now += 100) expect([...roots.take(["hot"], 5, now)]).toEqual([]);
  expect([...roots.take(["hot", "calm"], 5, 6000)]).toEqual(["calm"]);
  expect([...roots.take(["hot"], 5, 20_000)]).toEqual(["hot"]);
});

test("they get a small share of the time: the others are collected", () => {
  const roots = new RestedRoots();
  const many = (of: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${of}${i}`);
  // 200 ms may come together.
  expect(roots.take(many("a", 1000), 5, 0).size).toBe(40);
  expect(roots.take(many("b", 1000), 5, 0).size).toBe(0);
  // A tenth of a second.
  expect(roots.take(many("c", 1000), 5, 1000).size).toBe(20);
  // What costs nothing measurable costs something.
  expect(roots.take(many("d", 10_000), 0, 1_000_000).size).toBe(1000);
});

test("where there is less room, their share is less", () => {
  const roots = new RestedRoots();
  const many = (of: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${of}${i}`);
  expect(roots.take(many("a", 1000), 5, 0, 0.1).size).toBe(4);
  expect(roots.take(many("b", 1000), 5, 1000, 0.1).size).toBe(2);
});
