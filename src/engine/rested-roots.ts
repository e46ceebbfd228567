/**
 * Roots that nothing changed for a while are computed at once, also while others are collected for long: what is collected would be
 * one change, and alerts wait for it. They may take a small share of the time; beyond it they are collected like the others.
 */

/** Nothing changed for so long. */
const REST_MS = 5000;
/** Of the time. */
const SHARE = 0.1;
/** Milliseconds of computing that may come together. */
const MOST_MS = 200;
/** What one costs that costs nothing measurable. */
const LEAST_MS = 0.2;
/** Roots that are remembered before those that rested are forgotten. */
const REMEMBERED = 50_000;

export class RestedRoots {
  readonly #changed = new Map<string, number>();
  #left = MOST_MS;
  #at = Number.NEGATIVE_INFINITY;

  /**
   * @param roots that changed now
   * @param costMs of computing one root
   * @param nowMs of a steady clock
   * @param room from 0 to 1: of their share of the time, what is to be had
   * @returns those that are to be computed at once
   */
  take(roots: readonly string[], costMs: number, nowMs: number, room = 1): ReadonlySet<string> {
    const earned = Math.max(0, nowMs - this.#at) * SHARE * room;
    this.#left = Math.min(MOST_MS * room, this.#left + earned);
    this.#at = nowMs;
    const cost = Math.max(LEAST_MS, costMs);
    const taken = new Set<string>();
    for (const root of roots) {
      const before = this.#changed.get(root) ?? Number.NEGATIVE_INFINITY;
      this.#changed.set(root, nowMs);
      if (nowMs - before < REST_MS || this.#left < cost) continue;
      this.#left -= cost;
      taken.add(root);
    }
    if (this.#changed.size > REMEMBERED)
      for (const [root, at] of this.#changed) if (nowMs - at >= REST_MS) this.#changed.delete(root);
    return taken;
  }
}
