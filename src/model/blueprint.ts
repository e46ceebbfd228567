/** A blueprint document, checked (blueprint-check.ts) and turned into a frozen plan (data-model.md §3). */
import { checkBlueprint } from "./blueprint-check.ts";
import { isObject, isStringArray, type JsonObject } from "./json.ts";
import type { PropertyPlan, PropertyType } from "./property.ts";
import { type ScorecardPlan, scorecardPlans, SCORECARDS_KEY } from "./scorecard.ts";

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
  /** Relations that owners are inherited over, joined by dots; null: they are not inherited. */
  readonly ownershipPath: string | null;
  readonly scorecards: readonly ScorecardPlan[];
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

/** Scorecards have addresses of their own. */
const SERVER_KEYS: ReadonlySet<string> = new Set([
  ...["createdAt", "createdBy", "updatedAt", "updatedBy"],
  SCORECARDS_KEY,
]);

/** @throws AppError `invalid_request` naming field, value and rule */
export function parseBlueprint(body: unknown): BlueprintPlan {
  return planOf(asStored(checkBlueprint(body)));
}

/**
 * The plan of a document that was checked when it was stored. Nothing is refused: what an earlier version accepted
 * stays usable.
 */
export function planOf(document: JsonObject): BlueprintPlan {
  const schema = objectIn(document, "schema");
  const { required } = schema;
  return Object.freeze({
    identifier: String(document["identifier"]),
    title: String(document["title"]),
    properties: new Map(
      definitions(schema, "properties").map(([id, definition]) => [id, propertyPlan(id, definition)]),
    ),
    required: isStringArray(required) ? required : [],
    relations: new Map(
      definitions(document, "relations").map(([id, definition]) => [id, relationPlan(id, definition)]),
    ),
    derived: new Map(
      DERIVED.flatMap(([key, kind]) => definitions(document, key).map(([id]) => [id, kind] as const)),
    ),
    ...ownershipOf(document),
    scorecards: scorecardPlans(document),
    document,
  });
}

const DERIVED = [
  ["mirrorProperties", "mirror"],
  ["calculationProperties", "calculation"],
  ["aggregationProperties", "aggregation"],
] as const satisfies readonly (readonly [string, DerivedKind])[];

function objectIn(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return isObject(value) ? value : {};
}

/** The definitions of a map, in their order. */
export function definitions(parent: JsonObject, key: string): [string, JsonObject][] {
  return Object.entries(objectIn(parent, key)).filter((entry): entry is [string, JsonObject] =>
    isObject(entry[1]),
  );
}

function propertyPlan(identifier: string, definition: JsonObject): PropertyPlan {
  const { type, format } = definition;
  return Object.freeze({
    identifier,
    type: type as PropertyType,
    format: typeof format === "string" ? format : null,
    definition,
  });
}

function relationPlan(identifier: string, { target, many, required }: JsonObject): RelationPlan {
  return Object.freeze({
    identifier,
    target: String(target),
    many: many === true,
    required: required === true,
  });
}

function ownershipOf(document: JsonObject): Pick<BlueprintPlan, "ownership" | "ownershipPath"> {
  const { type, path } = objectIn(document, "ownership");
  if (type === "Direct") return { ownership: "direct", ownershipPath: null };
  const { teamInheritance } = document;
  if (type !== "Inherited" && !isObject(teamInheritance)) return { ownership: "none", ownershipPath: null };
  const given = type === "Inherited" ? path : objectIn(document, "teamInheritance")["path"];
  return { ownership: "inherited", ownershipPath: String(given) };
}

/** The body with its keys in their order; what every answer must hold is added where it is not given. */
function asStored(body: JsonObject): JsonObject {
  const document: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(body)) if (!SERVER_KEYS.has(key)) document[key] = value;
  const schema = objectIn(body, "schema");
  document["schema"] = { ...schema, required: schema["required"] ?? [] };
  document["relations"] = Object.fromEntries(
    definitions(body, "relations").map(([id, definition]) => [
      id,
      { ...definition, required: definition["required"] === true, many: definition["many"] === true },
    ]),
  );
  for (const [key] of DERIVED) document[key] = body[key] ?? {};
  return document;
}

/** The blueprint as the API returns it. */
export function renderBlueprint(blueprint: Blueprint): JsonObject {
  const { [SCORECARDS_KEY]: _, ...document } = blueprint.document;
  return {
    ...document,
    createdAt: blueprint.createdAt.toISOString(),
    createdBy: blueprint.createdBy,
    updatedAt: blueprint.updatedAt.toISOString(),
    updatedBy: blueprint.updatedBy,
  };
}
