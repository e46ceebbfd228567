/**
 * `changelogDestination` of integrations (workflows.md §1.2.2, §2.2): who exports is told when it is to sync again, by a message as
 * that of changelogs of blueprints, and with their order, patience and log: a run of `changelog/$integration/<id>`.
 */
import type { JsonObject } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import { changelogAction, changelogInvocation } from "./changelog.ts";
import { startRun } from "./start-run.ts";

export interface IntegrationChange {
  readonly installationId: string;
  /** As it is now. */
  readonly destination: unknown;
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** No blueprint can have such a name. */
const PREFIX = "changelog/$integration/";

/** Ocean answers when the sync is over; what comes again meanwhile would begin another one. */
export const isAnsweredLate = (action: string): boolean => action.startsWith(PREFIX);

const messageFor = (type: string): string => `{{ .event | {
  action, resourceType, status: "SUCCESS", trigger, context, diff, changelogDestination: {type: "${type}"}
} }}`;

/**
 * In the transaction that asks for a sync.
 * @param hasBroker whether messages can be written to Kafka; without it nobody would ever take them
 */
export async function tellIntegration(
  tx: Ctx,
  { installationId, destination, before, after }: IntegrationChange,
  hasBroker: boolean,
): Promise<void> {
  const invocationMethod = changelogInvocation(destination, hasBroker, messageFor);
  if (invocationMethod === null) return;
  const at = tx.now().toISOString();
  const trigger = { by: { orgId: tx.org, userId: tx.actor.id }, origin: "API", at };
  await startRun(tx, {
    action: changelogAction(PREFIX + installationId, `Changelog of integration ${installationId}`, {
      ...{ trigger: { type: "automation", event: {} }, invocationMethod },
    }),
    ...{ source: "AUTOMATION", inputs: null, blueprint: null, entity: null },
    event: {
      ...{ action: "UPDATE", resourceType: "integration", trigger },
      context: { integrationId: installationId },
      diff: { before, after },
    },
    trigger: { ...trigger, operation: null },
  });
}
