/** Mirrors as tables: rows in, values out (data-model.md §6.1). */
import { expect, test } from "vitest";
import { type Blueprints, derive, type Rows } from "./support/model.ts";

const BLUEPRINTS: Blueprints = {
  _team: { properties: { size: "number", tags: "array" }, relations: { parent: "_team" } },
  _user: { owned: true },
  domain: { properties: { name: "string" } },
  system: { relations: { domain: "domain" }, mirrors: { domainName: "domain.name" } },
  service: {
    owned: true,
    properties: { language: "string", tags: "array", meta: "object", level: "number", live: "boolean" },
    relations: { system: "system", owners: "_user*", needs: "service*", parent: "service" },
    mirrors: {
      of: "system.domainName",
      hops: "system.domain.name",
      teams: "owners.$team",
      teamIds: "owners.$team.$identifier",
      parents: "owners.$team.parent.$title",
      ownTeams: "$team.size",
      teamTags: "$team.tags",
      parentTeam: "parent.$team",
      parentMirror: "parent.of",
    },
    calculations: { double: ".properties.level * 2" },
    aggregations: {
      deployments: { target: "deployment", calculationSpec: { calculationBy: "entities", func: "count" } },
    },
  },
  deployment: {
    relations: { service: "service", services: "service*" },
    mirrors: Object.fromEntries([
      ...[
        ...["language", "tags", "meta", "level", "live", "double", "deployments", "unknown"],
        ...["$identifier", "$title", "$icon", "$blueprint", "$team", "$createdAt", "$updatedAt"],
        ...["$createdBy", "$updatedBy", "$datasource"],
      ].flatMap((last) => [
        [`one_${last.replace("$", "")}`, `service.${last}`],
        [`many_${last.replace("$", "")}`, `services.${last}`],
      ]),
      ["lost", "service.nowhere.language"],
      ["needs", "services.needs.language"],
    ]) as Record<string, string>,
  },
};

const ROWS: Rows = {
  _team: {
    red: { title: "Red", properties: { size: 3, tags: ["x", "y"] }, relations: { parent: "all" } },
    blue: { title: "Blue", properties: { tags: ["y"] }, relations: { parent: "all" } },
    all: { title: "All", properties: { size: 9 } },
  },
  _user: { ann: { team: ["red", "blue"] }, bob: { team: ["red"] }, cleo: {} },
  domain: { pay: { properties: { name: "Payments" } } },
  system: { cart: { relations: { domain: "pay" } }, lone: {} },
  service: {
    a: {
      title: "A",
      team: ["blue", "red"],
      properties: { language: "Go", tags: ["t1", "t2"], meta: { k: 1 }, level: 2, live: false },
      relations: { system: "cart", owners: ["bob", "ann", "cleo"], needs: ["b", "c", "a"] },
      createdAt: "2024-06-01T01:02:03.004Z",
      updatedAt: "2024-06-02T00:00:00Z",
    },
    b: { properties: { language: "Go", tags: ["t2"], level: 5 }, relations: { system: "lone", parent: "a" } },
    c: { relations: { needs: ["a"], parent: "b" } },
  },
  deployment: {
    d1: { relations: { service: "a", services: ["b", "a", "c"] } },
    d2: { relations: { service: "c", services: ["c"] } },
    d3: {},
  },
};

const at = derive(BLUEPRINTS, ROWS);

const CASES: readonly (readonly [at: string, property: string, value: unknown])[] = [
  // One relation: the value of the target, whatever its type; null without a target or without a value.
  ["deployment/d1", "one_language", "Go"],
  ["deployment/d1", "one_tags", ["t1", "t2"]],
  ["deployment/d1", "one_meta", { k: 1 }],
  ["deployment/d1", "one_level", 2],
  ["deployment/d1", "one_live", false],
  ["deployment/d2", "one_language", null],
  ["deployment/d3", "one_language", null],
  ["deployment/d3", "one_tags", null],
  // Of a target's own calculation, aggregation, mirror.
  ["deployment/d1", "one_double", 4],
  ["deployment/d1", "one_deployments", 1],
  ["service/b", "parentMirror", "Payments"],
  ["service/c", "parentMirror", null],
  ["service/a", "of", "Payments"],
  ["service/a", "hops", "Payments"],
  ["service/b", "of", null],
  // Meta properties.
  ["deployment/d1", "one_identifier", "a"],
  ["deployment/d1", "one_title", "A"],
  ["deployment/d1", "one_icon", null],
  ["deployment/d1", "one_blueprint", "service"],
  ["deployment/d1", "one_team", ["blue", "red"]],
  ["deployment/d1", "one_createdAt", "2024-06-01T01:02:03.004Z"],
  ["deployment/d1", "one_updatedAt", "2024-06-02T00:00:00.000Z"],
  ["deployment/d1", "one_createdBy", "ann"],
  ["deployment/d1", "one_updatedBy", "bob"],
  ["deployment/d1", "one_datasource", null],
  ["deployment/d2", "one_team", []],
  ["deployment/d3", "one_team", null],
  // A many relation: a list in the order of the relation, one value for each way, without nulls.
  ["deployment/d1", "many_language", ["Go", "Go"]],
  ["deployment/d1", "many_level", [5, 2]],
  ["deployment/d1", "many_live", [false]],
  ["deployment/d1", "many_meta", [{ k: 1 }]],
  ["deployment/d1", "many_identifier", ["b", "a", "c"]],
  ["deployment/d1", "many_title", ["A"]],
  ["deployment/d2", "many_language", []],
  ["deployment/d3", "many_language", []],
  // Lists of lists are one list.
  ["deployment/d1", "many_tags", ["t2", "t1", "t2"]],
  ["deployment/d1", "many_team", ["blue", "red"]],
  // Many after many: depth first; an entity that is reached twice is there twice.
  ["deployment/d1", "needs", ["Go", "Go", "Go"]],
  ["deployment/d2", "needs", ["Go"]],
  // Teams as entities.
  ["service/a", "teams", ["red", "red", "blue"]],
  ["service/a", "teamIds", ["red", "red", "blue"]],
  ["service/a", "parents", ["All", "All", "All"]],
  ["service/a", "ownTeams", [3]],
  ["service/a", "teamTags", ["y", "x", "y"]],
  ["service/b", "parentTeam", ["blue", "red"]],
  ["service/b", "ownTeams", []],
  // What is not there.
  ["deployment/d1", "one_unknown", null],
  ["deployment/d1", "many_unknown", []],
];

test.each(CASES)("§6.1 %s.%s", (entity, property, value) => {
  expect(at(entity, property)).toEqual({ value, error: null });
});

test("§6.1 a path that the blueprints do not have is null, and says so", () => {
  expect(at("deployment/d1", "lost")).toEqual({
    value: null,
    error: '"service.nowhere": there is no such path of relations',
  });
});
