import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deleteEntities, deleteEntity } from "../../src/catalog/delete-entity.ts";
import { getEntity, getEntityCount } from "../../src/catalog/read-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { allEntities, changeCount, changes, define, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
let bp = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());
/** root ← mid (required) ← leaf (required), friend → root (optional, single and many). */
beforeEach(async () => {
  bp = `d${++n}`;
  await define(ctx, `${bp}root`);
  await define(
    ctx,
    `${bp}mid`,
    {},
    { relations: { root: { target: `${bp}root`, required: true }, peer: { target: `${bp}mid` } } },
  );
  await define(ctx, `${bp}leaf`, {}, { relations: { mid: { target: `${bp}mid`, required: true } } });
  await define(
    ctx,
    `${bp}friend`,
    {},
    { relations: { one: { target: `${bp}root` }, many: { target: `${bp}root`, many: true } } },
  );
  for (const identifier of ["r1", "r2", "r3"]) await put(ctx, `${bp}root`, { identifier });
});

const KEEP = { deleteDependents: false };
const CASCADE = { deleteDependents: true };

test("§4.6 a missing entity is not_found, a missing blueprint too", async () => {
  for (const identifier of ["nope", "\u0000", "a b"])
    expect((await refusal(() => deleteEntity(ctx, `${bp}root`, identifier, KEEP))).code).toBe("not_found");
  expect((await refusal(() => deleteEntity(ctx, "nope", "r1", KEEP))).code).toBe("not_found");
});

test("§4.6 optional references are cleared, in single and many relations, and seen as changes", async () => {
  await put(ctx, `${bp}friend`, { identifier: "f", relations: { one: "r1", many: ["r2", "r1", "r3"] } });
  await put(ctx, `${bp}friend`, { identifier: "g", relations: { one: "r2", many: ["r1"] } });
  const before = await getEntity(ctx, `${bp}friend`, "f");
  const from = await changeCount(ctx);
  await deleteEntity(ctx, `${bp}root`, "r1", KEEP);
  expect((await getEntity(ctx, `${bp}friend`, "f")).relations).toEqual({ one: null, many: ["r2", "r3"] });
  expect((await getEntity(ctx, `${bp}friend`, "g")).relations).toEqual({ one: "r2", many: [] });
  const rows = (await changes(ctx)).slice(from);
  expect(rows.map((row) => [row.action, row.blueprint, row.identifier])).toEqual([
    ["UPDATE", `${bp}friend`, "f"],
    ["UPDATE", `${bp}friend`, "g"],
    ["DELETE", `${bp}root`, "r1"],
  ]);
  expect(rows[0]?.before).toEqual(before);
  expect(rows[2]).toMatchObject({ after: null, before: { identifier: "r1" } });
  const stored = await ctx.db
    .selectFrom("entity_relation")
    .select(["relation", "target", "position"])
    .where("blueprint", "=", `${bp}friend`)
    .where("identifier", "=", "f")
    .orderBy("position")
    .execute();
  expect(stored).toEqual([
    { relation: "many", target: "r2", position: 0 },
    { relation: "many", target: "r3", position: 1 },
  ]);
});

test("§4.6 a required reference protects: has_dependents lists the first 20 and counts", async () => {
  for (let i = 0; i < 25; i++)
    await put(ctx, `${bp}mid`, { identifier: `m${String(i).padStart(2, "0")}`, relations: { root: "r1" } });
  const refused = await refusal(() => deleteEntity(ctx, `${bp}root`, "r1", KEEP));
  expect(refused).toMatchObject({ code: "has_dependents", extra: { count: 25 } });
  expect(refused.extra["dependents"]).toEqual(
    Array.from({ length: 20 }, (_, i) => ({
      kind: "entity",
      blueprint: `${bp}mid`,
      identifier: `m${String(i).padStart(2, "0")}`,
    })),
  );
  expect(refused.message).toMatch(/Entity "r1" is required by d\d+mid\/m00 \(root → r1\)/);
  expect(await getEntityCount(ctx, `${bp}root`)).toBe(3);
});

test("§4.6 delete_dependents goes up the whole chain and clears what only refers", async () => {
  await put(ctx, `${bp}mid`, { identifier: "m1", relations: { root: "r1" } });
  await put(ctx, `${bp}mid`, { identifier: "m2", relations: { root: "r2", peer: "m1" } });
  await put(ctx, `${bp}leaf`, { identifier: "l1", relations: { mid: "m1" } });
  await put(ctx, `${bp}leaf`, { identifier: "l2", relations: { mid: "m2" } });
  await deleteEntity(ctx, `${bp}root`, "r1", CASCADE);
  expect((await allEntities(ctx, `${bp}mid`)).map((e) => [e.identifier, e.relations])).toEqual([
    ["m2", { root: "r2", peer: null }],
  ]);
  expect((await allEntities(ctx, `${bp}leaf`)).map((e) => e.identifier)).toEqual(["l2"]);
});

test("§4.6 bulk: those that exist are deleted and named; one that is required fails all", async () => {
  await put(ctx, `${bp}mid`, { identifier: "m1", relations: { root: "r3" } });
  expect((await refusal(() => deleteEntities(ctx, `${bp}root`, ["r1", "r3"], KEEP))).code).toBe(
    "has_dependents",
  );
  expect(await getEntityCount(ctx, `${bp}root`)).toBe(3);
  expect(await deleteEntities(ctx, `${bp}root`, ["r2", "nope", "r1", "r2", "\u0000"], KEEP)).toEqual([
    "r1",
    "r2",
  ]);
  expect(await deleteEntities(ctx, `${bp}root`, ["r2"], KEEP)).toEqual([]);
});

test("§4.6 a required reference from within the same deletion does not protect; circles end", async () => {
  await define(ctx, bp, {}, { relations: { next: { target: bp, required: true } } });
  await put(ctx, bp, { identifier: "a", relations: { next: "a" } });
  await put(ctx, bp, { identifier: "b", relations: { next: "a" } });
  await put(ctx, bp, { identifier: "a", relations: { next: "b" } });
  expect((await refusal(() => deleteEntity(ctx, bp, "a", KEEP))).code).toBe("has_dependents");
  expect(await deleteEntities(ctx, bp, ["a", "b"], KEEP)).toEqual(["a", "b"]);
  await put(ctx, bp, { identifier: "c", relations: { next: "c" } });
  await put(ctx, bp, { identifier: "d", relations: { next: "c" } });
  await deleteEntity(ctx, bp, "c", CASCADE);
  expect(await getEntityCount(ctx, bp)).toBe(0);
});
