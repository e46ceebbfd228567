import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeriver, restOf } from "../../src/metrics/dora/derive-service.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

const thread = (code: string): Worker =>
  new Worker(`require("node:worker_threads").parentPort.on("message", (m) => { ${code} })`, { eval: true });

test("a thread that dies fails its derivation, not the process, and is replaced", async () => {
  const threads = [
    thread("throw new Error('out of memory')"),
    thread("process.exit()"),
    thread(
      "if (m.kind === 'finish') require('node:worker_threads').parentPort.postMessage({ kind: 'failed', message: 'alive', stack: '' })",
    ),
  ];
  const deriver = createDeriver(() => threads.shift() as Worker);
  await expect(deriver.derive(t.ctx, "shop")).rejects.toThrow("out of memory");
  await expect(deriver.derive(t.ctx, "shop")).rejects.toThrow("the derivation thread stopped");
  await expect(deriver.derive(t.ctx, "shop")).rejects.toThrow("alive");
  // What was never derived need not rest.
  const rests = await deriver.restsOf(t.ctx, ["shop", "cart"]);
  expect([...rests]).toEqual([
    ["shop", 0],
    ["cart", 0],
  ]);
  await deriver.stop();
});

test.each([
  // What takes little of the time rests for four times what it took, three seconds at most.
  [0.1, 200, 80, 320],
  [0.1, 1, 2000, 3000],
  // What takes much of it: until all of them take a fifth; few of them no longer than that.
  [0.5, 5, 80, 2000],
  [0.5, 5, 2000, 3000],
  [0.5, 60, 20, 6000],
  [0.5, 60, 80, 9000],
  [0.9, 2000, 80, 30_000],
])("a share of %d, %i services of %i ms: a rest of %i ms", (share, count, ms, rest) => {
  expect(restOf(share, count, ms)).toBe(rest);
});
