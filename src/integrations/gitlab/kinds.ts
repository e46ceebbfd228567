/** How GitLab's objects are listed (docs.gitlab.com: REST API resources). They keep the shape of REST. */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, ListRequest, Page, RawObject, Session } from "../connector.ts";
import { type HttpAnswer, HttpError } from "../http-client.ts";
import { orNull } from "../or-null.ts";
import { keyAt, objectAt, objects, textAt } from "../read-json.ts";
import { untilMerge } from "../reviews.ts";
import { serviceFolders, servicesIn } from "../service-folders.ts";
import { readyForReviewIn, reviewsIn } from "./notes.ts";

const PAGE = 100;
/** Merged requests take two more calls each: for their first commit and their reviews; of monorepos three. */
const RICH_PAGE = 50;
/** 1,000 notes of one merge request. */
const MAX_PAGES = 10;

/** What the objects of a project carry as `.__project`. */
export const projectRef = (project: JsonObject): JsonObject => ({
  id: keyAt(project, "id"),
  name: textAt(project, "name"),
  path_with_namespace: textAt(project, "path_with_namespace"),
  web_url: textAt(project, "web_url"),
  default_branch: textAt(project, "default_branch") ?? "main",
});

const projectPath = (ref: JsonObject): string => `/projects/${encodeURIComponent(keyAt(ref, "id"))}`;
const groupPath = ({ settings }: Session): string => `/groups/${encodeURIComponent(settings["group"] ?? "")}`;

async function page(
  session: Session,
  first: string,
  cursor: string | null,
  read: (object: JsonObject) => RawObject | Promise<RawObject>,
): Promise<Page> {
  const { body, next, headers } = await session.http.get(cursor ?? first);
  const found: RawObject[] = [];
  for (const object of objects(body)) found.push(await read(object));
  // GitLab leaves the total out above 10,000.
  const total = Number(headers.get("x-total") ?? Number.NaN);
  return { objects: found, next, ...(Number.isInteger(total) && { total }) };
}

/** One object; null when GitLab does not know it. */
async function one(
  session: Session,
  path: string,
  read: (object: JsonObject) => RawObject | Promise<RawObject>,
): Promise<RawObject | null> {
  try {
    const { body } = await session.http.get(path);
    const [object] = objects([body]);
    return object === undefined ? null : await read(object);
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return null;
    throw error;
  }
}

/** An object of a project, by its number there. */
const inProject =
  (project: JsonObject, key: string) =>
  (object: JsonObject): RawObject => ({
    key: `${keyAt(project, "id")}/${keyAt(object, key)}`,
    parent: keyAt(project, "id"),
    version: textAt(object, "updated_at"),
    payload: { ...object, __project: project },
  });

const sinceOf = ({ since }: ListRequest, name: string): string =>
  since === null ? "" : `&${name}=${encodeURIComponent(since)}`;
const parentOf = ({ parent }: ListRequest): JsonObject => projectRef(parent?.ref ?? {});

const userObject = (user: JsonObject): RawObject => ({
  ...{ key: keyAt(user, "id"), version: null, payload: user },
});

const members: Kind = {
  kind: "member",
  title: "Members of the group",
  optional: "the members of the group",
  list: (session, { cursor }) =>
    page(session, `${groupPath(session)}/members/all?per_page=${PAGE}`, cursor, userObject),
  fetch: (session, ref) =>
    one(session, `${groupPath(session)}/members/all/${encodeURIComponent(keyAt(ref, "id"))}`, userObject),
};

const projectObject = (project: JsonObject): RawObject => ({
  key: keyAt(project, "id"),
  version: textAt(project, "updated_at"),
  payload: project,
  ref: projectRef(project),
});

const projects: Kind = {
  kind: "project",
  title: "Projects",
  list: (session, { cursor }) =>
    page(
      session,
      `${groupPath(session)}/projects?include_subgroups=true&with_shared=false&order_by=id&sort=asc&per_page=${PAGE}`,
      cursor,
      projectObject,
    ),
  async fetch(session, ref) {
    const found = await one(session, projectPath(ref), projectObject);
    const path = textAt(found?.payload, "path_with_namespace") ?? "";
    // A project that left the group is gone from here.
    return isInGroup(path, session.settings["group"] ?? "") ? found : null;
  },
};

/** @param path of a project, `group/sub/project` */
export const isInGroup = (path: string, group: string): boolean =>
  path.toLowerCase().startsWith(`${group.toLowerCase().replace(/\/+$/, "")}/`);

/** The services whose folders the request touches; its first 100 files count. */
async function servicesOf(session: Session, project: JsonObject, request: JsonObject): Promise<JsonObject> {
  const folders = serviceFolders(session.settings);
  if (folders.length === 0) return {};
  const path = `${projectPath(project)}/merge_requests/${keyAt(request, "iid")}/diffs?per_page=${PAGE}`;
  // GitLab before 15.7 does not know this list.
  const answer = await orNull(session.http.get(path));
  const paths = objects(answer?.body).flatMap((file) =>
    [textAt(file, "new_path"), textAt(file, "old_path")].filter((one) => one !== null),
  );
  return { __services: servicesIn(paths, folders) };
}

/** Who said something before the merge, and when it was ready for that: the oldest first. */
async function reviewsOf(session: Session, project: JsonObject, request: JsonObject): Promise<JsonObject> {
  const path = `${projectPath(project)}/merge_requests/${keyAt(request, "iid")}/notes`;
  const notes: JsonObject[] = [];
  let next: string | null = `${path}?order_by=created_at&sort=asc&per_page=${PAGE}`;
  for (let pages = 0; next !== null && pages < MAX_PAGES; pages += 1) {
    const answer: HttpAnswer = await session.http.get(next);
    notes.push(...objects(answer.body));
    next = answer.next;
  }
  return {
    __reviews: untilMerge(reviewsIn(notes), textAt(request, "merged_at")),
    __readyForReviewAt: readyForReviewIn(notes),
  };
}

/** Lists tell neither when work began nor who reviewed. */
async function withReviews(session: Session, project: JsonObject, request: JsonObject): Promise<RawObject> {
  const object = inProject(project, "iid")(request);
  if (textAt(request, "merged_at") === null)
    return { ...object, payload: { ...object.payload, __firstCommit: null } };
  const path = `${projectPath(project)}/merge_requests/${keyAt(request, "iid")}/commits?per_page=${PAGE}`;
  const { body } = await session.http.get(path);
  // The newest comes first.
  const first = objects(body).at(-1);
  const __firstCommit =
    first === undefined ? null : { sha: textAt(first, "id"), authored_at: textAt(first, "authored_date") };
  const services = await servicesOf(session, project, request);
  const reviews = await reviewsOf(session, project, request);
  return { ...object, payload: { ...object.payload, __firstCommit, ...services, ...reviews } };
}

const mergeRequests: Kind = {
  kind: "merge-request",
  title: "Merge requests, with first commits and reviews",
  under: "project",
  incremental: true,
  optional: "merge requests (they are off in the project)",
  list: (session, request) => {
    const project = parentOf(request);
    const first = `${projectPath(project)}/merge_requests?state=all&scope=all&order_by=created_at&sort=asc&per_page=${RICH_PAGE}${sinceOf(request, "updated_after")}`;
    return page(session, first, request.cursor, (one) => withReviews(session, project, one));
  },
  fetch: (session, ref) => {
    const project = projectRef(objectAt(ref, "project"));
    const path = `${projectPath(project)}/merge_requests/${encodeURIComponent(keyAt(ref, "iid"))}`;
    return one(session, path, (found) => withReviews(session, project, found));
  },
};

/** Kinds of a project that need nothing but their list and their one. */
function simple(
  about: Pick<Kind, "kind" | "title" | "optional" | "incremental">,
  path: string,
  key: string,
  { query = "", since = null as string | null } = {},
): Kind {
  return {
    ...about,
    under: "project",
    list: (session, request) => {
      const project = parentOf(request);
      const first = `${projectPath(project)}/${path}?per_page=${PAGE}${query}${since === null ? "" : sinceOf(request, since)}`;
      return page(session, first, request.cursor, inProject(project, key));
    },
    fetch: (session, ref) => {
      const project = projectRef(objectAt(ref, "project"));
      const address = `${projectPath(project)}/${path}/${encodeURIComponent(keyAt(ref, key))}`;
      return one(session, address, inProject(project, key));
    },
  };
}

const commits: Kind = {
  kind: "commit",
  title: "Commits of the default branch",
  under: "project",
  feeds: "commits",
  incremental: true,
  optional: "the repository (it is off or empty)",
  async list(session, request) {
    const project = parentOf(request);
    const repository = (textAt(project, "web_url") ?? "").replace(/^https?:\/\//, "");
    const branch = encodeURIComponent(textAt(project, "default_branch") ?? "main");
    const first = `${projectPath(project)}/repository/commits?ref_name=${branch}&per_page=${PAGE}${sinceOf(request, "since")}`;
    const { body, next } = await session.http.get(request.cursor ?? first);
    return {
      objects: [],
      next,
      commits: objects(body).map((commit) => ({
        ...{ repository, sha: keyAt(commit, "id"), message: textAt(commit, "message") ?? "" },
        parents: Array.isArray(commit["parent_ids"]) ? commit["parent_ids"].map(String) : [],
        authoredAt: utc(textAt(commit, "authored_date")),
        committedAt: utc(textAt(commit, "committed_date")),
        author: `${textAt(commit, "author_name") ?? ""} <${textAt(commit, "author_email") ?? ""}>`,
      })),
    };
  },
};

/** GitLab tells commits' times with their own offsets. */
function utc(time: string | null): string {
  const at = Date.parse(time ?? "");
  return Number.isNaN(at) ? "" : new Date(at).toISOString();
}

export const gitlabKinds: readonly Kind[] = [
  ...[members, projects, mergeRequests, commits],
  simple(
    { kind: "pipeline", title: "Pipelines", incremental: true, optional: "CI/CD (it is off in the project)" },
    "pipelines",
    "id",
    { query: "&order_by=id&sort=asc", since: "updated_after" },
  ),
  simple({ kind: "job", title: "Jobs", optional: "CI/CD (it is off in the project)" }, "jobs", "id"),
  simple(
    {
      kind: "deployment",
      title: "Deployments",
      optional: "deployments (environments are off in the project)",
    },
    "deployments",
    "id",
    { query: "&order_by=id&sort=asc" },
  ),
  simple(
    { kind: "release", title: "Releases", optional: "releases (they are off in the project)" },
    "releases",
    "tag_name",
    { query: "&order_by=created_at&sort=asc" },
  ),
  simple(
    { kind: "tag", title: "Tags", optional: "the repository (it is off or empty)" },
    "repository/tags",
    "name",
    { query: "&order_by=name&sort=asc" },
  ),
];
