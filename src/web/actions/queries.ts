/** Questions about actions and their runs, and what is done to them. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { getJson, type Params, postJson, sendJson } from "../api/client.ts";
import type { ActionDoc, ApproverDoc, RunDoc, RunLogDoc } from "./types.ts";

const at = (action: string, rest = "") => `/v1/actions/${encodeURIComponent(action)}${rest}`;
const atRun = (run: string, rest = "") => `/v1/actions/runs/${encodeURIComponent(run)}${rest}`;

export const actionsQuery = (type: "self-service" | "automation") =>
  queryOptions({
    queryKey: ["actions", type],
    queryFn: ({ signal }) =>
      getJson<{ actions: ActionDoc[] }>("/v1/actions", { trigger_type: type, version: "v2" }, signal),
    select: (answer) => answer.actions,
  });

export const actionQuery = (action: string) =>
  queryOptions({
    queryKey: ["actions", "one", action],
    queryFn: ({ signal }) => getJson<{ action: ActionDoc }>(at(action), {}, signal),
    select: (answer) => answer.action,
  });

export const startRun = (action: string, body: unknown) =>
  postJson<{ run: RunDoc }>(at(action, "/runs?version=v2"), body);

export interface RunsFilter {
  readonly entity?: string;
  readonly blueprint?: string;
  readonly action?: string;
  readonly active?: boolean;
  readonly user_email?: string;
  readonly source?: string;
  readonly limit?: number;
}

export const runsQuery = (filter: RunsFilter) =>
  queryOptions({
    queryKey: ["runs", "list", filter],
    queryFn: ({ signal }) =>
      getJson<{ runs: RunDoc[] }>(
        "/v1/actions/runs",
        { ...(filter as Params), version: "v2", exclude: "payload" },
        signal,
      ),
    select: (answer) => answer.runs,
    placeholderData: keepPreviousData,
  });

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ["runs", "one", run],
    queryFn: ({ signal }) => getJson<{ run: RunDoc }>(atRun(run), { version: "v2" }, signal),
    select: (answer) => answer.run,
  });

/** The address of its lines as they come, after one that is known. */
export const runLogStream = (run: string, after: string | undefined): string =>
  atRun(run, `/logs/live${after === undefined ? "" : `?after=${encodeURIComponent(after)}`}`);

const LOG_PAGE = 50;
/** A log that is longer is cut, and says so. */
export const MAX_LOG = 2000;

/** The whole log, oldest first. */
export const runLogQuery = (run: string) =>
  queryOptions({
    // Not among `runs`, which hints of the server make stale: lines are streamed.
    queryKey: ["run-log", run],
    queryFn: async ({ signal }) => {
      const lines: RunLogDoc[] = [];
      for (;;) {
        const page = { limit: LOG_PAGE, offset: lines.length };
        const { runLogs } = await getJson<{ runLogs: RunLogDoc[] }>(atRun(run, "/logs"), page, signal);
        lines.push(...runLogs);
        if (runLogs.length < LOG_PAGE || lines.length >= MAX_LOG) return lines;
      }
    },
  });

export const approversQuery = (run: string) =>
  queryOptions({
    queryKey: ["runs", "approvers", run],
    queryFn: ({ signal }) =>
      getJson<{ approvers: ApproverDoc[] }>(
        atRun(run, "/approvers"),
        { include_pending_approvers: true },
        signal,
      ),
    select: (answer) => answer.approvers,
  });

export const approvalsQuery = queryOptions({
  queryKey: ["runs", "approvals"],
  queryFn: ({ signal }) => getJson<{ runs: RunDoc[] }>("/v1/approvals", {}, signal),
  select: (answer) => answer.runs,
});

export const decideRun = (run: string, status: "APPROVE" | "DECLINE", description: string) =>
  sendJson<{ run: RunDoc }>("PATCH", atRun(run, "/approval"), {
    status,
    ...(description === "" ? {} : { description }),
  });

export const cancelRun = (run: string) =>
  sendJson<{ run: RunDoc }>("PATCH", atRun(run), { status: "FAILURE", statusLabel: "Cancelled" });

/** Whoever fills in a form, as its expressions see them. */
export const formUserQuery = (email: string) =>
  queryOptions({
    queryKey: ["me", "form", email],
    queryFn: ({ signal }) =>
      getJson<{ user: FormUser }>(`/v1/users/${encodeURIComponent(email)}`, {}, signal),
    select: (answer) => answer.user,
    staleTime: 60_000,
  });

export interface FormUser {
  readonly email: string;
  readonly name?: string;
  readonly roles?: readonly { readonly name: string }[];
  readonly teams?: readonly { readonly name: string }[];
}
