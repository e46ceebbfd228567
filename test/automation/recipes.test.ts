/** The recipes that come with Fairway, as flows: a clock of the test's own, a real receiver. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { decideRun } from "../../src/automation/approve-run.ts";
import { createAction } from "../../src/automation/define-action.ts";
import { applyRecipe, listRecipes } from "../../src/automation/recipes/apply-recipe.ts";
import { runAction } from "../../src/automation/run-action.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { allEntities, asPerson, define, put, refusal } from "../catalog/fixture.ts";
import { openStage, type Stage } from "./automation-stage.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let s: Stage;
beforeAll(async () => {
  s = await openStage();
});
afterAll(() => s.close());

async function after(ms: number): Promise<string[]> {
  s.advance(ms);
  await s.settle();
  return s.messages();
}

test("a pull request waits 24 hours: reviewers are nudged, again, then somebody else is told; it ends with the review", async () => {
  await define(s.ctx, "pr", {
    status: { type: "string" },
    link: { type: "string", format: "url" },
    firstReviewAt: { type: "string", format: "date-time" },
  });
  const applied = await applyRecipe(s.ctx, "nudge-reviewers", {
    ...{ blueprint: "pr", url: `${s.url}/reviewers`, escalationUrl: `${s.url}/lead` },
    ...{ hours: 24, repeatHours: 12, escalateAfter: 2 },
  });
  expect(applied.properties).toEqual(["review_timer", "review_nudges"]);
  await put(s.ctx, "pr", {
    ...{ identifier: "17", title: "Faster search" },
    properties: { status: "open", link: "https://git.example.com/17" },
  });
  await put(s.ctx, "pr", { identifier: "18", title: "Reviewed", properties: { status: "open" } });
  await s.settle();
  await put(s.ctx, "pr", {
    identifier: "18",
    properties: { firstReviewAt: new Date(s.now()).toISOString() },
  });
  expect(await after(23 * HOUR)).toEqual([]);
  const nudge = expect.stringMatching(
    /^Faster search waits for a review since 2026-03-02T08:00:00.000Z https:\/\/git\.example\.com\/17$/,
  ) as string;
  expect(await after(HOUR)).toEqual([nudge]);
  expect(await after(HOUR)).toEqual([]);
  expect(await after(11 * HOUR)).toEqual([nudge]);
  const third = await after(12 * HOUR);
  expect(third.sort()).toEqual([nudge, expect.stringMatching(/2 nudges did not help/)]);
  expect(s.received.filter(({ path }) => path === "/lead")).toHaveLength(1);
  await put(s.ctx, "pr", {
    identifier: "17",
    properties: { firstReviewAt: new Date(s.now()).toISOString() },
  });
  expect(await after(10 * DAY)).toEqual([]);
});

test("an environment for five days, with approval, extended by three, ends and fires its automation", async () => {
  await define(s.ctx, "environment", { ttl: { type: "string", format: "timer" } });
  await applyRecipe(s.ctx, "environment-expiry", { url: `${s.url}/take-down` });
  await createAction(s.ctx, {
    ...{ identifier: "spin-up", title: "Spin up an environment", publish: true, requiredApproval: true },
    trigger: {
      ...{ type: "self-service", operation: "CREATE", blueprintIdentifier: "environment" },
      userInputs: { properties: { name: { type: "string" } }, required: ["name"] },
    },
    invocationMethod: {
      ...{ type: "UPSERT_ENTITY", blueprintIdentifier: "environment" },
      mapping: {
        identifier: "{{ .inputs.name }}",
        properties: { ttl: "{{ now + 5 * 86400 | todate }}", status: "Running" },
      },
    },
  });
  await createAction(s.ctx, {
    ...{ identifier: "extend", title: "Extend by three days", publish: true },
    trigger: {
      ...{ type: "self-service", operation: "DAY-2", blueprintIdentifier: "environment" },
      userInputs: { properties: {} },
    },
    invocationMethod: {
      ...{ type: "UPSERT_ENTITY", blueprintIdentifier: "environment" },
      mapping: {
        identifier: "{{ .entity.identifier }}",
        properties: { ttl: "{{ .entity.properties.ttl | fromdate + 3 * 86400 | todate }}" },
      },
    },
  });
  const start = (action: string, body: JsonObject) =>
    runAction(s.ctx, "secret", action, { body, runAs: null });
  const run = await start("spin-up", { properties: { name: "demo" } });
  await s.settle();
  expect([run.status, await allEntities(s.ctx, "environment")]).toEqual(["WAITING_FOR_APPROVAL", []]);
  await decideRun(asPerson(s.ctx, { email: "boss@example.com", roles: ["Admin"] }), run.id, {
    status: "APPROVE",
  });
  const begun = s.now();
  await s.settle();
  const [environment] = await allEntities(s.ctx, "environment");
  expect(Date.parse(String(environment?.properties["ttl"]))).toBe(begun + 5 * DAY);
  expect(await after(4 * DAY)).toEqual([]);
  await start("extend", { entity: "demo", properties: {} });
  await s.settle();
  expect(await after(3 * DAY)).toEqual([]);
  const [ended] = await after(DAY);
  expect(JSON.parse(ended ?? "")).toMatchObject({ environment: { identifier: "demo" } });
  expect(await after(5 * DAY)).toEqual([]);
  const [expired] = await allEntities(s.ctx, "environment");
  expect(expired?.properties["status"]).toBe("Expired");
});

test("a failed deployment: one message, one incident, however often it is written", async () => {
  await define(s.ctx, "deployment", { deploymentStatus: { type: "string" } });
  await define(s.ctx, "incident", { status: { type: "string" } });
  await applyRecipe(s.ctx, "failed-deployment-message", { url: `${s.url}/failed` });
  await applyRecipe(s.ctx, "incident-from-failed-deployment", {});
  await put(s.ctx, "deployment", { identifier: "d1", properties: { deploymentStatus: "Failed" } });
  await put(s.ctx, "deployment", { identifier: "d1", title: "Shop 1.2" });
  await put(s.ctx, "deployment", { identifier: "d2", properties: { deploymentStatus: "Success" } });
  expect(await after(0)).toEqual(["Deployment d1 failed"]);
  expect(
    (await allEntities(s.ctx, "incident")).map(({ identifier, properties }) => [identifier, properties]),
  ).toEqual([["deployment-d1", { status: "open" }]]);
});

test("a stale pull request is told of once, and again when it stands still once more", async () => {
  await define(s.ctx, "merge", { status: { type: "string" }, link: { type: "string" } });
  await applyRecipe(s.ctx, "stale-pull-request", { blueprint: "merge", days: 7, url: `${s.url}/stale` });
  await put(s.ctx, "merge", { identifier: "m", title: "Old", properties: { status: "open" } });
  await s.settle();
  expect(await after(6 * DAY)).toEqual([]);
  await put(s.ctx, "merge", { identifier: "m", title: "Older" });
  await s.settle();
  expect(await after(6 * DAY)).toEqual([]);
  expect(await after(DAY)).toEqual([expect.stringMatching(/^Older has not changed for 7 days/)]);
  expect(await after(30 * DAY)).toEqual([]);
});

test("twice is once; parameters are checked; each recipe can be made with its defaults and an address", async () => {
  const again = await applyRecipe(s.ctx, "stale-pull-request", { blueprint: "merge", url: `${s.url}/stale` });
  expect(again.automations.map(({ action }) => action)).toEqual(["unchanged", "unchanged"]);
  const refused = async (parameters: unknown) =>
    (await refusal(() => applyRecipe(s.ctx, "nudge-reviewers", parameters))).message;
  expect(await refused({ url: "x", colour: "red" })).toContain('"colour" is no parameter');
  expect(await refused({})).toContain("parameters.url is missing");
  expect(await refused({ url: "x", hours: -1 })).toContain("must be greater than 0");
  expect(await refused({ url: 'x" or "' })).toContain("must not hold quotes");
  expect(await refused({ url: "x", blueprint: "nowhere" })).toContain('"nowhere" was not found');
  expect((await refusal(() => applyRecipe(s.ctx, "nothing", {}))).code).toBe("not_found");
  await define(s.ctx, "githubPullRequest");
  for (const { identifier, parameters } of listRecipes()) {
    const needed = parameters
      .filter((one) => one.default === undefined)
      .map(({ name }) => [name, "{{ .secrets.URL }}"]);
    expect(
      (await applyRecipe(s.ctx, identifier, Object.fromEntries(needed))).automations.length,
    ).toBeGreaterThan(0);
  }
});
