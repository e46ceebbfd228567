/** What an Azure DevOps data source brings: blueprints, mapping, and the ways to tell a deployment. */
import type { JsonObject } from "../../model/json.ts";
import {
  blueprint,
  changeBlueprint,
  deploymentBlueprint,
  property,
  relationTo,
  serviceBlueprint,
} from "../blueprints.ts";
import type { Strategy } from "../connector.ts";
import { environmentOf, hoursBetween, identifierOf, resource } from "../expressions.ts";
import { deploymentOf, deploymentsByFolder, type MergedChange } from "../merges.ts";
import { botName, firstReviews } from "../reviews.ts";

const { text, time, link } = property;

export const azureBlueprints: readonly JsonObject[] = [
  ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
  blueprint("azureDevopsProject", "Azure DevOps project", "AzureDevops", {
    ...{ state: text("State"), visibility: text("Visibility"), description: text("Description") },
  }),
  blueprint(
    "azureDevopsPipeline",
    "Azure pipeline",
    "AzureDevops",
    { path: text("Folder"), url: link("URL"), createdAt: time("Created at") },
    {
      project: relationTo("Project", "azureDevopsProject"),
      service: relationTo("Service", "service"),
    },
  ),
  blueprint(
    "azureDevopsBuild",
    "Azure build",
    "AzureDevops",
    {
      ...{ status: text("Status"), result: text("Result"), reason: text("Reason"), url: link("URL") },
      ...{ branch: text("Branch"), sha: text("Commit"), requestedFor: text("Requested for") },
      ...{ queuedAt: time("Queued at"), startedAt: time("Started at"), finishedAt: time("Finished at") },
    },
    {
      pipeline: relationTo("Pipeline", "azureDevopsPipeline"),
      service: relationTo("Service", "service"),
    },
  ),
  blueprint(
    "azureDevopsRelease",
    "Azure release",
    "AzureDevops",
    {
      ...{ status: text("Status"), reason: text("Reason"), definition: text("Definition") },
      ...{ url: link("URL"), createdBy: text("Created by") },
      ...{ createdAt: time("Created at"), modifiedAt: time("Modified at") },
    },
    { project: relationTo("Project", "azureDevopsProject") },
  ),
];

/** Names of repositories are unique in their project only. */
const serviceOf = (repository: string): string =>
  `(${repository} | ${identifierOf(`(.project.name + "/" + .name)`)})`;
const SERVICE = serviceOf(".__repository");
const REPOSITORY = `(.__repository.webUrl | sub("^https?://"; ""))`;
const CHANGE = `(${identifierOf(`(${REPOSITORY} + "/" + (.pullRequestId | tostring))`)})`;
/** Pipelines build code of other hosts too: their services are called as the GitHub connector calls them. */
const BUILT_SERVICE = `(if .__repository != null then ${SERVICE} elif (.repository.type // "") | startswith("GitHub") then (.repository.id | split("/") | last) else null end)`;
const BRANCH = `(.sourceBranch | sub("^refs/heads/"; ""))`;
/** Comments and votes of others; Azure DevOps itself comments as the author. */
const OTHERS = ".createdBy.id as $author | (.__reviews // []) | map(select(.author != $author))";
/** Accounts of pipelines, and the names that bots give themselves. */
const IS_BOT = `test("^Build\\\\\\\\|\\\\[bot\\\\]|^renovate|^dependabot"; "i")`;

export const azureResources: readonly JsonObject[] = [
  resource("project", "true", "azureDevopsProject", {
    identifier: ".id",
    title: ".name",
    properties: { state: ".state", visibility: ".visibility", description: ".description" },
  }),
  resource("repository", "true", "service", {
    identifier: serviceOf("."),
    title: ".name",
    properties: { repository: `.webUrl | sub("^https?://"; "")`, url: ".webUrl" },
  }),
  resource("pull-request", "true", "change", {
    identifier: CHANGE,
    title: ".title",
    properties: {
      ...{ number: ".pullRequestId", repository: REPOSITORY },
      url: `.__repository.webUrl + "/pullrequest/" + (.pullRequestId | tostring)`,
      status: `if .status == "completed" then "merged" elif .status == "abandoned" then "closed" else "open" end`,
      openedAt: ".creationDate",
      firstCommitAt: ".__firstCommit.author.date",
      ...{ readyForReviewAt: ".__readyForReviewAt", reviews: firstReviews(botName(".name", IS_BOT)) },
      firstReviewAt: `${OTHERS} | map(.at) | min`,
      approvedAt: `${OTHERS} | map(select((.vote // 0) > 0) | .at) | min`,
      mergedAt: `if .status == "completed" then .closedDate else null end`,
      mergeSha: `if .status == "completed" then .lastMergeCommit.commitId else null end`,
      headSha: ".lastMergeSourceCommit.commitId",
      leadTimeHours: `if .status == "completed" then ${hoursBetween(".creationDate", ".closedDate")} else null end`,
      author: ".createdBy.uniqueName",
      isBot: `.createdBy.uniqueName | ${IS_BOT}`,
      labels: "[.labels[]?.name]",
    },
    // Of a monorepo the services that it touches.
    relations: {
      service: `if (.__services | length) > 0 then [.__services[] | ${identifierOf(".")}] else [${SERVICE}] end`,
    },
  }),
  resource("pipeline", "true", "azureDevopsPipeline", {
    identifier: `.project.id + "/" + (.id | tostring)`,
    title: ".name",
    properties: { path: ".path", url: "._links.web.href", createdAt: ".createdDate" },
    relations: { project: ".project.id", service: BUILT_SERVICE },
  }),
  resource("build", "true", "azureDevopsBuild", {
    identifier: ".id | tostring",
    title: `.definition.name + " " + .buildNumber`,
    properties: {
      ...{ status: ".status", result: ".result", reason: ".reason", url: "._links.web.href" },
      ...{ branch: BRANCH, sha: ".sourceVersion", requestedFor: ".requestedFor.displayName" },
      ...{ queuedAt: ".queueTime", startedAt: ".startTime", finishedAt: ".finishTime" },
    },
    relations: {
      pipeline: `.project.id + "/" + (.definition.id | tostring)`,
      service: BUILT_SERVICE,
    },
  }),
];

const releaseResource = resource("release", "true", "azureDevopsRelease", {
  identifier: `.__project.id + "/" + (.id | tostring)`,
  title: ".name",
  properties: {
    ...{ status: ".status", reason: ".reason", definition: ".releaseDefinition.name" },
    ...{ url: "._links.web.href", createdBy: ".createdBy.displayName" },
    ...{ createdAt: ".createdOn", modifiedAt: ".modifiedOn" },
  },
  relations: { project: ".__project.id" },
});

const SOURCE_SERVICE = serviceOf(".__source.repository");
const RUN_SERVICE = `(.__build | ${BUILT_SERVICE})`;

const MERGED: MergedChange = {
  kind: "pull-request",
  query: `.status == "completed" and .lastMergeCommit.commitId != null and .targetRefName == .__repository.defaultBranch`,
  ...{ service: SERVICE, name: ".__repository.name", sha: ".lastMergeCommit.commitId", at: ".closedDate" },
  ref: `.targetRefName | sub("^refs/heads/"; "")`,
  url: `.__repository.webUrl + "/pullrequest/" + (.pullRequestId | tostring)`,
  change: CHANGE,
};

export const azureStrategies: readonly Strategy[] = [
  {
    id: "pull-request-merge",
    title: "Pull request completed",
    description:
      "Every pull request completed into the default branch is a successful production deployment. For teams that deploy what is merged. Abandoned ones are none.",
    resources: [deploymentOf(MERGED)],
  },
  {
    id: "pull-request-merge-by-folder",
    title: "Pull request completed, by folder (monorepo)",
    description:
      "As above, once for every service whose folder the pull request touches. Needs the setting serviceFolders; the first 1,000 files of a merge count. Choose it instead of the other.",
    insteadOf: ["pull-request-merge"],
    resources: [deploymentsByFolder(MERGED)],
  },
  {
    id: "build",
    title: "Build",
    description:
      "Every finished run, on the default branch, of a pipeline whose name says build, deploy, release or CD. Failed ones are failed deployments; cancelled ones are none.",
    resources: [
      resource(
        "build",
        `.status == "completed" and .reason != "pullRequest" and (.sourceBranch == (.__repository.defaultBranch // "refs/heads/main")) and (.result | IN("succeeded", "partiallySucceeded", "failed")) and (.definition.name | test("\\\\b(build|deploy\\\\w*|release|cd)\\\\b"; "i"))`,
        "deployment",
        {
          identifier: `${BUILT_SERVICE} + "@build-" + (.id | tostring)`,
          title: `.definition.name + " " + .buildNumber`,
          properties: {
            ...{ createdAt: ".finishTime", startedAt: ".startTime", environment: `"Production"` },
            deploymentStatus: `if .result == "failed" then "Failed" else "Success" end`,
            ...{ sha: ".sourceVersion", ref: BRANCH, url: "._links.web.href" },
          },
          relations: { service: BUILT_SERVICE },
        },
      ),
    ],
  },
  {
    id: "release-deployment",
    title: "Release deployment (classic)",
    description:
      "Every deployment of a classic release to a stage that succeeded or failed; the stage's name tells the environment. Also brings the releases.",
    resources: [
      releaseResource,
      resource(
        "release-deployment",
        `.deploymentStatus | IN("succeeded", "partiallySucceeded", "failed")`,
        "deployment",
        {
          identifier: `.__project.id + "@release-deployment-" + (.id | tostring)`,
          title: `.release.name + " " + .releaseEnvironment.name`,
          properties: {
            // What has no time yet has the year 1.
            createdAt: `[.completedOn, .lastModifiedOn] | map(select(. != null and (startswith("0001") | not))) | first`,
            startedAt: `[.startedOn, .queuedOn] | map(select(. != null and (startswith("0001") | not))) | first`,
            environment: environmentOf(".releaseEnvironment.name"),
            deploymentStatus: `if .deploymentStatus == "failed" then "Failed" else "Success" end`,
            ...{ sha: ".__source.sha", ref: `.__source.branch | sub("^refs/heads/"; "")` },
            url: ".release.webAccessUri // .release._links.web.href",
          },
          relations: { service: `if .__source.repository == null then null else ${SOURCE_SERVICE} end` },
        },
      ),
    ],
  },
  {
    id: "environment-deployment",
    title: "Environment (YAML pipelines)",
    description:
      "Every job that deployed to an environment of Azure Pipelines and succeeded or failed; the environment's name tells which it is.",
    resources: [
      resource(
        "environment-deployment",
        `.result | IN("succeeded", "succeededWithIssues", "failed")`,
        "deployment",
        {
          identifier: `.__environment.project.id + "@environment-deployment-" + (.id | tostring)`,
          title: `.definition.name + " " + .__environment.name`,
          properties: {
            ...{ createdAt: ".finishTime", startedAt: ".startTime // .queueTime" },
            environment: environmentOf(".__environment.name"),
            deploymentStatus: `if .result == "failed" then "Failed" else "Success" end`,
            ...{ sha: ".__build.sourceVersion", ref: `.__build | ${BRANCH}`, url: ".owner._links.web.href" },
          },
          relations: { service: `if .__build == null then null else ${RUN_SERVICE} end` },
        },
      ),
    ],
  },
  {
    id: "custom-api",
    title: "Custom API",
    description: "The data source writes no deployments; your pipeline does, by the API.",
    resources: [],
  },
];
