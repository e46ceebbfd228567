/** Checks a blueprint that a client sends (data-model.md §3.2–§3.6), in words that name field, value and rule. */
import { checkOwnership, checkSettings } from "./blueprint-settings.ts";
import { checkAggregation, checkCalculation, checkMirror } from "./derived.ts";
import { invalid } from "./error.ts";
import { checkBlueprintIdentifier, checkPropertyIdentifier } from "./identifier.ts";
import { checkJson, isObject, isStringArray, type JsonObject, kindOf, show } from "./json.ts";
import { checkOptionalText, checkProperty } from "./property.ts";

const MAX_MEMBERS = 1000;

/** @throws AppError `invalid_request` */
export function checkBlueprint(body: unknown): JsonObject {
  if (!isObject(body)) throw invalid(`the blueprint must be an object, not ${kindOf(body)}`);
  checkJson(body, "");
  checkBlueprintIdentifier(body["identifier"], "identifier");
  checkSettings(body);
  const properties = checkSchema(body["schema"]);
  const relations = new Map<string, boolean>();
  for (const [id, value] of members(body, "relations"))
    relations.set(id, checkRelation(id, value, `relations.${id}`));
  checkDerived(body, properties, relations);
  checkOwnership(body["ownership"], relations);
  return body;
}

/** @returns the identifiers of the properties */
function checkSchema(schema: unknown): ReadonlySet<string> {
  if (!isObject(schema)) throw invalid(`schema must be an object with properties, not ${kindOf(schema)}`);
  const unknown = Object.keys(schema).find((key) => key !== "properties" && key !== "required");
  if (unknown !== undefined)
    throw invalid(`schema.${unknown} is not allowed: schema holds properties and required only`);
  if (!isObject(schema["properties"]))
    throw invalid(`schema.properties must be an object, not ${kindOf(schema["properties"])}`);
  const identifiers = new Set<string>();
  for (const [id, value] of members(schema, "properties", "schema.properties")) {
    checkProperty(id, value, `schema.properties.${id}`);
    identifiers.add(id);
  }
  const required = schema["required"] ?? [];
  if (!isStringArray(required)) throw invalid(`schema.required must be a list of property identifiers`);
  const missing = required.find((id) => !identifiers.has(id));
  if (missing !== undefined)
    throw invalid(`schema.required names ${show(missing)}, which is not in schema.properties`);
  return identifiers;
}

function members(parent: JsonObject, key: string, field = key): [string, unknown][] {
  const value = parent[key];
  if (value === undefined || value === null) return [];
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  const entries = Object.entries(value);
  if (entries.length > MAX_MEMBERS)
    throw invalid(`${field} has ${entries.length} members; at most ${MAX_MEMBERS} are allowed`);
  return entries;
}

/** @returns whether it is many */
function checkRelation(identifier: string, value: unknown, field: string): boolean {
  checkPropertyIdentifier(identifier, field);
  if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
  const { title, description, target, type } = value;
  const flag = (key: "many" | "required"): boolean => {
    const given = value[key] ?? false;
    if (typeof given !== "boolean") throw invalid(`${field}.${key} must be a boolean, not ${kindOf(given)}`);
    return given;
  };
  const [many, required] = [flag("many"), flag("required")];
  checkOptionalText(title, `${field}.title`, 100);
  checkOptionalText(description, `${field}.description`);
  checkOptionalText(type, `${field}.type`);
  checkBlueprintIdentifier(target, `${field}.target`);
  if (many && required) throw invalid(`${field}: required and many must not both be true`);
  return many;
}

/** They share one namespace with the properties. */
function checkDerived(
  body: JsonObject,
  properties: ReadonlySet<string>,
  relations: ReadonlyMap<string, boolean>,
): void {
  const taken = new Map<string, string>([...properties].map((id) => [id, "schema property"]));
  const claim = (id: string, kind: string, field: string): void => {
    const other = taken.get(id);
    if (other !== undefined)
      throw invalid(`${field}: a ${other} with the identifier "${id}" exists; they share one namespace`);
    taken.set(id, kind);
  };
  for (const [id, value] of members(body, "mirrorProperties")) {
    const field = `mirrorProperties.${id}`;
    const first = checkMirror(id, value, field);
    if (!relations.has(first) && !first.startsWith("$"))
      throw invalid(`${field}.path begins with ${show(first)}, which is not a relation of this blueprint`);
    claim(id, "mirror", field);
  }
  for (const [id, value] of members(body, "calculationProperties")) {
    checkCalculation(id, value, `calculationProperties.${id}`);
    claim(id, "calculation", `calculationProperties.${id}`);
  }
  for (const [id, value] of members(body, "aggregationProperties")) {
    checkAggregation(id, value, `aggregationProperties.${id}`);
    claim(id, "aggregation", `aggregationProperties.${id}`);
  }
}
