/**
 * The blueprints that every organisation has (data-model.md §3.12): their shipped definitions, and what of them may be
 * changed. Users extend them with properties and relations of their own.
 */
import { AppError } from "./error.ts";
import { isObject, type JsonObject, sameJson } from "./json.ts";

const text = (title: string, rest: JsonObject = {}): JsonObject => ({ type: "string", title, ...rest });
const number = (title: string): JsonObject => ({ type: "number", title });

/** In an order in which each comes after those that it relates to. */
const SHIPPED: readonly JsonObject[] = [
  {
    identifier: "_team",
    title: "Team",
    icon: "Team",
    schema: { properties: { description: text("Description") }, required: [] },
    mirrorProperties: {},
    calculationProperties: {},
    aggregationProperties: {
      size: {
        title: "Size",
        description: "Users who are members of the team",
        type: "number",
        target: "_user",
        calculationSpec: { calculationBy: "entities", func: "count" },
        pathFilter: [{ path: ["$team"], fromBlueprint: "_user" }],
      },
    },
    relations: {},
  },
  {
    identifier: "_user",
    title: "User",
    icon: "User",
    schema: {
      properties: {
        status: text("Status", {
          enum: ["Active", "Staged", "Disabled", "Invited"],
          enumColors: { Active: "green", Staged: "lightGray", Disabled: "red", Invited: "blue" },
          default: "Staged",
        }),
        port_role: text("Role", {
          enum: ["Admin", "Moderator", "Member"],
          enumColors: { Admin: "pink", Moderator: "purple", Member: "lightGray" },
          default: "Member",
        }),
        port_type: text("Type", { enum: ["Standard", "Service Account"], default: "Standard" }),
        moderated_blueprints: {
          type: "array",
          title: "Moderated Blueprints",
          items: { type: "string", format: "blueprints" },
        },
      },
      required: [],
    },
    mirrorProperties: {},
    calculationProperties: {},
    aggregationProperties: {},
    relations: {},
    ownership: { type: "Direct", title: "Teams" },
  },
  {
    identifier: "_scorecard",
    title: "Scorecard",
    icon: "Scorecards",
    schema: {
      properties: {
        blueprint: text("Blueprint", { format: "blueprints" }),
        levels: { type: "array", title: "Levels", items: { type: "object" } },
        filter: { type: "object", title: "Filter" },
        rules_tested: number("Rules Tested"),
        rules_passed: number("Rules Passed"),
        rules_passed_percentage: number("Rules Passed (%)"),
      },
      required: ["blueprint"],
    },
    mirrorProperties: {},
    calculationProperties: {},
    aggregationProperties: {},
    relations: {},
  },
  {
    identifier: "_rule",
    title: "Rule",
    icon: "Scorecards",
    schema: {
      properties: {
        level: text("Level"),
        query: { type: "object", title: "Query" },
        rule_description: text("Description"),
        entities_tested: number("Entities Tested"),
        entities_passed: number("Entities Passed"),
      },
      required: ["level"],
    },
    mirrorProperties: { blueprint: { title: "Blueprint", path: "scorecard.blueprint" } },
    calculationProperties: {},
    aggregationProperties: {},
    relations: { scorecard: { title: "Scorecard", target: "_scorecard", required: true, many: false } },
  },
  {
    identifier: "_rule_result",
    title: "Rule Result",
    icon: "Scorecards",
    schema: {
      properties: {
        result: text("Result", {
          enum: ["Passed", "Not passed"],
          enumColors: { Passed: "green", "Not passed": "red" },
        }),
        entity: text("Entity"),
        entity_link: text("Entity Link", { format: "url" }),
        result_last_change: text("Last Change of the Result", { format: "date-time" }),
      },
      required: [],
    },
    mirrorProperties: {
      scorecard: { title: "Scorecard", path: "rule.scorecard.$title" },
      blueprint: { title: "Blueprint", path: "rule.scorecard.blueprint" },
      level: { title: "Level", path: "rule.level" },
    },
    calculationProperties: {},
    aggregationProperties: {},
    relations: { rule: { title: "Rule", target: "_rule", required: true, many: false } },
  },
];

export const SYSTEM_BLUEPRINTS: ReadonlyMap<string, JsonObject> = new Map(
  SHIPPED.map((document) => [String(document["identifier"]), document]),
);

/** Where definitions stand in a document. */
const MAPS = [
  ["schema", "properties"],
  ["relations"],
  ["mirrorProperties"],
  ["calculationProperties"],
  ["aggregationProperties"],
] as const;

export function protectedBlueprint(identifier: string, what: string): AppError {
  return new AppError("forbidden", `Blueprint "${identifier}" belongs to the system: ${what}`);
}

interface Kept {
  readonly document: JsonObject;
  /** Shipped definitions that the new document does not have; they are put back. */
  readonly missing: readonly string[];
}

/**
 * The document of a system blueprint, not yet checked, with everything shipped in it as shipped. Definitions that say the same in fewer words are fine.
 * @throws AppError forbidden naming the shipped definition that would change
 */
export function withShipped(document: JsonObject): Kept {
  const identifier = String(document["identifier"]);
  const shipped = SYSTEM_BLUEPRINTS.get(identifier);
  if (shipped === undefined) return { document, missing: [] };
  const missing: string[] = [];
  let result = document;
  for (const path of MAPS) {
    const own = objectAt(result, path);
    const given = objectAt(shipped, path);
    const fixed: Record<string, unknown> = {};
    for (const [id, definition] of Object.entries(given)) {
      const field = [...path, id].join(".");
      fixed[id] = definition;
      if (!Object.hasOwn(own, id)) missing.push(field);
      else if (!saysNothingElse(own[id], definition))
        throw protectedBlueprint(identifier, `${field} is shipped and cannot be changed`);
    }
    if (Object.keys(given).length > 0 && isReplaceable(document, path))
      result = withObjectAt(result, path, { ...own, ...fixed });
  }
  const required = [
    ...new Set([...listAt(shipped["schema"], "required"), ...listAt(document["schema"], "required")]),
  ];
  const shippedProperties = objectAt(shipped, ["schema", "properties"]);
  const wrong = required.find(
    (id) => Object.hasOwn(shippedProperties, id) && !listAt(shipped["schema"], "required").includes(id),
  );
  if (wrong !== undefined)
    throw protectedBlueprint(identifier, `schema.properties.${wrong} is shipped and cannot become required`);
  const { ownership } = shipped;
  if (document["ownership"] === undefined || document["ownership"] === null) {
    if (ownership !== undefined) missing.push("ownership");
  } else if (!saysNothingElse(document["ownership"], ownership))
    throw protectedBlueprint(identifier, "ownership is shipped and cannot be changed");
  if (isObject(result["schema"]) && Array.isArray(result["schema"]["required"] ?? []))
    result = { ...result, schema: { ...result["schema"], required } };
  return { document: ownership === undefined ? result : { ...result, ownership }, missing };
}

/** The stored document of a system blueprint with what this version ships, whatever an earlier one shipped. */
export function withShippedAnew(document: JsonObject): JsonObject {
  const shipped = SYSTEM_BLUEPRINTS.get(String(document["identifier"])) ?? {};
  let result = document;
  for (const path of MAPS)
    result = withObjectAt(result, path, { ...objectAt(result, path), ...objectAt(shipped, path) });
  const properties = objectAt(shipped, ["schema", "properties"]);
  const own = listAt(document["schema"], "required").filter((id) => !Object.hasOwn(properties, id));
  return {
    ...withObjectAt(result, ["schema", "required"], [...listAt(shipped["schema"], "required"), ...own]),
    ...(shipped["ownership"] === undefined ? {} : { ownership: shipped["ownership"] }),
  };
}

/** Every key that is given has the shipped value, or is empty where nothing is shipped (clients fill in defaults). */
function saysNothingElse(given: unknown, shipped: unknown): boolean {
  if (!isObject(given) || !isObject(shipped)) return sameJson(given, shipped);
  return Object.entries(given).every(([key, value]) =>
    Object.hasOwn(shipped, key) ? value === null || sameJson(value, shipped[key]) : isEmpty(value),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** @throws AppError forbidden: something shipped would get another name */
export function refuseShippedRename(
  identifier: string,
  map: "properties" | "mirror" | "relations",
  id: string,
): void {
  const shipped = SYSTEM_BLUEPRINTS.get(identifier);
  if (shipped === undefined) return;
  const path = { properties: MAPS[0], relations: MAPS[1], mirror: MAPS[2] }[map];
  if (Object.hasOwn(objectAt(shipped, path), id))
    throw protectedBlueprint(identifier, `${[...path, id].join(".")} is shipped and cannot be renamed`);
}

/** What is no object is left for the check of the document to refuse. */
function isReplaceable(document: JsonObject, path: readonly string[]): boolean {
  let at: unknown = document;
  for (const key of path) {
    if (at === undefined || at === null) return true;
    if (!isObject(at)) return false;
    at = at[key];
  }
  return at === undefined || at === null || isObject(at);
}

export function objectAt(document: JsonObject, path: readonly string[]): JsonObject {
  let at: unknown = document;
  for (const key of path) at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return isObject(at) ? at : {};
}

function withObjectAt(document: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [first = "", ...rest] = path;
  return {
    ...document,
    [first]: rest.length === 0 ? value : withObjectAt(objectAt(document, [first]), rest, value),
  };
}

function listAt(parent: unknown, key: string): string[] {
  const value = isObject(parent) ? parent[key] : undefined;
  return Array.isArray(value) ? (value as string[]) : [];
}
