/** Which states of a program (by slot) have failed at which position of the text: one bit each. */
export class FailedPlaces {
  readonly #bits: Uint32Array;
  readonly #size: number;

  /** @param size positions of the text */
  constructor(slots: number, size: number) {
    this.#size = size;
    this.#bits = new Uint32Array(((slots * size) >> 5) + 1);
  }

  has(slot: number, position: number): boolean {
    const bit = slot * this.#size + position;
    return ((this.#bits[bit >> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  add(slot: number, position: number): void {
    const bit = slot * this.#size + position;
    this.#bits[bit >> 5] = (this.#bits[bit >> 5] ?? 0) | (1 << (bit & 31));
  }

  /** Looks of `untried` so far, for the meter. */
  looks = 0;

  /** The first position from `position` down to `least` that has not failed; `least - 1` when all have. */
  untried(slot: number, position: number, least: number): number {
    const base = slot * this.#size;
    let here = position;
    while (here >= least) {
      this.looks += 1;
      const bit = base + here;
      const word = this.#bits[bit >> 5] ?? 0;
      if (word === 0xffffffff) here -= (bit & 31) + 1;
      else if ((word & (1 << (bit & 31))) !== 0) here -= 1;
      else break;
    }
    return Math.max(here, least - 1);
  }
}
