/** How Bitbucket Cloud's objects are listed (developer.atlassian.com/cloud/bitbucket/rest). */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, ListRequest, Page, RawObject, Session } from "../connector.ts";
import type { HttpAnswer } from "../http-client.ts";
import { orNull } from "../or-null.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { untilMerge } from "../reviews.ts";
import { serviceFolders, servicesIn } from "../service-folders.ts";

const PAGE = 100;
/** Bitbucket's most for pull requests. */
const PULL_PAGE = 50;
/** Pages of what belongs to one pull request: 500 entries. */
const MAX_PAGES = 10;
const DAY_MS = 86_400_000;

/** What the objects of a repository carry as `.__repository`. */
export const repositoryRef = (repository: JsonObject): JsonObject => ({
  ...{ uuid: keyAt(repository, "uuid"), slug: slugOf(repository), name: textAt(repository, "name") },
  full_name: textAt(repository, "full_name"),
  html_url: textAt(objectAt(objectAt(repository, "links"), "html"), "href"),
  mainbranch: textAt(objectAt(repository, "mainbranch"), "name") ?? "main",
});

const slugOf = (repository: JsonObject): string =>
  textAt(repository, "slug") ?? (textAt(repository, "full_name") ?? "").split("/")[1] ?? "";

const repositoryPath = (repository: JsonObject): string =>
  `/repositories/${(textAt(repository, "full_name") ?? "").split("/").map(encodeURIComponent).join("/")}`;

const parentOf = ({ parent }: ListRequest): JsonObject => parent?.ref ?? {};

/** The address of the next page. Some lists (pipelines) leave it out and give only numbers. */
function nextOf({ body }: HttpAnswer, asked: string): string | null {
  const next = textAt(body, "next");
  if (next !== null) return next;
  const page = numberAt(body, "page") ?? 0;
  const isLast = page * (numberAt(body, "pagelen") ?? 0) >= (numberAt(body, "size") ?? 0);
  if (page === 0 || isLast) return null;
  return `${asked.replace(/[?&]page=\d+/, "")}${asked.includes("?") ? "&" : "?"}page=${page + 1}`;
}

interface FoundPage {
  readonly page: Page;
  /** As they were told, in the order of the page's objects. */
  readonly found: readonly JsonObject[];
}

async function pageOf(
  session: Session,
  first: string,
  cursor: string | null,
  read: (object: JsonObject) => RawObject | Promise<RawObject>,
): Promise<FoundPage> {
  const asked = cursor ?? first;
  const answer = await session.http.get(asked);
  const found = objectsAt(answer.body, "values");
  const raw: RawObject[] = [];
  for (const object of found) raw.push(await read(object));
  const total = numberAt(answer.body, "size");
  return { found, page: { objects: raw, next: nextOf(answer, asked), ...(total !== null && { total }) } };
}

async function allOf(session: Session, first: string): Promise<JsonObject[]> {
  const all: JsonObject[] = [];
  let next: string | null = first;
  for (let pages = 0; next !== null && pages < MAX_PAGES; pages += 1) {
    const answer: HttpAnswer = await session.http.get(next);
    all.push(...objectsAt(answer.body, "values"));
    next = nextOf(answer, next);
  }
  return all;
}

const one = async (session: Session, path: string): Promise<JsonObject | null> =>
  objects([(await orNull(session.http.get(path)))?.body])[0] ?? null;

/** Only what is not older: lists that cannot be filtered come newest first. */
function upTo({ page, found }: FoundPage, oldest: string | null, time: (one: JsonObject) => string): Page {
  if (oldest === null) return page;
  const limit = Date.parse(oldest);
  const fresh = found.map((object) => !(Date.parse(time(object)) < limit));
  const kept = page.objects.filter((_, index) => fresh[index]);
  return { objects: kept, next: fresh.includes(true) ? page.next : null };
}

/** What began three days before may have ended since. */
const daysBefore = (since: string | null): string | null =>
  since === null ? null : new Date(Date.parse(since) - 3 * DAY_MS).toISOString();

const repositoryObject = (repository: JsonObject): RawObject => ({
  key: keyAt(repository, "uuid"),
  version: textAt(repository, "updated_on"),
  payload: repository,
  ref: repositoryRef(repository),
});

const repositories: Kind = {
  kind: "repository",
  title: "Repositories",
  list: async (session, { cursor }) => {
    const workspace = encodeURIComponent(session.settings["workspace"] ?? "");
    const first = `/repositories/${workspace}?sort=created_on&pagelen=${PAGE}`;
    return (await pageOf(session, first, cursor, repositoryObject)).page;
  },
  async fetch(session, ref) {
    const found = await one(session, repositoryPath(ref));
    return found === null ? null : repositoryObject(found);
  },
};

/** Lists tell neither when it was merged, nor when work began, nor who reviewed. */
async function withActivity(session: Session, repository: JsonObject, pull: JsonObject): Promise<RawObject> {
  const number = keyAt(pull, "id");
  const path = `${repositoryPath(repository)}/pullrequests/${encodeURIComponent(number)}`;
  const isMerged = textAt(pull, "state") === "MERGED";
  // Pull requests shorten their hashes; deployments and commits do not.
  const short = textAt(objectAt(pull, "merge_commit"), "hash");
  const commitPath = `${repositoryPath(repository)}/commit/${encodeURIComponent(short ?? "")}`;
  const folders = serviceFolders(session.settings);
  const [activity, commits, commit, files] = await Promise.all([
    isMerged ? allOf(session, `${path}/activity?pagelen=${PULL_PAGE}`) : [],
    // The newest comes first.
    isMerged ? allOf(session, `${path}/commits?pagelen=${PAGE}`) : [],
    isMerged && short !== null ? one(session, commitPath) : null,
    folders.length > 0 ? allOf(session, `${path}/diffstat?pagelen=${PAGE}`) : [],
  ]);
  const paths = files.flatMap((file) =>
    ["old", "new"].flatMap((side) => textAt(objectAt(file, side), "path") ?? []),
  );
  const merge = activity
    .map((entry) => objectAt(entry, "update"))
    .find((one) => textAt(one, "state") === "MERGED");
  const mergedOn = textAt(merge, "date") ?? textAt(pull, "updated_on");
  return {
    key: `${keyAt(repository, "uuid")}/${number}`,
    version: textAt(pull, "updated_on"),
    payload: {
      ...pull,
      ...{ __repository: repository, __services: servicesIn(paths, folders) },
      ...(isMerged && {
        __mergedOn: mergedOn,
        __firstCommit: commits.at(-1) ?? null,
        __lastCommit: commits[0] ?? null,
        __mergeSha: textAt(commit, "hash") ?? short,
        __reviews: untilMerge(activity.flatMap(reviewIn), mergedOn),
      }),
    },
  };
}

interface Review {
  readonly what: string;
  readonly at: string;
  /** The UUID: names are not unique. */
  readonly user: string;
  readonly name: string | null;
  readonly type: string | null;
}

/** Who approved, asked for changes or commented, and when. */
function reviewIn(entry: JsonObject): Review[] {
  for (const what of ["approval", "changes_requested", "comment"]) {
    const told = objectAt(entry, what);
    const at = textAt(told, "date") ?? textAt(told, "created_on");
    if (at === null) continue;
    const user = objectAt(told, "user");
    const name = textAt(user, "nickname") ?? textAt(user, "display_name");
    return [{ what, at, user: keyAt(user, "uuid"), name, type: textAt(user, "type") }];
  }
  return [];
}

const pullRequests: Kind = {
  kind: "pull-request",
  title: "Pull requests, with first commits and reviews",
  under: "repository",
  incremental: true,
  list: async (session, request) => {
    const repository = parentOf(request);
    const states = ["OPEN", "MERGED", "DECLINED", "SUPERSEDED"].map((state) => `state=${state}`).join("&");
    const query = request.since === null ? "" : `&q=${encodeURIComponent(`updated_on>=${request.since}`)}`;
    const first = `${repositoryPath(repository)}/pullrequests?${states}&sort=created_on&pagelen=${PULL_PAGE}${query}`;
    const { page } = await pageOf(session, first, request.cursor, (pull) =>
      withActivity(session, repository, pull),
    );
    return page;
  },
  async fetch(session, ref) {
    const told = await one(session, repositoryPath(ref));
    if (told === null) return null;
    const repository = repositoryRef(told);
    const path = `${repositoryPath(repository)}/pullrequests/${encodeURIComponent(keyAt(ref, "number"))}`;
    const found = await one(session, path);
    return found === null ? null : withActivity(session, repository, found);
  },
};

const commits: Kind = {
  kind: "commit",
  title: "Commits of the main branch",
  under: "repository",
  feeds: "commits",
  incremental: true,
  optional: "the commits (the repository is empty)",
  async list(session, request) {
    const given = parentOf(request);
    // A push names its branch, but not which one is the main one.
    const pushed = textAt(given, "pushed");
    const found = pushed === null ? null : await one(session, repositoryPath(given));
    const repository = found === null ? given : repositoryRef(found);
    const branch = textAt(repository, "mainbranch") ?? "main";
    if (pushed !== null && pushed !== branch) return { objects: [], commits: [], next: null };
    const first = `${repositoryPath(repository)}/commits/${encodeURIComponent(branch)}?pagelen=${PAGE}`;
    const asked = request.cursor ?? first;
    const answer = await session.http.get(asked);
    const all = objectsAt(answer.body, "values");
    const limit = request.since === null ? 0 : Date.parse(request.since);
    const fresh = all.filter((commit) => Date.parse(textAt(commit, "date") ?? "") >= limit);
    const name = (textAt(repository, "html_url") ?? "").replace(/^https?:\/\//, "");
    return {
      objects: [],
      next: fresh.length < all.length ? null : nextOf(answer, asked),
      commits: fresh.map((commit) => {
        const at = new Date(Date.parse(textAt(commit, "date") ?? "")).toISOString();
        return {
          ...{ repository: name, sha: keyAt(commit, "hash"), message: textAt(commit, "message") ?? "" },
          parents: objectsAt(commit, "parents").map((parent) => keyAt(parent, "hash")),
          // Bitbucket tells one time.
          ...{ authoredAt: at, committedAt: at, author: textAt(objectAt(commit, "author"), "raw") ?? "" },
        };
      }),
    };
  },
};

const pipelineObject =
  (repository: JsonObject) =>
  (pipeline: JsonObject): RawObject => ({
    key: `${keyAt(repository, "uuid")}/${keyAt(pipeline, "build_number")}`,
    version: textAt(pipeline, "completed_on") ?? textAt(pipeline, "created_on"),
    payload: { ...pipeline, __repository: repository },
  });

const NO_PIPELINES = "pipelines (they are off in the repository, or the token may not read them)";

const pipelines: Kind = {
  kind: "pipeline",
  title: "Pipelines",
  under: "repository",
  incremental: true,
  forgets: true,
  optional: NO_PIPELINES,
  list: async (session, request) => {
    const repository = parentOf(request);
    const first = `${repositoryPath(repository)}/pipelines?sort=-created_on&pagelen=${PAGE}`;
    const page = await pageOf(session, first, request.cursor, pipelineObject(repository));
    return upTo(page, daysBefore(request.since), (pipeline) => textAt(pipeline, "created_on") ?? "");
  },
  /** Build statuses name the number of a pipeline; pipelines are asked for by commit or UUID. */
  async fetch(session, ref) {
    const told = await one(session, repositoryPath(ref));
    if (told === null) return null;
    const repository = repositoryRef(told);
    const query = `target.commit.hash=${encodeURIComponent(keyAt(ref, "sha"))}&sort=-created_on&pagelen=${PAGE}`;
    const found = (await allOf(session, `${repositoryPath(repository)}/pipelines?${query}`)).find(
      (pipeline) => keyAt(pipeline, "build_number") === keyAt(ref, "number"),
    );
    return found === undefined ? null : pipelineObject(repository)(found);
  },
};

const deployments: Kind = {
  kind: "deployment",
  title: "Deployments",
  under: "repository",
  incremental: true,
  forgets: true,
  optional: NO_PIPELINES,
  /** The newest first; only those of the first page for an event, which asks with `latest`. */
  list: async (session, request) => {
    const repository = parentOf(request);
    const path = repositoryPath(repository);
    // A deployment names its environment by UUID only.
    const known = new Map(
      (await allOf(session, `${path}/environments?pagelen=${PAGE}`)).map((one) => [keyAt(one, "uuid"), one]),
    );
    const first = `${path}/deployments?sort=-state.started_on&pagelen=${PAGE}`;
    const page = await pageOf(session, first, request.cursor, (deployment) => ({
      key: `${keyAt(repository, "uuid")}/${keyAt(deployment, "uuid")}`,
      version: startOf(deployment),
      payload: {
        ...{ ...deployment, __repository: repository },
        __environment: known.get(keyAt(objectAt(deployment, "environment"), "uuid")) ?? null,
      },
    }));
    const { next, ...latest } = upTo(page, daysBefore(request.since), (one) => startOf(one) ?? "");
    return { ...latest, next: repository["latest"] === true ? null : next };
  },
};

/** The reference calls it one way, the answers another. */
const startOf = (deployment: JsonObject): string | null => {
  const state = objectAt(deployment, "state");
  return textAt(state, "started_on") ?? textAt(state, "start_date");
};

const tagObject =
  (repository: JsonObject) =>
  (tag: JsonObject): RawObject => ({
    key: `${keyAt(repository, "uuid")}/${textAt(tag, "name") ?? ""}`,
    version: null,
    payload: { ...tag, __repository: repository },
  });

const tags: Kind = {
  kind: "tag",
  title: "Tags",
  under: "repository",
  list: async (session, request) => {
    const repository = parentOf(request);
    const first = `${repositoryPath(repository)}/refs/tags?sort=name&pagelen=${PAGE}`;
    return (await pageOf(session, first, request.cursor, tagObject(repository))).page;
  },
  async fetch(session, ref) {
    const told = await one(session, repositoryPath(ref));
    if (told === null) return null;
    const repository = repositoryRef(told);
    const path = `${repositoryPath(repository)}/refs/tags/${encodeURIComponent(keyAt(ref, "name"))}`;
    const found = await one(session, path);
    return found === null ? null : tagObject(repository)(found);
  },
};

export const bitbucketKinds: readonly Kind[] = [
  ...[repositories, pullRequests, commits, pipelines, deployments, tags],
];
