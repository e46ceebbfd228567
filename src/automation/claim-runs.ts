/**
 * Runs that others carry out (workflows.md §3.5): port-agent and Ocean claim them for a while, say that they have them,
 * and report. What was claimed and never acknowledged is offered again.
 */
import { closedAt, isGiven, objectAt, textsAt } from "../model/action-fields.ts";
import { AppError, invalid } from "../model/error.ts";
import { checkJson, type JsonObject, show } from "../model/json.ts";
import { isTrusted, renderRun, type Run, runNotFound } from "../model/run.ts";
import type { Ctx } from "../storage/context.ts";
import { invocationOf } from "../model/action.ts";
import { claimRuns } from "../storage/run-claims.ts";
import { insertRunLog, readRun } from "../storage/runs.ts";
import { transact } from "../storage/transact.ts";
import { changeRun } from "./change-run.ts";
import { InvocationError, renderInvocation } from "./render-invocation.ts";
import { contextOf } from "./run-context.ts";
import type { RunMeans } from "./run-means.ts";

const MAX_LIMIT = 1000;
const USUAL_LIMIT = 10;
/** As Port, unless the claimant says otherwise. */
const USUAL_VISIBILITY_MS = 60_000;
const MAX_VISIBILITY_MS = 24 * 3_600_000;

interface Claim {
  readonly installationId: string;
  readonly limit: number;
  readonly visibilityMs: number;
  readonly invocationMethod: string | null;
  /** Actions of which no runs are wanted. */
  readonly exclude: readonly string[];
}

/** Whoever claims carries runs out, with secrets: only API credentials may. @throws AppError forbidden, invalid_request */
export async function claimPending(ctx: Ctx, means: RunMeans, body: unknown): Promise<JsonObject[]> {
  if (ctx.actor.person !== undefined) throw new AppError("forbidden", "only API credentials may claim runs");
  const claim = parseClaim(body);
  const secrets = await means.secrets(ctx);
  return transact(ctx, async (inner) => {
    const now = inner.now();
    const ids = await claimRuns(inner.db, inner.org, {
      ...claim,
      until: new Date(now.getTime() + claim.visibilityMs),
      now,
    });
    const given: JsonObject[] = [];
    for (const id of ids) {
      const run = await readRun(inner.db, inner.org, id);
      if (run === null) continue;
      const offered = await offer(inner, run, secrets);
      if (offered !== null) given.push(offered);
    }
    return given;
  });
}

/** The run with its payload filled; one that cannot be filled fails, and is not given. */
async function offer(
  ctx: Ctx,
  run: Run,
  secrets: Readonly<Record<string, string>>,
): Promise<JsonObject | null> {
  try {
    const known = isTrusted(run) ? secrets : {};
    const { sent, shown } = renderInvocation(run, known, ctx.now());
    const whole = wholeContext(run);
    const after = await changeRun(ctx, run, { payload: { ...whole, ...shown } });
    return { ...renderRun(after), payload: { ...whole, ...sent } };
  } catch (error) {
    if (!(error instanceof InvocationError)) throw error;
    await changeRun(ctx, run, { status: "FAILURE", summary: error.message });
    await insertRunLog(ctx.db, ctx.org, {
      run: run.id,
      message: error.message,
      at: ctx.now(),
      by: ctx.actor.id,
    });
    return null;
  }
}

/** What is sent where the action names no body or payload: everything. */
function wholeContext(run: Run): JsonObject {
  const { type } = invocationOf(run.action);
  if (type === "KAFKA") return { payload: contextOf(run) };
  return type === "WEBHOOK" ? { body: contextOf(run) } : {};
}

function parseClaim(body: unknown): Claim {
  const sent = objectAt(body, "body");
  checkJson(sent, "body");
  closedAt(sent, ["installationId", "limit", "visibilityTimeoutMs", "invocationMethod", "exclude"], "body");
  const { installationId, invocationMethod } = sent;
  if (typeof installationId !== "string" || installationId === "")
    throw invalid(`installationId ${show(installationId)} must be a string that is not empty`);
  if (isGiven(invocationMethod) && typeof invocationMethod !== "string")
    throw invalid(`invocationMethod ${show(invocationMethod)} must be a string`);
  return {
    installationId,
    limit: numberOf(sent["limit"], "limit", USUAL_LIMIT, MAX_LIMIT),
    visibilityMs: numberOf(
      sent["visibilityTimeoutMs"],
      "visibilityTimeoutMs",
      USUAL_VISIBILITY_MS,
      MAX_VISIBILITY_MS,
    ),
    invocationMethod: typeof invocationMethod === "string" ? invocationMethod : null,
    exclude: textsAt(sent["exclude"], "exclude"),
  };
}

function numberOf(value: unknown, field: string, usual: number, most: number): number {
  if (!isGiven(value)) return usual;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > most)
    throw invalid(`${field} ${show(value)} must be a whole number from 1 to ${most}`);
  return value;
}

/**
 * The claimant has them. Of a single run that somebody has already: conflict; of several, those count that were still open.
 * @returns how many. @throws AppError not_found, conflict, invalid_request
 */
export function acknowledge(ctx: Ctx, body: unknown): Promise<number> {
  if (ctx.actor.person !== undefined)
    throw new AppError("forbidden", "only API credentials may acknowledge runs");
  const sent = objectAt(body, "body");
  checkJson(sent, "body");
  closedAt(sent, ["runId", "runIds"], "body");
  const { runId } = sent;
  const single = isGiven(runId);
  if (single && typeof runId !== "string") throw invalid(`runId ${show(runId)} must be a string`);
  const ids = single ? [String(runId)] : textsAt(sent["runIds"], "runIds");
  if (ids.length === 0) throw invalid("runIds must name at least one run");
  return transact(ctx, async (inner) => {
    let count = 0;
    // Sorted, so that two that acknowledge the same runs lock them in the same order.
    for (const id of [...new Set(ids)].sort()) {
      const run = await readRun(inner.db, inner.org, id, true);
      if (run === null || run.installationId === null) {
        if (single) throw runNotFound(id);
        continue;
      }
      if (!run.pendingExecution) {
        if (single) throw new AppError("conflict", `run "${id}" has been acknowledged already`);
        continue;
      }
      await changeRun(inner, run, { pendingExecution: false, claimedUntil: null });
      count += 1;
    }
    return count;
  });
}
