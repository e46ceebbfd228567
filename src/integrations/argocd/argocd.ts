/** Argo CD. Shapes by its swagger.json and its notifications documentation (argo-cd.readthedocs.io). */
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
import { environmentAmong, resource, withoutEnvironment } from "../expressions.ts";
import { createHttpClient, HttpError } from "../http-client.ts";
import { textAt } from "../read-json.ts";
import { carriesSecret } from "../signature.ts";
import { argocdKinds } from "./kinds.ts";

const { text, time, link, texts } = property;

const REFUSED =
  "Check that the token is valid (argocd account generate-token) and that its account may get projects and applications.";

const HOOK = `argocd-notifications-cm: a service.webhook.fairway with the address as url and the header X-Fairway-Secret with the secret, a template, a trigger and a subscription; docs/connectors.md has the whole text.`;

const blueprints: readonly JsonObject[] = [
  ...[serviceBlueprint, changeBlueprint, deploymentBlueprint],
  blueprint("argocdProject", "Argo CD project", "Argo", { description: text("Description") }),
  blueprint(
    "argocdApplication",
    "Argo CD application",
    "Argo",
    {
      ...{ syncStatus: text("Sync status"), healthStatus: text("Health"), namespace: text("Namespace") },
      ...{ destination: text("Cluster"), gitRepo: text("Repository"), gitPath: text("Path") },
      ...{ targetRevision: text("Target revision"), revision: text("Revision"), images: texts("Images") },
      ...{ url: link("URL"), createdAt: time("Created at") },
    },
    {
      project: relationTo("Project", "argocdProject"),
      service: relationTo("Service", "service"),
    },
  ),
];

const serviceOf = (name: string): string => withoutEnvironment(name);
const SOURCE = "(.spec.source // .spec.sources[0])";
const APP = ".__application";
const SERVICE = serviceOf(`${APP}.name`);

/** Every sync writes its entity whole but for the commit: images tell that of the last sync only, and it stays. */
const commitResource = resource("deployment", "(.__repeat | not) and .__sha != null", "deployment", {
  identifier: `${SERVICE} + "@argocd-" + ${APP}.uid + "-" + (.id | tostring)`,
  properties: { sha: ".__sha" },
});

const syncResource = resource("deployment", ".__repeat | not", "deployment", {
  identifier: `${SERVICE} + "@argocd-" + ${APP}.uid + "-" + (.id | tostring)`,
  title: `${APP}.name + " #" + (.id | tostring)`,
  properties: {
    ...{ createdAt: ".deployedAt", startedAt: ".deployStartedAt" },
    environment: environmentAmong([
      `${APP}.labels.environment`,
      `${APP}.labels.env`,
      `${APP}.name`,
      `${APP}.destination.namespace`,
      `${APP}.destination.name`,
      `${APP}.project`,
    ]),
    deploymentStatus: `if .__phase == "Succeeded" then "Success" else "Failed" end`,
    ...{ ref: ".source.targetRevision // .sources[0].targetRevision", url: `${APP}.url` },
  },
  relations: { service: SERVICE },
});

export const argocd: Connector = {
  ...{ type: "argocd", title: "Argo CD", icon: "Argo", category: "CI/CD" },
  settings: [
    {
      ...{ name: "baseUrl", title: "Address", required: true },
      help: "Of Argo CD's pages, such as https://argocd.example.com.",
    },
    {
      ...{ name: "token", title: "Token", secret: true, required: true },
      help: "Of an account with the capability apiKey, or of a project role: get on projects and applications is enough.",
    },
  ],
  kinds: argocdKinds,
  open(settings, outbound) {
    const baseUrl = (settings["baseUrl"] ?? "").replace(/\/+$/, "");
    const headers = { authorization: `Bearer ${settings["token"] ?? ""}` };
    return {
      settings: { ...settings, baseUrl },
      http: createHttpClient({
        outbound,
        ...{ baseUrl, system: "Argo CD", whenRefused: REFUSED },
        headers: () => Promise.resolve(headers),
      }),
    };
  },
  async check({ http }) {
    const { body } = await http.get("/api/v1/session/userinfo");
    const user = body as { loggedIn?: unknown } | null;
    // It answers strangers too.
    if (user?.loggedIn !== true)
      throw new HttpError(`Argo CD does not know the token (401). ${REFUSED}`, 401, { isPassing: false });
    return `account ${textAt(body, "username") ?? ""}`;
  },
  webhook: {
    help: HOOK,
    verify: (headers, _rawBody, secret) => carriesSecret(secret, headers),
    deliveryId: ({ body }) => {
      const [uid, version] = [textAt(body, "uid"), textAt(body, "resourceVersion")];
      return uid === null || version === null ? null : `${uid}@${version}`;
    },
    changes: ({ body }): readonly LiveChange[] => {
      const ref = {
        ...{ uid: textAt(body, "uid"), name: textAt(body, "application") },
        ...{ namespace: textAt(body, "namespace"), project: textAt(body, "project") },
      };
      if (ref.uid === null || ref.name === null)
        throw invalid("uid and application must be there, as in the template of docs/connectors.md");
      return [
        { op: "refetch", kind: "application", key: ref.uid, ref },
        { op: "relist", kind: "deployment", parent: { key: ref.uid, ref } },
      ];
    },
  },
  defaults: {
    blueprints,
    resources: [
      resource("project", "true", "argocdProject", {
        ...{ identifier: ".metadata.name", title: ".metadata.name" },
        properties: { description: ".spec.description" },
      }),
      resource("application", "true", "argocdApplication", {
        ...{ identifier: ".metadata.uid", title: ".metadata.name" },
        properties: {
          ...{ syncStatus: ".status.sync.status", healthStatus: ".status.health.status" },
          ...{ namespace: ".spec.destination.namespace" },
          destination: ".spec.destination.name // .spec.destination.server",
          ...{ gitRepo: `${SOURCE}.repoURL`, gitPath: `${SOURCE}.path` },
          targetRevision: `${SOURCE}.targetRevision`,
          revision: ".status.sync.revision // .status.sync.revisions[0]",
          ...{ images: ".status.summary.images // []", url: ".__url" },
          createdAt: ".metadata.creationTimestamp",
        },
        relations: { project: ".spec.project", service: serviceOf(".metadata.name") },
      }),
    ],
  },
  strategies: [
    {
      id: "sync",
      title: "Sync",
      description:
        "Every sync that brought another revision or other images, by its end; a failed one is a failed deployment. Syncs of what was there already count as nothing.",
      resources: [syncResource, commitResource],
    },
    {
      id: "custom-api",
      title: "Custom API",
      description: "The data source writes no deployments; your pipeline does, by the API.",
      resources: [],
    },
  ],
  defaultStrategies: ["sync"],
};
