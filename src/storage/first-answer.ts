/** For short questions that many wait for: a connection on which nothing comes any more must not stop them all. */

export interface Patience {
  /** Without an answer for so long, it is asked once more, on another connection. */
  readonly afterMs: number;
  /** So many are under way at most. */
  readonly most: number;
}

/** The first answer of all. @throws what asking fails with, when nothing else is under way */
export async function firstAnswer<T>(ask: () => Promise<T>, { afterMs, most }: Patience): Promise<T> {
  const asked: Promise<T>[] = [];
  for (;;) {
    asked.push(ask());
    const first = Promise.any(asked).catch((error: AggregateError) => {
      throw error.errors[0];
    });
    if (asked.length >= most) return first;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => (timer = setTimeout(resolve, afterMs, "late")));
    const come = await Promise.race([first.catch(() => null), late]);
    clearTimeout(timer);
    if (come !== "late") return first;
  }
}
