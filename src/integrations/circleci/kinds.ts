/** How CircleCI's objects are listed (circleci.com/docs/api/v2). */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, ListRequest, Page, RawObject, Session } from "../connector.ts";
import type { HttpAnswer } from "../http-client.ts";
import { listed } from "../listed.ts";
import { orNull } from "../or-null.ts";
import { keyAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { repositoryName, serviceOf } from "../repository-name.ts";

/** Projects are asked for one by one. */
const PROJECTS_AT_ONCE = 20;
/** Of what belongs to one pipeline or workflow. */
const MAX_PAGES = 20;
const DAY_MS = 86_400_000;

const slugPath = (slug: string): string => slug.split("/").map(encodeURIComponent).join("/");
const parentOf = ({ parent }: ListRequest): JsonObject => parent?.ref ?? {};

async function one(session: Session, path: string): Promise<JsonObject | null> {
  return objects([(await orNull(session.http.get(path)))?.body])[0] ?? null;
}

/** What the objects of a project carry as `.__project`. */
function projectRef({ settings }: Session, project: JsonObject): JsonObject {
  const base = (settings["baseUrl"] ?? "").replace(/\/+$/, "");
  const repository = repositoryName(textAt(objectAt(project, "vcs_info"), "vcs_url") ?? "");
  return {
    ...{ id: keyAt(project, "id"), slug: textAt(project, "slug"), name: textAt(project, "name") },
    ...{ default_branch: textAt(objectAt(project, "vcs_info"), "default_branch") ?? "main", repository },
    app_url: base === "https://circleci.com" ? "https://app.circleci.com" : base,
  };
}

const projectObject = (session: Session, project: JsonObject): RawObject => {
  const ref = projectRef(session, project);
  return { key: keyAt(project, "id"), version: null, payload: { ...project, __project: ref }, ref };
};

/** Slugs of the projects that the settings name; null: all of the organisation. */
function chosenSlugs({ settings }: Session): string[] | null {
  const slugs = listed(settings["projects"]).map((name) =>
    name.includes("/") ? name : `${settings["organization"] ?? ""}/${name}`,
  );
  return slugs.length === 0 ? null : slugs;
}

/** There is no list of projects but that of the insights. */
async function allSlugs({ http, settings }: Session): Promise<string[]> {
  const organization = settings["organization"] ?? "";
  const { body } = await http.get(`/insights/${slugPath(organization)}/summary`, {
    "reporting-window": "last-90-days",
  });
  const names = (body as JsonObject | null)?.["all_projects"];
  return (Array.isArray(names) ? names : []).map((name) => `${organization}/${String(name)}`).toSorted();
}

const projects: Kind = {
  kind: "project",
  title: "Projects",
  // The insights leave out what has not run for a while.
  forgets: (settings) => listed(settings["projects"]).length === 0,
  async list(session, { cursor }) {
    const slugs = chosenSlugs(session) ?? (await allSlugs(session));
    // New projects between two pages must not shift the others.
    const after = slugs.filter((slug) => cursor === null || slug > cursor).toSorted();
    const found: RawObject[] = [];
    for (const slug of after.slice(0, PROJECTS_AT_ONCE)) {
      const project = await one(session, `/project/${slugPath(slug)}`);
      if (project !== null) found.push(projectObject(session, project));
    }
    const next = after.length > PROJECTS_AT_ONCE ? (after[PROJECTS_AT_ONCE - 1] ?? null) : null;
    return { objects: found, next, total: slugs.length };
  },
};

/** The project of an event's object; null for one that the data source leaves out. */
async function projectOf(session: Session, slug: string | null): Promise<JsonObject | null> {
  const project = slug === null ? null : await one(session, `/project/${slugPath(slug)}`);
  const own = textAt(project, "slug") ?? "";
  const chosen = chosenSlugs(session);
  const organization = `${session.settings["organization"] ?? ""}/`;
  const isChosen = chosen === null ? own.startsWith(organization) : chosen.includes(own);
  return project !== null && isChosen ? projectRef(session, project) : null;
}

async function allOf(session: Session, path: string): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  let token: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const { body }: HttpAnswer = await session.http.get(path, { "page-token": token });
    all.push(...objectsAt(body, "items"));
    token = textAt(body, "next_page_token");
    if (token === null) break;
  }
  return all;
}

/** A page of a project's pipelines, the newest first, with what `read` makes of each. */
async function pipelinesPage(
  session: Session,
  request: ListRequest,
  read: (pipeline: JsonObject, project: JsonObject) => Promise<RawObject[]>,
): Promise<Page> {
  const project = parentOf(request);
  const path = `/project/${slugPath(textAt(project, "slug") ?? "")}/pipeline`;
  const { body } = await session.http.get(path, { "page-token": request.cursor });
  const found = objectsAt(body, "items");
  // A workflow may be run again days after; what is older than three days waits for the next full run.
  const oldest = request.since === null ? 0 : Date.parse(request.since) - 3 * DAY_MS;
  const fresh = found.filter((pipeline) => !(Date.parse(textAt(pipeline, "created_at") ?? "") < oldest));
  const raw: RawObject[] = [];
  for (const pipeline of fresh) raw.push(...(await read(pipeline, project)));
  return { objects: raw, next: fresh.length < found.length ? null : textAt(body, "next_page_token") };
}

/** With the repository that was built, and the service that it is. */
function pipelinePart(pipeline: JsonObject, project: JsonObject): JsonObject {
  const vcs = objectAt(pipeline, "vcs");
  const git = objectAt(objectAt(pipeline, "trigger_parameters"), "git");
  const address =
    textAt(vcs, "target_repository_url") ?? textAt(vcs, "origin_repository_url") ?? textAt(git, "repo_url");
  const repository = repositoryName(address ?? "") ?? textAt(project, "repository");
  return {
    ...{ ...pipeline, __project: project },
    __branch: textAt(vcs, "branch") ?? textAt(git, "branch"),
    __sha: textAt(vcs, "revision") ?? textAt(git, "checkout_sha"),
    __service: repository === null ? textAt(project, "name") : serviceOf(repository),
  };
}

const pipelineObject = (pipeline: JsonObject, project: JsonObject): RawObject => ({
  key: keyAt(pipeline, "id"),
  parent: keyAt(project, "id"),
  version: textAt(pipeline, "updated_at"),
  payload: pipelinePart(pipeline, project),
});

const workflowObject = (workflow: JsonObject, pipeline: JsonObject, project: JsonObject): RawObject => ({
  key: keyAt(workflow, "id"),
  parent: keyAt(project, "id"),
  version: null,
  payload: { ...workflow, __pipeline: pipelinePart(pipeline, project), __project: project },
});

const jobObject = (job: JsonObject, workflow: RawObject): RawObject => ({
  key: keyAt(job, "id"),
  ...(workflow.parent !== undefined && { parent: workflow.parent }),
  version: null,
  payload: { ...job, __workflow: workflow.payload },
});

async function workflowsOf(
  session: Session,
  pipeline: JsonObject,
  project: JsonObject,
): Promise<RawObject[]> {
  const found = await allOf(session, `/pipeline/${encodeURIComponent(keyAt(pipeline, "id"))}/workflow`);
  return found.map((workflow) => workflowObject(workflow, pipeline, project));
}

async function jobsOf(session: Session, workflow: RawObject): Promise<RawObject[]> {
  const found = await allOf(session, `/workflow/${encodeURIComponent(workflow.key)}/job`);
  return found.map((job) => jobObject(job, workflow));
}

async function workflowAt(session: Session, id: string): Promise<RawObject | null> {
  const workflow = await one(session, `/workflow/${encodeURIComponent(id)}`);
  if (workflow === null) return null;
  const [project, pipeline] = await Promise.all([
    projectOf(session, textAt(workflow, "project_slug")),
    one(session, `/pipeline/${encodeURIComponent(keyAt(workflow, "pipeline_id"))}`),
  ]);
  return project === null || pipeline === null ? null : workflowObject(workflow, pipeline, project);
}

const underProject = {
  under: "project",
  incremental: true,
  forgets: true,
  optional: "the pipelines (the token may not read the project)",
} as const;

const pipelines: Kind = {
  ...{ kind: "pipeline", title: "Pipelines", ...underProject },
  list: (session, request) =>
    pipelinesPage(session, request, (pipeline, project) =>
      Promise.resolve([pipelineObject(pipeline, project)]),
    ),
  async fetch(session, ref) {
    const pipeline = await one(session, `/pipeline/${encodeURIComponent(keyAt(ref, "id"))}`);
    const project = await projectOf(session, textAt(pipeline, "project_slug"));
    return pipeline === null || project === null ? null : pipelineObject(pipeline, project);
  },
};

const workflows: Kind = {
  ...{ kind: "workflow", title: "Workflows", ...underProject },
  list: (session, request) =>
    pipelinesPage(session, request, (pipeline, project) => workflowsOf(session, pipeline, project)),
  fetch: (session, ref) => workflowAt(session, keyAt(ref, "id")),
};

const jobs: Kind = {
  ...{ kind: "job", title: "Jobs", ...underProject },
  list: (session, request) =>
    pipelinesPage(session, request, async (pipeline, project) => {
      const found: RawObject[] = [];
      for (const workflow of await workflowsOf(session, pipeline, project))
        found.push(...(await jobsOf(session, workflow)));
      return found;
    }),
  async fetch(session, ref) {
    const workflow = await workflowAt(session, keyAt(ref, "workflow"));
    const found = workflow === null ? [] : await jobsOf(session, workflow);
    return found.find(({ key }) => key === keyAt(ref, "id")) ?? null;
  },
};

export const circleciKinds: readonly Kind[] = [projects, pipelines, workflows, jobs];
