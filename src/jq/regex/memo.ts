/** Bits that a memory of failures may have: 16 MB. */
const MAX_BITS = 2 ** 27;

/** May failures of `points` instructions at `positions` positions be remembered? */
export const fits = (points: number, positions: number): boolean =>
  points > 0 && points * positions <= MAX_BITS;

/**
 * Which instructions were tried at which positions. What was tried and comes again has failed: had it not, the match would have
 * been found. Inside of an atomic part or a look that is not so once the part has succeeded, so what was tried there is noted
 * (`journal`), to be forgotten then.
 */
export class Memo {
  readonly #bits: Uint32Array;
  readonly #positions: number;
  readonly #journal: number[] = [];

  constructor(points: number, positions: number) {
    this.#bits = new Uint32Array(Math.ceil((points * positions) / 32));
    this.#positions = positions;
  }

  /** Was `point` tried at `position`? From now on it was. `noted`: it may be forgotten. */
  tried(point: number, position: number, noted: boolean): boolean {
    const bit = point * this.#positions + position;
    const word = bit >>> 5;
    const before = this.#bits[word] as number;
    const after = before | (1 << (bit & 31));
    if (after >>> 0 === before) return true;
    this.#bits[word] = after;
    if (noted) this.#journal.push(bit);
    return false;
  }

  get noted(): number {
    return this.#journal.length;
  }

  /** Forgets what was noted after the first `length` notes. */
  forget(length: number): void {
    for (let i = this.#journal.length; i > length; i--) {
      const bit = this.#journal.pop() as number;
      const word = bit >>> 5;
      this.#bits[word] = (this.#bits[word] as number) & ~(1 << (bit & 31));
    }
  }

  /** Keeps all for good. */
  settle(): void {
    this.#journal.length = 0;
  }
}
