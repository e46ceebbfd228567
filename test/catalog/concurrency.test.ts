import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { changeBlueprint, createBlueprint } from "../../src/catalog/define-blueprint.ts";
import { deleteBlueprint } from "../../src/catalog/delete-blueprint.ts";
import { deleteEntities, deleteEntity } from "../../src/catalog/delete-entity.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { upsertEntities } from "../../src/catalog/upsert-entity.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import {
  allEntities,
  changeCount,
  changes,
  CREATE,
  define,
  MERGE,
  put,
  refusal,
  relationsAgree,
} from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
let bp = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());
beforeEach(async () => {
  bp = `c${++n}`;
  const properties = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`p${i}`, { type: "number" }]));
  await define(ctx, bp, properties, { relations: { one: { target: bp }, many: { target: bp, many: true } } });
});

function times<T>(count: number, work: (i: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => work(i)));
}

test("upserts of one entity at once: one creates, the others update, nothing is lost", async () => {
  const from = await changeCount(ctx);
  const results = await times(16, (i) => put(ctx, bp, { identifier: "e", properties: { [`p${i}`]: i } }));
  expect(results.filter((result) => result.created)).toHaveLength(1);
  const expected = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`p${i}`, i]));
  expect((await getEntity(ctx, bp, "e")).properties).toEqual(expected);
  const rows = (await changes(ctx)).slice(from);
  expect(rows.map((row) => row.action).sort()).toEqual([
    "CREATE",
    ...Array.from({ length: 15 }, () => "UPDATE"),
  ]);
  // Each saw what the one before left.
  for (const [i, row] of rows.entries()) if (i > 0) expect(row.before).toEqual(rows[i - 1]?.after);
});

test("creations of one entity at once without upsert: one wins, the others are conflicts", async () => {
  const results = await times(8, (i) =>
    put(ctx, bp, { identifier: "e", properties: { p0: i } }, CREATE).then(
      () => "created",
      (error: { code: string }) => error.code,
    ),
  );
  expect(results.sort()).toEqual([
    "conflict",
    "conflict",
    "conflict",
    "conflict",
    "conflict",
    "conflict",
    "conflict",
    "created",
  ]);
});

test("overlapping batches in opposite orders, relating to each other: all land, none deadlocks", async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `i${i}`);
  await upsertEntities(
    ctx,
    bp,
    ids.slice(0, 20).map((identifier) => ({ identifier })),
    MERGE,
  );
  const results = await times(8, (writer) => {
    const order = writer % 2 === 0 ? ids : [...ids].reverse();
    return upsertEntities(
      ctx,
      bp,
      order.map((identifier, i) => ({
        identifier,
        properties: { [`p${writer}`]: i },
        relations: { one: ids[writer], many: ids.slice(writer, 20) },
      })),
      MERGE,
    );
  });
  for (const { outcomes } of results) expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
  const entities = await allEntities(ctx, bp);
  expect(entities).toHaveLength(40);
  for (const entity of entities)
    for (let writer = 0; writer < 8; writer++) {
      const index = ids.indexOf(entity.identifier);
      expect(entity.properties[`p${writer}`]).toBe(writer % 2 === 0 ? index : 39 - index);
    }
  await relationsAgree(ctx, bp);
});

test("missing targets created by several at once", async () => {
  const results = await times(8, (i) =>
    put(
      ctx,
      bp,
      { identifier: `e${i}`, relations: { one: "shared", many: ["b", "a", "shared"] } },
      { ...MERGE, createMissing: true },
    ),
  );
  expect(results.every((result) => result.created)).toBe(true);
  expect((await allEntities(ctx, bp)).map((entity) => entity.identifier).sort()).toEqual([
    "a",
    "b",
    "e0",
    "e1",
    "e2",
    "e3",
    "e4",
    "e5",
    "e6",
    "e7",
    "shared",
  ]);
  await relationsAgree(ctx, bp);
});

test("a target deleted while others begin to relate to it: they get not_found or their relation is cleared", async () => {
  for (let round = 0; round < 5; round++) {
    const target = `t${round}`;
    await put(ctx, bp, { identifier: target });
    const writes = times(6, (i) =>
      put(ctx, bp, { identifier: `w${i}`, relations: { one: target } }).then(
        () => "written",
        (error: { code: string }) => error.code,
      ),
    );
    const [results] = await Promise.all([writes, deleteEntity(ctx, bp, target, { deleteDependents: false })]);
    for (const result of results) expect(["written", "not_found"]).toContain(result);
    await relationsAgree(ctx, bp);
    for (const entity of await allEntities(ctx, bp)) expect(entity.relations["one"]).not.toBe(target);
  }
});

test("creation and deletion of the same entities at once leave a consistent catalog", async () => {
  const ids = ["a", "b", "c", "d"];
  await times<unknown>(24, (i) =>
    i % 3 === 0
      ? deleteEntities(ctx, bp, ids, { deleteDependents: true })
      : upsertEntities(
          ctx,
          bp,
          ids.map((identifier) => ({ identifier, relations: { many: ids } })),
          { ...MERGE, createMissing: true },
        ),
  );
  await relationsAgree(ctx, bp);
  const rows = await changes(ctx);
  const alive = new Map<string, boolean>();
  for (const row of rows.filter((r) => r.blueprint === bp && r.kind === "entity")) {
    const key = String(row.identifier);
    expect(alive.get(key) ?? false).toBe(row.action !== "CREATE");
    alive.set(key, row.action !== "DELETE");
  }
  const left = (await allEntities(ctx, bp)).map((entity) => entity.identifier).sort();
  expect(left).toEqual(
    [...alive]
      .filter(([, lives]) => lives)
      .map(([key]) => key)
      .sort(),
  );
});

test("a definition that changes while entities are written: each entity fits the definition it met", async () => {
  const narrow = { schema: { properties: { p0: { type: "number", maximum: 5 } } } };
  const wide = { schema: { properties: { p0: { type: "number" } } } };
  await times<unknown>(24, (i) =>
    i % 4 === 0
      ? changeBlueprint(ctx, bp, i % 8 === 0 ? narrow : wide)
      : upsertEntities(ctx, bp, [{ identifier: `e${i}`, properties: { p0: i } }], MERGE),
  );
  const rows = await changes(ctx);
  let maximum = Infinity;
  for (const row of rows.filter((r) => r.blueprint === bp)) {
    if (row.kind === "blueprint") {
      const { schema } = row.after as { schema: { properties: { p0: { maximum?: number } } } };
      maximum = schema.properties.p0.maximum ?? Infinity;
    } else expect((row.after as { properties: { p0: number } }).properties.p0).toBeLessThanOrEqual(maximum);
  }
});

test("the same blueprint created at once: one wins; deleted while used: refused or gone", async () => {
  const body = { identifier: `${bp}x`, title: "X", schema: { properties: {} } };
  const results = await times(6, () =>
    createBlueprint(ctx, body).then(
      () => "created",
      (error: { code: string }) => error.code,
    ),
  );
  expect(results.sort()).toEqual(["conflict", "conflict", "conflict", "conflict", "conflict", "created"]);
  const [deletion, write] = await Promise.all([
    deleteBlueprint(ctx, `${bp}x`).then(
      () => "deleted",
      (error: { code: string }) => error.code,
    ),
    put(ctx, `${bp}x`, { identifier: "e" }).then(
      () => "written",
      (error: { code: string }) => error.code,
    ),
  ]);
  expect([`deleted,not_found`, "has_dependents,written"]).toContain(`${deletion},${write}`);
  const related = await Promise.all([
    deleteBlueprint(ctx, bp).then(
      () => "deleted",
      (error: { code: string }) => error.code,
    ),
    define(ctx, `${bp}y`, {}, { relations: { r: { target: bp } } }).then(
      () => "defined",
      (error: { code: string }) => error.code,
    ),
  ]);
  expect(["deleted,not_found", "has_dependents,defined"]).toContain(related.join(","));
});

test("a refusal leaves nothing behind", async () => {
  const from = await changeCount(ctx);
  expect((await refusal(() => put(ctx, bp, { identifier: "e", relations: { one: "nope" } }))).code).toBe(
    "not_found",
  );
  expect(await changeCount(ctx)).toBe(from);
});
