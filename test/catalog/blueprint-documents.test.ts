import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  changeBlueprint,
  createBlueprint,
  getBlueprint,
  replaceBlueprint,
} from "../../src/catalog/define-blueprint.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { put, refusal } from "./fixture.ts";

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

const COUNT = { calculationBy: "entities", func: "count" };

describe("§3.2 §3.5 §3.6 §3.8 §3.9 what else is accepted and returned as given", () => {
  test.each<[string, object]>([
    ["§3.2 includeInGlobalSearch", { includeInGlobalSearch: false }],
    ["§3.2 description of 200 characters", { description: "x".repeat(200) }],
    ["§3.2 empty texts", { description: "", icon: "" }],
    ["§3.2 nulls", { description: null, icon: null, ownership: null, changelogDestination: null }],
    [
      "§3.2 legacy teamInheritance over a relation that does not exist",
      { teamInheritance: { path: "team" } },
    ],
    [
      "§3.2 unknown keys, and formulaProperties",
      { formulaProperties: { f: { formula: "1" } }, x: { y: [null] } },
    ],
    ["§3.8 direct ownership", { ownership: { type: "Direct", title: "Owning teams" } }],
    [
      "§3.9 webhook",
      { changelogDestination: { type: "WEBHOOK", url: "https://example.com/hook", agent: true } },
    ],
    ["§3.9 kafka", { changelogDestination: { type: "KAFKA" } }],
    [
      "§3.6 a calculation with everything, its jq not checked",
      {
        calculationProperties: {
          c: {
            ...{
              title: "C",
              description: "",
              icon: "I",
              calculation: "not ( jq",
              type: "string",
              format: "markdown",
            },
            ...{
              spec: "async-api",
              dateFormat: "x",
              colorized: true,
              colors: { a: "red", "1": "lime" },
              extra: 1,
            },
          },
          list: { calculation: ".x", type: "array", items: { type: "string", format: "url" } },
        },
      },
    ],
    [
      "§3.6 decision 5: keys of other variants of a calculationSpec, and a stray type",
      {
        aggregationProperties: {
          a: {
            title: "A",
            type: "number",
            target: "nowhere",
            calculationSpec: { ...COUNT, averageOf: "month", measureTimeBy: "$createdAt" },
          },
          b: {
            title: "B",
            type: "text",
            target: "x",
            calculationSpec: { calculationBy: "property", func: "median", property: "p" },
          },
        },
      },
    ],
    [
      "§3.6 mirrors: meta properties, properties that do not exist",
      {
        mirrorProperties: {
          a: { path: "self.$team", title: "A" },
          b: { path: "self.self.nothing" },
          c: { path: "$team.$identifier" },
        },
      },
    ],
  ])("%s", async (_label, rest) => {
    const body = shell({}, { relations: { self: { target: name, required: false, many: false } }, ...rest });
    const { blueprint } = await createBlueprint(ctx, body);
    expect(blueprint).toMatchObject(body);
    expect(await getBlueprint(ctx, name)).toEqual(blueprint);
  });

  test("§3.5 responses always include target, many, required; ownership may be inherited over a single relation", async () => {
    const { blueprint } = await createBlueprint(
      ctx,
      shell(
        {},
        {
          relations: { up: { target: name, many: null, type: "marker", more: 1 } },
          ownership: { type: "Inherited", path: "up.domain", title: "T" },
        },
      ),
    );
    expect(blueprint["relations"]).toEqual({
      up: { target: name, many: false, required: false, type: "marker", more: 1 },
    });
    expect(blueprint["ownership"]).toEqual({ type: "Inherited", path: "up.domain", title: "T" });
  });
});

describe("§3.7 values round-trip without normalisation", () => {
  const text = `{"icon":"","relations":{"z":{"many":true,"title":"Z","target":"NAME","required":false},"a":{"target":"NAME","required":false,"many":false}},
    "title":"T","custom":{"b":1,"a":{"d":null,"c":[2,1]}},"identifier":"NAME",
    "schema":{"required":["zeta"],"properties":{"zeta":{"title":"Z","type":"string","enum":["c","a","b"],"enumColors":{"b":"red","a":"blue","c":"lime"},"default":"a"},
    "alpha":{"type":"object","properties":{"y":{"type":"string"},"x":{"type":"number"}},"additionalProperties":false},
    "Beta":{"x-unknown":[{"b":1,"a":2}],"type":"array","items":{"type":"string","pattern":"^a"}}}},
    "mirrorProperties":{"m2":{"title":"M","path":"a.zeta"},"m1":{"path":"a.$title","title":""}},
    "calculationProperties":{"k":{"type":"string","calculation":".x"}},"aggregationProperties":{},"description":""}`;
  /** What the server adds at the end. */
  const withoutServerKeys = (blueprint: object): string => {
    const {
      createdAt: _1,
      createdBy: _2,
      updatedAt: _3,
      updatedBy: _4,
      ...rest
    } = blueprint as Record<string, unknown>;
    return JSON.stringify(rest);
  };

  test("§3.7 the order of keys, at every level, is kept as sent", async () => {
    const body = JSON.parse(text.replaceAll("NAME", name)) as object;
    await createBlueprint(ctx, body);
    expect(withoutServerKeys(await getBlueprint(ctx, name))).toBe(JSON.stringify(body));
  });

  test("§3.9 a changelog destination is kept", async () => {
    const changelogDestination = { type: "WEBHOOK", url: "https://example.com/hook", agent: false };
    const body = { identifier: "changelog", title: "T", schema: { properties: {} }, changelogDestination };
    const created = await createBlueprint(ctx, body);
    expect(created.blueprint["changelogDestination"]).toEqual(changelogDestination);
    expect(created.warnings).toEqual([]);
    const kafka = { type: "KAFKA" };
    const changed = await changeBlueprint(ctx, "changelog", { changelogDestination: kafka });
    expect(changed.blueprint["changelogDestination"]).toEqual(kafka);
  });

  test("§3.7 another order is a change; the same is none", async () => {
    const body = JSON.parse(text.replaceAll("NAME", name)) as { schema: { properties: object } };
    await createBlueprint(ctx, body);
    expect((await replaceBlueprint(ctx, name, body)).changed).toBe(false);
    const reversed = {
      ...body,
      schema: {
        ...body.schema,
        properties: Object.fromEntries(Object.entries(body.schema.properties).reverse()),
      },
    };
    expect((await replaceBlueprint(ctx, name, reversed)).changed).toBe(true);
    expect(withoutServerKeys(await getBlueprint(ctx, name))).toBe(JSON.stringify(reversed));
  });

  test("§3.7 PATCH keeps the places of what it changes and puts what is new at the end", async () => {
    await createBlueprint(ctx, shell({ b: { type: "string" }, a: { type: "number" } }));
    const { blueprint } = await changeBlueprint(ctx, name, {
      schema: { properties: { new: { type: "boolean" }, b: { type: "string", title: "B" } } },
    });
    expect(Object.keys((blueprint["schema"] as { properties: object }).properties)).toEqual([
      "b",
      "a",
      "new",
    ]);
  });
});

describe("§3.7 decision 12: PATCH merges a definition that leaves out what makes it one", () => {
  test("type of a property, target of a relation, path of a mirror, jq of a calculation, spec of an aggregation", async () => {
    await createBlueprint(
      ctx,
      shell(
        { p: { type: "string", enum: ["a"] } },
        {
          relations: { r: { target: name, title: "R" } },
          mirrorProperties: { m: { path: "r.p" } },
          calculationProperties: { c: { calculation: ".p", type: "string" } },
          aggregationProperties: { g: { title: "G", target: name, calculationSpec: COUNT } },
        },
      ),
    );
    const { blueprint } = await changeBlueprint(ctx, name, {
      schema: { properties: { p: { title: "P" } } },
      relations: { r: { title: "RR", description: "d" } },
      mirrorProperties: { m: { title: "M" } },
      calculationProperties: { c: { title: "C" } },
      aggregationProperties: { g: { title: "GG" } },
    });
    expect(blueprint).toMatchObject({
      schema: { properties: { p: { type: "string", enum: ["a"], title: "P" } } },
      relations: { r: { target: name, title: "RR", description: "d", many: false } },
      mirrorProperties: { m: { path: "r.p", title: "M" } },
      calculationProperties: { c: { calculation: ".p", type: "string", title: "C" } },
      aggregationProperties: { g: { title: "GG", target: name, calculationSpec: COUNT } },
    });
    for (const patch of [{ relations: { s: { title: "S" } } }, { mirrorProperties: { n: { title: "N" } } }])
      expect(await refusal(() => changeBlueprint(ctx, name, patch))).toMatchObject({
        code: "invalid_request",
      });
  });
});

test("§3.2 a stored definition that today's checks would refuse stays usable", async () => {
  await createBlueprint(ctx, shell({ p: { type: "string" } }));
  const older = {
    ...shell({ p: { type: "string", spec: "raml", minLength: "x" } }),
    ownership: { type: "Inherited", path: "gone" },
  };
  await ctx.db
    .updateTable("blueprint")
    .set({ document: JSON.stringify(older), generation: 1 })
    .where("identifier", "=", name)
    .execute();
  const { entity } = await put(ctx, name, { identifier: "e", title: "T" });
  expect(entity).toMatchObject({ title: "T", properties: { p: null } });
});
