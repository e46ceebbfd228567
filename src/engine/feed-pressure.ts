/**
 * How hard the change feed is written. Where writes come at full speed, derivation rests longer: what is read together marks
 * each entity once, and what waits longer is computed once for more changes. A few hundred writes a second leave it as it is.
 */

/** So many changes a second are none. */
const FREE = 1000;
/** … and so many all of it. */
const FULL = 4000;
/** Over which they are averaged: a burst is not a load yet. */
const WINDOW_MS = 1000;
/** What was written longer ago is a backlog: nobody waits for the processor who wrote it. */
const RECENT_MS = 30_000;

export class FeedPressure {
  /** A second. */
  #rate = 0;
  #at = Number.NEGATIVE_INFINITY;

  /**
   * @param written when each of the changes was written that were read now, milliseconds
   * @param now as `written`
   * @param steadyMs of a steady clock
   */
  add(written: readonly number[], now: number, steadyMs: number): void {
    let recent = 0;
    for (const at of written) if (now - at < RECENT_MS) recent++;
    this.#rate = this.#rateAt(steadyMs) + (recent * 1000) / WINDOW_MS;
    this.#at = steadyMs;
  }

  /** From 0, none, to 1. */
  at(steadyMs: number): number {
    return Math.min(1, Math.max(0, (this.#rateAt(steadyMs) - FREE) / (FULL - FREE)));
  }

  #rateAt(steadyMs: number): number {
    return this.#rate === 0 ? 0 : this.#rate * Math.exp((this.#at - steadyMs) / WINDOW_MS);
  }
}
