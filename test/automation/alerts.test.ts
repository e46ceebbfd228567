/** Alerts over a real database and a real receiver: told once, to the right people, with the evidence. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  alertStatus,
  createAlert,
  getAlert,
  getAlerts,
  removeAlert,
  replaceAlert,
} from "../../src/automation/alerts/define-alert.ts";
import { alertRound } from "../../src/automation/alerts/alert-round.ts";
import { AlertWatch } from "../../src/automation/alerts/alert-watch.ts";
import { createAction } from "../../src/automation/define-action.ts";
import { auditLog } from "../../src/catalog/audit-log.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { listActions } from "../../src/storage/actions.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { storeEvents } from "../../src/storage/events.ts";
import { insertWebhook } from "../../src/storage/webhooks.ts";
import { asPerson, put, refusal } from "../catalog/fixture.ts";
import { type AlertStage, CFR, openAlertStage } from "./alert-stage.ts";

const HOUR = 3_600_000;
let s: AlertStage;
beforeAll(async () => {
  s = await openAlertStage();
});
afterAll(() => s.close());

test("the team's channel gets one message with number, window and evidence; none while it stays; again after a relapse", async () => {
  await createAlert(s.ctx, CFR);
  expect(await s.rate(0.1)).toEqual([]);
  expect(await s.rate(0.231)).toEqual([
    [
      "Failure rate: Shop",
      "Change failure rate of Shop is 23.1 % (3 of 13 deployments) from 2026-02-01 to 2026-03-02; the alert is for above 15 %.",
      "Evidence: https://portal.example.com/dora?scope=service%3Ashop&from=2026-02-01&to=2026-03-02&ev=changeFailureRate",
    ].join("\n"),
  ]);
  expect(s.received.at(-1)?.path).toBe("/team-red");
  expect(await s.rate(0.3)).toEqual([]);
  expect(await s.rate(0.12)).toEqual([]);
  expect(await s.rate(0.16)).toEqual([]);
  expect(await s.rate(null)).toEqual([]);
  expect(await s.rate(0.09)).toEqual([]);
  expect(await s.rate(0.5)).toHaveLength(1);
  // Of the owning team its managers, by e-mail; the same transition, once.
  expect(s.mails.map(({ to }) => to)).toEqual([["mona@example.com"], ["mona@example.com"]]);
  expect(s.mails[0]?.subject).toBe("Failure rate: Shop");
  expect(await s.rate(0.5, 0.4)).toHaveLength(1);
  expect(s.received.at(-1)?.path).toBe("/team-blue");
  expect(s.mails.at(-1)?.to).toEqual(["bert@example.com"]);
});

test("its status tells who fires, and what was told; its automations are ordinary, and follow it", async () => {
  const status = await alertStatus(s.ctx, "cfr", 10);
  expect(status["subjects"]).toMatchObject([
    { subject: "service:mail", status: "firing", value: 0.4, isNotified: true },
    { subject: "service:shop", status: "firing", value: 0.5, isNotified: true },
  ]);
  expect((status["events"] as JsonObject[]).map(({ transition }) => transition)).toEqual([
    "FIRED",
    "FIRED",
    "RESOLVED",
    "FIRED",
  ]);
  const names = async (): Promise<string[]> =>
    (await listActions(s.ctx.db, s.ctx.org, { triggerType: "automation" })).map(
      ({ identifier }) => identifier,
    );
  expect((await names()).sort()).toEqual(["alert:cfr:email", "alert:cfr:team-channel"]);
  await replaceAlert(s.ctx, "cfr", { ...CFR, recipients: { slack: `${s.url}/slack` }, resolved: true });
  expect(await names()).toEqual(["alert:cfr:slack"]);
  // What was known stays: both still fire, and were told.
  expect(await s.rate(0.5, 0.4)).toEqual([]);
  expect(await s.rate(0.05, 0.4)).toEqual([
    expect.stringMatching(/^Resolved: Failure rate: Shop\n/) as string,
  ]);
  expect((await s.runs("alert:cfr:slack")).map(({ status: of }) => of)).toEqual(["SUCCESS"]);
  // They tell who is told, and where: members do not read of them.
  const log = (ctx: Ctx) => auditLog(ctx, { entity: "cfr", resources: ["alert"] });
  expect((await log(s.ctx)).length).toBeGreaterThan(4);
  expect(await log(asPerson(s.ctx))).toEqual([]);
  await removeAlert(s.ctx, "cfr");
  expect([await names(), await getAlerts(s.ctx)]).toEqual([[], []]);
});

test("muted: nothing; what still fires afterwards is told then. Maintenance alike", async () => {
  await createAlert(s.ctx, {
    ...CFR,
    recipients: { webhook: `${s.url}/hook` },
    mutedUntil: new Date(s.now() + HOUR).toISOString(),
    maintenance: [
      { from: new Date(s.now() + 2 * HOUR).toISOString(), to: new Date(s.now() + 3 * HOUR).toISOString() },
    ],
  });
  expect(await s.rate(0.5)).toEqual([]);
  s.advance(HOUR);
  const [told] = await s.rate(0.5);
  expect(JSON.parse(told ?? "")).toMatchObject({
    ...{ transition: "FIRED", status: "firing", value: 0.5, window: { from: "2026-02-01T00:00:00Z" } },
    subject: { entity: "shop", teams: ["red"] },
  });
  s.advance(HOUR);
  expect(await s.rate(0.05)).toEqual([]);
  expect(await s.rate(0.5)).toEqual([]);
  s.advance(HOUR);
  expect(await s.rate(0.5)).toEqual([]);
  await removeAlert(s.ctx, "cfr");
});

test("a digest collects what came within the hour", async () => {
  await createAlert(s.ctx, { ...CFR, recipients: { slack: `${s.url}/digest` }, digest: "hour" });
  expect(await s.rate(0.5)).toEqual([]);
  expect(await s.rate(0.5, 0.5)).toEqual([]);
  s.advance(HOUR);
  const [digest, ...more] = await s.rate(0.5, 0.5);
  expect(more).toEqual([]);
  expect(digest).toMatch(/^Failure rate: 2 changes\n\nFailure rate: Shop\n.*\n.*\n\nFailure rate: Mail\n/);
  s.advance(HOUR);
  expect(await s.rate(0.5, 0.5)).toEqual([]);
  await removeAlert(s.ctx, "cfr");
});

test("falls of a tier and regressions", async () => {
  for (const type of ["fall", "regression"])
    await createAlert(s.ctx, {
      ...{ ...CFR, identifier: type, title: type },
      ...{ rule: { type }, recipients: { slack: `${s.url}/${type}` }, entity: null },
    });
  expect(await s.rate(0.1)).toEqual([]);
  const titles = (list: readonly string[]): string[] =>
    list.map((text) => text.slice(0, text.indexOf("\n"))).sort();
  expect(titles(await s.rate(0.2))).toEqual(["regression: Shop"]);
  expect(titles(await s.rate(0.4))).toEqual(["fall: Shop"]);
  expect(await s.rate(0.09)).toEqual([]);
  expect(titles(await s.rate(0.4))).toEqual(["fall: Shop", "regression: Shop"]);
  for (const type of ["fall", "regression"]) await removeAlert(s.ctx, type);
});

test.each([
  ["few observations", { few: true, covered: true }],
  ["less than the floor", { few: false, covered: false }],
])("no fall on %s: there is no tier", async (_, basis) => {
  await createAlert(s.ctx, {
    ...{ ...CFR, identifier: "thin", title: "thin" },
    ...{ rule: { type: "fall" }, recipients: { slack: `${s.url}/thin` }, entity: null },
  });
  expect(await s.rate(0.1)).toEqual([]);
  Object.assign(s.basis, basis);
  expect(await s.rate(0.4)).toEqual([]);
  Object.assign(s.basis, { few: false, covered: true });
  expect(await s.rate(0.4)).toEqual([expect.stringMatching(/^thin: Shop\n.*\(low\)/)]);
  await removeAlert(s.ctx, "thin");
});

test("number properties, silent sources, overdue timers", async () => {
  const slack = { slack: `${s.url}/others` };
  const above = (value: number): JsonObject => ({ type: "threshold", is: "above", value });
  const sources: [string, JsonObject, JsonObject][] = [
    ["load", { type: "property", blueprint: "service", property: "load" }, above(80)],
    ["silence", { type: "silence", blueprint: "_team" }, above(24)],
    ["seal", { type: "timer", blueprint: "service", property: "seal" }, above(2)],
  ];
  for (const [identifier, source, rule] of sources)
    await createAlert(s.ctx, { ...{ identifier, title: identifier, source, rule }, recipients: slack });
  await put(s.ctx, "service", {
    identifier: "shop",
    properties: { load: 90, seal: new Date(s.now()).toISOString() },
  });
  // The teams were written hours ago, not a day.
  await put(s.ctx, "_team", { identifier: "red", title: "Red" });
  await s.settle();
  expect(s.messages()).toEqual([
    expect.stringMatching(/^load: Shop\nload of Shop is 90; the alert is for above 80\./),
  ]);
  s.advance(3 * HOUR);
  await s.settle();
  expect(s.messages()).toEqual([expect.stringMatching(/^seal: Shop\nseal of Shop is 3 hours overdue/)]);
  s.advance(24 * HOUR);
  await s.settle();
  expect(s.messages()).toEqual([
    expect.stringMatching(
      /^silence: Team\nNothing has come from an entity of Team for 27 hours\. The last was at .* UTC; the alert is for hours above 24\. Check the data sources/,
    ),
  ]);
  for (const [identifier] of sources) await removeAlert(s.ctx, identifier);
});

test("a single data source that is silent, since it was last heard of", async () => {
  const at = new Date(s.now());
  await insertWebhook(s.ctx.db, {
    ...{ org: s.ctx.org, identifier: "jenkins", source: "webhook:jenkins:1", document: { title: "Jenkins" } },
    ...{ key: "k", secret: null, created_at: at, created_by: "x", updated_at: at, updated_by: "x" },
  });
  await createAlert(s.ctx, {
    ...{ identifier: "jenkins", title: "Jenkins", recipients: { slack: `${s.url}/source` } },
    source: { type: "dataSource", dataSource: "jenkins" },
    rule: { type: "threshold", is: "above", value: 24 },
  });
  s.advance(23 * HOUR);
  const receivedAt = new Date(s.now());
  const event = { org: s.ctx.org, source: "webhook:jenkins:1", deliveryId: "1", receivedAt };
  await storeEvents(s.ctx.db, [{ ...event, request: "{}", body: "{}" }]);
  s.advance(23 * HOUR);
  await s.settle();
  expect(s.messages()).toEqual([]);
  s.advance(2 * HOUR);
  await s.settle();
  const [text] = s.messages();
  expect(text).toMatch(
    /^Jenkins: Jenkins\nNothing has come from Jenkins for 25 hours\. The last was at .* UTC; the alert is for hours above 24\. Check that its sender/,
  );
  expect(text).toContain("/sources/webhooks/jenkins");
  await removeAlert(s.ctx, "jenkins");
  const missing = {
    ...{ ...CFR, source: { type: "dataSource", dataSource: "none" } },
    rule: { type: "threshold", value: 1 },
  };
  expect((await refusal(() => createAlert(s.ctx, missing))).message).toContain('"none" was not found');
});

test("after a first look only entities that changed are read", async () => {
  const means = { metrics: () => Promise.resolve([]), publicUrl: () => "" };
  const watch = new AlertWatch();
  const look = async (): Promise<string[]> => {
    while (!(await feedReaches(s.ctx)));
    await alertRound(s.ctx, means, () => true, watch);
    const { subjects } = await alertStatus(s.ctx, "load", 10);
    return (subjects as { subject: string; value: unknown }[])
      .map(({ subject, value }) => `${subject} ${String(value)}`)
      .sort();
  };
  for (const [identifier, load] of [
    ["shop", 1],
    ["mail", 1],
  ] as const)
    await put(s.ctx, "service", { identifier, properties: { load } });
  await createAlert(s.ctx, {
    ...{ identifier: "load", title: "load", recipients: {} },
    source: { type: "property", blueprint: "service", property: "load" },
    rule: { type: "threshold", is: "above", value: 80 },
  });
  expect(await look()).toEqual(["service:mail 1", "service:shop 1"]);
  // Nobody writes so; it shows what is read.
  await sql`update entity set properties = properties || '{"load": 2}' where blueprint = 'service' and identifier = 'mail'`.execute(
    s.ctx.db,
  );
  await put(s.ctx, "service", { identifier: "shop", properties: { load: 2 } });
  expect(await look()).toEqual(["service:mail 1", "service:shop 2"]);
  await put(s.ctx, "service", { identifier: "new", properties: { load: 3 } });
  expect(await look()).toEqual(["service:mail 1", "service:new 3", "service:shop 2"]);
  await deleteEntity(s.ctx, "service", "new", { deleteDependents: false });
  expect(await look()).toEqual(["service:mail 1", "service:shop 2"]);
  // Another definition: everything.
  await replaceAlert(s.ctx, "load", {
    ...{ title: "load", recipients: {}, rule: { type: "threshold", is: "above", value: 90 } },
    source: { type: "property", blueprint: "service", property: "load" },
  });
  expect(await look()).toEqual(["service:mail 2", "service:shop 2"]);
  await removeAlert(s.ctx, "load");
});

/** On PostgreSQL the feed ends before the oldest transaction of the whole server. */
async function feedReaches(ctx: Ctx): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`
    select exists (select 1 from change where org = ${ctx.org} and xid >= pg_snapshot_xmin(pg_current_snapshot())) as waits`.execute(
    ctx.db,
  );
  return rows[0]?.waits === false;
}

test("what cannot be is refused, and nothing is half-written", async () => {
  const missing = { ...CFR, source: { type: "property", blueprint: "nowhere", property: "x" } };
  expect((await refusal(() => createAlert(s.ctx, missing))).message).toContain('"nowhere" was not found');
  const watching = async (source: JsonObject): Promise<string> =>
    (await refusal(() => createAlert(s.ctx, { ...CFR, source }))).message;
  expect(await watching({ type: "property", blueprint: "service", property: "x" })).toBe(
    'alert.source.property "x" is no property of blueprint "service"',
  );
  expect(await watching({ type: "property", blueprint: "service", property: "seal" })).toContain(
    "is of type string; only numbers can be watched",
  );
  expect(await watching({ type: "timer", blueprint: "service", property: "load" })).toContain("format timer");
  await createAlert(s.ctx, CFR);
  expect((await refusal(() => createAlert(s.ctx, CFR))).code).toBe("conflict");
  expect((await refusal(() => replaceAlert(s.ctx, "other", { ...CFR, identifier: "other" }))).code).toBe(
    "not_found",
  );
  expect((await refusal(() => replaceAlert(s.ctx, "cfr", { ...CFR, identifier: "x" }))).message).toContain(
    "keeps its identifier",
  );
  expect(await getAlert(s.ctx, "cfr")).toMatchObject({ ...CFR, automations: expect.any(Array) as string[] });
  const foreign = { type: "self-service", operation: "CREATE", userInputs: { properties: {} } };
  await createAction(s.ctx, {
    ...{ identifier: "alert:taken:email", trigger: foreign },
    invocationMethod: { type: "KAFKA" },
  });
  const taken = { ...CFR, identifier: "taken" };
  expect((await refusal(() => createAlert(s.ctx, taken))).message).toContain('"alert:taken:email"');
});

test("the automations of an alert are its own, also where another begins with its name", async () => {
  await createAlert(s.ctx, { ...CFR, identifier: "cfr:eu" });
  await replaceAlert(s.ctx, "cfr", { ...CFR, title: "Other" });
  await removeAlert(s.ctx, "cfr");
  const left = await listActions(s.ctx.db, s.ctx.org, { triggerType: "automation" });
  expect(left.map(({ identifier }) => identifier).sort()).toEqual([
    "alert:cfr:eu:email",
    "alert:cfr:eu:team-channel",
  ]);
});
