/**
 * The part of the time that derivation takes while entities are written at full speed: the rest is left to those who
 * write. What waits for long gets more of it, in the end all: nothing is put off for ever.
 */

/** Of the time, where writes come at full speed and nothing waits for long. */
const LEAST = 0.1;
/** So long values may wait before they get more of it … */
const SOON_MS = 4000;
/** … and from then on they get all of it. */
const LATEST_MS = 12_000;
/** Of work that is rested for: a single piece that took long does not stop everything. */
const MOST_DEBT_MS = 500;
/** No timer is shorter. */
const LEAST_MS = 1;

/**
 * @param pressure from 0 to 1
 * @param waitedMs how long the oldest change waits that is not read, or not computed though it is due
 * @returns from `LEAST` to 1
 */
export function shareOf(pressure: number, waitedMs: number): number {
  const least = 1 - pressure * (1 - LEAST);
  const late = Math.min(1, Math.max(0, (waitedMs - SOON_MS) / (LATEST_MS - SOON_MS)));
  return least + (1 - least) * late;
}

/** How long is rested for a piece of work, if the share stays what it is. */
export function restFor(share: number, workMs: number): number {
  return share >= 1 ? 0 : (Math.min(MOST_DEBT_MS, workMs) * (1 - share)) / share;
}

/** Rests in proportion to work. */
export class WorkShare {
  /** Work that nobody has rested for yet. */
  #debtMs = 0;
  #at = Number.NEGATIVE_INFINITY;

  /** @param steadyMs of a steady clock, at the end */
  worked(tookMs: number, steadyMs: number): void {
    this.#debtMs = Math.min(MOST_DEBT_MS, this.#debtMs + tookMs);
    this.#at = steadyMs;
  }

  get owes(): boolean {
    return this.#debtMs > 0;
  }

  /** How long is still to be rested, if the share stays what it is. To be asked again: time that passed counts by the share of then. */
  restMs(share: number, steadyMs: number): number {
    const perMs = share >= 1 ? Number.POSITIVE_INFINITY : share / (1 - share);
    const rested = Math.max(0, steadyMs - this.#at);
    this.#debtMs = share >= 1 ? 0 : Math.max(0, this.#debtMs - rested * perMs);
    this.#at = steadyMs;
    const rest = this.#debtMs / perMs;
    if (rest >= LEAST_MS) return rest;
    this.#debtMs = 0;
    return 0;
  }
}
