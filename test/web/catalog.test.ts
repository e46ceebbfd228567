import { QueryClient } from "@tanstack/react-query";
import { afterEach, describe, expect, test, vi } from "vitest";
import { asCsv } from "../../src/web/catalog/as-csv.ts";
import { type BlueprintDoc, columnsOf, valueIn } from "../../src/web/catalog/blueprint.ts";
import { defaultColumns } from "../../src/web/catalog/default-columns.ts";
import { entityTitleQuery } from "../../src/web/catalog/entity-title.ts";
import { unitText } from "../../src/web/catalog/unit.ts";
import { operatorsOf, ruleText } from "../../src/web/catalog/operators.ts";
import { differences } from "../../src/web/audit/differences.ts";
import { creationOf, draftOf, patchOf } from "../../src/web/entity/draft.ts";
import { OPERATORS, NEGATIONS } from "../../src/model/query-condition.ts";

const blueprint: BlueprintDoc = {
  identifier: "service",
  schema: {
    properties: {
      tier: { type: "string", title: "Tier", enum: ["a", "b"], enumColors: { a: "green" }, default: "a" },
      size: { type: "number" },
      notes: { type: "string", format: "markdown" },
      tags: { type: "array" },
      extra: { type: "object" },
      at: { type: "string", format: "date-time" },
    },
    required: ["tier"],
  },
  relations: { team: { target: "team" }, apis: { target: "api", many: true } },
  mirrorProperties: { lead: { path: "team.lead" } },
  calculationProperties: { score: { type: "number", calculation: "1" } },
  aggregationProperties: { deploys: { title: "Deploys" } },
  ownership: { type: "Direct" },
};
const columns = columnsOf(blueprint);
const column = (id: string) => columns.find((other) => other.id === id) as (typeof columns)[number];

describe("columns", () => {
  test("are the title, properties, relations, what is derived, and what the server knows", () => {
    expect(columns.map(({ id }) => id)).toEqual(
      "$title tier size notes tags extra at team apis lead score deploys $team $identifier $updatedAt $createdAt".split(
        " ",
      ),
    );
  });
  test("that have no order cannot be sorted by", () => {
    expect(columns.filter(({ sortable }) => !sortable).map(({ id }) => id)).toEqual([
      "tags",
      "extra",
      "lead",
    ]);
  });
  test("of mirrors have the order of what they show, where that is known", () => {
    const mirror = (path: string, all = [blueprint, team]) =>
      columnsOf(
        { identifier: "x", relations: blueprint.relations ?? {}, mirrorProperties: { path: { path } } },
        all,
      ).find(({ id }) => id === "path")?.sortable;
    const team: BlueprintDoc = {
      identifier: "team",
      schema: { properties: { lead: { type: "string" }, names: { type: "array" } } },
      relations: { of: { target: "service" } },
      mirrorProperties: { size: { path: "of.size" }, again: { path: "of.deploys" } },
    };
    for (const path of ["team.lead", "team.$title", "team.size", "team.again", "team.of.score"])
      expect([path, mirror(path)]).toEqual([path, true]);
    for (const path of [
      "team.names",
      "team.$team",
      "apis.$title",
      "team.nothing",
      "$team.$title",
      "team.of.tags",
    ])
      expect([path, mirror(path)]).toEqual([path, false]);
    expect(mirror("team.lead", [])).toBe(false);
  });
  test("that nobody has arranged are the owner and the six that say most; the rest comes on demand", () => {
    expect(defaultColumns(columns, blueprint)).toEqual([
      ...["$title", "$team", "tier", "size", "at", "team", "score", "deploys", "$updatedAt"],
    ]);
    // Another one comes in its place.
    expect(defaultColumns(columns, blueprint, "team")).toEqual([
      ...["$title", "$team", "tier", "size", "at", "lead", "score", "deploys", "$updatedAt"],
    ]);
    const texts = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`text${i}`, { type: "string" }] as const),
    );
    const many: BlueprintDoc = {
      identifier: "many",
      schema: {
        properties: { ...texts, page: { type: "string", format: "url" }, on: { type: "boolean" } },
        required: ["page", "text8"],
      },
    };
    expect(defaultColumns(columnsOf(many), many)).toEqual([
      ...["$title", "text0", "text1", "text2", "text8", "page", "on", "$updatedAt"],
    ]);
  });
  test("offer comparisons that the API knows", () => {
    const known = new Set([...OPERATORS, ...Object.keys(NEGATIONS)]);
    for (const each of columns) for (const { id } of operatorsOf(each)) expect(known).toContain(id);
  });
  test("hold what the entity has there", () => {
    const entity = { identifier: "x", title: null, properties: { tier: "a" }, relations: { team: "t" } };
    expect(["$title", "tier", "team", "size"].map((id) => valueIn(entity, column(id)))).toEqual([
      "x",
      "a",
      "t",
      undefined,
    ]);
  });
});

test("a rule in words", () => {
  expect(ruleText({ property: "tier", operator: "in", value: ["a", "b"] }, columns)).toBe(
    "Tier is one of a, b",
  );
  expect(ruleText({ property: "at", operator: "between", value: { preset: "lastWeek" } }, columns)).toBe(
    "at is within the last 7 days",
  );
  expect(ruleText({ property: "size", operator: "isEmpty" }, columns)).toBe("size is empty");
  const limit = (property: string, value: number) => ruleText({ property, operator: "<", value }, []);
  expect(limit("dora_merge_hours", 730.5)).toBe("dora_merge_hours < 1 month");
  expect(limit("recoveryMinutes", 1440)).toBe("recoveryMinutes < 1 day");
  expect(limit("dora_failure_percent", 20)).toBe("dora_failure_percent < 20\u00a0%");
  expect(limit("minutes_spoken_of", 20)).toBe("minutes_spoken_of < 20");
});

test("a number has the unit that the name of its property tells", () => {
  expect(unitText("dora_merge_hours", 18.12)).toBe("18 h 7 min");
  expect(unitText("minutes", 90)).toBe("1 h 30 min");
  expect(unitText("rules_passed_percentage", 33.3)).toBe("33.3\u00a0%");
  expect(unitText("happyhours", 3)).toBeNull();
});

test("an export holds raw values, identifiers first", () => {
  const entities = [
    {
      identifier: "x",
      title: "=1+1",
      properties: { tags: ["a", "b"], size: 1234.5 },
      relations: { team: "t" },
    },
  ];
  expect(asCsv(entities, ["$title", "size", "tags", "team"].map(column))).toBe(
    `\ufeff$identifier,$title,size,tags,team\r\nx,'=1+1,1234.5,"[""a"",""b""]",t\r\n`,
  );
});

describe("a form", () => {
  test("of a new entity begins with the defaults, and sends what has a value", () => {
    const draft = draftOf(null, blueprint);
    expect(draft.properties).toEqual({ tier: "a" });
    expect(creationOf({ ...draft, properties: { ...draft.properties, size: undefined } })).toEqual({
      properties: { tier: "a" },
      relations: {},
    });
  });
  test("of an existing one sends what was changed, and null for what was removed", () => {
    const before = draftOf(
      {
        identifier: "x",
        title: "X",
        team: ["t"],
        properties: { tier: "a", size: 1 },
        relations: { apis: ["p"] },
      },
      blueprint,
    );
    expect(patchOf(before, before)).toBeNull();
    expect(
      patchOf(before, {
        ...before,
        title: "",
        properties: { tier: "b", size: undefined },
        relations: { apis: ["p", "q"] },
      }),
    ).toEqual({ title: null, properties: { tier: "b", size: null }, relations: { apis: ["p", "q"] } });
  });
});

test("differences are named leaf by leaf; what the server writes with every change is not one", () => {
  const before = { title: "A", updatedAt: "1", properties: { tier: "a", size: 1 }, relations: { team: "t" } };
  const after = {
    title: "A",
    updatedAt: "2",
    properties: { tier: "b", size: 1, tags: ["x"] },
    relations: { team: null },
  };
  expect(differences(before, after)).toEqual([
    { path: "properties.tier", before: "a", after: "b" },
    { path: "properties.tags", before: "", after: '["x"]' },
    { path: "relations.team", before: "t", after: "" },
  ]);
  expect(differences(null, { title: "A" })).toEqual([{ path: "title", before: "", after: "A" }]);
});

test("differences leave out what is the same at every depth; of scorecards the level and the rules that changed", () => {
  const scored = (level: string, owned: string) => ({
    properties: { config: { a: 1, b: { c: 1, d: 0.1 + 0.2 } }, hours: 18.115000000000002 },
    scorecards: {
      ready: {
        ...{ level, levelsCount: 2 },
        rules: [
          { identifier: "owned", level: "Silver", status: owned },
          { identifier: "said", level: "Silver", status: "SUCCESS" },
        ],
      },
    },
  });
  const before = scored("Basic", "FAILURE");
  const after = scored("Silver", "SUCCESS");
  after.properties.config.b.c = 2;
  expect(differences(before, after)).toEqual([
    { path: "properties.config.b.c", before: "1", after: "2" },
    { path: "scorecards.ready", before: "Basic", after: "Silver" },
    { path: "scorecards.ready.owned", before: "Not passed", after: "Passed" },
  ]);
  expect(differences({ properties: {}, scorecards: {} }, before)).toMatchObject([
    { path: "properties.config" },
    { path: "properties.hours", before: "", after: "18.115" },
    { path: "scorecards.ready", before: "", after: "Basic" },
  ]);
  // Of a whole number every digit counts: times in milliseconds, ids of pipelines.
  const pipeline = (id: number) => ({ properties: { id } });
  expect(differences(pipeline(1764273414123), pipeline(1764273414124))).toEqual([
    { path: "properties.id", before: "1764273414123", after: "1764273414124" },
  ]);
});

describe("titles of entities", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("that many places ask for at once are asked for together; what has none keeps its identifier", async () => {
    const asked: { url: string; identifiers: unknown }[] = [];
    vi.stubGlobal("fetch", (url: string, init: { body: string }) => {
      const { query } = JSON.parse(init.body) as { query: { rules: { value: string[] }[] } };
      const identifiers = query.rules[0]?.value ?? [];
      asked.push({ url, identifiers });
      const entities = identifiers
        .filter((identifier) => identifier !== "gone")
        .map((identifier) => ({ identifier, title: identifier.toUpperCase() }));
      return Promise.resolve(Response.json({ ok: true, entities }));
    });
    const client = new QueryClient();
    const titles = await Promise.all(
      [
        ["service", "shop"],
        ["team", "red"],
        ["service", "gone"],
        ["service", "shop"],
      ].map(([blueprint = "", id = ""]) => client.fetchQuery(entityTitleQuery(blueprint, id))),
    );
    expect(titles).toEqual(["SHOP", "RED", null, "SHOP"]);
    expect(asked).toEqual([
      { url: "/v1/blueprints/service/entities/search", identifiers: ["shop", "gone"] },
      { url: "/v1/blueprints/team/entities/search", identifiers: ["red"] },
    ]);
  });
});
