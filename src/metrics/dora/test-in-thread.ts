import { type SamplePair, testSamples } from "../../dora/compare.ts";
import { FairTurns } from "./fair-turns.ts";
import { ThreadCalls } from "./thread-calls.ts";

/** Below this many values the tests take a few milliseconds: less than handing them over is worth. */
const WORTH_A_THREAD = 500;
/** Half a second of the thread: so long others wait for their turn. */
const PAIRS_A_TURN = 25;
/** Each of them waits with a part of its tests at a time. */
const MAX_WAITING = 20;
/** What makes a thread end twice would end the third, and the server with it if it were done there. */
const TRIES = 2;

type Tested = readonly (number | null)[];

const calls = new ThreadCalls<readonly SamplePair[], Tested>(new URL("./sample-thread.ts", import.meta.url));
const turns = new FairTurns("comparisons", MAX_WAITING);

/** Who waits for the tests. */
export interface Asker {
  readonly org: string;
  /** Aborted when who asked has gone. */
  readonly signal: AbortSignal;
}

/**
 * p of each pair, in order; many are computed in a thread, some at a time, by turns of organisations and questions.
 * @throws AppError rate_limited (too many wait), invalid_request (who asked has gone)
 */
export async function testInThread(
  pairs: readonly SamplePair[],
  { org, signal }: Asker,
  test: (pairs: readonly SamplePair[]) => Promise<Tested | undefined> = (some) => calls.call([some]),
): Promise<Tested> {
  const values = pairs.reduce((sum, { current, previous }) => sum + current.length + previous.length, 0);
  if (values < WORTH_A_THREAD) return pairs.map(testSamples);
  const tested: (number | null)[] = [];
  for (let from = 0; from < pairs.length; from += PAIRS_A_TURN) {
    const some = pairs.slice(from, from + PAIRS_A_TURN);
    tested.push(...(await turns.take(org, signal, () => tried(() => test(some)))));
  }
  return tested;
}

async function tried(test: () => Promise<Tested | undefined>): Promise<Tested> {
  for (let left = TRIES; left > 0; left--) {
    const tested = await test();
    if (tested !== undefined) return tested;
  }
  throw new Error(`the thread that tests comparisons ended ${TRIES} times`);
}
