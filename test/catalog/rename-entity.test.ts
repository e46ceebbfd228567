/** Another identifier for an entity (data-model.md §4.4, decision 13). */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { putEntity } from "../../src/catalog/put-entity.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { changeCount, changes, CREATE, define, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
let bp = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());

const PUT = { present: "override", createMissing: false } as const;
const PATCH = { present: "merge", createMissing: false } as const;

/** a ← many of b and c, single of b; a relates to itself; d is not touched. */
beforeEach(async () => {
  bp = `r${++n}`;
  await define(
    ctx,
    bp,
    { s: { type: "string" }, n: { type: "number" } },
    { relations: { one: { target: bp }, many: { target: bp, many: true } } },
  );
  for (const identifier of ["a", "b", "c", "d"])
    await put(ctx, bp, { identifier, title: identifier }, CREATE);
  await patch("a", { relations: { one: "a", many: ["d"] } });
  await patch("b", { relations: { one: "a", many: ["d", "a", "c"] } });
  await patch("c", { relations: { many: ["a"] } });
});

const patch = (entity: string, body: object) => putEntity(ctx, { blueprint: bp, entity }, body, PATCH);

test("§4.4 the entity keeps its values and all relations to it follow, at their place", async () => {
  const before = await getEntity(ctx, bp, "b");
  const { entity, changed } = await patch("a", { identifier: "z/1", properties: { s: "new" } });
  expect(changed).toBe(true);
  expect(entity).toMatchObject({
    identifier: "z/1",
    title: "a",
    properties: { s: "new" },
    relations: { one: "z/1", many: ["d"] },
  });
  expect(await getEntity(ctx, bp, "z/1")).toEqual(entity);
  expect((await refusal(() => getEntity(ctx, bp, "a"))).code).toBe("not_found");
  const b = await getEntity(ctx, bp, "b");
  expect(b.relations).toEqual({ one: "z/1", many: ["d", "z/1", "c"] });
  expect(b.updatedAt).toBe(before.updatedAt);
  expect((await getEntity(ctx, bp, "c")).relations).toEqual({ one: null, many: ["z/1"] });
});

test("§4.4 PUT renames and resets what it omits", async () => {
  await putEntity(ctx, { blueprint: bp, entity: "a" }, { identifier: "z", properties: { n: 1 } }, PUT);
  expect(await getEntity(ctx, bp, "z")).toMatchObject({
    title: null,
    properties: { s: null, n: 1 },
    relations: { one: null, many: [] },
  });
  expect((await getEntity(ctx, bp, "b")).relations).toMatchObject({ one: "z" });
});

test("§4.4 the change feed tells of the entity under both identifiers, and of all that followed", async () => {
  const from = await changeCount(ctx);
  await patch("a", { identifier: "z" });
  const rows = (await changes(ctx)).slice(from);
  expect(rows.map((row) => `${row.action} ${String(row.identifier)}`).sort()).toEqual([
    "UPDATE b",
    "UPDATE c",
    "UPDATE z",
  ]);
  const own = rows.find((row) => row.identifier === "z");
  expect(own).toMatchObject({ before: { identifier: "a" }, after: { identifier: "z" } });
});

test.each([
  ["d", "conflict"],
  ["a b", "invalid_request"],
  ["..", "invalid_request"],
])("§4.4 the identifier %j is refused and nothing is written", async (identifier, code) => {
  const from = await changeCount(ctx);
  expect((await refusal(() => patch("a", { identifier, title: "x" }))).code).toBe(code);
  expect((await getEntity(ctx, bp, "a")).title).toBe("a");
  expect(await changeCount(ctx)).toBe(from);
});

test("§4.4 a body that is refused leaves the identifier", async () => {
  const from = await changeCount(ctx);
  expect((await refusal(() => patch("a", { identifier: "z", properties: { n: "no number" } }))).code).toBe(
    "invalid_request",
  );
  expect((await refusal(() => patch("a", { identifier: "z", relations: { one: "none" } }))).code).toBe(
    "not_found",
  );
  expect((await refusal(() => patch("nope", { identifier: "z" }))).code).toBe("not_found");
  expect((await getEntity(ctx, bp, "a")).identifier).toBe("a");
  expect(await changeCount(ctx)).toBe(from);
});

test("§4.4 renames, writes and deletes at once leave relations that agree with what exists", async () => {
  const names = ["a", "x1", "x2", "x3"];
  const work = Array.from({ length: 24 }, (_, i) => async () => {
    const from = names[i % names.length] ?? "a";
    const to = names[(i * 7 + 1) % names.length] ?? "a";
    try {
      if (i % 3 === 0) await patch("c", { relations: { many: [from, "d"] } });
      else await patch(from, { identifier: to });
    } catch (error) {
      expect((error as { code?: string }).code).toMatch(/^(not_found|conflict)$/);
    }
  });
  await Promise.all(work.map((run) => run()));
  const present = (await Promise.all(names.map((name) => getEntity(ctx, bp, name).catch(() => null)))).filter(
    (e) => e !== null,
  );
  expect(present).toHaveLength(1);
  const survivor = present[0]?.identifier ?? "";
  expect((await getEntity(ctx, bp, "b")).relations).toEqual({ one: survivor, many: ["d", survivor, "c"] });
});
