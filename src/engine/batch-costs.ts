/** What one entity of a unit costs to compute, milliseconds by the clock, as lately measured. */

/** Of which the usual one is taken. */
const SAMPLES = 5;
/** One sample may be of a process that was stopped, or of code that ran for the first time. */
const FIRST_SAMPLE_MS = 20;

interface Cost {
  /** The newest count most: what is slow now gets small batches at once. */
  lately: number;
  readonly samples: number[];
}

export class BatchCosts {
  readonly #costs = new Map<string, Cost>();

  note(key: string, sample: number): void {
    const known = this.#costs.get(key);
    if (known === undefined) {
      this.#costs.set(key, { lately: sample, samples: [sample] });
      return;
    }
    known.lately = (known.lately + sample) / 2;
    known.samples.push(sample);
    if (known.samples.length > SAMPLES) known.samples.shift();
  }

  /** It failed, which says no more than that it is to be tried with less at once. */
  noteFailure(key: string, atLeast: number): void {
    const known = this.#costs.get(key);
    if (known === undefined) this.#costs.set(key, { lately: atLeast, samples: [] });
    else known.lately = Math.max(known.lately, atLeast);
  }

  /** For how much is done at once; null: not known. */
  lately(key: string): number | null {
    return this.#costs.get(key)?.lately ?? null;
  }

  /**
   * For how long changes may be collected: the lower median of the last samples. By the newest alone, a process that
   * stood still for 1.5 seconds in a batch put the values of its unit off for 13 seconds.
   */
  usual(key: string): number {
    const samples = this.#costs.get(key)?.samples ?? [];
    if (samples.length < 2) return Math.min(samples[0] ?? 0, FIRST_SAMPLE_MS);
    return samples.toSorted((a, b) => a - b)[Math.floor((samples.length - 1) / 2)] ?? 0;
  }
}
