/** What a pipeline that an incoming webhook started has come to, as Azure DevOps tells it of its builds. */
import { isObject, type JsonObject } from "../../model/json.ts";
import { azureDevopsOf } from "../invoke/azure-devops.ts";
import { call } from "../invoke/call.ts";
import type { Invocation } from "../invoke/invocation.ts";
import { type AskStatus, type Reported, StatusRefused, STATUS_BYTES } from "./reported.ts";

/** Clocks differ: a build may seem to be queued before it was asked for. */
const SKEW_MS = 5000;
/** `failed`, `canceled` and `none` are none of them. */
const FINE = new Set(["succeeded", "partiallySucceeded"]);

export const azureDevopsStatus: AskStatus = async (invocation, taken) => {
  const { externalRunId } = invocation.run;
  if (externalRunId === null) return findBuild(invocation, taken);
  const id = externalRunId.slice(externalRunId.lastIndexOf("/") + 1);
  return reportedBy(invocation, await ask(invocation, `/${encodeURIComponent(id)}?api-version=7.1`));
};

function reportedBy(invocation: Invocation, build: unknown): Reported {
  if (!isObject(build)) return { state: "unknown", change: {} };
  const { status, result, _links: links } = build;
  const web = isObject(links) && isObject(links["web"]) ? links["web"]["href"] : null;
  const change = {
    externalRunId: nameOf(invocation, build),
    ...(typeof web === "string" && /^https?:/i.test(web) ? { link: [web] } : {}),
  };
  if (status !== "completed") return { state: "running", change };
  return {
    state: FINE.has(String(result)) ? "success" : "failure",
    change,
    words: `Azure DevOps: the pipeline completed with ${String(result)}`,
  };
}

/** Builds are counted by organisation; other systems have the same numbers. */
const nameOf = ({ sent }: Invocation, { id }: JsonObject): string => `${String(sent["org"])}/${String(id)}`;

/**
 * The webhook's answer names no build: it is the one that a resource started since and that belongs to no other run of ours, or the
 * one that has our id in its number (`name:` of the pipeline) or among its tags.
 */
async function findBuild(
  invocation: Invocation,
  taken: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<Reported> {
  const { run, sent } = invocation;
  const since = Date.parse(String(isObject(run.response) ? run.response["dispatchedAt"] : null));
  if (Number.isNaN(since)) throw new StatusRefused("nothing says which build it is");
  const pipeline = sent["pipeline"];
  const query = new URLSearchParams({
    ...{ reasonFilter: "resourceTrigger", queryOrder: "queueTimeAscending", $top: "50" },
    minTime: new Date(since - SKEW_MS).toISOString(),
    ...(typeof pipeline === "string" && pipeline !== "" ? { definitions: pipeline } : {}),
    "api-version": "7.1",
  });
  const body = await ask(invocation, `?${query.toString()}`);
  const list = isObject(body) && Array.isArray(body["value"]) ? body["value"] : [];
  const builds = list.filter(isObject).filter(({ id }) => typeof id === "number");
  const named = builds.find(
    ({ buildNumber, tags }) =>
      String(buildNumber).includes(run.id) || (Array.isArray(tags) && tags.includes(run.id)),
  );
  if (named !== undefined) return reportedBy(invocation, named);
  const others = await taken(builds.map((build) => nameOf(invocation, build)));
  const free = builds.filter((build) => !others.has(nameOf(invocation, build)));
  if (free.length > 1)
    throw new StatusRefused(
      "several builds began at the same time, and nothing says which is which (the id of a pipeline, or the run's id in a tag or in the name of the build would)",
    );
  return reportedBy(invocation, free[0]);
}

async function ask(invocation: Invocation, rest: string): Promise<unknown> {
  const { builds, headers } = azureDevopsOf(invocation);
  const url = `${builds}${rest}`;
  const answer = await call(invocation, {
    ...{ url, shownUrl: url, method: "GET", headers, maxKept: STATUS_BYTES },
  });
  // With a token that is none it answers 203, and a page to sign in.
  if (answer.isOk && answer.status !== 203 && isObject(answer.body)) return answer.body;
  throw new StatusRefused(
    answer.status === 203 ? "Azure DevOps does not take the token" : `Azure DevOps answered ${answer.status}`,
  );
}
