/** The automations that are on, compiled, and found by what happened. */
import { type Action, triggerOf } from "../model/action.ts";
import { keysOfEvent, triggerKey, type AutomationEvent } from "../model/automation-event.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { automationsVersion, type AutomationRow, readAutomations } from "../storage/automations.ts";
import type { Ctx } from "../storage/context.ts";
import { changelogAutomations } from "./changelog.ts";
import { compileCondition, type Condition } from "./condition.ts";

export interface Automation {
  readonly action: Action;
  /** `seq` of the change feed: later rows are told to it. */
  readonly since: number;
  readonly event: JsonObject;
  readonly condition: Condition;
}

export interface Automations {
  readonly version: string;
  readonly all: readonly Automation[];
  readonly byKey: ReadonlyMap<string, readonly Automation[]>;
  /** Blueprints whose entities' documents are worth reading. */
  readonly blueprints: readonly string[];
}

/** One look at the database where nothing has changed. */
export class AutomationCache {
  #known: Automations | null = null;
  readonly #hasBroker: boolean;

  /** @param hasBroker whether messages can be written to Kafka */
  constructor(hasBroker = false) {
    this.#hasBroker = hasBroker;
  }

  async current(ctx: Ctx): Promise<Automations> {
    const version = await automationsVersion(ctx.db, ctx.org);
    if (this.#known?.version === version) return this.#known;
    const written = (await readAutomations(ctx.db, ctx.org)).flatMap((row) => compile(ctx, row));
    this.#known = indexed(version, [...written, ...(await changelogAutomations(ctx, this.#hasBroker))]);
    return this.#known;
  }
}

function compile(ctx: Ctx, row: AutomationRow): Automation[] {
  const trigger = triggerOf(row.action);
  const event = isObject(trigger["event"]) ? trigger["event"] : {};
  try {
    return [{ ...row, event, condition: compileCondition(trigger["condition"]) }];
  } catch (error) {
    // Checked when it was written; a stricter version must not stop the others.
    ctx.log.error({ err: error, automation: row.action.identifier }, "an automation cannot be read");
    return [];
  }
}

/** @param version by which it is known whether they are still those */
function indexed(version: string, all: readonly Automation[]): Automations {
  const byKey = new Map<string, Automation[]>();
  const blueprints = new Set<string>();
  for (const automation of all) {
    const { blueprintIdentifier } = automation.event;
    if (typeof blueprintIdentifier === "string") blueprints.add(blueprintIdentifier);
    const key = triggerKey(automation.event);
    if (key !== null) byKey.set(key, [...(byKey.get(key) ?? []), automation]);
  }
  return { version, all, byKey, blueprints: [...blueprints] };
}

/** Those whose trigger waits for the event, in the order of their creation; each once. */
export function triggeredBy({ byKey }: Automations, event: AutomationEvent, seq: number): Automation[] {
  const found = new Set(keysOfEvent(event).flatMap((key) => byKey.get(key) ?? []));
  return [...found].filter(({ since }) => seq > since);
}
