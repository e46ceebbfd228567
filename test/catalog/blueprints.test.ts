import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  changeBlueprint,
  createBlueprint,
  getBlueprint,
  getBlueprints,
  replaceBlueprint,
} from "../../src/catalog/define-blueprint.ts";
import { deleteBlueprint } from "../../src/catalog/delete-blueprint.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { changeCount, changes, define, MERGE, OVERRIDE, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
/** A name that no other test uses. */
let name = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());
beforeEach(() => {
  name = `b${++n}`;
});

const shell = (properties: unknown, rest: object = {}): object => ({
  identifier: name,
  title: "T",
  schema: { properties },
  ...rest,
});

test("§3.2 everything else is kept: computed definitions, ownership, unknown keys, empty texts", async () => {
  await define(ctx, `${name}target`);
  const body = {
    ...shell(
      { a: { type: "number" } },
      { description: "", icon: "", formulaProperties: {}, custom: { x: [1] } },
    ),
    relations: { r: { target: `${name}target` }, self: { target: name, many: true, title: "Self" } },
    mirrorProperties: { m: { title: "M", path: "r.whatever" }, owner: { path: "r.$team" } },
    calculationProperties: {
      c: { calculation: "not (valid jq", type: "string", colorized: true, colors: { x: "red" } },
    },
    aggregationProperties: {
      g: {
        title: "G",
        type: "number",
        target: "anything",
        calculationSpec: {
          func: "average",
          averageOf: "month",
          measureTimeBy: "$createdAt",
          calculationBy: "entities",
        },
        query: { combinator: "and", rules: [] },
        pathFilter: [{ path: ["r"], fromBlueprint: name }],
      },
    },
    ownership: { type: "Direct", title: "Owners" },
    createdAt: "ignored",
    updatedBy: "ignored",
  };
  const { blueprint } = await createBlueprint(ctx, body);
  expect(blueprint).toEqual({
    ...body,
    schema: { properties: { a: { type: "number" } }, required: [] },
    relations: {
      r: { target: `${name}target`, many: false, required: false },
      self: { target: name, many: true, required: false, title: "Self" },
    },
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    createdBy: "fairway",
    updatedAt: blueprint["createdAt"],
    updatedBy: "fairway",
  });
  expect((await getBlueprints(ctx)).find((b) => b["identifier"] === name)).toEqual(blueprint);
});

test("§3.5 the seed's blueprint that is its own target's provider can be made in two steps", async () => {
  await define(ctx, `${name}api`, { type: { type: "string", enum: ["Open API", "grpc"] } });
  await define(ctx, name, {}, { relations: { consumesApi: { target: `${name}api`, many: true } } });
  const { blueprint } = await changeBlueprint(ctx, `${name}api`, {
    relations: { provider: { target: name, required: true } },
  });
  expect(blueprint["relations"]).toEqual({ provider: { target: name, required: true, many: false } });
});

test("§2.2 creating one that exists is a conflict", async () => {
  await define(ctx, name);
  expect(await refusal(() => define(ctx, name))).toMatchObject({ code: "conflict" });
});

describe("§3.7 PUT", () => {
  test("replaces everything: what is omitted is gone", async () => {
    await define(
      ctx,
      name,
      { a: { type: "string" } },
      { description: "d", custom: 1, includeInGlobalSearch: true },
    );
    const { blueprint, changed } = await replaceBlueprint(ctx, name, {
      title: "New",
      schema: { properties: {} },
    });
    expect(changed).toBe(true);
    expect(Object.keys(blueprint).sort()).toEqual(
      [
        "aggregationProperties",
        "calculationProperties",
        "createdAt",
        "createdBy",
        "identifier",
        "mirrorProperties",
        "relations",
        "schema",
        "title",
        "updatedAt",
        "updatedBy",
      ].sort(),
    );
  });

  test("sending back what was read writes nothing", async () => {
    await define(ctx, name, { a: { type: "string" } }, { relations: { self: { target: name } } });
    const current = await getBlueprint(ctx, name);
    const before = await changeCount(ctx);
    const result = await replaceBlueprint(ctx, name, current);
    expect(result).toEqual({ blueprint: current, changed: false, warnings: [] });
    expect(await changeCount(ctx)).toBe(before);
  });

  test("a missing one is not_found", async () => {
    expect(await refusal(() => replaceBlueprint(ctx, "nope", shell({})))).toMatchObject({
      code: "not_found",
    });
    expect(await refusal(() => replaceBlueprint(ctx, "%\u0000", shell({})))).toMatchObject({
      code: "not_found",
    });
  });
});

describe("§3.7 PATCH (decision 12)", () => {
  test("merges by key inside the maps, null removes, other keys replace, the rest stays", async () => {
    await define(
      ctx,
      name,
      { a: { type: "string", title: "A" }, b: { type: "number" }, c: { type: "boolean" } },
      {
        required: ["a", "b"],
        description: "d",
        icon: "I",
        custom: { x: 1 },
        calculationProperties: { k: { calculation: ".a", type: "string" } },
      },
    );
    const { blueprint } = await changeBlueprint(ctx, name, {
      schema: { properties: { b: null, d: { type: "array" }, a: { title: "AA" } } },
      relations: { self: { target: name } },
      calculationProperties: { k: null, l: { calculation: ".b", type: "number" } },
      custom: { y: 2 },
      icon: null,
    });
    expect(blueprint).toMatchObject({
      title: name,
      description: "d",
      custom: { y: 2 },
      schema: {
        properties: { a: { type: "string", title: "AA" }, c: { type: "boolean" }, d: { type: "array" } },
        required: ["a"],
      },
      relations: { self: { target: name, many: false, required: false } },
      calculationProperties: { l: { calculation: ".b", type: "number" } },
    });
    expect(blueprint["schema"]).toEqual({
      properties: { a: { type: "string", title: "AA" }, c: { type: "boolean" }, d: { type: "array" } },
      required: ["a"],
    });
    expect(blueprint).not.toHaveProperty("icon");
  });

  test("a definition with a type replaces the old definition", async () => {
    await define(ctx, name, { a: { type: "string", enum: ["x"] } });
    const { blueprint } = await changeBlueprint(ctx, name, {
      schema: { properties: { a: { type: "string" } } },
    });
    expect(blueprint["schema"]).toEqual({ properties: { a: { type: "string" } }, required: [] });
  });

  test("writes nothing when nothing changes", async () => {
    await define(ctx, name, { a: { type: "string" } });
    expect((await changeBlueprint(ctx, name, { title: name })).changed).toBe(false);
    expect((await changeBlueprint(ctx, name, {})).changed).toBe(false);
  });
});

describe("§3.4 §3.5 changes of a definition and stored entities", () => {
  test("the type of a property is permanent; without it in between, values of the other type go", async () => {
    await define(ctx, name, { a: { type: "string" }, b: { type: "string" } });
    await put(ctx, name, { identifier: "e", properties: { a: "1", b: "keep" } });
    const refused = await refusal(() =>
      changeBlueprint(ctx, name, { schema: { properties: { a: { type: "number" } } } }),
    );
    expect(refused.message).toMatch(/a\.type: the type is permanent; it is string and cannot become number/);
    await changeBlueprint(ctx, name, { schema: { properties: { a: null, b: null } } });
    expect((await getEntity(ctx, name, "e")).properties).toEqual({});
    await changeBlueprint(ctx, name, {
      schema: { properties: { a: { type: "number" }, b: { type: "string" } } },
    });
    expect((await getEntity(ctx, name, "e")).properties).toEqual({ a: null, b: "keep" });
    await put(ctx, name, { identifier: "e", properties: { a: 1 } });
  });

  test("§3.4 single and list are types too; format, enum and title may change, and bite on the next write", async () => {
    await define(ctx, name, { one: { type: "string" }, list: { type: "array" } });
    await put(ctx, name, { identifier: "e", properties: { one: "x", list: ["x"] } });
    const change = (properties: object) => changeBlueprint(ctx, name, { schema: { properties } });
    for (const [property, type] of [
      ["one", "array"],
      ["list", "string"],
    ] as const)
      expect((await refusal(() => change({ [property]: { type } }))).message).toContain("is permanent");
    await change({ one: { type: "string", format: "url", title: "One", enum: ["https://a", "https://b"] } });
    expect((await getEntity(ctx, name, "e")).properties).toEqual({ one: "x", list: ["x"] });
    await put(ctx, name, { identifier: "e", properties: { list: [] } });
    expect((await refusal(() => put(ctx, name, { identifier: "e", properties: { one: "x" } }))).code).toBe(
      "invalid_request",
    );
  });

  test("a removed relation frees its targets", async () => {
    await define(ctx, `${name}t`);
    await define(ctx, name, {}, { relations: { r: { target: `${name}t`, required: true } } });
    await put(ctx, `${name}t`, { identifier: "x" });
    await put(ctx, name, { identifier: "e", relations: { r: "x" } });
    await changeBlueprint(ctx, name, { relations: { r: null } });
    expect((await getEntity(ctx, name, "e")).relations).toEqual({});
    await changeBlueprint(ctx, name, { relations: { r: { target: `${name}t` } } });
    expect((await getEntity(ctx, name, "e")).relations).toEqual({ r: null });
  });

  test("many can be switched on, and off while nobody holds several values", async () => {
    await define(ctx, name, {}, { relations: { r: { target: name } } });
    await put(ctx, name, { identifier: "x" });
    await put(ctx, name, { identifier: "y" });
    await put(ctx, name, { identifier: "e", relations: { r: "x" } });
    await changeBlueprint(ctx, name, { relations: { r: { target: name, many: true } } });
    expect((await getEntity(ctx, name, "e")).relations).toEqual({ r: ["x"] });
    await put(ctx, name, { identifier: "e", relations: { r: ["x", "y"] } });
    const refused = await refusal(() =>
      changeBlueprint(ctx, name, { relations: { r: { target: name, many: false } } }),
    );
    expect(refused).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("1 entities hold several") as string,
    });
    await put(ctx, name, { identifier: "e", relations: { r: ["y"] } });
    await changeBlueprint(ctx, name, { relations: { r: { target: name, many: false } } });
    expect((await getEntity(ctx, name, "e")).relations).toEqual({ r: "y" });
    expect((await getEntity(ctx, name, "x")).relations).toEqual({ r: null });
  });

  test("a relation's target is permanent", async () => {
    await define(ctx, `${name}t`);
    await define(ctx, name, {}, { relations: { r: { target: name } } });
    const refused = await refusal(() =>
      changeBlueprint(ctx, name, { relations: { r: { target: `${name}t` } } }),
    );
    expect(refused.message).toMatch(/relations\.r\.target: the target is permanent/);
  });

  test("a new required property bites on the next write only", async () => {
    await define(ctx, name, { a: { type: "string" } });
    await put(ctx, name, { identifier: "e" });
    await changeBlueprint(ctx, name, { schema: { required: ["a"] } });
    expect((await getEntity(ctx, name, "e")).properties).toEqual({ a: null });
    expect((await refusal(() => put(ctx, name, { identifier: "e", title: "T" }))).message).toMatch(
      /properties\.a is required/,
    );
  });

  test("writers use the new definition at once", async () => {
    await define(ctx, name, { a: { type: "string" } });
    await put(ctx, name, { identifier: "e", properties: { a: "1" } });
    await changeBlueprint(ctx, name, { schema: { properties: { a: { type: "string", enum: ["x"] } } } });
    expect((await refusal(() => put(ctx, name, { identifier: "e", properties: { a: "1" } }))).message).toBe(
      'properties.a "1" is not one of x (enum)',
    );
    await replaceBlueprint(ctx, name, shell({}));
    expect((await put(ctx, name, { identifier: "e", properties: { a: "1" } }, OVERRIDE)).warnings).toEqual([
      `properties.a: not a property of blueprint "${name}", dropped`,
    ]);
  });

  test("a blueprint deleted and made again does not meet the cached plan of the old one", async () => {
    await define(ctx, name, { a: { type: "string" } });
    expect(
      (await put(ctx, name, { identifier: "e", properties: { a: "1" } }, { ...MERGE, validationOnly: true }))
        .entity.properties,
    ).toEqual({ a: "1" });
    await deleteBlueprint(ctx, name);
    await define(ctx, name, { a: { type: "number" } });
    expect((await put(ctx, name, { identifier: "e", properties: { a: 1 } })).entity.properties).toEqual({
      a: 1,
    });
  });
});

describe("§3.10 DELETE", () => {
  test("with entities: has_dependents, listed and counted", async () => {
    await define(ctx, name);
    for (const id of ["x", "y"]) await put(ctx, name, { identifier: id });
    const refused = await refusal(() => deleteBlueprint(ctx, name));
    expect(refused).toMatchObject({ code: "has_dependents", extra: { count: 2 } });
    expect(refused.message).toMatch(/has entities: x, y \(2 in all; has_dependents\)/);
    expect(refused.extra["dependents"]).toEqual(
      ["x", "y"].map((identifier) => ({ kind: "entity", blueprint: name, identifier })),
    );
  });

  test("as the target of another blueprint's relation: has_dependents; its own relations do not count", async () => {
    await define(ctx, name, {}, { relations: { self: { target: name } } });
    await define(ctx, `${name}x`, {}, { relations: { r: { target: name } } });
    const refused = await refusal(() => deleteBlueprint(ctx, name));
    expect(refused.extra).toEqual({
      count: 1,
      dependents: [{ kind: "relation", blueprint: `${name}x`, identifier: "r" }],
    });
    await deleteBlueprint(ctx, `${name}x`);
    await deleteBlueprint(ctx, name);
    expect(await refusal(() => getBlueprint(ctx, name))).toMatchObject({ code: "not_found" });
    expect(await refusal(() => deleteBlueprint(ctx, name))).toMatchObject({ code: "not_found" });
  });
});

test("§8.1 every change leaves one row with before and after", async () => {
  const from = await changeCount(ctx);
  await define(ctx, name);
  await changeBlueprint(ctx, name, { title: "Two" });
  await deleteBlueprint(ctx, name);
  const rows = (await changes(ctx)).slice(from);
  expect(rows.map((row) => [row.kind, row.action, row.blueprint, row.identifier, row.actor])).toEqual(
    ["CREATE", "UPDATE", "DELETE"].map((action) => ["blueprint", action, name, null, "fairway"]),
  );
  expect(
    rows.map((row) => [
      (row.before as { title: string } | null)?.title,
      (row.after as { title: string } | null)?.title,
    ]),
  ).toEqual([
    [undefined, name],
    [name, "Two"],
    ["Two", undefined],
  ]);
});
