/** Definitions as forms make them, the requests that save them, and what is known to depend on them. */
import { describe, expect, test } from "vitest";
import { aggregationText } from "../../src/web/builder/aggregation-words.ts";
import { namesTaken, patchFor } from "../../src/web/builder/definition-kind.ts";
import { stepsOf } from "../../src/web/builder/path-steps.ts";
import { PROPERTY_TYPES, typeIdOf, withType } from "../../src/web/builder/property-types.ts";
import { usesOf } from "../../src/web/builder/uses.ts";
import { checkProperty } from "../../src/model/property.ts";

const system = {
  identifier: "system",
  title: "System",
  schema: { properties: { tier: { type: "string" } } },
  aggregationProperties: {
    sizes: {
      target: "service",
      calculationSpec: { calculationBy: "property", func: "sum", property: "size" },
    },
  },
};
const service = {
  identifier: "service",
  title: "Service",
  schema: { properties: { size: { type: "number" }, sizes: { type: "number" } }, required: ["size"] },
  relations: { system: { target: "system" } },
  mirrorProperties: { tier: { path: "system.tier" } },
  calculationProperties: { double: { type: "number", calculation: ".properties.size * 2" } },
  ownership: { type: "Inherited", path: "system" },
};
const blueprints = [system, service];

test("an aggregation in words", () => {
  const said = (calculationSpec: object) => aggregationText({ calculationSpec });
  expect(said({ calculationBy: "entities", func: "count" })).toBe("count");
  expect(
    said({ calculationBy: "entities", func: "average", averageOf: "week", measureTimeBy: "$createdAt" }),
  ).toBe("count on average a week, by $createdAt");
  expect(said({ calculationBy: "property", func: "median", property: "hours" })).toBe("median of hours");
  expect(said({})).toBe("? of ?");
});

describe("types of properties", () => {
  test("each is known again, also with items of the API, and is one that the server takes", () => {
    for (const { id, says } of PROPERTY_TYPES) {
      expect(typeIdOf({ title: "T", ...says })).toBe(id);
      expect(() => checkProperty("x", { title: "T", ...says }, "schema.properties.x")).not.toThrow();
    }
    expect(typeIdOf({ type: "array", items: { type: "string", format: null } })).toBe("texts");
    expect(typeIdOf({ type: "string", format: "blueprints" })).toBeNull();
  });

  test("another type takes what belongs to the former one away", () => {
    const before = { title: "T", description: "D", type: "string", enum: ["a"], enumColors: { a: "red" } };
    expect(withType(before, "number")).toEqual({ title: "T", description: "D", type: "number" });
  });
});

describe("the request that saves a definition", () => {
  test("names it alone; required ones are listed as they are to be", () => {
    const tier = { type: "string" };
    expect(patchFor(service, "property", "tier", tier, false)).toEqual({
      schema: { properties: { tier } },
    });
    expect(patchFor(service, "property", "tier", tier, true)).toEqual({
      schema: { properties: { tier }, required: ["size", "tier"] },
    });
    expect(patchFor(service, "property", "size", { type: "number" }, false)).toEqual({
      schema: { properties: { size: { type: "number" } }, required: [] },
    });
    expect(patchFor(service, "property", "size", null, false)).toEqual({
      schema: { properties: { size: null } },
    });
    expect(patchFor(service, "mirror", "tier", null, false)).toEqual({ mirrorProperties: { tier: null } });
    expect(patchFor(service, "relation", "x", { target: "system" }, false)).toEqual({
      relations: { x: { target: "system" } },
    });
  });

  test("properties of all kinds share their names, relations have their own", () => {
    expect(namesTaken(service, "calculation")).toEqual(["size", "sizes", "tier", "double"]);
    expect(namesTaken(service, "relation")).toEqual(["system"]);
  });
});

test("a path leads over relations as far as there are any", () => {
  const { steps, end } = stepsOf(service, "system.tier", blueprints);
  expect(steps.map(({ on, step }) => [on.identifier, step])).toEqual([
    ["service", "system"],
    ["system", "tier"],
  ]);
  expect(end).toBeNull();
  expect(stepsOf(service, "", blueprints).end).toBe(service);
  expect(stepsOf(service, "nowhere.tier", blueprints).steps).toHaveLength(1);
});

describe("what depends on a definition", () => {
  const scorecards = [
    {
      identifier: "ready",
      title: "Ready",
      blueprint: "service",
      levels: [],
      rules: [
        {
          ...{ identifier: "r", title: "R", level: "Basic" },
          query: { combinator: "and" as const, conditions: [{ property: "size", operator: ">", value: 1 }] },
        },
      ],
    },
  ];
  const pages = [
    { identifier: "d", title: "D", widgets: [{ blueprint: "service", property: "property#size" }] },
    { identifier: "other", title: "O", widgets: [{ blueprint: "team", property: "size" }] },
  ];
  const uses = (blueprint: (typeof blueprints)[number], kind: "property" | "relation", id: string) =>
    usesOf(blueprint, kind, id, { blueprints, scorecards, pages }).map(({ by }) => by);

  test("are derived properties, here and elsewhere, scorecards and pages", () => {
    expect(uses(service, "property", "size")).toEqual([
      "aggregation property sizes",
      "calculation property double",
      "scorecard Ready",
      "page D",
    ]);
    expect(uses(system, "property", "tier")).toEqual(["mirror property tier"]);
    expect(uses(service, "relation", "system")).toEqual([
      "aggregation property sizes",
      "mirror property tier",
      "owners of Service",
    ]);
  });

  test("a longer name that begins so is another one", () => {
    expect(uses(service, "property", "sizes")).toEqual([]);
  });
});
