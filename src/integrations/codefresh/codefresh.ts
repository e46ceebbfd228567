/** Codefresh: codefresh.io and on-premises. Shapes by its openapi.json and codefresh.io/docs (API, pipeline hooks). */
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
import type { Connector, LiveChange } from "../connector.ts";
import { environmentAmong, identifierOf, resource } from "../expressions.ts";
import { createHttpClient } from "../http-client.ts";
import { textAt } from "../read-json.ts";
import { carriesSecret } from "../signature.ts";
import { codefreshKinds } from "./kinds.ts";

const { text, time, link } = property;

const blueprints: readonly JsonObject[] = [
  ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
  blueprint("codefreshPipeline", "Codefresh pipeline", "Codefresh", {
    ...{ project: text("Project"), url: link("URL") },
    ...{ createdAt: time("Created at"), updatedAt: time("Updated at") },
  }),
  blueprint(
    "codefreshBuild",
    "Codefresh build",
    "Codefresh",
    {
      ...{ status: text("Status"), branch: text("Branch"), sha: text("Commit"), url: link("URL") },
      ...{ triggeredBy: text("Triggered by"), createdAt: time("Created at") },
      ...{ startedAt: time("Started at"), finishedAt: time("Finished at") },
    },
    {
      pipeline: relationTo("Pipeline", "codefreshPipeline"),
      service: relationTo("Service", "service"),
    },
  ),
];

/** As GitHub's repositories are called; a build without one belongs to no service. */
const SERVICE = `(if .repoName == null then null else (${identifierOf(".repoName")}) end)`;
/** `shop/deploy`: pipelines carry their project's name. */
const PIPELINE = `(.pipelineName // .serviceName // "")`;

const deploymentResource = resource(
  "build",
  `(${PIPELINE} | test("(^|[^a-z])(deploy\\\\w*|release|promote|rollout|cd)([^a-z]|$)"; "i")) and (.status | IN("success", "error")) and .finished != null`,
  "deployment",
  {
    identifier: `(${SERVICE} // "codefresh") + "@codefresh-" + .id`,
    title: PIPELINE,
    properties: {
      ...{ createdAt: ".finished", startedAt: ".started // .created" },
      environment: environmentAmong([PIPELINE]),
      deploymentStatus: `if .status == "success" then "Success" else "Failed" end`,
      ...{ sha: ".revision", ref: ".branchName", url: ".__url" },
    },
    relations: { service: SERVICE },
  },
);

export const codefresh: Connector = {
  ...{ type: "codefresh", title: "Codefresh", icon: "Codefresh", category: "CI/CD" },
  settings: [
    {
      ...{ name: "baseUrl", title: "Address", default: "https://g.codefresh.io" },
      help: "Of your own Codefresh, without /api.",
    },
    {
      ...{ name: "token", title: "API key", secret: true, required: true },
      help: "User settings → API keys, with the scopes Pipeline and Build, read.",
    },
  ],
  kinds: codefreshKinds,
  open(settings, outbound) {
    const baseUrl = (settings["baseUrl"] ?? "").replace(/\/+$/, "");
    const headers = { authorization: settings["token"] ?? "" };
    return {
      settings: { ...settings, baseUrl },
      http: createHttpClient({
        outbound,
        ...{ baseUrl, system: "Codefresh" },
        headers: () => Promise.resolve(headers),
        whenRefused: "Check that the API key is valid and has the scopes Pipeline and Build.",
      }),
    };
  },
  async check({ http }) {
    await http.get("/api/pipelines", { limit: 1, offset: 0 });
    return "the account of the API key";
  },
  webhook: {
    help: "Codefresh sends nothing by itself: let the hooks on_elected and on_finish of your pipelines send the build's id with the header X-Fairway-Secret; docs/connectors.md has the lines.",
    verify: (headers, _rawBody, secret) => carriesSecret(secret, headers),
    deliveryId: ({ body }) => {
      const [build, event] = [textAt(body, "build"), textAt(body, "event")];
      return build === null || event === null ? null : `${build}/${event}`;
    },
    changes: ({ body }): readonly LiveChange[] => {
      const [build, pipeline] = [textAt(body, "build"), textAt(body, "pipeline")];
      if (build === null && pipeline === null)
        throw invalid("build (the build's id, CF_BUILD_ID) or pipeline (its id) must be there");
      const ask = (kind: string, id: string | null): readonly LiveChange[] =>
        id === null ? [] : [{ op: "refetch", kind, key: id, ref: { id } }];
      return [...ask("pipeline", pipeline), ...ask("build", build)];
    },
  },
  defaults: {
    blueprints,
    resources: [
      resource("pipeline", "true", "codefreshPipeline", {
        ...{ identifier: ".metadata.id", title: ".metadata.name" },
        properties: {
          ...{ project: ".metadata.project", url: ".__url" },
          ...{ createdAt: ".metadata.created_at", updatedAt: ".metadata.updated_at" },
        },
      }),
      resource("build", "true", "codefreshBuild", {
        identifier: ".id",
        title: PIPELINE,
        properties: {
          ...{ status: ".status", branch: ".branchName", sha: ".revision", url: ".__url" },
          ...{
            triggeredBy: ".userName",
            createdAt: ".created",
            startedAt: ".started",
            finishedAt: ".finished",
          },
        },
        relations: { pipeline: ".serviceId", service: SERVICE },
      }),
    ],
  },
  strategies: [
    {
      id: "build",
      title: "Build",
      description:
        "Every finished build of a pipeline whose name says deploy, release, promote, rollout or CD. success is a successful deployment, error a failed one; terminated and denied ones count as nothing.",
      resources: [deploymentResource],
    },
    {
      id: "custom-api",
      title: "Custom API",
      description: "The data source writes no deployments; your pipeline does, by the API.",
      resources: [],
    },
  ],
  defaultStrategies: ["build"],
};
