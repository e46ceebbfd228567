/** Actions as clients send them (workflows.md §3.2, §4): self-service actions and automations are one thing. */
import { checkBoolean, checkOneOfAt, checkTextAt, closedAt, isGiven, objectAt } from "./action-fields.ts";
import { checkUserInputs } from "./action-inputs.ts";
import { checkInvocation } from "./action-invocation.ts";
import type { ActionPermissions } from "./action-permission.ts";
import { checkAutomationTrigger } from "./automation-trigger.ts";
import { invalid } from "./error.ts";
import { checkJson, isObject, type JsonObject, kindOf, show } from "./json.ts";
import { parseQuery } from "./query.ts";

export interface Action {
  /** `action_…`, made by the server; stays when the identifier changes. */
  readonly id: string;
  readonly identifier: string;
  /** As sent, without the keys of the server; checked by `parseAction`. */
  readonly document: JsonObject;
  readonly permissions: ActionPermissions | null;
  /** An administrator or an app wrote it last. What moderators write is carried out without secrets and credentials. */
  readonly trusted: boolean;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

export type TriggerType = "self-service" | "automation";
const OPERATIONS = ["CREATE", "DAY-2", "DELETE"] as const;

const IDENTIFIER = /^(?!\.{1,2}$)[\p{L}0-9@_.+:=-]+$/u;
const MAX_IDENTIFIER = 100;
const MAX_TITLE = 200;
const MAX_DESCRIPTION = 5000;
const MAX_BUTTON = 15;
const KEYS = [
  ...["identifier", "title", "icon", "description", "trigger", "invocationMethod", "requiredApproval"],
  ...["approvalNotification", "publish", "allowAnyoneToViewRuns"],
];
/** The server's own; what a client read and sends back of them is dropped. */
const SERVER_KEYS = ["id", "createdAt", "createdBy", "updatedAt", "updatedBy"];

/** What is stored of an action. @throws AppError invalid_request naming field, value and rule */
export function parseAction(body: unknown): { readonly identifier: string; readonly document: JsonObject } {
  checkJson(body, "action");
  if (!isObject(body)) throw invalid(`the action must be an object, not ${kindOf(body)}`);
  closedAt(body, [...KEYS, ...SERVER_KEYS], "action");
  const identifier = checkActionIdentifier(body["identifier"], "action.identifier");
  checkTextAt(body["title"], "action.title", { max: MAX_TITLE });
  checkTextAt(body["icon"], "action.icon", { max: MAX_TITLE });
  checkTextAt(body["description"], "action.description", { max: MAX_DESCRIPTION });
  const trigger = objectAt(body["trigger"], "action.trigger");
  checkOneOfAt(trigger["type"], "action.trigger.type", ["self-service", "automation"]);
  if (trigger["type"] === "automation") checkAutomationTrigger(trigger, "action.trigger");
  else checkSelfService(trigger, "action.trigger");
  checkInvocation(body["invocationMethod"], "action.invocationMethod");
  checkApproval(body, trigger["type"] === "automation");
  checkBoolean(body["publish"], "action.publish");
  checkBoolean(body["allowAnyoneToViewRuns"], "action.allowAnyoneToViewRuns");
  const document = Object.fromEntries(
    Object.entries(body).filter(([key, value]) => !SERVER_KEYS.includes(key) && value !== null),
  );
  return { identifier, document };
}

/** @throws AppError invalid_request */
function checkActionIdentifier(value: unknown, field: string): string {
  if (typeof value !== "string") throw invalid(`${field} must be a string, not ${kindOf(value)}`);
  if (value === "runs") throw invalid(`${field} "runs" is taken: /v1/actions/runs are the runs`);
  if (!isActionIdentifier(value))
    throw invalid(
      `${field} ${show(value)} must have 1 to ${MAX_IDENTIFIER} characters: letters, digits and @ _ . + : = -, and not be "." or ".."`,
    );
  return value;
}

export const isActionIdentifier = (text: string): boolean =>
  text.length <= MAX_IDENTIFIER && IDENTIFIER.test(text);

function checkSelfService(trigger: JsonObject, field: string): void {
  const keys = [
    ...["type", "operation", "blueprintIdentifier", "userInputs", "condition"],
    ...["actionCardButtonText", "executeActionButtonText"],
  ];
  closedAt(trigger, keys, field);
  checkOneOfAt(trigger["operation"], `${field}.operation`, OPERATIONS);
  checkTextAt(trigger["blueprintIdentifier"], `${field}.blueprintIdentifier`);
  checkUserInputs(trigger["userInputs"], `${field}.userInputs`);
  for (const key of ["actionCardButtonText", "executeActionButtonText"]) {
    const text = trigger[key];
    checkTextAt(text, `${field}.${key}`, { max: MAX_BUTTON });
    if (typeof text === "string" && (text === "" || text.trim() !== text))
      throw invalid(`${field}.${key} must have 1 to ${MAX_BUTTON} characters and no blank at its ends`);
  }
  checkSearchCondition(trigger, field);
}

function checkSearchCondition(trigger: JsonObject, field: string): void {
  const { condition, operation } = trigger;
  if (!isGiven(condition)) return;
  if (operation === "CREATE")
    throw invalid(`${field}.condition belongs to DAY-2 and DELETE actions; a CREATE action has no entity`);
  const at = `${field}.condition`;
  const search = objectAt(condition, at);
  closedAt(search, ["type", "rules", "combinator"], at);
  checkOneOfAt(search["type"], `${at}.type`, ["SEARCH"]);
  parseQuery({ combinator: search["combinator"] ?? "and", rules: search["rules"] }, at);
}

function checkApproval(body: JsonObject, isAutomation: boolean): void {
  const { requiredApproval, approvalNotification: notification } = body;
  if (isGiven(requiredApproval) && typeof requiredApproval !== "boolean") {
    const approval = objectAt(requiredApproval, "action.requiredApproval");
    closedAt(approval, ["type"], "action.requiredApproval");
    checkOneOfAt(approval["type"], "action.requiredApproval.type", ["ANY", "ALL"]);
  }
  if (isAutomation && isGiven(requiredApproval) && requiredApproval !== false)
    throw invalid("action.requiredApproval belongs to self-service actions; an automation waits for nobody");
  if (!isGiven(notification)) return;
  const field = "action.approvalNotification";
  const one = objectAt(notification, field);
  checkOneOfAt(one["type"], `${field}.type`, ["email", "webhook"]);
  if (one["type"] === "email") return closedAt(one, ["type"], field);
  closedAt(one, ["type", "url", "format"], field);
  checkTextAt(one["url"], `${field}.url`, { required: true });
  if (isGiven(one["format"])) checkOneOfAt(one["format"], `${field}.format`, ["json", "slack"]);
}

const objectOr = (value: unknown): JsonObject => (isObject(value) ? value : {});

export const triggerOf = ({ document }: Pick<Action, "document">): JsonObject =>
  objectOr(document["trigger"]);

export const invocationOf = ({ document }: Pick<Action, "document">): JsonObject =>
  objectOr(document["invocationMethod"]);

export const triggerTypeOf = (action: Pick<Action, "document">): TriggerType =>
  triggerOf(action)["type"] === "automation" ? "automation" : "self-service";

/** The blueprint that it is about: of the form, or of the event. */
export function blueprintOf(action: Pick<Action, "document">): string | null {
  const trigger = triggerOf(action);
  const named = trigger["blueprintIdentifier"] ?? objectOr(trigger["event"])["blueprintIdentifier"];
  return typeof named === "string" && named !== "" ? named : null;
}

/** Offered unless it says otherwise; an automation is switched on only where it says so. */
export const isPublished = (action: Pick<Action, "document">): boolean =>
  triggerTypeOf(action) === "automation"
    ? action.document["publish"] === true
    : action.document["publish"] !== false;

/** How many have to agree before it runs. */
export function approvalOf({ document }: Pick<Action, "document">): "none" | "ANY" | "ALL" {
  const { requiredApproval } = document;
  if (isObject(requiredApproval)) return requiredApproval["type"] === "ALL" ? "ALL" : "ANY";
  return requiredApproval === true ? "ANY" : "none";
}

/** As the API shows it. */
export function renderAction(action: Action): JsonObject {
  return {
    ...action.document,
    id: action.id,
    identifier: action.identifier,
    createdAt: action.createdAt.toISOString(),
    createdBy: action.createdBy,
    updatedAt: action.updatedAt.toISOString(),
    updatedBy: action.updatedBy,
  };
}
