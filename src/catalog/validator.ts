/** Checks of values against the JSON Schemas that users write, compiled by ajv, safe against hostile schemas. */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { BlueprintPlan } from "../model/blueprint.ts";
import type { CheckValue } from "../model/entity-write.ts";
import { invalid } from "../model/error.ts";
import { isObject, type JsonObject, kindOf, show } from "../model/json.ts";
import { checkPattern, type PropertyPlan } from "../model/property.ts";
import { FORMAT_HINTS, FORMATS } from "./formats.ts";
import { guardedPattern, PatternTimeout } from "./pattern-guard.ts";

/** Longer texts are not checked by the regular expressions of ajv-formats: they fit none of them sensibly. */
const MAX_FORMATTED = 8192;
/** Bounds on the schema that one property may hold. */
const MAX_SCHEMA_NODES = 2000;
const MAX_SCHEMA_DEPTH = 24;

/** Recursion through references could not be bounded; the others would change how the schema is read. */
const REFUSED = ["$ref", "$dynamicRef", "$recursiveRef", "$id", "id", "$async", "$data"];
const SCHEMA_MAPS = [
  "properties",
  "patternProperties",
  "definitions",
  "$defs",
  "dependentSchemas",
  "dependencies",
];
const SCHEMA_LISTS = ["allOf", "anyOf", "oneOf", "prefixItems"];
const SCHEMA_SINGLE = [
  "items",
  "additionalItems",
  "additionalProperties",
  "not",
  "if",
  "then",
  "else",
  "contains",
  "propertyNames",
];
/** Keys of a property that are no JSON Schema, or that we check ourselves. */
const NOT_SCHEMA = new Set([
  "title",
  "description",
  "icon",
  "default",
  "spec",
  "specAuthentication",
  "enumColors",
  "dateFormat",
  "blueprint",
]);
const LABELED_URL = {
  type: "object",
  required: ["url"],
  properties: { url: { type: "string", format: "url" }, displayText: { type: ["string", "null"] } },
};

const metaSchema = new Ajv({ strict: false, logger: false });

/** A fresh ajv: the functions that it compiles are freed with the blueprint's entry in the cache. */
function newAjv(): Ajv {
  const ajv = new Ajv({
    strict: false,
    verbose: true,
    validateSchema: false,
    logger: false,
    code: { regExp: Object.assign((source: string) => guardedPattern(source), { code: "guardedPattern" }) },
  });
  addFormats.default(ajv);
  for (const [name, format] of Object.entries(ajv.formats))
    if (format instanceof RegExp)
      ajv.addFormat(name, (text: string) => text.length <= MAX_FORMATTED && format.test(text));
  for (const [name, validate] of Object.entries(FORMATS)) ajv.addFormat(name, { type: "string", validate });
  // ajv's own compare every pair of items, or every item with every allowed value: minutes for 1 MiB.
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    validate: (unique: boolean, items: unknown[]) =>
      !unique || new Set(items.map(canonical)).size === items.length,
  });
  ajv.removeKeyword("enum");
  ajv.addKeyword({
    keyword: "enum",
    schemaType: "array",
    compile: (allowed: unknown[]) => {
      const known = new Set(allowed.map(canonical));
      const texts = new Set(allowed.filter((value) => typeof value === "string"));
      return (value: unknown) => (typeof value === "string" ? texts.has(value) : known.has(canonical(value)));
    },
  });
  return ajv;
}

/** Equal texts for equal JSON values. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** The JSON Schema of a property's values. */
function toSchema(definition: JsonObject): JsonObject {
  const schema: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(definition))
    if (!NOT_SCHEMA.has(key) && value !== null) schema[key] = value;
  if (schema["format"] === "labeled-url") {
    delete schema["format"];
    schema["allOf"] = [
      LABELED_URL,
      ...(Array.isArray(schema["allOf"]) ? (schema["allOf"] as unknown[]) : []),
    ];
  }
  // Port allows `required: true` and the like beside the keys of JSON Schema: such keys are kept, not applied.
  if (!Array.isArray(schema["required"])) delete schema["required"];
  if (isObject(schema["items"])) schema["items"] = toSchema(schema["items"]);
  return schema;
}

function checkSchema(property: PropertyPlan, schema: JsonObject): void {
  const field = `schema.properties.${property.identifier}`;
  let nodes = 0;
  const visit = (value: unknown, path: string, depth: number): void => {
    if (!isObject(value)) return;
    nodes++;
    if (nodes > MAX_SCHEMA_NODES) throw invalid(`${field} holds more than ${MAX_SCHEMA_NODES} schemas`);
    if (depth > MAX_SCHEMA_DEPTH) throw invalid(`${path} is nested deeper than ${MAX_SCHEMA_DEPTH} schemas`);
    const refused = REFUSED.find((key) => Object.hasOwn(value, key));
    if (refused !== undefined)
      throw invalid(`${path}.${refused} is not supported in the schema of a property`);
    if (value["pattern"] !== undefined) checkPattern(value["pattern"], `${path}.pattern`);
    if (isObject(value["patternProperties"]))
      for (const pattern of Object.keys(value["patternProperties"]))
        checkPattern(pattern, `${path}.patternProperties`);
    for (const key of SCHEMA_SINGLE)
      if (Array.isArray(value[key]))
        (value[key] as unknown[]).forEach((item) => visit(item, `${path}.${key}`, depth + 1));
      else visit(value[key], `${path}.${key}`, depth + 1);
    for (const key of SCHEMA_LISTS)
      if (Array.isArray(value[key]))
        (value[key] as unknown[]).forEach((item) => visit(item, `${path}.${key}`, depth + 1));
    for (const key of SCHEMA_MAPS)
      if (isObject(value[key]))
        for (const [name, item] of Object.entries(value[key]))
          visit(item, `${path}.${key}.${name}`, depth + 1);
  };
  visit(schema, field, 0);
  if (metaSchema.validateSchema(schema) !== true) {
    const [error] = metaSchema.errors ?? [];
    throw invalid(
      `${field}${(error?.instancePath ?? "").replaceAll("/", ".")} ${error?.message ?? "is no JSON Schema"}`,
    );
  }
}

/** Values of the properties of one blueprint. Each property is compiled when first needed. */
export class Validator {
  readonly #plan: BlueprintPlan;
  readonly #compiled = new Map<string, ValidateFunction>();
  #ajv: Ajv | undefined;

  constructor(plan: BlueprintPlan) {
    this.#plan = plan;
  }

  readonly check: CheckValue = (property, value) => {
    const plan = this.#plan.properties.get(property);
    if (plan === undefined) return null;
    // The commonest definitions need no schema.
    if (plan.type !== "object" && plan.type !== "array" && kindOf(value) !== plan.type)
      return `properties.${property} ${show(value)} must be a ${plan.type}, not ${kindOf(value)} (type)`;
    const validate = this.#compile(plan);
    try {
      if (validate(value)) return null;
    } catch (error) {
      if (error instanceof PatternTimeout)
        return `properties.${property} ${show(value)} ${error.message} (pattern)`;
      throw error;
    }
    const [error] = validate.errors ?? [];
    return explain(`properties.${property}`, value, error);
  };

  /**
   * Compiles everything and checks the defaults; called when a blueprint is defined.
   * @throws AppError naming what is wrong in the definition
   */
  checkDefinition(): void {
    for (const [id, property] of this.#plan.properties) {
      const field = `schema.properties.${id}`;
      checkSchema(property, toSchema(property.definition));
      try {
        this.#compile(property);
      } catch (error) {
        throw invalid(`${field} is no valid JSON Schema: ${(error as Error).message}`);
      }
      const value = property.definition["default"];
      // Port's clients have texts for users that are no address; it counts when an entity is written.
      const isLoose = property.definition["format"] === "user" && typeof value === "string";
      const problem = value === undefined || value === null || isLoose ? null : this.check(id, value);
      if (problem !== null) throw invalid(`${field}.default is no valid value: ${problem}`);
    }
  }

  #compile(property: PropertyPlan): ValidateFunction {
    let validate = this.#compiled.get(property.identifier);
    if (validate === undefined) {
      this.#ajv ??= newAjv();
      validate = this.#ajv.compile(toSchema(property.definition));
      this.#compiled.set(property.identifier, validate);
    }
    return validate;
  }
}

/** Field, value, rule. */
function explain(field: string, value: unknown, error: ErrorObject | undefined): string {
  if (error === undefined) return `${field} ${show(value)} is not valid`;
  let at: unknown = value;
  const steps = error.instancePath
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  for (const step of steps) at = (at as Record<string, unknown> | undefined)?.[step];
  const path = [field, ...steps].join(".");
  const { keyword, schema, params } = error;
  const shown = `${path} ${show(at)}`;
  if (keyword === "enum") {
    const allowed = (schema ?? error.params["allowedValues"]) as unknown;
    return `${shown} is not one of ${Array.isArray(allowed) ? allowed.slice(0, 30).map(String).join(", ") : "the allowed values"} (enum)`;
  }
  if (keyword === "format") {
    const format = String((params as { format?: unknown }).format);
    return `${shown} is not ${FORMAT_HINTS[format] ?? `in the format ${format}`} (format ${format})`;
  }
  if (keyword === "uniqueItems") return `${shown} must not hold the same item twice (uniqueItems)`;
  return `${shown} ${error.message ?? "is not valid"} (${keyword})`;
}
