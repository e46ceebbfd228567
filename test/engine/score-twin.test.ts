/** Levels by the compiled rules are those by the twin: random rules × random entities, every operator and kind of value. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { scoreEntity } from "../../src/engine/score-entity.ts";
import { Evaluation } from "../../src/engine/twin/evaluate.ts";
import { type BlueprintPlan, planOf } from "../../src/model/blueprint.ts";
import type { Entity } from "../../src/model/entity.ts";
import { checkScorecard } from "../../src/model/scorecard-check.ts";
import { SCORES } from "../../src/model/scorecard.ts";
import { entityOf, NOW, planOf as bare } from "./support/model.ts";

const BARE = bare("service", {
  properties: {
    text: "string",
    number: "number",
    flag: "boolean",
    list: "array",
    object: "object",
    at: "string",
  },
  relations: { one: "service", many: "service*" },
  mirrors: { shown: "one.text", teams: "one.$team" },
  owned: true,
});

const words = fc.constantFrom("", "a", "A", "ab", "b", "2", "true");
const instants = fc.constantFrom(
  "2024-06-15T12:00:00.000Z",
  "2024-06-15T11:59:59Z",
  "2024-06-14T12:00:00Z",
  "2024-06-16T00:00:00+02:00",
  "2024-01-01T00:00:00Z",
);
const numbers = fc.constantFrom(0, 1, 2, 2.5, -1);
const scalars = fc.oneof(words, numbers, fc.boolean(), fc.constant(null), instants);
const names = fc.constantFrom("s1", "s2", "s3");

const properties = fc.record(
  {
    text: words,
    number: numbers,
    flag: fc.boolean(),
    list: fc.array(scalars, { maxLength: 3 }),
    object: fc.constantFrom({}, { a: 1 }),
    at: fc.oneof(instants, words),
  },
  { requiredKeys: [] },
);
const rows = fc.record({
  title: fc.constantFrom("a", "Ab", "2"),
  team: fc.uniqueArray(fc.constantFrom("core", "web"), { maxLength: 2 }),
  properties,
  relations: fc.record(
    { one: names, many: fc.uniqueArray(names, { minLength: 1, maxLength: 2 }) },
    { requiredKeys: [] },
  ),
  createdAt: instants,
});

const subjects = fc.oneof(
  ...["text", "number", "flag", "list", "object", "at", "shown", "teams", "gone"].map((property) =>
    fc.constant({ property }),
  ),
  ...["$team", "$title", "$identifier", "$createdAt", "$icon"].map((property) => fc.constant({ property })),
);
const relations = fc.constantFrom({ relation: "one" }, { relation: "many" });
const texts = fc.oneof(words, names, fc.constantFrom("core", "web"));
const lists = fc.array(fc.oneof(scalars, texts), { minLength: 1, maxLength: 3 });
const asked = fc.oneof(
  fc.record({ operator: fc.constantFrom("=", "!="), value: fc.oneof(scalars, texts) }),
  fc.record({ operator: fc.constantFrom("in", "notIn", "containsAny"), value: lists }),
  fc.record({
    operator: fc.constantFrom("contains", "doesNotContains"),
    value: fc.oneof(texts, numbers, fc.array(texts, { minLength: 1, maxLength: 2 })),
  }),
  fc.record({
    operator: fc.constantFrom("beginsWith", "doesNotBeginsWith", "endsWith", "doesNotEndsWith"),
    value: fc.oneof(texts, numbers),
  }),
  fc.record({ operator: fc.constantFrom("isEmpty", "isNotEmpty") }),
);
const ofProperties = fc.oneof(
  fc.record({ operator: fc.constantFrom(">", ">=", "<", "<="), value: fc.oneof(numbers, instants) }),
  fc.record({
    operator: fc.constantFrom("between", "notBetween"),
    value: fc.constantFrom<object>(
      ...["lastDay", "today", "tomorrow", "nextWeek", "last6Months"].map((preset) => ({ preset })),
      { from: "2024-06-14T12:00:00Z", to: "2024-06-15T12:00:00Z" },
    ),
  }),
  fc.record({ operator: fc.constantFrom("isExpired", "isNotExpired") }),
  asked,
);
const condition = fc.oneof(
  fc.tuple(subjects, ofProperties).map(([a, b]) => ({ ...a, ...b })),
  fc.tuple(relations, asked).map(([a, b]) => ({ ...a, ...b })),
);
const query = fc.record({
  combinator: fc.constantFrom("and", "or"),
  conditions: fc.array(
    fc.oneof(
      { weight: 5, arbitrary: condition },
      {
        weight: 1,
        arbitrary: fc.record({
          combinator: fc.constantFrom("and", "or"),
          conditions: fc.array(condition, { minLength: 1, maxLength: 2 }),
        }),
      },
    ),
    { minLength: 1, maxLength: 3 },
  ),
});
const scorecards = fc.record({
  identifier: fc.constant("sc"),
  title: fc.constant("S"),
  rules: fc
    .array(fc.record({ level: fc.constantFrom("Bronze", "Silver", "Gold"), query }), { maxLength: 5 })
    .map((list) => list.map((rule, i) => ({ identifier: `r${i}`, title: "r", ...rule }))),
  filter: fc.option(query, { nil: undefined }),
});

function withScorecard(body: unknown): BlueprintPlan {
  const { document } = checkScorecard(JSON.parse(JSON.stringify(body)), BARE);
  return planOf({ ...BARE.document, scorecards: [document] });
}

test("random rules × random entities", () => {
  fc.assert(
    fc.property(fc.array(rows, { minLength: 3, maxLength: 3 }), scorecards, (given, body) => {
      const plan = withScorecard(body);
      const entities = given.map((row, i) => entityOf("service", `s${i + 1}`, row));
      const now = new Date(NOW);
      const evaluation = new Evaluation({ blueprints: [plan, bare("_team", {})], entities, now });
      for (const entity of entities) {
        const derived = Object.fromEntries(
          ["shown", "teams"].map((id) => [id, evaluation.derived(entity, id).value]),
        );
        const clock = { now: now.getTime(), next: Number.POSITIVE_INFINITY };
        const scores = scoreEntity(plan, { ...entity, derived }, clock);
        expect(scores).toEqual(evaluation.derived(entity, SCORES).value);
        // Up to then nothing changes by time alone.
        const later = Math.min(clock.next - 1, now.getTime() + 86_400_000);
        expect(scoreEntity(plan, { ...entity, derived }, { now: later, next: 0 })).toEqual(scores);
      }
    }),
    { numRuns: 300 },
  );
});

const scored = (levels: string[], rules: [level: string, text: string][]) => {
  const plan = withScorecard({
    ...{ identifier: "sc", title: "S", levels: levels.map((title) => ({ title, color: "gold" })) },
    rules: rules.map(([level, value], i) => ({
      ...{ identifier: `r${i}`, title: "r", level },
      query: { combinator: "and", conditions: [{ property: "text", operator: "contains", value }] },
    })),
  });
  return (text: string): unknown => {
    const entity: Entity = entityOf("service", "s", { properties: { text } });
    return scoreEntity(plan, entity, { now: 0, next: 0 })?.["sc"]?.l;
  };
};

test("§5.3 the level is the highest of which all rules hold, and all of those below; one without rules is never the last", () => {
  const level = scored(
    ["Base", "One", "Two", "Three", "Four"],
    [
      ["One", "a"],
      ["One", "b"],
      ["Three", "c"],
    ],
  );
  expect(["", "a", "c", "ab", "abc", "bc"].map(level)).toEqual([
    "Base",
    "Base",
    "Base",
    "One",
    "Three",
    "Base",
  ]);
  expect(scored(["Base"], [])("a")).toBe("Base");
});
