/** What follows from scorecards: initiatives, and events of results of rules; over a real database and a real receiver, with a clock of the test's own. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  createInitiative,
  getInitiative,
  getInitiatives,
  initiativeProgress,
  removeInitiative,
  replaceInitiative,
} from "../../src/automation/initiatives/define-initiative.ts";
import { openTeams } from "../../src/automation/initiatives/count-initiative.ts";
import { initiativeOf } from "../../src/automation/initiatives/initiative-round.ts";
import { createAction } from "../../src/automation/define-action.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { renameMember } from "../../src/catalog/rename-blueprint.ts";
import { changePermissions } from "../../src/catalog/permissions.ts";
import { createScorecard, replaceScorecard, replaceScorecards } from "../../src/catalog/scorecards.ts";
import { allBlueprints } from "../../src/catalog/search-catalog.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import type { JsonObject } from "../../src/model/json.ts";
import { listActions } from "../../src/storage/actions.ts";
import { forgetProgress, keepProgress, readInitiative, readProgress } from "../../src/storage/initiatives.ts";
import { asPerson, define, put, refusal } from "../catalog/fixture.ts";
import { openStage, type Stage } from "./automation-stage.ts";

const DAY = 86_400_000;
let s: Stage;

beforeAll(async () => {
  s = await openStage();
  await ensureSystemBlueprints(s.ctx);
  for (const team of ["red", "blue"]) await put(s.ctx, "_team", { identifier: team, title: team });
  const people = [
    ["anna@example.com", "red"],
    ["bert@example.com", "blue"],
  ] as const;
  for (const [identifier, team] of people)
    await put(s.ctx, "_user", { identifier, team: [team], properties: { status: "Active" } });
  await define(
    s.ctx,
    "service",
    { owner: { type: "string" }, tier: { type: "number" } },
    { ownership: { type: "Direct" } },
  );
  await createScorecard(s.ctx, "service", {
    ...{ identifier: "ready", title: "Ready" },
    rules: [
      rule("owned", "Bronze", { property: "owner", operator: "isNotEmpty" }),
      rule("tiered", "Silver", { property: "tier", operator: ">=", value: 1 }),
    ],
  });
  for (const [identifier, team, tier] of [
    ["shop", "red", 1],
    ["mail", "blue", 1],
    ["wiki", "blue", 9],
  ] as const)
    await put(s.ctx, "service", {
      identifier,
      title: identifier.toUpperCase(),
      team: [team],
      properties: { tier },
    });
});
afterAll(() => s.close());

const rule = (identifier: string, level: string, ...conditions: object[]) => ({
  ...{ identifier, title: identifier, level, query: { combinator: "and", conditions } },
});
const SILVER: JsonObject = {
  ...{ identifier: "silver", title: "Everybody Silver", blueprint: "service", scorecard: "ready" },
  ...{ level: "Silver", team: "red", dueDate: "2026-03-31" },
  query: { combinator: "and", rules: [{ property: "tier", operator: "<", value: 5 }] },
  reminders: { daysBefore: [7, 1], overdue: "week" },
  recipients: { owners: true, slack: "" },
};

test("§5.5 initiatives: counted over their scope, and how far they had come is kept", async () => {
  const sent = { ...SILVER, recipients: { owners: true, slack: `${s.url}/slack` } };
  expect(await createInitiative(s.ctx, sent)).toMatchObject({
    ...sent,
    ...{ status: "open", total: null, done: null },
    automations: ["initiative:silver:email", "initiative:silver:slack"],
  });
  await s.settle();
  expect(await getInitiative(s.ctx, "silver")).toMatchObject({ total: 2, done: 0, status: "open" });
  s.advance(DAY);
  await put(s.ctx, "service", { identifier: "shop", properties: { owner: "x" } });
  await s.settle();
  const progress = await initiativeProgress(s.ctx, "silver");
  expect(progress).toMatchObject({
    ...{ total: 2, done: 1 },
    points: [
      { at: "2026-03-02T08:00:00.000Z", total: 2, done: 0 },
      { at: "2026-03-03T08:00:00.000Z", total: 2, done: 1 },
    ],
  });
  expect(s.mails).toEqual([]);
});

test("§5.5 initiatives: reminds before it is due, each moment once, late once for all that were missed", async () => {
  // Due at the end of the 31st: a week before is the beginning of the 25th.
  s.advance(Date.parse("2026-03-24T23:00:00Z") - s.now());
  await s.settle();
  expect(s.messages()).toEqual([]);
  s.advance(2 * 3_600_000);
  await s.settle();
  const [text = ""] = s.messages("/slack");
  expect(text).toBe(
    [
      ...[
        "Everybody Silver",
        "1 of 2 have not reached Silver in ready yet; it is due on 2026-03-31, in 7 days.",
      ],
      ...["• MAIL", "Details: https://portal.example.com/initiatives/silver"],
    ].join("\n"),
  );
  // The team that answers for it, and that of what is not there yet.
  expect(s.mails.map(({ to }) => to)).toEqual([["anna@example.com", "bert@example.com"]]);
  await s.settle();
  s.advance(DAY);
  await s.settle();
  expect(s.messages()).toEqual([]);
  // Nothing ran for three weeks: of several moments there is one message.
  s.advance(Date.parse("2026-04-16T08:00:00Z") - s.now());
  await s.settle();
  const late = s.messages("/slack");
  expect(late).toHaveLength(1);
  expect(late[0]).toContain("it was due on 2026-03-31, 15 days ago.");
  expect(await getInitiative(s.ctx, "silver")).toMatchObject({ status: "overdue" });
});

test("§5.5 initiatives: tells when all are there, and of nothing more", async () => {
  await put(s.ctx, "service", { identifier: "mail", properties: { owner: "x" } });
  await s.settle();
  expect(s.messages("/slack")).toEqual([
    expect.stringContaining("Reached: Everybody Silver\nAll 2 have reached Silver in ready."),
  ]);
  expect(await getInitiative(s.ctx, "silver")).toMatchObject({ status: "reached", total: 2, done: 2 });
  s.advance(30 * DAY);
  await s.settle();
  expect(s.messages()).toEqual([]);
});

test("§5.5 initiatives: rules instead of a level; another goal is counted anew; a scorecard's new name is followed", async () => {
  const body = { ...SILVER, level: null, rules: ["owned", "tiered"], query: null, recipients: {} };
  await replaceInitiative(s.ctx, "silver", body);
  expect(await getInitiative(s.ctx, "silver")).toMatchObject({
    total: null,
    automations: ["initiative:silver:email"],
  });
  await s.settle();
  expect(await getInitiative(s.ctx, "silver")).toMatchObject({ total: 3, done: 2 });
  expect(await initiativeProgress(s.ctx, "silver")).toMatchObject({ points: [{ total: 3, done: 2 }] });
  const actions = await listActions(s.ctx.db, s.ctx.org, { triggerType: "automation" });
  expect(actions.map(({ identifier }) => identifier)).toEqual(["initiative:silver:email"]);
  await replaceScorecard(s.ctx, "service", "ready", {
    ...{ identifier: "steady", title: "Steady" },
    rules: [
      rule("owned", "Bronze", { property: "owner", operator: "isNotEmpty" }),
      rule("tiered", "Silver", { property: "tier", operator: ">=", value: 1 }),
    ],
  });
  await s.settle();
  expect(await getInitiative(s.ctx, "silver")).toMatchObject({ scorecard: "steady" });
});

test("§5.5 initiatives: the rules that say which entities it is about follow renames", async () => {
  const scoped = { ...SILVER, identifier: "scoped", scorecard: "steady", recipients: {} };
  await createInitiative(s.ctx, scoped);
  await s.settle();
  const before = await getInitiative(s.ctx, "scoped");
  await renameMember(s.ctx, "service", "property", { from: "tier", to: "grade", field: "identifier" });
  await changeBlueprint(s.ctx, "service", { identifier: "component" });
  await s.settle();
  expect(await getInitiative(s.ctx, "scoped")).toMatchObject({
    ...{ blueprint: "component", total: before["total"], updatedAt: before["updatedAt"] },
    query: { combinator: "and", rules: [{ property: "grade", operator: "<", value: 5 }] },
  });
  await changeBlueprint(s.ctx, "component", { identifier: "service" });
  await renameMember(s.ctx, "service", "property", { from: "grade", to: "tier", field: "identifier" });
  await removeInitiative(s.ctx, "scoped");
});

test("§5.5 initiatives: members read them without recipients, and numbers of what they may read", async () => {
  const member = asPerson(s.ctx, { teams: ["red"] });
  expect((await getInitiatives(member))[0]).toMatchObject({ identifier: "silver", total: 3 });
  expect((await getInitiatives(member))[0]).not.toHaveProperty("recipients");
  await changePermissions(s.ctx, "service", {
    entities: { read: { roles: ["Admin"], users: [], teams: [], ownedByTeam: true } },
  });
  expect((await getInitiatives(member))[0]).not.toHaveProperty("total");
  expect(await initiativeProgress(member, "silver")).toMatchObject({ total: 1, points: [] });
  const nobody = asPerson(s.ctx, { email: "no@example.com" });
  expect(await getInitiatives(nobody)).toEqual([]);
  expect(await refusal(() => getInitiative(nobody, "silver"))).toMatchObject({ code: "not_found" });
});

test("§5.5 initiatives: what is wrong is named", async () => {
  const refused = async (change: JsonObject): Promise<string> =>
    (
      await refusal(() =>
        createInitiative(s.ctx, {
          ...SILVER,
          scorecard: "steady",
          level: "Bronze",
          identifier: "x",
          ...change,
        }),
      )
    ).message;
  expect(await refused({ level: "Basic" })).toContain('initiative.level "Basic" is the base level');
  expect(await refused({ level: "Platinum" })).toContain("is not one of the levels");
  expect(await refused({ level: null })).toContain("one of them, not both");
  expect(await refused({ level: null, rules: ["none"] })).toContain(
    '"none" is no rule of scorecard "steady"',
  );
  expect(await refused({ dueDate: "31.3.2026" })).toContain("initiative.dueDate");
  expect(await refused({ team: null })).toContain("must say who answers for it");
  expect(await refused({ team: "green" })).toContain('"green" was not found');
  expect(await refused({ scorecard: "none" })).toContain('"none" was not found');
  expect(await refused({ reminders: { daysBefore: [-1] } })).toContain("daysBefore[0] -1");
  expect(await refused({ query: { combinator: "and", rules: [{ property: "x" }] } })).toContain(
    "initiative.query",
  );
  expect(await refused({ recipients: { emails: ["anna"] } })).toContain("emails[0]");
  await removeInitiative(s.ctx, "silver");
  expect(await getInitiatives(s.ctx)).toEqual([]);
  expect(await listActions(s.ctx.db, s.ctx.org, { triggerType: "automation" })).toEqual([]);
});

test("§4.3 scorecard degraded: a result that is not passed any more is an event of _rule_result, once", async () => {
  await replaceScorecard(s.ctx, "service", "steady", {
    ...{ title: "Steady" },
    rules: [
      rule("owned", "Bronze", { property: "owner", operator: "isNotEmpty" }),
      rule("tiered", "Silver", { property: "tier", operator: ">=", value: 1 }),
    ],
  });
  await s.settle();
  await createAction(s.ctx, {
    ...{ identifier: "degraded", publish: true },
    trigger: {
      type: "automation",
      event: { type: "ENTITY_UPDATED", blueprintIdentifier: "_rule_result" },
      condition: {
        type: "JQ",
        expressions: [
          '.diff.before.properties.result == "Passed"',
          '.diff.after.properties.result == "Not passed"',
        ],
      },
    },
    invocationMethod: {
      ...{ type: "SLACK", url: `${s.url}/degraded`, synchronized: true },
      body: {
        text: "{{ .event.diff.after.title }} of {{ .event.diff.after.properties.entity }} ({{ .event.diff.after.team[0] }}): {{ .event.context.entityIdentifier }}",
      },
    },
  });
  await put(s.ctx, "service", { identifier: "shop", properties: { owner: "y" } });
  await s.settle();
  expect(s.messages("/degraded")).toEqual([]);
  // One write, two rules.
  await put(s.ctx, "service", { identifier: "shop", properties: { owner: null, tier: 0 } });
  await s.settle();
  expect(s.messages("/degraded").sort()).toEqual([
    "owned of shop (red): steady:owned:shop",
    "tiered of shop (red): steady:tiered:shop",
  ]);
  await put(s.ctx, "service", { identifier: "shop", properties: { owner: "z" } });
  await s.settle();
  expect(s.messages("/degraded")).toEqual([]);
});

test("§5.5 initiatives: what its scorecard has no more cannot be reached: that is said, and nobody is reminded", async () => {
  const bronze = rule("owned", "Bronze", { property: "owner", operator: "isNotEmpty" });
  const silver = rule("tiered", "Silver", { property: "tier", operator: ">=", value: 1 });
  const steady = { identifier: "steady", title: "Steady", rules: [bronze, silver] };
  const due = new Date(s.now() + 10 * DAY).toISOString().slice(0, 10);
  await createInitiative(s.ctx, {
    ...SILVER,
    ...{ identifier: "late", scorecard: "steady", dueDate: due, query: null },
    recipients: { owners: true, slack: `${s.url}/late` },
  });
  await s.settle();
  const counted = await getInitiative(s.ctx, "late");
  expect(counted).toMatchObject({ total: 3, status: "open" });
  expect(counted).not.toHaveProperty("problem");
  const levels = ["Basic", "Bronze"].map((title) => ({ title, color: "bronze" }));
  await replaceScorecard(s.ctx, "service", "steady", { ...steady, levels, rules: [bronze] });
  s.advance(15 * DAY);
  await s.settle();
  expect(s.messages("/late")).toEqual([]);
  expect(await getInitiative(s.ctx, "late")).toMatchObject({
    problem: 'level "Silver" is not one of the levels "Basic", "Bronze" of scorecard "steady"',
    ...{ total: counted["total"], done: counted["done"], countedAt: counted["countedAt"] },
  });
  expect(await initiativeProgress(s.ctx, "late")).toMatchObject({ total: 3, open: null });
  await replaceScorecard(s.ctx, "service", "steady", steady);
  await s.settle();
  expect(s.messages("/late")).toHaveLength(1);
  expect(await getInitiative(s.ctx, "late")).not.toHaveProperty("problem");
  // Another scorecard in its place is another scorecard.
  await replaceScorecards(s.ctx, "service", [{ ...steady, identifier: "other" }]);
  await s.settle();
  expect(await getInitiative(s.ctx, "late")).toMatchObject({
    ...{ scorecard: "steady", problem: 'scorecard "steady" is gone', total: 3 },
  });
});

test("§5.5 initiatives: all teams that own what is open are told, and long progress is thinned and forgotten", async () => {
  const plan = (await allBlueprints(s.ctx)).get("service");
  const [scorecard] = plan?.scorecards ?? [];
  if (scorecard === undefined) throw new Error("service has a scorecard");
  const row = await readInitiative(s.ctx.db, s.ctx.org, "late");
  if (row === null) throw new Error("it is there");
  const initiative = initiativeOf({ ...row, scorecard: "other" });
  await put(s.ctx, "service", { identifier: "mail", properties: { owner: null } });
  // In pages of one.
  expect([...(await openTeams(s.ctx, initiative, scorecard, 1))].sort()).toEqual(["blue", "red"]);
  const { db, org } = s.ctx;
  const start = s.now() + DAY;
  for (let hour = 0; hour < 9; hour++)
    await keepProgress(db, org, "late", { total: 9, done: hour }, new Date(start + hour * 3_600_000));
  const done = async (limit: number) => (await readProgress(db, org, "late", limit)).map((one) => one.done);
  const all = await done(100);
  expect(all.slice(-9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  const some = await done(3);
  expect([some.length, some[0], some.at(-1)]).toEqual([4, all[0], 8]);
  expect(await forgetProgress(db, org, new Date(start + 7 * 3_600_000), 1000)).toBe(false);
  expect(await done(100)).toEqual([7, 8]);
});
