/** Random catalogs and random queries over them, for search-property.test.ts. Few distinct values, so that they meet. */
import fc from "fast-check";
import type { TwinBlueprint, TwinCatalog, TwinEntity, TwinPerson } from "./search-twin.ts";

export const NOW = "2024-06-15T12:00:00.000Z";

/** Relations in a circle, to oneself, one and many, required and not; one property with two types. */
export const BLUEPRINTS: Readonly<Record<string, TwinBlueprint>> = {
  _team: { properties: { lead: { type: "string" } }, derived: [], relations: { parent: relation("_team") } },
  _user: {
    properties: { port_role: { type: "string" }, level: { type: "number" } },
    derived: [],
    relations: {},
  },
  alpha: {
    properties: {
      s: { type: "string" },
      n: { type: "number" },
      b: { type: "boolean" },
      l: { type: "array", items: { type: "string" } },
      o: { type: "object" },
      at: { type: "string", format: "date-time" },
      mail: { type: "string", format: "email" },
    },
    derived: ["c"],
    relations: { one: relation("beta"), many: relation("beta", true), up: relation("alpha") },
  },
  beta: {
    properties: { s: { type: "number" }, n: { type: "number" }, mail: { type: "string", format: "email" } },
    derived: [],
    relations: { one: relation("gamma"), back: relation("alpha", true) },
  },
  gamma: {
    properties: { s: { type: "string" } },
    derived: [],
    relations: { need: relation("beta", false, true) },
  },
};

function relation(target: string, many = false, required = false): TwinBlueprint["relations"][string] {
  return { target, many, required };
}

const IDS: Readonly<Record<string, readonly string[]>> = {
  _team: ["red", "blue", "green"],
  _user: ["ann@x.org", "bob@x.org"],
  alpha: ["a1", "a2", "a3", "a4", "a5", "a6"],
  beta: ["b1", "b2", "b3", "b4"],
  gamma: ["g1", "g2", "a1"],
};

const TEXTS = [
  "x",
  "X",
  "abc",
  "ABCD",
  "a%b",
  "a_b",
  "\\",
  "",
  "red",
  "b1",
  "1",
  "true",
  "2024-06-15T10:00:00Z",
];
const INSTANTS = [
  "2024-06-14T23:59:59.999Z",
  "2024-06-15T00:00:00Z",
  "2024-06-15T12:00:00.000Z",
  "2024-06-16T01:00:00+02:00",
  "2024-06-08T12:00:00Z",
  "2024-06-21T12:00:00Z",
  "2022-06-16T12:00:00Z",
];
const ELEMENTS = ["x", "y", 1, 2.5, true, null];
const ZONES = ["UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"];

const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });
const text = fc.constantFrom(...TEXTS);
const number = fc.constantFrom(-1, 0, 1, 2.5, 10);

const VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: fc.constantFrom(...TEXTS, ...INSTANTS),
  "string date-time": fc.constantFrom(...INSTANTS),
  number,
  boolean: fc.boolean(),
  array: fc.uniqueArray(fc.constantFrom(...ELEMENTS), { maxLength: 3 }),
  object: fc.constantFrom({}, { x: "x" }),
};

function entityOf(blueprint: string, identifier: string): fc.Arbitrary<TwinEntity> {
  const { properties, relations } = BLUEPRINTS[blueprint] ?? { properties: {}, relations: {} };
  const values = Object.fromEntries(
    Object.entries(properties).map(([id, { type, format }]) => [
      id,
      nullable(VALUES[format === "date-time" ? "string date-time" : type] ?? text),
    ]),
  );
  const targets = Object.fromEntries(
    Object.entries(relations).map(([id, { target, many }]) => [
      id,
      fc.uniqueArray(fc.constantFrom(...(IDS[target] ?? [])), { maxLength: many ? 3 : 1 }),
    ]),
  );
  return fc
    .record({
      title: nullable(text),
      icon: nullable(fc.constantFrom("I", "J")),
      team: fc.uniqueArray(fc.constantFrom("red", "blue", "green"), { maxLength: 2 }),
      properties: fc.record(values),
      relations: fc.record(targets),
      createdAt: fc.constantFrom(...INSTANTS.slice(0, 5)),
      updatedAt: fc.constantFrom(...INSTANTS),
      createdBy: fc.constantFrom("ann", "bob"),
      updatedBy: fc.constantFrom("ann", "bob"),
      datasource: nullable(fc.constantFrom("port-ocean/github/1/x/exporter", "port-agent")),
    })
    .map((rest) => ({ blueprint, identifier, ...rest }));
}

const person: fc.Arbitrary<TwinPerson | null> = nullable(
  fc.record({
    email: fc.constantFrom("ann@x.org", "nobody@x.org"),
    name: fc.constant("N"),
    teams: fc.subarray(["red", "blue", "unknown"]),
  }),
);

export const catalogs: fc.Arbitrary<TwinCatalog> = fc
  .record({
    entities: fc.tuple(
      ...Object.entries(IDS).flatMap(([blueprint, ids]) => ids.map((id) => entityOf(blueprint, id))),
    ),
    person,
  })
  .map(({ entities, person }) => ({ blueprints: BLUEPRINTS, entities, now: NOW, person }));

const PRESETS =
  `lastDay lastWeek last2Weeks lastMonth last3Months last6Months last12Months last2Years last3Years
  today yesterday tomorrow nextDay nextWeek next2Weeks nextMonth next3Months next6Months next12Months`.split(
    /\s+/,
  );

const context = fc.record({
  context: fc.constantFrom("user", "userTeams"),
  property: fc.constantFrom("$identifier", "$team", "$title", "port_role", "level", "lead", "nope"),
});
const range = fc.oneof(
  fc.record({ preset: fc.constantFrom(...PRESETS) }),
  fc.record({
    preset: fc.constantFrom("today", "yesterday", "tomorrow"),
    timeZone: fc.constantFrom(...ZONES),
  }),
  fc.record({ from: fc.constantFrom(...INSTANTS), to: fc.constantFrom(...INSTANTS) }),
);
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null), fc.constantFrom(...INSTANTS));
const one = fc.oneof({ weight: 4, arbitrary: scalar }, { weight: 1, arbitrary: context });
const list = fc.oneof(
  { weight: 5, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: context },
  { weight: 1, arbitrary: fc.constantFrom(["My Teams"], ["myTeamsDynamicFilter", "green"]) },
);
const comparable = fc.oneof(number, fc.constantFrom(...INSTANTS), context);
const notNull = fc.oneof(text, number, fc.boolean(), context);

const NO_VALUE = Symbol("no value");
/** Operator with its value. */
const condition: fc.Arbitrary<readonly [string, unknown]> = fc.oneof(
  fc.tuple(fc.constantFrom("=", "!="), fc.oneof(one, range)),
  fc.tuple(fc.constantFrom("in", "notIn"), list),
  fc.tuple(fc.constantFrom("contains", "doesNotContains", "containsAny"), fc.oneof(one, list)),
  fc.tuple(fc.constantFrom("beginsWith", "endsWith", "doesNotBeginsWith", "doesNotEndsWith"), notNull),
  fc.tuple(fc.constantFrom(">", ">=", "<", "<="), comparable),
  fc.tuple(fc.constantFrom("between", "notBetween"), range),
  fc.tuple(fc.constantFrom("isEmpty", "isNotEmpty", "isExpired", "isNotExpired"), fc.constant(NO_VALUE)),
);

const property = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("s", "n", "b", "l", "o", "at", "mail", "c", "nope") },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "$identifier",
      "$title",
      "$icon",
      "$team",
      "$blueprint",
      "$createdAt",
      "$updatedAt",
      "$createdBy",
      "$updatedBy",
      "$datasource",
    ),
  },
  { weight: 1, arbitrary: context },
);

const withValue = (subject: object, [operator, value]: readonly [string, unknown]): object =>
  value === NO_VALUE ? { ...subject, operator } : { ...subject, operator, value };

const propertyRule = fc
  .tuple(property, condition)
  .map(([subject, tested]) => withValue({ property: subject }, tested));

const schemaRule = fc
  .tuple(
    fc.constantFrom<object>(
      { type: "string" },
      { type: "string", format: "email" },
      { type: "number" },
      { type: "array", items: { type: "string" } },
      { type: "boolean" },
    ),
    fc.oneof(
      fc.tuple(fc.constantFrom("=", "!="), one),
      fc.tuple(fc.constant("contains"), fc.oneof(one, list)),
    ),
  )
  .map(([propertySchema, tested]) => withValue({ propertySchema }, tested));

const relationRule = fc
  .tuple(
    fc.constantFrom("one", "many", "up", "back", "need", "nope"),
    fc.constantFrom({}, { targetProperty: "$identifier" }, { targetProperty: "$title" }),
    fc.oneof(
      fc.tuple(fc.constantFrom("=", "!="), identifierOrText()),
      fc.tuple(fc.constantFrom("in", "notIn", "containsAny"), fc.array(identifierOrText(), { maxLength: 3 })),
      fc.tuple(
        fc.constantFrom("contains", "doesNotContains"),
        fc.array(identifierOrText(), { maxLength: 2 }),
      ),
      fc.tuple(fc.constantFrom("beginsWith", "endsWith"), fc.constantFrom("b", "1", "X")),
      fc.tuple(fc.constantFrom("isEmpty", "isNotEmpty"), fc.constant(NO_VALUE)),
    ),
  )
  .map(([id, target, tested]) => withValue({ relation: id, ...target }, tested));

function identifierOrText(): fc.Arbitrary<unknown> {
  return fc.oneof(fc.constantFrom("b1", "b2", "a1", "g1", "x", "B1"), fc.constant(null));
}

const identifiers = fc.oneof(
  fc.constantFrom("a1", "a2", "b1", "b2", "g1", "red", "nope"),
  fc.array(fc.constantFrom("a1", "a2", "a3", "b1", "b2", "g1", "g2", "red", "blue"), { maxLength: 3 }),
  fc.constant({ context: "userTeams", property: "$identifier" }),
);

const relatedRule = fc.record(
  {
    operator: fc.constant("relatedTo"),
    blueprint: fc.constantFrom("alpha", "beta", "gamma", "_team", "nope"),
    value: identifiers,
    direction: fc.constantFrom("upstream", "downstream"),
    required: fc.boolean(),
    maxHops: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: ["operator", "blueprint", "value"] },
);

const step = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("one", "many", "up", "back", "need", "parent", "$team") },
  { weight: 1, arbitrary: fc.constant("nope") },
);
const hops = fc.record({
  relation: fc.constantFrom("up", "parent", "back", "one"),
  maxHops: fc.integer({ min: 1, max: 3 }),
});
const path = fc
  .tuple(fc.array(step, { maxLength: 2 }), fc.option(hops, { freq: 1 }), fc.array(step, { maxLength: 1 }))
  .map(([before, variable, after]) => [...before, ...(variable === null ? [] : [variable]), ...after])
  .filter((steps) => steps.length > 0);

const pathRule = fc
  .record({
    path,
    from: fc.option(fc.constantFrom("alpha", "beta", "gamma", "_team", "_user")),
    value: identifiers,
  })
  .map(({ path, from, value }) => ({
    property: from === null ? { path } : { path, fromBlueprint: from },
    operator: "matchAny",
    value,
  }));

const anyRule = fc
  .tuple(
    fc.oneof(fc.constantFrom("$identifier", "$title", "$team", "s", "one", "many", "l"), context),
    fc.oneof(identifiers, list),
  )
  .map(([subject, value]) => ({ property: subject, operator: "matchAny", value }));

const rule: fc.Arbitrary<object> = fc.oneof(
  { weight: 8, arbitrary: propertyRule },
  { weight: 2, arbitrary: relationRule },
  { weight: 3, arbitrary: relatedRule },
  { weight: 3, arbitrary: pathRule },
  { weight: 1, arbitrary: schemaRule },
  { weight: 1, arbitrary: anyRule },
);

function group(depth: number): fc.Arbitrary<object> {
  const part =
    depth === 0 ? rule : fc.oneof({ weight: 3, arbitrary: rule }, { weight: 1, arbitrary: group(depth - 1) });
  return fc.record(
    {
      combinator: fc.constantFrom("and", "or"),
      rules: fc.array(part, { maxLength: 3 }),
      timeZone: fc.constantFrom(...ZONES),
    },
    { requiredKeys: ["combinator", "rules"] },
  );
}

export const queries: fc.Arbitrary<object> = fc.oneof(
  rule.map((only) => ({ combinator: "and", rules: [only] })),
  group(2),
);
