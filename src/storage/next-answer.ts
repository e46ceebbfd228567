/** One question that many ask at the same time. */

/**
 * Is answered once for all who ask while it is being answered: by the answer after that, which begins after each of them
 * asked, so that whoever wrote something sees it.
 */
export class NextAnswer<T> {
  #running: Promise<void> | null = null;
  #next: Promise<T> | null = null;

  /** @param work of any of those who wait: it must be the same for all of them */
  ask(work: () => Promise<T>): Promise<T> {
    if (this.#next !== null) return this.#next;
    if (this.#running === null) return this.#start(work);
    this.#next = this.#running.then(() => {
      this.#next = null;
      return this.#start(work);
    });
    return this.#next;
  }

  #start(work: () => Promise<T>): Promise<T> {
    const answer = work();
    const ended = async (): Promise<void> => {
      // Whoever asked is told what failed.
      await answer.catch(() => undefined);
      this.#running = null;
    };
    this.#running = ended();
    return answer;
  }
}
