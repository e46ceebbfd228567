/** GITLAB: starts a pipeline with the token of the secret GITLAB_TOKEN; `report` may ask what becomes of it. */
import { AppError } from "../../model/error.ts";
import { isObject } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";
import { isWatched } from "../report/is-watched.ts";
import { call } from "./call.ts";
import { textsOf } from "./github.ts";
import type { Invocation, Outcome } from "./invocation.ts";

const CLOUD = "https://gitlab.com";

export interface GitlabAddress {
  /** Of the API, without a trailing slash. */
  readonly project: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws AppError invalid_request without a token */
export function gitlabOf({ sent, secrets }: Invocation): GitlabAddress {
  const token = secrets["GITLAB_TOKEN"];
  if (token === undefined)
    throw new AppError(
      "invalid_request",
      "GITLAB needs the secret GITLAB_TOKEN: a token with the scope api that may start pipelines of the project",
    );
  const base = (secrets["GITLAB_URL"] ?? CLOUD).replace(/\/+$/, "");
  const path = encodeURIComponent(`${String(sent["groupName"])}/${String(sent["projectName"])}`);
  return { project: `${base}/api/v4/projects/${path}`, headers: { "private-token": token } };
}

export async function invokeGitlab(_ctx: Ctx, invocation: Invocation): Promise<Outcome> {
  const { sent, shown } = invocation;
  const { project, headers } = gitlabOf(invocation);
  const url = `${project}/pipeline`;
  const { ref: asked, ...variables } = isObject(sent["pipelineVariables"]) ? sent["pipelineVariables"] : {};
  const ref =
    [asked, sent["defaultRef"]].find((one): one is string => typeof one === "string" && one !== "") ?? "main";
  const answer = await call(invocation, {
    ...{ url, shownUrl: url, method: "POST", headers },
    body: { ref, variables: Object.entries(textsOf(variables)).map(([key, value]) => ({ key, value })) },
  });
  const what = `GitLab answered ${answer.status} to the start of a pipeline on ${ref}`;
  const { id, web_url: page } = isObject(answer.body) ? answer.body : {};
  const change = {
    payload: shown,
    response: { status: answer.status, data: answer.body },
    ...(typeof id === "number" ? { externalRunId: String(id) } : {}),
    ...(typeof page === "string" && /^https?:/i.test(page) ? { link: [page] } : {}),
  };
  return answer.isOk
    ? { change, logs: [what], isWatched: isWatched(sent) }
    : { change: { ...change, status: "FAILURE", summary: what }, logs: [what] };
}
