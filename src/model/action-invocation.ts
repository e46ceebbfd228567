/** How an action is carried out (workflows.md §3.2.3): the keys of each method, checked. */
import {
  checkBooleanOrTemplate,
  checkOneOfAt,
  checkTextAt,
  closedAt,
  isGiven,
  objectAt,
} from "./action-fields.ts";
import { invalid } from "./error.ts";
import { type JsonObject, kindOf, show } from "./json.ts";

export const METHODS = [
  "WEBHOOK",
  "KAFKA",
  "GITHUB",
  "GITLAB",
  "AZURE_DEVOPS",
  "UPSERT_ENTITY",
  "INTEGRATION_ACTION",
  "SLACK",
  "EMAIL",
] as const;
export type Method = (typeof METHODS)[number];

const HTTP_METHODS = ["POST", "GET", "PUT", "PATCH", "DELETE"];
const WEBHOOK_KEYS = ["type", "url", "agent", "synchronized", "method", "headers", "body"];

const CHECKS: Readonly<Record<Method, (invocation: JsonObject, field: string) => void>> = {
  WEBHOOK: checkWebhook,
  SLACK: checkWebhook,
  EMAIL: (invocation, field) => {
    closedAt(invocation, ["type", "to", "subject", "text"], field);
    const { to } = invocation;
    if (typeof to !== "string" && !Array.isArray(to))
      throw invalid(`${field}.to must be an address, a list of addresses or a template, not ${kindOf(to)}`);
    for (const key of ["subject", "text"])
      checkTextAt(invocation[key], `${field}.${key}`, { required: true });
  },
  KAFKA: (invocation, field) => {
    closedAt(invocation, ["type", "payload"], field);
    checkDocument(invocation["payload"], `${field}.payload`);
  },
  GITHUB: (invocation, field) => {
    const keys = ["type", "org", "repo", "workflow", "workflowInputs", "reportWorkflowStatus", "branch"];
    closedAt(invocation, keys, field);
    for (const key of ["org", "repo", "workflow"])
      checkTextAt(invocation[key], `${field}.${key}`, { required: true });
    checkTextAt(invocation["branch"], `${field}.branch`);
    checkObject(invocation["workflowInputs"], `${field}.workflowInputs`);
    checkBooleanOrTemplate(invocation["reportWorkflowStatus"], `${field}.reportWorkflowStatus`);
  },
  GITLAB: (invocation, field) => {
    const keys = [
      ...["type", "projectName", "groupName", "defaultRef", "pipelineVariables"],
      // Fairway's own: Port has it for GITHUB.
      "reportWorkflowStatus",
    ];
    closedAt(invocation, keys, field);
    checkBooleanOrTemplate(invocation["reportWorkflowStatus"], `${field}.reportWorkflowStatus`);
    for (const key of ["projectName", "groupName"])
      checkTextAt(invocation[key], `${field}.${key}`, { required: true });
    checkTextAt(invocation["defaultRef"], `${field}.defaultRef`);
    checkObject(invocation["pipelineVariables"], `${field}.pipelineVariables`);
  },
  AZURE_DEVOPS: (invocation, field) => {
    // The last three are Fairway's own: where the end of the pipeline is asked for.
    const keys = ["type", "webhook", "org", "payload", "project", "pipeline", "reportWorkflowStatus"];
    closedAt(invocation, keys, field);
    for (const key of ["webhook", "org"]) checkTextAt(invocation[key], `${field}.${key}`, { required: true });
    const { reportWorkflowStatus: isReported = null } = invocation;
    checkBooleanOrTemplate(isReported, `${field}.reportWorkflowStatus`);
    const isAsked = isReported !== null && isReported !== false && isReported !== "false";
    checkTextAt(invocation["project"], `${field}.project`, { required: isAsked });
    checkTextAt(invocation["pipeline"], `${field}.pipeline`);
    checkDocument(invocation["payload"], `${field}.payload`);
  },
  UPSERT_ENTITY: checkUpsert,
  INTEGRATION_ACTION: (invocation, field) => {
    const keys = [
      "type",
      "installationId",
      "integrationActionType",
      "integrationActionExecutionProperties",
      "integrationProvider",
    ];
    closedAt(invocation, keys, field);
    for (const key of ["installationId", "integrationActionType"])
      checkTextAt(invocation[key], `${field}.${key}`, { required: true });
    objectAt(
      invocation["integrationActionExecutionProperties"],
      `${field}.integrationActionExecutionProperties`,
    );
  },
};

/** @throws AppError invalid_request naming the field */
export function checkInvocation(value: unknown, field: string): void {
  const invocation = objectAt(value, field);
  checkOneOfAt(invocation["type"], `${field}.type`, METHODS);
  CHECKS[invocation["type"] as Method](invocation, field);
}

function checkWebhook(invocation: JsonObject, field: string): void {
  closedAt(invocation, WEBHOOK_KEYS, field);
  const { url } = invocation;
  checkTextAt(url, `${field}.url`, { required: true });
  if (typeof url === "string" && !url.includes("{{") && !/^https?:\/\//i.test(url))
    throw invalid(`${field}.url ${show(url)} must begin with http:// or https://, or be a template`);
  checkBooleanOrTemplate(invocation["agent"], `${field}.agent`);
  checkBooleanOrTemplate(invocation["synchronized"], `${field}.synchronized`);
  if (isGiven(invocation["method"])) checkOneOfAt(invocation["method"], `${field}.method`, HTTP_METHODS);
  checkObject(invocation["headers"], `${field}.headers`);
  for (const [name, text] of Object.entries(
    isGiven(invocation["headers"]) ? objectAt(invocation["headers"], field) : {},
  ))
    checkTextAt(text, `${field}.headers.${name}`);
  checkDocument(invocation["body"], `${field}.body`);
}

function checkUpsert(invocation: JsonObject, field: string): void {
  closedAt(invocation, ["type", "blueprintIdentifier", "mapping"], field);
  checkTextAt(invocation["blueprintIdentifier"], `${field}.blueprintIdentifier`, { required: true });
  const at = `${field}.mapping`;
  const mapping = objectAt(invocation["mapping"], at);
  closedAt(mapping, ["identifier", "title", "icon", "team", "properties", "relations"], at);
  for (const key of ["identifier", "title", "icon"]) checkTextAt(mapping[key], `${at}.${key}`);
  const { team } = mapping;
  if (isGiven(team) && typeof team !== "string" && !Array.isArray(team))
    throw invalid(`${at}.team must be a string or a list of strings, not ${kindOf(team)}`);
  for (const key of ["properties", "relations"])
    if (typeof mapping[key] !== "string") checkObject(mapping[key], `${at}.${key}`);
}

function checkObject(value: unknown, field: string): void {
  if (isGiven(value)) objectAt(value, field);
}

function checkDocument(value: unknown, field: string): void {
  if (isGiven(value) && typeof value !== "object" && !(typeof value === "string" && value.includes("{{")))
    throw invalid(`${field} must be an object, a list or a template, not ${kindOf(value)}`);
}
