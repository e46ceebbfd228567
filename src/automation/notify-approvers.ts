/** Tells approvers that a run waits for them (workflows.md §3.2: approvalNotification): by webhook, or by e-mail. */
import { isObject, type JsonObject } from "../model/json.ts";
import { NOBODY_TOLD, TOLD_BUT, WAITS_FOR_APPROVAL } from "../model/notification.ts";
import { renderRun, type Run } from "../model/run.ts";
import type { Ctx } from "../storage/context.ts";
import type { Job } from "../storage/queue.ts";
import { insertRunLog, readRun } from "../storage/runs.ts";
import { approversOf } from "./approve-run.ts";
import { call } from "./invoke/call.ts";
import { CallFailed } from "./invoke/invocation.ts";
import { InvocationError } from "./render-invocation.ts";
import { contextOf } from "./run-context.ts";
import type { RunMeans } from "./run-means.ts";

const MAX_ATTEMPTS = 7;

/** The work of the queue `RUN_NOTICES_QUEUE`. */
export function createNotifier(means: RunMeans) {
  return async (ctx: Ctx, job: Job): Promise<(tx: Ctx) => Promise<void>> => {
    const run = await readRun(ctx.db, ctx.org, job.key);
    if (run?.status !== "WAITING_FOR_APPROVAL") return () => Promise.resolve();
    const message = await notify(ctx, run, means, job.attempts);
    return async (tx) => {
      await insertRunLog(tx.db, tx.org, { run: run.id, message, at: tx.now(), by: tx.actor.id });
    };
  };
}

/** @returns a line for the log of the run. @throws CallFailed while trying again may help */
async function notify(ctx: Ctx, run: Run, means: RunMeans, attempts: number): Promise<string> {
  const notification = run.action.document["approvalNotification"];
  if (!isObject(notification) || notification["type"] !== "webhook") return mailTo(ctx, run, means, attempts);
  const url = String(notification["url"]);
  const approvers = (await approversOf(ctx, run, means.selfApproval)).map(({ email }) => email);
  const body =
    notification["format"] === "slack" ? slackMessage(run, approvers) : jsonMessage(run, approvers);
  const nothing = { sent: {}, shown: {}, problems: [] };
  try {
    const answer = await call(
      { ...nothing, run, context: contextOf(run), means, secrets: {}, now: ctx.now() },
      { url, written: url, shownUrl: originOf(url), method: "POST", headers: {}, body },
    );
    return answer.isOk
      ? `${WAITS_FOR_APPROVAL}; ${originOf(url)} was told`
      : `${WAITS_FOR_APPROVAL}; ${originOf(url)}${TOLD_BUT}${answer.status}`;
  } catch (error) {
    if (error instanceof CallFailed && attempts < MAX_ATTEMPTS) throw error;
    if (error instanceof CallFailed || error instanceof InvocationError)
      return `${WAITS_FOR_APPROVAL}; ${NOBODY_TOLD}: ${error.message}`;
    throw error;
  }
}

/** Those whom the policy of the action named get no e-mail, as Port says of them. */
async function mailTo(
  ctx: Ctx,
  run: Run,
  { mail, selfApproval }: RunMeans,
  attempts: number,
): Promise<string> {
  if (mail === null)
    return `${WAITS_FOR_APPROVAL}; ${NOBODY_TOLD}: this server sends no e-mail (FAIRWAY_SMTP_URL is not set), and the action has no webhook as approvalNotification.`;
  const to = (await approversOf(ctx, { ...run, policyApprovers: null }, selfApproval)).map(
    ({ email }) => email,
  );
  if (to.length === 0) return `${WAITS_FOR_APPROVAL}; ${NOBODY_TOLD}: there is no approver.`;
  const subject = `Approval wanted: ${titleOf(run)}`;
  try {
    await mail({ id: run.id, to, subject, ...slackMessage(run, to) });
    return `${WAITS_FOR_APPROVAL}; told by e-mail: ${to.join(", ")}`;
  } catch (error) {
    const message = `the mail server did not take the message: ${(error as Error).message}`;
    if (attempts < MAX_ATTEMPTS) throw new CallFailed(message);
    return `${WAITS_FOR_APPROVAL}; ${NOBODY_TOLD}: ${message}`;
  }
}

/** Addresses of message webhooks are secrets in themselves. */
const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : "the address");

const titleOf = ({ action }: Run): string => {
  const { title } = action.document;
  return typeof title === "string" ? title : action.identifier;
};

function jsonMessage(run: Run, approvers: readonly string[]): JsonObject {
  return { action: run.action.identifier, status: run.status, approvers, run: renderRun(run) };
}

function slackMessage(run: Run, approvers: readonly string[]): { readonly text: string } {
  const on = run.entity === null ? "" : ` on ${run.entity.title ?? run.entity.identifier}`;
  const to = approvers.length === 0 ? "" : ` Approvers: ${approvers.join(", ")}.`;
  return {
    text: `${run.createdBy} wants to run “${titleOf(run)}”${on}; it waits for approval (run ${run.id}).${to}`,
  };
}
