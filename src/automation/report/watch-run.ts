/**
 * Asks for the end of what runs started elsewhere (`reportWorkflowStatus`, workflows.md §3.2.3): one job for each run, which
 * is due again and again, less often the longer it takes, until it has ended, or the run was ended otherwise: by a report, by
 * somebody, by FAIRWAY_RUN_TIMEOUT_HOURS. The job is a row: whatever process is there asks on.
 */
import { invocationOf } from "../../model/action.ts";
import { AppError } from "../../model/error.ts";
import { isObject } from "../../model/json.ts";
import { SYSTEM_ACTOR } from "../../model/actor.ts";
import { isTrusted, type Run } from "../../model/run.ts";
import type { Ctx } from "../../storage/context.ts";
import type { Job } from "../../storage/queue.ts";
import { insertRunLog, lockExternalIds, readRun, takenExternalIds } from "../../storage/runs.ts";
import { changeRun, type RunChange } from "../change-run.ts";
import { CallFailed } from "../invoke/invocation.ts";
import { InvocationError, renderInvocation } from "../render-invocation.ts";
import { contextOf } from "../run-context.ts";
import type { RunMeans } from "../run-means.ts";
import { azureDevopsStatus } from "./azure-devops-status.ts";
import { githubStatus } from "./github-status.ts";
import { gitlabStatus } from "./gitlab-status.ts";
import { type AskStatus, type Reported, StatusRefused } from "./reported.ts";

const ASKERS: Readonly<Record<string, AskStatus>> = {
  GITHUB: githubStatus,
  GITLAB: gitlabStatus,
  AZURE_DEVOPS: azureDevopsStatus,
};

/** First, and then by the age of the run. */
export const FIRST_LOOK_MS = 3000;
const MINUTE_MS = 60_000;
const PAUSES: readonly { readonly until: number; readonly pause: number }[] = [
  { until: 2 * MINUTE_MS, pause: 5000 },
  { until: 15 * MINUTE_MS, pause: 15_000 },
  { until: 60 * MINUTE_MS, pause: 30_000 },
];
const LONGEST_PAUSE_MS = 120_000;
/** A server that refuses to say is asked so often: with the pauses of the queue for about half an hour. */
const MAX_REFUSALS = 12;
/** So long may what was started not be shown yet. */
const MAX_UNKNOWN_MS = 15 * MINUTE_MS;
/** As long as a workflow of GitHub may take; a pipeline that waits for somebody may wait for ever. */
const MAX_WATCH_MS = 35 * 24 * 60 * MINUTE_MS;
/** Until what another run was found to be may be found apart from it. */
const TAKEN_MS = 5000;

type Settle = (tx: Ctx) => Promise<{ readonly againInMs: number } | undefined>;

/** The work of the queue `RUN_REPORTS_QUEUE`. */
export function createWatcher(means: RunMeans): (ctx: Ctx, job: Job) => Promise<Settle> {
  return async (ctx, job) => {
    const run = await readRun(ctx.db, ctx.org, job.key);
    if (run?.status !== "IN_PROGRESS") return () => Promise.resolve(undefined);
    try {
      const reported = await ask(ctx, run, means);
      return (tx) => settle({ ...tx, actor: SYSTEM_ACTOR }, run, reported);
    } catch (error) {
      const isTold =
        error instanceof StatusRefused || error instanceof InvocationError || error instanceof AppError;
      if (!isTold && !(error instanceof CallFailed)) throw error;
      // A limit that many runs share is no refusal: it ends, and is not asked about before.
      const againInMs = error instanceof CallFailed ? error.waitMs : null;
      if (againInMs !== null && !isTooOld(ctx, run)) return () => Promise.resolve({ againInMs });
      if (job.attempts < MAX_REFUSALS) throw error;
      return (tx) => giveUp(tx, run.id, error.message);
    }
  };
}

async function ask(ctx: Ctx, run: Run, means: RunMeans): Promise<Reported> {
  const asker = ASKERS[String(invocationOf(run.action)["type"])];
  if (asker === undefined) throw new StatusRefused("this kind of invocation cannot be asked for its end");
  const secrets = isTrusted(run) ? await means.secrets(ctx) : {};
  const now = ctx.now();
  const rendered = renderInvocation(run, secrets, now);
  const invocation = { ...rendered, run, context: contextOf(run), means, secrets, now };
  return asker(invocation, (ids) => takenExternalIds(ctx.db, ctx.org, ids, run.id));
}

async function settle(
  tx: Ctx,
  { id }: Run,
  { state, change, words }: Reported,
): Promise<{ readonly againInMs: number } | undefined> {
  const run = await readRun(tx.db, tx.org, id, true);
  // Ended meanwhile: by a report of its own, or by somebody.
  if (run?.status !== "IN_PROGRESS") return undefined;
  if (await isTakenMeanwhile(tx, run, change)) return { againInMs: TAKEN_MS };
  const isEnd = state === "success" || state === "failure";
  // A page that somebody reported of is not taken away.
  const { link, ...others } = change;
  const known = { ...others, ...(link === undefined || run.link.length > 0 ? {} : { link }) };
  await changeRun(tx, run, {
    ...known,
    ...(isEnd ? { status: state === "success" ? "SUCCESS" : "FAILURE" } : {}),
    ...(state === "failure" && run.summary === null && words !== undefined ? { summary: words } : {}),
  });
  if (isEnd) {
    if (words !== undefined) await log(tx, id, words);
    return undefined;
  }
  const age = tx.now().getTime() - startOf(run);
  if (state === "unknown" && age > MAX_UNKNOWN_MS) return giveUp(tx, id, "it is not shown there");
  if (isTooOld(tx, run)) return giveUp(tx, id, "it has not ended for 35 days");
  return { againInMs: PAUSES.find(({ until }) => age < until)?.pause ?? LONGEST_PAUSE_MS };
}

const isTooOld = (ctx: Ctx, run: Run): boolean => ctx.now().getTime() - startOf(run) > MAX_WATCH_MS;

/** Two runs that look at the same time may both find the one workflow run that belongs to nobody yet. */
async function isTakenMeanwhile(tx: Ctx, run: Run, { externalRunId: found }: RunChange): Promise<boolean> {
  if (run.externalRunId !== null || typeof found !== "string") return false;
  await lockExternalIds(tx.db, tx.org);
  return (await takenExternalIds(tx.db, tx.org, [found], run.id)).size > 0;
}

async function giveUp(tx: Ctx, id: string, why: string): Promise<undefined> {
  await log(tx, id, `Its end is not asked for any more: ${why}. It ends when it is reported.`);
  return undefined;
}

/** When it was started there; with an approval that is long after the run was created. */
function startOf({ response, createdAt }: Run): number {
  const at = isObject(response) ? Date.parse(String(response["dispatchedAt"])) : Number.NaN;
  return Number.isNaN(at) ? createdAt.getTime() : at;
}

const log = (tx: Ctx, run: string, message: string): Promise<unknown> =>
  insertRunLog(tx.db, tx.org, { run, message, at: tx.now(), by: SYSTEM_ACTOR.id });
