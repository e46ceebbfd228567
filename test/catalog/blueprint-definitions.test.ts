import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changeBlueprint, createBlueprint, getBlueprint } from "../../src/catalog/define-blueprint.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { refusal } from "./fixture.ts";

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

const COLOURS = [
  ...["blue", "turquoise", "orange", "purple", "pink", "yellow", "green", "red", "gold", "silver"],
  ...["paleBlue", "darkGray", "lightGray", "bronze", "lime", "olive", "brown"],
];
const byColour = (colours: readonly string[]): object =>
  Object.fromEntries(colours.map((colour) => [colour, colour]));

describe("§3.3 §3.4 property definitions that are accepted and returned as given", () => {
  const strings = [
    "date-time",
    "url",
    "email",
    "idn-email",
    "ipv4",
    "ipv6",
    "markdown",
    "yaml",
    "user",
    "blueprints",
    "team",
    "timer",
    "proto",
  ];
  test.each<[string, object]>([
    ...["string", "number", "boolean", "object", "array"].map((type): [string, object] => [type, { type }]),
    ...strings.map((format): [string, object] => [format, { type: "string", format }]),
    ...strings.map((format): [string, object] => [
      `array of ${format}`,
      { type: "array", items: { type: "string", format } },
    ]),
    ["labeled url", { type: "object", format: "labeled-url" }],
    ["array of labeled urls", { type: "array", items: { type: "object", format: "labeled-url" } }],
    [
      "array of enum",
      { type: "array", items: { type: "string", enum: ["b", "a"], enumColors: { b: "lime" } } },
    ],
    ["array with items of any type", { type: "array", items: { pattern: "^a", minLength: 1 } }],
    // As Port's Terraform provider has it in its acceptance tests.
    ["default of a user that is no address", { type: "string", format: "user", default: "default" }],
    ["array of blueprints", { type: "array", format: "blueprints" }],
    ["blueprint of an entity", { type: "string", format: "team", blueprint: "_team" }],
    ["24 hours", { type: "string", format: "date-time", dateFormat: "HH:mm" }],
    ["open-api yaml", { type: "string", format: "yaml", spec: "open-api" }],
    [
      "nulls say nothing",
      { type: "string", format: null, enum: null, minLength: null, spec: null, default: null },
    ],
    ["open-api object", { type: "object", spec: "open-api" }],
    ["async-api url", { type: "string", format: "url", spec: "async-api" }],
    [
      "embedded url",
      {
        type: "string",
        format: "url",
        spec: "embedded-url",
        specAuthentication: {
          clientId: "c",
          authorizationUrl: "https://a/",
          tokenUrl: "https://t/",
          authorizationScope: ["openid"],
        },
      },
    ],
    ["enum", { type: "string", enum: ["b", "a"], enumColors: { b: "red", a: "paleBlue" } }],
    ["§3.3 every colour", { type: "string", enum: COLOURS, enumColors: byColour(COLOURS) }],
    ["number enum", { type: "number", enum: [3, 1], enumColors: { "3": "red" }, default: 1 }],
    ["string bounds", { type: "string", minLength: 1, maxLength: 5, pattern: "^[a-z]+$", default: "abc" }],
    ["number bounds", { type: "number", minimum: 0, maximum: 5, exclusiveMinimum: -1, exclusiveMaximum: 6 }],
    [
      "array bounds",
      { type: "array", minItems: 1, maxItems: 3, uniqueItems: true, items: { type: "number", enum: [1, 2] } },
    ],
    ["array without items", { type: "array", default: [1, "a", null] }],
    [
      "object schema",
      { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false },
    ],
    ["object patterns", { type: "object", patternProperties: { "^x-": { type: "number" } } }],
    [
      "unknown keys",
      {
        type: "string",
        title: "T",
        description: "",
        icon: "Nope",
        dateFormat: "x",
        foo: { bar: [1] },
        blueprint: "x",
      },
    ],
  ])("%s", async (_label, definition) => {
    const { blueprint } = await createBlueprint(ctx, shell({ p: definition }));
    expect(blueprint["schema"]).toEqual({ properties: { p: definition }, required: [] });
    expect(await getBlueprint(ctx, name)).toEqual(blueprint);
  });
});

const COUNT = { calculationBy: "entities", func: "count" };
/** Blueprints with one aggregation each, `g`, that is wrong in one place. */
const aggregations = (cases: [object, RegExp][]): [object, RegExp][] =>
  cases.map(([wrong, message]) => [
    { aggregationProperties: { g: { title: "G", target: "x", calculationSpec: COUNT, ...wrong } } },
    message,
  ]);

describe("§3.3 §3.5 §3.6 definitions that are refused, naming field, value and rule", () => {
  const long = "x".repeat(101);
  test.each<[object, RegExp]>([
    [{ p: { type: "enum" } }, /schema\.properties\.p\.type "enum" is not one of string, number/],
    [{ p: {} }, /schema\.properties\.p\.type is missing/],
    [{ p: null }, /schema\.properties\.p must be an object, not null/],
    [{ p: { type: "string", format: "uuid" } }, /p\.format "uuid" is not one of date-time/],
    [{ p: { type: "number", format: "url" } }, /p\.format "url" does not belong to type number/],
    [{ p: { type: "string", enum: [] } }, /p\.enum must be a list with 1 or more/],
    [{ p: { type: "string", enum: ["a", 1] } }, /p\.enum contains 1, which is not of type string/],
    [{ p: { type: "string", enumColors: { a: "mauve" } } }, /enumColors\."a" "mauve" is not one of blue/],
    [{ p: { type: "string", pattern: "(" } }, /p\.pattern "\(" is not a regular expression/],
    [{ p: { type: "string", minLength: -1 } }, /p\.minLength -1 must be a whole number/],
    [{ p: { type: "string", default: 5 } }, /p\.default is no valid value: properties\.p 5 must be a string/],
    [
      { p: { type: "string", enum: ["a"], default: "b" } },
      /p\.default is no valid value: .*"b" is not one of a/,
    ],
    [{ p: { type: "string", title: long } }, /p\.title has 101 characters; at most 100/],
    [{ "a.b": { type: "string" } }, /the identifier "a\.b" must have/],
    [{ $team: { type: "string" } }, /the identifier "\$team" must have/],
    [JSON.parse('{"__proto__":{"type":"string"}}') as object, /__proto__/],
    [{ p: { type: "object", properties: { a: { $ref: "#" } } } }, /p\.properties\.a\.\$ref is not supported/],
    [
      { p: { type: "object", required: ["a"], properties: { a: { type: "strin" } } } },
      /p\.properties\.a\.type/,
    ],
    [{ p: { type: "object", patternProperties: { "(": {} } } }, /schema\.properties\.p/],
    [{ p: { type: "array", items: { type: "string", format: "nope" } } }, /p\.items\.format "nope"/],
    [{ p: { type: "string", spec: "raml" } }, /p\.spec "raml" is not one of/],
    [{ p: { type: "number", spec: "open-api" } }, /p\.spec belongs to type string or object, not number/],
    [{ p: { type: "object", spec: "embedded-url" } }, /p\.spec "embedded-url" belongs to type string/],
    [
      {
        p: {
          type: "string",
          specAuthentication: { clientId: "c", authorizationUrl: "a b", tokenUrl: "https://t/" },
        },
      },
      /specAuthentication\.authorizationUrl "a b" must be an absolute URL/,
    ],
    [
      {
        p: {
          type: "string",
          specAuthentication: {
            clientId: "c",
            authorizationUrl: "https://a/",
            tokenUrl: "https://t/",
            authorizationScope: "x",
          },
        },
      },
      /specAuthentication\.authorizationScope must be a list of strings/,
    ],
    [{ p: { type: "string", minLength: 5, maxLength: 4 } }, /p\.minLength 5 is greater than maxLength 4/],
    [{ p: { type: "number", minimum: 2, maximum: 1 } }, /p\.minimum 2 is greater than maximum 1/],
    [{ p: { type: "number", exclusiveMinimum: "1" } }, /p\.exclusiveMinimum must be a number, not string/],
    [{ p: { type: "array", items: { type: "enum" } } }, /p\.items\.type "enum" is not one of/],
    [
      { p: { type: "array", default: {} } },
      /p\.default is no valid value: .*must be a array, not object|must be array/,
    ],
    [{ p: { type: "array", items: { type: "number" }, default: ["a"] } }, /p\.default is no valid value/],
    [
      { p: { type: "boolean", default: "true" } },
      /p\.default is no valid value: .*must be a boolean, not string/,
    ],
    [{ p: { type: "string", format: "date-time", default: "today" } }, /p\.default is no valid value/],
    [{ p: { type: "string", blueprint: 5 } }, /p\.blueprint must be a string/],
  ])("property %j", async (properties, message) => {
    expect(await refusal(() => createBlueprint(ctx, shell(properties)))).toMatchObject({
      code: "invalid_request",
      message: expect.stringMatching(message) as string,
    });
  });

  test.each<[object, RegExp]>([
    [{ identifier: "a b" }, /identifier "a b" must have 1 to 100 characters/],
    [{ identifier: ".." }, /identifier "\.\." must have/],
    [{ identifier: "_mine" }, /belong to the system/],
    [{ title: "" }, /title must have at least 1 character/],
    [{ title: long }, /title has 101 characters/],
    [{ description: "x".repeat(201) }, /description has 201 characters; at most 200/],
    [{ schema: { properties: {}, extra: 1 } }, /schema\.extra is not allowed/],
    [{ schema: {} }, /schema\.properties must be an object/],
    [{ schema: { properties: {}, required: ["x"] } }, /schema\.required names "x", which is not in/],
    [{ relations: { r: {} } }, /relations\.r\.target must be a string/],
    [{ relations: { r: { target: "x", many: true, required: true } } }, /required and many must not both/],
    [{ relations: { r: { target: "x", title: long } } }, /relations\.r\.title has 101 characters/],
    [{ relations: { [long]: { target: "x" } } }, /the identifier "x+…?.* must have 1 to 100/],
    [{ relations: { r: { target: "x", many: "yes" } } }, /relations\.r\.many must be a boolean/],
    [{ mirrorProperties: { m: { path: "x" } } }, /mirrorProperties\.m\.path "x" must be relations/],
    [{ mirrorProperties: { m: { path: "r.x" } } }, /begins with "r", which is not a relation/],
    [
      { mirrorProperties: { m: { path: `${"r.".repeat(16)}x` } } },
      /mirrorProperties\.m\.path leads over 16 relations; at most 15 are allowed/,
    ],
    [{ calculationProperties: { c: { calculation: ".x" } } }, /calculationProperties\.c\.type/],
    [
      { calculationProperties: { c: { calculation: "", type: "string" } } },
      /c\.calculation must have at least 1/,
    ],
    [
      {
        aggregationProperties: {
          a: { title: "A", target: "x", calculationSpec: { calculationBy: "entities", func: "sum" } },
        },
      },
      /a\.calculationSpec\.func "sum" is not one of count, average/,
    ],
    [
      {
        aggregationProperties: {
          a: { title: "A", target: "x", calculationSpec: { calculationBy: "property", func: "sum" } },
        },
      },
      /a\.calculationSpec\.property must be a string/,
    ],
    [{ ownership: { type: "Shared" } }, /ownership\.type "Shared" is not one of Direct, Inherited/],
    [{ ownership: { type: "Inherited" } }, /ownership\.path must be a string/],
    [
      { ownership: { type: "Inherited", path: "a..b" } },
      /ownership\.path "a\.\.b" must be relations joined by dots/,
    ],
    [
      { ownership: { type: "Inherited", path: "r" } },
      /ownership\.path begins with "r", which is not a relation/,
    ],
    [
      { relations: { r: { target: "x", many: true } }, ownership: { type: "Inherited", path: "r" } },
      /ownership\.path begins with "r": owners are inherited over single relations only/,
    ],
    [{ ownership: { type: "Direct", title: long } }, /ownership\.title has 101 characters/],
    [{ teamInheritance: "team" }, /teamInheritance must be an object/],
    [{ teamInheritance: { path: `${"r.".repeat(15)}r` } }, /teamInheritance\.path leads over 16 relations/],
    [
      { ownership: { type: "Inherited", path: `${"r.".repeat(15)}r` } },
      /ownership\.path leads over 16 relations; at most 15 are allowed/,
    ],
    [
      { changelogDestination: { type: "MAIL" } },
      /changelogDestination\.type "MAIL" is not one of WEBHOOK, KAFKA/,
    ],
    [{ changelogDestination: { type: "WEBHOOK" } }, /changelogDestination\.url must be a string/],
    [
      { changelogDestination: { type: "WEBHOOK", url: "nowhere" } },
      /changelogDestination\.url "nowhere" must be an absolute URL/,
    ],
    [
      { changelogDestination: { type: "WEBHOOK", url: "https://x/", agent: 1 } },
      /changelogDestination\.agent must be a boolean/,
    ],
    [{ includeInGlobalSearch: "yes" }, /includeInGlobalSearch must be a boolean/],
    [
      { calculationProperties: { c: { calculation: ".x", type: "string", format: "timer" } } },
      /calculationProperties\.c\.format "timer" is not one of/,
    ],
    [
      { calculationProperties: { c: { calculation: ".x", type: "number", spec: "open-api" } } },
      /calculationProperties\.c\.spec belongs to type string or object/,
    ],
    [
      { calculationProperties: { c: { calculation: ".x", type: "string", colors: { a: "mauve" } } } },
      /calculationProperties\.c\.colors\."a" "mauve" is not one of/,
    ],
    ...aggregations([
      [{ query: null }, /g\.query must be an object or absent, not null/],
      [{ query: { rules: [] } }, /g\.query\.combinator undefined is not one of and, or/],
      [
        { query: { combinator: "and", rules: [{ property: "x", operator: "like", value: 1 }] } },
        /g\.query\.rules\[0\]\.operator "like" is not one of/,
      ],
      [{ pathFilter: [{ path: ["a"] }, { path: ["b"] }] }, /g\.pathFilter must be a list of at most 1 path/],
      [{ pathFilter: [{ path: [] }] }, /g\.pathFilter\[0\]\.path must be a list of 1 or more/],
      [{ pathFilter: [{ path: ["a b"] }] }, /g\.pathFilter\[0\]\.path\[0\]: the identifier "a b" must have/],
      [
        { pathFilter: [{ path: [{ relation: "a", maxHops: 16 }] }] },
        /maxHops 16 must be a whole number from 1 to 15/,
      ],
      [
        {
          pathFilter: [
            {
              path: [
                { relation: "a", maxHops: 2 },
                { relation: "b", maxHops: 2 },
              ],
            },
          ],
        },
        /only one step may have maxHops/,
      ],
      [{ pathFilter: [{ path: ["a"], fromBlueprint: "a b" }] }, /fromBlueprint "a b" must have/],
      [
        { pathFilter: [{ path: Array.from({ length: 16 }, () => "a") }] },
        /g\.pathFilter\[0\]\.path has 16 steps; at most 15 are allowed/,
      ],
      [
        { calculationSpec: { ...COUNT, averageOf: "year" } },
        /g\.calculationSpec\.averageOf "year" is not one of/,
      ],
      [{ title: undefined }, /g\.title must be a string/],
      [{ target: undefined }, /g\.target must be a string/],
    ]),
    [
      {
        schema: { properties: { x: { type: "string" } } },
        calculationProperties: { x: { calculation: ".a", type: "string" } },
      },
      /calculationProperties\.x: a schema property with the identifier "x" exists/,
    ],
  ])("top level %j", async (rest, message) => {
    const result = await refusal(() => createBlueprint(ctx, shell({}, rest)));
    expect(result.code).toBe("invalid_request");
    expect(result.message).toMatch(message);
  });

  test("§2.2 §3.5 a relation to a blueprint that does not exist is not_found", async () => {
    const result = await refusal(() =>
      createBlueprint(ctx, shell({}, { relations: { r: { target: "nowhere" } } })),
    );
    expect(result).toMatchObject({
      code: "not_found",
      message: expect.stringContaining("was not found (relations.r.target)") as string,
    });
  });
});

describe("§6 derived properties that depend on themselves", () => {
  test("are refused with the cycle spelled out, whichever blueprint closes it; nothing is written", async () => {
    const service = `${name}-service`;
    await createBlueprint(ctx, {
      ...shell({}),
      relations: {},
      calculationProperties: { score: { calculation: ".properties.total", type: "number" } },
    });
    const closing = {
      identifier: service,
      title: "T",
      schema: { properties: {} },
      relations: { to: { target: name } },
      mirrorProperties: { score: { path: "to.score" } },
    };
    await createBlueprint(ctx, closing);
    const total = {
      title: "t",
      target: service,
      calculationSpec: { calculationBy: "property", func: "p95", property: "score" },
    };
    const refused = await refusal(() => changeBlueprint(ctx, name, { aggregationProperties: { total } }));
    expect(refused.code).toBe("invalid_request");
    expect(refused.message).toContain(`${name}.score → ${name}.total → ${service}.score → ${name}.score`);
    expect((await getBlueprint(ctx, name))["aggregationProperties"]).toEqual({});
  });
});
