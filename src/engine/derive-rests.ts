/** How long derivation rests between two looks at the change feed, and how long another process leaves that to it. */
import { restFor, shareOf } from "./derive-share.ts";

/**
 * Between two looks at the change feed at least, and so many times as long as the last one took: what is read together
 * marks each unit once, whether one entity changed or a hundred.
 */
const REST_MS = 50;
const REST_TIMES = 3;
const MAX_REST_MS = 1000;
/** … where writes come at full speed: of ten changes of a root that are read together, one row is kept. */
const PRESSED_REST_MS = 2500;
/** What a batch is to take (derive-batch.ts): under pressure one stands between two looks. */
const BATCH_MS = 250;
/** So much longer than another process may be away from the feed, what it follows is left to it. */
const PATIENCE_MS = 250;
/** The longest of so many looks is what one takes. */
const LOOKS = 5;

/** @param pressure from 0 to 1 */
export function restAfter(tookMs: number, pressure: number): number {
  return Math.max(REST_MS, Math.min(MAX_REST_MS, tookMs * REST_TIMES), pressure * PRESSED_REST_MS);
}

/**
 * For how long a place of the feed may stand still while whoever follows it is well: it looks, it rests, and under pressure it rests for
 * that look and for a batch besides.
 */
export function patienceFor(lookMs: number, pressure: number): number {
  const share = shareOf(pressure, 0);
  const pressed = pressure === 0 ? 0 : restFor(share, lookMs) + BATCH_MS + restFor(share, BATCH_MS);
  return lookMs + Math.max(restAfter(lookMs, pressure), pressed) + PATIENCE_MS;
}

/** What looks of this process take: those of others read the same, and so take about as long. */
export class LookTimes {
  readonly #last: number[] = [];

  note(tookMs: number): void {
    this.#last.push(tookMs);
    if (this.#last.length > LOOKS) this.#last.shift();
  }

  /** 0 where none was made yet. */
  get longestMs(): number {
    return Math.max(0, ...this.#last);
  }
}
