/** Runs the inputs of one target, in a thread that can be ended when it hangs. */
import { parentPort, workerData } from "node:worker_threads";
import { runInput } from "./run-inputs.ts";
import { TARGETS } from "./targets/index.ts";

export interface Work {
  readonly target: string;
  readonly seed: number;
  readonly from: number;
  /** Where the number of the input at hand stands, for whoever ends this thread. */
  readonly at: SharedArrayBuffer;
}

const { target: name, seed, from, at } = workerData as Work;
const target = TARGETS.find((one) => one.name === name);
const numbers = new Int32Array(at);
/** Events are let in now and then: a message to stop, a promise that nobody caught. */
const BREATHE_EVERY = 50;
let isStopped = false;
parentPort?.on("message", () => (isStopped = true));

if (target !== undefined)
  for (let index = from; !isStopped; index += 1) {
    Atomics.store(numbers, 0, index);
    const failure = await runInput(target, seed, index);
    if (failure !== null) parentPort?.postMessage(failure);
    if (index % BREATHE_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
  }
parentPort?.close();
