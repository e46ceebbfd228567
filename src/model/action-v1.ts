/** Actions of before v2 (workflows.md §3.1, deprecated): of one blueprint, with the operation as trigger. */
import { invalid } from "./error.ts";
import { isObject, type JsonObject, kindOf } from "./json.ts";

/** Keys that moved into the trigger. */
const MOVED = ["userInputs", "condition", "actionCardButtonText", "executeActionButtonText"];

/** What was sent as an action of today. */
export function actionFromV1(body: unknown, blueprint: string): JsonObject {
  if (!isObject(body)) throw invalid(`the action must be an object, not ${kindOf(body)}`);
  const { trigger } = body;
  if (isObject(trigger)) return body;
  const moved = MOVED.flatMap((key) => (body[key] === undefined ? [] : [[key, body[key]] as const]));
  const rest = Object.entries(body).filter(([key]) => !MOVED.includes(key) && key !== "trigger");
  return {
    ...Object.fromEntries(rest),
    trigger: {
      type: "self-service",
      operation: trigger,
      blueprintIdentifier: blueprint,
      userInputs: { properties: {} },
      ...Object.fromEntries(moved),
    },
  };
}

/** An action of today as it was shown before. */
export function actionToV1(action: JsonObject): JsonObject {
  const { trigger } = action;
  if (!isObject(trigger)) return action;
  const { operation, blueprintIdentifier, type: _, ...moved } = trigger;
  return { ...action, trigger: operation ?? null, blueprint: blueprintIdentifier ?? null, ...moved };
}
