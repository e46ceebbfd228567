/** Reproducible chance for long sequences, where only the seed is kept. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** Whole, from 0 to below `end`. */
  below(end: number): number;
  /** True this often. */
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** `undefined` of an empty list. */
  some<T>(list: readonly T[]): T | undefined;
  /** Up to `most` different ones, in any order. */
  several<T>(list: readonly T[], most: number): T[];
  weighted<T>(list: readonly (readonly [weight: number, item: T])[]): T;
}

/** Mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number): number => Math.floor(next() * end);
  const some = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
  return {
    next,
    below,
    chance: (share) => next() < share,
    some,
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new Error("nothing to pick from");
      return some(list) as T;
    },
    several: (list, most) => {
      const left = [...list];
      return Array.from({ length: Math.min(below(most + 1), left.length) }, () =>
        left.splice(below(left.length), 1),
      ).flat();
    },
    weighted: (list) => {
      let at = next() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, item] of list) {
        at -= weight;
        if (at < 0) return item;
      }
      throw new Error("nothing to pick from");
    },
  };
}
