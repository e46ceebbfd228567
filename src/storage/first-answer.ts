/** For short questions that many wait for: a connection on which nothing comes any more must not stop them all. */

export interface Patience {
  /** Without an answer for so long on a connection, it is asked once more, on another one. */
  readonly afterMs: number;
  /** So many are under way at most. */
  readonly most: number;
}

/**
 * The first answer of all. Where every connection is busy nothing is asked again: that would only make more of it.
 * @param ask is to tell when it has a connection
 * @param again is told of each question that is asked once more
 * @throws what asking fails with, when nothing else is under way
 */
export async function firstAnswer<T>(
  ask: (begun: () => void) => Promise<T>,
  { afterMs, most }: Patience,
  again: () => void = () => undefined,
): Promise<T> {
  const asked: Promise<T>[] = [];
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const late = new Promise<"late">((resolve) => {
      const begun = (): void => {
        if (!isOver && timer === undefined) timer = setTimeout(resolve, afterMs, "late");
      };
      const one = ask(begun);
      asked.push(one);
      // That it failed, perhaps before it had a connection, says nothing of those before it: they get as long again.
      if (asked.length > 1) void one.catch(begun);
    });
    const first = Promise.any(asked).catch((error: AggregateError) => {
      throw error.errors[0];
    });
    const come = asked.length >= most ? null : await Promise.race([first.catch(() => null), late]);
    isOver = true;
    clearTimeout(timer);
    if (come !== "late") return first;
    again();
  }
}
