/** Octopus Deploy. Shapes by octopus.com/docs (REST API, subscriptions) and the resources of its public client. */
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
import { objectAt, textAt } from "../read-json.ts";
import { carriesSecret } from "../signature.ts";
import { octopusKinds } from "./kinds.ts";

const { text, time, link } = property;

const blueprints: readonly JsonObject[] = [
  ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
  blueprint("octopusSpace", "Octopus space", "Octopus", {
    url: link("URL"),
    description: text("Description"),
  }),
  blueprint(
    "octopusProject",
    "Octopus project",
    "Octopus",
    {
      ...{ slug: text("Slug"), url: link("URL"), description: text("Description") },
      isDisabled: { type: "boolean", title: "Disabled" },
    },
    { space: relationTo("Space", "octopusSpace"), service: relationTo("Service", "service") },
  ),
  blueprint(
    "octopusRelease",
    "Octopus release",
    "Octopus",
    {
      ...{ version: text("Version"), assembledAt: time("Assembled at"), url: link("URL") },
      ...{ releaseNotes: { type: "string", format: "markdown", title: "Notes" }, sha: text("Commit") },
    },
    { project: relationTo("Project", "octopusProject") },
  ),
];

/** `of` is the path of the object, empty for the object itself. A service is called as the project is in addresses, which are much like names of repositories. */
const serviceOf = (of: string): string => `(${identifierOf(`(${of}.Slug // ${of}.Name)`)})`;
const SERVICE = serviceOf(".__project");
/** The commit that the build server told with the packages, else that of the project's configuration as code. */
const shaOf = (of: string): string =>
  `((${of}.BuildInformation // [] | map(.VcsCommitNumber | strings) | .[0]) // ${of}.VersionControlReference.GitCommit)`;
const ENDED = `(.__task.State | IN("Success", "Failed", "TimedOut"))`;

const deploymentResource = resource("deployment", ENDED, "deployment", {
  identifier: `${SERVICE} + "@octopus-" + .Id`,
  title: `(.__project.Name // "") + " " + (.__release.Version // .Name // "")`,
  properties: {
    ...{ createdAt: ".__task.CompletedTime", startedAt: ".__task.StartTime // .Created" },
    environment: environmentAmong([".__environment.Name"]),
    deploymentStatus: `if .__task.State == "Success" then "Success" else "Failed" end`,
    ...{ sha: shaOf(".__release"), ref: ".__release.Version", url: ".__url" },
  },
  relations: { service: SERVICE },
});

/** Kind of a document by its id. */
const KINDS: Readonly<Record<string, string>> = {
  ...{ Deployments: "deployment", Releases: "release", Projects: "project", Environments: "environment" },
};

function changes(body: JsonObject): readonly LiveChange[] {
  const event = objectAt(objectAt(body, "Payload"), "Event");
  const category = textAt(event, "Category");
  if (category === null)
    throw invalid(
      "Payload.Event.Category is missing: choose the payload type Single event in the subscription",
    );
  const spaceId = textAt(event, "SpaceId");
  const related = Array.isArray(event["RelatedDocumentIds"]) ? event["RelatedDocumentIds"].map(String) : [];
  // Of an event about a deployment, the release and the project did not change; one about spaces is no business of one.
  const found = related.flatMap((id) => {
    const kind = KINDS[id.split("-")[0] ?? ""];
    return kind === undefined ? [] : [{ id, kind }];
  });
  const order = ["deployment", "release", "project", "environment"];
  const [subject] = found.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  if (spaceId === null || subject === undefined) return [];
  const { id, kind } = subject;
  return [{ op: "refetch", kind, key: id, ref: { space: { id: spaceId }, id } }];
}

export const octopus: Connector = {
  ...{ type: "octopus", title: "Octopus Deploy", icon: "Octopus", category: "CI/CD" },
  settings: [
    {
      ...{ name: "baseUrl", title: "Address", required: true },
      help: "Of Octopus' pages, such as https://acme.octopus.app, without /app and /api.",
    },
    {
      ...{ name: "token", title: "API key", secret: true, required: true },
      help: "Profile → My API Keys; of a service account that may view projects, releases, deployments, environments and tasks.",
    },
    {
      ...{ name: "spaces", title: "Spaces" },
      help: "Names or ids joined by commas; empty means all that the key may see.",
    },
  ],
  kinds: octopusKinds,
  open(settings, outbound) {
    const baseUrl = (settings["baseUrl"] ?? "").replace(/\/+$/, "");
    const headers = { "x-octopus-apikey": settings["token"] ?? "" };
    return {
      settings: { ...settings, baseUrl },
      http: createHttpClient({
        outbound,
        ...{ baseUrl, system: "Octopus Deploy" },
        headers: () => Promise.resolve(headers),
        whenRefused: "Check that the API key is valid and that its account may view the space.",
      }),
    };
  },
  async check({ http }) {
    const { body } = await http.get("/api/users/me");
    return textAt(body, "Username") ?? "the account of the API key";
  },
  webhook: {
    help: "Configuration → Subscriptions → Add subscription, in each space: the address as Payload URL, payload type Single event, the header X-Fairway-Secret with the secret, and the event groups Deployment, Project, Release and Document deleted.",
    verify: (headers, _rawBody, secret) => carriesSecret(secret, headers),
    deliveryId: ({ body }) => textAt(objectAt(objectAt(body, "Payload"), "Event"), "Id"),
    changes: ({ body }) => changes(body),
  },
  defaults: {
    blueprints,
    resources: [
      resource("space", "true", "octopusSpace", {
        ...{ identifier: ".Id", title: ".Name", properties: { url: ".__url", description: ".Description" } },
      }),
      resource("project", "true", "octopusProject", {
        ...{ identifier: ".Id", title: ".Name" },
        properties: {
          ...{ slug: ".Slug", url: ".__url", description: ".Description", isDisabled: ".IsDisabled" },
        },
        relations: { space: ".SpaceId", service: serviceOf("") },
      }),
      resource("release", "true", "octopusRelease", {
        identifier: ".Id",
        title: `(.__project.Name // "") + " " + .Version`,
        properties: {
          ...{ version: ".Version", assembledAt: ".Assembled", url: ".__url" },
          ...{ releaseNotes: ".ReleaseNotes", sha: shaOf("") },
        },
        relations: { project: ".ProjectId" },
      }),
    ],
  },
  strategies: [
    {
      id: "deployment",
      title: "Deployment",
      description:
        "Every deployment whose task succeeded, failed or timed out, when the task ended. Cancelled ones count as nothing.",
      resources: [deploymentResource],
    },
    {
      id: "custom-api",
      title: "Custom API",
      description: "The data source writes no deployments; your pipeline does, by the API.",
      resources: [],
    },
  ],
  defaultStrategies: ["deployment"],
};
