/** Alerts over a real database and a real receiver: told once, to the right people, with the evidence. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  alertStatus,
  createAlert,
  getAlert,
  getAlerts,
  removeAlert,
  replaceAlert,
} from "../../src/automation/alerts/define-alert.ts";
import { createAction } from "../../src/automation/define-action.ts";
import { auditLog } from "../../src/catalog/audit-log.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { listActions } from "../../src/storage/actions.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { asPerson, define, put, refusal } from "../catalog/fixture.ts";
import { openStage, type Stage } from "./automation-stage.ts";

const HOUR = 3_600_000;
let s: Stage;
/** Change failure rates by service. */
const rates = new Map<string, number | null>();

beforeAll(async () => {
  s = await openStage();
  await ensureSystemBlueprints(s.ctx);
  await changeBlueprint(s.ctx, "_team", { schema: { properties: { channel: { type: "string" } } } });
  for (const team of ["red", "blue"])
    await put(s.ctx, "_team", {
      identifier: team,
      title: team,
      properties: { channel: `${s.url}/team-${team}` },
    });
  const people = [
    ["anna@example.com", "Member", "red"],
    ["mona@example.com", "Moderator", "red"],
    ["bert@example.com", "Admin", "blue"],
  ] as const;
  for (const [identifier, port_role, team] of people)
    await put(s.ctx, "_user", { identifier, team: [team], properties: { port_role, status: "Active" } });
  await define(
    s.ctx,
    "service",
    { seal: { type: "string", format: "timer" }, load: { type: "number" } },
    { ownership: { type: "Direct" } },
  );
  await put(s.ctx, "service", { identifier: "shop", title: "Shop", team: ["red"] });
  await put(s.ctx, "service", { identifier: "mail", title: "Mail", team: ["blue"] });
  s.metrics = () =>
    Promise.resolve(
      [...rates].map(([entity, value]) => ({
        scope: { blueprint: "service", entity, title: entity === "shop" ? "Shop" : "Mail" },
        metrics: {
          changeFailureRate: {
            ...{ value, tier: value !== null && value > 0.3 ? "low" : "high", failed: 3, total: 13 },
            trend: { delta: value === null ? null : value - 0.1, significant: true },
          },
        },
        window: { from: "2026-02-01T00:00:00Z", to: "2026-03-02T08:00:00Z" },
      })),
    );
});
afterAll(() => s.close());

const CFR: JsonObject = {
  ...{ identifier: "cfr", title: "Failure rate" },
  source: { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" },
  rule: { type: "threshold", is: "above", value: 0.15, clear: 0.1 },
  recipients: { teamChannel: "channel", managers: true },
};

async function rate(shop: number | null, mail: number | null = 0.05): Promise<string[]> {
  rates.set("shop", shop).set("mail", mail);
  s.advance(60_000);
  await s.settle();
  await s.settle();
  return s.messages();
}

test("the team's channel gets one message with number, window and evidence; none while it stays; again after a relapse", async () => {
  await createAlert(s.ctx, CFR);
  expect(await rate(0.1)).toEqual([]);
  expect(await rate(0.231)).toEqual([
    [
      "Failure rate: Shop",
      "Change failure rate of Shop is 23.1 % (high) (3 of 13 deployments) from 2026-02-01 to 2026-03-02; the alert is for above 15 %.",
      "Evidence: https://portal.example.com/dora?scope=service%3Ashop&from=2026-02-01&to=2026-03-02&ev=changeFailureRate",
    ].join("\n"),
  ]);
  expect(s.received.at(-1)?.path).toBe("/team-red");
  expect(await rate(0.3)).toEqual([]);
  expect(await rate(0.12)).toEqual([]);
  expect(await rate(0.16)).toEqual([]);
  expect(await rate(null)).toEqual([]);
  expect(await rate(0.09)).toEqual([]);
  expect(await rate(0.5)).toHaveLength(1);
  // Of the owning team its managers, by e-mail; the same transition, once.
  expect(s.mails.map(({ to }) => to)).toEqual([["mona@example.com"], ["mona@example.com"]]);
  expect(s.mails[0]?.subject).toBe("Failure rate: Shop");
  expect(await rate(0.5, 0.4)).toHaveLength(1);
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
  expect(await rate(0.5, 0.4)).toEqual([]);
  expect(await rate(0.05, 0.4)).toEqual([expect.stringMatching(/^Resolved: Failure rate: Shop\n/) as string]);
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
  expect(await rate(0.5)).toEqual([]);
  s.advance(HOUR);
  const [told] = await rate(0.5);
  expect(JSON.parse(told ?? "")).toMatchObject({
    ...{ transition: "FIRED", status: "firing", value: 0.5, window: { from: "2026-02-01T00:00:00Z" } },
    subject: { entity: "shop", teams: ["red"] },
  });
  s.advance(HOUR);
  expect(await rate(0.05)).toEqual([]);
  expect(await rate(0.5)).toEqual([]);
  s.advance(HOUR);
  expect(await rate(0.5)).toEqual([]);
  await removeAlert(s.ctx, "cfr");
});

test("a digest collects what came within the hour", async () => {
  await createAlert(s.ctx, { ...CFR, recipients: { slack: `${s.url}/digest` }, digest: "hour" });
  expect(await rate(0.5)).toEqual([]);
  expect(await rate(0.5, 0.5)).toEqual([]);
  s.advance(HOUR);
  const [digest, ...more] = await rate(0.5, 0.5);
  expect(more).toEqual([]);
  expect(digest).toMatch(/^Failure rate: 2 changes\n\nFailure rate: Shop\n.*\n.*\n\nFailure rate: Mail\n/);
  s.advance(HOUR);
  expect(await rate(0.5, 0.5)).toEqual([]);
  await removeAlert(s.ctx, "cfr");
});

test("falls of a tier and regressions", async () => {
  for (const type of ["fall", "regression"])
    await createAlert(s.ctx, {
      ...{ ...CFR, identifier: type, title: type },
      ...{ rule: { type }, recipients: { slack: `${s.url}/${type}` }, entity: null },
    });
  expect(await rate(0.1)).toEqual([]);
  const titles = (list: readonly string[]): string[] =>
    list.map((text) => text.slice(0, text.indexOf("\n"))).sort();
  expect(titles(await rate(0.2))).toEqual(["regression: Shop"]);
  expect(titles(await rate(0.4))).toEqual(["fall: Shop"]);
  expect(await rate(0.09)).toEqual([]);
  expect(titles(await rate(0.4))).toEqual(["fall: Shop", "regression: Shop"]);
  for (const type of ["fall", "regression"]) await removeAlert(s.ctx, type);
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
  expect(s.messages()).toEqual([expect.stringMatching(/^silence: _team\n.*27 hours without anything new/)]);
  for (const [identifier] of sources) await removeAlert(s.ctx, identifier);
});

test("what cannot be is refused, and nothing is half-written", async () => {
  const missing = { ...CFR, source: { type: "property", blueprint: "nowhere", property: "x" } };
  expect((await refusal(() => createAlert(s.ctx, missing))).message).toContain('"nowhere" was not found');
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
