import { Worker } from "node:worker_threads";

/** What a thread is sent; it answers the last message of a call with `{ id, answer }`. */
export interface ThreadMessage<M> {
  readonly id: number;
  readonly message: M;
}
export interface ThreadAnswer<A> {
  readonly id: number;
  /** Undefined: it failed. */
  readonly answer: A | undefined;
}

/** Calls of one thread, which is started with the first and does not hold the process back while nobody waits. */
export class ThreadCalls<M, A> {
  readonly #url: URL;
  readonly #waiting = new Map<number, (answer: A | undefined) => void>();
  #thread: Worker | null = null;
  #calls = 0;

  constructor(url: URL) {
    this.#url = url;
  }

  /**
   * @param messages of one call, in order, the last of which is answered; others have their turn between two
   * @returns undefined where the thread failed or ended: the caller has to do it
   */
  async call(messages: AsyncIterable<M> | Iterable<M>): Promise<A | undefined> {
    const worker = this.#open();
    const id = this.#calls++;
    const answer = new Promise<A | undefined>((resolve) => this.#waiting.set(id, resolve));
    // A worker that does not hold the process back would let it end while somebody waits.
    worker.ref();
    try {
      for await (const message of messages) worker.postMessage({ id, message } satisfies ThreadMessage<M>);
      return await answer;
    } finally {
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) worker.unref();
    }
  }

  #open(): Worker {
    if (this.#thread !== null) return this.#thread;
    const next = new Worker(this.#url);
    next.unref();
    next.on("message", ({ id, answer }: ThreadAnswer<A>) => this.#waiting.get(id)?.(answer));
    // Who waits does it without then; the next one gets a new worker.
    const ended = (): void => {
      if (this.#thread === next) this.#thread = null;
      for (const resolve of this.#waiting.values()) resolve(undefined);
      this.#waiting.clear();
    };
    next.on("error", ended);
    next.on("exit", ended);
    this.#thread = next;
    return next;
  }
}
