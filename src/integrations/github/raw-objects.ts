/** GitHub's objects as the mapping sees them: the shape of REST, whether they come by REST, GraphQL or webhook. */
import type { JsonObject } from "../../model/json.ts";
import type { RawCommit, RawObject } from "../connector.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { servicesIn } from "../service-folders.ts";
import { type RepositoryRef, repositoryName, repositoryRef } from "./repository.ts";

export function repositoryObject(repository: JsonObject): RawObject {
  return {
    key: keyAt(repository, "id"),
    version: textAt(repository, "updated_at"),
    payload: repository,
    ref: repositoryRef(repository),
  };
}

export const userObject = (user: JsonObject): RawObject => ({
  key: keyAt(user, "id"),
  version: null,
  payload: user,
});

/** From GraphQL's Team and the logins of its members. */
export function teamObject(team: JsonObject, members: readonly string[]): RawObject {
  const parent = textAt(objectAt(team, "parentTeam"), "slug");
  return {
    key: keyAt(team, "databaseId"),
    version: null,
    payload: {
      id: numberAt(team, "databaseId"),
      ...{ name: textAt(team, "name"), slug: textAt(team, "slug"), description: textAt(team, "description") },
      html_url: textAt(team, "url"),
      // GraphQL calls a team that all see VISIBLE, REST calls it closed.
      privacy: textAt(team, "privacy") === "SECRET" ? "secret" : "closed",
      parent: parent === null ? null : { slug: parent },
      __members: [...members].sort().map((login) => ({ login })),
    },
  };
}

/** Fields of PullRequest; the first commit by `commits(first: 1)`, which GraphQL gives in the order of the branch. */
export const PULL_REQUEST_FIELDS = `
  fullDatabaseId number title url state isDraft createdAt updatedAt closedAt mergedAt
  additions deletions changedFiles headRefName headRefOid baseRefName
  mergeCommit { oid } author { __typename login } headRepository { name nameWithOwner }
  labels(first: 50) { nodes { name } } assignees(first: 20) { nodes { login } }
  reviewRequests(first: 20) { nodes { requestedReviewer { ... on User { login } ... on Team { slug } } } }
  reviews(first: 100) { nodes { state submittedAt author { __typename login } } }
  commits(first: 1) { totalCount nodes { commit { oid authoredDate committedDate } } }
  timelineItems(itemTypes: [READY_FOR_REVIEW_EVENT], first: 1) { nodes { ... on ReadyForReviewEvent { createdAt } } }`;

/** The files of a pull request: only where services are told by folders, for a page of fifty has 5,000 of them. */
export const FILES_FIELD = "files(first: 100) { nodes { path } }";

const nodesAt = (from: unknown, key: string): JsonObject[] => objectsAt(objectAt(from, key), "nodes");

const account = (author: JsonObject): JsonObject | null => {
  const login = textAt(author, "login");
  return login === null ? null : { login, type: textAt(author, "__typename") === "Bot" ? "Bot" : "User" };
};

/** @param folders those whose folders are services (setting `serviceFolders`) */
export function pullRequestObject(
  pull: JsonObject,
  repository: RepositoryRef,
  folders: readonly string[],
): RawObject {
  const number = numberAt(pull, "number");
  const [first] = nodesAt(pull, "commits").map((node) => objectAt(node, "commit"));
  const head = objectAt(pull, "headRepository");
  const reviewers = nodesAt(pull, "reviewRequests").map((node) => objectAt(node, "requestedReviewer"));
  return {
    key: `${repository.id}/${number ?? 0}`,
    parent: repository.id,
    version: textAt(pull, "updatedAt"),
    payload: {
      // BigInt as text; a float holds it exactly for centuries.
      id: Number(textAt(pull, "fullDatabaseId") ?? "0"),
      ...{ number, title: textAt(pull, "title"), html_url: textAt(pull, "url") },
      state: textAt(pull, "state") === "OPEN" ? "open" : "closed",
      draft: pull["isDraft"] === true,
      merged: textAt(pull, "mergedAt") !== null,
      ...{ created_at: textAt(pull, "createdAt"), updated_at: textAt(pull, "updatedAt") },
      ...{ closed_at: textAt(pull, "closedAt"), merged_at: textAt(pull, "mergedAt") },
      merge_commit_sha: textAt(objectAt(pull, "mergeCommit"), "oid"),
      user: account(objectAt(pull, "author")),
      head: {
        ...{ ref: textAt(pull, "headRefName"), sha: textAt(pull, "headRefOid") },
        repo: { name: textAt(head, "name"), full_name: textAt(head, "nameWithOwner") },
      },
      base: { ref: textAt(pull, "baseRefName"), repo: repository },
      labels: nodesAt(pull, "labels").map((label) => ({ name: textAt(label, "name") })),
      assignees: nodesAt(pull, "assignees").map((user) => ({ login: textAt(user, "login") })),
      requested_reviewers: reviewers.map((who) => ({ login: textAt(who, "login") ?? textAt(who, "slug") })),
      ...{ additions: numberAt(pull, "additions"), deletions: numberAt(pull, "deletions") },
      changed_files: numberAt(pull, "changedFiles"),
      commits: numberAt(objectAt(pull, "commits"), "totalCount"),
      __reviews: nodesAt(pull, "reviews")
        .map((review) => ({
          state: textAt(review, "state"),
          submitted_at: textAt(review, "submittedAt"),
          user: account(objectAt(review, "author")),
        }))
        .filter((review) => review.submitted_at !== null),
      __firstCommit:
        first === undefined
          ? null
          : { sha: textAt(first, "oid"), authored_at: textAt(first, "authoredDate") },
      __services: servicesIn(
        nodesAt(pull, "files").map((file) => textAt(file, "path") ?? ""),
        folders,
      ),
      __readyForReviewAt: textAt(nodesAt(pull, "timelineItems")[0], "createdAt"),
      __repository: repository,
    },
  };
}

export const DEPLOYMENT_FIELDS = `
  databaseId commitOid createdAt updatedAt environment task description ref { name } creator { __typename login }
  statuses(first: 100) { nodes { state createdAt environmentUrl logUrl description } }`;

/** States that end a deployment; `inactive` only says that a later one took its place. */
const ENDS = new Set(["success", "failure", "error"]);

export function deploymentObject(deployment: JsonObject, repository: RepositoryRef): RawObject {
  const statuses = nodesAt(deployment, "statuses")
    .map((status) => ({
      state: (textAt(status, "state") ?? "").toLowerCase(),
      created_at: textAt(status, "createdAt") ?? "",
      environment_url: textAt(status, "environmentUrl"),
      log_url: textAt(status, "logUrl"),
      description: textAt(status, "description"),
    }))
    .sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
  const updated = textAt(deployment, "updatedAt") ?? "";
  const last = statuses.at(-1)?.created_at ?? "";
  return {
    key: keyAt(deployment, "databaseId"),
    parent: repository.id,
    version: last > updated ? last : updated,
    payload: {
      id: numberAt(deployment, "databaseId"),
      sha: textAt(deployment, "commitOid"),
      ref: textAt(objectAt(deployment, "ref"), "name"),
      ...{ task: textAt(deployment, "task"), description: textAt(deployment, "description") },
      environment: textAt(deployment, "environment"),
      ...{ created_at: textAt(deployment, "createdAt"), updated_at: updated },
      creator: account(objectAt(deployment, "creator")),
      __statuses: statuses,
      /** Null while it runs. */
      __finished: statuses.find((status) => ENDS.has(status.state)) ?? null,
      __repository: repository,
    },
  };
}

/** The states of a run follow each other within one second, which its time of update does not tell apart. */
const RUN_RANKS: Readonly<Record<string, number>> = { completed: 2, in_progress: 1 };

export function workflowRunObject(run: JsonObject, repository: RepositoryRef): RawObject {
  const attempt = String(numberAt(run, "run_attempt") ?? 1).padStart(4, "0");
  const rank = RUN_RANKS[textAt(run, "status") ?? ""] ?? 0;
  return {
    key: keyAt(run, "id"),
    parent: repository.id,
    version: `${attempt} ${rank} ${textAt(run, "updated_at") ?? ""}`,
    payload: { ...slim(run), __repository: repository },
  };
}

export function issueObject(issue: JsonObject, repository: RepositoryRef): RawObject {
  return {
    key: keyAt(issue, "id"),
    parent: repository.id,
    version: textAt(issue, "updated_at"),
    payload: { ...slim(issue), __repository: repository },
  };
}

/** @param sha the commit of its tag; null when there is no such tag (a draft) */
export function releaseObject(release: JsonObject, repository: RepositoryRef, sha: string | null): RawObject {
  const { body: _, ...short } = slim(release);
  return {
    key: keyAt(release, "id"),
    parent: repository.id,
    version: textAt(release, "updated_at") ?? textAt(release, "published_at"),
    payload: {
      ...slim(release),
      // Guides for Port's app for GitHub read `.release.tag_name` and `.repo.name`.
      ...{ release: short, repo: repository },
      ...{ __tagSha: sha, __repository: repository },
    },
  };
}

/** Runs carry two whole repositories of 6 kB each. */
function slim(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => key !== "repository" && key !== "head_repository"),
  );
}

/** Fields of a Ref under refs/tags: a lightweight tag points at the commit, an annotated one at a Tag. */
export const TAG_FIELDS = `
  name target { __typename oid ... on Commit { committedDate }
    ... on Tag { tagger { date } target { __typename oid ... on Commit { committedDate } } } }`;

export function tagObject(tag: JsonObject, repository: RepositoryRef): RawObject {
  const name = textAt(tag, "name") ?? "";
  const target = objectAt(tag, "target");
  const isAnnotated = textAt(target, "__typename") === "Tag";
  const commit = isAnnotated ? objectAt(target, "target") : target;
  const isCommit = textAt(commit, "__typename") === "Commit";
  const committed = textAt(commit, "committedDate");
  return {
    key: `${repository.id}/${name}`,
    parent: repository.id,
    version: null,
    payload: {
      name,
      commit: isCommit ? { sha: textAt(commit, "oid") } : null,
      __annotated: isAnnotated,
      /** As for git imports: when it was tagged, or else committed. */
      __date: (isAnnotated ? textAt(objectAt(target, "tagger"), "date") : null) ?? committed,
      __repository: repository,
    },
  };
}

export const COMMIT_FIELDS = `
  oid message authoredDate committedDate author { name email } parents(first: 20) { nodes { oid } }`;

export function commitFact(commit: JsonObject, repository: RepositoryRef): RawCommit {
  const author = objectAt(commit, "author");
  return {
    repository: repositoryName(repository),
    sha: textAt(commit, "oid") ?? "",
    parents: nodesAt(commit, "parents").flatMap((parent) => textAt(parent, "oid") ?? []),
    authoredAt: textAt(commit, "authoredDate") ?? "",
    committedAt: textAt(commit, "committedDate") ?? "",
    author: `${textAt(author, "name") ?? ""} <${textAt(author, "email") ?? ""}>`,
    message: textAt(commit, "message") ?? "",
  };
}

export const logins = (nodes: unknown): string[] =>
  objects(nodes).flatMap((node) => textAt(node, "login") ?? []);
