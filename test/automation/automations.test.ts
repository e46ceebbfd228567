/** Automations (workflows.md §4) over a real database and a real receiver, with a clock of the test's own. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAction, replaceAction } from "../../src/automation/define-action.ts";
import { startRun } from "../../src/automation/start-run.ts";
import { testAutomation } from "../../src/automation/test-automation.ts";
import { auditLog } from "../../src/catalog/audit-log.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { type ChangeLike, eventOf, keysOfEvent, triggerKey } from "../../src/model/automation-event.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { readAction } from "../../src/storage/actions.ts";
import { transact } from "../../src/storage/transact.ts";
import { asPerson, define, put, refusal } from "../catalog/fixture.ts";
import { openStage, type Stage } from "./automation-stage.ts";

let s: Stage;
beforeAll(async () => {
  s = await openStage();
});
afterAll(() => s.close());

const HOUR = 3_600_000;
const message = (path: string, text: string): JsonObject => ({
  ...{ type: "SLACK", url: `${s.url}${path}`, synchronized: true, body: { text } },
});
const automation = (
  identifier: string,
  event: JsonObject,
  invocationMethod: JsonObject,
  expressions: readonly string[] = [],
): JsonObject => ({
  ...{ identifier, title: identifier, invocationMethod, publish: true },
  trigger: { type: "automation", event, condition: { type: "JQ", expressions } },
});
const shown = "{{ .event.action }} {{ .event.context.entityIdentifier }}";

test("§4.1 ENTITY: created, updated, deleted, any; what was before it was switched on is no news", async () => {
  await define(s.ctx, "app", { n: { type: "number" } });
  await put(s.ctx, "app", { identifier: "old", properties: { n: 1 } });
  for (const type of ["ENTITY_CREATED", "ENTITY_UPDATED", "ENTITY_DELETED", "ANY_ENTITY_CHANGE"])
    await createAction(
      s.ctx,
      automation(`app-${type}`, { type, blueprintIdentifier: "app" }, message("/app", `${type} ${shown}`)),
    );
  await put(s.ctx, "app", { identifier: "a", properties: { n: 1 } });
  await put(s.ctx, "app", { identifier: "a", properties: { n: 2 } });
  // A write that changes nothing is no event.
  await put(s.ctx, "app", { identifier: "a", properties: { n: 2 } });
  await deleteEntity(s.ctx, "app", "a", { deleteDependents: false });
  await s.settle();
  expect(s.messages().sort()).toEqual([
    "ANY_ENTITY_CHANGE CREATE a",
    "ANY_ENTITY_CHANGE DELETE a",
    "ANY_ENTITY_CHANGE UPDATE a",
    "ENTITY_CREATED CREATE a",
    "ENTITY_DELETED DELETE a",
    "ENTITY_UPDATED UPDATE a",
  ]);
  await s.settle();
  expect(s.messages()).toEqual([]);
});

test("§4 automations: switched off it hears nothing, and not later what was written meanwhile", async () => {
  const made = automation(
    "quiet",
    { type: "ENTITY_CREATED", blueprintIdentifier: "app" },
    message("/quiet", shown),
  );
  await createAction(s.ctx, made);
  await replaceAction(s.ctx, "quiet", { ...made, publish: false });
  await put(s.ctx, "app", { identifier: "unheard" });
  await s.settle();
  await replaceAction(s.ctx, "quiet", made);
  await put(s.ctx, "app", { identifier: "heard" });
  await s.settle();
  expect(s.received.filter(({ path }) => path === "/quiet").map(({ body }) => body["text"])).toEqual([
    "CREATE heard",
  ]);
  s.messages();
});

test("§4.1 aggregations §4.1 not fired: aggregations fire; mirrors, calculations over them, and targets that go or get another name do not", async () => {
  await define(
    s.ctx,
    "svc",
    { name: { type: "string" } },
    {
      aggregationProperties: {
        count: {
          ...{ title: "Count", type: "number", target: "part" },
          calculationSpec: { calculationBy: "entities", func: "count" },
        },
      },
    },
  );
  await define(
    s.ctx,
    "part",
    {},
    {
      relations: { svc: { target: "svc", many: false, required: false } },
      mirrorProperties: { svcName: { path: "svc.name" } },
      calculationProperties: { loud: { type: "string", calculation: ".properties.svcName" } },
    },
  );
  await put(s.ctx, "svc", { identifier: "s1", properties: { name: "one" } });
  await s.settle();
  for (const blueprint of ["svc", "part"])
    await createAction(
      s.ctx,
      automation(
        `${blueprint}-any`,
        { type: "ANY_ENTITY_CHANGE", blueprintIdentifier: blueprint },
        message("/derived", `${blueprint} ${shown} {{ .event.diff.after.properties.count }}`),
      ),
    );
  await put(s.ctx, "part", { identifier: "p1", relations: { svc: "s1" } });
  await s.settle();
  expect(s.messages().sort()).toEqual(["part CREATE p1 null", "svc UPDATE s1 1"]);
  await put(s.ctx, "svc", { identifier: "s1", properties: { name: "two" } });
  await s.settle();
  expect(s.messages()).toEqual(["svc UPDATE s1 1"]);
  await deleteEntity(s.ctx, "svc", "s1", { deleteDependents: false });
  await s.settle();
  expect(s.messages()).toEqual(["svc DELETE s1 null"]);
});

test("§4.2 transitions §4.1 RUN: a transition is seen by before and after; a run that fails starts what waits for it (RUN_UPDATED)", async () => {
  await define(s.ctx, "deploy", { status: { type: "string" } });
  await createAction(
    s.ctx,
    automation(
      "deploy-failed",
      { type: "ENTITY_UPDATED", blueprintIdentifier: "deploy" },
      { ...message("/none", "x"), url: "http://10.1.2.3/" },
      ['.diff.before.properties.status != "Failed"', '.diff.after.properties.status == "Failed"'],
    ),
  );
  await createAction(
    s.ctx,
    automation(
      "on-run",
      { type: "RUN_UPDATED", actionIdentifier: "deploy-failed" },
      message("/run", "{{ .event.context.actionIdentifier }} {{ .event.diff.after.status }}"),
      ['.diff.after.status == "FAILURE"', '.diff.before.status != "FAILURE"'],
    ),
  );
  await put(s.ctx, "deploy", { identifier: "d", properties: { status: "Running" } });
  await put(s.ctx, "deploy", { identifier: "d", properties: { status: "Failed" } });
  await put(s.ctx, "deploy", { identifier: "d", title: "still failed" });
  await s.settle();
  expect(s.messages()).toEqual(["deploy-failed FAILURE"]);
  expect(await s.runs("deploy-failed")).toHaveLength(1);
});

test("§4.1 loops: a chain of ten ends with a run that says so; the rate for one entity ends, too", async () => {
  await define(s.ctx, "loop", { n: { type: "number" } });
  await createAction(
    s.ctx,
    automation(
      "again",
      { type: "ANY_ENTITY_CHANGE", blueprintIdentifier: "loop" },
      {
        type: "UPSERT_ENTITY",
        blueprintIdentifier: "loop",
        mapping: {
          identifier: "{{ .event.context.entityIdentifier }}",
          properties: { n: "{{ .event.diff.after.properties.n + 1 }}" },
        },
      },
    ),
  );
  await put(s.ctx, "loop", { identifier: "l", properties: { n: 0 } });
  await s.settle();
  const runs = await s.runs("again");
  expect(runs.map(({ depth }) => depth)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  const [last] = runs;
  expect(last).toMatchObject({ status: "FAILURE", statusLabel: "Stopped by the loop guard" });
  expect(last?.summary).toMatch(/10 automations in a row/);

  await createAction(
    s.ctx,
    automation("many", { type: "ENTITY_UPDATED", blueprintIdentifier: "app" }, message("/many", shown)),
  );
  await put(s.ctx, "app", { identifier: "busy", properties: { n: 0 } });
  for (let n = 1; n <= 62; n++) await put(s.ctx, "app", { identifier: "busy", properties: { n } });
  await s.settle();
  const stopped = (await s.runs("many")).filter(({ statusLabel }) => statusLabel !== null);
  expect(stopped).toHaveLength(2);
  expect(stopped[0]?.summary).toMatch(
    /more than 60 runs of "many" for entity "busy" of "app" within a minute/,
  );
  s.messages();
});

test("§4.1 loops: runs that it stopped start no others", async () => {
  for (const [one, other] of [
    ["ping", "pong"],
    ["pong", "ping"],
  ] as const)
    await createAction(
      s.ctx,
      automation(one, { type: "RUN_CREATED", actionIdentifier: other }, message("/pong", "x")),
    );
  const action = await readAction(s.ctx.db, s.ctx.org, "pong");
  if (action === null) throw new Error("no action");
  await transact(s.ctx, (tx) =>
    startRun(tx, {
      ...{ action, source: "AUTOMATION", inputs: null, blueprint: null, entity: null, trigger: {} },
      event: null,
    }),
  );
  await s.settle();
  const depths = async (of: string) => (await s.runs(of)).map(({ depth }) => depth);
  expect(await depths("ping")).toEqual([11, 9, 7, 5, 3, 1]);
  expect(await depths("pong")).toEqual([10, 8, 6, 4, 2, 0]);
  s.messages();
});

test("schedule: once for each moment, in its time zone; missed moments are one run, late", async () => {
  const schedule = automation(
    "daily",
    { type: "SCHEDULE", cron: "0 9 * * MON-FRI", timezone: "Europe/Berlin" },
    message("/daily", "{{ .event.context.dueAt }}"),
  );
  await createAction(s.ctx, schedule);
  await s.settle();
  // Monday, 2 March 2026: nine o'clock in Berlin is eight in UTC, and has just passed.
  expect(s.messages()).toEqual([]);
  s.advance(24 * HOUR);
  await s.settle();
  await s.settle();
  expect(s.messages()).toEqual(["2026-03-03T08:00:00.000Z"]);
  // Three days without anybody there.
  s.advance(72 * HOUR);
  await s.settle();
  expect(s.messages()).toEqual(["2026-03-04T08:00:00.000Z"]);
  s.advance(72 * HOUR);
  await s.settle();
  expect(s.messages()).toEqual(["2026-03-09T08:00:00.000Z"]);
  // Another expression counts from now.
  await replaceAction(s.ctx, "daily", {
    ...schedule,
    trigger: { type: "automation", event: { type: "SCHEDULE", cron: "*/30 * * * *" } },
  });
  await s.settle();
  s.advance(HOUR / 2);
  await s.settle();
  expect(s.messages()).toHaveLength(1);
  await replaceAction(s.ctx, "daily", { ...schedule, publish: false });
});

test.each<[JsonObject, string]>([
  [{ type: "SCHEDULE" }, "action.trigger.event.cron is missing"],
  [{ type: "SCHEDULE", cron: "* * * *" }, "must have five"],
  [{ type: "SCHEDULE", cron: "61 * * * *" }, 'says "61" for the minute'],
  [{ type: "SCHEDULE", cron: "* * * * FUN" }, "for the day of the week"],
  [{ type: "SCHEDULE", cron: "0 9 * * *", timezone: "Mars/Phobos" }, "is not a time zone"],
  [{ type: "SCHEDULE", cron: "0 9 * * *", blueprintIdentifier: "app" }, '"blueprintIdentifier" is no key'],
  [{ type: "ALERT_FIRED" }, "action.trigger.event.alertIdentifier is missing"],
])("refuses the event %j", async (event, text) => {
  expect(
    (await refusal(() => createAction(s.ctx, automation("bad", event, message("/", "x"))))).message,
  ).toContain(text);
});

test("tried on a past event: conditions one by one, the payload resolved, nothing sent", async () => {
  await createAction(
    s.ctx,
    automation(
      "tried",
      { type: "ENTITY_UPDATED", blueprintIdentifier: "deploy" },
      message("/tried", "{{ .event.diff.after.title }} by {{ .secrets.NAME }}"),
      ['.diff.after.title == "still failed"', ".diff.before.title | length"],
    ),
  );
  const [event] = await auditLog(s.ctx, { entity: "d", blueprint: "deploy", resources: ["entity"] });
  const eventId = (event as { identifier: string }).identifier;
  const tested = await testAutomation(s.ctx, "tried", { eventId });
  expect(tested).toMatchObject({
    ...{ isTriggered: true, wouldRun: false },
    condition: { isMet: false, results: [{ isMet: true }, { isMet: false, value: 0 }] },
    invocation: { body: { text: expect.stringContaining("still failed by") as string } },
  });
  const given = await testAutomation(s.ctx, "tried", {
    event: { ...tested.event, context: { blueprintIdentifier: "other" } },
  });
  expect(given.isTriggered).toBe(false);
  await s.settle();
  expect(s.messages()).toEqual([]);
  expect((await refusal(() => testAutomation(s.ctx, "tried", { eventId: "event_999999" }))).code).toBe(
    "not_found",
  );
  // A moderator of the blueprint reads its entities, not what other automations sent.
  const moderator = asPerson(s.ctx, { roles: ["Member", "deploy-moderator"] });
  expect((await testAutomation(moderator, "tried", { eventId })).isTriggered).toBe(true);
  const [run] = await auditLog(s.ctx, { resources: ["run"], limit: 1 });
  const ofRun = { eventId: (run as { identifier: string }).identifier };
  expect((await testAutomation(s.ctx, "tried", ofRun)).isTriggered).toBe(false);
  expect((await refusal(() => testAutomation(moderator, "tried", ofRun))).code).toBe("not_found");
});

test("from scratch: the fold over the feed starts what was started, and nothing else", async () => {
  const { rows } = await sql<ChangeLike & { readonly seq: number }>`
    select seq, kind, action, blueprint, identifier, before, after, actor, actor_kind as "actorKind", origin, follows, at
    from change where org = ${s.ctx.org} order by seq`.execute(s.ctx.db);
  // Automations without conditions that were never changed.
  const waiting = [
    ["app-ENTITY_CREATED", "ENTITY_CREATED app"],
    ["app-ANY_ENTITY_CHANGE", "ANY_ENTITY_CHANGE app"],
    ["svc-any", "ANY_ENTITY_CHANGE svc"],
    ["part-any", "ANY_ENTITY_CHANGE part"],
    ["again", "ANY_ENTITY_CHANGE loop"],
    ["many", "ENTITY_UPDATED app"],
  ] as const;
  for (const [identifier, key] of waiting) {
    const found = await sql<{ since: number }>`
      select since from action where org = ${s.ctx.org} and identifier = ${identifier}`.execute(s.ctx.db);
    const since = found.rows[0]?.since ?? 0;
    const expected = rows.filter((row) => {
      const event = row.seq > since ? eventOf(s.ctx.org, row) : null;
      return event !== null && keysOfEvent(event).includes(key);
    });
    expect([identifier, (await s.runs(identifier)).length]).toEqual([identifier, expected.length]);
  }
  expect(triggerKey({ type: "ENTITY_CREATED", blueprintIdentifier: "app" })).toBe("ENTITY_CREATED app");
});
