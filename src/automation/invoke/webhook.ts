/** WEBHOOK and SLACK: one call; with `synchronized` its answer is the result, else the receiver reports it (§3.2.3). */
import { invocationOf } from "../../model/action.ts";
import { call, headersOf } from "./call.ts";
import type { Invocation, Outcome } from "./invocation.ts";
import type { JsonObject } from "../../model/json.ts";
import { isTrue } from "../start-run.ts";
import type { Ctx } from "../../storage/context.ts";

/** Methods without a body. */
const BODILESS = new Set(["GET"]);

export async function invokeWebhook(_ctx: Ctx, invocation: Invocation): Promise<Outcome> {
  const { sent, shown, context, run } = invocation;
  const method = typeof sent["method"] === "string" ? sent["method"] : "POST";
  const withBody = (rendered: JsonObject): unknown =>
    BODILESS.has(method) ? undefined : (rendered["body"] ?? context);
  const answer = await call(invocation, {
    url: String(sent["url"]),
    written: String(invocationOf(run.action)["url"]),
    shownUrl: String(shown["url"]),
    method,
    headers: headersOf(sent["headers"]),
    body: withBody(sent),
  });
  const payload = { ...shown, ...(withBody(shown) === undefined ? {} : { body: withBody(shown) }) };
  const what = `${method} ${String(shown["url"])} answered ${answer.status}`;
  const response = { status: answer.status, data: answer.body };
  // A Slack webhook answers nothing that could come later.
  const isSynchronous = isTrue(sent["synchronized"]) || isSlack(sent);
  if (!answer.isOk) return { change: { status: "FAILURE", payload, response, summary: what }, logs: [what] };
  if (isSynchronous) return { change: { status: "SUCCESS", payload, response }, logs: [what] };
  return { change: { payload, response }, logs: [what] };
}

const isSlack = ({ type }: JsonObject): boolean => type === "SLACK";
