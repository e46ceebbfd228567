import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeriver } from "../../src/metrics/dora/derive-service.ts";
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
