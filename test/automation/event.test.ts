/** Events of automations (workflows.md §4.1) and their conditions (§4.2), as pure functions. */
import { expect, test } from "vitest";
import { compileCondition } from "../../src/automation/condition.ts";
import { type ChangeLike, eventOf, keysOfEvent, triggerKey } from "../../src/model/automation-event.ts";
import { refusal } from "../catalog/fixture.ts";

const ROW: ChangeLike = {
  ...{ kind: "entity", action: "UPDATE", blueprint: "deployment", identifier: "d1" },
  before: { identifier: "d1", properties: { status: "Running", slackUrl: "https://a" } },
  after: { identifier: "d1", properties: { status: "Failure", slackUrl: "https://a" } },
  ...{ actor: "client", actorKind: "machine", origin: "API", follows: false },
  at: new Date("2026-03-01T10:00:00.000Z"),
};
const NOW = new Date("2026-03-01T12:00:00Z");

test("§4.2 the event has action, resourceType, trigger, context and both states with derived values", () => {
  expect(eventOf("org", ROW)).toEqual({
    ...{ action: "UPDATE", resourceType: "entity" },
    trigger: { by: { orgId: "org", userId: "client" }, origin: "API", at: "2026-03-01T10:00:00.000Z" },
    context: { blueprintIdentifier: "deployment", entityIdentifier: "d1" },
    diff: { before: ROW.before, after: ROW.after },
  });
});

test("§4.1: rows that only follow, that change nothing, or are of definitions are no events", () => {
  expect(eventOf("org", { ...ROW, follows: true })).toBeNull();
  expect(eventOf("org", { ...ROW, after: ROW.before })).toBeNull();
  expect(eventOf("org", { ...ROW, kind: "blueprint" })).toBeNull();
  expect(eventOf("org", { ...ROW, kind: "scorecard" })).toBeNull();
});

test.each<[string, Partial<ChangeLike>, object[]]>([
  [
    "a change",
    {},
    [
      { type: "ENTITY_UPDATED", blueprintIdentifier: "deployment" },
      { type: "ANY_ENTITY_CHANGE", blueprintIdentifier: "deployment" },
      { type: "CHANGELOG", blueprintIdentifier: "deployment" },
    ],
  ],
  [
    "a creation",
    { action: "CREATE", before: null },
    [
      { type: "ENTITY_CREATED", blueprintIdentifier: "deployment" },
      { type: "ANY_ENTITY_CHANGE", blueprintIdentifier: "deployment" },
      { type: "CHANGELOG", blueprintIdentifier: "deployment" },
    ],
  ],
  [
    "a deletion",
    { action: "DELETE", after: null },
    [
      { type: "ENTITY_DELETED", blueprintIdentifier: "deployment" },
      { type: "ANY_ENTITY_CHANGE", blueprintIdentifier: "deployment" },
      { type: "CHANGELOG", blueprintIdentifier: "deployment" },
    ],
  ],
  [
    "a timer",
    { kind: "timer", action: "TIMER_EXPIRED", before: { propertyIdentifier: "ttl", expiredAt: "x" } },
    [
      { type: "TIMER_PROPERTY_EXPIRED", blueprintIdentifier: "deployment", propertyIdentifier: "ttl" },
      { type: "CHANGELOG", blueprintIdentifier: "deployment" },
    ],
  ],
  [
    "a run",
    { kind: "run", blueprint: null, identifier: "r_1", after: { action: { identifier: "deploy" } } },
    [
      { type: "RUN_UPDATED", actionIdentifier: "deploy" },
      { type: "ANY_RUN_CHANGE", actionIdentifier: "deploy" },
    ],
  ],
])("§4.1: the triggers of %s", (_name, change, triggers) => {
  const event = eventOf("org", { ...ROW, ...change });
  expect(event === null ? [] : keysOfEvent(event)).toEqual(
    triggers.map((one) => triggerKey(one as Record<string, unknown>)),
  );
});

test("§4.2 conditions: each expression must give true; and, or; what fails or gives something else does not count", () => {
  const event = eventOf("org", ROW);
  const test = (expressions: string[], combinator?: string) =>
    compileCondition({ type: "JQ", expressions, ...(combinator && { combinator }) }).test(event, NOW);
  const changed = ".diff.before.properties.status != .diff.after.properties.status";
  expect(test([changed, '.diff.after.properties.status == "Failure"']).isMet).toBe(true);
  expect(test([changed, ".diff.after.properties.status"]).isMet).toBe(false);
  expect(test([changed, "false"], "or").isMet).toBe(true);
  expect(test([]).isMet).toBe(true);
  expect(
    test(['.diff.after.properties.slackUrl | startswith("https")', ".trigger.at < (now | todate)"]).isMet,
  ).toBe(true);
  const [broken] = test(['error("no")']).results;
  expect(broken).toMatchObject({ isMet: false, problem: expect.stringContaining("no") as string });
  const [endless] = test(["last(range(1e12)) > 0"]).results;
  expect(endless?.isMet).toBe(false);
  expect(endless?.problem).toMatch(/steps/);
});

test.each<[unknown, string]>([
  ["x", "trigger.condition must be an object"],
  [{ type: "SEARCH" }, "trigger.condition.type"],
  [{ type: "JQ" }, "trigger.condition.expressions must be a list"],
  [{ type: "JQ", expressions: ["."], combinator: "xor" }, "combinator"],
  [{ type: "JQ", expressions: [".", ".a ||"] }, "trigger.condition.expressions[1] is no jq expression"],
])("refuses %j", async (condition, message) => {
  expect((await refusal(() => compileCondition(condition))).message).toContain(message);
});
