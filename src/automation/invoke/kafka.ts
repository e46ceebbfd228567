/**
 * KAFKA: a message in the topic `{organisation}.runs`, where Port's clients look for it; without a broker the run waits to be
 * claimed over HTTP. Consumers report what becomes of the run.
 */
import { isObject } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";
import { invocationOf } from "../../model/action.ts";
import { maskOf } from "../masking.ts";
import { signatureOf } from "../sign.ts";
import { KAFKA_CLAIMANT } from "../start-run.ts";
import { CallFailed, type Invocation, type Outcome } from "./invocation.ts";

const CHANGELOG = "change.log";
/** Brokers take a megabyte unless they were told otherwise. */
const MAX_BYTES = 1_000_000;

export async function invokeKafka(ctx: Ctx, invocation: Invocation): Promise<Outcome> {
  const { sent, shown, context, run, means, secrets, now } = invocation;
  if (means.kafka === null)
    return { change: { installationId: KAFKA_CLAIMANT }, logs: [], isHandedOver: true };
  const payload = { ...shown, payload: shown["payload"] ?? context };
  const value = JSON.stringify(sent["payload"] ?? context);
  const isChangelog = invocationOf(run.action)["topic"] === CHANGELOG;
  const topic = `${ctx.org}.${isChangelog ? CHANGELOG : "runs"}`;
  if (Buffer.byteLength(value) > MAX_BYTES) {
    const what = `the message for ${topic} has more than ${MAX_BYTES} bytes`;
    return { change: { payload, status: "FAILURE", summary: what }, logs: [what] };
  }
  const timestamp = String(Math.floor(now.getTime() / 1000));
  try {
    await means.kafka.publish(topic, {
      key: isChangelog ? entityOf(context) : run.id,
      value,
      headers: {
        "idempotency-key": run.id,
        "x-port-run-id": run.id,
        "x-port-timestamp": timestamp,
        "x-port-signature": signatureOf(means.clientSecret, timestamp, value),
      },
    });
  } catch (error) {
    throw new CallFailed(
      `the broker did not take the message for ${topic}: ${maskOf(secrets)((error as Error).message)}`,
    );
  }
  const change = isChangelog ? { payload, status: "SUCCESS" as const } : { payload };
  return { change, logs: [`Written to ${topic}`] };
}

/** Changes of one entity, or one integration, stand in one partition. */
function entityOf({ event }: Invocation["context"]): string {
  const context = isObject(event) && isObject(event["context"]) ? event["context"] : {};
  if (typeof context["integrationId"] === "string") return context["integrationId"];
  return `${String(context["blueprintIdentifier"])}/${String(context["entityIdentifier"])}`;
}
