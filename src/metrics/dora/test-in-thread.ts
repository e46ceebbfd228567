import { Worker } from "node:worker_threads";
import { type SamplePair, testSamples } from "../../dora/compare.ts";
import type { SampleAnswer, SampleRequest } from "./sample-thread.ts";

/** Below this many values the tests take a few milliseconds: less than handing them over is worth. */
const WORTH_A_THREAD = 500;

let thread: Worker | null = null;
let requests = 0;
const waiting = new Map<number, (ps: readonly (number | null)[] | null) => void>();

function open(): Worker {
  if (thread !== null) return thread;
  const next = new Worker(new URL("./sample-thread.ts", import.meta.url));
  next.unref();
  next.on("message", ({ id, ps }: SampleAnswer) => {
    waiting.get(id)?.(ps);
    waiting.delete(id);
  });
  // Who waits is answered by this thread then; the next one gets a new worker.
  const ended = (): void => {
    if (thread === next) thread = null;
    for (const answer of waiting.values()) answer(null);
    waiting.clear();
  };
  next.on("error", ended);
  next.on("exit", ended);
  thread = next;
  return next;
}

/** p of each pair, in order; long ones are computed in a thread. */
export async function testInThread(pairs: readonly SamplePair[]): Promise<readonly (number | null)[]> {
  const values = pairs.reduce((sum, { current, previous }) => sum + current.length + previous.length, 0);
  if (values < WORTH_A_THREAD) return pairs.map(testSamples);
  const worker = open();
  const id = requests++;
  const answer = new Promise<readonly (number | null)[] | null>((resolve) => waiting.set(id, resolve));
  // A worker that does not hold the process back would let it end while somebody waits.
  worker.ref();
  worker.postMessage({ id, pairs } satisfies SampleRequest);
  const ps = await answer;
  if (waiting.size === 0) worker.unref();
  return ps ?? pairs.map(testSamples);
}
