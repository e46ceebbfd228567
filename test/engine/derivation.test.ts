import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { auditLog } from "../../src/catalog/audit-log.ts";
import {
  checkDerived,
  derivationMetrics,
  derivationOf,
  noteSample,
  rebuildDerived,
} from "../../src/catalog/derivation.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { putEntity } from "../../src/catalog/put-entity.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { ensureSystemBlueprints } from "../../src/catalog/system-blueprints.ts";
import { renameMember } from "../../src/catalog/rename-blueprint.ts";
import { pendingDerivations, settleDerivations } from "../../src/engine/derivation.ts";
import { checkInPortions } from "../../src/engine/check-portions.ts";
import { compareDerived } from "../../src/engine/compare-derived.ts";
import { currentDerivations } from "../../src/engine/derivations.ts";
import { deriveBatch } from "../../src/engine/derive-batch.ts";
import { followDerivations } from "../../src/engine/derive-follow.ts";
import { DERIVATION_ACTOR } from "../../src/model/actor.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { nextDirty } from "../../src/storage/derived-queue.ts";
import { countErrors } from "../../src/storage/derived-units.ts";
import { changes, define, MERGE, put, refusal } from "../catalog/fixture.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

const DAY = 86_400_000;
const START = Date.parse("2026-01-31T12:00:00Z");

let t: TestDatabase;
let ctx: Ctx;
let time = START;
const number = { type: "number" };
const text = { type: "string" };
const date = { type: "string", format: "date-time" };
const to = (target: string, many = false) => ({ target, many });
const rule = (property: string, operator: string, value: unknown) => ({
  combinator: "and",
  rules: [{ property, operator, value }],
});
const count = (target: string, more: object = {}) => ({
  ...{ title: "n", target, calculationSpec: { calculationBy: "entities", func: "count" } },
  ...more,
});
const by = (func: string, property: string, more: object = {}) => ({
  ...{ title: "n", target: "deployment", calculationSpec: { calculationBy: "property", func, property } },
  ...more,
});
const at = (days: number): string => new Date(START + days * DAY).toISOString();

async function values(blueprint: string, identifier: string): Promise<Record<string, unknown>> {
  await settleDerivations(ctx);
  expect(await checkDerived(ctx)).toMatchObject({ drift: 0, examples: [] });
  return { ...(await getEntity(ctx, blueprint, identifier)).properties };
}

const deploy = (identifier: string, properties: object, service: string | null = "cart") =>
  put(ctx, "deployment", { identifier, properties, relations: { service } }, MERGE);

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => new Date(time) };
  await ensureSystemBlueprints(ctx);
  await define(ctx, "domain", {}, { aggregationProperties: { deployments: count("deployment") } });
  await define(
    ctx,
    "system",
    { tier: text },
    { relations: { domain: to("domain") }, aggregationProperties: { deployments: count("deployment") } },
  );
  await define(
    ctx,
    "service",
    { language: text },
    {
      ownership: { type: "Direct" },
      relations: { system: to("system"), parent: to("service") },
      mirrorProperties: { tier: { path: "system.tier" }, load: { path: "system.deployments" } },
    },
  );
  await define(
    ctx,
    "deployment",
    { minutes: number, status: text, doneAt: date },
    {
      relations: { service: to("service") },
      mirrorProperties: { language: { path: "service.language" }, tier: { path: "service.tier" } },
      calculationProperties: {
        hours: { calculation: ".properties.minutes / 60", type: "number" },
        shout: { calculation: ".properties.tier | ascii_upcase", type: "string" },
      },
    },
  );
  await changeBlueprint(ctx, "service", {
    aggregationProperties: {
      deployments: count("deployment"),
      successes: count("deployment", { query: rule("status", "=", "Success") }),
      month: count("deployment", { query: rule("doneAt", "between", { preset: "lastMonth" }) }),
      gold: count("deployment", { query: rule("tier", "=", "gold") }),
      // As in the seed: keys of other variants and a stray type.
      frequency: {
        ...{ title: "f", icon: "DeploymentIcon", type: "number", target: "deployment" },
        query: rule("status", "=", "Success"),
        calculationSpec: {
          ...{ func: "average", averageOf: "week", measureTimeBy: "doneAt", calculationBy: "entities" },
        },
      },
      total: by("sum", "minutes"),
      mean: by("average", "minutes"),
      least: by("min", "minutes"),
      most: by("max", "minutes"),
      median: by("median", "minutes"),
      p90: by("p90", "minutes"),
      hours: by("sum", "hours"),
      statuses: by("countDistinct", "status"),
      children: count("service", { pathFilter: [{ fromBlueprint: "service", path: ["parent"] }] }),
      family: count("service", {
        pathFilter: [{ fromBlueprint: "service", path: [{ relation: "parent", maxHops: 3 }] }],
      }),
    },
    calculationProperties: {
      rate: { calculation: ".properties.successes / .properties.deployments * 100", type: "number" },
    },
  });
  await changeBlueprint(ctx, "_team", {
    aggregationProperties: { services: count("service"), deployments: count("deployment") },
  });
  await put(ctx, "domain", { identifier: "retail" });
  await put(ctx, "system", {
    identifier: "shop",
    properties: { tier: "gold" },
    relations: { domain: "retail" },
  });
  await put(ctx, "system", { identifier: "back", properties: { tier: "tin" } });
  await put(ctx, "_team", { identifier: "blue" });
  await put(ctx, "service", {
    ...{ identifier: "cart", team: ["blue"], properties: { language: "Go" }, relations: { system: "shop" } },
  });
  await put(ctx, "service", { identifier: "pay", relations: { system: "back", parent: "cart" } });
  await put(ctx, "service", { identifier: "card", relations: { parent: "pay" } });
});
afterAll(() => t.close());

describe("§6.3 aggregations follow each change (hand-computed)", () => {
  const NONE = {
    deployments: 0,
    successes: 0,
    frequency: null,
    total: 0,
    mean: null,
    median: null,
    rate: null,
  };

  test("over nothing", async () => {
    expect(await values("service", "cart")).toMatchObject({ ...NONE, children: 1, family: 2, statuses: 0 });
    expect(await values("domain", "retail")).toMatchObject({ deployments: 0 });
  });

  test("created", async () => {
    await deploy("d1", { minutes: 60, status: "Success", doneAt: at(-1) });
    await deploy("d2", { minutes: 30, status: "Success", doneAt: at(-15) });
    await deploy("d3", { minutes: 90, status: "Failed", doneAt: at(-40) });
    await deploy("d4", { status: "Success" }, "pay");
    expect(await values("service", "cart")).toMatchObject({
      ...{ deployments: 3, successes: 2, month: 2, gold: 3, statuses: 2 },
      // 15 days are three weeks that have begun.
      frequency: 2 / 3,
      ...{ total: 180, mean: 60, least: 30, most: 90, median: 60, p90: 84, hours: 3 },
      rate: (2 / 3) * 100,
    });
    expect(await values("system", "shop")).toMatchObject({ deployments: 3 });
    expect(await values("domain", "retail")).toMatchObject({ deployments: 3 });
    expect(await values("_team", "blue")).toMatchObject({ services: 1, deployments: 3 });
    expect(await values("service", "cart")).toMatchObject({ load: 3 });
  });

  test("changed", async () => {
    await deploy("d3", { status: "Success", minutes: 120 });
    // The earliest is 40 days old: six weeks.
    expect(await values("service", "cart")).toMatchObject({
      successes: 3,
      frequency: 3 / 6,
      total: 210,
      rate: 100,
    });
  });

  test("moved, at either end", async () => {
    await deploy("d3", {}, "pay");
    expect(await values("service", "cart")).toMatchObject({ deployments: 2, total: 90 });
    expect(await values("service", "pay")).toMatchObject({ deployments: 2, total: 120, gold: 0 });
    expect(await values("domain", "retail")).toMatchObject({ deployments: 2 });
    await put(ctx, "service", { identifier: "pay", relations: { system: "shop" } }, MERGE);
    expect(await values("domain", "retail")).toMatchObject({ deployments: 4 });
    expect(await values("service", "pay")).toMatchObject({ gold: 2, tier: "gold" });
    expect(await values("deployment", "d3")).toMatchObject({ tier: "gold", shout: "GOLD" });
    await put(ctx, "service", { identifier: "pay", relations: { system: "back" } }, MERGE);
    expect(await values("domain", "retail")).toMatchObject({ deployments: 2 });
    expect(await values("service", "pay")).toMatchObject({ gold: 0 });
  });

  test("a property that two steps of mirrors, a calculation and a query read", async () => {
    await put(ctx, "system", { identifier: "back", properties: { tier: "gold" } }, MERGE);
    expect(await values("service", "pay")).toMatchObject({ tier: "gold", gold: 2 });
    expect(await values("deployment", "d4")).toMatchObject({ tier: "gold", shout: "GOLD" });
  });

  test("owners change", async () => {
    await put(ctx, "service", { identifier: "pay", team: ["blue"] }, MERGE);
    expect(await values("_team", "blue")).toMatchObject({ services: 2, deployments: 4 });
    await put(ctx, "service", { identifier: "pay", team: [] }, MERGE);
    expect(await values("_team", "blue")).toMatchObject({ services: 1, deployments: 2 });
  });

  test("deleted; what pointed at it forgets it", async () => {
    await deleteEntity(ctx, "deployment", "d4", { deleteDependents: false });
    expect(await values("service", "pay")).toMatchObject({ deployments: 1 });
    await deleteEntity(ctx, "service", "pay", { deleteDependents: false });
    expect(await values("deployment", "d3")).toMatchObject({ tier: null, language: null, shout: null });
    expect(await values("service", "cart")).toMatchObject({ children: 0, family: 0 });
  });

  test("renamed", async () => {
    await putEntity(
      ctx,
      { blueprint: "service", entity: "cart" },
      { identifier: "basket" },
      { present: "merge", createMissing: false },
    );
    await deploy("d5", { minutes: 10 }, "basket");
    expect(await values("service", "basket")).toMatchObject({ deployments: 3, total: 100 });
  });

  test("the clock alone moves windows and periods", async () => {
    expect(await values("service", "basket")).toMatchObject({ month: 2, frequency: 2 / 3 });
    time = START + 14 * DAY;
    expect(await values("service", "basket")).toMatchObject({ month: 2, frequency: 2 / 5 });
    time = START + 15 * DAY + 1;
    expect(await values("service", "basket")).toMatchObject({ month: 1, frequency: 2 / 5 });
    time = START + 30 * DAY;
    expect(await values("service", "basket")).toMatchObject({ month: 0, frequency: 2 / 7 });
  });
});

describe("§6 definitions", () => {
  test("that come, change and are renamed hold for what was there before", async () => {
    await changeBlueprint(ctx, "service", {
      aggregationProperties: { all: by("sum", "minutes", { query: rule("minutes", ">", 20) }) },
    });
    expect(await values("service", "basket")).toMatchObject({ all: 90 });
    await changeBlueprint(ctx, "service", { aggregationProperties: { all: by("max", "minutes") } });
    expect(await values("service", "basket")).toMatchObject({ all: 60 });
    await renameMember(ctx, "deployment", "property", {
      from: "minutes",
      to: "length",
      field: "newPropertyName",
    });
    expect(await values("service", "basket")).toMatchObject({ all: 60, total: 100 });
    await renameMember(ctx, "deployment", "relation", {
      from: "service",
      to: "of",
      field: "newRelationIdentifier",
    });
    expect(await values("service", "basket")).toMatchObject({ all: 60, deployments: 3 });
    expect(await values("deployment", "d5")).toMatchObject({ language: "Go", tier: "gold" });
  });

  test("what is renamed keeps its value at every moment, and so does what shows it", async () => {
    await settleDerivations(ctx);
    const stale = await currentDerivations(ctx);
    const now = async (blueprint: string, identifier: string): Promise<Record<string, unknown>> => ({
      ...(await getEntity(ctx, blueprint, identifier)).properties,
    });
    await put(ctx, "system", { identifier: "shop", properties: { tier: "iron" } }, MERGE);
    await followDerivations(ctx, stale, { delayMs: 0 });
    // A worker that has not seen the new definitions computes what was marked under the old ones.
    const names = { from: "tier", to: "rank", field: "newPropertyName" };
    await renameMember(ctx, "system", "property", names);
    for (let batch = 0; batch < 4; batch++) await deriveBatch(ctx, stale);
    expect(await now("service", "basket")).toMatchObject({ tier: "gold" });
    await renameMember(ctx, "service", "mirror", { ...names, field: "newMirrorName" });
    expect(await now("service", "basket")).toMatchObject({ rank: "gold" });
    const read = await now("deployment", "d5");
    expect(await values("service", "basket")).toMatchObject({ rank: "iron" });
    expect(read).toMatchObject({ tier: "gold" });
    expect(await values("deployment", "d5")).toMatchObject({ tier: "iron" });
    await renameMember(ctx, "service", "mirror", { from: "rank", to: "tier", field: "newMirrorName" });
    await renameMember(ctx, "system", "property", { from: "rank", to: "tier", field: "newPropertyName" });
    await put(ctx, "system", { identifier: "shop", properties: { tier: "gold" } }, MERGE);
    await settleDerivations(ctx);
  });

  test("a relation that went and came again has lost its values", async () => {
    await put(ctx, "service", { identifier: "kid", relations: { parent: "basket" } });
    expect(await values("service", "basket")).toMatchObject({ children: 1, family: 1 });
    await changeBlueprint(ctx, "service", { relations: { parent: null } });
    await changeBlueprint(ctx, "service", { relations: { parent: to("service") } });
    expect(await values("service", "basket")).toMatchObject({ children: 0, family: 0 });
  });

  test("calculations that fail are counted, with an example", async () => {
    await settleDerivations(ctx);
    const found = (await countErrors(ctx.db, ctx.org, "deployment")).find((one) => one.property === "shout");
    expect(found).toMatchObject({ count: 1, identifier: "d3" });
    expect(found?.message).toBe("explode input must be a string");
  });
});

describe("§4.9 events", () => {
  test("a changed aggregation is one change of its entity; mirrors and unchanged values are none", async () => {
    await settleDerivations(ctx);
    const before = (await changes(ctx)).length;
    await put(ctx, "deployment", {
      identifier: "d9",
      properties: { length: 5 },
      relations: { of: "basket" },
    });
    await settleDerivations(ctx);
    const derived = (await changes(ctx)).slice(before).filter((row) => row.actor === DERIVATION_ACTOR.id);
    expect(derived.map((row) => `${row.blueprint}/${row.identifier}`).sort()).toEqual([
      "_team/blue",
      "domain/retail",
      "service/basket",
      "system/shop",
    ]);
    const service = derived.find((row) => row.blueprint === "service");
    expect(service).toMatchObject({
      action: "UPDATE",
      before: { properties: { deployments: 3 } },
      after: { properties: { deployments: 4, total: 105 } },
    });
    // The audit log says the same: once, by nobody of the organisation; `updatedAt` is that of the last write.
    const audits = async (entity: string) => auditLog(ctx, { entity, limit: 5 });
    expect((await audits("basket"))[0]).toMatchObject({
      action: "UPDATE",
      resourceType: "entity",
      trigger: { by: { byPort: true } },
      diff: { before: { properties: { total: 100 } }, after: { properties: { total: 105 } } },
    });
    const { updatedAt } = await getEntity(ctx, "service", "basket");
    expect(service).toMatchObject({ before: { updatedAt }, after: { updatedAt } });
    await put(ctx, "service", { identifier: "basket", properties: { language: "C" } }, MERGE);
    await settleDerivations(ctx);
    // Deployments show the language of their service, and calculate over it.
    expect((await getEntity(ctx, "deployment", "d9")).properties).toMatchObject({ language: "C" });
    expect(await audits("d9")).toHaveLength(1);
    expect(
      (await changes(ctx)).slice(before).filter((row) => row.actor === DERIVATION_ACTOR.id),
    ).toHaveLength(4);
  });
});

describe("§6 state, rebuilds, checks", () => {
  test("what is collected for a while is not settled, what the clock will change is", async () => {
    await settleDerivations(ctx);
    await put(ctx, "deployment", {
      identifier: "late",
      properties: { doneAt: at(0) },
      relations: { of: "basket" },
    });
    await followDerivations(ctx, await currentDerivations(ctx), { delayMs: 60_000 });
    while (await deriveBatch(ctx, await currentDerivations(ctx)));
    expect(await pendingDerivations(ctx)).toMatchObject({ isSettled: false });
    expect((await refusal(() => checkDerived(ctx))).code).toBe("conflict");
    time += 120_000;
    await settleDerivations(ctx);
    expect(await nextDirty(ctx.db, ctx.org)).not.toBeNull();
    expect(await pendingDerivations(ctx)).toMatchObject({ isSettled: true });
    await deleteEntity(ctx, "deployment", "late", { deleteDependents: false });
  });

  test("what a blueprint derives, and how far it is", async () => {
    await settleDerivations(ctx);
    const { isSettled, properties } = await derivationOf(ctx, "deployment");
    expect(isSettled).toBe(true);
    expect(properties.find(({ identifier }) => identifier === "shout")).toEqual({
      ...{
        identifier: "shout",
        kind: "calculation",
        type: "string",
        level: 2,
        state: "current",
        progress: 1,
      },
      ...{ pending: 0, failing: 0, problem: null, errors: 1 },
      example: { identifier: "d3", message: "explode input must be a string" },
    });
  });

  test("more equally short paths than are followed: those that count are said to be the first, and are", async () => {
    await settleDerivations(ctx);
    const relations = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`r${i}`, to("hub")]));
    await define(ctx, "hub", {}, { aggregationProperties: { spokes: count("spoke") } });
    await define(ctx, "spoke", {}, { relations });
    await put(ctx, "hub", { identifier: "a" });
    await put(ctx, "spoke", { identifier: "first", relations: { r31: "a" } });
    await put(ctx, "spoke", { identifier: "second", relations: { r32: "a" } });
    expect(await values("hub", "a")).toMatchObject({ spokes: 1 });
    const { properties } = await derivationOf(ctx, "hub");
    expect(properties).toMatchObject([
      { state: "broken", problem: expect.stringContaining("pathFilter") as string },
    ]);
    await changeBlueprint(ctx, "spoke", { relations: { r0: null } });
    expect(await values("hub", "a")).toMatchObject({ spokes: 2 });
    expect((await derivationOf(ctx, "hub")).properties).toMatchObject([{ state: "current", problem: null }]);
  });

  test("a catalog that is too large for memory is compared in portions, with the same outcome", async () => {
    await settleDerivations(ctx);
    const { checked } = await compareDerived(ctx);
    const portions = { size: 4, maxRead: 20, maxReadAlone: 500 };
    expect(await checkInPortions(ctx, portions)).toEqual({ checked, drifted: 0, drift: [], left: 0 });
    // Entities whose values follow from too many others are counted, not compared.
    const few = await checkInPortions(ctx, { size: 4, maxRead: 4, maxReadAlone: 4 });
    expect(few.left).toBeGreaterThan(0);
    expect(few.checked + few.left).toBe(checked);
    const lose = (value: string) =>
      sql`update entity set derived = jsonb_set(derived, '{deployments}', ${value}::jsonb) where identifier = 'shop'`.execute(
        ctx.db,
      );
    const { deployments } = (await getEntity(ctx, "system", "shop")).properties;
    await lose("77");
    expect(await checkInPortions(ctx, portions)).toMatchObject({
      drifted: 1,
      drift: [{ identifier: "shop", property: "deployments", stored: 77, expected: deployments }],
    });
    await lose(JSON.stringify(deployments));
  });

  test("a value that was lost is found by the check, and mended by a rebuild, while old values stay", async () => {
    await ctx.db
      .updateTable("entity")
      .set({ derived: JSON.stringify({ deployments: 77 }) })
      .where("identifier", "=", "shop")
      .execute();
    expect(await checkDerived(ctx)).toMatchObject({
      drift: 1,
      examples: [
        { blueprint: "system", identifier: "shop", property: "deployments", stored: 77, expected: 4 },
      ],
    });
    // One number for all processes: what one found, the full check of another one takes back.
    const drift = async (): Promise<number | null> => (await derivationMetrics(ctx)).drift;
    expect(await drift()).toBe(1);
    await noteSample(ctx, { checked: 5, drifted: 2, drift: [] });
    await noteSample(ctx, { checked: 5, drifted: 0, drift: [] });
    expect(await drift()).toBe(3);
    expect(await rebuildDerived(ctx)).toBeGreaterThan(3);
    const { isSettled, properties } = await derivationOf(ctx, "system");
    expect({ isSettled, state: properties[0]?.state }).toEqual({ isSettled: false, state: "rebuilding" });
    await expect(checkDerived(ctx)).rejects.toThrow("still being computed");
    expect((await getEntity(ctx, "system", "shop")).properties["deployments"]).toBe(77);
    expect(await values("system", "shop")).toMatchObject({ deployments: 4 });
    await checkDerived(ctx);
    expect(await drift()).toBe(0);
  });
});
