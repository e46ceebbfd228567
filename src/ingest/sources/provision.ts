/** What a data source needs in the portal: its blueprints, and a mapping that fits those that were there before. */
import { changeBlueprint, createBlueprint, getBlueprint } from "../../catalog/define-blueprint.ts";
import type { Connector } from "../../integrations/connector.ts";
import { AppError, invalid } from "../../model/error.ts";
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";

const members = (value: unknown): JsonObject => (isObject(value) ? value : {});
const propertiesOf = (blueprint: JsonObject): JsonObject =>
  members(members(blueprint["schema"])["properties"]);

/**
 * Creates the blueprints that are missing, and adds to the others the properties and relations that they lack.
 * @returns the blueprints as they are afterwards, by identifier
 */
export async function ensureBlueprints(
  ctx: Ctx,
  wanted: readonly JsonObject[],
): Promise<Map<string, JsonObject>> {
  const found = new Map<string, JsonObject>();
  for (const blueprint of wanted)
    found.set(String(blueprint["identifier"]), await ensureBlueprint(ctx, blueprint));
  return found;
}

async function ensureBlueprint(ctx: Ctx, wanted: JsonObject): Promise<JsonObject> {
  const identifier = String(wanted["identifier"]);
  let present: JsonObject;
  try {
    present = await getBlueprint(ctx, identifier);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    return (await createBlueprint(ctx, wanted)).blueprint;
  }
  const properties = lacking(propertiesOf(wanted), propertiesOf(present));
  const relations = lacking(members(wanted["relations"]), members(present["relations"]));
  if (Object.keys(properties).length + Object.keys(relations).length === 0) return present;
  const change = {
    ...(Object.keys(properties).length > 0 && { schema: { properties } }),
    ...(Object.keys(relations).length > 0 && { relations }),
  };
  return (await changeBlueprint(ctx, identifier, change)).blueprint;
}

const lacking = (wanted: JsonObject, present: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(wanted).filter(([key]) => !Object.hasOwn(present, key)));

/** @throws AppError naming a strategy that there is not */
export function defaultMapping(connector: Connector, strategies: readonly string[]): JsonObject {
  const chosen = strategies.map((id) => {
    const found = connector.strategies.find((strategy) => strategy.id === id);
    if (found === undefined)
      throw invalid(
        `strategies: ${JSON.stringify(id.slice(0, 60))} is none of ${connector.strategies.map((one) => one.id).join(", ")}`,
      );
    return found;
  });
  return {
    createMissingRelatedEntities: true,
    deleteDependentEntities: true,
    enableMergeEntity: true,
    entityDeletionThreshold: 0.9,
    resources: [...connector.defaults.resources, ...chosen.flatMap(({ resources }) => resources)],
  };
}

/**
 * The mapping with relations as the existing blueprints have them: one that points elsewhere (the article's deployment
 * relates to `githubPullRequest`) is left out, one with another `many` takes a list or its first.
 */
export function fitMapping(
  mapping: JsonObject,
  wanted: readonly JsonObject[],
  present: ReadonlyMap<string, JsonObject>,
): JsonObject {
  const shipped = new Map(wanted.map((one) => [String(one["identifier"]), one]));
  const resources = Array.isArray(mapping["resources"]) ? mapping["resources"].filter(isObject) : [];
  return {
    ...mapping,
    resources: resources.map((resource) => {
      const port = members(resource["port"]);
      const entity = members(port["entity"]);
      const mappings = members(entity["mappings"]);
      const blueprint = String(mappings["blueprint"]).replaceAll('"', "");
      const relations = Object.fromEntries(
        Object.entries(members(mappings["relations"])).flatMap(([name, value]) => {
          const ours = members(members(shipped.get(blueprint)?.["relations"])[name]);
          const theirs = members(members(present.get(blueprint)?.["relations"])[name]);
          if (ours["target"] !== theirs["target"]) return [];
          if (typeof value !== "string" || ours["many"] === theirs["many"]) return [[name, value]];
          return [[name, theirs["many"] === true ? `[${value}]` : `${value} | .[0]`]];
        }),
      );
      return { ...resource, port: { ...port, entity: { ...entity, mappings: { ...mappings, relations } } } };
    }),
  };
}
