/** GITHUB: dispatches a workflow with the token of the secret GITHUB_TOKEN; the workflow reports what becomes of it. */
import { AppError } from "../../model/error.ts";
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";
import { call } from "./call.ts";
import type { Invocation, Outcome } from "./invocation.ts";

const CLOUD = "https://api.github.com";

export async function invokeGithub(_ctx: Ctx, invocation: Invocation): Promise<Outcome> {
  const { sent, shown, secrets } = invocation;
  const token = secrets["GITHUB_TOKEN"];
  if (token === undefined)
    throw new AppError(
      "invalid_request",
      "GITHUB needs the secret GITHUB_TOKEN: a token that may start workflows of the repository",
    );
  const base = (secrets["GITHUB_API_URL"] ?? CLOUD).replace(/\/+$/, "");
  const repository = `${base}/repos/${part(sent["org"])}/${part(sent["repo"])}`;
  const headers = {
    authorization: `Bearer ${token}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  };
  const { ref, ...inputs } = isObject(sent["workflowInputs"]) ? sent["workflowInputs"] : {};
  const branch =
    textOr(sent["branch"]) ?? textOr(ref) ?? (await defaultBranch(invocation, repository, headers));
  const url = `${repository}/actions/workflows/${part(sent["workflow"])}/dispatches`;
  const answer = await call(invocation, {
    ...{ url, shownUrl: url, method: "POST", headers },
    body: { ref: branch, inputs: textsOf(inputs) },
  });
  const what = `GitHub answered ${answer.status} to the dispatch of ${String(shown["workflow"])} on ${branch}`;
  const response = { status: answer.status, data: answer.body };
  const change = { payload: shown, response };
  return answer.isOk
    ? { change, logs: [what] }
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
