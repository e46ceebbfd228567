/** How many entities had each level of a scorecard at past moments: what is now, and the moves since, undone. */

interface Now {
  /** How many of the moments had passed when the entity came. */
  readonly since: number;
  readonly level: string | null;
  readonly count: number;
}

interface Flow {
  /** How many of the moments had passed when it happened. */
  readonly at: number;
  readonly since: number;
  readonly before: string | null;
  readonly after: string | null;
  readonly count: number;
}

/** @returns for each of so many moments the counts by level; levels that nobody had are left out */
export function levelCounts(
  moments: number,
  now: readonly Now[],
  flows: readonly Flow[],
): Map<string, number>[] {
  return Array.from({ length: moments }, (_, k) => {
    const counts = new Map<string, number>();
    const add = (level: string | null, count: number): void => {
      if (level !== null) counts.set(level, (counts.get(level) ?? 0) + count);
    };
    for (const { since, level, count } of now) if (since <= k) add(level, count);
    for (const { at, since, before, after, count } of flows) {
      if (since > k || at <= k) continue;
      add(before, count);
      add(after, -count);
    }
    for (const [level, count] of counts) if (count === 0) counts.delete(level);
    return counts;
  });
}
