/** Definitions and entities that change at once: each goes through as a whole, or is refused as a whole. */
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import {
  changeBlueprint,
  createBlueprint,
  getBlueprint,
  getBlueprints,
} from "../../src/catalog/define-blueprint.ts";
import { deleteBlueprint } from "../../src/catalog/delete-blueprint.ts";
import { renameMember } from "../../src/catalog/rename-blueprint.ts";
import { upsertEntities } from "../../src/catalog/upsert-entity.ts";
import { AppError } from "../../src/model/error.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { allEntities, define, MERGE, put } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
let bp = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());
beforeEach(() => {
  bp = `c${++n}`;
});

/** The value, or the code of the refusal; anything else fails the test. */
async function settled<T>(work: Promise<T>): Promise<T | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** What is stored agrees with itself: values under known names, relation rows as the entities say. */
async function isConsistent(blueprint: string): Promise<void> {
  const { rows } = await sql<{
    identifier: string;
    properties: object;
    relations: Record<string, string | string[]>;
  }>`
    select identifier, properties, relations from entity where blueprint = ${blueprint} order by identifier`.execute(
    ctx.db,
  );
  const definition = await getBlueprint(ctx, blueprint);
  const relations = definition["relations"] as Record<string, { target: string }>;
  const { properties } = definition["schema"] as { properties: object };
  for (const row of rows) {
    for (const id of Object.keys(row.properties)) expect(Object.keys(properties)).toContain(id);
    for (const id of Object.keys(row.relations)) expect(Object.keys(relations)).toContain(id);
  }
  const stored = await sql<{
    identifier: string;
    relation: string;
    target_blueprint: string;
    target: string;
  }>`
    select identifier, relation, target_blueprint, target from entity_relation
    where blueprint = ${blueprint} order by identifier, relation, position`.execute(ctx.db);
  const expected = rows.flatMap((row) =>
    Object.entries(row.relations)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([relation, value]) =>
        [value].flat().map((target) => ({
          ...{ identifier: row.identifier, relation, target },
          target_blueprint: relations[relation]?.target ?? "",
        })),
      ),
  );
  expect(stored.rows).toEqual(expected);
}

test("renames of a property and a relation against concurrent entity writes: no half state, no value lost", async () => {
  await define(ctx, `${bp}t`);
  for (const identifier of ["x", "y"]) await put(ctx, `${bp}t`, { identifier });
  await define(
    ctx,
    bp,
    { a: { type: "number" }, kept: { type: "number" } },
    { relations: { r: { target: `${bp}t`, many: true } } },
  );
  const ids = Array.from({ length: 30 }, (_, i) => `e${i}`);
  await upsertEntities(
    ctx,
    bp,
    ids.map((identifier) => ({ identifier, properties: { a: 0 }, relations: { r: ["x"] } })),
    MERGE,
  );
  const writers = Array.from({ length: 6 }, async (_, w) => {
    for (let round = 1; round <= 8; round++) {
      // Writers know one of the names; under the other the value is dropped with a warning, the relation refused.
      const name = round % 2 === 0 ? "a" : "b";
      const { outcomes } = await upsertEntities(
        ctx,
        bp,
        ids.slice(w * 5, w * 5 + 5).map((identifier) => ({
          identifier,
          properties: { [name]: round, kept: round },
          relations: { [name === "a" ? "r" : "s"]: ["y", "x"] },
        })),
        MERGE,
      );
      for (const outcome of outcomes) if (!outcome.ok) expect(outcome.error.code).toBe("not_found");
    }
  });
  const renamer = (async () => {
    for (let round = 0; round < 6; round++) {
      const [from, to] = round % 2 === 0 ? (["a", "b"] as const) : (["b", "a"] as const);
      await renameMember(ctx, bp, "property", { from, to, field: "x" });
      const [old, now] = round % 2 === 0 ? (["r", "s"] as const) : (["s", "r"] as const);
      await renameMember(ctx, bp, "relation", { from: old, to: now, field: "x" });
    }
  })();
  await Promise.all([...writers, renamer]);
  await isConsistent(bp);
  const entities = await allEntities(ctx, bp);
  expect(entities).toHaveLength(30);
  for (const entity of entities) {
    expect(entity.properties["a"]).toEqual(expect.any(Number));
    expect((entity.relations["r"] as string[]).length).toBeGreaterThan(0);
  }
});

test("a rename of the blueprint against concurrent entity writes of it and of those that relate to it", async () => {
  await define(ctx, bp, { a: { type: "number" } }, { relations: { self: { target: bp } } });
  await define(ctx, `${bp}x`, {}, { relations: { r: { target: bp, many: true } } });
  await put(ctx, bp, { identifier: "root" });
  const names = [bp, `${bp}new`];
  let written = 0;
  const writers = Array.from({ length: 6 }, async (_, w) => {
    for (let round = 0; round < 10; round++) {
      const results = await Promise.all([
        ...names.map((name) =>
          settled(
            put(ctx, name, {
              identifier: `e${w}-${round}`,
              properties: { a: round },
              relations: { self: "root" },
            }),
          ),
        ),
        settled(put(ctx, `${bp}x`, { identifier: `x${w}`, relations: { r: ["root"] } })),
      ]);
      for (const result of results)
        if (typeof result === "string") expect(result).toBe("not_found");
        else written++;
    }
  });
  const renamer = (async () => {
    for (let round = 0; round < 4; round++)
      await changeBlueprint(ctx, names[round % 2] ?? "", { identifier: names[(round + 1) % 2] });
  })();
  await Promise.all([...writers, renamer]);
  expect(written).toBeGreaterThan(60);
  await isConsistent(bp);
  await isConsistent(`${bp}x`);
  expect((await allEntities(ctx, bp)).every((entity) => entity.relations["self"] !== undefined)).toBe(true);
});

test("two renames of one thing: one wins, the other meets what the first left", async () => {
  await define(ctx, bp, { a: { type: "string" } });
  await put(ctx, bp, { identifier: "e", properties: { a: "x" } });
  const rename = (to: string) => settled(renameMember(ctx, bp, "property", { from: "a", to, field: "x" }));
  const results = await Promise.all(["b", "c", "b", "c"].map(rename));
  expect(results.filter((result) => typeof result !== "string")).toHaveLength(1);
  expect(results.filter((result) => result === "not_found")).toHaveLength(3);
  await isConsistent(bp);
  const blueprints = await Promise.all(
    [`${bp}1`, `${bp}2`, `${bp}1`].map((identifier) => settled(changeBlueprint(ctx, bp, { identifier }))),
  );
  expect(blueprints.filter((result) => typeof result !== "string")).toHaveLength(1);
  const left = (await getBlueprints(ctx))
    .map((one) => String(one["identifier"]))
    .filter((id) => id.startsWith(bp));
  expect(left).toHaveLength(1);
  await isConsistent(left[0] ?? "");
});

test("two blueprints renamed to each other's neighbours at once: references end where their blueprints are", async () => {
  await define(ctx, `${bp}a`);
  await define(ctx, `${bp}b`, {}, { relations: { r: { target: `${bp}a` } } });
  await changeBlueprint(ctx, `${bp}a`, { relations: { r: { target: `${bp}b` } } });
  await Promise.all([
    changeBlueprint(ctx, `${bp}a`, { identifier: `${bp}c` }),
    changeBlueprint(ctx, `${bp}b`, { identifier: `${bp}d` }),
  ]);
  expect(await getBlueprint(ctx, `${bp}c`)).toMatchObject({ relations: { r: { target: `${bp}d` } } });
  expect(await getBlueprint(ctx, `${bp}d`)).toMatchObject({ relations: { r: { target: `${bp}c` } } });
});

test("a blueprint that comes to refer to one which is being renamed refers to it under one of its names", async () => {
  await define(ctx, bp);
  const results = await Promise.all([
    changeBlueprint(ctx, bp, { identifier: `${bp}n` }),
    ...Array.from({ length: 8 }, (_, i) =>
      settled(
        createBlueprint(ctx, {
          identifier: `${bp}x${i}`,
          title: "X",
          schema: { properties: {} },
          relations: { r: { target: bp } },
        }),
      ),
    ),
  ]);
  for (const [i, result] of results.slice(1).entries())
    if (result === "not_found") expect(await settled(getBlueprint(ctx, `${bp}x${i}`))).toBe("not_found");
    else
      expect(await getBlueprint(ctx, `${bp}x${i}`)).toMatchObject({ relations: { r: { target: `${bp}n` } } });
});

test("deletion against creation: of entities, and of blueprints that relate to it", async () => {
  for (let round = 0; round < 8; round++) {
    const name = `${bp}r${round}`;
    await define(ctx, name);
    const [deleted, entity, relating] = await Promise.all([
      settled(deleteBlueprint(ctx, name)),
      settled(put(ctx, name, { identifier: "e" })),
      settled(
        createBlueprint(ctx, {
          ...{ identifier: `${name}x`, title: "X", schema: { properties: {} } },
          relations: { r: { target: name } },
        }),
      ),
    ]);
    if (deleted === "has_dependents") {
      expect([entity, relating].some((result) => typeof result !== "string")).toBe(true);
      expect(await getBlueprint(ctx, name)).toMatchObject({ identifier: name });
    } else expect([entity, relating]).toEqual(["not_found", "not_found"]);
  }
});

test("creations of one blueprint at once: one wins", async () => {
  const body = { identifier: bp, title: "T", schema: { properties: {} } };
  const results = await Promise.all(Array.from({ length: 6 }, () => settled(createBlueprint(ctx, body))));
  expect(results.filter((result) => result === "conflict")).toHaveLength(5);
});

test("PATCHes of different properties at once: none is lost", async () => {
  await define(ctx, bp);
  await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      changeBlueprint(ctx, bp, { schema: { properties: { [`p${i}`]: { type: "string" } } } }),
    ),
  );
  const { properties } = (await getBlueprint(ctx, bp))["schema"] as { properties: object };
  expect(Object.keys(properties).sort()).toEqual(Array.from({ length: 10 }, (_, i) => `p${i}`));
});
