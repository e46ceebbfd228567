/**
 * Which blueprints play which DORA role, and which of their fields carry what (dora.md section 1, decision 24): as data,
 * so that a rename in the data model can follow into it.
 */
import type { JsonObject } from "./json.ts";
import { type Documents, type Rename, renameInSearch } from "./rename.ts";

export type Role = "deployment" | "change" | "incident";

/**
 * A path into an entity: `properties.x`, `relations.y`, `$identifier`, `$title`, `$createdAt`; or an expression over the
 * entity.
 */
export type RoleField = string | { readonly jq: string };

export interface RoleSource {
  readonly blueprint: string;
  /** Which of its entities play the role, as a search query (model/role-query.ts); all of them without one. */
  readonly query?: JsonObject;
  readonly fields: Readonly<Record<string, RoleField>>;
  /** Translation of values, e.g. `{status: {Success: "success"}}`. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export type Roles = Readonly<Record<Role, readonly RoleSource[]>>;

/** The blueprint whose entities are services, and its properties that derivation reads, as paths. */
export interface ServiceSource {
  readonly blueprint: string;
  readonly repository: string;
  readonly paths: string;
}

export const DEFAULT_SERVICE: ServiceSource = {
  blueprint: "service",
  repository: "properties.repository",
  paths: "properties.paths",
};

const pullRequest = {
  service: "relations.service",
  merged: "properties.mergedAt",
  opened: "properties.createdAt",
};

const incident = {
  started: "properties.createdAt",
  resolved: "properties.resolvedAt",
  services: "relations.service",
  severity: "properties.urgency",
  status: "properties.status",
  url: "properties.url",
  causedBy: "relations.deployment",
};

/** As the native connectors write them. */
const nativeIncident = {
  ...incident,
  detected: "properties.detectedAt",
  severity: "properties.severity",
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
        region: "properties.region",
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
        readyForReview: "properties.readyForReviewAt",
        firstReview: "properties.firstReviewAt",
        reviews: "properties.reviews",
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
  incident: [
    {
      blueprint: "incident",
      fields: {
        started: "properties.startedAt",
        detected: "properties.detectedAt",
        resolved: "properties.resolvedAt",
        services: "relations.service",
        severity: "properties.severity",
        status: "properties.status",
        url: "properties.url",
        causedBy: "relations.deployment",
      },
    },
    { blueprint: "pagerdutyIncident", fields: { ...incident, started: "properties.created_at" } },
    { blueprint: "opsgenieIncident", fields: { ...nativeIncident, severity: "properties.priority" } },
    { blueprint: "rootlyIncident", fields: incident },
    { blueprint: "firehydrantIncident", fields: nativeIncident },
    { blueprint: "serviceNowIncident", fields: nativeIncident },
    { blueprint: "jiraIncident", fields: nativeIncident },
    { blueprint: "incidentioIncident", fields: nativeIncident },
    { blueprint: "statuspageIncident", fields: nativeIncident },
    { blueprint: "devlakeIncident", fields: nativeIncident },
    {
      blueprint: "cdeventsIncident",
      // Detected, reported, in whatever order the events come.
      fields: {
        ...nativeIncident,
        started: {
          jq: "[.properties.createdAt, .properties.detectedAt, .properties.reportedAt] | map(values) | min",
        },
      },
    },
  ],
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

/** The part of the settings that names blueprints and their fields. */
export interface RoleSettings {
  readonly roles: Roles;
  readonly service: ServiceSource;
}

/** Paths and queries follow; expressions do not, as those of calculation properties do not. */
export function renameInRoles(
  { roles, service }: RoleSettings,
  rename: Rename,
  documents: Documents,
): RoleSettings {
  const source = ({ blueprint, query, fields, ...rest }: RoleSource): RoleSource => ({
    blueprint: blueprintAfter(blueprint, rename),
    ...(query === undefined ? {} : { query: renameInSearch(query, blueprint, rename, documents) }),
    fields: Object.fromEntries(
      Object.entries(fields).map(([field, path]) => [
        field,
        typeof path === "string" ? pathAfter(path, blueprint, rename) : path,
      ]),
    ),
    ...rest,
  });
  return {
    roles: {
      deployment: roles.deployment.map(source),
      change: roles.change.map(source),
      incident: roles.incident.map(source),
    },
    service: {
      blueprint: blueprintAfter(service.blueprint, rename),
      repository: pathAfter(service.repository, service.blueprint, rename),
      paths: pathAfter(service.paths, service.blueprint, rename),
    },
  };
}

function blueprintAfter(identifier: string, { kind, from, to }: Rename): string {
  return kind === "blueprint" && identifier === from ? to : identifier;
}

function pathAfter(path: string, blueprint: string, rename: Rename): string {
  if (rename.kind === "blueprint" || rename.blueprint !== blueprint) return path;
  const part = rename.kind === "property" ? "properties" : "relations";
  return path === `${part}.${rename.from}` ? `${part}.${rename.to}` : path;
}
