/** What a JSON editor offers and tells: by the shape of the document, a sample, and what the server refused. */
import { json } from "@codemirror/lang-json";
import { EditorState } from "@codemirror/state";
import { describe, expect, test } from "vitest";
import { blueprintShape, definitionShape, sampleEntity } from "../../src/web/builder/blueprint-shape.ts";
import { completeJq, sampleOfPaths } from "../../src/web/builder/complete-jq.ts";
import { documentIn, placeAt, rangeOf } from "../../src/web/builder/json-places.ts";
import { placeNamed, problemsIn, shapeAt } from "../../src/web/builder/json-shape.ts";
import type { BlueprintDoc } from "../../src/web/catalog/blueprint.ts";
import { sourceMappingShape, webhookMappingShape } from "../../src/web/sources/mapping-shape.ts";

/** `|` is where somebody types. */
function typed(marked: string) {
  const at = marked.indexOf("|");
  const doc = marked.replace("|", "");
  return { state: EditorState.create({ doc, extensions: [json()] }), at };
}

describe("places", () => {
  test.each([
    ["{ | }", { kind: "key", path: [], isQuoted: false }],
    ['{ "a": { "b": 1, | } }', { kind: "key", path: ["a"], isQuoted: false }],
    ['{ "a": { "b|" } }', { kind: "key", path: ["a"], isQuoted: true }],
    ['{ "a": | }', { kind: "value", path: ["a"], isQuoted: false }],
    ['{ "a": { "type": "str|" } }', { kind: "value", path: ["a", "type"], isQuoted: true }],
    ['{ "a": [1, { "b": "x|" }] }', { kind: "value", path: ["a", 1, "b"], isQuoted: true }],
    ['{ "a": [1, |] }', { kind: "value", path: ["a", 1], isQuoted: false }],
  ])("%s", (marked, expected) => {
    const { state, at } = typed(marked);
    expect(placeAt(state, at)).toMatchObject(expected);
  });

  test("a document that is not finished is read as far as it goes", () => {
    const { state } = typed('{ "a": { "type": "number", "x": }, "b": [1, "two", null, tru| ');
    expect(documentIn(state)).toMatchObject({ a: { type: "number" }, b: [1, "two", null] });
  });

  test("where something stands in the text", () => {
    const { state } = typed('{ "a": [ { "b": 1 }, { "b": "|two" } ] }');
    const range = rangeOf(state, ["a", 1, "b"], false);
    expect(range && state.sliceDoc(range.from, range.to)).toBe('"two"');
    const key = rangeOf(state, ["a", 1, "b"], true);
    expect(key && state.sliceDoc(key.from, key.to)).toBe('"b"');
    expect(rangeOf(state, ["a", 2, "b"], false)).toBeNull();
  });
});

describe("the shape of a blueprint", () => {
  const shape = blueprintShape(["service", "team"]);

  test("offers by what stands there already", () => {
    const document = { schema: { properties: { tier: { type: "number" }, name: { type: "string" } } } };
    const at = (name: string, ...rest: string[]) =>
      shapeAt(shape, document, ["schema", "properties", name, ...rest]);
    expect(Object.keys(at("tier")?.keys ?? {})).toContain("minimum");
    expect(Object.keys(at("tier")?.keys ?? {})).not.toContain("format");
    expect(at("name", "format")?.values).toContain("date-time");
    expect(shapeAt(shape, { relations: { owner: {} } }, ["relations", "owner", "target"])?.values).toEqual([
      "service",
      "team",
    ]);
  });

  test("tells what is something else, at its place", () => {
    const document = {
      identifier: "x",
      titel: "X",
      schema: { properties: { tier: { type: "strin" }, size: { type: "number", format: "url" } } },
      relations: { owner: { target: "nobody", many: "no" } },
    };
    expect(problemsIn(shape, document).map(({ path, isKey }) => [path.join("."), isKey])).toEqual([
      ["titel", true],
      ["schema.properties.tier.type", false],
      ["schema.properties.size.format", true],
      ["relations.owner.target", false],
      ["relations.owner.many", false],
    ]);
    expect(problemsIn(definitionShape("relation", ["a"]), { target: "a", many: false })).toEqual([]);
    expect(problemsIn(definitionShape("property", []), { type: "string", format: null })).toEqual([]);
  });

  test("what the server refuses stands where it names it", () => {
    const document = { schema: { properties: { tier: { type: "string", enum: ["a", 1] } } } };
    expect(placeNamed("schema.properties.tier.enum contains 1, which is not …", document)).toEqual([
      ...["schema", "properties", "tier", "enum"],
    ]);
    expect(placeNamed("schema.properties.tier.format is …", document)).toEqual([
      ...["schema", "properties", "tier"],
    ]);
    expect(placeNamed("body.schema is …", document)).toEqual(["schema"]);
    expect(placeNamed("The server did not answer.", document)).toBeNull();
    expect(placeNamed("list[1].b x", { list: [0, { b: 1 }] })).toEqual(["list", 1, "b"]);
  });
});

describe("jq by a sample", () => {
  const sample = { body: { commits: [{ id: "c1", author: { name: "Ada" } }], ref: "main" }, headers: {} };
  const offered = (text: string) => completeJq(text, sample)?.offers.map(({ label }) => label);

  test.each([
    [".", ["body", "headers"]],
    [".bo", ["body", "headers"]],
    [".body.", ["commits", "ref"]],
    [".body.commits[0].", ["id", "author"]],
    [".body.commits[].author.", ["name"]],
    ['.["body"].', ["commits", "ref"]],
    ['select(.body.ref == "x") | .headers.', undefined],
    ["sel", ["select"]],
    [".body.nothing.", undefined],
    ['"text ', undefined],
  ])("%s", (text, expected) => {
    expect(offered(text)).toEqual(expected);
  });

  test("begins where the key does", () => {
    expect(completeJq(".body.co", sample)).toMatchObject({ from: 6 });
  });

  test("a mapping is a sample of what it reads", () => {
    expect(sampleOfPaths('{"a": ".name", "b": ".owner.login | ascii_downcase", "c": ".owner.id"}')).toEqual({
      name: {},
      owner: { login: {}, id: {} },
    });
  });
});

test("mappings offer the properties of the blueprint that they name", () => {
  const service = {
    identifier: "service",
    schema: { properties: { tier: { type: "string", title: "Tier" } } },
    relations: { owner: { target: "team" } },
  } as unknown as BlueprintDoc;
  const mapping = { kind: "repository", port: { entity: { mappings: { blueprint: '"service"' } } } };
  const source = sourceMappingShape([service], [{ kind: "repository", title: "Repositories" }]);
  const at = ["resources", 0, "port", "entity", "mappings"];
  const properties = shapeAt(source, { resources: [mapping] }, [...at, "properties"]);
  expect(Object.keys(properties?.keys ?? {})).toEqual(["tier"]);
  expect(shapeAt(source, { resources: [mapping] }, [...at, "properties", "tier"])?.isJq).toBe(true);
  const webhook = webhookMappingShape([service]);
  const event = { mappings: [{ blueprint: "service", entity: { properties: { tiers: ".x" } } }] };
  expect(problemsIn(webhook, event).map(({ path }) => path.join("."))).toEqual([
    "mappings.0.entity.properties.tiers",
  ]);
  expect(sampleEntity(service)).toMatchObject({ properties: { tier: null }, relations: { owner: null } });
});
