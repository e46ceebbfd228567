/** What was started, and how it ends. */
import { setTimeout as sleep } from "node:timers/promises";
import { within } from "./within.ts";

type Stop = () => Promise<unknown> | void;

/** Long enough for the job at hand, short enough for an orchestrator's patience. */
const WORK_MS = 10_000;
/** What loops and requests stand on: connections, threads, locks. */
const GROUND_MS = 3000;

export interface Ending {
  /** Milliseconds that the server goes on answering, so that those who send it requests hear that it goes. */
  readonly delayMs?: number;
  /** Milliseconds that loops and requests have to end the work at hand. */
  readonly workMs?: number;
  readonly groundMs?: number;
  /** Told when that was not enough: leases of such work run out, and another process takes it. */
  readonly onCut: () => void;
  readonly onError: (error: unknown) => void;
}

export class Started {
  readonly #work: Stop[] = [];
  readonly #last: Stop[] = [];
  readonly #ground: Stop[] = [];

  isLeaving = false;

  /** Of loops: `stop` ends that anything is begun at once, and waits for what is at hand. */
  work(stop: Stop): void {
    this.#work.push(stop);
  }

  /** Of the server: as of loops, but only after the delay. */
  last(stop: Stop): void {
    this.#last.push(stop);
  }

  /** Of what work stands on. Stopped in reverse order, when all work has ended. */
  ground(stop: Stop): void {
    this.#ground.push(stop);
  }

  /** All work is told at the same moment, so that nothing is claimed any more while others end theirs. Never fails. */
  async stop({ delayMs = 0, workMs = WORK_MS, groundMs = GROUND_MS, onCut, onError }: Ending): Promise<void> {
    this.isLeaving = true;
    const tried = async (stop: Stop): Promise<void> => {
      try {
        await stop();
      } catch (error) {
        onError(error);
      }
    };
    let isCut = true;
    const work = this.#work.splice(0).map(tried);
    const last = this.#last.splice(0);
    if (delayMs > 0 && last.length > 0) await sleep(delayMs);
    const ended = Promise.all([...work, ...last.map(tried)]).then(() => (isCut = false));
    await within(ended, workMs);
    if (isCut) onCut();
    const until = performance.now() + groundMs;
    for (const stop of this.#ground.splice(0).reverse())
      await within(tried(stop), Math.max(0, until - performance.now()));
  }
}
