/** What starts an automation (workflows.md §4): its event and its condition, checked. */
import { checkOneOfAt, checkTextAt, closedAt, isGiven, objectAt, textsAt } from "./action-fields.ts";
import { cronFlaw } from "./cron.ts";
import { invalid } from "./error.ts";
import { type JsonObject, show } from "./json.ts";
import { parseTimeZone } from "./query-calendar.ts";

const ENTITY_EVENTS = ["ENTITY_CREATED", "ENTITY_UPDATED", "ENTITY_DELETED", "ANY_ENTITY_CHANGE"];
const RUN_EVENTS = ["RUN_CREATED", "RUN_UPDATED", "ANY_RUN_CHANGE"];
const TIMER_EVENT = "TIMER_PROPERTY_EXPIRED";
const SCHEDULE_EVENT = "SCHEDULE";
const ALERT_EVENTS = ["ALERT_FIRED", "ALERT_RESOLVED", "ANY_ALERT_CHANGE", "ALERT_DIGEST", "ALERT_TEAM"];
const INITIATIVE_EVENTS = [
  ...["INITIATIVE_REMINDER", "INITIATIVE_OVERDUE", "INITIATIVE_REACHED", "ANY_INITIATIVE_CHANGE"],
];
const EVENTS = [
  ...[...ENTITY_EVENTS, TIMER_EVENT, ...RUN_EVENTS, SCHEDULE_EVENT],
  ...[...ALERT_EVENTS, ...INITIATIVE_EVENTS],
];
const MAX_EXPRESSIONS = 100;
const MAX_CRON = 100;

/** @throws AppError invalid_request naming the field */
export function checkAutomationTrigger(trigger: JsonObject, field: string): void {
  closedAt(trigger, ["type", "event", "condition"], field);
  const event = objectAt(trigger["event"], `${field}.event`);
  checkOneOfAt(event["type"], `${field}.event.type`, EVENTS);
  const type = String(event["type"]);
  if (type === SCHEDULE_EVENT) checkSchedule(event, `${field}.event`);
  const keys = keysOf(type);
  if (type !== SCHEDULE_EVENT) closedAt(event, ["type", ...keys], `${field}.event`);
  for (const key of keys) checkTextAt(event[key], `${field}.event.${key}`, { required: true });
  checkCondition(trigger["condition"], `${field}.condition`);
}

/** What the event is of. */
function keysOf(type: string): string[] {
  if (type === SCHEDULE_EVENT) return [];
  if (ALERT_EVENTS.includes(type)) return ["alertIdentifier"];
  if (INITIATIVE_EVENTS.includes(type)) return ["initiativeIdentifier"];
  if (RUN_EVENTS.includes(type)) return ["actionIdentifier"];
  return ["blueprintIdentifier", ...(type === TIMER_EVENT ? ["propertyIdentifier"] : [])];
}

function checkSchedule(event: JsonObject, field: string): void {
  closedAt(event, ["type", "cron", "timezone"], field);
  const { cron, timezone } = event;
  checkTextAt(cron, `${field}.cron`, { required: true, max: MAX_CRON });
  const flaw = cronFlaw(String(cron));
  if (flaw !== null) throw invalid(`${field}.cron ${show(cron)} ${flaw}`);
  if (isGiven(timezone)) parseTimeZone(timezone, `${field}.timezone`);
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
