/** Long work on the event loop that lets others have their turn. */
import { setImmediate as breathe } from "node:timers/promises";

/** Others get their turn after so long. */
const TURN_MS = 15;

/** To be awaited between two pieces of work. @param after called whenever others had their turn; what it throws ends the work */
export function pauses(after: () => void = () => undefined): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < TURN_MS) return;
    await breathe();
    after();
    since = performance.now();
  };
}
