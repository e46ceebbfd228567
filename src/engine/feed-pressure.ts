/**
 * How hard the change feed is written. Where writes come at full speed, derivation takes a smaller part of the time
 * (derive-share.ts). A few hundred writes a second leave it as it is.
 */

/** So many changes a second are none. */
const FREE = 1000;
/** … and so many all of it: more are not counted. */
export const FULL = 4000;
/** Over which they are counted: a burst is not a load yet. */
export const WINDOW_MS = 1000;
/** Between two counts. */
const APART_MS = 500;
/** A look at the feed that finds fewer changes is no reason to count. */
const MANY = 100;

/** How many changes there were at some time. */
interface Mark {
  readonly changes: number;
  readonly atMs: number;
}

export class FeedPressure {
  #value = 0;
  /** One that is as old as the window, and younger ones. */
  readonly #marks: Mark[] = [];
  #countedAt = Number.NEGATIVE_INFINITY;
  #isSuspected = false;

  /** A look at the feed found so many changes, whenever they were written. */
  found(changes: number): void {
    if (changes >= MANY) this.#isSuspected = true;
  }

  /** There are so many changes by now, whoever wrote them: where these alone are few, none are counted (20 ms each time). */
  noted(changes: number, steadyMs: number): void {
    this.#marks.push({ changes, atMs: steadyMs });
    while ((this.#marks[1]?.atMs ?? steadyMs) <= steadyMs - WINDOW_MS) this.#marks.shift();
  }

  /** @param steadyMs of a steady clock */
  isToBeCounted(steadyMs: number): boolean {
    const isSuspected = this.#isSuspected && this.#mayBeMany;
    return (isSuspected || this.#value > 0) && steadyMs - this.#countedAt >= APART_MS;
  }

  get #mayBeMany(): boolean {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (first === undefined || last === undefined || last.atMs - first.atMs < WINDOW_MS) return true;
    return ((last.changes - first.changes) * 1000) / (last.atMs - first.atMs) > FREE;
  }

  /** @param changes of the last `WINDOW_MS` */
  counted(changes: number, steadyMs: number): void {
    this.#value = Math.min(1, Math.max(0, (changes * 1000) / WINDOW_MS - FREE) / (FULL - FREE));
    this.#countedAt = steadyMs;
    this.#isSuspected = false;
  }

  /** From 0, none, to 1. */
  get value(): number {
    return this.#value;
  }
}
