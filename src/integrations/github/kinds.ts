/** How GitHub's objects are listed: GraphQL where it saves calls (reviews, first commits, statuses, members). */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, ListRequest, Page, RawObject, Session } from "../connector.ts";
import { HttpError } from "../http-client.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { serviceFolders } from "../service-folders.ts";
import { allPages, graphql } from "./client.ts";
import {
  COMMIT_FIELDS,
  commitFact,
  DEPLOYMENT_FIELDS,
  deploymentObject,
  issueObject,
  logins,
  FILES_FIELD,
  PULL_REQUEST_FIELDS,
  pullRequestObject,
  releaseObject,
  repositoryObject,
  TAG_FIELDS,
  tagObject,
  teamObject,
  userObject,
  workflowRunObject,
} from "./raw-objects.ts";
import { chosenRepositories, type RepositoryRef, repositoryPath, repositoryRef } from "./repository.ts";

const PAGE = 100;
/** Pull requests with reviews cost GraphQL nodes: 50 of them stay far below its limit of 500,000 and its 10 s. */
const RICH_PAGE = 50;
const DAY_MS = 86_400_000;

const isMissing = (error: unknown): boolean => error instanceof HttpError && error.status === 404;

const parentOf = ({ parent }: ListRequest): RepositoryRef => repositoryRef(parent?.ref ?? {});

/** Time before which something that was open at `since` can have begun. */
const daysBefore = (since: string, days: number): string =>
  new Date(Date.parse(since) - days * DAY_MS).toISOString();

/** A page of REST; the cursor is the address of the next one. */
async function restPage(
  session: Session,
  first: string,
  cursor: string | null,
  read: (body: unknown) => RawObject[],
): Promise<Page> {
  const { body, next } = await session.http.get(cursor ?? first);
  const total = numberAt(body, "total_count");
  return { objects: read(body), next, ...(total !== null && { total }) };
}

/** A page of a connection under the repository. */
async function connectionPage(
  session: Session,
  { cursor, ...request }: ListRequest,
  field: string,
  list: { readonly arguments: string; readonly fields: string; readonly size: number },
  read: (node: JsonObject, repository: RepositoryRef) => RawObject,
): Promise<Page & { nodes: JsonObject[] }> {
  const repository = parentOf({ cursor, ...request });
  const query = `query($owner: String!, $name: String!, $after: String) {
    repository(owner: $owner, name: $name) {
      ${field}(first: ${list.size}, after: $after, ${list.arguments}) {
        totalCount pageInfo { hasNextPage endCursor } nodes { ${list.fields} } } } }`;
  const { login: owner } = repository.owner;
  const data = await graphql(session, query, { owner, name: repository.name, after: cursor });
  const connection = objectAt(objectAt(data, "repository"), field);
  const nodes = objectsAt(connection, "nodes");
  const info = objectAt(connection, "pageInfo");
  const total = numberAt(connection, "totalCount");
  return {
    nodes,
    objects: nodes.map((node) => read(node, repository)),
    next: info["hasNextPage"] === true ? textAt(info, "endCursor") : null,
    ...(total !== null && { total }),
  };
}

/** Newest first, until what is older than `since`; everything oldest first, so that new ones come at the end. */
async function sinceConnection(
  session: Session,
  request: ListRequest,
  field: string,
  list: {
    readonly orderBy: string;
    readonly time: string;
    readonly fields: string;
    readonly since: string | null;
  },
  read: (node: JsonObject, repository: RepositoryRef) => RawObject,
): Promise<Page> {
  const { since } = list;
  const order =
    since === null ? "{field: CREATED_AT, direction: ASC}" : `{field: ${list.orderBy}, direction: DESC}`;
  const { nodes, ...page } = await connectionPage(
    session,
    request,
    field,
    { arguments: `orderBy: ${order}`, fields: list.fields, size: RICH_PAGE },
    read,
  );
  if (since === null) return page;
  const fresh = nodes.map((node) => Date.parse(textAt(node, list.time) ?? "") >= Date.parse(since));
  const kept = page.objects.filter((_, index) => fresh[index]);
  return { objects: kept, next: fresh.includes(false) ? null : page.next };
}

const repositories: Kind = {
  kind: "repository",
  title: "Repositories",
  async list(session, { cursor }) {
    const chosen = chosenRepositories(session.settings);
    const owner = encodeURIComponent(session.settings["owner"] ?? "");
    if (chosen !== null) {
      const at = Number(cursor ?? 0);
      const name = chosen[at] ?? "";
      const { body } = await session.http.get(`/repos/${owner}/${encodeURIComponent(name)}`);
      const next = at + 1 < chosen.length ? String(at + 1) : null;
      return { objects: objects([body]).map(repositoryObject), next, total: chosen.length };
    }
    const read = (body: unknown): RawObject[] => objects(body).map(repositoryObject);
    const query = `sort=created&direction=asc&per_page=${PAGE}`;
    try {
      return await restPage(session, `/orgs/${owner}/repos?${query}`, cursor, read);
    } catch (error) {
      if (cursor !== null || !isMissing(error)) throw error;
      return restPage(session, `/users/${owner}/repos?${query}`, null, read);
    }
  },
  async fetch(session, ref) {
    const { body } = await session.http.get(repositoryPath(repositoryRef(ref)));
    return objects([body]).map(repositoryObject)[0] ?? null;
  },
};

const users: Kind = {
  kind: "user",
  title: "Members",
  optional: "the members of the organisation (scope read:org)",
  async list(session, { cursor }) {
    const owner = encodeURIComponent(session.settings["owner"] ?? "");
    const read = (body: unknown): RawObject[] => objects(body).map(userObject);
    try {
      return await restPage(session, `/orgs/${owner}/members?per_page=${PAGE}`, cursor, read);
    } catch (error) {
      if (cursor !== null || !isMissing(error)) throw error;
      // No organisation: a person, who is the only member.
      const { body } = await session.http.get(`/users/${owner}`);
      return { objects: read([body]), next: null };
    }
  },
};

const TEAM_FIELDS = `databaseId name slug description privacy url parentTeam { slug }
  members(first: 100) { pageInfo { hasNextPage } nodes { login } }`;

async function wholeTeam(session: Session, team: JsonObject): Promise<RawObject> {
  const members = objectAt(team, "members");
  if (objectAt(members, "pageInfo")["hasNextPage"] !== true)
    return teamObject(team, logins(members["nodes"]));
  const owner = encodeURIComponent(session.settings["owner"] ?? "");
  const slug = encodeURIComponent(textAt(team, "slug") ?? "");
  const path = `/orgs/${owner}/teams/${slug}/members?per_page=${PAGE}`;
  return teamObject(team, logins(await allPages(session.http, path)));
}

const teams: Kind = {
  kind: "team",
  title: "Teams",
  optional: "the teams of the organisation (scope read:org)",
  async list(session, { cursor }) {
    const query = `query($owner: String!, $after: String) { organization(login: $owner) {
      teams(first: 50, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { ${TEAM_FIELDS} } } } }`;
    try {
      const data = await graphql(session, query, { owner: session.settings["owner"], after: cursor });
      const connection = objectAt(objectAt(data, "organization"), "teams");
      const info = objectAt(connection, "pageInfo");
      const found: RawObject[] = [];
      for (const team of objectsAt(connection, "nodes")) found.push(await wholeTeam(session, team));
      const next = info["hasNextPage"] === true ? textAt(info, "endCursor") : null;
      return { objects: found, next };
    } catch (error) {
      if (!isMissing(error)) throw error;
      return { objects: [], next: null };
    }
  },
  async fetch(session, ref) {
    const query = `query($owner: String!, $slug: String!) { organization(login: $owner) {
      team(slug: $slug) { ${TEAM_FIELDS} } } }`;
    const data = await graphql(session, query, { owner: session.settings["owner"], slug: ref["slug"] });
    const [team] = objects([objectAt(data, "organization")["team"]]);
    return team === undefined ? null : wholeTeam(session, team);
  },
};

const pullRequestFields = ({ settings }: Session): string =>
  serviceFolders(settings).length === 0 ? PULL_REQUEST_FIELDS : `${PULL_REQUEST_FIELDS} ${FILES_FIELD}`;

const pullRequestReader =
  ({ settings }: Session) =>
  (pull: JsonObject, repository: RepositoryRef): RawObject =>
    pullRequestObject(pull, repository, serviceFolders(settings));

const pullRequests: Kind = {
  kind: "pull-request",
  title: "Pull requests",
  under: "repository",
  incremental: true,
  list: (session, request) =>
    sinceConnection(
      session,
      request,
      "pullRequests",
      {
        ...{ orderBy: "UPDATED_AT", time: "updatedAt", since: request.since },
        fields: pullRequestFields(session),
      },
      pullRequestReader(session),
    ),
  fetch: (session, ref) =>
    oneOf(session, ref, `pullRequest(number: ${numberAt(ref, "number") ?? 0})`, {
      fields: pullRequestFields(session),
      read: pullRequestReader(session),
    }),
};

/** One object under a repository; null when GitHub does not know it. */
async function oneOf(
  session: Session,
  ref: JsonObject,
  field: string,
  wanted: {
    readonly fields: string;
    readonly read: (node: JsonObject, repository: RepositoryRef) => RawObject;
  },
): Promise<RawObject | null> {
  const repository = repositoryRef(objectAt(ref, "repository"));
  const query = `query($owner: String!, $name: String!) {
    repository(owner: $owner, name: $name) { one: ${field} { ${wanted.fields} } } }`;
  try {
    const variables = { owner: repository.owner.login, name: repository.name };
    const [one] = objects([objectAt(await graphql(session, query, variables), "repository")["one"]]);
    return one === undefined ? null : wanted.read(one, repository);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const deployments: Kind = {
  kind: "deployment",
  title: "Deployments and their statuses",
  under: "repository",
  incremental: true,
  list: (session, request) => {
    // A deployment's statuses come after it: what began a week before may have ended since.
    const since = request.since === null ? null : daysBefore(request.since, 7);
    const list = { orderBy: "CREATED_AT", time: "createdAt", fields: DEPLOYMENT_FIELDS, since };
    return sinceConnection(session, request, "deployments", list, deploymentObject);
  },
  async fetch(session, ref) {
    const repository = repositoryRef(objectAt(ref, "repository"));
    const query = `query($id: ID!) { node(id: $id) { ... on Deployment { ${DEPLOYMENT_FIELDS} } } }`;
    try {
      const { node } = await graphql(session, query, { id: ref["nodeId"] });
      const [found] = objects([node]);
      return found === undefined ? null : deploymentObject(found, repository);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
};

const commits: Kind = {
  kind: "commit",
  title: "Commits of the default branch",
  under: "repository",
  feeds: "commits",
  incremental: true,
  async list(session, { cursor, since, parent }) {
    const repository = repositoryRef(parent?.ref ?? {});
    const query = `query($owner: String!, $name: String!, $after: String, $since: GitTimestamp) {
      repository(owner: $owner, name: $name) { defaultBranchRef { target { ... on Commit {
        history(first: ${PAGE}, after: $after, since: $since) {
          totalCount pageInfo { hasNextPage endCursor } nodes { ${COMMIT_FIELDS} } } } } } } }`;
    const { login: owner } = repository.owner;
    const data = await graphql(session, query, { owner, name: repository.name, after: cursor, since });
    const branch = objectAt(objectAt(data, "repository"), "defaultBranchRef");
    const history = objectAt(objectAt(branch, "target"), "history");
    const info = objectAt(history, "pageInfo");
    const total = numberAt(history, "totalCount");
    return {
      objects: [],
      commits: objectsAt(history, "nodes").map((node) => commitFact(node, repository)),
      next: info["hasNextPage"] === true ? textAt(info, "endCursor") : null,
      ...(total !== null && { total }),
    };
  },
};

const workflowRuns: Kind = {
  kind: "workflow-run",
  title: "Workflow runs",
  under: "repository",
  incremental: true,
  optional: "GitHub Actions (it is off in the repository, or the token may not read actions)",
  list: (session, request) => {
    const repository = parentOf(request);
    // A run may take its time, and be run again: GitHub filters by when it was created only.
    const created =
      request.since === null ? "" : `&created=${encodeURIComponent(`>=${daysBefore(request.since, 3)}`)}`;
    const first = `${repositoryPath(repository)}/actions/runs?per_page=${PAGE}${created}`;
    return restPage(session, first, request.cursor, (body) =>
      objectsAt(body, "workflow_runs").map((run) => workflowRunObject(run, repository)),
    );
  },
};

const releases: Kind = {
  kind: "release",
  title: "Releases",
  under: "repository",
  async list(session, request) {
    const repository = parentOf(request);
    const first = `${repositoryPath(repository)}/releases?per_page=${PAGE}`;
    const { body, next } = await session.http.get(request.cursor ?? first);
    const found = objects(body);
    return { objects: await withTags(session, repository, found), next };
  },
  async fetch(session, ref) {
    const repository = repositoryRef(objectAt(ref, "repository"));
    try {
      const path = `${repositoryPath(repository)}/releases/${encodeURIComponent(keyAt(ref, "id"))}`;
      const { body } = await session.http.get(path);
      return (await withTags(session, repository, objects([body])))[0] ?? null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
};

/** REST tells the branch of a release but not its commit: one GraphQL question for all tags of the page. */
async function withTags(
  session: Session,
  repository: RepositoryRef,
  found: readonly JsonObject[],
): Promise<RawObject[]> {
  const names = found.map((release) => textAt(release, "tag_name") ?? "");
  const fields = names.map((_, i) => `t${i}: ref(qualifiedName: $t${i}) { ${TAG_FIELDS} }`);
  if (fields.length === 0) return [];
  const query = `query($owner: String!, $name: String!, ${names.map((_, i) => `$t${i}: String!`).join(", ")}) {
    repository(owner: $owner, name: $name) { ${fields.join(" ")} } }`;
  const data = await graphql(session, query, {
    ...{ owner: repository.owner.login, name: repository.name },
    ...Object.fromEntries(names.map((name, i) => [`t${i}`, `refs/tags/${name}`])),
  });
  const tags = objectAt(data, "repository");
  return found.map((release, i) => {
    const tag = tagObject(objectAt(tags, `t${i}`), repository).payload;
    return releaseObject(release, repository, textAt(tag["commit"], "sha"));
  });
}

const tags: Kind = {
  kind: "tag",
  title: "Tags",
  under: "repository",
  async list(session, request) {
    const list = { arguments: `refPrefix: "refs/tags/"`, fields: TAG_FIELDS, size: PAGE };
    const { nodes: _, ...page } = await connectionPage(session, request, "refs", list, tagObject);
    return page;
  },
  fetch: (session, ref) =>
    oneOf(session, ref, `ref(qualifiedName: ${JSON.stringify(`refs/tags/${textAt(ref, "name") ?? ""}`)})`, {
      fields: TAG_FIELDS,
      read: tagObject,
    }),
};

const issues: Kind = {
  kind: "issue",
  title: "Issues",
  under: "repository",
  incremental: true,
  optional: "issues (they are off in the repository, or the token may not read them)",
  list: (session, request) => {
    const repository = parentOf(request);
    const since = request.since === null ? "" : `&since=${encodeURIComponent(request.since)}`;
    const first = `${repositoryPath(repository)}/issues?state=all&sort=created&direction=asc&per_page=${PAGE}${since}`;
    // REST lists pull requests among issues.
    return restPage(session, first, request.cursor, (body) =>
      objects(body)
        .filter((issue) => issue["pull_request"] === undefined)
        .map((issue) => issueObject(issue, repository)),
    );
  },
};

export const githubKinds: readonly Kind[] = [
  ...[users, teams, repositories, pullRequests, commits],
  ...[workflowRuns, deployments, releases, tags, issues],
];
