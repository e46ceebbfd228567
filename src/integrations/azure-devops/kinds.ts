/** How Azure DevOps' objects are listed (learn.microsoft.com/rest/api/azure/devops, 7.1). */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, ListRequest, Page, RawObject, Session } from "../connector.ts";
import type { HttpClient, Query } from "../http-client.ts";
import { keyAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { orNull } from "../or-null.ts";
import { untilMerge } from "../reviews.ts";
import { serviceFolders, servicesIn } from "../service-folders.ts";
import { releaseClient } from "./client.ts";
import {
  buildObject,
  deploymentObject,
  isChosen,
  pipelineObject,
  projectObject,
  readyForReviewIn,
  releaseObject,
  repositoryObject,
  repositoryRef,
  reviewsIn,
} from "./raw-objects.ts";

const VERSION = "7.1";
const PREVIEW = "7.1-preview.1";
const PAGE = 100;
/** Completed pull requests take two more calls each: for their first commit and their reviews; of monorepos three. */
const RICH_PAGE = 50;
/** 1,000 commits or threads of one pull request. */
const MAX_PAGES = 10;
const MAX_FILES = 1000;
const DAY_MS = 86_400_000;

const parentOf = ({ parent }: ListRequest): JsonObject => parent?.ref ?? {};
const projectPath = (project: JsonObject): string => `/${encodeURIComponent(keyAt(project, "id"))}/_apis`;
const repositoryPath = (repository: JsonObject): string =>
  `${projectPath(objectAt(repository, "project"))}/git/repositories/${encodeURIComponent(keyAt(repository, "id"))}`;

/** What began some days before may have ended since. */
const daysBefore = (since: string | null, days: number): string | null =>
  since === null ? null : new Date(Date.parse(since) - days * DAY_MS).toISOString();

/** A page by continuation token, which comes as a header. */
async function tokenPage(
  http: HttpClient,
  path: string,
  query: Query,
  cursor: string | null,
): Promise<{ found: JsonObject[]; next: string | null }> {
  const { body, headers } = await http.get(path, {
    ...{ "api-version": VERSION, ...query, continuationToken: cursor },
  });
  return { found: objectsAt(body, "value"), next: headers.get("x-ms-continuationtoken") };
}

/** One object; null when Azure DevOps does not know it. */
async function one(http: HttpClient, path: string): Promise<JsonObject | null> {
  const answer = await orNull(http.get(path, { "api-version": VERSION }));
  return objects([answer?.body])[0] ?? null;
}

/** The repositories of a project by id; builds and releases name theirs by id only. */
async function repositoriesOf(session: Session, project: JsonObject): Promise<Map<string, JsonObject>> {
  const { found } = await tokenPage(session.http, `${projectPath(project)}/git/repositories`, {}, null);
  return new Map(found.map((repository) => [keyAt(repository, "id"), repositoryRef(repository)]));
}

const projects: Kind = {
  kind: "project",
  title: "Projects",
  async list(session, { cursor }) {
    const { found, next } = await tokenPage(session.http, "/_apis/projects", { $top: PAGE }, cursor);
    const chosen = found.filter((project) => isChosen(session.settings, project));
    return { objects: chosen.map(projectObject), next };
  },
};

const repositories: Kind = {
  kind: "repository",
  title: "Repositories",
  under: "project",
  optional: "the repositories (Azure Repos is off in the project)",
  async list(session, request) {
    const path = `${projectPath(parentOf(request))}/git/repositories`;
    const { found, next } = await tokenPage(session.http, path, {}, request.cursor);
    return { objects: found.map(repositoryObject), next };
  },
  async fetch(session, ref) {
    const found = await one(session.http, repositoryPath(ref));
    return found !== null && isChosen(session.settings, objectAt(found, "project"))
      ? repositoryObject(found)
      : null;
  },
};

/** The services whose folders the merge touches; its first 1,000 files count. */
async function servicesOf(
  session: Session,
  repository: JsonObject,
  request: JsonObject,
): Promise<JsonObject> {
  const folders = serviceFolders(session.settings);
  const sha = textAt(objectAt(request, "lastMergeCommit"), "commitId");
  if (folders.length === 0 || sha === null) return {};
  const path = `${repositoryPath(repository)}/commits/${encodeURIComponent(sha)}/changes`;
  // A squashed source branch may be gone with its commits.
  const answer = await orNull(session.http.get(path, { "api-version": VERSION, top: MAX_FILES }));
  const paths = objectsAt(answer?.body, "changes").flatMap((change) => {
    const item = objectAt(change, "item");
    // The folders above a file are listed with it.
    if (textAt(item, "gitObjectType") === "tree") return [];
    return [textAt(item, "path"), textAt(change, "sourceServerItem")].flatMap((one) =>
      one === null ? [] : [one.replace(/^\/+/, "")],
    );
  });
  return { __services: servicesIn(paths, folders) };
}

/** Lists tell neither when work began nor who reviewed. */
async function withReviews(
  session: Session,
  repository: JsonObject,
  request: JsonObject,
): Promise<RawObject> {
  const number = keyAt(request, "pullRequestId");
  const path = `${repositoryPath(repository)}/pullRequests/${encodeURIComponent(number)}`;
  const isCompleted = textAt(request, "status") === "completed";
  const [commits, threads, services] = await Promise.all([
    // The newest comes first.
    isCompleted ? allOf(session, `${path}/commits`) : [],
    isCompleted ? allOf(session, `${path}/threads`) : [],
    isCompleted ? servicesOf(session, repository, request) : {},
  ]);
  return {
    key: `${keyAt(repository, "id")}/${number}`,
    parent: keyAt(repository, "id"),
    version: null,
    payload: {
      ...request,
      __repository: repository,
      ...(isCompleted && {
        __firstCommit: commits.at(-1) ?? null,
        __reviews: untilMerge(reviewsIn(threads), textAt(request, "closedDate")),
        __readyForReviewAt: readyForReviewIn(threads),
        ...services,
      }),
    },
  };
}

async function allOf(session: Session, path: string): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page: { found: JsonObject[]; next: string | null } = await tokenPage(
      session.http,
      path,
      { $top: PAGE },
      cursor,
    );
    all.push(...page.found);
    cursor = page.next;
    if (cursor === null) break;
  }
  return all;
}

/**
 * Pull requests have no time of their last change. What changed since: those that are open, and those that were
 * closed since, asked for one after the other.
 */
const SINCE_STEPS: readonly Query[] = [
  { "searchCriteria.status": "active" },
  { "searchCriteria.status": "completed", "searchCriteria.queryTimeRangeType": "closed" },
  { "searchCriteria.status": "abandoned", "searchCriteria.queryTimeRangeType": "closed" },
];
const ALL_STEPS: readonly Query[] = [{ "searchCriteria.status": "all" }];

const pullRequests: Kind = {
  kind: "pull-request",
  title: "Pull requests, with first commits and reviews",
  under: "repository",
  incremental: true,
  optional: "the pull requests (the repository is disabled)",
  async list(session, request): Promise<Page> {
    const repository = parentOf(request);
    const steps = request.since === null ? ALL_STEPS : SINCE_STEPS;
    const [step = 0, skip = 0] = (request.cursor ?? "0/0").split("/").map(Number);
    const isClosed = steps[step]?.["searchCriteria.queryTimeRangeType"] !== undefined;
    const { body } = await session.http.get(`${repositoryPath(repository)}/pullrequests`, {
      ...{ "api-version": VERSION, ...steps[step], $top: RICH_PAGE, $skip: skip },
      ...(isClosed && { "searchCriteria.minTime": request.since }),
    });
    const found: RawObject[] = [];
    for (const pull of objectsAt(body, "value")) found.push(await withReviews(session, repository, pull));
    if (found.length === RICH_PAGE) return { objects: found, next: `${step}/${skip + RICH_PAGE}` };
    return { objects: found, next: step + 1 < steps.length ? `${step + 1}/0` : null };
  },
  async fetch(session, ref) {
    const whole = await one(session.http, repositoryPath(objectAt(ref, "repository")));
    if (whole === null || !isChosen(session.settings, objectAt(whole, "project"))) return null;
    const repository = repositoryRef(whole);
    const path = `${repositoryPath(repository)}/pullrequests/${encodeURIComponent(keyAt(ref, "number"))}`;
    const found = await one(session.http, path);
    return found === null ? null : withReviews(session, repository, found);
  },
};

const pipelines: Kind = {
  kind: "pipeline",
  title: "Pipelines",
  under: "project",
  optional: "the pipelines (they are off in the project)",
  async list(session, request) {
    const project = parentOf(request);
    const { found, next } = await tokenPage(
      session.http,
      `${projectPath(project)}/build/definitions`,
      { $top: PAGE, includeAllProperties: true, queryOrder: "definitionNameAscending" },
      request.cursor,
    );
    const known = await repositoriesOf(session, project);
    return { objects: found.map((definition) => pipelineObject(definition, known)), next };
  },
};

const builds: Kind = {
  kind: "build",
  title: "Builds (runs of pipelines)",
  under: "project",
  incremental: true,
  forgets: true,
  optional: "the builds (Pipelines are off in the project)",
  async list(session, request) {
    const project = parentOf(request);
    const { found, next } = await tokenPage(
      session.http,
      `${projectPath(project)}/build/builds`,
      { $top: PAGE, queryOrder: "queueTimeAscending", minTime: daysBefore(request.since, 3) },
      request.cursor,
    );
    const known = await repositoriesOf(session, project);
    return { objects: found.map((build) => buildObject(build, known)), next };
  },
  async fetch(session, ref) {
    const found = await buildOf(session, objectAt(ref, "project"), keyAt(ref, "id"));
    const project = objectAt(found, "project");
    if (found === null || !isChosen(session.settings, project)) return null;
    return buildObject(found, await repositoriesOf(session, project));
  },
};

async function buildOf(session: Session, project: JsonObject, id: string): Promise<JsonObject | null> {
  const found = await one(session.http, `${projectPath(project)}/build/builds/${encodeURIComponent(id)}`);
  return found?.["deleted"] === true ? null : found;
}

const releases: Kind = {
  kind: "release",
  title: "Releases (classic)",
  under: "project",
  incremental: true,
  forgets: true,
  optional: "the releases (classic releases are off in the project)",
  async list(session, request) {
    const project = parentOf(request);
    const { found, next } = await tokenPage(
      releaseClient(session),
      `${projectPath(project)}/release/releases`,
      { $top: PAGE, queryOrder: "ascending", minCreatedTime: daysBefore(request.since, 3) },
      request.cursor,
    );
    return { objects: found.map(releaseObject(project)), next };
  },
  async fetch(session, ref) {
    const project = objectAt(ref, "project");
    const path = `${projectPath(project)}/release/releases/${encodeURIComponent(keyAt(ref, "id"))}`;
    const found = await one(releaseClient(session), path);
    return found === null ? null : releaseObject(project)(found);
  },
};

const deploymentsPage = (
  session: Session,
  project: JsonObject,
  query: Query,
  cursor: string | null,
): Promise<{ found: JsonObject[]; next: string | null }> =>
  tokenPage(
    releaseClient(session),
    `${projectPath(project)}/release/deployments`,
    { $top: PAGE, queryOrder: "ascending", deploymentStatus: "all", ...query },
    cursor,
  );

const releaseDeployments: Kind = {
  kind: "release-deployment",
  title: "Deployments of releases (classic)",
  under: "project",
  incremental: true,
  forgets: true,
  optional: "the deployments (classic releases are off in the project)",
  async list(session, request) {
    const project = parentOf(request);
    const query = { minModifiedTime: request.since };
    const { found, next } = await deploymentsPage(session, project, query, request.cursor);
    const known = await repositoriesOf(session, project);
    return { objects: found.map((deployment) => deploymentObject(deployment, project, known)), next };
  },
  /** There is no address of one deployment: it is among those that changed since the event's state. */
  async fetch(session, ref) {
    const project = objectAt(ref, "project");
    const query = {
      minModifiedTime: textAt(ref, "modified"),
      definitionId: keyAt(ref, "definition") || null,
    };
    let cursor: string | null = null;
    do {
      const page: { found: JsonObject[]; next: string | null } = await deploymentsPage(
        session,
        project,
        query,
        cursor,
      );
      const found = page.found.find((deployment) => keyAt(deployment, "id") === keyAt(ref, "id"));
      if (found !== undefined)
        return deploymentObject(found, project, await repositoriesOf(session, project));
      cursor = page.next;
    } while (cursor !== null);
    return null;
  },
};

const environments: Kind = {
  kind: "environment",
  title: "Environments",
  under: "project",
  optional: "the environments (Pipelines are off in the project, or the token may not read them)",
  async list(session, request) {
    const project = parentOf(request);
    const { found, next } = await tokenPage(
      session.http,
      `${projectPath(project)}/distributedtask/environments`,
      { $top: PAGE, "api-version": PREVIEW },
      request.cursor,
    );
    const read = (environment: JsonObject): RawObject => ({
      key: `${keyAt(project, "id")}/${keyAt(environment, "id")}`,
      version: textAt(environment, "lastModifiedOn"),
      payload: { ...environment, __project: project },
      ref: { id: keyAt(environment, "id"), name: textAt(environment, "name"), project },
    });
    return { objects: found.map(read), next };
  },
};

const environmentDeployments: Kind = {
  kind: "environment-deployment",
  title: "Deployments to environments (YAML pipelines)",
  under: "environment",
  incremental: true,
  forgets: true,
  optional: "the deployments to environments (the token may not read them)",
  /** The newest first. */
  async list(session, request) {
    const environment = parentOf(request);
    const project = objectAt(environment, "project");
    const path = `${projectPath(project)}/distributedtask/environments/${encodeURIComponent(keyAt(environment, "id"))}`;
    const { found, next } = await tokenPage(
      session.http,
      `${path}/environmentdeploymentrecords`,
      { top: PAGE, "api-version": PREVIEW },
      request.cursor,
    );
    const oldest = daysBefore(request.since, 3);
    const fresh = found.filter((record) => oldest === null || (textAt(record, "queueTime") ?? "") >= oldest);
    const owners = new Set(fresh.map((record) => keyAt(objectAt(record, "owner"), "id")));
    const known = await repositoriesOf(session, project);
    // Records name the run of the pipeline, which knows the commit.
    const runs = new Map<string, JsonObject>();
    for (const id of owners) {
      const build = id === "" ? null : await buildOf(session, project, id);
      if (build !== null) runs.set(id, buildObject(build, known).payload);
    }
    const read = (record: JsonObject): RawObject => ({
      key: `${keyAt(project, "id")}/${keyAt(record, "id")}`,
      version: textAt(record, "finishTime") ?? textAt(record, "queueTime"),
      payload: {
        ...{ ...record, __environment: environment },
        __build: runs.get(keyAt(objectAt(record, "owner"), "id")) ?? null,
      },
    });
    return { objects: fresh.map(read), next: fresh.length < found.length ? null : next };
  },
};

export const azureKinds: readonly Kind[] = [
  ...[projects, repositories, pullRequests, pipelines, builds],
  ...[releases, releaseDeployments, environments, environmentDeployments],
];
