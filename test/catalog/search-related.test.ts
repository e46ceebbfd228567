/** Rules that walk over relations, on the examples of Port's own pages and on corner cases (data-model.md §5.5, §5.6). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, put } from "./fixture.ts";
import { and, everywhere, NOW, search } from "./search-fixture.ts";

let t: TestDatabase;
let ctx: Ctx;

beforeAll(async () => {
  t = await openTestDatabase();
  ctx = { ...t.ctx, now: () => NOW };
  await define(ctx, "environment");
  await define(ctx, "microservice", {}, { relations: { dependsOn: { target: "microservice", many: true } } });
  await define(
    ctx,
    "config",
    {},
    {
      relations: {
        microservice: { target: "microservice" },
        environment: { target: "environment", required: true },
      },
    },
  );
  await define(ctx, "pod", {}, { relations: { config: { target: "config" } } });
  await put(ctx, "environment", { identifier: "Production" });
  for (const identifier of ["Order", "Cart", "Lib", "Alone"]) await put(ctx, "microservice", { identifier });
  for (const name of ["Order", "Cart"])
    await put(ctx, "config", {
      identifier: `${name}-Production`,
      relations: { microservice: name, environment: "Production" },
    });
  await put(ctx, "pod", { identifier: "pod", relations: { config: "Order-Production" } });
  // A circle, and a library at the end of it.
  await put(ctx, "microservice", { identifier: "Order", relations: { dependsOn: ["Cart"] } });
  await put(ctx, "microservice", { identifier: "Cart", relations: { dependsOn: ["Order", "Lib"] } });

  await define(ctx, "team", {}, { relations: { parent: { target: "team" } } });
  for (const [identifier, parent] of [
    ["Group"],
    ["Domain", "Group"],
    ["Tribe", "Domain"],
    ["Squad", "Tribe"],
  ])
    await put(ctx, "team", { identifier, relations: { parent: parent ?? null } });

  await define(ctx, "deployment");
  await define(ctx, "cluster", {}, { relations: { deployments: { target: "deployment", many: true } } });
  await define(ctx, "service", {}, { relations: { deployedOn: { target: "cluster" } } });
  for (const identifier of ["d1", "d2", "d3"]) await put(ctx, "deployment", { identifier });
  await put(ctx, "cluster", { identifier: "k1", relations: { deployments: ["d1", "d2"] } });
  await put(ctx, "cluster", { identifier: "k2", relations: { deployments: ["d3"] } });
  await put(ctx, "service", { identifier: "production-service", relations: { deployedOn: "k1" } });
  await put(ctx, "service", { identifier: "other-service", relations: { deployedOn: "k2" } });

  await define(ctx, "owned", {}, { ownership: { type: "Direct" }, relations: { up: { target: "owned" } } });
});
afterAll(() => t.close());

const related = (rest: object): object => ({ operator: "relatedTo", ...rest });
const path = (property: object, value: unknown): object => ({ property, operator: "matchAny", value });

async function found(one: object): Promise<string[]> {
  const { entities } = await everywhere(ctx, and(one));
  return entities.map((entity) => String(entity["identifier"])).sort();
}

describe("§5.5 relatedTo", () => {
  const config = { blueprint: "config", value: "Order-Production" };
  test.each<[string, object, string[]]>([
    [
      "§5.5 `upstream`: what it depends on, over any number of relations",
      { ...config, direction: "upstream" },
      ["Cart", "Lib", "Order", "Production"],
    ],
    ["§5.5 `downstream`: what depends on it", { ...config, direction: "downstream" }, ["pod"]],
    [
      "§5.5 both, when no direction is given; never up and then down",
      config,
      ["Cart", "Lib", "Order", "Production", "pod"],
    ],
    [
      "§5.5 downstream from the end",
      { blueprint: "environment", value: "Production", direction: "downstream" },
      ["Cart-Production", "Order-Production", "pod"],
    ],
    [
      "§5.5 several values are a union",
      { blueprint: "config", value: ["Order-Production", "Cart-Production"], direction: "downstream" },
      ["pod"],
    ],
    [
      "§5.5 a circle ends, and the source is not in the result",
      { blueprint: "microservice", value: "Order", direction: "upstream" },
      ["Cart", "Lib"],
    ],
    [
      "§5.5 nor are the other sources",
      { blueprint: "microservice", value: ["Order", "Cart"], direction: "upstream" },
      ["Lib"],
    ],
    ["§5.5 `required: true`", { ...config, required: true }, ["Production"]],
    ["§5.5 `required: false`", { ...config, required: false }, ["Cart", "Lib", "Order", "pod"]],
    [
      "§5.5 `required: true` from the other side",
      { blueprint: "environment", value: "Production", required: true },
      ["Cart-Production", "Order-Production"],
    ],
    ["§5.5 nothing relates", { blueprint: "microservice", value: "Alone" }, []],
    ["§5.5 an entity that does not exist", { blueprint: "microservice", value: "nobody" }, []],
    ["§5.5 a blueprint that does not exist", { blueprint: "nothing", value: "Order" }, []],
    ["§5.5 no values", { blueprint: "microservice", value: [] }, []],
    [
      "maxHops (ours): one hop",
      { blueprint: "environment", value: "Production", direction: "downstream", maxHops: 1 },
      ["Cart-Production", "Order-Production"],
    ],
    [
      "maxHops (ours): two hops in a circle",
      { blueprint: "microservice", value: "Order", direction: "upstream", maxHops: 2 },
      ["Cart", "Lib"],
    ],
    [
      "maxHops (ours): one hop in a circle",
      { blueprint: "microservice", value: "Order", direction: "upstream", maxHops: 1 },
      ["Cart"],
    ],
  ])("%s", async (_name, rest, expected) => {
    expect(await found(related(rest))).toEqual(expected);
  });

  test("§5.5 combined with `$blueprint`, and inside an or", async () => {
    const one = related({ blueprint: "environment", value: "Production", direction: "downstream" });
    const configs = await everywhere(
      ctx,
      and(one, { property: "$blueprint", operator: "=", value: "config" }),
    );
    expect(configs.matchingBlueprints).toEqual(["config"]);
    expect(configs.entities).toHaveLength(2);
    const either = {
      combinator: "or",
      rules: [one, { property: "$identifier", operator: "=", value: "Alone" }],
    };
    const { entities } = await everywhere(ctx, either);
    expect(entities.map((entity) => String(entity["identifier"])).sort()).toEqual([
      "Alone",
      "Cart-Production",
      "Order-Production",
      "pod",
    ]);
    expect(await search(ctx, and(one), "pod")).toEqual(["pod"]);
    expect(await search(ctx, and(one), "microservice")).toEqual([]);
  });

  test("§5.5 ownership is no relation: it is not walked", async () => {
    await put(ctx, "owned", { identifier: "o", team: ["red"] });
    expect(await found(related({ blueprint: "_team", value: "red" }))).toEqual([]);
  });

  test("§5.5 a long chain is walked to its end", async () => {
    await define(ctx, "link", {}, { relations: { next: { target: "link" } } });
    for (let i = 0; i < 60; i++)
      await put(ctx, "link", { identifier: `l${i}`, relations: { next: i === 0 ? null : `l${i - 1}` } });
    expect(await found(related({ blueprint: "link", value: "l59", direction: "upstream" }))).toHaveLength(59);
    expect(await found(related({ blueprint: "link", value: "l0", direction: "downstream" }))).toHaveLength(
      59,
    );
  });
});

describe("§5.6 matchAny", () => {
  test.each<[string, object, string[]]>([
    ["§5.6 a path upstream, one relation", path({ path: ["deployedOn"] }, "k1"), ["production-service"]],
    [
      "§5.6 a path upstream, two relations, one of them many",
      path({ path: ["deployedOn", "deployments"] }, "d2"),
      ["production-service"],
    ],
    [
      "§5.6 any of several values",
      path({ path: ["deployedOn", "deployments"] }, ["d2", "d3"]),
      ["other-service", "production-service"],
    ],
    [
      "§5.6 `fromBlueprint`: the entities at the end",
      path({ path: ["deployedOn", "deployments"], fromBlueprint: "service" }, "production-service"),
      ["d1", "d2"],
    ],
    [
      "§5.6 a relation repeated is an exact number of hops",
      path({ path: ["parent", "parent"], fromBlueprint: "team" }, "Squad"),
      ["Domain"],
    ],
    [
      "§5.6 `maxHops`: all on the way",
      path({ path: [{ relation: "parent", maxHops: 3 }], fromBlueprint: "team" }, "Squad"),
      ["Domain", "Group", "Tribe"],
    ],
    [
      "§5.6 `maxHops`: not further",
      path({ path: [{ relation: "parent", maxHops: 2 }], fromBlueprint: "team" }, "Squad"),
      ["Domain", "Tribe"],
    ],
    [
      "§5.6 mixed: the fixed hops, and up to so many more",
      path(
        { path: ["parent", "parent", { relation: "parent", maxHops: 3 }], fromBlueprint: "team" },
        "Squad",
      ),
      ["Domain", "Group"],
    ],
    [
      "§5.6 `maxHops` upstream: who has it above",
      path({ path: [{ relation: "parent", maxHops: 2 }] }, "Domain"),
      ["Squad", "Tribe"],
    ],
    [
      "§5.6 mixed, upstream",
      path({ path: ["parent", { relation: "parent", maxHops: 1 }] }, "Domain"),
      ["Squad", "Tribe"],
    ],
    ["§5.6 a plain identifier, one", { property: "$identifier", operator: "matchAny", value: "k1" }, ["k1"]],
    [
      "§5.6 a plain identifier, several",
      { property: "$identifier", operator: "matchAny", value: ["k1", "d1"] },
      ["d1", "k1"],
    ],
    [
      "§5.6 the identifier of a relation is a path of one step",
      { property: "deployedOn", operator: "matchAny", value: ["k1"] },
      ["production-service"],
    ],
    ["§5.6 a relation that nobody has", path({ path: ["nothing"] }, "k1"), []],
    [
      "§5.6 a blueprint that does not exist",
      path({ path: ["deployedOn"], fromBlueprint: "nothing" }, "k1"),
      [],
    ],
    ["§5.6 no values", path({ path: ["deployedOn"] }, []), []],
  ])("%s", async (_name, one, expected) => {
    expect(await found(one)).toEqual(expected);
  });

  test("§5.6 `$team` is a step of a path", async () => {
    await put(ctx, "owned", { identifier: "o", team: ["red"] });
    await put(ctx, "owned", { identifier: "p", team: ["blue"], relations: { up: "o" } });
    expect(await search(ctx, and(path({ path: ["$team"] }, "red")), "owned")).toEqual(["o"]);
    expect(await search(ctx, and(path({ path: ["up", "$team"] }, ["red"])), "owned")).toEqual(["p"]);
  });
});

describe("§5.2 refused, naming the rule", () => {
  test.each<[object, RegExp]>([
    [
      related({ value: "x" }),
      /rules\[0\]\.blueprint must be a string of 1 or more characters, not undefined/,
    ],
    [
      related({ blueprint: "team" }),
      /rules\[0\]\.value must be a string, number, boolean or null, not undefined/,
    ],
    [related({ blueprint: "team", value: 1 }), /value must hold entity identifiers, not 1/],
    [
      related({ blueprint: "team", value: "x", direction: "sideways" }),
      /direction "sideways" is not one of upstream, downstream/,
    ],
    [related({ blueprint: "team", value: "x", required: "yes" }), /required must be a boolean, not string/],
    [
      related({ blueprint: "team", value: "x", maxHops: 16 }),
      /maxHops 16 must be a whole number from 1 to 15/,
    ],
    [related({ blueprint: "team", value: "x", hops: 1 }), /rules\[0\]\.hops is not a key of this rule/],
    [path({ path: [] }, "x"), /path must be a list of 1 or more relations/],
    [path({}, "x"), /path must be a list of 1 or more relations/],
    [path({ path: ["$title"] }, "x"), /path\[0\] "\$title" must be a relation or \$team/],
    [
      path({ path: [{ relation: "parent" }] }, "x"),
      /path\[0\]\.maxHops undefined must be a whole number from 1 to 15/,
    ],
    [path({ path: [{ relation: "parent", maxHops: 0 }] }, "x"), /maxHops 0 must be/],
    [
      path(
        {
          path: [
            { relation: "a", maxHops: 1 },
            { relation: "a", maxHops: 1 },
          ],
        },
        "x",
      ),
      /only one step may have maxHops/,
    ],
    [path({ path: Array.from({ length: 16 }, () => "a") }, "x"), /more than 15 steps/],
    [path({ path: ["a"], to: "b" }, "x"), /property\.to is not a key/],
    [path({ path: ["a"] }, { x: 1 }), /value must be a value or \{context, property\}/],
  ])("§5.2 refuses %j", async (one, message) => {
    await expect(search(ctx, and(one), "team")).rejects.toThrow(message);
  });

  test("§5.2 refuses more walks than a statement should hold", async () => {
    const many = Array.from({ length: 31 }, () => related({ blueprint: "team", value: "x" }));
    await expect(search(ctx, and(...many), "team")).rejects.toThrow(
      /more than 30 relatedTo and matchAny rules/,
    );
  });
});
