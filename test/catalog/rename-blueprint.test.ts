import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  changeBlueprint,
  createBlueprint,
  getBlueprint,
  replaceBlueprint,
} from "../../src/catalog/define-blueprint.ts";
import { getEntity } from "../../src/catalog/read-entities.ts";
import { type Member, renameMember } from "../../src/catalog/rename-blueprint.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { readSettingsDocument } from "../../src/storage/dora-settings.ts";
import { putOwnSetting, readOwnSettings } from "../../src/storage/own-settings.ts";
import { readGranted, writeGranted } from "../../src/storage/permissions.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { allEntities, changes, define, MERGE, OVERRIDE, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
let n = 0;
let name = "";
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());
beforeEach(() => {
  name = `b${++n}`;
});

const rename = (member: Member, from: string, to: string, blueprint = name) =>
  renameMember(ctx, blueprint, member, { from, to, field: "newName" });

const count = { calculationBy: "entities", func: "count" };

/** `name` in the middle of a data model that refers to it in every way. */
async function stage(): Promise<void> {
  await define(ctx, `${name}team`, { lead: { type: "string" } });
  await createBlueprint(ctx, {
    identifier: name,
    title: "T",
    schema: {
      properties: {
        kind: { type: "string" },
        cost: { type: "number" },
        since: { type: "string", format: "date-time" },
      },
      required: ["kind"],
    },
    relations: {
      owner: { target: `${name}team` },
      parts: { target: name, many: true },
    },
    mirrorProperties: { lead: { path: "owner.lead" } },
    calculationProperties: {
      price: { calculation: "(.properties.cost * 2) as $cost | $cost", type: "number" },
      other: { calculation: ".properties.costs", type: "number" },
      of: { calculation: ".relations.owner", type: "string" },
    },
    ownership: { type: "Inherited", path: "owner" },
  });
  await createBlueprint(ctx, {
    identifier: `${name}x`,
    title: "X",
    schema: {
      properties: {
        about: { type: "array", items: { type: "string", format: "blueprints" } },
        one: { type: "string", format: "blueprints", default: name },
      },
    },
    relations: { part: { target: name }, team: { target: `${name}team` } },
    mirrorProperties: {
      kind: { path: "part.kind" },
      leadOfPart: { path: "part.owner.lead" },
      viaParts: { path: "part.parts.cost" },
      other: { path: "team.lead" },
    },
    calculationProperties: { is: { calculation: `.blueprint == "${name}"`, type: "boolean" } },
    aggregationProperties: {
      sum: {
        title: "Sum",
        target: name,
        calculationSpec: { calculationBy: "property", func: "sum", property: "cost", measureTimeBy: "since" },
        query: {
          combinator: "and",
          rules: [
            { property: "kind", operator: "=", value: "kind" },
            { property: "$blueprint", operator: "in", value: [name, "else"] },
            {
              combinator: "or",
              rules: [
                { relation: "owner", operator: "isEmpty" },
                { operator: "relatedTo", blueprint: name, value: "e" },
                { operator: "matchAny", property: { path: ["parts", "owner"] }, value: "e" },
                {
                  operator: "matchAny",
                  property: { path: ["part", "owner"], fromBlueprint: `${name}x` },
                  value: "e",
                },
                { operator: "matchAny", property: "owner", value: "e" },
              ],
            },
          ],
        },
        pathFilter: [{ path: ["part", "owner"] }],
      },
      back: {
        title: "Back",
        target: `${name}team`,
        calculationSpec: count,
        pathFilter: [{ path: [{ relation: "parts", maxHops: 3 }, "owner"], fromBlueprint: name }],
      },
    },
    ownership: { type: "Inherited", path: "part.owner" },
  });
}

describe("§3.7 rename of a property", () => {
  test("§3.7 keeps stored values under the new key, and the place among the properties", async () => {
    await define(
      ctx,
      name,
      { a: { type: "string" }, b: { type: "number", title: "B" }, c: { type: "array" } },
      {
        required: ["b"],
      },
    );
    await put(ctx, name, { identifier: "e", properties: { a: "x", b: 1 } });
    const before = await getEntity(ctx, name, "e");
    const { blueprint, changed } = await rename("property", "b", "size");
    expect(changed).toBe(true);
    expect(JSON.stringify(blueprint["schema"])).toBe(
      '{"properties":{"a":{"type":"string"},"size":{"type":"number","title":"B"},"c":{"type":"array"}},"required":["size"]}',
    );
    expect(await getEntity(ctx, name, "e")).toEqual({ ...before, properties: { a: "x", size: 1, c: null } });
    await put(ctx, name, { identifier: "e", properties: { size: 2 } });
  });

  test("what an earlier property of the new name left behind does not come back as its value", async () => {
    await define(ctx, name, { a: { type: "string" }, b: { type: "string" } });
    await put(ctx, name, { identifier: "both", properties: { a: "A", b: "old" } });
    await put(ctx, name, { identifier: "one", properties: { b: "old" } });
    await changeBlueprint(ctx, name, { schema: { properties: { b: null } } });
    await rename("property", "a", "b");
    expect((await getEntity(ctx, name, "both")).properties).toEqual({ b: "A" });
    expect((await getEntity(ctx, name, "one")).properties).toEqual({ b: null });
  });

  test("§3.7 decision 13: mirrors, aggregations and queries of other blueprints follow, jq texts are told in warnings", async () => {
    await stage();
    const { blueprint, warnings } = await rename("property", "cost", "price-eur");
    expect(blueprint["calculationProperties"]).toMatchObject({
      price: { calculation: "(.properties.cost * 2) as $cost | $cost" },
    });
    expect(warnings).toEqual([
      `${name}.calculationProperties.price mentions "cost" in its jq text, which was not edited; the new name is "price-eur"`,
    ]);
    const other = await getBlueprint(ctx, `${name}x`);
    expect(other["mirrorProperties"]).toEqual({
      kind: { path: "part.kind" },
      leadOfPart: { path: "part.owner.lead" },
      viaParts: { path: "part.parts.price-eur" },
      other: { path: "team.lead" },
    });
    expect(other).toMatchObject({
      aggregationProperties: { sum: { calculationSpec: { property: "price-eur", measureTimeBy: "since" } } },
    });
    await rename("property", "kind", "sort");
    await rename("property", "since", "from");
    expect(await getBlueprint(ctx, `${name}x`)).toMatchObject({
      mirrorProperties: { kind: { path: "part.sort" } },
      aggregationProperties: {
        sum: {
          calculationSpec: { measureTimeBy: "from" },
          query: { rules: [{ property: "sort", value: "kind" }, {}, {}] },
        },
      },
    });
  });

  test("each blueprint that changed leaves one row in the change feed", async () => {
    await stage();
    const from = (await changes(ctx)).length;
    await rename("property", "kind", "sort");
    expect((await changes(ctx)).slice(from).map((row) => [row.kind, row.action, row.blueprint])).toEqual([
      ["blueprint", "UPDATE", name],
      ["blueprint", "UPDATE", `${name}x`],
    ]);
  });

  test("refusals: unknown, taken by any kind, not an identifier", async () => {
    await stage();
    expect(await refusal(() => rename("property", "nope", "x"))).toMatchObject({
      code: "not_found",
      message: `Property of blueprint "${name}" with identifier "nope" was not found`,
    });
    expect(await refusal(() => rename("property", "lead", "x"))).toMatchObject({ code: "not_found" });
    for (const taken of ["cost", "lead", "price"])
      expect(await refusal(() => rename("property", "kind", taken))).toMatchObject({ code: "conflict" });
    expect(await refusal(() => rename("property", "kind", "a b"))).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("newName") as string,
    });
    expect(await refusal(() => rename("property", "kind", "x", "nowhere"))).toMatchObject({
      code: "not_found",
    });
    expect(await rename("property", "kind", "kind")).toMatchObject({ changed: false });
    // Relations have names of their own.
    await rename("property", "kind", "owner");
  });

  test("writers use the new name at once; the old one is unknown", async () => {
    await define(ctx, name, { a: { type: "string" } });
    await put(ctx, name, { identifier: "e", properties: { a: "1" } });
    await rename("property", "a", "b");
    const { warnings, entity } = await put(ctx, name, { identifier: "e", properties: { a: "2" } });
    expect(warnings).toEqual([`properties.a: not a property of blueprint "${name}", dropped`]);
    expect(entity.properties).toEqual({ b: "1" });
  });
});

test("§3.7 rename of a mirror: only the key; mirrors of it follow", async () => {
  await define(ctx, `${name}t`, { p: { type: "string" } });
  await define(
    ctx,
    name,
    {},
    { relations: { r: { target: `${name}t` } }, mirrorProperties: { m: { path: "r.p", title: "M" } } },
  );
  await define(
    ctx,
    `${name}x`,
    {},
    { relations: { q: { target: name } }, mirrorProperties: { mm: { path: "q.m" } } },
  );
  const { blueprint } = await rename("mirror", "m", "mine");
  expect(blueprint["mirrorProperties"]).toEqual({ mine: { path: "r.p", title: "M" } });
  expect(await getBlueprint(ctx, `${name}x`)).toMatchObject({ mirrorProperties: { mm: { path: "q.mine" } } });
  expect(await refusal(() => rename("mirror", "m", "x"))).toMatchObject({
    message: `Mirror property of blueprint "${name}" with identifier "m" was not found`,
  });
});

describe("§3.7 rename of a relation", () => {
  test("§3.7 keeps relation values; reverse look-ups and delete protection go on", async () => {
    await define(ctx, `${name}t`);
    for (const identifier of ["x", "y"]) await put(ctx, `${name}t`, { identifier });
    await define(
      ctx,
      name,
      {},
      {
        relations: {
          one: { target: `${name}t`, required: true, title: "One" },
          many: { target: `${name}t`, many: true },
        },
      },
    );
    await put(ctx, name, { identifier: "e", relations: { one: "x", many: ["y", "x"] } });
    const { blueprint } = await rename("relation", "one", "first");
    await rename("relation", "many", "all");
    expect(blueprint["relations"]).toMatchObject({ first: { title: "One", required: true } });
    expect((await getEntity(ctx, name, "e")).relations).toEqual({ first: "x", all: ["y", "x"] });
    const rows = await ctx.db
      .selectFrom("entity_relation")
      .select(["relation", "target"])
      .where("blueprint", "=", name)
      .orderBy("relation")
      .orderBy("position")
      .execute();
    expect(rows).toEqual([
      { relation: "all", target: "y" },
      { relation: "all", target: "x" },
      { relation: "first", target: "x" },
    ]);
    expect(await refusal(() => put(ctx, name, { identifier: "e", relations: { one: "y" } }))).toMatchObject({
      code: "not_found",
    });
  });

  test("§3.7 decision 13: paths over it follow, wherever they begin", async () => {
    await stage();
    const { blueprint, warnings } = await rename("relation", "owner", "team");
    expect(blueprint).toMatchObject({
      mirrorProperties: { lead: { path: "team.lead" } },
      ownership: { type: "Inherited", path: "team" },
    });
    expect(warnings).toEqual([expect.stringContaining(`${name}.calculationProperties.of mentions "owner"`)]);
    const other = await getBlueprint(ctx, `${name}x`);
    expect(other).toMatchObject({
      mirrorProperties: { leadOfPart: { path: "part.team.lead" }, other: { path: "team.lead" } },
      ownership: { path: "part.team" },
      aggregationProperties: {
        sum: {
          pathFilter: [{ path: ["part", "team"] }],
          query: {
            rules: [
              {},
              {},
              {
                rules: [
                  { relation: "team" },
                  {},
                  { property: { path: ["parts", "team"] } },
                  { property: { path: ["part", "team"], fromBlueprint: `${name}x` } },
                  { property: "team" },
                ],
              },
            ],
          },
        },
        back: { pathFilter: [{ path: [{ relation: "parts", maxHops: 3 }, "team"], fromBlueprint: name }] },
      },
    });
    await rename("relation", "parts", "pieces");
    expect(await getBlueprint(ctx, `${name}x`)).toMatchObject({
      mirrorProperties: { viaParts: { path: "part.pieces.cost" } },
      aggregationProperties: {
        back: { pathFilter: [{ path: [{ relation: "pieces", maxHops: 3 }, "team"] }] },
      },
    });
  });

  test("refusals: unknown, taken", async () => {
    await stage();
    expect(await refusal(() => rename("relation", "kind", "x"))).toMatchObject({
      message: `Relation of blueprint "${name}" with identifier "kind" was not found`,
    });
    expect(await refusal(() => rename("relation", "owner", "parts"))).toMatchObject({ code: "conflict" });
  });
});

describe("§3.7 another identifier in PUT and PATCH renames the blueprint", () => {
  test("§3.7 entities, relations to them and their values stay", async () => {
    await stage();
    await put(ctx, `${name}team`, { identifier: "t" });
    await put(ctx, name, { identifier: "e", properties: { kind: "k" }, relations: { owner: "t" } });
    await put(ctx, name, { identifier: "f", properties: { kind: "k" }, relations: { parts: ["e", "f"] } });
    await put(ctx, `${name}x`, {
      identifier: "x",
      relations: { part: "e" },
      properties: { about: ["a", name], one: name },
    });
    const to = `${name}-new`;
    const { blueprint, warnings } = await changeBlueprint(ctx, name, { identifier: to });
    expect(blueprint).toMatchObject({
      identifier: to,
      relations: { owner: { target: `${name}team` }, parts: { target: to } },
    });
    expect(warnings).toEqual([
      `${name}x.calculationProperties.is mentions "${name}" in its jq text, which was not edited; the new name is "${to}"`,
    ]);
    expect(await refusal(() => getBlueprint(ctx, name))).toMatchObject({ code: "not_found" });
    expect(await refusal(() => put(ctx, name, { identifier: "e" }))).toMatchObject({ code: "not_found" });
    expect(
      (await allEntities(ctx, to)).map((entity) => [entity.blueprint, entity.identifier, entity.relations]),
    ).toEqual([
      [to, "e", { owner: "t", parts: [] }],
      [to, "f", { owner: null, parts: ["e", "f"] }],
    ]);
    expect((await getEntity(ctx, `${name}x`, "x")).properties).toMatchObject({ about: ["a", to], one: to });
    expect(await getBlueprint(ctx, `${name}x`)).toMatchObject({
      schema: { properties: { one: { default: to } } },
      relations: { part: { target: to } },
      aggregationProperties: {
        sum: {
          target: to,
          query: { rules: [{}, { value: [to, "else"] }, { rules: [{}, { blueprint: to }, {}, {}, {}] }] },
        },
        back: { pathFilter: [{ fromBlueprint: to }] },
      },
    });
    await put(ctx, to, { identifier: "e", title: "E" }, MERGE);
    const rows = await ctx.db
      .selectFrom("entity_relation")
      .select(["blueprint", "target_blueprint"])
      .where("target", "=", "e")
      .orderBy("blueprint")
      .execute();
    expect(rows).toEqual([
      { blueprint: to, target_blueprint: to },
      { blueprint: `${name}x`, target_blueprint: to },
    ]);
  });

  test("§3.7 PUT may rename and redefine at once; its references to the old name mean the new one", async () => {
    await define(ctx, name, { a: { type: "string" } }, { relations: { self: { target: name, many: true } } });
    await put(ctx, name, { identifier: "e", properties: { a: "x" }, relations: { self: ["e"] } });
    const { blueprint } = await replaceBlueprint(ctx, name, {
      identifier: `${name}new`,
      title: "New",
      schema: { properties: { a: { type: "string" }, b: { type: "number" } } },
      relations: { self: { target: name, many: true } },
    });
    expect(blueprint).toMatchObject({
      title: "New",
      relations: { self: { target: `${name}new`, many: true } },
    });
    expect(await getEntity(ctx, `${name}new`, "e")).toMatchObject({
      ...{ properties: { a: "x", b: null }, relations: { self: ["e"] } },
    });
  });

  test("a refused redefinition renames nothing", async () => {
    await define(ctx, name, { a: { type: "string" } });
    await refusal(() =>
      changeBlueprint(ctx, name, {
        identifier: `${name}n`,
        schema: { properties: { a: { type: "number" } } },
      }),
    );
    expect(await getBlueprint(ctx, name)).toMatchObject({ identifier: name });
    expect(await refusal(() => getBlueprint(ctx, `${name}n`))).toMatchObject({ code: "not_found" });
  });

  test("§3.7 collision with an existing id: conflict; the system's names: refused", async () => {
    await define(ctx, name);
    await define(ctx, `${name}x`);
    expect(await refusal(() => changeBlueprint(ctx, name, { identifier: `${name}x` }))).toMatchObject({
      code: "conflict",
    });
    expect(await refusal(() => changeBlueprint(ctx, name, { identifier: "_x" }))).toMatchObject({
      code: "invalid_request",
    });
    expect(await refusal(() => changeBlueprint(ctx, name, { identifier: "a b" }))).toMatchObject({
      code: "invalid_request",
    });
  });

  test("a new blueprint under the old name meets no plan of the renamed one", async () => {
    await define(ctx, name, { a: { type: "string" } });
    await put(ctx, name, { identifier: "e", properties: { a: "x" } });
    await changeBlueprint(ctx, name, { identifier: `${name}n` });
    await define(ctx, name, { a: { type: "number" } });
    await put(ctx, name, { identifier: "e", properties: { a: 1 } });
    await changeBlueprint(ctx, name, { identifier: `${name}m` });
    await changeBlueprint(ctx, `${name}n`, { identifier: name });
    expect((await getEntity(ctx, name, "e")).properties).toEqual({ a: "x" });
    await put(ctx, name, { identifier: "e", properties: { a: "y" } }, OVERRIDE);
    expect((await getEntity(ctx, `${name}m`, "e")).properties).toEqual({ a: 1 });
  });

  test("one row in the change feed, from the old identifier to the new one", async () => {
    await define(ctx, name);
    await changeBlueprint(ctx, name, { identifier: `${name}n`, title: "N" });
    const row = (await changes(ctx)).at(-1);
    expect(row).toMatchObject({
      ...{ action: "UPDATE", blueprint: `${name}n`, before: { identifier: name } },
      after: { identifier: `${name}n`, title: "N" },
    });
  });
});

describe("decision 13: what else names blueprints and their members follows", () => {
  test("permissions: keys, roles of moderators, policies", async () => {
    await stage();
    const block = { roles: [`${name}-moderator`], users: [], teams: [], ownedByTeam: false };
    const policy = { combinator: "and", rules: [{ property: "kind", operator: "=", value: "x" }] };
    await writeGranted(ctx, name, {
      register: block,
      read: { ...block, policy },
      updateProperties: { kind: block },
      updateRelations: { owner: block },
    });
    await writeGranted(ctx, `${name}x`, { update: block });
    await rename("property", "kind", "sort");
    await rename("relation", "owner", "team");
    await changeBlueprint(ctx, name, { identifier: `${name}n` });
    const after = { ...block, roles: [`${name}n-moderator`] };
    const granted = await readGranted(ctx, [name, `${name}n`, `${name}x`]);
    expect(Object.fromEntries(granted)).toEqual({
      [`${name}n`]: {
        register: after,
        read: {
          ...after,
          policy: { combinator: "and", rules: [{ property: "sort", operator: "=", value: "x" }] },
        },
        updateProperties: { sort: after },
        updateRelations: { team: after },
      },
      [`${name}x`]: { update: after },
    });
  });

  test("views that people keep for themselves; what was kept under the new name before goes", async () => {
    await stage();
    const filter = (property: string, relation: string, blueprint: string): string =>
      JSON.stringify({
        combinator: "and",
        rules: [
          { property, operator: "=", value: "kind" },
          { relation, operator: "contains", value: "e" },
          { operator: "relatedTo", blueprint, value: "e" },
        ],
      });
    const view = {
      cols: "cost,kind,$team,owner",
      s: "-kind,$title",
      g: "kind",
      w: "cost:120,kind:200",
      t: "kind:filled",
      f: filter("kind", "owner", name),
      q: "kind",
    };
    const keep = (person: string, setting: string, value: Readonly<Record<string, unknown>>) =>
      putOwnSetting(ctx.db, ctx.org, person, { name: setting, value }, 99, ctx.now());
    await keep("ada@x", `view:${name}`, view);
    await keep("bob@x", `view:${name}`, { f: "no filter", cols: "kind" });
    await keep("bob@x", `view:${name}n`, { cols: "of an earlier one" });
    await keep("bob@x", `view:${name}x`, { cols: "kind", f: filter("kind", "team", name) });
    await keep("bob@x", "kind", { cols: "kind" });
    await rename("property", "kind", "sort");
    await rename("relation", "owner", "by");
    await changeBlueprint(ctx, name, { identifier: `${name}n` });
    expect(await readOwnSettings(ctx.db, ctx.org, "ada@x")).toEqual([
      {
        name: `view:${name}n`,
        value: {
          cols: "cost,sort,$team,by",
          s: "-sort,$title",
          g: "sort",
          w: "cost:120,sort:200",
          t: "sort:filled",
          f: filter("sort", "by", `${name}n`),
          q: "kind",
        },
      },
    ]);
    expect(await readOwnSettings(ctx.db, ctx.org, "bob@x")).toEqual([
      { name: "kind", value: { cols: "kind" } },
      { name: `view:${name}n`, value: { f: "no filter", cols: "sort" } },
      { name: `view:${name}x`, value: { cols: "kind", f: filter("kind", "team", `${name}n`) } },
    ]);
  });

  test("hidden blueprints of the organisation", async () => {
    await define(ctx, name);
    await ctx.db
      .updateTable("organization")
      .set({ settings: JSON.stringify({ hiddenBlueprints: ["z", name], more: 1 }) })
      .where("id", "=", ctx.org)
      .execute();
    await changeBlueprint(ctx, name, { identifier: `${name}n` });
    const { settings } = await ctx.db
      .selectFrom("organization")
      .select("settings")
      .where("id", "=", ctx.org)
      .executeTakeFirstOrThrow();
    expect(settings).toEqual({ hiddenBlueprints: ["z", `${name}n`], more: 1 });
  });

  test("DORA roles found by name are written into the settings, under the new names", async () => {
    await define(ctx, "service", { repository: { type: "string" } });
    await define(
      ctx,
      "deployment",
      { createdAt: { type: "string", format: "date-time" } },
      { relations: { service: { target: "service" } } },
    );
    expect(await readSettingsDocument(ctx.db, ctx.org)).toBeNull();
    const { warnings } = await rename("property", "createdAt", "at", "deployment");
    expect(warnings).toEqual([expect.stringContaining("the DORA role deployment was found by the name")]);
    await rename("relation", "service", "of", "deployment");
    await changeBlueprint(ctx, "deployment", { identifier: "rollout" });
    await rename("property", "repository", "repo", "service");
    const last = await changeBlueprint(ctx, "service", { identifier: "app" });
    expect(last.warnings).toEqual([]);
    expect(await readSettingsDocument(ctx.db, ctx.org)).toMatchObject({
      roles: {
        deployment: [
          {
            blueprint: "rollout",
            fields: {
              service: "relations.of",
              finished: "properties.at",
              status: "properties.deploymentStatus",
            },
          },
        ],
      },
      service: { blueprint: "app", repository: "properties.repo", paths: "properties.paths" },
    });
  });
});

describe("a new name that closes a cycle", () => {
  test("is refused with the cycle spelled out, and nothing is written", async () => {
    await define(ctx, name, { size: { type: "number" } });
    await changeBlueprint(ctx, name, {
      relations: { next: { target: name } },
      mirrorProperties: { shown: { path: "next.later" }, twice: { path: "next.shown" } },
      calculationProperties: {
        sum: { calculation: ".properties.seen", type: "number" },
      },
    });
    await changeBlueprint(ctx, name, { mirrorProperties: { total: { path: "next.sum" } } });
    const before = await getBlueprint(ctx, name);
    expect(await refusal(() => rename("mirror", "twice", "later"))).toMatchObject({
      code: "invalid_request",
      message: `derived properties cannot depend on themselves: ${name}.shown → ${name}.later → ${name}.shown`,
    });
    // A program, whose text is not edited.
    expect((await refusal(() => rename("mirror", "total", "seen"))).message).toMatch(
      /\.(sum|seen) → .*\.(sum|seen) → .*\.(sum|seen)$/,
    );
    expect(await getBlueprint(ctx, name)).toEqual(before);
    // A relation that a path names already.
    await changeBlueprint(ctx, name, {
      relations: { other: { target: name } },
      mirrorProperties: { own: { path: "next.missing.own" } },
    });
    expect((await refusal(() => rename("relation", "other", "missing"))).message).toContain(
      `${name}.own → ${name}.own`,
    );
    await rename("mirror", "twice", "thrice");
  });
});
