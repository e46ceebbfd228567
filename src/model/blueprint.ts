/** A blueprint document, checked and turned into a frozen plan (data-model.md §3). */
import { parseAggregation, parseCalculation, parseMirror } from "./derived.ts";
import { invalid } from "./error.ts";
import { checkBlueprintIdentifier, checkPropertyIdentifier } from "./identifier.ts";
import { checkJson, isObject, isStringArray, type JsonObject, kindOf, show } from "./json.ts";
import { checkOneOf, checkOptionalText, checkText, parseProperty, type PropertyPlan } from "./property.ts";

export interface RelationPlan {
  readonly identifier: string;
  readonly target: string;
  readonly many: boolean;
  readonly required: boolean;
}

export type DerivedKind = "mirror" | "calculation" | "aggregation";

export interface BlueprintPlan {
  readonly identifier: string;
  readonly title: string;
  readonly properties: ReadonlyMap<string, PropertyPlan>;
  readonly required: readonly string[];
  readonly relations: ReadonlyMap<string, RelationPlan>;
  readonly derived: ReadonlyMap<string, DerivedKind>;
  /** Only with direct ownership can `team` be written (decision 11). */
  readonly ownership: "direct" | "inherited" | "none";
  /** What is stored and returned: as given, with defaults filled in, without the keys that the server sets. */
  readonly document: JsonObject;
}

/** A blueprint as stored: plan input plus what the server knows about it. */
export interface Blueprint {
  readonly document: JsonObject;
  readonly generation: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

const SERVER_KEYS = ["createdAt", "createdBy", "updatedAt", "updatedBy"] as const;
const MAX_MEMBERS = 1000;

/** @throws AppError `invalid_request` naming field, value and rule */
export function parseBlueprint(body: unknown): BlueprintPlan {
  if (!isObject(body)) throw invalid(`the blueprint must be an object, not ${kindOf(body)}`);
  checkJson(body, "");
  const identifier = checkBlueprintIdentifier(body["identifier"], "identifier");
  checkTopLevel(body);
  const schema = parseSchema(body["schema"]);
  const relations = new Map<string, RelationPlan>();
  const relationDefinitions: Record<string, JsonObject> = {};
  for (const [id, value] of members(body, "relations")) {
    const field = `relations.${id}`;
    checkPropertyIdentifier(id, field);
    if (!isObject(value)) throw invalid(`${field} must be an object, not ${kindOf(value)}`);
    relations.set(id, Object.freeze(parseRelation(id, value, field)));
    relationDefinitions[id] = { required: false, many: false, ...value };
  }
  const document: Record<string, unknown> = {
    ...body,
    schema: {
      properties: isObject(body["schema"]) ? body["schema"]["properties"] : {},
      required: schema.required,
    },
    relations: relationDefinitions,
    mirrorProperties: body["mirrorProperties"] ?? {},
    calculationProperties: body["calculationProperties"] ?? {},
    aggregationProperties: body["aggregationProperties"] ?? {},
  };
  for (const key of SERVER_KEYS) delete document[key];
  return Object.freeze({
    identifier,
    title: body["title"] as string,
    properties: schema.properties,
    required: schema.required,
    relations,
    derived: parseDerived(body, schema.properties, relations),
    ownership: parseOwnership(body),
    document,
  });
}

function checkTopLevel(body: JsonObject): void {
  const { title, description, icon, teamInheritance, changelogDestination, includeInGlobalSearch } = body;
  checkText(title, "title", 100, 1);
  checkOptionalText(description, "description", 200);
  checkOptionalText(icon, "icon");
  if (includeInGlobalSearch !== undefined && typeof includeInGlobalSearch !== "boolean")
    throw invalid(`includeInGlobalSearch must be a boolean, not ${kindOf(includeInGlobalSearch)}`);
  if (teamInheritance !== undefined && teamInheritance !== null) {
    if (!isObject(teamInheritance))
      throw invalid(`teamInheritance must be an object, not ${kindOf(teamInheritance)}`);
    checkText(teamInheritance["path"], "teamInheritance.path");
  }
  if (changelogDestination !== undefined && changelogDestination !== null) {
    if (!isObject(changelogDestination))
      throw invalid(`changelogDestination must be an object, not ${kindOf(changelogDestination)}`);
    checkOneOf(changelogDestination["type"], ["WEBHOOK", "KAFKA"], "changelogDestination.type");
    if (changelogDestination["type"] === "WEBHOOK")
      checkText(changelogDestination["url"], "changelogDestination.url");
  }
}

function parseSchema(schema: unknown): {
  properties: ReadonlyMap<string, PropertyPlan>;
  required: readonly string[];
} {
  if (!isObject(schema)) throw invalid(`schema must be an object with properties, not ${kindOf(schema)}`);
  const unknown = Object.keys(schema).find((key) => key !== "properties" && key !== "required");
  if (unknown !== undefined)
    throw invalid(`schema.${unknown} is not allowed: schema holds properties and required only`);
  const properties = new Map<string, PropertyPlan>();
  if (!isObject(schema["properties"]))
    throw invalid(`schema.properties must be an object, not ${kindOf(schema["properties"])}`);
  for (const [id, value] of members(schema, "properties"))
    properties.set(id, Object.freeze(parseProperty(id, value, `schema.properties.${id}`)));
  const required = schema["required"] ?? [];
  if (!isStringArray(required)) throw invalid(`schema.required must be a list of property identifiers`);
  const missing = required.find((id) => !properties.has(id));
  if (missing !== undefined)
    throw invalid(`schema.required names ${show(missing)}, which is not in schema.properties`);
  return { properties, required };
}

function members(parent: JsonObject, key: string): [string, unknown][] {
  const value = parent[key];
  if (value === undefined || value === null) return [];
  if (!isObject(value)) throw invalid(`${key} must be an object, not ${kindOf(value)}`);
  const entries = Object.entries(value);
  if (entries.length > MAX_MEMBERS)
    throw invalid(`${key} has ${entries.length} members; at most ${MAX_MEMBERS} are allowed`);
  return entries;
}

function parseRelation(identifier: string, value: JsonObject, field: string): RelationPlan {
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
  return { identifier, target: target as string, many, required };
}

function parseDerived(
  body: JsonObject,
  properties: ReadonlyMap<string, PropertyPlan>,
  relations: ReadonlyMap<string, RelationPlan>,
): Map<string, DerivedKind> {
  const derived = new Map<string, DerivedKind>();
  const claim = (id: string, kind: DerivedKind, field: string): void => {
    const other = properties.has(id) ? "schema property" : derived.get(id);
    if (other !== undefined)
      throw invalid(`${field}: a ${other} with the identifier "${id}" exists; they share one namespace`);
    derived.set(id, kind);
  };
  for (const [id, value] of members(body, "mirrorProperties")) {
    const field = `mirrorProperties.${id}`;
    const first = parseMirror(id, value, field);
    if (!relations.has(first) && !first.startsWith("$"))
      throw invalid(`${field}.path begins with ${show(first)}, which is not a relation of this blueprint`);
    claim(id, "mirror", field);
  }
  for (const [id, value] of members(body, "calculationProperties")) {
    parseCalculation(id, value, `calculationProperties.${id}`);
    claim(id, "calculation", `calculationProperties.${id}`);
  }
  for (const [id, value] of members(body, "aggregationProperties")) {
    parseAggregation(id, value, `aggregationProperties.${id}`);
    claim(id, "aggregation", `aggregationProperties.${id}`);
  }
  return derived;
}

function parseOwnership(body: JsonObject): BlueprintPlan["ownership"] {
  const { ownership } = body;
  if (ownership === undefined || ownership === null)
    return isObject(body["teamInheritance"]) ? "inherited" : "none";
  if (!isObject(ownership)) throw invalid(`ownership must be an object, not ${kindOf(ownership)}`);
  checkOneOf(ownership["type"], ["Direct", "Inherited"], "ownership.type");
  checkOptionalText(ownership["title"], "ownership.title", 100);
  if (ownership["type"] === "Direct") return "direct";
  checkText(ownership["path"], "ownership.path", 1000, 1);
  return "inherited";
}

/** The blueprint as the API returns it. */
export function renderBlueprint(blueprint: Blueprint): JsonObject {
  return {
    ...blueprint.document,
    createdAt: blueprint.createdAt.toISOString(),
    createdBy: blueprint.createdBy,
    updatedAt: blueprint.updatedAt.toISOString(),
    updatedBy: blueprint.updatedBy,
  };
}
