/** KAFKA (workflows.md §3.2.3): a real client of Kafka against a broker in this process that speaks the protocol. */
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { claimPending } from "../../src/automation/claim-runs.ts";
import { createExecutor } from "../../src/automation/execute-run.ts";
import { openKafka } from "../../src/automation/kafka-broker.ts";
import type { Broker } from "../../src/automation/run-means.ts";
import { signatureOf } from "../../src/automation/sign.ts";
import type { Job } from "../../src/storage/queue.ts";
import { RUNS_QUEUE } from "../../src/storage/queues.ts";
import { transact } from "../../src/storage/transact.ts";
import { type FakeKafka, startFakeKafka } from "./fake-kafka.ts";
import { openRunHarness, type RunHarness } from "./run-harness.ts";

let kafka: FakeKafka;
let broker: Broker;
let it: RunHarness;
const opened: Broker[] = [];
const open = (password: string | null, address = kafka.address): Broker => {
  const sasl = password === null ? null : ({ mechanism: "plain", username: "fairway", password } as const);
  const made = openKafka({ brokers: [address], isEncrypted: false, sasl });
  opened.push(made);
  return made;
};
beforeAll(async () => {
  kafka = await startFakeKafka("open sesame");
  broker = open("open sesame");
  it = await openRunHarness(() => ({ TOKEN: "s3cret-of-ours" }), broker);
});
afterEach(() => void (kafka.hangUp = false));
afterAll(async () => {
  for (const one of opened) await one.close();
  await kafka.close();
  await it.close();
});

test("§3.2.3 KAFKA: a run is a message in {org}.runs, signed, with its id as key; consumers report it", async () => {
  const run = await it.start("message", {
    type: "KAFKA",
    payload: { run: "{{ .run.id }}", token: "{{ .secrets.TOKEN }}" },
  });
  expect(run).toMatchObject({ status: "IN_PROGRESS", pendingExecution: false, installationId: null });
  expect(run.payload).toEqual({ type: "KAFKA", payload: { run: run.id, token: "REDACTED" } });
  const [message] = kafka.messages;
  expect(message).toMatchObject({ topic: `${it.ctx.org}.runs`, key: run.id });
  expect(JSON.parse(message?.value ?? "")).toEqual({ run: run.id, token: "s3cret-of-ours" });
  const timestamp = String(it.ctx.now().getTime() / 1000);
  expect(message?.headers).toEqual({
    ...{ "idempotency-key": run.id, "x-port-run-id": run.id, "x-port-timestamp": timestamp },
    "x-port-signature": signatureOf("secret", timestamp, message?.value ?? ""),
  });
  expect(await it.logs(run.id)).toEqual([`Written to ${it.ctx.org}.runs`]);
});

test("§3.2.3 KAFKA: without a payload everything but the secrets is sent", async () => {
  await it.start("whole", { type: "KAFKA" });
  const value = JSON.parse(kafka.messages.at(-1)?.value ?? "") as object;
  expect(Object.keys(value).sort()).toEqual(["action", "entity", "event", "inputs", "run", "trigger"]);
});

test("§3.2.3 KAFKA: a broker that dies before it answers gets the message again, with the same key", async () => {
  const { id } = await it.start("dies", { type: "KAFKA", payload: { n: 1 } });
  const before = kafka.messages.length;
  kafka.hangUp = true;
  const key = { key: id, value: "{}", headers: { "idempotency-key": id } };
  await broker.publish("again", key);
  const again = kafka.messages.slice(before);
  expect(again.length).toBeGreaterThan(1);
  expect(new Set(again.map(({ headers }) => headers["idempotency-key"]))).toEqual(new Set([id]));
});

test("§3.2.3 KAFKA: no broker, or a wrong password, is tried again by the queue, and said in the log", async () => {
  for (const wrong of [open("wrong"), open(null, "127.0.0.1:9")]) {
    const execute = createExecutor({ ...it.means, kafka: wrong });
    const { id } = await it.start(`failing-${opened.length}-${kafka.messages.length}`, { type: "KAFKA" });
    await sql`update action_run set pending_execution = true where id = ${id}`.execute(it.ctx.db);
    const job: Job = {
      ...{ org: it.ctx.org, queue: RUNS_QUEUE, key: id, ticket: 1, attempts: 1, leaseToken: "none" },
    };
    await expect(execute(it.ctx, job)).rejects.toThrow("the broker did not take the message");
    await transact(it.ctx, await execute(it.ctx, { ...job, attempts: 7 }));
    expect(await it.get(id)).toMatchObject({ status: "FAILURE" });
    expect(await it.logs(id)).toContainEqual(expect.stringContaining("it is tried again"));
  }
});

test("§3.2.3 KAFKA: where no broker is set, runs wait to be claimed", async () => {
  const without = await openRunHarness(() => ({}));
  const run = await without.start("waiting", { type: "KAFKA", payload: { n: 1 } });
  expect(run).toMatchObject({ status: "IN_PROGRESS", installationId: "KAFKA", pendingExecution: true });
  const [claimed] = await claimPending(without.ctx, without.means, { installationId: "KAFKA" });
  expect(claimed).toMatchObject({ id: run.id, payload: { payload: { n: 1 } } });
  await without.close();
});
