/** GITHUB: dispatches a workflow with the token of the secret GITHUB_TOKEN; `report` asks what becomes of it. */
import { AppError } from "../../model/error.ts";
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";
import { isWatched } from "../report/is-watched.ts";
import { call, type CallAnswer } from "./call.ts";
import type { Invocation, Outcome } from "./invocation.ts";

const CLOUD = "https://api.github.com";

export interface GithubAddress {
  /** Of the API, without a trailing slash. */
  readonly repository: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws AppError invalid_request without a token */
export function githubOf({ sent, secrets }: Invocation): GithubAddress {
  const token = secrets["GITHUB_TOKEN"];
  if (token === undefined)
    throw new AppError(
      "invalid_request",
      "GITHUB needs the secret GITHUB_TOKEN: a token that may start workflows of the repository",
    );
  const base = (secrets["GITHUB_API_URL"] ?? CLOUD).replace(/\/+$/, "");
  return {
    repository: `${base}/repos/${part(sent["org"])}/${part(sent["repo"])}`,
    headers: {
      authorization: `Bearer ${token}`,
      accept: "application/vnd.github+json",
      "x-github-api-version": "2022-11-28",
    },
  };
}

export async function invokeGithub(ctx: Ctx, invocation: Invocation): Promise<Outcome> {
  const { sent, shown } = invocation;
  const { repository, headers } = githubOf(invocation);
  const { ref, ...inputs } = isObject(sent["workflowInputs"]) ? sent["workflowInputs"] : {};
  const branch =
    textOr(sent["branch"]) ?? textOr(ref) ?? (await defaultBranch(invocation, repository, headers));
  const url = `${repository}/actions/workflows/${part(sent["workflow"])}/dispatches`;
  const dispatchedAt = ctx.now().toISOString();
  const dispatch = (more: JsonObject): Promise<CallAnswer> =>
    call(invocation, {
      ...{ url, shownUrl: url, method: "POST", headers },
      body: { ref: branch, inputs: textsOf(inputs), ...more },
    });
  const first = await dispatch({ return_run_details: true });
  // Servers of before 2026 do not know the key, and refuse it by name.
  const isUnknown = first.status === 422 && JSON.stringify(first.body).includes("return_run_details");
  const answer = isUnknown ? await dispatch({}) : first;
  const what = `GitHub answered ${answer.status} to the dispatch of ${String(shown["workflow"])} on ${branch}`;
  const response = { status: answer.status, data: answer.body, ref: branch, dispatchedAt };
  const { workflow_run_id: id, html_url: page } = isObject(answer.body) ? answer.body : {};
  const change = {
    payload: shown,
    response,
    ...(typeof id === "number" ? { externalRunId: String(id) } : {}),
    ...(typeof page === "string" && /^https?:/i.test(page) ? { link: [page] } : {}),
  };
  return answer.isOk
    ? { change, logs: [what], isWatched: isWatched(sent) }
    : { change: { ...change, status: "FAILURE", summary: what }, logs: [what] };
}

async function defaultBranch(
  invocation: Invocation,
  repository: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const { body, status } = await call(invocation, {
    ...{ url: repository, shownUrl: repository, method: "GET", headers },
  });
  const branch = isObject(body) ? textOr(body["default_branch"]) : null;
  if (branch === null)
    throw new AppError("invalid_request", `GitHub answered ${status} to the question for ${repository}`);
  return branch;
}

const part = (value: unknown): string => encodeURIComponent(typeof value === "string" ? value : "");

const textOr = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** Inputs of workflows are texts. */
export function textsOf(inputs: JsonObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([key, value]) =>
      value === null || value === undefined
        ? []
        : [[key, typeof value === "string" ? value : JSON.stringify(value)]],
    ),
  );
}
