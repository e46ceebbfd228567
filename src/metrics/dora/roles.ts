/** Reads entities by the roles of their blueprints (model/dora-roles.ts). */
import { compileMapping, type Mapping } from "../../jq/index.ts";
import type { Role, RoleField, RoleSource } from "../../model/dora-roles.ts";
import type { ServiceLink } from "../../storage/dora-facts.ts";

/** Fields that each role must have. */
export const REQUIRED_FIELDS: Readonly<Record<Role, readonly string[]>> = {
  deployment: ["service", "finished", "status"],
  change: ["service", "merged"],
  incident: ["started"],
};

export const KNOWN_FIELDS: Readonly<Record<Role, readonly string[]>> = {
  deployment: [
    ...REQUIRED_FIELDS.deployment,
    ...["started", "environment", "sha", "previousSha", "ref", "url", "change", "region", "trigger", "image"],
  ],
  change: [
    ...REQUIRED_FIELDS.change,
    ...[
      "opened",
      "firstCommit",
      "firstReview",
      "reviews",
      "approved",
      "readyForReview",
      "mergeSha",
      "headSha",
    ],
    ...["number", "repository", "url", "author", "isBot", "labels", "paths"],
  ],
  incident: [
    ...REQUIRED_FIELDS.incident,
    ...["resolved", "detected", "services", "severity", "status", "url", "causedBy"],
  ],
};

/** What a path is looked up in; both stored rows and the JSON of the change feed fit. */
export interface EntityLike {
  readonly identifier: string;
  readonly title?: string | null;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly relations?: Readonly<Record<string, unknown>>;
  readonly createdAt?: string;
}

/** So many steps are enough for a field; a source of 100,000 entities must not keep the process busy for minutes. */
const MAX_STEPS = 10_000;
const MAX_PROGRAMS = 500;
const programs = new Map<string, Mapping>();

/** Without a clock: what a field says must follow from the entity alone. @throws JqCompileError */
export function compileField(text: string): Mapping {
  const known = programs.get(text);
  if (known !== undefined) return known;
  if (programs.size >= MAX_PROGRAMS) programs.clear();
  const program = compileMapping(text, { maxSteps: MAX_STEPS });
  programs.set(text, program);
  return program;
}

/** The value of the field; undefined for an absent one, null where an expression fails. */
export function fieldValue(entity: EntityLike, path: RoleField | undefined): unknown {
  if (path === undefined) return undefined;
  if (typeof path !== "string") {
    const { identifier, title = null, properties = {}, relations = {}, createdAt = null } = entity;
    return compileField(path.jq).evaluate({ identifier, title, properties, relations, createdAt });
  }
  if (path === "$identifier") return entity.identifier;
  if (path === "$title") return entity.title;
  if (path === "$createdAt") return entity.createdAt;
  const dot = path.indexOf(".");
  const key = path.slice(dot + 1);
  const part = path.slice(0, dot) === "relations" ? entity.relations : entity.properties;
  return part?.[key];
}

/** A path the settings accept: `properties.x`, `relations.y`, or one of the metas. */
export function isFieldPath(path: unknown): path is string {
  return (
    typeof path === "string" &&
    (/^(properties|relations)\.[A-Za-z0-9@_=\\-]{1,100}$/.test(path) ||
      ["$identifier", "$title", "$createdAt"].includes(path))
  );
}

/** How the entities of the source name their service. */
export const serviceLink = (source: RoleSource): ServiceLink | null =>
  fieldLink(source.fields.service ?? source.fields.services);

/** How they name other entities by a field. */
export function fieldLink(path: RoleField | undefined): ServiceLink | null {
  if (typeof path !== "string") return null;
  const [part, key] = path.split(/\.(.*)/s);
  if (key === undefined) return null;
  return part === "relations" ? { relation: key } : { property: key };
}

/** Identifiers are no longer: a longer text names nothing, and fits no key of a table. */
const MAX_IDENTIFIER_BYTES = 1000;

/** The texts at the path, one or many. */
export function textsOf(entity: EntityLike, path: RoleField | undefined): string[] {
  const value = fieldValue(entity, path);
  return (Array.isArray(value) ? value : [value]).filter(
    (name): name is string =>
      typeof name === "string" && name !== "" && Buffer.byteLength(name) <= MAX_IDENTIFIER_BYTES,
  );
}

/** The services an entity names by its role; the empty text when it names none. */
export function servicesOf(entity: EntityLike, source: RoleSource): string[] {
  const names = textsOf(entity, source.fields.service ?? source.fields.services);
  return names.length === 0 ? [""] : names;
}

/** The property that holds the time of a source's events, for its latest value. */
export function timeProperty(role: Role, source: RoleSource): string | null {
  const field = { deployment: "finished", change: "merged", incident: "started" }[role];
  const path = source.fields[field];
  return typeof path === "string" && path.startsWith("properties.") ? path.slice("properties.".length) : null;
}
