/** One job at hand: its lease is kept, its work done, and both settled together, or after each other, or put back. */
import type { Ctx } from "../storage/context.ts";
import type { Database, Db } from "../storage/db.ts";
import { extendLease, fail, type Job, postpone, settle } from "../storage/queue.ts";
import { transact } from "../storage/transact.ts";
import { noteFailure, withSpan } from "../tracing/span.ts";
import { keepLease } from "./keep-lease.ts";

/** The job is not done: it is due again in so long, as if it had not been tried. */
export interface Later {
  readonly againInMs: number;
}

type Settled = Promise<Later | void>;

/** Does one job inside the transaction that also settles it: both happen or neither. */
export type JobHandler = (ctx: Ctx, job: Job) => Settled;

/**
 * A job that takes long reads and computes outside any transaction (the embedded database has one connection, which
 * a transaction would keep from everybody), and gives what writes the result in the transaction that settles it.
 */
export type JobPreparer = (ctx: Ctx, job: Job) => Promise<(tx: Ctx) => Settled>;

export type QueueWork = {
  readonly queue: string;
  /** Told to waiting pages after a job is done. */
  readonly done: "dora" | "import" | "change" | null;
  /**
   * What it writes proves itself that nobody did the same work meanwhile. The job is settled after it then: from its settling
   * to its commit, a turn of the event loop later, those who mark it would wait.
   */
  readonly provesItself?: true;
} & ({ readonly handler: JobHandler } | { readonly prepare: JobPreparer });

/** @returns false when it failed, and was put back */
export function runJob(database: Database, ctx: Ctx, work: QueueWork, job: Job): Promise<boolean> {
  const { queue, attempts, trace } = job;
  const attributes = { "fairway.queue": queue, "fairway.attempts": attempts };
  return withSpan(`job ${queue}`, { kind: "consumer", attributes, queue, origins: [trace] }, () =>
    runNow(database, ctx, work, job),
  );
}

async function runNow(database: Database, ctx: Ctx, work: QueueWork, job: Job): Promise<boolean> {
  const own = { ...ctx, org: job.org };
  const stopExtending = keepLease(ctx, { queue: work.queue, key: job.key }, (seconds) =>
    extendLease(ctx.db, job, seconds),
  );
  try {
    const write = "prepare" in work ? await work.prepare(own, job) : (tx: Ctx) => work.handler(tx, job);
    const end = (db: Db, later: Later | void): Promise<boolean> =>
      later ? postpone(db, job, later.againInMs) : settle(db, job);
    if (work.provesItself) {
      const later = await transact(own, write);
      if (work.done !== null) database.hint(work.done);
      // Whoever has it by now finds the work done.
      await end(own.db, later);
      return true;
    }

    await transact(own, async (tx) => {
      // Another worker has the job by now: what was done here may be older than what that one does.
      if (!(await end(tx.db, await write(tx)))) throw new Error("the lease was lost while the job ran");
    });
    if (work.done !== null) database.hint(work.done);
    return true;
  } catch (error) {
    ctx.log.error({ err: error, queue: job.queue, key: job.key, attempts: job.attempts }, "job failed");
    noteFailure(error);
    await fail(ctx.db, job, (error as Error).message);
    return false;
  } finally {
    stopExtending();
  }
}
