/**
 * Carries out runs: a job of `RUNS_QUEUE` renders the invocation, calls, and writes what came of it in the transaction
 * that settles the job. A process that dies in between leaves the job to the next, which calls again with the same
 * idempotency key; nothing is started anew. What may pass (no answer, 429, 503) is tried again with growing pauses.
 */
import { AppError } from "../model/error.ts";
import { invocationOf } from "../model/action.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { TRIED_AGAIN } from "../model/notification.ts";
import { isTrusted, type Run } from "../model/run.ts";
import { SYSTEM_ACTOR } from "../model/actor.ts";
import type { Ctx } from "../storage/context.ts";
import { enqueue, type Job } from "../storage/queue.ts";
import { RUN_REPORTS_QUEUE } from "../storage/queues.ts";
import { insertRunLog, readRun } from "../storage/runs.ts";
import { rollBackTo, savepoint } from "../storage/transact.ts";
import { changeRun, type RunChange } from "./change-run.ts";
import { invokeEmail } from "./invoke/email.ts";
import { invokeAzureDevops } from "./invoke/azure-devops.ts";
import { invokeGithub } from "./invoke/github.ts";
import { invokeGitlab } from "./invoke/gitlab.ts";
import { invokeKafka } from "./invoke/kafka.ts";
import { CallFailed, type Invoke, type Outcome } from "./invoke/invocation.ts";
import { invokeUpsert } from "./invoke/upsert-entity.ts";
import { invokeWebhook } from "./invoke/webhook.ts";
import { laneOf } from "./lane-of.ts";
import { maskOf, needsSecrets } from "./masking.ts";
import { InvocationError, renderInvocation } from "./render-invocation.ts";
import { FIRST_LOOK_MS } from "./report/watch-run.ts";
import { contextOf } from "./run-context.ts";
import type { RunMeans } from "./run-means.ts";
import { claimantOf } from "./start-run.ts";

const INVOKERS: Readonly<Record<string, Invoke>> = {
  WEBHOOK: invokeWebhook,
  SLACK: invokeWebhook,
  EMAIL: invokeEmail,
  KAFKA: invokeKafka,
  UPSERT_ENTITY: invokeUpsert,
  GITHUB: invokeGithub,
  GITLAB: invokeGitlab,
  AZURE_DEVOPS: invokeAzureDevops,
};

/** With pauses of 2, 4, 8 … seconds: about two minutes. */
const MAX_ATTEMPTS = 7;
/** A line of the log. */
const MAX_MESSAGE = 10_000;

type Executor = (ctx: Ctx, job: Job) => Promise<(tx: Ctx) => Promise<void>>;

/** The work of the queue `RUNS_QUEUE`. */
export function createExecutor(means: RunMeans): Executor {
  return async (ctx, job) => {
    const run = await readRun(ctx.db, ctx.org, job.key);
    if (run === null || !isOpen(run)) return () => Promise.resolve();
    const { attempts } = job;
    const tries = { attempts, isLast: attempts >= MAX_ATTEMPTS };
    const outcome = await carryOut({ ...ctx, runId: run.id }, run, means, tries);
    return (tx) => settleRun({ ...tx, actor: SYSTEM_ACTOR }, run.id, outcome);
  };
}

const isOpen = (run: Run): boolean => run.status === "IN_PROGRESS" && run.pendingExecution;

interface Tries {
  /** This one counted. */
  readonly attempts: number;
  /** What fails now has failed. */
  readonly isLast: boolean;
  /** The receiver may take its time to answer. */
  readonly isSentEnough?: boolean;
}

/** @throws CallFailed while trying again may help */
export async function carryOut(
  ctx: Ctx,
  run: Run,
  means: RunMeans,
  { attempts, isLast, isSentEnough = false }: Tries,
): Promise<Outcome> {
  const invocation = invocationOf(run.action);
  if (!isTrusted(run) && (claimantOf(run) !== null || invocation["type"] === "KAFKA"))
    return failed(foreignRights(run));
  const invoke = INVOKERS[String(invocation["type"])];
  if (invoke === undefined)
    return failed(`This server cannot carry out invocations of type ${String(invocation["type"])}`);
  let mask: ReturnType<typeof maskOf> = (value) => value;
  try {
    const secrets = needsSecrets(invocation) && isTrusted(run) ? await means.secrets(ctx) : {};
    mask = maskOf(secrets);
    const now = ctx.now();
    const rendered = renderInvocation(run, secrets, now);
    const outcome = await invoke(ctx, { ...rendered, run, context: contextOf(run), means, secrets, now });
    return { ...outcome, logs: [...rendered.problems, ...outcome.logs], mask };
  } catch (error) {
    if (error instanceof CallFailed) {
      if (error.wasSent && isSentEnough)
        return {
          change: { status: "SUCCESS" },
          logs: ["It was sent, and is answered when it has been done"],
        };
      if (!isLast) {
        await log(ctx, run.id, `${error.message}${TRIED_AGAIN}`);
        throw error;
      }
      return failed(`${error.message}; given up after ${attempts} attempts`);
    }
    if (error instanceof AppError || error instanceof InvocationError) return failed(mask(error.message));
    throw error;
  }
}

const foreignRights = ({ action }: Run): string =>
  `"${action.identifier}" was last written by a moderator, and is to be carried out by somebody else, with rights of their own; an administrator can save it`;

export const failed = (message: string): Outcome => ({
  change: { status: "FAILURE", summary: message.slice(0, MAX_MESSAGE) },
  logs: [message],
});

/** Somebody may have ended the run meanwhile: then nothing of this counts, but what it logs. */
export async function settleRun(tx: Ctx, id: string, outcome: Outcome): Promise<void> {
  const run = await readRun(tx.db, tx.org, id, true);
  if (run === null) return;
  const change = isOpen(run) ? await written(tx, outcome) : {};
  if (isOpen(run)) {
    const after = await changeRun(tx, run, { ...change, pendingExecution: outcome.isHandedOver === true });
    if (outcome.isWatched === true && after.status === "IN_PROGRESS")
      await enqueue(tx.db, tx.org, RUN_REPORTS_QUEUE, [id], FIRST_LOOK_MS, laneOf(run));
  }
  for (const message of logsOf(outcome, change)) await log(tx, id, message);
}

const log = (ctx: Ctx, run: string, message: string): Promise<unknown> =>
  insertRunLog(ctx.db, ctx.org, {
    ...{ run, message: message.slice(0, MAX_MESSAGE), at: ctx.now(), by: ctx.actor.id },
  });

function logsOf({ logs }: Outcome, { summary }: RunChange): readonly string[] {
  return logs.length === 0 && typeof summary === "string" ? [summary] : logs;
}

async function written(tx: Ctx, { change, write, mask = (value) => value }: Outcome): Promise<RunChange> {
  if (write === undefined) return change;
  await savepoint(tx.db);
  try {
    return { ...change, ...(await write(tx)) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await rollBackTo(tx.db);
    const response = mask(refusalOf(error));
    return { ...change, status: "FAILURE", summary: mask(error.message), response };
  }
}

const refusalOf = ({ code, message, extra }: AppError): JsonObject => ({
  error: code,
  message,
  ...(isObject(extra) ? extra : {}),
});
