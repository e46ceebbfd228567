/** What the blueprints of the DORA roles need, so that the numbers find what they read: properties and relations. */
import {
  changeBlueprint,
  deploymentBlueprint,
  property,
  relationTo,
  serviceBlueprint,
} from "../../integrations/blueprints.ts";
import type { Role, Roles, RoleSource, ServiceSource } from "../../model/dora-roles.ts";
import { isObject, type JsonObject } from "../../model/json.ts";

const { text, time, link, texts } = property;

/** As the detection of roles reads it (model/dora-roles.ts). */
const incidentBlueprint: JsonObject = {
  ...{ identifier: "incident", title: "Incident", icon: "Alert" },
  schema: {
    properties: {
      ...{ status: text("Status"), severity: text("Severity"), url: link("URL") },
      ...{ startedAt: time("Started at"), detectedAt: time("Detected at"), resolvedAt: time("Resolved at") },
    },
    required: [],
  },
  relations: {
    service: relationTo("Services", "service", true),
    deployment: relationTo("Caused by", "deployment"),
  },
};

const BUNDLED: Readonly<Record<string, JsonObject>> = {
  service: serviceBlueprint,
  change: changeBlueprint,
  deployment: deploymentBlueprint,
  incident: incidentBlueprint,
};

/** The complete definition of what is made when it is not there, with relations to what plays the roles. */
export function bundledFor(identifier: string, roles: Roles, service: string): JsonObject {
  const bundled = BUNDLED[identifier] ?? {
    ...{ identifier, title: titleOf(identifier) },
    schema: { properties: {}, required: [] },
  };
  const targets: Readonly<Record<string, string | undefined>> = {
    service,
    change: roles.change[0]?.blueprint,
    deployment: roles.deployment[0]?.blueprint,
  };
  const relations = Object.entries(mapIn(bundled, ["relations"])).flatMap(([key, relation]) => {
    const target = isObject(relation) ? targets[String(relation["target"])] : undefined;
    return isObject(relation) && target !== undefined ? [[key, { ...relation, target }]] : [];
  });
  return { ...bundled, relations: Object.fromEntries(relations) as JsonObject };
}

/** What derivation reads of services. */
export function serviceFields({ blueprint, repository, paths }: ServiceSource): JsonObject {
  const properties: Record<string, JsonObject> = {};
  const add = (path: string, type: (title: string) => JsonObject): void => {
    const key = path.startsWith("properties.") ? path.slice("properties.".length) : null;
    if (key !== null) properties[key] = type(titleOf(key));
  };
  add(repository, text);
  add(paths, texts);
  return { identifier: blueprint, schema: { properties } };
}

const TYPES: Readonly<Record<string, (title: string) => JsonObject>> = {
  ...{ finished: time, started: time, merged: time, opened: time, firstCommit: time, firstReview: time },
  ...{ approved: time, readyForReview: time, detected: time, resolved: time, url: link },
  ...{ labels: texts, paths: texts },
  number: (title) => ({ type: "number", title }),
  isBot: (title) => ({ type: "boolean", title }),
};

/** A property that is no text in what is bundled, such as a list of reviews, is none elsewhere. */
function structured(key: string): JsonObject | null {
  for (const bundled of Object.values(BUNDLED)) {
    const definition = mapIn(bundled, ["schema", "properties"])[key];
    if (isObject(definition) && definition["type"] !== "string") return definition;
  }
  return null;
}

/** `firstReviewAt` is `First review at`. */
const titleOf = (key: string): string => {
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/[_-]+/g, " ")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Of a source: what its fields name, as the definition of a blueprint that would have all of it. */
export function fieldsOf(role: Role, source: RoleSource, roles: Roles, service: string): JsonObject {
  const properties: Record<string, JsonObject> = {};
  const relations: Record<string, JsonObject> = {};
  for (const [field, path] of Object.entries(source.fields)) {
    if (typeof path !== "string") continue;
    const [part, key] = path.split(/\.(.*)/s);
    if (key === undefined) continue;
    if (part === "properties")
      properties[key] = TYPES[field]?.(titleOf(key)) ?? structured(key) ?? text(titleOf(key));
    const target = targetOf(field, roles, service);
    if (part === "relations" && target !== null)
      relations[key] = relationTo(titleOf(key), target, role !== "deployment" && target === service);
  }
  return { identifier: source.blueprint, schema: { properties }, relations };
}

function targetOf(field: string, roles: Roles, service: string): string | null {
  if (field === "service" || field === "services") return service;
  const role = field === "change" ? "change" : field === "causedBy" ? "deployment" : null;
  return role === null ? null : (roles[role][0]?.blueprint ?? null);
}

/** The maps of a blueprint that an extension adds to, by their place in the document. */
export const MAPS = [
  ["schema", "properties"],
  ["relations"],
  ["mirrorProperties"],
  ["calculationProperties"],
  ["aggregationProperties"],
] as const;
export type MapPath = (typeof MAPS)[number];

export function mapIn(document: JsonObject, path: MapPath): JsonObject {
  let at: unknown = document;
  for (const key of path) at = isObject(at) ? at[key] : undefined;
  return isObject(at) ? at : {};
}
