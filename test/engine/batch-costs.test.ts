import { expect, test } from "vitest";
import { BatchCosts } from "../../src/engine/batch-costs.ts";

test("a process that stood still in one batch does not make its unit expensive", () => {
  const costs = new BatchCosts();
  for (const sample of [0.4, 0.5, 187, 0.6, 0.5]) costs.note("agg", sample);
  expect(costs.usual("agg")).toBe(0.5);
  // What is done at once is less for a while.
  expect(costs.lately("agg")).toBeGreaterThan(10);
});

test("what costs much each time is known to after three batches", () => {
  const costs = new BatchCosts();
  for (const sample of [0.4, 0.5, 40, 41]) costs.note("agg", sample);
  expect(costs.usual("agg")).toBe(0.5);
  costs.note("agg", 42);
  expect(costs.usual("agg")).toBe(40);
});

test("one sample alone says little, a failure nothing, and what is unknown costs nothing", () => {
  const costs = new BatchCosts();
  expect([costs.usual("agg"), costs.lately("agg")]).toEqual([0, null]);
  costs.noteFailure("agg", 250);
  expect([costs.usual("agg"), costs.lately("agg")]).toEqual([0, 250]);
  costs.note("own", 1500);
  expect([costs.usual("own"), costs.lately("own")]).toEqual([20, 1500]);
  costs.note("own", 1);
  expect(costs.usual("own")).toBe(1);
});
