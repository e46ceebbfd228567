/**
 * How long changes to an aggregation are collected before it is computed. What would cost a small share of the time if
 * each change had it computed is done at once; the more there is to do, the longer is collected, so that many changes of
 * one root cost as much as one. Twenty thousand roots need not follow five thousand writes a second within 100 ms.
 */

/** Of the time may go into computing without that anything is collected longer. */
const FREE_SHARE = 0.1;
/**
 * Collected where the rest would take all of the time; with the square of its share, so that what costs little follows
 * soon, and writes at full speed leave the processor to each other.
 */
const MS_AT_FULL = 5000;
const MAX_MS = 5000;
/** Over which the load is averaged. */
const WINDOW_MS = 1000;

export class CollectTime {
  #load = 0;
  #at = Number.NEGATIVE_INFINITY;

  /**
   * @param changes that were read since the last call
   * @param costMs of computing one root
   * @param nowMs of a steady clock
   * @returns milliseconds, in addition to the shortest time
   */
  after(changes: number, costMs: number, nowMs: number): number {
    const elapsed = Math.max(1, nowMs - this.#at);
    const weight = Number.isFinite(elapsed) ? Math.exp(-elapsed / WINDOW_MS) : 0;
    // As if these had come evenly over the window: a burst after a rest is not a load yet.
    this.#load = this.#load * weight + (changes * costMs) / WINDOW_MS;
    this.#at = nowMs;
    return Math.min(MAX_MS, Math.max(0, this.#load - FREE_SHARE) ** 2 * MS_AT_FULL);
  }
}
