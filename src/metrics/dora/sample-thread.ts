/** Tests samples in a thread of its own: a page of sixty services takes half a second, during which the server answers. */
import { parentPort } from "node:worker_threads";
import { type SamplePair, testSamples } from "../../dora/compare.ts";
import type { ThreadAnswer, ThreadMessage } from "./thread-calls.ts";

const port = parentPort;
if (port === null) throw new Error("sample-thread runs as a worker thread only");

port.on("message", ({ id, message }: ThreadMessage<readonly SamplePair[]>) => {
  port.postMessage({ id, answer: message.map(testSamples) } satisfies ThreadAnswer<
    readonly (number | null)[]
  >);
});
