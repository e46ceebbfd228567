import { ApiError } from "../client.ts";
import type { ApiClient, JsonObject } from "../client.ts";
import { usageError } from "../cli-error.ts";
import type { RepositoryLinks } from "./links.ts";
import type { PlannedService } from "./service-plan.ts";

export interface BlueprintDefinition {
  readonly identifier: string;
  readonly title: string;
  readonly icon: string;
  readonly schema: { readonly properties: JsonObject; readonly required: readonly string[] };
  readonly relations: JsonObject;
}

const text = (title: string): JsonObject => ({ type: "string", title });
const time = (title: string): JsonObject => ({ type: "string", format: "date-time", title });
const link = (title: string): JsonObject => ({ type: "string", format: "url", title });
const texts = (title: string): JsonObject => ({ type: "array", items: { type: "string" }, title });

const service: BlueprintDefinition = {
  identifier: "service",
  title: "Service",
  icon: "Service",
  schema: {
    properties: { repository: text("Repository"), url: link("URL"), paths: texts("Paths") },
    required: [],
  },
  relations: {},
};

const deployment: BlueprintDefinition = {
  identifier: "deployment",
  title: "Deployment",
  icon: "Deployment",
  schema: {
    properties: {
      createdAt: time("Deployment time"),
      environment: {
        type: "string",
        title: "Environment",
        enum: ["Production", "Staging", "Testing"],
        enumColors: { Production: "green", Staging: "orange", Testing: "blue" },
      },
      deploymentStatus: {
        type: "string",
        title: "Deployment status",
        enum: ["Success", "Failed"],
        enumColors: { Success: "green", Failed: "red" },
      },
      startedAt: time("Started at"),
      sha: text("Commit"),
      previousSha: text("Previous commit"),
      ref: text("Tag or branch"),
      url: link("URL"),
      trigger: { type: "string", title: "Trigger", enum: ["normal", "rollback", "hotfix"] },
    },
    required: [],
  },
  relations: { service: { title: "Service", target: "service", required: false, many: false } },
};

const change: BlueprintDefinition = {
  identifier: "change",
  title: "Change",
  icon: "Git",
  schema: {
    properties: {
      number: { type: "number", title: "Number" },
      url: link("URL"),
      repository: text("Repository"),
      openedAt: time("Opened at"),
      firstCommitAt: time("First commit at"),
      firstReviewAt: time("First review at"),
      approvedAt: time("Approved at"),
      mergedAt: time("Merged at"),
      mergeSha: text("Merge commit"),
      headSha: text("Head commit"),
      author: text("Author"),
      isBot: { type: "boolean", title: "By a bot" },
      labels: texts("Labels"),
    },
    required: [],
  },
  relations: { service: { title: "Services", target: "service", required: false, many: true } },
};

/** How the blueprints in the portal take what the importer writes; they may have been there before with other forms. */
export interface CatalogShape {
  readonly deploymentServiceMany: boolean;
  readonly changeServiceMany: boolean;
  /** Values that `deployment.environment` allows; null = any. */
  readonly environments: readonly string[] | null;
}

function object(value: unknown): JsonObject {
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}

function missing(wanted: JsonObject, present: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(wanted).filter(([key]) => !(key in present)));
}

async function findBlueprint(client: ApiClient, identifier: string): Promise<JsonObject | null> {
  try {
    return object((await client.get(`/v1/blueprints/${identifier}`))["blueprint"]);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Creates the blueprint, or adds the properties and relations that it lacks; gives it as it is afterwards. */
export async function ensureBlueprint(client: ApiClient, wanted: BlueprintDefinition): Promise<JsonObject> {
  let present = await findBlueprint(client, wanted.identifier);
  if (present === null) {
    try {
      return object((await client.post("/v1/blueprints", wanted))["blueprint"]);
    } catch (error) {
      // Somebody else created it in between (or the first answer was lost on the way).
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      present = (await findBlueprint(client, wanted.identifier)) ?? {};
    }
  }
  const properties = missing(wanted.schema.properties, object(object(present["schema"])["properties"]));
  const relations = missing(wanted.relations, object(present["relations"]));
  const patch: JsonObject = {};
  if (Object.keys(properties).length > 0) patch["schema"] = { properties };
  if (Object.keys(relations).length > 0) patch["relations"] = relations;
  if (Object.keys(patch).length === 0) return present;
  const answer = await client.patch(`/v1/blueprints/${wanted.identifier}`, patch);
  return object(answer["blueprint"]);
}

/** Ensures the three blueprints that an import writes. */
export async function ensureCatalog(client: ApiClient): Promise<CatalogShape> {
  await ensureBlueprint(client, service);
  const deployments = await ensureBlueprint(client, deployment);
  const changes = await ensureBlueprint(client, change);
  const many = (blueprint: JsonObject) => object(object(blueprint["relations"])["service"])["many"] === true;
  const environment = object(object(object(deployments["schema"])["properties"])["environment"]);
  return {
    deploymentServiceMany: many(deployments),
    changeServiceMany: many(changes),
    environments: Array.isArray(environment["enum"]) ? environment["enum"].map(String) : null,
  };
}

export interface ExistingService {
  readonly repository: string | null;
  readonly paths: readonly string[] | null;
}

export async function findService(client: ApiClient, identifier: string): Promise<ExistingService | null> {
  try {
    const answer = await client.get(`/v1/blueprints/service/entities/${encodeURIComponent(identifier)}`);
    const properties = object(object(answer["entity"])["properties"]);
    const { repository, paths } = properties;
    const globs = Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : [];
    return {
      repository: typeof repository === "string" && repository !== "" ? repository : null,
      paths: globs.length > 0 ? globs : null,
    };
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

/** Refuses to mix two repositories in one service: their tags and numbers would collide. */
export function refuseForeign(
  planned: Pick<PlannedService, "title">,
  existing: ExistingService | null,
  repository: string,
): void {
  if (
    existing?.repository === undefined ||
    existing.repository === null ||
    existing.repository === repository
  )
    return;
  throw usageError(
    `service "${planned.title}" is fed by ${existing.repository}, not by ${repository}`,
    "give another name with --service, or the same repository with --repository",
  );
}

export async function upsertService(
  client: ApiClient,
  planned: PlannedService,
  repository: string,
  links: RepositoryLinks,
): Promise<void> {
  await client.post("/v1/blueprints/service/entities?upsert=true&merge=true", {
    identifier: planned.identifier,
    title: planned.title,
    properties: {
      repository,
      ...(links.repository === null ? {} : { url: links.repository }),
      ...(planned.paths === null ? {} : { paths: planned.paths }),
    },
  });
}
