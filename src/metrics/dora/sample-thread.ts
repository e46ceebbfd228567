/** Tests samples in a thread of its own: a page of sixty services takes half a second, during which the server answers. */
import { parentPort } from "node:worker_threads";
import { type SamplePair, testSamples } from "../../dora/compare.ts";

const port = parentPort;
if (port === null) throw new Error("sample-thread runs as a worker thread only");

export interface SampleRequest {
  readonly id: number;
  readonly pairs: readonly SamplePair[];
}

export interface SampleAnswer {
  readonly id: number;
  readonly ps: readonly (number | null)[];
}

port.on("message", ({ id, pairs }: SampleRequest) => {
  port.postMessage({ id, ps: pairs.map(testSamples) } satisfies SampleAnswer);
});
