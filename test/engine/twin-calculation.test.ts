/** Calculations as tables: program in, value out (data-model.md §6.2). */
import { expect, test } from "vitest";
import { derive, NOW } from "./support/model.ts";

/** @param type of the result; null: as written in the row */
function valueOf(calculation: string, type: string): unknown {
  const at = derive(
    {
      _team: {},
      system: { properties: { name: "string" } },
      service: {
        owned: true,
        properties: {
          "my-prop": "string",
          n: "number",
          l: "array",
          o: "object",
          unset: "string",
          s: "string",
        },
        relations: { system: "system", needs: "service*", none: "system", empties: "system*" },
        mirrors: { systemName: "system.name", lost: "none.name" },
        calculations: { other: ".properties.n", result: { calculation, type } },
        aggregations: {
          deployments: {
            target: "deployment",
            calculationSpec: { calculationBy: "entities", func: "count" },
          },
        },
      },
      deployment: { relations: { service: "service" } },
    },
    {
      system: { cart: { properties: { name: "Cart" } } },
      service: {
        a: {
          title: "Service A",
          team: ["red"],
          properties: {
            "my-prop": "dash",
            n: 7,
            l: [3, 1, 2],
            o: { k: { x: 1 } },
            s: "2024-01-01T00:00:00Z",
          },
          relations: { system: "cart", needs: ["a"] },
          createdAt: "2024-06-01T01:02:03.004Z",
        },
      },
      deployment: { d1: { relations: { service: "a" } }, d2: { relations: { service: "a" } } },
    },
  );
  const { value, error } = at("service/a", "result");
  return error === null ? value : new Error(error);
}

const CASES: readonly (readonly [program: string, type: string, value: unknown])[] = [
  // The documented document.
  [".identifier", "string", "a"],
  [".title", "string", "Service A"],
  [".icon", "string", null],
  [".blueprint", "string", "service"],
  [".team", "array", ["red"]],
  [".createdAt", "string", "2024-06-01T01:02:03.004Z"],
  [".updatedAt", "string", "2024-06-01T01:02:03.004Z"],
  [".createdBy", "string", "ann"],
  [".updatedBy", "string", "bob"],
  [".relations", "object", { system: "cart", needs: ["a"], none: null, empties: [] }],
  [".scorecards", "object", {}],
  [".properties.n", "number", 7],
  [".properties.unset", "string", null],
  [".properties.systemName", "string", "Cart"],
  [".properties.lost", "string", null],
  [".properties.deployments", "number", 2],
  // A calculation does not see another.
  [".properties.other", "number", null],
  [
    ".properties | keys",
    "array",
    ["deployments", "l", "lost", "my-prop", "n", "o", "s", "systemName", "unset"],
  ],
  // Names with dashes, either way.
  ['.properties."my-prop"', "string", "dash"],
  [".properties.'my-prop'", "string", "dash"],
  ['"https://x/\\(.identifier)"', "string", "https://x/a"],
  ["'https://x/' + .identifier", "string", "https://x/a"],
  // Common uses.
  [".properties.l[0:2]", "array", [3, 1]],
  [".properties.l | length", "number", 3],
  ['.properties.o + {y: "z"}', "object", { k: { x: 1 }, y: "z" }],
  [
    "now - (.properties.s | fromdateiso8601)",
    "number",
    Date.parse(NOW) / 1000 - Date.parse("2024-01-01") / 1000,
  ],
  ["if .properties.n > 5 then 'high' else 'low' end", "string", "high"],
  [".properties.n > 5", "boolean", true],
  // Only the first output counts.
  [".properties.l[]", "number", 3],
  // Every type, and null for each.
  ["null", "number", null],
  ["null", "string", null],
  ["1.5", "number", 1.5],
  ["false", "boolean", false],
  ["[]", "array", []],
  ["{}", "object", {}],
  // What goes wrong is null, and says why.
  ["empty", "number", new Error("The expression has no output")],
  [
    ".properties.n / 0",
    "number",
    new Error("number (7) and number (0) cannot be divided because the divisor is zero"),
  ],
  ['error("broken")', "number", new Error("broken")],
  [".properties.n", "string", new Error("the result is of type number, not string")],
  ["[1]", "object", new Error("the result is of type array, not object")],
  ["{}", "array", new Error("the result is of type object, not array")],
  ["'1'", "number", new Error("the result is of type string, not number")],
  ["1", "boolean", new Error("the result is of type number, not boolean")],
  ['"a\\u0000b"', "string", new Error("the result contains the character U+0000, which cannot be stored")],
  ["nan", "number", null],
];

test.each(CASES)("§6.2 %s as %s", (program, type, value) => {
  expect(valueOf(program, type)).toEqual(value);
});

test("§6.2 the environment is not there, and no program runs for ever", () => {
  expect(valueOf("env | length", "number")).toBe(0);
  expect(valueOf("[limit(1e9; repeat(1))]", "array")).toBeInstanceOf(Error);
});

test("§6.2 a program that is none says so", () => {
  expect(valueOf(".properties.", "number")).toBeInstanceOf(Error);
});

test("§6.2 formats change no value", () => {
  const at = derive(
    { s: { calculations: { link: { calculation: '"no link"', type: "string", format: "url" } } } },
    { s: { a: {} } },
  );
  expect(at("s/a", "link")).toEqual({ value: "no link", error: null });
});

test("§6.2 what depends on a calculation is null for it where it does not read it", () => {
  // service.total sums deployment.size, which does not read the mirror of service.total that its document holds.
  const at = derive(
    {
      service: {
        aggregations: {
          total: {
            target: "deployment",
            calculationSpec: { calculationBy: "property", func: "sum", property: "size" },
          },
        },
      },
      deployment: {
        properties: { n: "number" },
        relations: { service: "service" },
        mirrors: { whole: "service.total" },
        calculations: { size: ".properties.n * 10" },
      },
    },
    {
      service: { a: {} },
      deployment: {
        d1: { properties: { n: 1 }, relations: { service: "a" } },
        d2: { properties: { n: 2 }, relations: { service: "a" } },
      },
    },
  );
  expect(at("service/a", "total").value).toBe(30);
  expect([at("deployment/d1", "size").value, at("deployment/d2", "whole").value]).toEqual([10, 30]);
});
