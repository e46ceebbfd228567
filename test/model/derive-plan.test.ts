import { describe, expect, test } from "vitest";
import { parseBlueprint } from "../../src/model/blueprint.ts";
import type { AggregationDefinition, DerivedDefinition } from "../../src/model/derive-nodes.ts";
import { parseDerivations, refuseCycles } from "../../src/model/derive-plan.ts";
import { programReads, readsClock } from "../../src/model/derive-program.ts";
import type { Way } from "../../src/model/derive-ways.ts";
import { derivedType } from "../../src/model/derive-types.ts";
import { endOf, isCut } from "../../src/model/derive-ways.ts";
import type { Blueprints } from "../../src/model/query-graph.ts";

type Parts = Record<string, unknown>;

function blueprints(all: Record<string, Parts>): Blueprints {
  const plans = Object.entries(all).map(([identifier, { properties, ...parts }]) =>
    parseBlueprint({ identifier, title: identifier, schema: { properties: properties ?? {} }, ...parts }),
  );
  return new Map(plans.map((plan) => [plan.identifier, plan]));
}

const number = { type: "number" };
const to = (target: string, many = false) => ({ target, many });
const count = (target: string, more: Parts = {}) => ({
  title: "n",
  target,
  calculationSpec: { calculationBy: "entities", func: "count" },
  ...more,
});

function one(all: Record<string, Parts>, blueprint: string, id: string): DerivedDefinition {
  const found = parseDerivations(blueprints(all)).definitions.get(blueprint)?.get(id);
  if (found === undefined) throw new Error("no such definition");
  return found;
}

const shown = (ways: readonly Way[]): string[] =>
  ways.map((way) => way.map((hop) => `${hop.direction}:${hop.relation}:${endOf(hop)}`).join(" "));

const SEED = {
  domain: { aggregationProperties: { deployments: count("deployment") } },
  system: { relations: { domain: to("domain") } },
  service: {
    properties: { language: { type: "string" } },
    relations: { system: to("system"), parent: to("service") },
    ownership: { type: "Direct" },
    aggregationProperties: { deployments: count("deployment"), family: count("service") },
  },
  _team: {
    properties: {},
    aggregationProperties: { services: count("service"), deployments: count("deployment") },
  },
  pull: { properties: { hours: number }, relations: { service: to("service") } },
  deployment: {
    relations: { service: to("service"), pull: to("pull") },
    mirrorProperties: {
      hours: { path: "pull.hours" },
      owner: { path: "service.$team" },
      systems: { path: "service.system.$title" },
      teams: { path: "service.$team.$identifier" },
      lost: { path: "service.nothing.x" },
      none: { path: "service.nothing" },
      again: { path: "pull.service.language" },
    },
  },
};

describe("ways of aggregations (decision 6)", () => {
  test.each([
    ["domain", "deployments", ["down:domain:system down:system:service down:service:deployment"]],
    ["service", "deployments", ["down:service:deployment"]],
    ["service", "family", ["up:parent:service", "down:parent:service"]],
    ["_team", "services", ["down:$team:service"]],
    ["_team", "deployments", ["down:$team:service down:service:deployment"]],
  ])("%s.%s", (blueprint, id, ways) => {
    expect(shown((one(SEED, blueprint, id) as AggregationDefinition).ways)).toEqual(ways);
  });

  test.each<[string, Parts, string[]]>([
    ["forward", { path: ["service", "system"] }, ["up:service:service up:system:system"]],
    ["to something else", { path: ["service"] }, []],
    ["an unknown relation", { path: ["x"] }, []],
    [
      "a repeated step that comes later may be left out",
      { path: ["service", { relation: "parent", maxHops: 2 }, "system"] },
      [
        "up:service:service up:system:system",
        "up:service:service up:parent:service up:system:system",
        "up:service:service up:parent:service up:parent:service up:system:system",
      ],
    ],
    ["another blueprint", { path: ["service"], fromBlueprint: "pull" }, []],
  ])("path: %s", (_, filter, ways) => {
    const all = {
      ...SEED,
      deployment: {
        ...SEED.deployment,
        aggregationProperties: { n: count("system", { pathFilter: [filter] }) },
      },
    };
    expect(shown((one(all, "deployment", "n") as AggregationDefinition).ways)).toEqual(ways);
  });

  test("a path from the target ends here, and is walked backwards", () => {
    const pathFilter = [{ fromBlueprint: "deployment", path: ["pull", "service", "system"] }];
    const all = {
      ...SEED,
      system: { ...SEED.system, aggregationProperties: { n: count("deployment", { pathFilter }) } },
    };
    expect(shown((one(all, "system", "n") as AggregationDefinition).ways)).toEqual([
      "down:system:service down:service:pull down:pull:deployment",
    ]);
  });

  const numbered = (n: number, target: string) =>
    Object.fromEntries(Array.from({ length: n }, (_, i) => [`r${i}`, to(target)]));

  test("of many short chains the first in the order of the relations, and it is known that there are more", () => {
    const across = (n: number): Record<string, Parts> => ({
      a: { relations: numbered(n, "b"), aggregationProperties: { n: count("c") } },
      b: { relations: { c: to("c") } },
      c: {},
    });
    for (const [n, length, more] of [
      [32, 32, false],
      [33, 32, true],
    ] as const) {
      const found = one(across(n), "a", "n") as AggregationDefinition;
      expect(found.ways).toHaveLength(length);
      expect(shown(found.ways).at(-1)).toBe("up:r31:b up:c:c");
      expect(isCut(blueprints(across(n)), found)).toBe(more);
    }
    const pathFilter = [{ path: ["r32", "c"] }];
    const chosen = {
      ...across(40),
      a: { ...across(40)["a"], aggregationProperties: { n: count("c", { pathFilter }) } },
    };
    const found = one(chosen, "a", "n") as AggregationDefinition;
    expect([shown(found.ways), isCut(blueprints(chosen), found)]).toEqual([["up:r32:b up:c:c"], false]);
  });

  test("what leads nowhere hides no chain", () => {
    const all = {
      a: { relations: { ...numbered(40, "b"), last: to("z") }, aggregationProperties: { n: count("goal") } },
      b: { relations: numbered(40, "dead") },
      dead: {},
      z: { relations: { y: to("y") } },
      y: { relations: { goal: to("goal") } },
      goal: {},
    };
    expect(shown((one(all, "a", "n") as AggregationDefinition).ways)).toEqual([
      "up:last:z up:y:y up:goal:goal",
    ]);
  });

  test("a repeated step of a self-relation", () => {
    const pathFilter = [{ path: [{ relation: "parent", maxHops: 3 }] }];
    const all = {
      service: {
        relations: { parent: to("service") },
        aggregationProperties: { n: count("service", { pathFilter }) },
      },
    };
    expect((one(all, "service", "n") as AggregationDefinition).ways.map((way) => way.length)).toEqual([
      1, 2, 3,
    ]);
  });
});

describe("mirrors", () => {
  test.each([
    ["hours", "number", false, "stored"],
    ["owner", "array", false, "meta"],
    ["systems", "string", false, "meta"],
    ["teams", "array", true, "meta"],
    ["none", null, false, "none"],
    ["again", "string", false, "stored"],
  ])("%s is of type %s", (id, type, many, leaf) => {
    expect(one(SEED, "deployment", id)).toMatchObject({ type, many, leaf: { kind: leaf } });
  });

  test("a path over a relation that does not exist", () => {
    expect(one(SEED, "deployment", "lost")).toMatchObject({ path: null, level: 0 });
  });
});

describe("what a program reads", () => {
  const readable = ["a", "b-c", "d"];
  test.each([
    [".properties.a + 1", ["a"]],
    ['.properties."b-c" / .properties.a', ["a", "b-c"]],
    [".properties.'b-c'", ["b-c"]],
    ['.properties["d"]', ["d"]],
    [".title", []],
    ['"https://x/\\(.identifier)"', []],
    [".properties", readable],
    [".properties | .a", readable],
    [". as $e | 1", readable],
    ["to_entries", readable],
    ["[.[]]", readable],
    ["@json", readable],
    ["[@text]", readable],
    ["toarray | .[0]", readable],
    ['ltrimstr("x")', readable],
    ["if .properties.a == null then 0 else (.properties.d | floor) end", ["a", "d"]],
    ['{url: "https://x/\\(.identifier)/\\(.properties.a)", displayText: .title}', ["a"]],
    ["(now - (.createdAt | fromdateiso8601)) / 60", []],
    ["..", readable],
    ['."properties".a', readable],
    ['1 + ."prop\\u0065rties".a', readable],
    ['[.properties.a."x", .relations."r-s", .properties.d?."y"]', ["a", "d"]],
  ])("%s", (program, reads) => {
    expect(programReads(program, readable)).toEqual(reads);
  });

  test("the clock", () => {
    expect([readsClock("now - 1"), readsClock(".properties.known")]).toEqual([true, false]);
  });
});

describe("levels and cycles", () => {
  const chain = {
    a: {
      relations: { b: to("b") },
      mirrorProperties: { m: { path: "b.c" } },
      calculationProperties: { twice: { calculation: ".properties.m * 2", type: "number" } },
    },
    b: {
      properties: { x: number },
      calculationProperties: { c: { calculation: ".properties.x", type: "number" } },
      aggregationProperties: {
        total: {
          ...count("a"),
          calculationSpec: { calculationBy: "property", func: "sum", property: "twice" },
        },
        large: count("a", {
          query: { combinator: "and", rules: [{ property: "twice", operator: ">", value: 1 }] },
        }),
      },
    },
  };

  test("one more than what is read", () => {
    const { definitions, cycles } = parseDerivations(blueprints(chain));
    const levels = [...definitions].flatMap(([blueprint, own]) =>
      [...own.values()].map(({ id, level }) => [`${blueprint}.${id}`, level]),
    );
    expect(Object.fromEntries(levels)).toEqual({
      "b.c": 0,
      "a.m": 1,
      "a.twice": 2,
      "b.total": 3,
      "b.large": 3,
    });
    expect(cycles).toEqual([]);
  });

  test("a cycle is spelled out", () => {
    const all = blueprints({
      ...chain,
      b: {
        ...chain.b,
        calculationProperties: { c: { calculation: ".properties.x + .properties.total", type: "number" } },
      },
    });
    expect(() => refuseCycles(blueprints(chain), all, "b")).toThrow(
      "derived properties cannot depend on themselves: a.m → b.c → b.total → a.twice → a.m",
    );
    expect(parseDerivations(all).definitions.get("b")?.get("large")).toMatchObject({ isCyclic: true });
  });

  test("a thousand mirrors that follow each other", () => {
    const ids = Array.from({ length: 1000 }, (_, i) => `m${i}`);
    const path = (i: number): string => `p.${i === 0 ? "x" : `m${i - 1}`}`;
    const mirrorProperties = Object.fromEntries(ids.map((id, i) => [id, { path: path(i) }]));
    const all = { a: { properties: { x: number }, relations: { p: to("a") }, mirrorProperties } };
    const last = parseDerivations(blueprints(all)).definitions.get("a")?.get("m999");
    expect(last).toMatchObject({ level: 999, type: "number", isCyclic: false });
    const plans = blueprints(all);
    const [plan] = [...plans.values()];
    expect(plan === undefined ? null : derivedType(plans, plan, "m999")).toBe("number");
  });

  test("a mirror of itself over a self-relation", () => {
    const all = blueprints({ a: { relations: { p: to("a") }, mirrorProperties: { m: { path: "p.m" } } } });
    expect(() => refuseCycles(blueprints({}), all, "a")).toThrow("a.m → a.m");
    const plan = all.get("a");
    expect(plan === undefined ? null : derivedType(all, plan, "m")).toBeNull();
  });

  test("a cycle that a relation of another blueprint closes is refused, one that was there is not", () => {
    const a = { relations: { b: to("b") }, mirrorProperties: { m: { path: "b.a.m" } } };
    const open = blueprints({ a, b: {}, c: {} });
    const closed = blueprints({ a, b: { relations: { a: to("a") } }, c: {} });
    expect(parseDerivations(open).cycles).toEqual([]);
    expect(() => refuseCycles(open, closed, "b")).toThrow("themselves: a.m → a.m");
    expect(() => refuseCycles(closed, closed, "c")).not.toThrow();
    expect(() => refuseCycles(closed, closed, "a")).toThrow("a.m → a.m");
  });
});
