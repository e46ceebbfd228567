import { AppError } from "../../model/error.ts";

/** Of all organisations together: beyond, something is wrong. */
const MAX_WAITING = 100;
const RETRY_AFTER_SECONDS = 10;

/**
 * One piece of long work at a time, by turns of the organisations: one that asks for many lets each other have its turn
 * after one of its own.
 */
export class FairTurns {
  readonly #what: string;
  readonly #perOrganisation: number;
  /** By organisation, in the order of their turns. */
  readonly #queues = new Map<string, (() => void)[]>();
  #isBusy = false;
  #waiting = 0;

  /** @param what in the plural, as errors call it */
  constructor(what: string, perOrganisation: number) {
    this.#what = what;
    this.#perOrganisation = perOrganisation;
  }

  /** @param signal aborted when who asked has gone: it takes no turn then. @throws AppError rate_limited, invalid_request (gone) */
  async take<T>(org: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (!this.#isBusy) this.#isBusy = true;
    else if (!(await this.#turnOf(org, signal))) throw cancelled();
    try {
      if (signal.aborted) throw cancelled();
      return await work();
    } finally {
      this.#isBusy = false;
      this.#next();
    }
  }

  /** @returns false where who asked went before it came */
  #turnOf(org: string, signal: AbortSignal): Promise<boolean> {
    const queue = this.#queues.get(org) ?? [];
    if (queue.length >= this.#perOrganisation)
      throw this.#refusal(`${queue.length} ${this.#what} of this organisation are waiting already`);
    if (this.#waiting >= MAX_WAITING)
      throw this.#refusal(`${this.#waiting} ${this.#what} of all organisations are waiting already`);
    return new Promise((resolve) => {
      const gone = (): void => {
        this.#leave(org, start);
        resolve(false);
      };
      const start = (): void => {
        signal.removeEventListener("abort", gone);
        resolve(true);
      };
      queue.push(start);
      this.#queues.set(org, queue);
      this.#waiting += 1;
      signal.addEventListener("abort", gone, { once: true });
    });
  }

  #refusal(reason: string): AppError {
    return new AppError("rate_limited", `${reason}; try again soon`, { retryAfter: RETRY_AFTER_SECONDS });
  }

  #leave(org: string, own: () => void): void {
    const queue = this.#queues.get(org) ?? [];
    const place = queue.indexOf(own);
    if (place === -1) return;
    queue.splice(place, 1);
    this.#waiting -= 1;
    if (queue.length === 0) this.#queues.delete(org);
  }

  #next(): void {
    const [first] = this.#queues;
    if (first === undefined || this.#isBusy) return;
    const [org, queue] = first;
    const [own] = queue;
    // It goes behind the others.
    this.#queues.delete(org);
    if (own === undefined) return;
    this.#queues.set(org, queue);
    this.#leave(org, own);
    this.#isBusy = true;
    own();
  }
}

const cancelled = (): AppError => new AppError("invalid_request", "it was cancelled before its turn came");
