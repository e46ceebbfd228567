/** An order in which nothing is written before what it points at. */
export interface Step<T> {
  readonly item: T;
  /** Links that lead to something later in the order, or in the same circle: to be added when everything exists. */
  readonly postponed: readonly string[];
}

export interface Link {
  /** Name of the relation. */
  readonly name: string;
  readonly target: string;
  /** Cannot be added later. */
  readonly required: boolean;
}

/**
 * `items` so that targets come first. In a circle the optional links are postponed; the rest of the order is that of
 * `items`, by waves: items of one wave do not point at each other.
 * @throws Error naming the members when required links alone make a circle
 */
export function orderByLinks<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  linksOf: (item: T) => readonly Link[],
): Step<T>[][] {
  const waiting = new Map(items.map((item) => [keyOf(item), item]));
  const waves: Step<T>[][] = [];
  while (waiting.size > 0) {
    const open = (item: T): Link[] => linksOf(item).filter(({ target }) => waiting.has(target));
    let wave = [...waiting.values()]
      .filter((item) => open(item).length === 0)
      .map((item) => ({ item, postponed: [] as string[] }));
    if (wave.length === 0)
      wave = [...waiting.values()]
        .filter((item) => open(item).every(({ required, target }) => !required || target === keyOf(item)))
        .map((item) => ({
          item,
          postponed: [
            ...new Set(
              open(item)
                .filter((l) => !l.required)
                .map((l) => l.name),
            ),
          ],
        }));
    if (wave.length === 0)
      throw new Error(`required relations make a circle: ${[...waiting.keys()].slice(0, 10).join(", ")}`);
    for (const { item } of wave) waiting.delete(keyOf(item));
    waves.push(wave);
  }
  return waves;
}
