import type { CharSet } from "./char-set.ts";

/** Stretches of one text whose characters are all in a set: a loop that begins inside a known one ends where it ends. */
export class Runs {
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  clear(): void {
    this.#to.length = 0;
  }

  /** Characters looked at so far, for the meter. */
  looks = 0;

  /** The end of the longest stretch from `position` on. @param index of the set */
  end(index: number, set: CharSet, text: string, position: number): number {
    const known = this.#to[index];
    if (known !== undefined && position <= known && position >= (this.#from[index] ?? 0)) return known;
    let here = position;
    while (here < text.length) {
      const code = text.charCodeAt(here);
      if (code < 128) {
        if (set.ascii[code] !== 1) break;
        here += 1;
        continue;
      }
      const found = text.codePointAt(here) ?? 0;
      if (!set.beyond(found)) break;
      here += found > 0xffff ? 2 : 1;
    }
    this.looks += here - position;
    this.#from[index] = position;
    this.#to[index] = here;
    return here;
  }
}
