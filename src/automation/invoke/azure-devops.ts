/** AZURE_DEVOPS: the incoming webhook of a service connection; the pipeline reports what becomes of it. */
import type { Ctx } from "../../storage/context.ts";
import type { JsonObject } from "../../model/json.ts";
import { call } from "./call.ts";
import type { Invocation, Outcome } from "./invocation.ts";

const CLOUD = "https://dev.azure.com";

export async function invokeAzureDevops(_ctx: Ctx, invocation: Invocation): Promise<Outcome> {
  const { sent, shown, context, secrets } = invocation;
  const base = (secrets["AZURE_DEVOPS_URL"] ?? CLOUD).replace(/\/+$/, "");
  const addressOf = ({ org, webhook }: JsonObject): string => {
    const [account, name] = [org, webhook].map((one) => encodeURIComponent(String(one)));
    return `${base}/${account}/_apis/public/distributedtask/webhooks/${name}?api-version=6.0-preview`;
  };
  const answer = await call(invocation, {
    ...{ url: addressOf(sent), shownUrl: addressOf(shown), method: "POST", headers: {} },
    body: sent["payload"] ?? context,
  });
  const what = `Azure DevOps answered ${answer.status} to the incoming webhook`;
  const payload = { ...shown, payload: shown["payload"] ?? context };
  const change = { payload, response: { status: answer.status, data: answer.body } };
  return answer.isOk
    ? { change, logs: [what] }
    : { change: { ...change, status: "FAILURE", summary: what }, logs: [what] };
}
