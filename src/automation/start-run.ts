/**
 * Starts a run: the one way for people, programs and automations. In the transaction of the caller it writes the run, a
 * row of the change feed (`kind: "run"`, which RUN_CREATED and live pages read) and, where the server carries it out
 * itself, a job of `RUNS_QUEUE` (messages of changelogs: of `CHANGELOGS_QUEUE`). The executor (`execute-run.ts`) takes it from there; its calls carry the run's id as
 * idempotency key.
 *
 * With `key` it happens once for ever: a second call with the same action and key writes nothing and gives the run of
 * the first. An automation names its runs by what started them (the event, the expiry of a timer, the tick of a clock),
 * so that reading the feed again after a kill starts nothing twice.
 */
import { randomInt } from "node:crypto";
import { type Action, approvalOf, invocationOf, triggerTypeOf } from "../model/action.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { isEnded, isTrusted, type Named, renderRun, type Run, type RunSource } from "../model/run.ts";
import { appendChanges } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { enqueue, enqueueMore } from "../storage/queue.ts";
import { CHANGELOGS_QUEUE, RUN_NOTICES_QUEUE, RUNS_QUEUE } from "../storage/queues.ts";
import { insertRun, readRunOfKey } from "../storage/runs.ts";
import { compileTemplate, JqCompileError, JqError } from "../jq/index.ts";
import { isChangelogName } from "./changelog.ts";
import { laneOf, noticeLaneOf } from "./lane-of.ts";
import { contextOf } from "./run-context.ts";

/** Who takes runs of webhooks with `agent: true`. */
const AGENT = "_PORT_EXEC_AGENT";

/** Who takes runs of KAFKA where no broker is set: consumers claim them here over HTTP. */
export const KAFKA_CLAIMANT = "KAFKA";

/** User inputs of one run, in the three forms that they have. */
export interface RunInputs {
  /** As they were sent, encrypted where asked for. */
  readonly raw: JsonObject;
  /** As runs show them: entities by identifier and title. */
  readonly shown: JsonObject;
  /** As templates see them: entities whole. */
  readonly seen: JsonObject;
}

export interface StartRun {
  readonly action: Action;
  readonly source: RunSource;
  /** null for automations. */
  readonly inputs: RunInputs | null;
  readonly blueprint: Named | null;
  /** What the run is about, and, as templates see it, whole; null: nothing. */
  readonly entity: { readonly named: Named; readonly document: JsonObject | null } | null;
  /** Of automations: `{action, resourceType, trigger, context, diff}`, which conditions and templates see. */
  readonly event: JsonObject | null;
  /** `{by: {orgId, userId, …}, origin, at, operation}` */
  readonly trigger: JsonObject;
  /** Names the run among those of the action; see above. */
  readonly key?: string;
  /** Automations that stand behind it: one more than the run whose change started it. */
  readonly depth?: number;
  /** E-mails that the policy of the action gave. */
  readonly policyApprovers?: readonly string[] | null;
  /** Who runs it in the name of `createdBy`. */
  readonly impersonatedBy?: string | null;
  /** In whose name; unless given, of whoever asks. */
  readonly createdBy?: string;
}

export interface Started {
  readonly run: Run;
  /** False: there was a run of this key already. */
  readonly isNew: boolean;
}

/** @param ctx in a transaction */
export async function startRun(ctx: Ctx, start: StartRun): Promise<Started> {
  const { action, key } = start;
  const known = key === undefined ? null : await readRunOfKey(ctx.db, ctx.org, action.identifier, key);
  if (known !== null) return { run: known, isNew: false };
  const run = newRun(ctx, start);
  if (!(await insertRun(ctx.db, ctx.org, run, key ?? null))) {
    // Another process was faster; what it committed is seen by a new statement.
    const first = key === undefined ? null : await readRunOfKey(ctx.db, ctx.org, action.identifier, key);
    if (first === null) throw new Error("startRun: neither written nor there");
    return { run: first, isNew: false };
  }
  await appendChanges({ ...ctx, runId: run.id }, run.createdAt, [
    {
      kind: "run",
      action: "CREATE",
      blueprint: null,
      identifier: run.id,
      before: null,
      after: renderRun(run),
    },
  ]);
  if (run.status === "WAITING_FOR_APPROVAL")
    await enqueue(ctx.db, ctx.org, RUN_NOTICES_QUEUE, [run.id], 0, noticeLaneOf(run));
  else await enqueueRun(ctx, run);
  return { run, isNew: true };
}

/** Hands a run that may go to the executor, unless somebody else claims it. In the transaction that lets it go. */
export async function enqueueRun(ctx: Ctx, run: Run): Promise<void> {
  if (run.status !== "IN_PROGRESS" || run.installationId !== null) return;
  const { identifier } = run.action;
  if (isChangelogName(identifier))
    await enqueueMore(ctx.db, ctx.org, CHANGELOGS_QUEUE, identifier, laneOf(run));
  else await enqueue(ctx.db, ctx.org, RUNS_QUEUE, [run.id], 0, laneOf(run));
}

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const newId = (): string =>
  `r_${Array.from({ length: 16 }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join("")}`;

function newRun(ctx: Ctx, start: StartRun): Run {
  const { action, source, inputs, blueprint, entity, event, trigger } = start;
  const at = ctx.now();
  const by = start.createdBy ?? ctx.actor.id;
  const requiredApproval = triggerTypeOf(action) === "automation" ? "none" : approvalOf(action);
  const run: Run = {
    id: newId(),
    status: requiredApproval === "none" ? "IN_PROGRESS" : "WAITING_FOR_APPROVAL",
    statusLabel: null,
    action: {
      identifier: action.identifier,
      document: { ...action.document, id: action.id, ...(action.trusted ? {} : { trusted: false }) },
    },
    blueprint,
    entity: entity?.named ?? null,
    properties: inputs?.shown ?? null,
    rawProperties: inputs?.raw ?? null,
    source,
    trigger,
    context: { inputs: inputs?.seen ?? null, entity: entity?.document ?? null, event },
    payload: null,
    response: null,
    link: [],
    summary: null,
    requiredApproval,
    approvals: [],
    policyApprovers: start.policyApprovers ?? null,
    externalRunId: null,
    installationId: null,
    pendingExecution: true,
    claimedUntil: null,
    depth: start.depth ?? 0,
    createdAt: at,
    createdBy: by,
    updatedAt: at,
    updatedBy: by,
    endedAt: null,
    impersonatedBy: start.impersonatedBy ?? null,
  };
  if (isEnded(run.status)) throw new Error("newRun: a new run has not ended");
  // What a moderator wrote is not handed to executors, who carry it out with rights of their own (execute-run.ts).
  return { ...run, installationId: isTrusted(run) ? claimantOf(run) : null };
}

/** Who may claim the run; null: the server carries it out. What is no jq fails when it is carried out. */
export function claimantOf(run: Run): string | null {
  const invocation = invocationOf(run.action);
  const { type, agent, installationId } = invocation;
  if (type !== "INTEGRATION_ACTION" && (type !== "WEBHOOK" || agent === undefined)) return null;
  try {
    const rendered = compileTemplate({ agent: agent ?? null, installationId: installationId ?? null }).render(
      contextOf(run),
    );
    if (!isObject(rendered)) return null;
    const { installationId: claimant } = rendered;
    if (type === "INTEGRATION_ACTION") return typeof claimant === "string" ? claimant : null;
    return isTrue(rendered["agent"]) ? AGENT : null;
  } catch (error) {
    if (error instanceof JqCompileError || error instanceof JqError) return null;
    throw error;
  }
}

/** A flag of an invocation, which may come out of a template as text. */
export const isTrue = (value: unknown): boolean => value === true || value === "true";
