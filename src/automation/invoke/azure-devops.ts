/** AZURE_DEVOPS: the incoming webhook of a service connection; `report` may ask what becomes of the pipeline that it starts. */
import { AppError } from "../../model/error.ts";
import type { Ctx } from "../../storage/context.ts";
import type { JsonObject } from "../../model/json.ts";
import { isWatched } from "../report/is-watched.ts";
import { call } from "./call.ts";
import type { Invocation, Outcome } from "./invocation.ts";

const CLOUD = "https://dev.azure.com";

export interface AzureDevopsAddress {
  /** Of the builds of the project, without a trailing slash. */
  readonly builds: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** @throws AppError invalid_request without a token */
export function azureDevopsOf({ sent, secrets }: Invocation): AzureDevopsAddress {
  const token = secrets["AZURE_DEVOPS_TOKEN"];
  if (token === undefined)
    throw new AppError(
      "invalid_request",
      "reportWorkflowStatus of AZURE_DEVOPS needs the secret AZURE_DEVOPS_TOKEN: a personal access token that may read builds",
    );
  return {
    builds: `${baseOf(secrets)}/${part(sent["org"])}/${part(sent["project"])}/_apis/build/builds`,
    headers: {
      authorization: `Basic ${Buffer.from(`:${token}`).toString("base64")}`,
      accept: "application/json",
    },
  };
}

const baseOf = (secrets: Invocation["secrets"]): string =>
  (secrets["AZURE_DEVOPS_URL"] ?? CLOUD).replace(/\/+$/, "");

const part = (value: unknown): string => encodeURIComponent(String(value));

export async function invokeAzureDevops(ctx: Ctx, invocation: Invocation): Promise<Outcome> {
  const { sent, shown, context, secrets } = invocation;
  // Before anything is started: what is then not found is not asked for.
  if (isWatched(sent)) azureDevopsOf(invocation);
  const addressOf = ({ org, webhook }: JsonObject): string =>
    `${baseOf(secrets)}/${part(org)}/_apis/public/distributedtask/webhooks/${part(webhook)}?api-version=6.0-preview`;
  const dispatchedAt = ctx.now().toISOString();
  const answer = await call(invocation, {
    ...{ url: addressOf(sent), shownUrl: addressOf(shown), method: "POST", headers: {} },
    body: sent["payload"] ?? context,
  });
  const what = `Azure DevOps answered ${answer.status} to the incoming webhook`;
  const payload = { ...shown, payload: shown["payload"] ?? context };
  const change = { payload, response: { status: answer.status, data: answer.body, dispatchedAt } };
  return answer.isOk
    ? { change, logs: [what], isWatched: isWatched(sent) }
    : { change: { ...change, status: "FAILURE", summary: what }, logs: [what] };
}
