/** Azure DevOps objects as the mapping sees them: the shape of REST, and what is added as `__…`. */
import type { JsonObject } from "../../model/json.ts";
import type { RawObject, Settings } from "../connector.ts";
import { listed } from "../listed.ts";
import { keyAt, objectAt, objectsAt, textAt } from "../read-json.ts";

/** What the objects of a repository carry as `.__repository`. */
export const repositoryRef = (repository: JsonObject): JsonObject => {
  const project = objectAt(repository, "project");
  return {
    id: keyAt(repository, "id"),
    name: textAt(repository, "name"),
    webUrl: textAt(repository, "webUrl"),
    defaultBranch: textAt(repository, "defaultBranch") ?? "refs/heads/main",
    project: { id: keyAt(project, "id"), name: textAt(project, "name") },
  };
};

/** Is the project one that the data source is limited to? */
export function isChosen(settings: Settings, project: unknown): boolean {
  const chosen = listed(settings["projects"]).map((name) => name.toLowerCase());
  return chosen.length === 0 || chosen.includes((textAt(project, "name") ?? "").toLowerCase());
}

export const projectObject = (project: JsonObject): RawObject => ({
  key: keyAt(project, "id"),
  version: textAt(project, "lastUpdateTime"),
  payload: project,
  ref: { id: keyAt(project, "id"), name: textAt(project, "name") },
});

/** Azure DevOps does not tell when a repository was changed. */
export const repositoryObject = (repository: JsonObject): RawObject => ({
  key: keyAt(repository, "id"),
  parent: keyAt(objectAt(repository, "project"), "id"),
  version: null,
  payload: repository,
  ref: repositoryRef(repository),
});

interface Review {
  /** The id of an identity. */
  readonly author: string;
  readonly name: string | null;
  readonly at: string | null;
  readonly vote: number | null;
}

const nameOf = (identity: JsonObject): string | null =>
  textAt(identity, "uniqueName") ?? textAt(identity, "displayName");

/** Who said something about a pull request, when, and with which vote (10, 5, 0, -5, -10; null: a comment). */
export function reviewsIn(threads: readonly JsonObject[]): Review[] {
  return threads.flatMap((thread): Review[] => {
    const properties = objectAt(thread, "properties");
    const comments = objectsAt(thread, "comments");
    if (propertyAt(properties, "CodeReviewThreadType") !== "VoteUpdate")
      return comments
        .filter((comment) => textAt(comment, "commentType") === "text")
        .map((comment) => ({
          author: keyAt(objectAt(comment, "author"), "id"),
          name: nameOf(objectAt(comment, "author")),
          at: textAt(comment, "publishedDate"),
          vote: null,
        }));
    const voter = objectAt(
      objectAt(thread, "identities"),
      propertyAt(properties, "CodeReviewVotedByIdentity"),
    );
    const vote = Number(propertyAt(properties, "CodeReviewVoteResult"));
    // Zero takes a vote back.
    if (!Number.isFinite(vote) || vote === 0) return [];
    const who = keyAt(voter, "id") === "" ? objectAt(comments[0], "author") : voter;
    const at = textAt(thread, "publishedDate");
    return [{ author: keyAt(who, "id"), name: nameOf(who), at, vote }];
  });
}

/** When it was first published; null where it was never a draft. */
export function readyForReviewIn(threads: readonly JsonObject[]): string | null {
  const times = threads.flatMap((thread) => {
    const properties = objectAt(thread, "properties");
    const isPublished =
      propertyAt(properties, "CodeReviewThreadType") === "IsDraftUpdate" &&
      !/^(1|true)$/i.test(propertyAt(properties, "CodeReviewIsDraftNowSet"));
    return isPublished ? (textAt(thread, "publishedDate") ?? []) : [];
  });
  return times.sort()[0] ?? null;
}

/** Properties come as `{$type, $value}`. */
const propertyAt = (properties: JsonObject, name: string): string =>
  keyAt(objectAt(properties, name), "$value");

/** Where the code of a build came from: `.__repository` for repositories of Azure DevOps itself. */
export const buildObject = (build: JsonObject, repositories: ReadonlyMap<string, JsonObject>): RawObject => ({
  key: keyAt(build, "id"),
  parent: keyAt(objectAt(build, "project"), "id"),
  version: textAt(build, "lastChangedDate"),
  payload: withRepository(build, repositories),
});

export const pipelineObject = (
  definition: JsonObject,
  repositories: ReadonlyMap<string, JsonObject>,
): RawObject => ({
  key: `${keyAt(objectAt(definition, "project"), "id")}/${keyAt(definition, "id")}`,
  parent: keyAt(objectAt(definition, "project"), "id"),
  version: null,
  payload: withRepository(definition, repositories),
});

const withRepository = (object: JsonObject, repositories: ReadonlyMap<string, JsonObject>): JsonObject => ({
  ...object,
  __repository: repositories.get(keyAt(objectAt(object, "repository"), "id")) ?? null,
});

export const releaseObject =
  (project: JsonObject) =>
  (release: JsonObject): RawObject => ({
    key: `${keyAt(project, "id")}/${keyAt(release, "id")}`,
    parent: keyAt(project, "id"),
    version: textAt(release, "modifiedOn"),
    payload: { ...release, __project: project },
  });

/** `.__source`: repository, commit and branch of the primary artifact, of a build or of a repository. */
export function deploymentObject(
  deployment: JsonObject,
  project: JsonObject,
  repositories: ReadonlyMap<string, JsonObject>,
): RawObject {
  const artifacts = objectsAt(objectAt(deployment, "release"), "artifacts");
  const artifact = artifacts.find((one) => one["isPrimary"] === true) ?? artifacts[0];
  const told = objectAt(artifact, "definitionReference");
  const idOf = (name: string): string | null => textAt(objectAt(told, name), "id");
  const isGit = textAt(artifact, "type") === "Git";
  return {
    key: `${keyAt(project, "id")}/${keyAt(deployment, "id")}`,
    parent: keyAt(project, "id"),
    version: textAt(deployment, "lastModifiedOn"),
    payload: {
      ...deployment,
      __project: project,
      __source: {
        repository: repositories.get(idOf(isGit ? "definition" : "repository") ?? "") ?? null,
        sha: idOf(isGit ? "version" : "sourceVersion"),
        branch: idOf("branch") ?? textAt(objectAt(told, "branch"), "name"),
      },
    },
  };
}
