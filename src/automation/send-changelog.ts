/**
 * Posts the messages of a changelog, one after the other in the order of the change feed: one job for each changelog, which
 * carries out the first of its runs that wait, and is due again while there are more. What fails is tried again, with growing
 * pauses, before anything behind it is sent; so a receiver that is down for hours gets everything, in order, when it is back.
 */
import { SYSTEM_ACTOR } from "../model/actor.ts";
import type { Run } from "../model/run.ts";
import type { Ctx } from "../storage/context.ts";
import type { Job } from "../storage/queue.ts";
import { nextPendingRun } from "../storage/runs.ts";
import { carryOut, failed, settleRun } from "./execute-run.ts";
import { isAnsweredLate } from "./integration-changelog.ts";
import { CallFailed, type Outcome } from "./invoke/invocation.ts";
import type { RunMeans } from "./run-means.ts";

/** A message that is older, and fails once more, is given up: others wait behind it. */
const PATIENCE_MS = 24 * 3_600_000;

type Settle = (tx: Ctx) => Promise<{ readonly againInMs: number } | undefined>;

/** The work of the queue `CHANGELOGS_QUEUE`. */
export function createChangelogSender(means: RunMeans): (ctx: Ctx, job: Job) => Promise<Settle> {
  return async (ctx, job) => {
    const run = await nextPendingRun(ctx.db, ctx.org, job.key);
    if (run === null) return () => Promise.resolve(undefined);
    const outcome = await send(ctx, run, means, job.attempts);
    return async (tx) => {
      await settleRun({ ...tx, actor: SYSTEM_ACTOR }, run.id, outcome);
      return { againInMs: 0 };
    };
  };
}

async function send(ctx: Ctx, run: Run, means: RunMeans, attempts: number): Promise<Outcome> {
  const isLast = ctx.now().getTime() - run.createdAt.getTime() > PATIENCE_MS;
  try {
    const isSentEnough = isAnsweredLate(run.action.identifier);
    return await carryOut({ ...ctx, runId: run.id }, run, means, { attempts, isLast, isSentEnough });
  } catch (error) {
    if (!isLast || error instanceof CallFailed) throw error;
    ctx.log.error({ err: error, run: run.id }, "a message of a changelog could not be made");
    return failed("The message could not be made; the log of the server says why");
  }
}
