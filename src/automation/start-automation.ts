/** Starts a run of an automation, in the transaction that settles what started it. */
import type { Actor } from "../model/actor.ts";
import type { AutomationEvent } from "../model/automation-event.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import type { Named } from "../model/run.ts";
import type { Ctx } from "../storage/context.ts";
import type { Automation } from "./automations.ts";
import { changeRun } from "./change-run.ts";
import { startRun } from "./start-run.ts";

const AUTOMATION_ACTOR: Actor = { kind: "system", id: "fairway:automation", datasource: null };

export interface AutomationStart {
  readonly event: AutomationEvent | JsonObject;
  /** Names what started it: of the automation one run for each, for ever. */
  readonly key: string;
  /** Automations in a row, this one counted. */
  readonly depth: number;
  /** Why the loop guard stops it; null: it does not. */
  readonly stopped: string | null;
}

export async function startAutomation(
  tx: Ctx,
  { action }: Automation,
  { event, key, depth, stopped }: AutomationStart,
): Promise<void> {
  const own = { ...tx, actor: AUTOMATION_ACTOR };
  const { trigger, context } = event as { trigger: JsonObject; context: JsonObject };
  const { blueprintIdentifier: blueprint, entityIdentifier: entity } = context;
  const { run, isNew } = await startRun(own, {
    ...{ action, source: "AUTOMATION", inputs: null, key, depth },
    blueprint: typeof blueprint === "string" ? named(blueprint, null) : null,
    entity: typeof entity === "string" ? { named: named(entity, stateOf(event)), document: null } : null,
    event: event as JsonObject,
    trigger: {
      ...{ by: trigger["by"] ?? null, origin: "AUTOMATION", at: tx.now().toISOString(), operation: null },
    },
  });
  // It stands among the runs of the automation, with the reason; nothing is sent.
  if (isNew && stopped !== null)
    await changeRun(own, run, {
      status: "FAILURE",
      statusLabel: "Stopped by the loop guard",
      summary: stopped,
    });
}

function stateOf(event: AutomationEvent | JsonObject): JsonObject | null {
  const { after, before } = event["diff"] as { after: unknown; before: unknown };
  if (isObject(after)) return after;
  return isObject(before) ? before : null;
}

function named(identifier: string, state: JsonObject | null): Named {
  const text = (key: string): string | null => {
    const value = state?.[key];
    return typeof value === "string" ? value : null;
  };
  return { identifier, title: text("title"), icon: text("icon") };
}
