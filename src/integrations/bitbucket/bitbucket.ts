/** Bitbucket Cloud. Shapes by developer.atlassian.com (REST 2.0) and support.atlassian.com (event payloads). */
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
import { numberAt } from "../read-json.ts";
import { openBitbucket } from "./client.ts";
import { bitbucketKinds } from "./kinds.ts";
import { bitbucketWebhook } from "./webhook.ts";
import { deploymentOf, deploymentsByFolder, type MergedChange } from "../merges.ts";
import { firstReviews } from "../reviews.ts";
import { SERVICE_FOLDERS } from "../service-folders.ts";

const { text, time, link } = property;

const blueprints: readonly JsonObject[] = [
  ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
  blueprint(
    "bitbucketPipeline",
    "Bitbucket pipeline",
    "BitBucket",
    {
      ...{ status: text("Status"), result: text("Result"), trigger: text("Trigger"), url: link("URL") },
      ...{ branch: text("Branch or tag"), sha: text("Commit") },
      ...{ createdAt: time("Created at"), completedAt: time("Completed at") },
    },
    { service: relationTo("Service", "service") },
  ),
];

const SERVICE = `(${identifierOf(".__repository.slug")})`;
const REPOSITORY = `(.__repository.html_url | sub("^https?://"; ""))`;
const CHANGE = `(${identifierOf(`(${REPOSITORY} + "/" + (.id | tostring))`)})`;
const OTHERS = ".author.uuid as $author | (.__reviews // []) | map(select(.user != $author))";
const AUTHOR = "(.author.nickname // .author.display_name)";
/** Apps as other hosts write them. Another who is called as the author is nobody rather than the author. */
const REVIEWER = `if .type == "app_user" then (.name // "") + "[bot]" elif .name == $name and .user != $author then null else .name end`;
/** Bitbucket writes UTC as +00:00. */
const utc = (expression: string): string =>
  `(${expression} | if . == null then null else sub("[+]00:00$"; "Z") end)`;
const RESULT_URL = `.__repository.html_url + "/pipelines/results/" + (.build_number | tostring)`;

const resources: readonly JsonObject[] = [
  resource("repository", "true", "service", {
    identifier: identifierOf(".slug"),
    title: ".name",
    properties: {
      repository: `.links.html.href | sub("^https?://"; "")`,
      ...{ url: ".links.html.href", description: ".description", language: ".language" },
    },
  }),
  resource("pull-request", "true", "change", {
    identifier: CHANGE,
    title: ".title",
    properties: {
      ...{ number: ".id", url: ".links.html.href", repository: REPOSITORY },
      status: `if .state == "MERGED" then "merged" elif .state == "OPEN" then "open" else "closed" end`,
      openedAt: ".created_on",
      firstCommitAt: ".__firstCommit.date",
      reviews: `.author.uuid as $author | ${AUTHOR} as $name | ${firstReviews(REVIEWER)}`,
      firstReviewAt: `${OTHERS} | map(.at) | min`,
      approvedAt: `${OTHERS} | map(select(.what == "approval") | .at) | min`,
      ...{ mergedAt: ".__mergedOn", mergeSha: ".__mergeSha" },
      headSha: ".__lastCommit.hash // .source.commit.hash",
      leadTimeHours: hoursBetween(utc(".created_on"), utc(".__mergedOn")),
      ...{ author: AUTHOR, isBot: `.author.type == "app_user"` },
    },
    // Of a monorepo the services that it touches.
    relations: { service: `if (.__services | length) > 0 then .__services else [${SERVICE}] end` },
  }),
  resource("pipeline", "true", "bitbucketPipeline", {
    identifier: `${SERVICE} + "/" + (.build_number | tostring)`,
    title: `.__repository.name + " #" + (.build_number | tostring)`,
    properties: {
      ...{ status: ".state.name", result: ".state.result.name", trigger: ".trigger.name", url: RESULT_URL },
      ...{ branch: ".target.ref_name", sha: ".target.commit.hash" },
      ...{ createdAt: ".created_on", completedAt: ".completed_on" },
    },
    relations: { service: SERVICE },
  }),
];

const MERGED: MergedChange = {
  kind: "pull-request",
  query: `.state == "MERGED" and .__mergeSha != null and .destination.branch.name == .__repository.mainbranch`,
  ...{ service: SERVICE, name: ".__repository.name", sha: ".__mergeSha", at: ".__mergedOn" },
  ...{ ref: ".destination.branch.name", url: ".links.html.href", change: CHANGE },
};

const strategies: readonly Strategy[] = [
  {
    id: "pull-request-merge",
    title: "Pull request merged",
    description:
      "Every pull request merged into the main branch is a successful production deployment. For teams that deploy what is merged. Declined and superseded ones are none.",
    resources: [deploymentOf(MERGED)],
  },
  {
    id: "pull-request-merge-by-folder",
    title: "Pull request merged, by folder (monorepo)",
    description:
      "As above, once for every service whose folder the pull request touches. Needs the setting serviceFolders. Choose it instead of the other.",
    insteadOf: ["pull-request-merge"],
    resources: [deploymentsByFolder(MERGED)],
  },
  {
    id: "pipeline",
    title: "Pipeline",
    description:
      "Every pipeline of the main branch that succeeded or failed. Stopped and expired ones count as nothing.",
    resources: [
      resource(
        "pipeline",
        `.state.name == "COMPLETED" and .target.ref_type == "branch" and .target.ref_name == .__repository.mainbranch and (.state.result.name | IN("SUCCESSFUL", "FAILED", "ERROR"))`,
        "deployment",
        {
          identifier: `${SERVICE} + "@pipeline-" + (.build_number | tostring)`,
          title: `.__repository.name + " #" + (.build_number | tostring)`,
          properties: {
            ...{ createdAt: ".completed_on", startedAt: ".created_on", environment: `"Production"` },
            deploymentStatus: `if .state.result.name == "SUCCESSFUL" then "Success" else "Failed" end`,
            ...{ sha: ".target.commit.hash", ref: ".target.ref_name", url: RESULT_URL },
          },
          relations: { service: SERVICE },
        },
      ),
    ],
  },
  {
    id: "deployment-event",
    title: "Bitbucket deployment",
    description:
      "Every deployment to an environment that succeeded or failed; the type of the environment (Production, Staging, Test) tells which it is.",
    resources: [
      resource(
        "deployment",
        `.state.name == "COMPLETED" and (.state.status.name | IN("SUCCESSFUL", "FAILED"))`,
        "deployment",
        {
          identifier: `${SERVICE} + "@deployment-" + (.uuid | gsub("[{}]"; ""))`,
          title: `.__repository.name + " " + (.__environment.name // .environment.name // "deployment")`,
          properties: {
            createdAt: ".state.completed_on // .state.completion_date",
            startedAt: ".state.started_on // .state.start_date",
            environment: environmentOf(
              ".__environment.environment_type.name // .__environment.name // .environment.name",
            ),
            deploymentStatus: `if .state.status.name == "SUCCESSFUL" then "Success" else "Failed" end`,
            ...{ sha: ".release.commit.hash", ref: ".release.name", url: ".state.url // .release.url" },
          },
          relations: { service: SERVICE },
        },
      ),
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
        `.name | test("^(.*[^0-9.][-_@/.]|release|rel|version|ver)?v?[0-9]{1,9}([._][0-9]{1,9}){1,3}([-_.]?(final|ga|release)|[+].*)?$"; "i")`,
        "deployment",
        {
          identifier: `${SERVICE} + "@" + (${identifierOf(".name")})`,
          title: `.__repository.name + " " + .name`,
          properties: {
            ...{ createdAt: ".date // .target.date", environment: `"Production"` },
            ...{ deploymentStatus: `"Success"`, sha: ".target.hash", ref: ".name", url: ".links.html.href" },
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
      resource("tag", `${serviceOfTag(".name")} != null`, "deployment", {
        identifier: `${SERVICE} + "@" + (${identifierOf(".name")})`,
        title: ".name",
        properties: {
          ...{ createdAt: ".date // .target.date", environment: `"Production"` },
          ...{ deploymentStatus: `"Success"`, sha: ".target.hash", ref: ".name", url: ".links.html.href" },
        },
        relations: { service: identifierOf(serviceOfTag(".name")) },
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

export const bitbucket: Connector = {
  ...{ type: "bitbucket", title: "Bitbucket Cloud", icon: "BitBucket", category: "source control" },
  settings: [
    { name: "workspace", title: "Workspace", required: true, help: "As in bitbucket.org/<workspace>." },
    {
      ...{ name: "token", title: "Token", secret: true, required: true },
      help: "A workspace access token that may read repositories, pull requests and pipelines; or an API token of an account.",
    },
    {
      name: "email",
      title: "E-mail address",
      help: "Of the account, for an API token; empty for an access token.",
    },
    SERVICE_FOLDERS,
    {
      ...{ name: "apiUrl", title: "API address", default: "https://api.bitbucket.org/2.0" },
      help: "Another one only behind a gateway.",
    },
  ],
  kinds: bitbucketKinds,
  open: openBitbucket,
  async check(session) {
    const workspace = session.settings["workspace"] ?? "";
    const { body } = await session.http.get(`/repositories/${encodeURIComponent(workspace)}`, { pagelen: 1 });
    return `Workspace ${workspace} with ${numberAt(body, "size") ?? 0} repositories`;
  },
  webhook: bitbucketWebhook,
  defaults: { blueprints, resources },
  strategies,
  defaultStrategies: ["pull-request-merge"],
};
