/** GitLab: gitlab.com and self-managed. Shapes by docs.gitlab.com (REST v4, webhook events). */
import type { JsonObject } from "../../model/json.ts";
import {
  blueprint,
  changeBlueprint,
  deploymentBlueprint,
  property,
  relationTo,
  serviceBlueprint,
} from "../blueprints.ts";
import type { Connector, Strategy } from "../connector.ts";
import { environmentOf, hoursBetween, identifierOf, resource, serviceOfTag } from "../expressions.ts";
import { textAt } from "../read-json.ts";
import { openGitlab } from "./client.ts";
import { gitlabKinds } from "./kinds.ts";
import { gitlabWebhook } from "./webhook.ts";
import { deploymentOf, deploymentsByFolder, type MergedChange } from "../merges.ts";
import { botName, firstReviews } from "../reviews.ts";
import { SERVICE_FOLDERS } from "../service-folders.ts";

const { text, time, link } = property;

const runProperties = {
  ...{ status: text("Status"), branch: text("Branch"), sha: text("Commit"), url: link("URL") },
  ...{ createdAt: time("Created at") },
};

const blueprints: readonly JsonObject[] = [
  ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
  blueprint("gitlabMember", "GitLab member", "GitLab", {
    ...{ username: text("User name"), state: text("State"), url: link("URL") },
  }),
  blueprint(
    "gitlabPipeline",
    "GitLab pipeline",
    "GitLab",
    { ...runProperties, source: text("Source"), updatedAt: time("Updated at") },
    { service: relationTo("Service", "service") },
  ),
  blueprint(
    "gitlabJob",
    "GitLab job",
    "GitLab",
    {
      ...runProperties,
      stage: text("Stage"),
      startedAt: time("Started at"),
      finishedAt: time("Finished at"),
    },
    {
      service: relationTo("Service", "service"),
      pipeline: relationTo("Pipeline", "gitlabPipeline"),
    },
  ),
];

const REPOSITORY = `(.__project.web_url | sub("^https?://"; ""))`;
const SERVICE = `(${identifierOf(".__project.path_with_namespace")})`;
const CHANGE = `(${identifierOf(`${REPOSITORY} + "/" + (.iid | tostring)`)})`;
/** A merge commit, else the squashed one, else (fast-forward) the last of the branch. */
const MERGE_SHA = "(.merge_commit_sha // .squash_commit_sha // .sha)";
/** Comments and approvals of others. */
const OTHERS = ".author.username as $author | (.__reviews // []) | map(select(.user != $author))";
/** GitLab does not tell which users are bots; those of access tokens have names of their own. */
const IS_BOT = `test("^(project|group)_[0-9]+_bot|-bot$|^renovate|^dependabot")`;

const resources: readonly JsonObject[] = [
  resource("member", "true", "gitlabMember", {
    identifier: identifierOf(".username"),
    title: ".name",
    properties: { username: ".username", state: ".state", url: ".web_url" },
  }),
  resource("project", "true", "service", {
    identifier: identifierOf(".path_with_namespace"),
    title: ".name",
    properties: {
      repository: `.web_url | sub("^https?://"; "")`,
      ...{ url: ".web_url", description: ".description" },
    },
  }),
  resource("merge-request", "true", "change", {
    identifier: CHANGE,
    title: ".title",
    properties: {
      ...{ number: ".iid", url: ".web_url", repository: REPOSITORY },
      status: `if .merged_at != null then "merged" elif .state == "opened" then "open" else "closed" end`,
      openedAt: ".created_at",
      firstCommitAt: ".__firstCommit.authored_at",
      ...{ readyForReviewAt: ".__readyForReviewAt", reviews: firstReviews(botName(".user", IS_BOT)) },
      firstReviewAt: `${OTHERS} | map(.at) | min`,
      approvedAt: `${OTHERS} | map(select(.what == "approval") | .at) | min`,
      mergedAt: ".merged_at",
      mergeSha: `if .merged_at == null then null else ${MERGE_SHA} end`,
      ...{ headSha: ".sha", leadTimeHours: hoursBetween(".created_at", ".merged_at") },
      ...{ author: ".author.username", labels: ".labels" },
      isBot: `.author.username | ${IS_BOT}`,
    },
    // Of a monorepo the services that it touches.
    relations: {
      service: `if (.__services | length) > 0 then [.__services[] | ${identifierOf(".")}] else [${SERVICE}] end`,
    },
  }),
  resource("pipeline", "true", "gitlabPipeline", {
    identifier: ".id | tostring",
    title: `"#" + (.id | tostring)`,
    properties: {
      ...{ status: ".status", branch: ".ref", sha: ".sha", url: ".web_url", source: ".source" },
      ...{ createdAt: ".created_at", updatedAt: ".updated_at" },
    },
    relations: { service: SERVICE },
  }),
];

const jobResource = resource("job", "true", "gitlabJob", {
  identifier: ".id | tostring",
  title: ".name",
  properties: {
    ...{ status: ".status", branch: ".ref", sha: ".commit.id", url: ".web_url", stage: ".stage" },
    ...{ createdAt: ".created_at", startedAt: ".started_at", finishedAt: ".finished_at" },
  },
  relations: { service: SERVICE, pipeline: ".pipeline.id | tostring" },
});

const PRODUCTION = `"Production"`;
const OUTCOME = `if .status == "success" then "Success" else "Failed" end`;
const ENDED = `(.status | IN("success", "failed"))`;

const MERGED: MergedChange = {
  ...{ kind: "merge-request", query: ".merged_at != null and .target_branch == .__project.default_branch" },
  ...{ service: SERVICE, name: ".__project.name", sha: MERGE_SHA, at: ".merged_at" },
  ...{ ref: ".target_branch", url: ".web_url", change: CHANGE },
};

const strategies: readonly Strategy[] = [
  {
    id: "merge-request-merge",
    title: "Merge request merged",
    description:
      "Every merge request merged into the default branch is a successful production deployment. For teams that deploy what is merged.",
    resources: [deploymentOf(MERGED)],
  },
  {
    id: "merge-request-merge-by-folder",
    title: "Merge request merged, by folder (monorepo)",
    description:
      "As above, once for every service whose folder the merge request touches. Needs the setting serviceFolders; the first 100 files of a merge request count. Choose it instead of the other.",
    insteadOf: ["merge-request-merge"],
    resources: [deploymentsByFolder(MERGED)],
  },
  {
    id: "pipeline",
    title: "Pipeline",
    description:
      "Every pipeline of the default branch that succeeded or failed. Cancelled and skipped ones count as nothing.",
    resources: [
      resource("pipeline", `.ref == .__project.default_branch and ${ENDED}`, "deployment", {
        identifier: `${SERVICE} + "@pipeline-" + (.id | tostring)`,
        title: `.__project.name + " #" + (.id | tostring)`,
        properties: {
          ...{ createdAt: ".updated_at", startedAt: ".created_at", environment: PRODUCTION },
          ...{ deploymentStatus: OUTCOME, sha: ".sha", ref: ".ref", url: ".web_url" },
        },
        relations: { service: SERVICE },
      }),
    ],
  },
  {
    id: "job",
    title: "Job",
    description:
      "Every job of the default branch whose name says deploy or release, that succeeded or failed. Also brings all jobs as gitlabJob.",
    resources: [
      jobResource,
      resource(
        "job",
        `.ref == .__project.default_branch and ${ENDED} and (.name | test("deploy|release"; "i"))`,
        "deployment",
        {
          identifier: `${SERVICE} + "@job-" + (.id | tostring)`,
          title: `.__project.name + " " + .name`,
          properties: {
            ...{ createdAt: ".finished_at", startedAt: ".started_at", environment: environmentOf(".name") },
            ...{ deploymentStatus: OUTCOME, sha: ".commit.id", ref: ".ref", url: ".web_url" },
          },
          relations: { service: SERVICE },
        },
      ),
    ],
  },
  {
    id: "release",
    title: "Release",
    description:
      "Every release is a successful production deployment, when it was released. Choose it or version tags, not both.",
    insteadOf: ["tag"],
    resources: [
      resource("release", "(.upcoming_release // false) | not", "deployment", {
        identifier: `${SERVICE} + "@release-" + (${identifierOf(".tag_name")})`,
        title: `.__project.name + " " + .tag_name`,
        properties: {
          ...{ createdAt: ".released_at", environment: PRODUCTION, deploymentStatus: `"Success"` },
          ...{ sha: ".commit.id", ref: ".tag_name", url: "._links.self" },
        },
        relations: { service: SERVICE },
      }),
    ],
  },
  {
    id: "tag",
    title: "Version tag",
    description:
      "Every tag that is a version (v1.2.3, release-1.2, api@1.2.3) is a successful production deployment.",
    resources: [
      resource(
        "tag",
        `.commit != null and (.name | test("^(.*[^0-9.][-_@/.]|release|rel|version|ver)?v?[0-9]{1,9}([._][0-9]{1,9}){1,3}([-_.]?(final|ga|release)|[+].*)?$"; "i"))`,
        "deployment",
        {
          identifier: `${SERVICE} + "@" + (${identifierOf(".name")})`,
          title: `.__project.name + " " + .name`,
          properties: {
            createdAt: ".created_at // .commit.committed_date",
            ...{ environment: PRODUCTION, deploymentStatus: `"Success"`, sha: ".commit.id", ref: ".name" },
          },
          relations: { service: SERVICE },
        },
      ),
    ],
  },
  {
    id: "tag-by-service",
    title: "Version tag of a service (monorepo)",
    description:
      "Every tag that is a version behind a service's name (cart@1.2.3, cart/v1.2.3, cart-v1.2.3) is a successful production deployment of that service. Choose it instead of version tags.",
    insteadOf: ["tag"],
    resources: [
      resource("tag", `.commit != null and ${serviceOfTag(".name")} != null`, "deployment", {
        identifier: `${SERVICE} + "@" + (${identifierOf(".name")})`,
        title: ".name",
        properties: {
          createdAt: ".created_at // .commit.committed_date",
          ...{ environment: PRODUCTION, deploymentStatus: `"Success"`, sha: ".commit.id", ref: ".name" },
        },
        relations: { service: identifierOf(serviceOfTag(".name")) },
      }),
    ],
  },
  {
    id: "deployment-event",
    title: "GitLab deployment",
    description: "Every deployment to an environment that succeeded or failed.",
    resources: [
      resource("deployment", ENDED, "deployment", {
        identifier: `${SERVICE} + "@deployment-" + (.id | tostring)`,
        title: `.__project.name + " " + .environment.name`,
        properties: {
          createdAt: ".deployable.finished_at // .updated_at",
          startedAt: ".deployable.started_at // .created_at",
          ...{ environment: environmentOf(".environment.name"), deploymentStatus: OUTCOME },
          ...{ sha: ".sha", ref: ".ref", url: ".deployable.web_url" },
        },
        relations: { service: SERVICE },
      }),
    ],
  },
  {
    id: "custom-api",
    title: "Custom API",
    description: "The data source writes no deployments; your pipeline does, by the API.",
    resources: [],
  },
];

export const gitlab: Connector = {
  ...{ type: "gitlab", title: "GitLab", icon: "GitLab", category: "source control" },
  settings: [
    { name: "group", title: "Group", required: true, help: "Its full path; subgroups are part of it." },
    SERVICE_FOLDERS,
    {
      ...{ name: "baseUrl", title: "Address", default: "https://gitlab.com" },
      help: "Of your own GitLab, without /api/v4.",
    },
    {
      ...{ name: "token", title: "Token", secret: true, required: true },
      help: "A group or personal access token with the scope read_api and the role Reporter.",
    },
  ],
  kinds: gitlabKinds,
  open: openGitlab,
  async check(session) {
    const { body } = await session.http.get(
      `/groups/${encodeURIComponent(session.settings["group"] ?? "")}`,
      {
        with_projects: false,
      },
    );
    return `Group ${textAt(body, "full_path") ?? ""}`;
  },
  webhook: gitlabWebhook,
  defaults: { blueprints, resources },
  strategies,
  defaultStrategies: ["merge-request-merge"],
};
