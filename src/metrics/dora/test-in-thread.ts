import { type SamplePair, testSamples } from "../../dora/compare.ts";
import { ThreadCalls } from "./thread-calls.ts";

/** Below this many values the tests take a few milliseconds: less than handing them over is worth. */
const WORTH_A_THREAD = 500;

const calls = new ThreadCalls<readonly SamplePair[], readonly (number | null)[]>(
  new URL("./sample-thread.ts", import.meta.url),
);

/** p of each pair, in order; long ones are computed in a thread. */
export async function testInThread(pairs: readonly SamplePair[]): Promise<readonly (number | null)[]> {
  const values = pairs.reduce((sum, { current, previous }) => sum + current.length + previous.length, 0);
  if (values < WORTH_A_THREAD) return pairs.map(testSamples);
  return (await calls.call([pairs])) ?? pairs.map(testSamples);
}
