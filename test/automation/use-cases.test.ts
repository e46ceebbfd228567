/** The use cases of workflows.md §4.3 as flows: a clock of the test's own, a real receiver. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAction } from "../../src/automation/define-action.ts";
import { runAction } from "../../src/automation/run-action.ts";
import { patchRun } from "../../src/automation/update-run.ts";
import { createScorecard } from "../../src/catalog/scorecards.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { allEntities, define, put } from "../catalog/fixture.ts";
import { openStage, type Stage } from "./automation-stage.ts";

const DAY = 86_400_000;
let s: Stage;
beforeAll(async () => {
  s = await openStage();
  await ensureSystemBlueprints(s.ctx);
});
afterAll(() => s.close());

const automation = (
  identifier: string,
  event: JsonObject,
  invocationMethod: JsonObject,
  expressions: readonly string[] = [],
) =>
  createAction(s.ctx, {
    ...{ identifier, publish: true, invocationMethod },
    trigger: {
      ...{ type: "automation", event },
      ...(expressions.length === 0 ? {} : { condition: { type: "JQ", expressions: [...expressions] } }),
    },
  });
const slack = (url: string, text: string): JsonObject => ({ type: "SLACK", url, body: { text } });
const settled = async (): Promise<string[]> => {
  await s.settle();
  return s.messages();
};

test("§4.3 overdue pull request §4.3 mark notified: once, to the address that the service shows", async () => {
  await define(s.ctx, "service", { slack: { type: "string", format: "url" } });
  await define(
    s.ctx,
    "pr",
    {
      ...{ status: { type: "string" }, isNotificationSent: { type: "boolean" } },
      prOpenTimer: { type: "string", format: "timer" },
    },
    {
      relations: { service: { target: "service" } },
      mirrorProperties: { slackUrl: { path: "service.slack" } },
    },
  );
  const event = {
    type: "TIMER_PROPERTY_EXPIRED",
    blueprintIdentifier: "pr",
    propertyIdentifier: "prOpenTimer",
  };
  const isOpen = [
    '.diff.after.properties.status == "open"',
    ".diff.after.properties.isNotificationSent != true",
  ];
  await automation(
    "overdue",
    event,
    slack("{{ .event.diff.after.properties.slackUrl }}", "{{ .event.context.entityIdentifier }}"),
    isOpen,
  );
  const mapping = {
    identifier: "{{ .event.context.entityIdentifier }}",
    properties: { isNotificationSent: true },
  };
  await automation("notified", event, { type: "UPSERT_ENTITY", blueprintIdentifier: "pr", mapping }, isOpen);
  await put(s.ctx, "service", { identifier: "shop", properties: { slack: `${s.url}/shop-channel` } });
  const prOpenTimer = new Date(s.now() + 3 * DAY).toISOString();
  for (const [identifier, status] of [
    ["17", "open"],
    ["18", "merged"],
  ])
    await put(s.ctx, "pr", {
      identifier,
      properties: { status, prOpenTimer },
      relations: { service: "shop" },
    });
  expect(await settled()).toEqual([]);
  s.advance(3 * DAY);
  expect(await settled()).toEqual(["17"]);
  expect(s.received.at(-1)?.path).toBe("/shop-channel");
  const marked = (await allEntities(s.ctx, "pr")).map(({ properties }) => properties["isNotificationSent"]);
  expect(marked).toEqual([true, null]);
  // Another timer of a pull request that was told of already.
  await put(s.ctx, "pr", {
    identifier: "17",
    properties: { prOpenTimer: new Date(s.now() + 1).toISOString() },
  });
  s.advance(DAY);
  expect(await settled()).toEqual([]);
});

test("§4.3 nudge reviewers: an action of open pull requests that names them", async () => {
  await define(s.ctx, "githubPullRequest", { status: { type: "string" }, reviewers: { type: "array" } });
  await createAction(s.ctx, {
    identifier: "nudge",
    trigger: {
      ...{ type: "self-service", operation: "DAY-2", blueprintIdentifier: "githubPullRequest" },
      userInputs: { properties: {} },
      condition: {
        type: "SEARCH",
        combinator: "and",
        rules: [{ property: "status", operator: "=", value: "open" }],
      },
    },
    invocationMethod: slack(
      `${s.url}/nudge`,
      '{{ .entity.title }}: {{ .entity.properties.reviewers | join(", ") }}',
    ),
  });
  for (const [identifier, status] of [
    ["1", "open"],
    ["2", "closed"],
  ])
    await put(s.ctx, "githubPullRequest", {
      identifier,
      title: `PR ${identifier}`,
      properties: { status, reviewers: ["ann", "bob"] },
    });
  const run = (entity: string) => runAction(s.ctx, "secret", "nudge", { body: { entity }, runAs: null });
  await run("1");
  await expect(run("2")).rejects.toThrow("does not meet the condition");
  expect(await settled()).toEqual(["PR 1: ann, bob"]);
});

test("§4.3 failed deployment run: the run of a deployment fails, and is told", async () => {
  await createAction(s.ctx, {
    identifier: "deploy",
    trigger: { type: "self-service", operation: "CREATE", userInputs: { properties: {} } },
    invocationMethod: { type: "WEBHOOK", url: "https://example.com/x", agent: true },
  });
  await automation(
    "deploy-failed",
    { type: "RUN_UPDATED", actionIdentifier: "deploy" },
    slack(`${s.url}/failed`, "{{ .event.diff.after.action.identifier }} {{ .event.diff.after.summary }}"),
    ['.diff.after.status == "FAILURE"', '.diff.before.status != "FAILURE"'],
  );
  const start = () => runAction(s.ctx, "secret", "deploy", { body: {}, runAs: null });
  const [bad, good] = [await start(), await start()];
  await patchRun(s.ctx, bad.id, { status: "FAILURE", summary: "tests fail" });
  await patchRun(s.ctx, good.id, { status: "SUCCESS" });
  expect(await settled()).toEqual(["deploy tests fail"]);
});

test("§4.3 status change §4.2 payload: from one to another is told once; what stays is not", async () => {
  await define(s.ctx, "incident", { status: { type: "string" } });
  await automation(
    "incident-status",
    { type: "ENTITY_UPDATED", blueprintIdentifier: "incident" },
    slack(
      `${s.url}/incident`,
      "{{ .event.diff.before.properties.status }} → {{ .event.diff.after.properties.status }} {{ .inputs }} {{ .trigger.origin }}",
    ),
    [".diff.before.properties.status != .diff.after.properties.status"],
  );
  for (const status of ["triggered", "triggered", "resolved"])
    await put(s.ctx, "incident", { identifier: "i", title: `is ${status}`, properties: { status } });
  await put(s.ctx, "incident", { identifier: "i", title: "Other title" });
  expect(await settled()).toEqual(["triggered → resolved null AUTOMATION"]);
});

test("§4.3 below benchmark: the level of a service falls, and its manager is told", async () => {
  await define(s.ctx, "app", { frequency: { type: "number" } });
  const conditions = [{ property: "frequency", operator: ">=", value: 7 }];
  await createScorecard(s.ctx, "app", {
    ...{ identifier: "dora", title: "DORA" },
    levels: [
      { title: "Basic", color: "red" },
      { title: "Gold", color: "gold" },
    ],
    rules: [{ identifier: "often", title: "Often", level: "Gold", query: { combinator: "and", conditions } }],
  });
  await automation(
    "below",
    { type: "ENTITY_UPDATED", blueprintIdentifier: "app" },
    slack(
      `${s.url}/below`,
      "{{ .event.diff.before.scorecards.dora.level }} → {{ .event.diff.after.scorecards.dora.level }}",
    ),
    ['.diff.before.scorecards.dora.level == "Gold"', '.diff.after.scorecards.dora.level != "Gold"'],
  );
  await put(s.ctx, "app", { identifier: "a", properties: { frequency: 9 } });
  await put(s.ctx, "app", { identifier: "a", properties: { frequency: 8 } });
  expect(await settled()).toEqual([]);
  await put(s.ctx, "app", { identifier: "a", properties: { frequency: 1 } });
  expect(await settled()).toEqual(["Gold → Basic"]);
});

test("§4.3 DORA events: hidden events become deployments that outlive them", async () => {
  await define(s.ctx, "dora_deployment_event", {
    status: { type: "string" },
    deployment_time: { type: "string", format: "date-time" },
  });
  await define(s.ctx, "deployment", {
    status: { type: "string" },
    at: { type: "string", format: "date-time" },
  });
  for (const type of ["ENTITY_CREATED", "ENTITY_UPDATED"])
    await automation(
      `copy-${type}`,
      { type, blueprintIdentifier: "dora_deployment_event" },
      {
        ...{ type: "UPSERT_ENTITY", blueprintIdentifier: "deployment" },
        mapping: {
          identifier: "{{ .event.diff.after.identifier }}",
          properties: {
            status: "{{ .event.diff.after.properties.status }}",
            at: "{{ .event.diff.after.properties.deployment_time }}",
          },
        },
      },
    );
  const at = "2026-03-01T00:00:00.000Z";
  await put(s.ctx, "dora_deployment_event", {
    identifier: "d",
    properties: { status: "running", deployment_time: at },
  });
  await s.settle();
  await put(s.ctx, "dora_deployment_event", { identifier: "d", properties: { status: "success" } });
  await s.settle();
  expect((await allEntities(s.ctx, "deployment")).map(({ properties }) => properties)).toEqual([
    { status: "success", at },
  ]);
});

test("§4.3 end of an environment: its timer starts a workflow", async () => {
  Object.assign(s.secrets, { GITHUB_TOKEN: "ghp_secret", GITHUB_API_URL: s.url });
  await define(s.ctx, "environment", { ttl: { type: "string", format: "timer" } });
  await automation(
    "take-down",
    { type: "TIMER_PROPERTY_EXPIRED", blueprintIdentifier: "environment", propertyIdentifier: "ttl" },
    {
      ...{ type: "GITHUB", org: "acme", repo: "infra", workflow: "down.yml", branch: "main" },
      workflowInputs: { environment: "{{ .event.context.entityIdentifier }}" },
    },
  );
  await put(s.ctx, "environment", {
    identifier: "demo",
    properties: { ttl: new Date(s.now() + DAY).toISOString() },
  });
  await settled();
  s.advance(DAY);
  await settled();
  expect(s.received.filter(({ path }) => path.endsWith("/down.yml/dispatches"))).toMatchObject([
    {
      path: "/repos/acme/infra/actions/workflows/down.yml/dispatches",
      body: { ref: "main", inputs: { environment: "demo" } },
    },
  ]);
});
