/**
 * Derived values kept up to date are those computed from scratch: random models, random operations, compared after every
 * settling. More and longer runs, each seed printed when it fails:
 * `EQUIVALENCE_RUNS=1000 EQUIVALENCE_OPERATIONS=200 EQUIVALENCE_SEED=1 npx vitest run test/engine/equivalence.test.ts`
 */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteBlueprint } from "../../src/catalog/delete-blueprint.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { compareDerived } from "../../src/engine/compare-derived.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import { checkEntities, sampleDerived } from "../../src/engine/sample-derived.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, put } from "../catalog/fixture.ts";
import { runSequence } from "./support/random-sequence.ts";

let t: TestDatabase;
beforeAll(async () => {
  t = await openTestDatabase();
});
afterAll(() => t.close());

const RUNS = Number(process.env["EQUIVALENCE_RUNS"] ?? 30);
const OPERATIONS = Number(process.env["EQUIVALENCE_OPERATIONS"] ?? 14);
const FIRST_SEED = Number(process.env["EQUIVALENCE_SEED"] ?? 1);
const BETWEEN = 5;
/** Short sequences have small models: most of their time is the first computation of everything. */
const IS_LARGE = OPERATIONS > 50;
/** Sequences in one database and one test. */
const GROUP = 5;

async function settledAsFromScratch(ctx: Ctx): Promise<void> {
  await settleDerivations(ctx);
  const { checked, drift } = await compareDerived(ctx);
  expect(drift).toEqual([]);
  compared += checked;
  // The check that looks at a part sees the same.
  const sample = await checkEntities(ctx, SAMPLE);
  expect(sample.drift).toEqual([]);
  sampled += sample.checked;
}

const SAMPLE = ["b0", "b1", "b2", "_team"].flatMap((blueprint) =>
  ["e1", "e2", "t1"].map((identifier) => ({ blueprint, identifier })),
);
let sampled = 0;
/** A sequence may delete all there is to compare for a while (seed 500): a group of them does not. */
let compared = 0;

const seeds = Array.from({ length: RUNS }, (_, i) => FIRST_SEED + i);
const groups = Array.from({ length: Math.ceil(RUNS / GROUP) }, (_, i) =>
  seeds.slice(i * GROUP, (i + 1) * GROUP),
);

test.each(groups)(
  "seeds from %i",
  { timeout: 60_000 + GROUP * OPERATIONS * 1000 },
  async (...group: number[]) => {
    compared = 0;
    for (const seed of group)
      await runSequence(
        t,
        { seed, operations: OPERATIONS, between: BETWEEN, isLarge: IS_LARGE },
        settledAsFromScratch,
      );
    expect(compared).toBeGreaterThan(0);
  },
);

test("the target of an aggregation is deleted: it counts nothing", async () => {
  const ctx = { ...t.ctx, now: () => new Date("2026-11-25T12:00:00Z") };
  await define(ctx, "counting");
  await define(ctx, "counted", {}, { relations: { root: { target: "counting" } } });
  const calculationSpec = { calculationBy: "entities", func: "count" };
  const all = { title: "All", target: "counted", calculationSpec };
  await changeBlueprint(ctx, "counting", { aggregationProperties: { all } });
  await put(ctx, "counting", { identifier: "a" });
  await put(ctx, "counted", { identifier: "b", relations: { root: "a" } });
  await settledAsFromScratch(ctx);
  await deleteEntity(ctx, "counted", "b", { deleteDependents: false });
  await deleteBlueprint(ctx, "counted");
  await settledAsFromScratch(ctx);
});

test("the sampled check sees a value that does not follow", async () => {
  const ctx = { ...t.ctx, now: () => new Date("2026-11-25T12:00:00Z") };
  await define(
    ctx,
    "drifting",
    { n: { type: "number" } },
    {
      calculationProperties: { double: { calculation: ".properties.n * 2", type: "number" } },
    },
  );
  await put(ctx, "drifting", { identifier: "a", properties: { n: 2 } });
  await settleDerivations(ctx);
  const keys = [{ blueprint: "drifting", identifier: "a" }];
  expect(await checkEntities(ctx, keys)).toEqual({ checked: 1, drifted: 0, drift: [] });
  await sql`update entity set derived = '{"double": 5}' where blueprint = 'drifting'`.execute(ctx.db);
  const drift = [{ blueprint: "drifting", identifier: "a", property: "double", stored: 5, expected: 4 }];
  expect(await checkEntities(ctx, keys)).toEqual({ checked: 1, drifted: 1, drift });
  // Whatever place the chance picks, the entities of some blueprint are looked at.
  let checked = 0;
  for (const at of [0, 0.3, 0.6, 0.99]) checked += (await sampleDerived(ctx, () => at, 5)).checked;
  expect(checked).toBeGreaterThan(0);
});

test("the sampled check looked at values all along", () => {
  expect(sampled).toBeGreaterThan(RUNS);
});
