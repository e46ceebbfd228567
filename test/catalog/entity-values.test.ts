import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getEntity } from "../../src/catalog/read-entities.ts";
import type { Ctx } from "../../src/storage/context.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { define, put, refusal } from "./fixture.ts";

let t: TestDatabase;
let ctx: Ctx;
beforeAll(async () => {
  t = await openTestDatabase();
  ctx = t.ctx;
});
afterAll(() => t.close());

describe("§3.4 values against the definition: 422 naming property, value and rule", () => {
  const definitions = {
    s: { type: "string", minLength: 2, maxLength: 4 },
    p: { type: "string", pattern: String.raw`^v\d+$` },
    e: { type: "string", enum: ["a", "b"] },
    ne: { type: "number", enum: [1, 2.5] },
    n: { type: "number", minimum: 0, exclusiveMaximum: 10 },
    b: { type: "boolean" },
    at: { type: "string", format: "date-time" },
    timer: { type: "string", format: "timer" },
    url: { type: "string", format: "url" },
    mail: { type: "string", format: "email" },
    user: { type: "string", format: "user" },
    v4: { type: "string", format: "ipv4" },
    v6: { type: "string", format: "ipv6" },
    md: { type: "string", format: "markdown" },
    l: {
      type: "array",
      items: { type: "string", enum: ["x", "y"] },
      minItems: 1,
      maxItems: 2,
      uniqueItems: true,
    },
    urls: { type: "array", items: { type: "string", format: "url" } },
    any: { type: "array" },
    o: {
      type: "object",
      properties: { a: { type: "number" } },
      required: ["a"],
      additionalProperties: false,
    },
    lab: { type: "object", format: "labeled-url" },
    idn: { type: "string", format: "idn-email" },
    team: { type: "string", format: "team" },
    yaml: { type: "string", format: "yaml" },
    proto: { type: "string", format: "proto" },
    frame: { type: "string", format: "url", spec: "embedded-url" },
    api: { type: "object", spec: "open-api" },
    apiUrl: { type: "string", format: "url", spec: "open-api" },
    apiYaml: { type: "string", format: "yaml", spec: "async-api" },
    bps: { type: "array", items: { type: "string", format: "blueprints" } },
    bp: { type: "string", format: "blueprints" },
    teams: { type: "array", items: { type: "string", format: "team" } },
    times: { type: "array", items: { type: "string", format: "date-time" } },
    nums: { type: "array", items: { type: "number" } },
    labs: { type: "array", items: { type: "object", format: "labeled-url" } },
  };
  let fixed = "";
  beforeAll(async () => {
    fixed = "values";
    await define(ctx, fixed, definitions);
  });

  test.each<[keyof typeof definitions, unknown]>([
    ["s", "ab"],
    ["s", "💡💡💡💡"],
    ["p", "v12"],
    ["e", "b"],
    ["ne", 2.5],
    ["n", 0],
    ["n", 9.999],
    ["b", false],
    ["at", "2024-09-01T12:00:00Z"],
    ["at", "2024-09-01T12:00:00.123456+02:00"],
    ["timer", "2030-01-01T00:00:00.000Z"],
    ["url", "https://example.com/a?b#c"],
    ["url", "http://localhost:3000"],
    ["url", "git+ssh://git@host/repo"],
    ["mail", "a.b+c@example.com"],
    ["user", "x@y"],
    ["v4", "10.0.0.1"],
    ["v6", "::1"],
    ["md", "# any\ntext"],
    ["l", ["y", "x"]],
    ["urls", []],
    ["any", [1, "a", null, {}, []]],
    ["o", { a: 1 }],
    ["lab", { url: "https://x.y", displayText: "X" }],
    ["lab", { url: "https://x.y", more: 1 }],
    ["idn", "jürgen@bücher.example"],
    ["user", "somebody.unknown@example.com"],
    ["team", "Team Rocket"],
    ["yaml", "a:\n  - b: [1, 2]\n"],
    ["proto", 'syntax = "proto3"; message A { string b = 1; }'],
    ["frame", "https://grafana.example/d/1?kiosk"],
    ["api", { openapi: "3.1.0", paths: {} }],
    ["apiUrl", "https://example.com/openapi.json"],
    ["apiYaml", "asyncapi: 3.0.0"],
    ["bps", ["service", "_team"]],
    ["bp", "service"],
    ["teams", ["a", "b"]],
    ["times", ["2024-09-01T12:00:00Z"]],
    ["nums", [1, 2.5, -3e9]],
    ["labs", [{ url: "https://x.y" }]],
  ])("%s takes %j", async (property, value) => {
    const { entity } = await put(ctx, fixed, { identifier: "e", properties: { [property]: value } });
    expect(entity.properties[property]).toEqual(value);
    expect((await getEntity(ctx, fixed, "e")).properties[property]).toEqual(value);
  });

  test.each<[keyof typeof definitions, unknown, string]>([
    ["s", "a", 'properties.s "a" must NOT have fewer than 2 characters (minLength)'],
    ["s", "abcde", 'properties.s "abcde" must NOT have more than 4 characters (maxLength)'],
    ["s", 5, "properties.s 5 must be a string, not number (type)"],
    ["p", "x", String.raw`properties.p "x" must match pattern "^v\d+$" (pattern)`],
    ["e", "c", 'properties.e "c" is not one of a, b (enum)'],
    ["ne", 2, "properties.ne 2 is not one of 1, 2.5 (enum)"],
    ["n", -1, "properties.n -1 must be >= 0 (minimum)"],
    ["n", 10, "properties.n 10 must be < 10 (exclusiveMaximum)"],
    ["n", "5", 'properties.n "5" must be a number, not string (type)'],
    ["b", "true", 'properties.b "true" must be a boolean, not string (type)'],
    [
      "at",
      "yesterday",
      'properties.at "yesterday" is not a date-time with an offset, such as 2024-09-01T12:00:00Z (format date-time)',
    ],
    ["at", "2024-02-30T00:00:00Z", 'properties.at "2024-02-30T00:00:00Z" is not a date-time'],
    ["at", "+275760-09-14T00:00:00Z", "is not a date-time"],
    ["url", "example.com", 'properties.url "example.com" is not an absolute URL'],
    ["url", "https://a b", "is not an absolute URL"],
    ["mail", "nobody", 'properties.mail "nobody" is not an e-mail address'],
    ["v4", "256.0.0.1", "is not an IPv4 address"],
    ["v6", "10.0.0.1", "is not an IPv6 address"],
    ["l", ["z"], 'properties.l.0 "z" is not one of x, y (enum)'],
    ["l", [], "properties.l [] must NOT have fewer than 1 items (minItems)"],
    ["l", ["x", "x"], 'properties.l ["x","x"] must not hold the same item twice (uniqueItems)'],
    ["l", "x", 'properties.l "x" must be array (type)'],
    ["urls", ["https://x", 5], "properties.urls.1 5 must be string (type)"],
    ["o", {}, "properties.o {} must have required property 'a' (required)"],
    [
      "o",
      { a: 1, b: 2 },
      'properties.o {"a":1,"b":2} must NOT have additional properties (additionalProperties)',
    ],
    ["lab", { displayText: "x" }, "must have required property 'url'"],
    ["yaml", { a: 1 }, 'properties.yaml {"a":1} must be a string, not object (type)'],
    ["frame", "grafana", 'properties.frame "grafana" is not an absolute URL'],
    ["api", "openapi: 3.1.0", 'properties.api "openapi: 3.1.0" must be'],
    ["apiUrl", { openapi: "3.1.0" }, "must be a string, not object (type)"],
    ["times", ["today"], 'properties.times.0 "today" is not a date-time'],
    ["nums", ["1"], 'properties.nums.0 "1" must be number (type)'],
    ["labs", [{}], "must have required property 'url'"],
    ["lab", { url: "nope" }, 'properties.lab.url "nope" is not an absolute URL'],
  ])("%s refuses %j", async (property, value, message) => {
    const refused = await refusal(() =>
      put(ctx, fixed, { identifier: "x", properties: { [property]: value } }),
    );
    expect(refused.code).toBe("invalid_request");
    expect(refused.message).toContain(message);
  });
});
