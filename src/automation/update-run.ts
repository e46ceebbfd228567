/** What executors report of a run: status, label, links, logs, response (workflows.md §3.4). */
import { invalid } from "../model/error.ts";
import { checkJson, type JsonObject, show } from "../model/json.ts";
import { isEnded, type Run, runNotFound, type RunStatus } from "../model/run.ts";
import { checkTextAt, closedAt, isGiven, objectAt } from "../model/action-fields.ts";
import type { Ctx } from "../storage/context.ts";
import { insertRunLog, readRun, type RunLog } from "../storage/runs.ts";
import { transact } from "../storage/transact.ts";
import { changeRun, type RunChange } from "./change-run.ts";
import { requireReporter } from "./run-access.ts";

const MAX_LABEL = 100;
const MAX_TEXT = 100_000;
const MAX_LINKS = 50;
const MAX_EXTERNAL = 1000;
const PATCH_KEYS = ["status", "statusLabel", "link", "summary", "message", "externalRunId", "logMessage"];
const REPORTED: readonly RunStatus[] = ["IN_PROGRESS", "SUCCESS", "FAILURE"];

/**
 * PATCH of a run. `status` that is `IN_PROGRESS` already says nothing; a run that has ended does not change any more.
 * @throws AppError not_found, forbidden, invalid_request
 */
export function patchRun(ctx: Ctx, id: string, body: unknown): Promise<Run> {
  const sent = objectAt(body, "run");
  checkJson(sent, "run");
  closedAt(sent, PATCH_KEYS, "run");
  const { change, message } = parseRunPatch(sent);
  return transact(ctx, async (inner) => {
    const before = await lockRun(inner, id);
    await requireReporter(inner, before);
    refuseEnded(before);
    refuseUnapproved(before, change.status);
    const after = await changeRun(inner, before, change);
    if (message !== null) await addLog(inner, id, message);
    return after;
  });
}

function parseRunPatch(sent: JsonObject): { readonly change: RunChange; readonly message: string | null } {
  const { status, statusLabel, link, summary, externalRunId } = sent;
  if (isGiven(status) && !REPORTED.includes(status as RunStatus))
    throw invalid(`status ${show(status)} is not one of ${REPORTED.join(", ")}`);
  checkTextAt(statusLabel, "statusLabel", { max: MAX_LABEL });
  checkTextAt(summary, "summary", { max: MAX_TEXT });
  checkTextAt(externalRunId, "externalRunId", { max: MAX_EXTERNAL });
  const message = sent["message"] ?? sent["logMessage"] ?? null;
  checkTextAt(message, "message", { max: MAX_TEXT });
  return {
    change: {
      ...(isGiven(status) ? { status: status as RunStatus } : {}),
      ...(isGiven(statusLabel) ? { statusLabel: String(statusLabel) } : {}),
      ...(isGiven(summary) ? { summary: String(summary) } : {}),
      ...(isGiven(externalRunId) ? { externalRunId: String(externalRunId) } : {}),
      ...(isGiven(link) ? { link: linksOf(link) } : {}),
    },
    message: typeof message === "string" ? message : null,
  };
}

function linksOf(value: unknown): readonly string[] {
  const links: unknown[] = Array.isArray(value) ? value : [value];
  if (links.length > MAX_LINKS) throw invalid(`link has more than ${MAX_LINKS} addresses`);
  return links.map((link) => {
    // A browser opens them: nothing but web addresses.
    if (typeof link !== "string" || !URL.canParse(link) || !/^https?:/i.test(link))
      throw invalid(`link ${show(link)} must be a web address (http or https), or a list of them`);
    return link;
  });
}

/** What was answered to the executor, as port-agent reports it. */
export function reportResponse(ctx: Ctx, id: string, body: unknown): Promise<Run> {
  const sent = objectAt(body, "body");
  closedAt(sent, ["response"], "body");
  checkJson(sent, "body");
  const { response = null } = sent;
  return transact(ctx, async (inner) => {
    const before = await lockRun(inner, id);
    await requireReporter(inner, before);
    refuseEnded(before);
    return changeRun(inner, before, { response });
  });
}

/**
 * A line of the log. `terminationStatus` ends the run, once; lines that come after the end are kept, they change nothing.
 * @throws AppError not_found, forbidden, invalid_request
 */
export function logRun(ctx: Ctx, id: string, body: unknown): Promise<RunLog> {
  const sent = objectAt(body, "log");
  closedAt(sent, ["message", "terminationStatus", "statusLabel"], "log");
  checkJson(sent, "log");
  const { message, terminationStatus: end, statusLabel } = sent;
  checkTextAt(message, "message", { max: MAX_TEXT, required: true });
  checkTextAt(statusLabel, "statusLabel", { max: MAX_LABEL });
  if (isGiven(end) && end !== "SUCCESS" && end !== "FAILURE")
    throw invalid(`terminationStatus ${show(end)} is not one of SUCCESS, FAILURE`);
  return transact(ctx, async (inner) => {
    const before = await lockRun(inner, id);
    await requireReporter(inner, before);
    const isChange = isGiven(end) || isGiven(statusLabel);
    if (isChange) {
      refuseEnded(before);
      refuseUnapproved(before, isGiven(end) ? (end as RunStatus) : undefined);
      await changeRun(inner, before, {
        ...(isGiven(end) ? { status: end as RunStatus } : {}),
        ...(isGiven(statusLabel) ? { statusLabel: String(statusLabel) } : {}),
      });
    }
    return addLog(inner, id, String(message), { end, statusLabel });
  });
}

function addLog(
  ctx: Ctx,
  run: string,
  message: string,
  { end, statusLabel }: { readonly end?: unknown; readonly statusLabel?: unknown } = {},
): Promise<RunLog> {
  return insertRunLog(ctx.db, ctx.org, {
    ...{ run, message, at: ctx.now(), by: ctx.actor.id },
    terminationStatus: typeof end === "string" ? end : null,
    statusLabel: typeof statusLabel === "string" ? statusLabel : null,
  });
}

/** @throws AppError not_found */
export async function lockRun(ctx: Ctx, id: string): Promise<Run> {
  const run = id.includes("\u0000") ? null : await readRun(ctx.db, ctx.org, id, true);
  if (run === null) throw runNotFound(id);
  return run;
}

/** Only approvers let it go; it can be cancelled. */
function refuseUnapproved({ id, status }: Run, to: RunStatus | undefined): void {
  if (status === "WAITING_FOR_APPROVAL" && to !== undefined && to !== "FAILURE")
    throw invalid(`status ${show(to)}: run "${id}" waits for approval; it can only be cancelled (FAILURE)`);
}

function refuseEnded({ id, status }: Run): void {
  if (isEnded(status))
    throw invalid(`run "${id}" has ended with ${status}, and does not change any more (status)`);
}
