/** CircleCI: circleci.com and CircleCI server. Shapes by circleci.com/docs (API v2, outbound webhooks). */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import {
  blueprint,
  changeBlueprint,
  deploymentBlueprint,
  property,
  relationTo,
  serviceBlueprint,
} from "../blueprints.ts";
import type { Connector, LiveChange, Strategy } from "../connector.ts";
import { environmentAmong, identifierOf, resource, saysDeploy } from "../expressions.ts";
import { createHttpClient } from "../http-client.ts";
import { keyAt, objectAt, textAt } from "../read-json.ts";
import { isSignedBy } from "../signature.ts";
import { circleciKinds } from "./kinds.ts";

const { text, time, link } = property;

const blueprints: readonly JsonObject[] = [
  ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
  blueprint("circleciProject", "CircleCI project", "CircleCI", {
    ...{ slug: text("Slug"), url: link("URL"), defaultBranch: text("Default branch") },
  }),
  blueprint(
    "circleciPipeline",
    "CircleCI pipeline",
    "CircleCI",
    {
      number: { type: "number", title: "Number" },
      ...{ state: text("State"), trigger: text("Trigger"), url: link("URL") },
      ...{ branch: text("Branch"), tag: text("Tag"), sha: text("Commit"), createdAt: time("Created at") },
    },
    { project: relationTo("Project", "circleciProject"), service: relationTo("Service", "service") },
  ),
  blueprint(
    "circleciWorkflow",
    "CircleCI workflow",
    "CircleCI",
    {
      ...{ status: text("Status"), url: link("URL") },
      ...{ createdAt: time("Created at"), stoppedAt: time("Stopped at") },
    },
    { pipeline: relationTo("Pipeline", "circleciPipeline"), service: relationTo("Service", "service") },
  ),
];

const jobBlueprint = blueprint(
  "circleciJob",
  "CircleCI job",
  "CircleCI",
  {
    ...{ status: text("Status"), type: text("Type") },
    ...{ startedAt: time("Started at"), stoppedAt: time("Stopped at") },
  },
  { workflow: relationTo("Workflow", "circleciWorkflow"), service: relationTo("Service", "service") },
);

const pipelineUrl = `.__project.app_url + "/pipelines/" + .__project.slug + "/" + (.number | tostring)`;
const workflowUrl = `.__project.app_url + "/pipelines/" + .__project.slug + "/" + (.pipeline_number | tostring) + "/workflows/" + .id`;
const serviceIn = (pipeline: string): string => `(${pipeline} | ${identifierOf(".__service")})`;

const resources: readonly JsonObject[] = [
  resource("project", "true", "circleciProject", {
    identifier: ".id",
    title: ".name",
    properties: {
      ...{ slug: ".slug", url: `.__project.app_url + "/pipelines/" + .slug` },
      defaultBranch: ".__project.default_branch",
    },
  }),
  resource("pipeline", "true", "circleciPipeline", {
    identifier: ".id",
    title: `.__project.name + " #" + (.number | tostring)`,
    properties: {
      ...{ number: ".number", state: ".state", trigger: ".trigger.type", url: pipelineUrl },
      ...{ branch: ".__branch", tag: ".vcs.tag", sha: ".__sha", createdAt: ".created_at" },
    },
    relations: { project: ".__project.id", service: serviceIn(".") },
  }),
  resource("workflow", "true", "circleciWorkflow", {
    identifier: ".id",
    title: `.__project.name + " #" + (.pipeline_number | tostring) + " " + .name`,
    properties: {
      ...{ status: ".status", url: workflowUrl, createdAt: ".created_at", stoppedAt: ".stopped_at" },
    },
    relations: { pipeline: ".__pipeline.id", service: serviceIn(".__pipeline") },
  }),
];

const jobResource = resource("job", "true", "circleciJob", {
  identifier: ".id",
  title: ".name",
  properties: { status: ".status", type: ".type", startedAt: ".started_at", stoppedAt: ".stopped_at" },
  relations: { workflow: ".__workflow.id", service: serviceIn(".__workflow.__pipeline") },
});

const onDefaultBranch = (pipeline: string): string =>
  `(${pipeline} | .__branch == .__project.default_branch)`;

const strategies: readonly Strategy[] = [
  {
    id: "workflow",
    title: "Workflow",
    description:
      "Every finished workflow, on the default branch, whose name says build, deploy, release or CD. success → Success; failed and error → Failed; canceled, unauthorized and not run count as nothing.",
    resources: [
      resource(
        "workflow",
        `(.status | IN("success", "failed", "error")) and ${onDefaultBranch(".__pipeline")} and (${saysDeploy(".name")} or (.name | test("(^|[^a-z])build([^a-z]|$)"; "i")))`,
        "deployment",
        {
          identifier: `${serviceIn(".__pipeline")} + "@workflow-" + .id`,
          title: `.__project.name + " #" + (.pipeline_number | tostring) + " " + .name`,
          properties: {
            ...{
              createdAt: ".stopped_at",
              startedAt: ".created_at",
              environment: environmentAmong([".name"]),
            },
            deploymentStatus: `if .status == "success" then "Success" else "Failed" end`,
            ...{ sha: ".__pipeline.__sha", ref: ".__pipeline.__branch", url: workflowUrl },
          },
          relations: { service: serviceIn(".__pipeline") },
        },
      ),
    ],
  },
  {
    id: "job",
    title: "Job",
    description:
      "Every finished job, of any branch or tag, whose name says deploy, release or CD; its name tells the environment. Also brings all jobs as circleciJob, at one call for each workflow.",
    resources: [
      jobResource,
      resource(
        "job",
        `.type == "build" and (.status | IN("success", "failed", "infrastructure_fail", "timedout")) and ${saysDeploy(".name")}`,
        "deployment",
        {
          identifier: `${serviceIn(".__workflow.__pipeline")} + "@job-" + .id`,
          title: `.__workflow.__project.name + " " + .name`,
          properties: {
            ...{
              createdAt: ".stopped_at",
              startedAt: ".started_at",
              environment: environmentAmong([".name"]),
            },
            deploymentStatus: `if .status == "success" then "Success" else "Failed" end`,
            sha: ".__workflow.__pipeline.__sha",
            ref: ".__workflow.__pipeline | .vcs.tag // .__branch",
            url: `.__workflow | ${workflowUrl}`,
          },
          relations: { service: serviceIn(".__workflow.__pipeline") },
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

export const circleci: Connector = {
  ...{ type: "circleci", title: "CircleCI", icon: "CircleCI", category: "CI/CD" },
  settings: [
    {
      ...{ name: "organization", title: "Organisation", required: true },
      help: "Its slug: gh/acme, bb/acme, or circleci/<id> (Organization Settings).",
    },
    {
      ...{ name: "token", title: "Personal API token", secret: true, required: true },
      help: "User Settings → Personal API Tokens, of a user who sees the projects.",
    },
    {
      ...{ name: "projects", title: "Projects" },
      help: "Names, or slugs, joined by commas; empty means all. An organisation circleci/<id> needs the slugs of its projects.",
    },
    {
      ...{ name: "baseUrl", title: "Address", default: "https://circleci.com" },
      help: "Of your own CircleCI server, without /api/v2.",
    },
  ],
  kinds: circleciKinds,
  open(settings, outbound) {
    if (!/^[\w.-]+\/[\w.-]+$/.test(settings["organization"] ?? ""))
      throw invalid(
        `settings.organization ${JSON.stringify((settings["organization"] ?? "").slice(0, 80))} is no slug such as gh/acme`,
      );
    const headers = { "circle-token": settings["token"] ?? "" };
    return {
      settings,
      http: createHttpClient({
        outbound,
        baseUrl: `${(settings["baseUrl"] ?? "").replace(/\/+$/, "")}/api/v2`,
        ...{ system: "CircleCI", headers: () => Promise.resolve(headers) },
        whenRefused:
          "Check that the token is valid and of a user who may see the organisation and its projects.",
      }),
    };
  },
  async check(session) {
    const { body } = await session.http.get("/me");
    return `User ${textAt(body, "login") ?? textAt(body, "name") ?? ""}`;
  },
  webhook: {
    help: "Project Settings → Webhooks → Add Webhook, for each project: the address as Receiver URL, the secret as Secret token, and the events Workflow Completed and Job Completed.",
    verify: (headers, rawBody, secret) =>
      // Other versions may stand beside it.
      (headers["circleci-signature"] ?? "")
        .split(",")
        .some((signature) => isSignedBy(secret, rawBody, signature.trim(), { prefix: "v1=" })),
    deliveryId: ({ body }) => textAt(body, "id"),
    changes: ({ body }): readonly LiveChange[] => {
      const type = textAt(body, "type");
      if (type === null) throw invalid("type is missing: this is no webhook of CircleCI");
      const workflow = keyAt(objectAt(body, "workflow"), "id");
      const pipeline = keyAt(objectAt(body, "pipeline"), "id");
      const job = keyAt(objectAt(body, "job"), "id");
      if (type === "workflow-completed" && workflow !== "")
        return [
          ...(pipeline === ""
            ? []
            : [{ op: "refetch", kind: "pipeline", key: pipeline, ref: { id: pipeline } } as const]),
          { op: "refetch", kind: "workflow", key: workflow, ref: { id: workflow } },
        ];
      if (type === "job-completed" && job !== "")
        return [{ op: "refetch", kind: "job", key: job, ref: { id: job, workflow } }];
      return [];
    },
  },
  defaults: { blueprints: [...blueprints, jobBlueprint], resources },
  strategies,
  defaultStrategies: ["workflow"],
};
