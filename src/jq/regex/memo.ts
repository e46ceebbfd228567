/** Bits that a memory of failures may have: 16 MB. */
const MAX_BITS = 2 ** 27;

/**
 * Which instructions failed at which positions: all ways that they had were tried. Where groups have no say in what matches, they will
 * fail there again, however they were come to, so that no instruction needs to be tried twice at a position.
 */
export class Memo {
  readonly #bits: Uint32Array;
  readonly #positions: number;

  constructor(points: number, positions: number) {
    this.#bits = new Uint32Array(Math.ceil((points * positions) / 32));
    this.#positions = positions;
  }

  failed(point: number, position: number): boolean {
    const bit = point * this.#positions + position;
    return ((this.#bits[bit >>> 5] as number) & (1 << (bit & 31))) !== 0;
  }

  /** Remembers failures from one position to another, both included. */
  fail(point: number, from: number, to: number): void {
    const start = point * this.#positions;
    for (let bit = start + from; bit <= start + to; bit++) {
      const word = bit >>> 5;
      this.#bits[word] = (this.#bits[word] as number) | (1 << (bit & 31));
    }
  }
}

/** A memory for failures of `points` instructions at `positions` positions, unless it would be too large. */
export const newMemo = (points: number, positions: number): Memo | undefined =>
  points > 0 && points * positions <= MAX_BITS ? new Memo(points, positions) : undefined;
