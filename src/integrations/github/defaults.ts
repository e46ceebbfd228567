/** What a GitHub data source brings: blueprints, mapping, and the ways to tell a deployment. */
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
import { environmentOf, hoursBetween, identifierOf, resource, serviceOfTag } from "../expressions.ts";
import { deploymentOf, deploymentsByFolder, type MergedChange } from "../merges.ts";

const { text, time, link } = property;

export const githubBlueprints: readonly JsonObject[] = [
  serviceBlueprint,
  changeBlueprint,
  deploymentBlueprint,
  blueprint("githubUser", "GitHub user", "Github", { login: text("Login"), url: link("URL") }),
  blueprint(
    "githubTeam",
    "GitHub team",
    "Github",
    { slug: text("Slug"), description: text("Description"), url: link("URL") },
    { members: relationTo("Members", "githubUser", true), parent: relationTo("Parent", "githubTeam") },
  ),
  blueprint(
    "githubIssue",
    "GitHub issue",
    "Github",
    {
      number: { type: "number", title: "Number" },
      status: {
        ...{ type: "string", title: "Status", enum: ["open", "closed"] },
        enumColors: { open: "green", closed: "purple" },
      },
      ...{ url: link("URL"), author: text("Author"), labels: property.texts("Labels") },
      ...{ createdAt: time("Created at"), closedAt: time("Closed at") },
    },
    { service: relationTo("Service", "service") },
  ),
  blueprint(
    "githubWorkflowRun",
    "GitHub workflow run",
    "Github",
    {
      ...{ workflow: text("Workflow"), status: text("Status"), conclusion: text("Conclusion") },
      ...{ branch: text("Branch"), sha: text("Commit"), event: text("Event"), url: link("URL") },
      runNumber: { type: "number", title: "Number" },
      runAttempt: { type: "number", title: "Attempt" },
      ...{ createdAt: time("Created at"), startedAt: time("Started at"), updatedAt: time("Updated at") },
    },
    { service: relationTo("Service", "service") },
  ),
];

const REPOSITORY = `(.__repository.html_url | sub("^https?://"; ""))`;
const SERVICE = ".__repository.name";
const CHANGE = `${REPOSITORY} + "/" + (.number | tostring)`;
/** Reviews by others: what an author says to their own pull request is none. */
const OTHERS = ".user.login as $author | .__reviews | map(select(.user.login != $author))";

/** Apps under the names that their own requests have. */
const REVIEWS = `[.__reviews[] | (.user.login // "") as $who
  | {by: (if .user.type == "Bot" then ($who | rtrimstr("[bot]")) + "[bot]" else $who end), at: .submitted_at}]`;

export const githubResources: readonly JsonObject[] = [
  resource("user", "true", "githubUser", {
    identifier: ".login",
    title: ".login",
    properties: { login: ".login", url: ".html_url" },
  }),
  resource("team", "true", "githubTeam", {
    identifier: ".slug",
    title: ".name",
    properties: { slug: ".slug", description: ".description", url: ".html_url" },
    relations: { members: "[.__members[].login]", parent: ".parent.slug" },
  }),
  resource("repository", "true", "service", {
    identifier: ".name",
    title: ".name",
    properties: {
      repository: `.html_url | sub("^https?://"; "")`,
      ...{ url: ".html_url", description: ".description", language: ".language" },
    },
  }),
  resource("pull-request", "true", "change", {
    identifier: CHANGE,
    title: ".title",
    properties: {
      ...{ number: ".number", url: ".html_url", repository: REPOSITORY },
      status: `if .merged_at != null then "merged" else .state end`,
      openedAt: ".created_at",
      firstCommitAt: ".__firstCommit.authored_at",
      ...{ readyForReviewAt: ".__readyForReviewAt", reviews: REVIEWS },
      firstReviewAt: `${OTHERS} | map(.submitted_at) | min`,
      approvedAt: `${OTHERS} | map(select(.state == "APPROVED") | .submitted_at) | min`,
      mergedAt: ".merged_at",
      mergeSha: ".merge_commit_sha",
      headSha: ".head.sha",
      leadTimeHours: hoursBetween(".created_at", ".merged_at"),
      author: ".user.login",
      isBot: `.user.type == "Bot"`,
      labels: "[.labels[].name]",
    },
    // Of a monorepo the services that it touches.
    relations: { service: `if (.__services | length) > 0 then .__services else [${SERVICE}] end` },
  }),
  resource("workflow-run", "true", "githubWorkflowRun", {
    identifier: ".id | tostring",
    title: `.name + " #" + (.run_number | tostring)`,
    properties: {
      ...{ workflow: ".name", status: ".status", conclusion: ".conclusion", branch: ".head_branch" },
      ...{ sha: ".head_sha", event: ".event", url: ".html_url" },
      ...{ runNumber: ".run_number", runAttempt: ".run_attempt" },
      ...{ createdAt: ".created_at", startedAt: ".run_started_at", updatedAt: ".updated_at" },
    },
    relations: { service: SERVICE },
  }),
  resource("issue", "true", "githubIssue", {
    identifier: `${REPOSITORY} + "/issues/" + (.number | tostring)`,
    title: ".title",
    properties: {
      ...{ number: ".number", status: ".state", url: ".html_url", author: ".user.login" },
      labels: "[.labels[] | .name? // .]",
      ...{ createdAt: ".created_at", closedAt: ".closed_at" },
    },
    relations: { service: SERVICE },
  }),
];

const MERGED: MergedChange = {
  kind: "pull-request",
  query: ".merged_at != null and .merge_commit_sha != null and .base.ref == .__repository.default_branch",
  ...{ service: SERVICE, name: SERVICE, sha: ".merge_commit_sha", at: ".merged_at" },
  ...{ ref: ".base.ref", url: ".html_url", change: CHANGE },
};

export const githubStrategies: readonly Strategy[] = [
  {
    id: "pull-request-merge",
    title: "Pull request merged",
    description:
      "Every pull request merged into the default branch is a successful production deployment. For teams that deploy what is merged.",
    resources: [deploymentOf(MERGED)],
  },
  {
    id: "pull-request-merge-by-folder",
    title: "Pull request merged, by folder (monorepo)",
    description:
      "As above, once for every service whose folder the pull request touches. Needs the setting serviceFolders; the first 100 files of a pull request count. Choose it instead of the other.",
    insteadOf: ["pull-request-merge"],
    resources: [deploymentsByFolder(MERGED)],
  },
  {
    id: "workflow-run",
    title: "Workflow run",
    description:
      "Every finished run, on the default branch, of a workflow whose name says build, deploy, release or CD. Failed and timed-out runs are failed deployments; cancelled and skipped ones are none.",
    resources: [
      resource(
        "workflow-run",
        `.head_branch == .__repository.default_branch and .status == "completed" and (.event != "pull_request") and (.name // "" | test("\\\\b(build|deploy\\\\w*|release|cd)\\\\b"; "i")) and (.conclusion | IN("success", "failure", "timed_out", "startup_failure"))`,
        "deployment",
        {
          identifier: `${SERVICE} + "@run-" + (.id | tostring)`,
          title: `${SERVICE} + " " + .name + " #" + (.run_number | tostring)`,
          properties: {
            ...{ createdAt: ".updated_at", startedAt: ".run_started_at", environment: `"Production"` },
            deploymentStatus: `if .conclusion == "success" then "Success" else "Failed" end`,
            ...{ sha: ".head_sha", ref: ".head_branch", url: ".html_url" },
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
      "Every published release that is no pre-release is a successful production deployment, when it was published. Choose it or version tags, not both: a release has a tag.",
    insteadOf: ["tag"],
    resources: [
      resource("release", "(.draft | not) and (.prerelease | not)", "deployment", {
        identifier: identifierOf(`${SERVICE} + "@release-" + .tag_name`),
        title: `${SERVICE} + " " + .tag_name`,
        properties: {
          createdAt: ".published_at // .created_at",
          ...{ environment: `"Production"`, deploymentStatus: `"Success"` },
          ...{ sha: ".__tagSha", ref: ".tag_name", url: ".html_url" },
        },
        relations: { service: SERVICE },
      }),
    ],
  },
  {
    id: "tag",
    title: "Version tag",
    description:
      "Every tag that is a version (v1.2.3, release-1.2, api@1.2.3) is a successful production deployment, as in a git import.",
    resources: [
      resource(
        "tag",
        `.commit != null and (.name | test("^(.*[^0-9.][-_@/.]|release|rel|version|ver)?v?[0-9]{1,9}([._][0-9]{1,9}){1,3}([-_.]?(final|ga|release)|[+].*)?$"; "i")) and (.name | test("(^|[-_./@])(rc|alpha|beta|pre|preview|dev|nightly|snapshot|canary|test)[0-9]*[-_@/.]v?[0-9]"; "i") | not)`,
        "deployment",
        {
          identifier: identifierOf(`${SERVICE} + "@" + .name`),
          title: `${SERVICE} + " " + .name`,
          properties: {
            ...{ createdAt: ".__date", environment: `"Production"`, deploymentStatus: `"Success"` },
            ...{ sha: ".commit.sha", ref: ".name" },
            url: `.__repository.html_url + "/releases/tag/" + (.name | split("/") | map(@uri) | join("/"))`,
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
      "Every tag that is a version behind a service's name (cart@1.2.3, @acme/cart@1.2.3, cart/v1.2.3, cart-v1.2.3) is a successful production deployment of that service. Choose it instead of version tags.",
    insteadOf: ["tag"],
    resources: [
      resource(
        "tag",
        `.commit != null and ${serviceOfTag(".name")} != null and (.name | test("[-._@]?(rc|alpha|beta|pre|preview|dev|nightly|snapshot|canary)[0-9.]*$"; "i") | not)`,
        "deployment",
        {
          identifier: identifierOf(`${SERVICE} + "@" + .name`),
          title: ".name",
          properties: {
            ...{ createdAt: ".__date", environment: `"Production"`, deploymentStatus: `"Success"` },
            ...{ sha: ".commit.sha", ref: ".name" },
          },
          relations: { service: identifierOf(serviceOfTag(".name")) },
        },
      ),
    ],
  },
  {
    id: "deployment-event",
    title: "GitHub deployment",
    description:
      "Every deployment that GitHub knows (Actions with an environment, or any tool that reports to its deployments API), by its first final status.",
    resources: [
      resource("deployment", ".__finished != null", "deployment", {
        identifier: `${SERVICE} + "@deployment-" + (.id | tostring)`,
        title: `${SERVICE} + " " + .environment`,
        properties: {
          ...{ createdAt: ".__finished.created_at", startedAt: ".created_at" },
          environment: environmentOf(".environment"),
          deploymentStatus: `if .__finished.state == "success" then "Success" else "Failed" end`,
          ...{ sha: ".sha", ref: ".ref", url: ".__finished.log_url // .__finished.environment_url" },
        },
        relations: { service: SERVICE },
      }),
    ],
  },
  {
    id: "custom-api",
    title: "Custom API",
    description:
      "The data source writes no deployments; your pipeline does, by POST /v1/blueprints/deployment/entities?upsert=true&merge=true (docs/connectors.md has the call).",
    resources: [],
  },
];
