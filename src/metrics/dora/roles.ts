/** Which blueprints play which DORA role, and which of their fields carry what (dora.md section 1, decision 24). */
import type { ServiceLink } from "../../storage/dora-facts.ts";

export type Role = "deployment" | "change" | "incident";

/** A field is a path into an entity: `properties.x`, `relations.y`, `$identifier`, `$title`, `$createdAt`. */
export interface RoleSource {
  readonly blueprint: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Translation of values, e.g. `{status: {Success: "success"}}`. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export type Roles = Readonly<Record<Role, readonly RoleSource[]>>;

/** Fields that each role must have. */
export const REQUIRED_FIELDS: Readonly<Record<Role, readonly string[]>> = {
  deployment: ["service", "finished", "status"],
  change: ["service", "merged"],
  incident: ["started"],
};

export const KNOWN_FIELDS: Readonly<Record<Role, readonly string[]>> = {
  deployment: [
    ...REQUIRED_FIELDS.deployment,
    ...["started", "environment", "sha", "previousSha", "ref", "url", "change", "region", "trigger"],
  ],
  change: [
    ...REQUIRED_FIELDS.change,
    ...["opened", "firstCommit", "firstReview", "approved", "readyForReview", "mergeSha", "headSha"],
    ...["number", "repository", "url", "author", "isBot", "labels", "paths"],
  ],
  incident: [
    ...REQUIRED_FIELDS.incident,
    ...["resolved", "detected", "services", "severity", "status", "url", "causedBy"],
  ],
};

/** The blueprint whose entities are services; `paths` and `repository` are read from its properties. */
export const SERVICE_BLUEPRINT = "service";

const pullRequest = {
  service: "relations.service",
  merged: "properties.mergedAt",
  opened: "properties.createdAt",
};

/** What is assumed when these blueprints exist and nobody configured anything. */
const CANDIDATES: Roles = {
  deployment: [
    {
      blueprint: "deployment",
      fields: {
        service: "relations.service",
        finished: "properties.createdAt",
        started: "properties.startedAt",
        status: "properties.deploymentStatus",
        environment: "properties.environment",
        sha: "properties.sha",
        previousSha: "properties.previousSha",
        ref: "properties.ref",
        url: "properties.url",
        change: "relations.pullRequest",
        trigger: "properties.trigger",
      },
      values: { status: { Success: "success", Failed: "failure" } },
    },
  ],
  change: [
    {
      blueprint: "change",
      fields: {
        service: "relations.service",
        merged: "properties.mergedAt",
        opened: "properties.openedAt",
        firstCommit: "properties.firstCommitAt",
        firstReview: "properties.firstReviewAt",
        approved: "properties.approvedAt",
        mergeSha: "properties.mergeSha",
        headSha: "properties.headSha",
        number: "properties.number",
        repository: "properties.repository",
        url: "properties.url",
        author: "properties.author",
        isBot: "properties.isBot",
        labels: "properties.labels",
      },
    },
    { blueprint: "githubPullRequest", fields: pullRequest },
    { blueprint: "gitlabMergeRequest", fields: pullRequest },
    { blueprint: "azureDevopsPullRequest", fields: pullRequest },
  ],
  incident: [],
};

/** The candidates whose blueprint exists. */
export function detectRoles(blueprints: ReadonlySet<string>): Roles {
  const existing = (role: Role): RoleSource[] => CANDIDATES[role].filter((s) => blueprints.has(s.blueprint));
  return {
    deployment: existing("deployment"),
    change: existing("change"),
    incident: existing("incident"),
  };
}

/** What a path is looked up in; both stored rows and the JSON of the change feed fit. */
export interface EntityLike {
  readonly identifier: string;
  readonly title?: string | null;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly relations?: Readonly<Record<string, unknown>>;
  readonly createdAt?: string;
}

/** The value at the path; undefined for an absent field. */
export function fieldValue(entity: EntityLike, path: string | undefined): unknown {
  if (path === undefined) return undefined;
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
export function serviceLink(source: RoleSource): ServiceLink | null {
  const path = source.fields.service ?? source.fields.services;
  const [part, key] = path?.split(/\.(.*)/s) ?? [];
  if (key === undefined) return null;
  return part === "relations" ? { relation: key } : { property: key };
}

/** Identifiers are no longer: a longer text names nothing, and fits no key of a table. */
const MAX_IDENTIFIER_BYTES = 1000;

/** The services an entity names by its role; the empty text when it names none. */
export function servicesOf(entity: EntityLike, source: RoleSource): string[] {
  const value = fieldValue(entity, source.fields.service ?? source.fields.services);
  const names = (Array.isArray(value) ? value : [value]).filter(
    (name): name is string =>
      typeof name === "string" && name !== "" && Buffer.byteLength(name) <= MAX_IDENTIFIER_BYTES,
  );
  return names.length === 0 ? [""] : names;
}
