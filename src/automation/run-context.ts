/** What templates of an action see (workflows.md §3.3). */
import { blueprintOf, triggerOf } from "../model/action.ts";
import { isObject, type JsonObject } from "../model/json.ts";
import type { Run } from "../model/run.ts";

/** Everything but secrets, which are added where the run is carried out. */
export function contextOf(run: Run): JsonObject {
  const { inputs = null, entity = null, event = null } = run.context;
  const { document, identifier } = run.action;
  return {
    inputs,
    entity,
    event,
    trigger: run.trigger,
    action: {
      identifier,
      title: document["title"] ?? null,
      icon: document["icon"] ?? null,
      blueprint: blueprintOf({ document }),
      encryptedProperties: encryptedOf(document),
    },
    run: { id: run.id, status: run.status, createdAt: run.createdAt.toISOString() },
  };
}

/** Keys of the inputs that are stored encrypted. */
function encryptedOf(document: JsonObject): string[] {
  const { userInputs } = triggerOf({ document });
  const properties = isObject(userInputs) ? userInputs["properties"] : null;
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, input]) =>
    isObject(input) && input["encryption"] !== undefined && input["encryption"] !== null ? [key] : [],
  );
}
