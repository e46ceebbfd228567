export interface Pipeline {
  /** Waits for room, and throws what a task threw. */
  push(task: () => Promise<void>): Promise<void>;
  drain(): Promise<void>;
}

/** Runs at most `limit` tasks at a time: the next chunk is read and sent while the server stores the one before. */
export function createPipeline(limit: number): Pipeline {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  function check(): void {
    if (failure !== null) throw failure.error;
  }
  return {
    push: async (task) => {
      while (running.size >= limit) await Promise.race(running);
      check();
      const promise: Promise<void> = task()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(promise));
      running.add(promise);
    },
    drain: async () => {
      await Promise.all(running);
      check();
    },
  };
}
