/** Long work of the engine that gives others their turn: requests, and the timer that keeps the lease of what is at work. */
import { setImmediate as breathe } from "node:timers/promises";

/** So long may be computed before others get their turn. */
const SLICE_MS = 8;

/** To be awaited between two pieces of work. */
export function pauses(): () => Promise<void> {
  let started = performance.now();
  return async () => {
    if (performance.now() - started < SLICE_MS) return;
    await breathe();
    started = performance.now();
  };
}
