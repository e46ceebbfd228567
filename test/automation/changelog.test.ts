/** changelogDestination of blueprints (data-model.md §3.9): every change of their entities is posted, as Port posts it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { AutomationCache } from "../../src/automation/automations.ts";
import { tellIntegration } from "../../src/automation/integration-changelog.ts";
import { getRuns } from "../../src/automation/list-runs.ts";
import { laneOf } from "../../src/automation/lane-of.ts";
import { createChangelogSender } from "../../src/automation/send-changelog.ts";
import { changeBlueprint, getBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { unservedDestination } from "../../src/catalog/unserved-destination.ts";
import { changeIntegration, createIntegration } from "../../src/ingest/integrations.ts";
import { claim, settle } from "../../src/storage/queue.ts";
import { CHANGELOGS_QUEUE } from "../../src/storage/queues.ts";
import { transact } from "../../src/storage/transact.ts";
import { define, put, refusal } from "../catalog/fixture.ts";
import { openStage, type Stage } from "./automation-stage.ts";

let s: Stage;
beforeAll(async () => {
  s = await openStage();
});
afterAll(() => s.close());

const posted = () => s.messages().map((text) => JSON.parse(text) as Record<string, unknown>);

test("§3.9 of data-model: each change is one message; what changes nothing, and other blueprints, are none", async () => {
  // Braces in an address are no template.
  const url = `${s.url}/log?of={{.secrets.NONE}}`;
  await define(
    s.ctx,
    "vm",
    { cores: { type: "number" }, ends: { type: "string", format: "timer" } },
    { changelogDestination: { type: "WEBHOOK", url } },
  );
  await define(s.ctx, "other");
  await put(s.ctx, "vm", { identifier: "a", title: "A", properties: { cores: 1 } });
  await put(s.ctx, "vm", { identifier: "a", properties: { cores: 2 } });
  await put(s.ctx, "vm", { identifier: "a", properties: { cores: 2 } });
  await put(s.ctx, "other", { identifier: "o" });
  await deleteEntity(s.ctx, "vm", "a", { deleteDependents: false });
  await s.settle();
  const messages = posted();
  expect(messages.map(({ action }) => action)).toEqual(["CREATE", "UPDATE", "DELETE"]);
  const update = messages.find(({ action }) => action === "UPDATE");
  expect(update).toMatchObject({
    ...{ action: "UPDATE", resourceType: "entity", status: "SUCCESS" },
    trigger: {
      by: { orgId: s.ctx.org },
      at: expect.any(String) as string,
      origin: expect.any(String) as string,
    },
    context: { blueprint: "vm", entity: "a" },
    diff: { before: { properties: { cores: 1 } }, after: { identifier: "a", properties: { cores: 2 } } },
    changelogDestination: { type: "WEBHOOK" },
  });
  expect(Object.keys(update ?? {})).not.toContain("additionalData");
  expect(s.received[0]?.path).toContain("/log?of=");
  expect(decodeURIComponent(s.received[0]?.path ?? "")).toContain("{{.secrets.NONE}}");
});

test("§3.9 of data-model: a timer that passes is told with its property", async () => {
  await put(s.ctx, "vm", { identifier: "t", properties: { ends: new Date(s.now() + 1000).toISOString() } });
  await s.settle();
  posted();
  s.advance(2000);
  await s.settle();
  expect(posted()).toMatchObject([
    {
      ...{ action: "TIMER_EXPIRED", resourceType: "entity", trigger: { by: { byPort: true } } },
      ...{ context: { blueprint: "vm", entity: "t" }, additionalData: { propertyIdentifier: "ends" } },
    },
  ]);
});

test("§3.9 of data-model: the log of messages are runs, many changes of one entity are all told, another address counts at once", async () => {
  for (let n = 0; n < 70; n += 1) await put(s.ctx, "vm", { identifier: "busy", properties: { cores: n } });
  await s.settle();
  const told = posted().map(({ diff }) => (diff as { after: { properties: object } }).after.properties);
  expect(told).toEqual(Array.from({ length: 70 }, (_, cores) => ({ cores, ends: null })));
  const [run] = await getRuns(s.ctx, { action: "changelog/vm", limit: 5 }, "v2");
  expect(run).toMatchObject({
    status: "SUCCESS",
    action: { identifier: "changelog/vm", title: "Changelog of vm", deleted: false },
  });
  await changeBlueprint(s.ctx, "vm", { changelogDestination: { type: "WEBHOOK", url: `${s.url}/new` } });
  await put(s.ctx, "vm", { identifier: "busy", properties: { cores: 100 } });
  await s.settle();
  expect(s.received.at(-1)?.path).toBe("/new");
  await changeBlueprint(s.ctx, "vm", { changelogDestination: null });
  await put(s.ctx, "vm", { identifier: "busy", properties: { cores: 101 } });
  await s.settle();
  expect(posted()).toHaveLength(1);
});

test("§3.9 of data-model: a receiver that is down gets everything in its order when it is back; what fails for a day is given up", async () => {
  const url = `${s.url}/down`;
  await define(s.ctx, "held", { n: { type: "number" } }, { changelogDestination: { type: "WEBHOOK", url } });
  const numbers = () =>
    posted().map(({ diff }) => (diff as { after: { properties: { n: number } } }).after.properties.n);
  numbers();
  s.answers.set("/down", { status: 503 });
  for (const n of [1, 2, 3]) await put(s.ctx, "held", { identifier: "a", properties: { n } });
  await s.settle();
  for (let n = 0; n < 12; n += 1) {
    expect(await s.retryNow()).toBe(true);
    await s.settle();
  }
  // More of it does not end the pause, nor come before what waits.
  await put(s.ctx, "held", { identifier: "a", properties: { n: 4 } });
  await s.settle();
  expect(numbers()).toEqual(Array.from({ length: 13 }, () => 1));
  expect((await s.runs("changelog/held")).map(({ status }) => status)).toEqual(
    Array.from({ length: 4 }, () => "IN_PROGRESS"),
  );
  s.answers.delete("/down");
  await s.retryNow();
  await s.settle();
  expect(numbers()).toEqual([1, 2, 3, 4]);
  s.answers.set("/down", { status: 503 });
  await put(s.ctx, "held", { identifier: "a", properties: { n: 5 } });
  await s.settle();
  s.advance(25 * 3_600_000);
  await put(s.ctx, "held", { identifier: "a", properties: { n: 6 } });
  await s.retryNow();
  await s.settle();
  expect(numbers()).toEqual([5, 5, 6]);
  expect((await s.runs("changelog/held")).map(({ status, summary }) => [status, summary])).toMatchObject([
    ["IN_PROGRESS", null],
    ["FAILURE", expect.stringContaining("given up after 2 attempts")],
    ...Array.from({ length: 4 }, () => ["SUCCESS", null]),
  ]);
  s.answers.delete("/down");
  await s.retryNow();
  await s.settle();
});

test("§3.9 of data-model: changelogs of several blueprints at one address share its places", async () => {
  for (const blueprint of ["one", "two"]) {
    const destination = { type: "WEBHOOK", url: `https://logs.example.com/${blueprint}?of={{.x}}` };
    await define(s.ctx, blueprint, {}, { changelogDestination: destination });
  }
  const { all } = await new AutomationCache().current(s.ctx);
  const lanes = all.flatMap(({ action }) =>
    /\/(one|two)$/.test(action.identifier) ? [laneOf({ action })] : [],
  );
  expect(lanes).toEqual(["logs.example.com", "logs.example.com"]);
});

test("§3.9 of data-model: an address inside the network is not asked", async () => {
  await define(
    s.ctx,
    "inner",
    {},
    { changelogDestination: { type: "WEBHOOK", url: "http://169.254.169.254/" } },
  );
  await put(s.ctx, "inner", { identifier: "x" });
  await s.settle();
  const [run] = await s.runs("changelog/inner");
  expect(run).toMatchObject({
    status: "FAILURE",
    summary: expect.stringContaining("was not asked") as string,
  });
});

test("§3.9 of data-model: KAFKA is served where there is a broker", async () => {
  await define(s.ctx, "queued", {}, { changelogDestination: { type: "KAFKA" } });
  const named = async (hasBroker: boolean): Promise<string[]> =>
    (await new AutomationCache(hasBroker).current(s.ctx)).all.map(({ action }) => action.identifier);
  expect(await named(false)).not.toContain("changelog/queued");
  expect(await named(true)).toContain("changelog/queued");
  const [warning] = unservedDestination(await getBlueprint(s.ctx, "queued"));
  expect(warning).toContain("nothing is posted to it");
  expect(unservedDestination(await getBlueprint(s.ctx, "vm"))).toEqual([]);
});

test("§2.2 changelogDestination of integrations: whoever exports is told to sync again, in order; not of bookkeeping", async () => {
  posted();
  const change = (patch: object, skipResync = false) =>
    changeIntegration(s.ctx, "my-ocean", patch, {
      skipResync,
      tell: (tx, told) => tellIntegration(tx, told, true),
    });
  const url = `${s.url}/resync`;
  await createIntegration(s.ctx, {
    ...{ installationId: "my-ocean", installationAppType: "github-ocean", version: "1.0.0" },
    changelogDestination: { type: "WEBHOOK", url },
  });
  await change({ version: "1.0.1" }, true);
  await s.settle();
  expect(posted()).toEqual([]);
  await change({ config: { resources: [] } });
  await change({});
  await s.settle();
  const [first, second, ...more] = posted();
  expect(more).toEqual([]);
  expect(s.received.at(-1)?.path).toBe("/resync");
  expect(first).toMatchObject({
    ...{ action: "UPDATE", resourceType: "integration", status: "SUCCESS" },
    ...{ context: { integrationId: "my-ocean" }, changelogDestination: { type: "WEBHOOK" } },
    diff: {
      before: { config: null },
      after: {
        identifier: "my-ocean",
        installationId: "my-ocean",
        config: { resources: [] },
        resyncState: {},
      },
    },
  });
  expect(second).toMatchObject({ diff: { before: { config: { resources: [] } } } });
  const name = "changelog/$integration/my-ocean";
  expect((await s.runs(name)).map(({ status }) => status)).toEqual(["SUCCESS", "SUCCESS"]);
  // A client that is down is told when it is back.
  s.answers.set("/resync", { status: 503 });
  await change({});
  await s.settle();
  expect((await s.runs(name))[0]?.status).toBe("IN_PROGRESS");
  s.answers.delete("/resync");
  expect(await s.retryNow()).toBe(true);
  await s.settle();
  expect((await s.runs(name))[0]?.status).toBe("SUCCESS");
  // Inside the network, nowhere, by Kafka without a broker.
  await change({ changelogDestination: { type: "WEBHOOK", url: "http://169.254.169.254/resync" } });
  await s.settle();
  expect((await s.runs(name))[0]).toMatchObject({
    status: "FAILURE",
    summary: expect.stringContaining("was not asked") as string,
  });
  const bad = { changelogDestination: { type: "WEBHOOK", url: "ftp://x" } };
  expect((await refusal(() => change(bad))).message).toContain('changelogDestination.url "ftp://x"');
  const before = (await s.runs(name)).length;
  await changeIntegration(
    s.ctx,
    "my-ocean",
    { changelogDestination: { type: "KAFKA" } },
    { skipResync: false, tell: (tx, told) => tellIntegration(tx, told, false) },
  );
  await change({ changelogDestination: {} });
  expect(await s.runs(name)).toHaveLength(before);
});

test("§2.2 changelogDestination of integrations: who takes a message and answers late is not sent it again", async () => {
  const slow = new Error("no answer within 30 s");
  slow.name = "OutboundSlow";
  const send = createChangelogSender({
    ...s.means,
    door: { request: () => Promise.reject(slow) },
  });
  await tellIntegration(
    s.ctx,
    {
      ...{ installationId: "late", before: {}, after: {} },
      destination: { type: "WEBHOOK", url: "https://ocean.example.com/resync" },
    },
    false,
  );
  const name = "changelog/$integration/late";
  const [job] = await claim(s.ctx.db, CHANGELOGS_QUEUE, 1, 60);
  if (job === undefined) throw new Error("no job");
  expect(job.key).toBe(name);
  const write = await send(s.ctx, job);
  await transact(s.ctx, async (tx) => {
    await write(tx);
    await settle(tx.db, job);
  });
  expect(await s.runs(name)).toMatchObject([{ status: "SUCCESS" }]);
});
