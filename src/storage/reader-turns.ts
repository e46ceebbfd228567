/**
 * Which of several processes goes on reading the change feed for a reader: the one that did so last. The others leave it to it while it does, and
 * so find nothing out again that it knows; they go on when what is there has not been read for a while: it is at other work, or gone.
 */
export interface Seen {
  /** Where the reader is; null: at the end of the feed. */
  readonly place: string | null;
  /** Where this process left it; undefined: it never read for it. */
  readonly left: string | undefined;
  /** So long the others wait. */
  readonly patienceMs: number;
}

export class ReaderTurns {
  readonly #others = new Map<string, { readonly place: string; readonly since: number }>();

  /**
   * @param steadyMs of a steady clock
   * @returns ms until this process should read; null: there is nothing to read
   */
  waitMs(reader: string, { place, left, patienceMs }: Seen, steadyMs: number): number | null {
    if (place === null || place === left) {
      this.#others.delete(reader);
      return place === null ? null : 0;
    }
    const known = this.#others.get(reader);
    const since = known?.place === place ? known.since : steadyMs;
    this.#others.set(reader, { place, since });
    return Math.max(0, since + patienceMs - steadyMs);
  }
}
