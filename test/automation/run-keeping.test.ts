/** What is kept of runs and alerts, and for how long; who may approve; what is not handed to executors. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { approversOf, decideRun, getApprovers, runsToApprove } from "../../src/automation/approve-run.ts";
import { claimPending } from "../../src/automation/claim-runs.ts";
import { createAction } from "../../src/automation/define-action.ts";
import { createAlert } from "../../src/automation/alerts/define-alert.ts";
import { forgetRuns } from "../../src/automation/forget-runs.ts";
import { patchRun } from "../../src/automation/update-run.ts";
import { runAction } from "../../src/automation/run-action.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { upsertEntity } from "../../src/catalog/upsert-entity.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { forgetOld } from "../../src/storage/forget.ts";
import { insertRunLog } from "../../src/storage/runs.ts";
import { putWebhookVersions } from "../../src/storage/webhook-versions.ts";
import { asPerson, define, MERGE, refusal } from "../catalog/fixture.ts";
import { openRunHarness, type RunHarness } from "./run-harness.ts";

const DAY = 86_400_000;
let it: RunHarness;
let ann: Ctx;
let bob: Ctx;
beforeAll(async () => {
  it = await openRunHarness(() => ({ TOKEN: "s3cret-of-ours" }));
  it.answer = () => ({ status: 200 });
  await ensureSystemBlueprints(it.ctx);
  for (const email of ["ann@example.com", "bob@example.com"])
    await upsertEntity(
      it.ctx,
      "_user",
      { identifier: email, title: email, properties: { status: "Active", port_role: "Admin" } },
      MERGE,
    );
  ann = asPerson(it.ctx, { email: "ann@example.com", roles: ["Admin"] });
  bob = asPerson(it.ctx, { email: "bob@example.com", roles: ["Admin"] });
});
afterAll(() => it.close());

const count = async (table: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(
    it.ctx.db,
  );
  return rows[0]?.n ?? 0;
};
const agent = { type: "WEBHOOK", url: "https://example.com/x", agent: true };
const form = { type: "self-service", operation: "CREATE", userInputs: { properties: {} } };

test("runs that ended long ago go with their log, those that have not stay; so does what alerts told then", async () => {
  const old = await it.start("kept", agent);
  await insertRunLog(it.ctx.db, it.ctx.org, { run: old.id, message: "m", at: it.ctx.now(), by: "ci" });
  const open = await runAction(it.ctx, "secret", "kept", { body: {}, runAs: null });
  await patchRun(it.ctx, old.id, { status: "SUCCESS" });
  await define(it.ctx, "service", { load: { type: "number" } });
  await createAlert(it.ctx, {
    ...{ identifier: "load", source: { type: "property", blueprint: "service", property: "load" } },
    rule: { type: "threshold", is: "above", value: 1 },
  });
  await sql`insert into alert_event (org, alert, subject, transition, document, at)
    values (${it.ctx.org}, 'load', 's', 'FIRED', '{}', ${it.ctx.now().toISOString()}::timestamptz)`.execute(
    it.ctx.db,
  );
  it.advance(29 * DAY);
  await forgetRuns(it.ctx, 30);
  expect([await count("action_run"), await count("alert_event")]).toEqual([2, 1]);
  it.advance(2 * DAY);
  await forgetRuns(it.ctx, 30);
  expect([await count("action_run"), await count("alert_event"), await count("action_run_log")]).toEqual([
    1, 0, 0,
  ]);
  expect((await it.get(open.id)).status).toBe("IN_PROGRESS");
  await patchRun(it.ctx, open.id, { status: "SUCCESS" });
});

test("how new the state of an entity is that a webhook brought is forgotten when it is old, not before", async () => {
  const { db, org } = it.ctx;
  const version = { blueprint: "service", identifier: "a", version: "n:1", gone: false };
  await putWebhookVersions(db, org, "webhook:w:x", [version]);
  const age = (days: number) =>
    sql`update webhook_version set at = now() - make_interval(days => ${days}::int)`.execute(db);
  await age(20);
  // It came again: it is as new as that.
  await putWebhookVersions(db, org, "webhook:w:x", [{ ...version, version: "n:2" }]);
  const before = new Date(Date.now() - 14 * DAY);
  await forgetOld(db, "webhook_version", before, 10);
  expect(await count("webhook_version")).toBe(1);
  await age(20);
  await forgetOld(db, "webhook_version", before, 10);
  expect(await count("webhook_version")).toBe(0);
});

test("§3.4 approvals: whoever started a run may approve of it, unless that is forbidden; then somebody else has to", async () => {
  await createAction(it.ctx, {
    ...{ identifier: "guarded", trigger: form, requiredApproval: { type: "ALL" }, invocationMethod: agent },
  });
  const start = () => runAction(ann, "secret", "guarded", { body: {}, runAs: null });
  const free = await start();
  expect((await approversOf(it.ctx, free)).map(({ email }) => email)).toContain("ann@example.com");
  expect((await decideRun(ann, free.id, { status: "APPROVE" })).status).toBe("WAITING_FOR_APPROVAL");
  const run = await start();
  const refused = await refusal(() => decideRun(ann, run.id, { status: "APPROVE" }, "forbid"));
  expect(refused).toMatchObject({ code: "forbidden" });
  expect(refused.message).toContain("somebody else");
  expect((await runsToApprove(ann, "forbid")).map(({ id }) => id)).not.toContain(run.id);
  expect((await runsToApprove(bob, "forbid")).map(({ id }) => id)).toContain(run.id);
  const waiting = await getApprovers(it.ctx, run.id, true, "forbid");
  expect(waiting.map(({ email }) => email)).not.toContain("ann@example.com");
  // ALL are all others.
  expect((await decideRun(bob, run.id, { status: "APPROVE" }, "forbid")).status).toBe("IN_PROGRESS");
  const declined = await start();
  expect((await decideRun(ann, declined.id, { status: "DECLINE" }, "forbid")).status).toBe("DECLINED");
});

test.each([
  ["agent", agent],
  [
    "Ocean",
    {
      ...{ type: "INTEGRATION_ACTION", installationId: "gh", integrationActionType: "dispatch_workflow" },
      integrationActionExecutionProperties: { repo: "any" },
    },
  ],
  ["consumers", { type: "KAFKA" }],
])(
  "§3.7 moderators: what they wrote is not handed to %s, who have rights of their own",
  async (who, invocationMethod) => {
    const moderator = asPerson(it.ctx, { email: "mod@example.com", roles: ["Member", "service-moderator"] });
    const identifier = `by-moderator-${who}`;
    const action = { identifier, trigger: { ...form, blueprintIdentifier: "service" }, invocationMethod };
    await createAction(moderator, action);
    const { id } = await runAction(it.ctx, "secret", identifier, { body: {}, runAs: null });
    for (const installationId of ["_PORT_EXEC_AGENT", "gh", "KAFKA"])
      expect(await claimPending(it.ctx, it.means, { installationId })).not.toContainEqual(
        expect.objectContaining({ id }),
      );
    await it.carryOut();
    const run = await it.get(id);
    expect(run).toMatchObject({ status: "FAILURE" });
    expect(run.summary).toContain("an administrator can save it");
    expect(it.asked).toEqual([]);
  },
);

test("what an action names and is not there is told when it is saved", async () => {
  const automation = (identifier: string, event: object, more: object = {}) =>
    createAction(it.ctx, {
      ...{ identifier, trigger: { type: "automation", event, ...more }, invocationMethod: agent },
    });
  const told = async (made: Promise<{ warnings: readonly string[] }>) => (await made).warnings.join("\n");
  const timer = { type: "TIMER_PROPERTY_EXPIRED", blueprintIdentifier: "service" };
  expect(await told(automation("w1", { ...timer, propertyIdentifier: "ttl" }))).toContain(
    'no property "ttl"',
  );
  expect(await told(automation("w2", { ...timer, propertyIdentifier: "load" }))).toContain("no timer");
  expect(await told(automation("w3", { type: "RUN_UPDATED", actionIdentifier: "nowhere" }))).toContain(
    '"nowhere"',
  );
  const updated = { type: "ENTITY_UPDATED", blueprintIdentifier: "service" };
  const condition = {
    type: "JQ",
    expressions: [".diff.after.properties.laod > 1", ".diff.after.properties.load > 1"],
  };
  const misspelt = await told(automation("w4", updated, { condition }));
  expect(misspelt).toContain('no property "laod"');
  expect(misspelt).not.toContain('"load"');
  const upsert = {
    type: "UPSERT_ENTITY",
    blueprintIdentifier: "service",
    mapping: { properties: { laod: 1 } },
  };
  expect(
    await told(createAction(it.ctx, { identifier: "w5", trigger: form, invocationMethod: upsert })),
  ).toContain("is dropped");
  expect(await told(createAction(it.ctx, { identifier: "w6", trigger: form, invocationMethod: agent }))).toBe(
    "",
  );
});

test("an alert that would look at nothing is refused", async () => {
  const alert = (source: object) =>
    createAlert(it.ctx, {
      ...{ identifier: "bad", source, rule: { type: "threshold", is: "above", value: 1 } },
    });
  const property = { type: "property", blueprint: "service" };
  expect((await refusal(() => alert({ ...property, property: "laod" }))).message).toContain(
    '"laod" is no property',
  );
  await define(it.ctx, "texts", { name: { type: "string" } });
  const text = { type: "property", blueprint: "texts", property: "name" };
  expect((await refusal(() => alert(text))).message).toContain("only numbers can be watched");
  const timer = { type: "timer", blueprint: "texts", property: "name" };
  expect((await refusal(() => alert(timer))).message).toContain("format timer");
});
