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
/** The longest of so many looks is what one takes … */
const LOOKS = 5;
/** … unless it is long ago: what was slow then need not be slow now. */
const LOOK_AGE_MS = 60_000;
/** Whoever needs longer for a look is not told from one that is gone. */
const MOST_LOOK_MS = 5000;
/** Whoever is gone is replaced within ten seconds, the look of the next one among them. */
const MOST_PATIENCE_MS = 9000;

/** @param pressure from 0 to 1 */
export function restAfter(tookMs: number, pressure: number): number {
  return Math.max(REST_MS, Math.min(MAX_REST_MS, tookMs * REST_TIMES), pressure * PRESSED_REST_MS);
}

/**
 * For how long a place of the feed may stand still while whoever follows it is well: it looks, it rests, and under pressure it rests for
 * that look and for a batch besides. Nobody waits longer than nine seconds, however long looks take: then the place moves, which costs a look.
 */
export function patienceFor(lookMs: number, pressure: number): number {
  const share = shareOf(pressure, 0);
  const pressed = pressure === 0 ? 0 : restFor(share, lookMs) + BATCH_MS + restFor(share, BATCH_MS);
  const away = Math.min(MOST_LOOK_MS, lookMs) + Math.max(restAfter(lookMs, pressure), pressed);
  return Math.min(MOST_PATIENCE_MS, away + PATIENCE_MS);
}

/** What looks of this process took in the last minute: those of others read the same, and so take about as long. */
export class LookTimes {
  readonly #last: { readonly tookMs: number; readonly at: number }[] = [];

  /** @param steadyMs of a steady clock, at the end */
  note(tookMs: number, steadyMs: number): void {
    this.#last.push({ tookMs, at: steadyMs });
    if (this.#last.length > LOOKS) this.#last.shift();
  }

  /** 0 where none was made lately. */
  longestMs(steadyMs: number): number {
    const recent = this.#last.filter(({ at }) => steadyMs - at <= LOOK_AGE_MS);
    return Math.max(0, ...recent.map(({ tookMs }) => tookMs));
  }
}
