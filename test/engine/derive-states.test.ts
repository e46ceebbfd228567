/** States of aggregations: changes are applied to them once, and nothing else is read. */
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rebuildDerived } from "../../src/catalog/derivation.ts";
import { changeBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteEntity } from "../../src/catalog/delete-entity.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { compareDerived } from "../../src/engine/compare-derived.ts";
import { settleDerivations } from "../../src/engine/derivation.ts";
import { currentDerivations } from "../../src/engine/derivations.ts";
import { deriveBatch } from "../../src/engine/derive-batch.ts";
import { followDerivations } from "../../src/engine/derive-follow.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { markNext } from "../../src/storage/derived-units.ts";
import { transact } from "../../src/storage/transact.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, MERGE, put } from "../catalog/fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

const by = (func: string) => ({
  ...{ title: func, target: "part", calculationSpec: { calculationBy: "property", func, property: "n" } },
});
const functions = ["sum", "average", "min", "max", "median", "p95", "countDistinct"];

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => new Date("2026-11-25T12:00:00Z") };
  await define(ctx, "top");
  await define(ctx, "whole", {}, { relations: { top: { target: "top" } } });
  await define(ctx, "part", { n: { type: "number" } }, { relations: { whole: { target: "whole" } } });
  const count = {
    ...{ title: "n", target: "part", calculationSpec: { calculationBy: "entities", func: "count" } },
  };
  await changeBlueprint(ctx, "whole", {
    aggregationProperties: { count, ...Object.fromEntries(functions.map((func) => [func, by(func)])) },
  });
  await changeBlueprint(ctx, "top", { aggregationProperties: { count, sum: by("sum") } });
  await put(ctx, "top", { identifier: "t" });
  for (const identifier of ["a", "b"]) await put(ctx, "whole", { identifier, relations: { top: "t" } });
  for (const [i, n] of [5, 0.1, 0.2].entries()) await part(`p${i}`, n);
  await settleDerivations(ctx);
});
afterAll(() => t.close());

const part = (identifier: string, n: number, whole = "a") =>
  put(ctx, "part", { identifier, properties: { n }, relations: { whole } }, MERGE);

const valuesOf = async (identifier: string) => ({
  ...(await getEntity(ctx, "whole", identifier)).properties,
});

async function settled(): Promise<void> {
  await settleDerivations(ctx);
  expect((await compareDerived(ctx)).drift).toEqual([]);
  const { rows } = await sql`select 1 from derived_delta`.execute(ctx.db);
  expect(rows).toEqual([]);
}

test("values come from the state: a change reads no other entity", async () => {
  expect(await valuesOf("a")).toMatchObject({ count: 3, sum: 5.3, min: 0.1, max: 5, median: 0.2 });
  // What nobody could have counted.
  await sql`update derived_state set state =
    jsonb_set(state::jsonb, '{states,0,n}', '1000')::json where blueprint = 'whole' and identifier = 'a'`.execute(
    ctx.db,
  );
  await part("p3", 1);
  await settleDerivations(ctx);
  expect(await valuesOf("a")).toMatchObject({ count: 1001, sum: 6.3 });
  await rebuildDerived(ctx);
  await settled();
  expect(await valuesOf("a")).toMatchObject({ count: 4, sum: 6.3 });
});

test("what goes, moves or is the smallest", async () => {
  await part("p3", 2);
  await settled();
  await part("p3", 2, "b");
  await settled();
  expect(await valuesOf("b")).toMatchObject({ count: 1, sum: 2, p95: 2, countDistinct: 1 });
  await deleteEntity(ctx, "part", "p1", { deleteDependents: false });
  await settled();
  expect(await valuesOf("a")).toMatchObject({ count: 2, sum: 5.2, min: 0.2 });
  await deleteEntity(ctx, "part", "p3", { deleteDependents: false });
  await settled();
  expect(await valuesOf("b")).toMatchObject({ count: 0, sum: 0, min: null, median: null });
});

test("a change that was seen when everything was read is not added again", async () => {
  const derivations = await currentDerivations(ctx);
  await rebuildDerived(ctx);
  const levelOf = (blueprint: string, unit: string): number | null =>
    derivations.units.get(blueprint)?.get(unit)?.level ?? null;
  while (await transact(ctx, (tx) => markNext(tx.db, tx.org, levelOf, 500, tx.now())));
  await part("seen", 7);
  // Read from the tables before it is read from the change feed.
  while (await deriveBatch(ctx, derivations));
  expect(await valuesOf("a")).toMatchObject({ count: 3, sum: 12.2 });
  while (await followDerivations(ctx, derivations, { delayMs: 0 }));
  const { rows } = await sql`select 1 from derived_delta`.execute(ctx.db);
  expect(rows.length).toBeGreaterThan(0);
  await settled();
  expect(await valuesOf("a")).toMatchObject({ count: 3, sum: 12.2 });
});

test("changes before and after a place between got another name, or moved", async () => {
  await put(ctx, "top", { identifier: "u" });
  await part("x", 1, "b");
  await put(ctx, "whole", { identifier: "b", relations: { top: "u" } }, MERGE);
  await part("y", 1, "b");
  await settled();
  expect((await getEntity(ctx, "top", "u")).properties).toMatchObject({ count: 2, sum: 2 });
  await deleteEntity(ctx, "whole", "b", { deleteDependents: false });
  await settled();
  expect((await getEntity(ctx, "top", "u")).properties).toMatchObject({ count: 0, sum: 0 });
});

test("two workers, while entities are written, moved and deleted", { timeout: 120_000 }, async () => {
  const writing = async (): Promise<void> => {
    for (let i = 0; i < 30; i++) {
      await part(`w${i % 10}`, i / 10, i % 3 === 0 ? "a" : "c");
      if (i % 7 === 6) await deleteEntity(ctx, "part", `w${i % 10}`, { deleteDependents: false });
      if (i % 10 === 5)
        await put(ctx, "whole", { identifier: "c", relations: { top: i % 20 === 5 ? "u" : "t" } }, MERGE);
    }
  };
  await put(ctx, "whole", { identifier: "c" });
  await Promise.all([writing(), settleDerivations(ctx), settleDerivations(ctx)]);
  await Promise.all([settleDerivations(ctx), settleDerivations(ctx)]);
  await settled();
});
