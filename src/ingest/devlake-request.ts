/** Addresses and bodies of DevLake's incoming webhooks: what was sent to, and what is wrong with it. Pure. */
import { invalid, notFound } from "../model/error.ts";
import { isObject, kindOf } from "../model/json.ts";

export type DevlakeKind = "deployment" | "pull_request" | "issue" | "close";

export interface DevlakeTarget {
  /** Number or name of the connection. */
  readonly connection: string;
  readonly isName: boolean;
  readonly kind: DevlakeKind;
  readonly issueKey: string | null;
}

const KINDS: Readonly<Record<string, DevlakeKind>> = {
  deployments: "deployment",
  pull_requests: "pull_request",
  issues: "issue",
  incidents: "issue",
};

/**
 * What follows `plugins/webhook/`: `connections/1/deployments`, `1/issues`, `connections/by-name/shop/pull_requests`,
 * `connections/1/issue/INC-1/close`. @throws AppError not_found
 */
export function readDevlakePath(path: string): DevlakeTarget {
  const all = path.split("/").filter((part) => part !== "");
  const parts = all[0] === "connections" ? all.slice(1) : all;
  const isName = parts[0] === "by-name";
  const [connection, what, issueKey, end, ...more] = isName ? parts.slice(1) : parts;
  if (connection !== undefined && what !== undefined && more.length === 0) {
    const kind = KINDS[what];
    if (kind !== undefined && issueKey === undefined) return { connection, isName, kind, issueKey: null };
    if ((what === "issue" || what === "incident") && issueKey !== undefined && end === "close")
      return { connection, isName, kind: "close", issueKey };
  }
  throw notFound("address of a DevLake webhook", path.slice(0, 200));
}

/** As DevLake requires them. @throws AppError invalid_request naming the field */
export function checkDevlakeBody(kind: DevlakeKind, body: unknown): void {
  if (kind === "close") return;
  if (!isObject(body)) throw invalid(`body must be an object, not ${kindOf(body)}`);
  switch (kind) {
    case "deployment":
      return checkDeployment(body);
    case "pull_request":
      required(body, "body", ["id", "displayTitle"]);
      if (!Number.isInteger(body["pullRequestKey"]))
        throw invalid(`body.pullRequestKey (value ${show(body["pullRequestKey"])}) must be a whole number`);
      oneOf(body["status"], "body.status", ["OPEN", "CLOSED", "MERGED"]);
      times(body, "body", ["createdDate"], ["mergedDate", "closedDate"]);
      return;
    case "issue":
      required(body, "body", ["issueKey", "title", "originalStatus", "status"]);
      oneOf(body["status"], "body.status", ["TODO", "DONE", "IN_PROGRESS"]);
      times(body, "body", ["createdDate"], ["resolutionDate", "updatedDate"]);
  }
}

function checkDeployment(body: Readonly<Record<string, unknown>>): void {
  required(body, "body", ["id"]);
  oneOf(body["environment"], "body.environment", ["PRODUCTION", "STAGING", "TESTING", "DEVELOPMENT"]);
  times(body, "body", ["startedDate", "finishedDate"], ["createdDate"]);
  const commits = body["deploymentCommits"];
  if (!Array.isArray(commits) || commits.length === 0)
    throw invalid("body.deploymentCommits must be a list of at least one commit");
  for (const [index, commit] of (commits as unknown[]).entries()) {
    const at = `body.deploymentCommits[${index}]`;
    if (!isObject(commit)) throw invalid(`${at} must be an object, not ${kindOf(commit)}`);
    required(commit, at, ["repoUrl", "commitSha"]);
    times(commit, at, [], ["startedDate", "finishedDate", "createdDate"]);
  }
}

type Fields = Readonly<Record<string, unknown>>;
const show = (value: unknown): string => (JSON.stringify(value) ?? "absent").slice(0, 100);

function required(fields: Fields, at: string, names: readonly string[]): void {
  for (const name of names)
    if (typeof fields[name] !== "string" || fields[name] === "")
      throw invalid(`${at}.${name} (value ${show(fields[name])}) is required: a text`);
}

function oneOf(value: unknown, at: string, known: readonly string[]): void {
  if (value === undefined || value === null || value === "") return;
  if (!known.some((one) => one === value))
    throw invalid(`${at} (value ${show(value)}) must be one of ${known.join(", ")}`);
}

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/;

function times(fields: Fields, at: string, needed: readonly string[], others: readonly string[]): void {
  for (const name of [...needed, ...others]) {
    const value = fields[name];
    if ((value === undefined || value === null) && others.includes(name)) continue;
    if (typeof value !== "string" || !RFC3339.test(value) || Number.isNaN(Date.parse(value)))
      throw invalid(`${at}.${name} (value ${show(value)}) must be a time such as 2026-01-31T12:00:00+00:00`);
  }
}
