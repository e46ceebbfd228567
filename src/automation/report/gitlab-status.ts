/** What a pipeline that a run started has come to, as GitLab's API tells it. */
import { isObject } from "../../model/json.ts";
import { call } from "../invoke/call.ts";
import { gitlabOf } from "../invoke/gitlab.ts";
import { type AskStatus, type Reported, StatusRefused, STATUS_BYTES } from "./reported.ts";

const ENDED: Readonly<Record<string, Reported["state"]>> = {
  success: "success",
  skipped: "success",
  failed: "failure",
  canceled: "failure",
};

/** `manual` and `scheduled` wait for somebody, or for their time: they are on their way. */
export const gitlabStatus: AskStatus = async (invocation) => {
  const { externalRunId: id } = invocation.run;
  if (id === null) throw new StatusRefused("nothing says which pipeline it is");
  const { project, headers } = gitlabOf(invocation);
  const url = `${project}/pipelines/${encodeURIComponent(id)}`;
  const answer = await call(invocation, {
    ...{ url, shownUrl: url, method: "GET", headers, maxKept: STATUS_BYTES },
  });
  if (!answer.isOk) throw new StatusRefused(`GitLab answered ${answer.status}`);
  const status = isObject(answer.body) ? String(answer.body["status"]) : "";
  const state = ENDED[status];
  if (state === undefined) return { state: "running", change: {} };
  return { state, change: {}, words: `GitLab: the pipeline ended with ${status}` };
};
