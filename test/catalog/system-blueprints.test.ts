import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  changeBlueprint,
  createBlueprint,
  getBlueprint,
  getBlueprints,
  replaceBlueprint,
} from "../../src/catalog/define-blueprint.ts";
import { deleteBlueprint } from "../../src/catalog/delete-blueprint.ts";
import { getPages } from "../../src/catalog/pages.ts";
import { renameMember } from "../../src/catalog/rename-blueprint.ts";
import { ensureSystemBlueprints, getSystemStructure } from "../../src/catalog/system-blueprints.ts";
import { startDeletion } from "../../src/ingest/migrations.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { changeCount, define, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
  await ensureSystemBlueprints(ctx);
});
afterAll(() => t.close());

const NAMES = ["_team", "_user", "_scorecard", "_rule", "_rule_result"];

test("§3.12 they exist in every organisation from the start, without catalogue pages", async () => {
  expect((await getBlueprints(ctx)).map((blueprint) => String(blueprint["identifier"])).sort()).toEqual(
    [...NAMES].sort(),
  );
  expect((await getPages(ctx, false)).filter(({ type }) => type === "blueprint-entities")).toEqual([]);
});

test("§3.12 the next start changes nothing", async () => {
  const before = [await changeCount(ctx), await getBlueprints(ctx)];
  await ensureSystemBlueprints(ctx);
  expect([await changeCount(ctx), await getBlueprints(ctx)]).toEqual(before);
});

test("§3.12 two starts at once create each once", async () => {
  const other = await openTestDatabase();
  try {
    await Promise.all([ensureSystemBlueprints(other.ctx), ensureSystemBlueprints(other.ctx)]);
    expect(await getBlueprints(other.ctx)).toHaveLength(NAMES.length);
  } finally {
    await other.close();
  }
});

test("§3.12 a later version puts what it ships into what users extended, and keeps what they added", async () => {
  await changeBlueprint(ctx, "_rule", {
    schema: { properties: { own: { type: "string" } }, required: ["own"] },
  });
  const stored = await getBlueprint(ctx, "_rule");
  // As an earlier version may have shipped it: less, and something else.
  const { level: _level, ...fewer } = (stored["schema"] as { properties: JsonObject }).properties;
  const older = {
    ...stored,
    schema: { properties: { ...fewer, query: { type: "object" } }, required: ["own"] },
  };
  await ctx.db
    .updateTable("blueprint")
    .set({ document: JSON.stringify(older) })
    .where("identifier", "=", "_rule")
    .execute();
  await ensureSystemBlueprints(ctx);
  const after = await getBlueprint(ctx, "_rule");
  expect(after["schema"]).toEqual(stored["schema"]);
  await changeBlueprint(ctx, "_rule", { schema: { properties: { own: null } } });
});

describe("§3.12 content", () => {
  test.each([
    ["_user", ["status", "port_role", "port_type", "moderated_blueprints"], []],
    ["_team", ["description"], []],
    [
      "_scorecard",
      ["blueprint", "levels", "filter", "rules_tested", "rules_passed", "rules_passed_percentage"],
      [],
    ],
    ["_rule", ["level", "query", "rule_description", "entities_tested", "entities_passed"], ["scorecard"]],
    ["_rule_result", ["result", "entity", "entity_link", "result_last_change"], ["rule"]],
  ])("§3.12 %s", async (identifier, properties, relations) => {
    const blueprint = await getBlueprint(ctx, identifier);
    const given = Object.keys((blueprint["schema"] as { properties: object }).properties);
    expect(given.sort()).toEqual([...properties].sort());
    expect(Object.keys(blueprint["relations"] as object)).toEqual(relations);
  });

  test("§3.12 team memberships are the `team` of a user; rules require their scorecard", async () => {
    expect((await getBlueprint(ctx, "_user"))["ownership"]).toEqual({ type: "Direct", title: "Teams" });
    expect((await getBlueprint(ctx, "_rule"))["relations"]).toMatchObject({
      scorecard: { target: "_scorecard", required: true, many: false },
    });
    expect(await getBlueprint(ctx, "_rule_result")).toMatchObject({
      relations: { rule: { target: "_rule", required: true } },
      mirrorProperties: { level: { path: "rule.level" }, blueprint: { path: "rule.scorecard.blueprint" } },
    });
  });
});

describe("§3.12 protection", () => {
  test("§3.12 cannot be deleted, nor all their entities at once", async () => {
    for (const identifier of NAMES) {
      expect(await refusal(() => deleteBlueprint(ctx, identifier))).toMatchObject({
        code: "forbidden",
        message: `Blueprint "${identifier}" belongs to the system: it cannot be deleted`,
      });
      expect(await refusal(() => startDeletion(ctx, identifier, { deleteBlueprint: false }))).toMatchObject({
        code: "forbidden",
      });
    }
  });

  test.each<[string, object, RegExp]>([
    ["another identifier", { identifier: "people" }, /it cannot get another identifier/],
    [
      "a property removed",
      { schema: { properties: { status: null } } },
      /schema\.properties\.status is shipped and cannot be removed/,
    ],
    [
      "a property changed",
      { schema: { properties: { status: { enum: ["On"] } } } },
      /schema\.properties\.status is shipped and cannot be changed/,
    ],
    ["a type changed", { schema: { properties: { status: { type: "number" } } } }, /cannot be changed/],
    [
      "a default changed",
      { schema: { properties: { port_role: { default: "Admin" } } } },
      /cannot be changed/,
    ],
    [
      "a property required",
      { schema: { required: ["status"] } },
      /schema\.properties\.status is shipped and cannot become required/,
    ],
    ["ownership removed", { ownership: null }, /ownership is shipped and cannot be removed/],
    [
      "ownership changed",
      { ownership: { type: "Inherited", path: "manager" } },
      /ownership is shipped and cannot be changed/,
    ],
  ])("§3.12 shipped properties can't be changed: %s", async (_label, patch, message) => {
    const refused = await refusal(() => changeBlueprint(ctx, "_user", patch));
    expect(refused).toMatchObject({ code: "forbidden", message: expect.stringMatching(message) as string });
  });

  test("§3.12 shipped relations can't be changed", async () => {
    for (const patch of [
      { relations: { scorecard: null } },
      { relations: { scorecard: { required: false } } },
      { relations: { scorecard: { target: "_rule" } } },
    ])
      expect(await refusal(() => changeBlueprint(ctx, "_rule", patch))).toMatchObject({ code: "forbidden" });
  });

  test("§3.12 nothing shipped gets another name; what users added does", async () => {
    const names = (from: string) => ({ from, to: "other", field: "newName" });
    for (const [blueprint, member, from] of [
      ["_user", "property", "status"],
      ["_rule", "relation", "scorecard"],
      ["_rule_result", "mirror", "level"],
    ] as const)
      expect(await refusal(() => renameMember(ctx, blueprint, member, names(from)))).toMatchObject({
        code: "forbidden",
        message: expect.stringContaining("is shipped and cannot be renamed") as string,
      });
    await changeBlueprint(ctx, "_user", { schema: { properties: { mine: { type: "string" } } } });
    await renameMember(ctx, "_user", "property", names("mine"));
    await changeBlueprint(ctx, "_user", { schema: { properties: { other: null } } });
  });

  test("§3.12 identifiers that begin with _ cannot be created by users", async () => {
    const body = { identifier: "_mine", title: "T", schema: { properties: {} } };
    expect(await refusal(() => createBlueprint(ctx, body))).toMatchObject({ code: "invalid_request" });
  });
});

describe("§3.12 extension", () => {
  test("§3.12 users may extend with own properties, and with a required relation (Terraform)", async () => {
    await define(ctx, "office");
    const { blueprint } = await changeBlueprint(ctx, "_user", {
      title: "Person",
      description: "Who works here",
      schema: { properties: { phone: { type: "string" } }, required: ["phone"] },
      relations: { office: { target: "office", required: true } },
      mirrorProperties: { place: { path: "office.$title" } },
    });
    expect(blueprint).toMatchObject({
      ...{ title: "Person", schema: { required: ["phone"] }, relations: { office: { required: true } } },
    });
    await put(ctx, "office", { identifier: "hq" });
    const { entity } = await put(ctx, "_user", {
      identifier: "a@b.c",
      properties: { phone: "1" },
      relations: { office: "hq" },
      team: [],
    });
    expect(entity.properties).toMatchObject({ phone: "1", status: "Staged", port_role: "Member" });
    await changeBlueprint(ctx, "_user", {
      ...{ title: "User", description: null, relations: { office: null }, mirrorProperties: { place: null } },
      schema: { properties: { phone: null } },
    });
  });

  test("§3.12 PUT as Terraform sends it: shipped definitions decoded and encoded again, extras added", async () => {
    const { createdAt: _a, updatedAt: _u, ...structure } = await getSystemStructure(ctx, "_user");
    const { properties } = structure["schema"] as { properties: Record<string, JsonObject> };
    const encoded = Object.fromEntries(
      Object.entries(properties).map(([id, definition]) => [
        id,
        { ...definition, description: "", icon: null },
      ]),
    );
    const { blueprint, warnings } = await replaceBlueprint(ctx, "_user", {
      ...structure,
      schema: { properties: { ...encoded, team_size: { type: "number" } }, required: [] },
      teamInheritance: null,
      changelogDestination: null,
    });
    expect(warnings).toEqual([]);
    expect((blueprint["schema"] as { properties: object }).properties).toEqual({
      ...properties,
      team_size: { type: "number" },
    });
    const again = await replaceBlueprint(ctx, "_user", structure);
    expect((again.blueprint["schema"] as { properties: object }).properties).toEqual(properties);
  });

  test("§3.12 what a PUT leaves out of the shipped parts stays, and is told", async () => {
    const { blueprint, warnings } = await replaceBlueprint(ctx, "_rule", {
      title: "Rule",
      schema: { properties: { level: { type: "string" } } },
    });
    expect(warnings).toContain("relations.scorecard is shipped with the system and was kept");
    expect(warnings).toContain("schema.properties.query is shipped with the system and was kept");
    expect(blueprint).toMatchObject({
      schema: { required: ["level"] },
      relations: { scorecard: { required: true } },
      mirrorProperties: { blueprint: { path: "scorecard.blueprint" } },
    });
  });

  test("what is no definition at all is refused, not put right", async () => {
    const body = { title: "T", schema: { properties: {} }, relations: 5 };
    expect(await refusal(() => replaceBlueprint(ctx, "_rule", body))).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("relations must be an object") as string,
    });
  });
});

test("§3.1 GET /v1/blueprints/system/{id}/structure is the shipped shape, whatever was added", async () => {
  await changeBlueprint(ctx, "_team", { schema: { properties: { extra: { type: "string" } } } });
  const structure = await getSystemStructure(ctx, "_team");
  expect(structure).toMatchObject({
    ...{ identifier: "_team", createdAt: expect.any(String) as string, createdBy: "fairway" },
    schema: { properties: { description: { type: "string", title: "Description" } }, required: [] },
  });
  expect((structure["schema"] as { properties: object }).properties).not.toHaveProperty("extra");
  await define(ctx, "plain");
  expect(await refusal(() => getSystemStructure(ctx, "plain"))).toMatchObject({ code: "not_found" });
  await changeBlueprint(ctx, "_team", { schema: { properties: { extra: null } } });
});
