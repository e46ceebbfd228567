/** Runs of actions (workflows.md §3.4): what they hold, how their status may change, and how the API shows them. */
import { AppError, invalid } from "./error.ts";
import { isObject, type JsonObject, show } from "./json.ts";

export const RUN_STATUSES = [
  "IN_PROGRESS",
  "SUCCESS",
  "FAILURE",
  "WAITING_FOR_APPROVAL",
  "DECLINED",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RUN_SOURCES = ["UI", "API", "AUTOMATION"] as const;
export type RunSource = (typeof RUN_SOURCES)[number];

/** What a run shows of an action, a blueprint or an entity, as they were. */
export interface Named {
  readonly identifier: string;
  readonly title: string | null;
  readonly icon: string | null;
}

export interface Decision {
  readonly state: "APPROVED" | "DECLINED";
  readonly userId: string;
  readonly description: string | null;
  readonly at: string;
}

export interface Run {
  /** `r_…` */
  readonly id: string;
  readonly status: RunStatus;
  readonly statusLabel: string | null;
  /** The action as it was when the run was created, whole: it may change or go while the run is on its way. */
  readonly action: { readonly identifier: string; readonly document: JsonObject };
  readonly blueprint: Named | null;
  readonly entity: Named | null;
  /** User inputs as they are shown: encrypted where asked for, entities by identifier and title; null: none. */
  readonly properties: JsonObject | null;
  /** User inputs as they were sent, encrypted where asked for. */
  readonly rawProperties: JsonObject | null;
  readonly source: RunSource;
  /** `{by: {orgId, userId, user?}, origin, at, operation}` */
  readonly trigger: JsonObject;
  /** What templates see besides: `{inputs, entity, event}`. Never shown. */
  readonly context: JsonObject;
  /** What was sent, with secrets masked; null before that. */
  readonly payload: unknown;
  /** What was answered, with secrets masked. */
  readonly response: unknown;
  readonly link: readonly string[];
  readonly summary: string | null;
  readonly requiredApproval: "none" | "ANY" | "ALL";
  readonly approvals: readonly Decision[];
  /** E-mails that the policy of the action gave when the run was created; null: it has none. */
  readonly policyApprovers: readonly string[] | null;
  readonly externalRunId: string | null;
  /** Who may claim the run; null: the server carries it out itself. */
  readonly installationId: string | null;
  /** Nobody has begun yet, or whoever claimed it has not said that it has it. */
  readonly pendingExecution: boolean;
  readonly claimedUntil: Date | null;
  /** Automations that stand behind it, one started by the other. */
  readonly depth: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  readonly endedAt: Date | null;
  /** Who ran it in somebody else's name (`run_as`). */
  readonly impersonatedBy: string | null;
}

/** Whether it may use secrets and credentials of the organisation: an administrator or an app wrote its action. */
export const isTrusted = ({ action }: Run): boolean => action.document["trusted"] !== false;

/** Where a run may go from each status. What has ended never changes again. */
const NEXT: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  WAITING_FOR_APPROVAL: ["IN_PROGRESS", "DECLINED", "FAILURE"],
  IN_PROGRESS: ["SUCCESS", "FAILURE"],
  SUCCESS: [],
  FAILURE: [],
  DECLINED: [],
};

export const isEnded = (status: RunStatus): boolean => NEXT[status].length === 0;

/** @throws AppError invalid_request when the run has ended, or its status may not become this one */
export function checkTransition(from: RunStatus, to: RunStatus): void {
  if (NEXT[from].includes(to)) return;
  throw invalid(
    isEnded(from)
      ? `status ${show(to)}: the run has ended with ${from}, and does not change any more`
      : `status ${show(to)}: a run that is ${from} may become ${NEXT[from].join(", ")}`,
  );
}

export const runNotFound = (id: string): AppError =>
  new AppError("not_found", `Run with identifier ${show(id)} was not found`);

/** The parts of a run that do not change after its creation are left out of what the change feed keeps. */
export function renderRun(run: Run, isActionDeleted = false): JsonObject {
  const { document } = run.action;
  return {
    id: run.id,
    status: run.status,
    statusLabel: run.statusLabel,
    action: {
      identifier: run.action.identifier,
      title: textOr(document["title"]),
      icon: textOr(document["icon"]),
      deleted: isActionDeleted,
    },
    blueprint: named(run.blueprint),
    entity: named(run.entity),
    properties: run.properties ?? {},
    rawProperties: run.rawProperties ?? {},
    source: run.source,
    trigger: run.trigger,
    payload: run.payload,
    response: run.response,
    link: run.link,
    summary: run.summary,
    requiredApproval: run.requiredApproval !== "none",
    approval: approvalOfRun(run),
    approvals: run.approvals,
    pendingExecution: run.pendingExecution,
    claimedUntil: run.claimedUntil?.toISOString() ?? null,
    installationId: run.installationId,
    externalRunId: run.externalRunId,
    createdAt: run.createdAt.toISOString(),
    createdBy: run.createdBy,
    updatedAt: run.updatedAt.toISOString(),
    updatedBy: run.updatedBy,
    endedAt: run.endedAt?.toISOString() ?? null,
    impersonatedBy: run.impersonatedBy,
  };
}

/** The shape of before `version=v2`: the action by its identifier, what started it flat. */
export function renderRunV1(run: Run, isActionDeleted = false): JsonObject {
  const { trigger } = run;
  const by = isObject(trigger["by"]) ? trigger["by"] : {};
  return {
    ...renderRun(run, isActionDeleted),
    action: run.action.identifier,
    blueprint: run.blueprint?.identifier ?? null,
    entity: run.entity?.identifier ?? null,
    userId: by["userId"] ?? null,
    invocationMethod: run.action.document["invocationMethod"] ?? null,
  };
}

const textOr = (value: unknown): string | null => (typeof value === "string" ? value : null);

const named = (one: Named | null): JsonObject | null => (one === null ? null : { ...one, deleted: false });

/** The decision that counted: the first refusal, or else the last approval. */
function approvalOfRun(run: Run): JsonObject | null {
  if (run.requiredApproval === "none") return null;
  const last = run.approvals.find(({ state }) => state === "DECLINED") ?? run.approvals.at(-1);
  const isOpen = run.status === "WAITING_FOR_APPROVAL";
  return {
    type: run.requiredApproval,
    state: isOpen ? "PENDING" : (last?.state ?? null),
    description: isOpen ? null : (last?.description ?? null),
    userId: isOpen ? null : (last?.userId ?? null),
  };
}
