/** What alerts would do, what they follow, and what they told: over a real database and a real receiver. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  alertStatus,
  createAlert,
  getAlert,
  getAlerts,
  removeAlert,
} from "../../src/automation/alerts/define-alert.ts";
import type { AlertMeans } from "../../src/automation/alerts/alert-means.ts";
import { alertRound } from "../../src/automation/alerts/alert-round.ts";
import { previewAlert } from "../../src/automation/alerts/preview-alert.ts";
import { getNotifications } from "../../src/automation/notifications.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { renameMember } from "../../src/catalog/rename-blueprint.ts";
import { renameEntity } from "../../src/catalog/rename-entity.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { NOTIFICATION_STATES, TRIED_AGAIN } from "../../src/model/notification.ts";
import { insertRunLog } from "../../src/storage/runs.ts";
import { transact } from "../../src/storage/transact.ts";
import { put, refusal } from "../catalog/fixture.ts";
import { allNumbersFollowed } from "../support/follow-numbers.ts";
import { type AlertStage, CFR, openAlertStage } from "./alert-stage.ts";

const HOUR = 3_600_000;
let s: AlertStage;
beforeAll(async () => {
  s = await openAlertStage();
});
afterAll(() => s.close());

const preview = async (body: JsonObject, mails = true) =>
  (await previewAlert(s.ctx, body, { metrics: (...args) => s.metrics(...args), mails })) as {
    readonly now: { subjects: number; fires: number; rows: JsonObject[] };
    readonly channels: string[];
    readonly nobody: { subjects: number; titles: string[] };
    readonly past: JsonObject | null;
    readonly unknown: string | null;
  };

test("a trial tells who would fire now, who would hear of it, and what it would have done in the last 30 days", async () => {
  s.rates.set("shop", 0.2).set("mail", 0.05);
  const asked: (string | undefined)[] = [];
  const now = s.metrics;
  // Of shop: beyond the line ten days ago, back six days ago, and beyond it again four days ago.
  s.metrics = async (ctx, question) => {
    asked.push(question.asOf);
    if (question.asOf === undefined) return now(ctx, question);
    const ago = (s.now() - Date.parse(question.asOf)) / (24 * HOUR);
    const value = ago > 10 ? 0.05 : ago > 6 ? 0.3 : ago > 4 ? 0.02 : 0.2;
    const [shop, mail] = await now(ctx, question);
    if (shop === undefined || mail === undefined) throw new Error("two services");
    const metric = shop.metrics["changeFailureRate"];
    return [{ ...shop, metrics: { changeFailureRate: { ...metric, value } } }, mail];
  };
  const tried = await preview({ ...CFR, identifier: "", recipients: { teamChannel: "channel" } });
  s.metrics = now;
  expect(tried).toMatchObject({
    now: {
      subjects: 2,
      fires: 1,
      rows: [{ title: "Shop", shown: "20 %", fires: true }, { title: "Mail" }],
    },
    ...{ channels: [], nobody: { subjects: 0 }, unknown: null },
    past: { fired: 2, resolved: 1, firedAtStart: 0, everyDays: 1, days: 30 },
  });
  expect(tried.now.rows[0]?.["told"]).toEqual({ emails: [], teamChannels: 1 });
  expect(asked).toHaveLength(32);
  const days = (tried.past?.["byDay"] ?? []) as { fired: number }[];
  expect([days.length, days.reduce((sum, { fired }) => sum + fired, 0)]).toEqual([31, 2]);
  // Nothing is written, and nobody is told.
  expect([await getAlerts(s.ctx), s.messages()]).toEqual([[], []]);
  // Managers have addresses, if the server has mail.
  const managers = { ...CFR, recipients: { managers: true } };
  expect((await preview(managers)).nobody.subjects).toBe(0);
  expect((await preview(managers, false)).nobody.titles).toEqual(["Shop", "Mail"]);
});

test("a trial on a number walks over its history, one on silence says that it cannot", async () => {
  const source = { type: "property", blueprint: "service", property: "load" };
  const rule = { type: "threshold", is: "above", value: 80, clear: 60 };
  const alert = { source, rule, entity: "shop", recipients: { slack: "https://example.com" } };
  for (const load of [90, 70, 95, 50, 85]) {
    await put(s.ctx, "service", { identifier: "shop", properties: { load } });
    s.advance(HOUR);
  }
  await allNumbersFollowed(s.ctx);
  const tried = await preview(alert);
  expect(tried).toMatchObject({
    now: { subjects: 1, fires: 1, rows: [{ shown: "85" }] },
    channels: ["slack"],
    past: { fired: 2, resolved: 1, everyDays: null },
  });
  expect(tried.past?.["rows"]).toMatchObject([
    { transition: "FIRED", shown: "85", title: "Shop" },
    { transition: "RESOLVED", shown: "50" },
    { transition: "FIRED", shown: "90" },
  ]);
  const silent = await preview({ ...alert, entity: null, source: { type: "silence", blueprint: "service" } });
  expect(silent).toMatchObject({ past: null, unknown: expect.stringContaining("for now only") as string });
  const bad = await refusal(() => preview({ ...alert, source: { ...source, property: "none" } }));
  expect(bad.message).toContain('"none" is no property');
});

test("alerts follow renames of what they watch: nothing is told twice", async () => {
  await createAlert(s.ctx, {
    ...{
      identifier: "load",
      title: "load",
      recipients: { slack: `${s.url}/renamed`, teamChannel: "channel" },
    },
    source: { type: "property", blueprint: "service", property: "load" },
    rule: { type: "threshold", is: "above", value: 80 },
  });
  await s.settle();
  expect(s.messages("/renamed")).toHaveLength(1);
  const names = (from: string, to: string) => ({ from, to, field: "identifier" });
  await renameMember(s.ctx, "service", "property", names("load", "burden"));
  await renameMember(s.ctx, "_team", "property", names("channel", "room"));
  await changeBlueprint(s.ctx, "service", { identifier: "component" });
  expect(await getAlert(s.ctx, "load")).toMatchObject({
    source: { blueprint: "component", property: "burden" },
    recipients: { teamChannel: "room" },
  });
  await s.settle();
  expect(s.messages()).toEqual([]);
  expect(await alertStatus(s.ctx, "load", 1)).toMatchObject({
    subjects: expect.arrayContaining([
      expect.objectContaining({ subject: "component:shop", status: "firing" }),
    ]) as object[],
  });
  const renamed = (from: string, to: string) =>
    transact(s.ctx, (tx) => renameEntity(tx, "component", from, to));
  await createAlert(s.ctx, {
    ...{ identifier: "one", title: "one", recipients: {}, entity: "shop" },
    source: { type: "property", blueprint: "component", property: "burden" },
    rule: { type: "threshold", is: "above", value: 80 },
  });
  await renamed("shop", "store");
  expect(await getAlert(s.ctx, "one")).toMatchObject({ entity: "store" });
  await s.settle();
  expect(s.messages()).toEqual([]);
  expect((await alertStatus(s.ctx, "load", 1))["subjects"]).toContainEqual(
    expect.objectContaining({ subject: "component:store", status: "firing" }),
  );
  await renamed("store", "shop");
  for (const identifier of ["one", "load"]) await removeAlert(s.ctx, identifier);
  await changeBlueprint(s.ctx, "component", { identifier: "service" });
  await renameMember(s.ctx, "_team", "property", names("room", "channel"));
  await renameMember(s.ctx, "service", "property", names("burden", "load"));
});

test("a look during a rename leaves what is known, and tells nothing again", async () => {
  const recipients = { slack: `${s.url}/renamed` };
  await createAlert(s.ctx, { ...CFR, identifier: "a", recipients });
  await createAlert(s.ctx, {
    ...{ identifier: "b", title: "load", recipients },
    source: { type: "property", blueprint: "service", property: "load" },
    rule: { type: "threshold", is: "above", value: 80 },
  });
  await s.rate(0.3);
  const firing = async (alert: string): Promise<unknown[]> =>
    ((await alertStatus(s.ctx, alert, 1))["subjects"] as { subject: string; status: string }[])
      .filter(({ status }) => status === "firing")
      .map(({ subject }) => subject);
  expect([await firing("a"), await firing("b")]).toEqual([["service:shop"], ["service:shop"]]);
  // The first alert has been leased, the second one is still to be looked at.
  let isRenamed = false;
  const metrics: AlertMeans["metrics"] = async (...args) => {
    const rows = await s.metrics(...args);
    if (!isRenamed) await changeBlueprint(s.ctx, "service", { identifier: "component" });
    isRenamed = true;
    return rows;
  };
  expect(await alertRound(s.ctx, { metrics, publicUrl: () => "" })).toBe(false);
  expect(isRenamed).toBe(true);
  expect([await firing("a"), await firing("b")]).toEqual([["component:shop"], ["component:shop"]]);
  await changeBlueprint(s.ctx, "component", { identifier: "service" });
  s.messages("/renamed");
  await s.settle();
  expect(s.messages("/renamed")).toEqual([]);
  for (const identifier of ["a", "b"]) await removeAlert(s.ctx, identifier);
});

test("what was told is listed with its delivery: to whom, by which channel, how often it was tried", async () => {
  await createAlert(s.ctx, {
    ...CFR,
    recipients: { ...(CFR["recipients"] as JsonObject), slack: `${s.url}/broken` },
  });
  s.answers.set("/broken", { status: 500 });
  await s.rate(0.05, 0.05);
  s.advance(HOUR);
  await s.rate(0.5, 0.05);
  const list = async (filter: object) =>
    (await getNotifications(s.ctx, { kind: "alert", of: "cfr", limit: 3, ...filter })).notifications;
  const told = await list({});
  expect(Object.fromEntries(told.map((one) => [String(one["channel"]), one]))).toMatchObject({
    email: { state: "delivered", to: ["mona@example.com"], title: "Failure rate: Shop", attempts: 1 },
    slack: { state: "failed", to: [], problem: expect.stringContaining("500") as string },
    "team-channel": {
      ...{ state: "delivered", teams: ["red"], kind: "alert", of: "cfr" },
      evidenceUrl: expect.stringContaining("ev=changeFailureRate") as string,
    },
  });
  // Addresses of channels are secrets in themselves.
  expect(JSON.stringify(told)).not.toContain("/broken");
  expect(await list({ state: "failed", limit: 9 })).toMatchObject([{ channel: "slack" }]);
  const [mail] = await list({ channel: "email" });
  const id = String(mail?.["id"]);
  const failure = { run: id, message: `the mail server slept${TRIED_AGAIN}`, at: s.ctx.now(), by: "x" };
  await insertRunLog(s.ctx.db, s.ctx.org, failure);
  expect((await list({ channel: "email" }))[0]).toMatchObject({
    state: "delivered",
    attempts: 2,
    problem: null,
  });
  await sql`update action_run set status = 'IN_PROGRESS', ended_at = null where id = ${id}`.execute(s.ctx.db);
  expect(await list({ state: "retrying" })).toMatchObject([
    { id, attempts: 1, problem: "the mail server slept; it is tried again", endedAt: null },
  ]);
  const all = (await getNotifications(s.ctx, { limit: 100 })).notifications;
  for (const state of NOTIFICATION_STATES)
    expect((await getNotifications(s.ctx, { state, limit: 100 })).notifications).toEqual(
      all.filter((one) => one["state"] === state),
    );
  const first = await getNotifications(s.ctx, { limit: 1 });
  const second = await getNotifications(s.ctx, { limit: 1, before: first.next ?? "" });
  expect(second.notifications[0]?.["id"]).not.toBe(first.notifications[0]?.["id"]);
  expect(await getNotifications(s.ctx, { of: "\u0000", limit: 1 })).toEqual({
    notifications: [],
    next: null,
  });
  await removeAlert(s.ctx, "cfr");
});
