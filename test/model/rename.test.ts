import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/model/json.ts";
import {
  calculationsThatMention,
  type Documents,
  type Rename,
  renameInBlueprints,
} from "../../src/model/rename.ts";

const BLUEPRINTS = ["a", "b", "c", "_team"];
const NAMES = ["p", "q", "r", "s"];

const blueprint = fc.constantFrom(...BLUEPRINTS);
const name = fc.constantFrom(...NAMES);
const path = fc.tuple(fc.array(fc.oneof(name, fc.constant("$team")), { minLength: 1, maxLength: 4 }), name);
const relations = fc.dictionary(name, fc.record({ target: blueprint, many: fc.boolean() }));
const rule: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ property: name, operator: fc.constantFrom("=", "matchAny"), value: fc.oneof(name, blueprint) }),
  fc.record({ property: fc.constant("$blueprint"), operator: fc.constant("in"), value: fc.array(blueprint) }),
  fc.record({ relation: name, operator: fc.constant("isEmpty") }),
  fc.record({ operator: fc.constant("relatedTo"), blueprint, value: name }),
  fc.record({
    property: fc.record({ path: fc.array(name, { minLength: 1 }), fromBlueprint: blueprint }),
    operator: fc.constant("matchAny"),
    value: name,
  }),
  fc.record({
    property: fc.record({ context: fc.constant("userTeams"), property: name }),
    operator: fc.constant("="),
  }),
);
const document = (identifier: string): fc.Arbitrary<JsonObject> =>
  fc.record({
    identifier: fc.constant(identifier),
    schema: fc.record({
      properties: fc.dictionary(
        name,
        fc.record({ type: fc.constant("string"), default: fc.oneof(name, blueprint) }),
      ),
      required: fc.array(name),
    }),
    relations,
    mirrorProperties: fc.dictionary(
      fc.constantFrom("m", "n"),
      fc.record({ path: path.map(([steps, last]) => [...steps, last].join(".")) }),
    ),
    aggregationProperties: fc.dictionary(
      fc.constantFrom("g", "h"),
      fc.record({
        target: blueprint,
        calculationSpec: fc.record({
          property: name,
          measureTimeBy: fc.oneof(name, fc.constant("$createdAt")),
        }),
        query: fc.record({ combinator: fc.constant("and"), rules: fc.array(rule, { maxLength: 4 }) }),
        pathFilter: fc.array(
          fc.record({ path: fc.array(name, { minLength: 1 }), fromBlueprint: blueprint }),
          { maxLength: 1 },
        ),
      }),
    ),
    ownership: fc.record({
      type: fc.constant("Inherited"),
      path: fc.array(name, { minLength: 1 }).map((steps) => steps.join(".")),
    }),
  });
const documents: fc.Arbitrary<Documents> = fc
  .tuple(...BLUEPRINTS.map(document))
  .map((all) => new Map(all.map((one) => [String(one["identifier"]), one])));
const rename: fc.Arbitrary<Rename> = fc.oneof(
  fc.record({
    kind: fc.constant("blueprint" as const),
    from: fc.constantFrom("a", "b", "c"),
    to: fc.constant("new"),
  }),
  fc.record({
    kind: fc.constantFrom("property" as const, "relation" as const),
    blueprint,
    from: name,
    to: fc.constant("new"),
  }),
);

function apply(before: Documents, change: Rename): Documents {
  const changed = renameInBlueprints(before, change);
  return new Map(
    [...before].map(([identifier, one]) => {
      const after = changed.get(identifier) ?? one;
      return [String(after["identifier"]), after] as const;
    }),
  );
}

const back = (change: Rename): Rename => ({ ...change, from: change.to, to: change.from });

test("a rename to a fresh name and back gives every document back, text for text", () => {
  fc.assert(
    fc.property(documents, rename, (before, change) => {
      const after = apply(apply(before, change), back(change));
      expect(JSON.stringify([...after])).toBe(JSON.stringify([...before]));
    }),
    { numRuns: 500, seed: 20261125 },
  );
});

/** The blueprints that a mirror walks through, and whether its last step is a property there. */
function walk(all: Documents, start: string, dotted: string): { at: string[]; last: boolean } {
  const steps = dotted.split(".");
  const at = [start];
  for (const step of steps.slice(0, -1)) {
    const here = all.get(at.at(-1) ?? "");
    const found = (here?.["relations"] as Record<string, { target: string }> | undefined)?.[step];
    const next = step === "$team" ? "_team" : found?.target;
    if (next === undefined) return { at, last: false };
    at.push(next);
  }
  const { properties } = (all.get(at.at(-1) ?? "")?.["schema"] ?? {}) as { properties?: object };
  return { at, last: Object.hasOwn(properties ?? {}, steps.at(-1) ?? "") };
}

test("mirrors lead where they led, whatever is renamed", () => {
  fc.assert(
    fc.property(documents, rename, (before, change) => {
      const after = apply(before, change);
      const moved = (id: string): string =>
        change.kind === "blueprint" && id === change.from ? change.to : id;
      for (const [identifier, one] of before)
        for (const [id, { path: old }] of Object.entries(
          one["mirrorProperties"] as Record<string, { path: string }>,
        )) {
          const now = after.get(moved(identifier))?.["mirrorProperties"] as Record<string, { path: string }>;
          const { at, last } = walk(before, identifier, old);
          expect(walk(after, moved(identifier), now[id]?.path ?? "")).toEqual({ at: at.map(moved), last });
        }
    }),
    { numRuns: 500, seed: 20261126 },
  );
});

test("after the rename of a blueprint nothing names the old one; after that of a member its blueprint does not have it", () => {
  fc.assert(
    fc.property(documents, rename, (before, change) => {
      const after = apply(before, change);
      if (change.kind === "blueprint")
        for (const one of after.values())
          for (const { target } of Object.values(one["relations"] as Record<string, { target: string }>))
            expect(target).not.toBe(change.from);
      else {
        const one = after.get(change.blueprint);
        const schema = one?.["schema"] as { properties: object } | undefined;
        const map = change.kind === "relation" ? one?.["relations"] : schema?.properties;
        expect(Object.keys(map as object)).not.toContain(change.from);
      }
    }),
    { numRuns: 300, seed: 20261127 },
  );
});

test.each([
  ["cost", ".properties.cost", true],
  ["cost", ".properties.costs + .properties.total_cost", false],
  ["a-b", '.properties."a-b"', true],
  ["a", '.properties."a-b"', false],
  ["a.b", ".aXb", false],
  ["$", ".x", false],
])("the jq text of %s in %s: %s", (from, calculation, isMentioned) => {
  const one = { identifier: "a", calculationProperties: { c: { calculation } } };
  const change: Rename = { kind: "property", blueprint: "a", from, to: "new" };
  expect(calculationsThatMention(new Map([["a", one]]), change)).toEqual(
    isMentioned ? ["a.calculationProperties.c"] : [],
  );
});
