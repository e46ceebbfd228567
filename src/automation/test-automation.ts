/** `POST /v1/actions/{id}/test`: what an automation would make of an event. Nothing is written, nothing sent. */
import { type Action, triggerOf, triggerTypeOf } from "../model/action.ts";
import { eventOf, keysOfEvent, RUN_KIND, TIMER_KIND, triggerKey } from "../model/automation-event.ts";
import { AppError, invalid, notFound } from "../model/error.ts";
import { isObject, type JsonObject, kindOf, show } from "../model/json.ts";
import type { Run } from "../model/run.ts";
import { restricted } from "../catalog/guard.ts";
import { readableKeys } from "../catalog/readable-keys.ts";
import type { FeedRow } from "../storage/feed.ts";
import { readChange } from "../storage/automations.ts";
import type { Ctx } from "../storage/context.ts";
import { readRun } from "../storage/runs.ts";
import { compileCondition, type ConditionResult } from "./condition.ts";
import { visibleAction } from "./define-action.ts";
import { InvocationError, renderInvocation } from "./render-invocation.ts";
import { maySeeRun } from "./run-access.ts";

export interface AutomationTest {
  readonly event: JsonObject;
  /** Whether the trigger waits for such an event. */
  readonly isTriggered: boolean;
  readonly condition: ConditionResult;
  /** Both: a run would be started. */
  readonly wouldRun: boolean;
  /** The invocation with its templates filled, secrets masked; null: it cannot be. */
  readonly invocation: JsonObject | null;
  readonly problems: readonly string[];
}

/** @throws AppError not_found, invalid_request */
export async function testAutomation(ctx: Ctx, identifier: string, body: unknown): Promise<AutomationTest> {
  const action = await visibleAction(ctx, identifier);
  if (triggerTypeOf(action) !== "automation")
    throw invalid(`action "${identifier}" is a self-service action; events start automations`);
  const event = await eventFrom(ctx, body);
  const trigger = triggerOf(action);
  const key = isObject(trigger["event"]) ? triggerKey(trigger["event"]) : null;
  const isTriggered = key !== null && keysOfEvent(event as never).includes(key);
  const condition = compileCondition(trigger["condition"]).test(event, ctx.now());
  return {
    ...{ event, isTriggered, condition, wouldRun: isTriggered && condition.isMet },
    ...rendered(action, event, ctx.now()),
  };
}

const EVENT_ID = /^event_(\d{1,18})$/;

/** `{eventId}` of the audit log, or `{event}` as conditions see it. */
async function eventFrom(ctx: Ctx, body: unknown): Promise<JsonObject> {
  if (!isObject(body)) throw invalid(`the body must be an object, not ${kindOf(body)}`);
  const { eventId, event } = body;
  if (event !== undefined) {
    if (!isObject(event)) throw invalid(`event must be an object, not ${kindOf(event)}`);
    for (const key of ["context", "diff", "trigger"])
      if (!isObject(event[key])) throw invalid(`event.${key} must be an object, not ${kindOf(event[key])}`);
    return event;
  }
  if (typeof eventId !== "string")
    throw invalid("the body must have eventId (an identifier of the audit log) or event");
  const seq = EVENT_ID.exec(eventId)?.[1];
  const row = seq === undefined ? null : await readChange(ctx.db, ctx.org, seq);
  const found = row === null ? null : eventOf(ctx.org, row);
  if (row === null || !(await isReadable(ctx, row))) throw notFound("Event", eventId);
  if (found === null)
    throw new AppError("invalid_request", `eventId ${show(eventId)} is nothing that automations are told of`);
  return found as unknown as JsonObject;
}

/** Moderators test their automations on what they may read; recipients and addresses of alerts are for administrators. */
async function isReadable(ctx: Ctx, { kind, blueprint, identifier }: FeedRow): Promise<boolean> {
  if (restricted(ctx) === null) return true;
  if (identifier === null) return false;
  if (kind === RUN_KIND) {
    const run = await readRun(ctx.db, ctx.org, identifier);
    return run !== null && maySeeRun(ctx, run);
  }
  if ((kind !== "entity" && kind !== TIMER_KIND) || blueprint === null) return false;
  const key = { blueprint, identifier };
  return (await readableKeys(ctx, [key]))(key);
}

function rendered(
  action: Action,
  event: JsonObject,
  now: Date,
): Pick<AutomationTest, "invocation" | "problems"> {
  const run: Pick<Run, "id" | "status" | "createdAt" | "context" | "trigger" | "action"> = {
    ...{ id: "r_test", status: "IN_PROGRESS", createdAt: now },
    context: { inputs: null, entity: null, event },
    trigger: {
      by: isObject(event["trigger"]) ? event["trigger"]["by"] : null,
      origin: "AUTOMATION",
      at: now.toISOString(),
    },
    action: { identifier: action.identifier, document: { ...action.document, id: action.id } },
  };
  try {
    const { shown, problems } = renderInvocation(run as Run, {}, now);
    return { invocation: shown, problems };
  } catch (error) {
    if (!(error instanceof InvocationError)) throw error;
    return { invocation: null, problems: [error.message] };
  }
}
