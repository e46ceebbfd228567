/** How long tests wait before they say that something does not come. Who passes never waits for it. */
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";

/** A machine that runs everything at once, and may be a slow one, gets more time. */
const FACTOR = process.env["CI"] === "true" ? 3 : 1;

/** @param ms what is plenty on a quiet machine */
export const patient = (ms: number): number => ms * FACTOR;

/** For one step on a page. */
export const STEP_MS = patient(10_000);

/** For what follows from a write, which on a quiet machine takes about a second. */
export const SOON = { timeout: patient(20_000) };

/** Reads until it is so, at first again and again, then every moment. @returns what was read last @throws after `limitMs` */
export async function comes<T>(
  read: () => Promise<T> | T,
  isIt: (value: T) => boolean,
  limitMs: number = SOON.timeout,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (let pauseMs = 5; ; await sleep(pauseMs), pauseMs = Math.min(pauseMs + 1, 50)) {
    const value = await read();
    if (isIt(value)) return value;
    if (Date.now() > end) throw new Error(`waited in vain: ${inspect(value)}`);
  }
}

export const until = (isSo: () => Promise<boolean> | boolean): Promise<boolean> => comes(isSo, (is) => is);
