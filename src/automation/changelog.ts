/**
 * `changelogDestination` of blueprints (data-model.md §3.9; of integrations: integration-changelog.ts): every change of their entities, and every timer that passes, is
 * posted as Port posts it. It is served by automations that nobody wrote, so that retries, order of the feed, restarts and the
 * log (their runs) are those of automations.
 */
import type { Action } from "../model/action.ts";
import { CHANGELOG } from "../model/automation-event.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import { readChangelogs } from "../storage/automations.ts";
import type { Ctx } from "../storage/context.ts";
import type { Automation } from "./automations.ts";
import { compileCondition } from "./condition.ts";

/** No action can have such a name. */
const changelogName = (blueprint: string): string => `changelog/${blueprint}`;
export const isChangelogName = (identifier: string): boolean => identifier.startsWith("changelog/");

/** What is posted: the event in the words that changelogs have. Consumers look by `changelogDestination` whether it is theirs. */
const messageFor: Message = (type) => `{{ .event | {
  action, resourceType, status: "SUCCESS", trigger,
  context: {blueprint: .context.blueprintIdentifier, entity: .context.entityIdentifier},
  diff, changelogDestination: {type: "${type}"}
} + if .context.propertyIdentifier then {additionalData: {propertyIdentifier: .context.propertyIdentifier}} else {} end }}`;

/** @param hasBroker whether messages can be written to Kafka; without it nobody would ever take them */
export async function changelogAutomations(ctx: Ctx, hasBroker: boolean): Promise<Automation[]> {
  const found = await readChangelogs(ctx.db, ctx.org);
  return found.flatMap(({ blueprint, destination }) => {
    const invocationMethod = changelogInvocation(destination, hasBroker, messageFor);
    if (invocationMethod === null) return [];
    const event = { type: CHANGELOG, blueprintIdentifier: blueprint };
    const action = changelogAction(changelogName(blueprint), `Changelog of ${blueprint}`, {
      ...{ trigger: { type: "automation", event }, invocationMethod },
    });
    return [{ action, since: 0, event, condition: compileCondition(null) }];
  });
}

/** By the kind of destination. */
type Message = (type: "KAFKA" | "WEBHOOK") => string;

/**
 * @param message as a template
 * @returns null where nothing is to be posted, or nobody would ever take it
 */
export function changelogInvocation(
  destination: unknown,
  hasBroker: boolean,
  message: Message,
): JsonObject | null {
  if (!isObject(destination)) return null;
  const { type, url, agent } = destination;
  if (type === "KAFKA") return hasBroker ? { type, topic: "change.log", payload: message("KAFKA") } : null;
  if (type !== "WEBHOOK" || typeof url !== "string") return null;
  return {
    ...{ type, synchronized: true, body: message("WEBHOOK") },
    // A text of its own: braces in an address are no template here.
    url: `{{ ${JSON.stringify(url)} }}`,
    ...(agent === true ? { agent } : {}),
  };
}

export function changelogAction(identifier: string, title: string, document: JsonObject): Action {
  const at = new Date(0);
  return {
    ...{ id: identifier, identifier, document: { title, ...document, publish: true } },
    // Without secrets and credentials: its templates are ours, its address is whoever's who may define the blueprint.
    ...{ permissions: null, trusted: true },
    ...{ createdAt: at, createdBy: "fairway", updatedAt: at, updatedBy: "fairway" },
  };
}
