/** EMAIL: one message to all recipients, by the SMTP server of the settings. */
import { maskOf } from "../masking.ts";
import { InvocationError } from "../render-invocation.ts";
import type { Ctx } from "../../storage/context.ts";
import { CallFailed, type Invocation, type Outcome } from "./invocation.ts";

const ADDRESS = /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}$/;
const MAX_RECIPIENTS = 500;

export async function invokeEmail(_ctx: Ctx, invocation: Invocation): Promise<Outcome> {
  const { sent, shown, run, means, secrets } = invocation;
  const to = recipientsOf(sent["to"]);
  if (means.mail === null)
    throw new InvocationError(
      "this server sends no e-mail: FAIRWAY_SMTP_URL and FAIRWAY_SMTP_FROM are not set",
    );
  const subject = textOf(sent["subject"]).replace(/\s+/g, " ").trim();
  try {
    await means.mail({ id: run.id, to, subject, text: textOf(sent["text"]) });
  } catch (error) {
    throw new CallFailed(
      `the mail server did not take the message: ${maskOf(secrets)((error as Error).message)}`,
    );
  }
  const summary = `Sent to ${to.length === 1 ? to[0] : `${to.length} addresses`}`;
  return { change: { status: "SUCCESS", payload: shown, summary }, logs: [summary] };
}

/** @throws InvocationError */
function recipientsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  const to = [...new Set(list.filter((one): one is string => typeof one === "string" && one !== ""))];
  if (to.length === 0) throw new InvocationError("the e-mail has no recipients");
  if (to.length > MAX_RECIPIENTS)
    throw new InvocationError(
      `the e-mail has ${to.length} recipients; at most ${MAX_RECIPIENTS} are allowed`,
    );
  const wrong = to.find((one) => !ADDRESS.test(one));
  if (wrong !== undefined)
    throw new InvocationError(`${JSON.stringify(wrong.slice(0, 80))} is no e-mail address`);
  return to;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));
