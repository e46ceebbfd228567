/** What starts an automation (workflows.md §4): its event and its condition, checked. */
import { checkOneOfAt, checkTextAt, closedAt, isGiven, objectAt, textsAt } from "./action-fields.ts";
import { invalid } from "./error.ts";
import type { JsonObject } from "./json.ts";

const ENTITY_EVENTS = ["ENTITY_CREATED", "ENTITY_UPDATED", "ENTITY_DELETED", "ANY_ENTITY_CHANGE"];
const RUN_EVENTS = ["RUN_CREATED", "RUN_UPDATED", "ANY_RUN_CHANGE"];
const TIMER_EVENT = "TIMER_PROPERTY_EXPIRED";
const EVENTS = [...ENTITY_EVENTS, TIMER_EVENT, ...RUN_EVENTS];
const MAX_EXPRESSIONS = 100;

/** @throws AppError invalid_request naming the field */
export function checkAutomationTrigger(trigger: JsonObject, field: string): void {
  closedAt(trigger, ["type", "event", "condition"], field);
  const event = objectAt(trigger["event"], `${field}.event`);
  checkOneOfAt(event["type"], `${field}.event.type`, EVENTS);
  const type = String(event["type"]);
  const keys = RUN_EVENTS.includes(type)
    ? ["actionIdentifier"]
    : ["blueprintIdentifier", ...(type === TIMER_EVENT ? ["propertyIdentifier"] : [])];
  closedAt(event, ["type", ...keys], `${field}.event`);
  for (const key of keys) checkTextAt(event[key], `${field}.event.${key}`, { required: true });
  checkCondition(trigger["condition"], `${field}.condition`);
}

function checkCondition(value: unknown, field: string): void {
  if (!isGiven(value)) return;
  const condition = objectAt(value, field);
  closedAt(condition, ["type", "expressions", "combinator"], field);
  checkOneOfAt(condition["type"], `${field}.type`, ["JQ"]);
  if (isGiven(condition["combinator"]))
    checkOneOfAt(condition["combinator"], `${field}.combinator`, ["and", "or"]);
  const expressions = textsAt(condition["expressions"], `${field}.expressions`);
  if (expressions.length > MAX_EXPRESSIONS)
    throw invalid(`${field}.expressions has more than ${MAX_EXPRESSIONS} expressions`);
}
