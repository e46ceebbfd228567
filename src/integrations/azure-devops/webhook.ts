/** What Azure DevOps' service hooks say (learn.microsoft.com: service hooks events). Their objects are asked for. */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Connector, Delivery, LiveChange } from "../connector.ts";
import { keyAt, objectAt, textAt } from "../read-json.ts";
import { carriesSecret } from "../signature.ts";

export const azureWebhook: Connector["webhook"] = {
  help: "Project settings → Service hooks → Web Hooks, one subscription for each event: Repository created, deleted and renamed, Pull request created, updated and merge attempted, Build completed, Release created and abandoned, Release deployment started and completed. URL: the address; basic authentication password: the secret (any user name).",
  verify: (headers, _rawBody, secret) => carriesSecret(secret, headers),
  deliveryId: ({ body }) => textAt(body, "id"),
  changes,
};

type Event = (resource: JsonObject, project: JsonObject, body: JsonObject) => readonly LiveChange[];

function changes({ body }: Delivery): readonly LiveChange[] {
  const name = textAt(body, "eventType");
  if (name === null) throw invalid("eventType is missing: this is no service hook of Azure DevOps");
  const resource = objectAt(body, "resource");
  const event = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  return event?.(resource, projectOf(resource, body), body) ?? [];
}

/** Events name their project in one of three places. */
function projectOf(resource: JsonObject, body: JsonObject): JsonObject {
  const own = objectAt(resource, "project");
  const ofRepository = objectAt(objectAt(resource, "repository"), "project");
  const container = objectAt(objectAt(body, "resourceContainers"), "project");
  const told = [own, ofRepository].find((one) => keyAt(one, "id") !== "") ?? container;
  return { id: keyAt(told, "id"), name: textAt(told, "name") };
}

const pullRequest: Event = (resource, project) => {
  const id = keyAt(objectAt(resource, "repository"), "id");
  const number = keyAt(resource, "pullRequestId");
  const ref = { repository: { id, project }, number };
  return [{ op: "refetch", kind: "pull-request", key: `${id}/${number}`, ref }];
};

const repository: Event = (resource, project) => {
  const id = keyAt(objectAt(resource, "repository"), "id");
  return [{ op: "refetch", kind: "repository", key: id, ref: { id, project } }];
};

const build =
  (part: string | null): Event =>
  (resource, project) => {
    const id = keyAt(part === null ? resource : objectAt(resource, part), "id");
    return [{ op: "refetch", kind: "build", key: id, ref: { id, project } }];
  };

const release: Event = (resource, project) => {
  const id = keyAt(objectAt(resource, "release"), "id");
  return [{ op: "refetch", kind: "release", key: `${keyAt(project, "id")}/${id}`, ref: { id, project } }];
};

/** Asked for from a minute before the event on, as clocks differ. */
const MARGIN_MS = 60_000;

const deployment: Event = (resource, project, body) => {
  const told = objectAt(resource, "deployment");
  const id = keyAt(told, "id");
  const at = Date.parse(textAt(told, "lastModifiedOn") ?? textAt(body, "createdDate") ?? "");
  if (id === "" || Number.isNaN(at)) return [];
  const ref = {
    ...{ id, project, definition: keyAt(objectAt(told, "releaseDefinition"), "id") },
    modified: new Date(at - MARGIN_MS).toISOString(),
  };
  return [{ op: "refetch", kind: "release-deployment", key: `${keyAt(project, "id")}/${id}`, ref }];
};

const EVENTS: Readonly<Record<string, Event>> = {
  "git.pullrequest.created": pullRequest,
  "git.pullrequest.updated": pullRequest,
  "git.pullrequest.merged": pullRequest,
  "git.repo.created": repository,
  "git.repo.forked": repository,
  "git.repo.statuschanged": repository,
  // Its name is part of what everything in it is called.
  "git.repo.renamed": () => [{ op: "resync" }],
  "git.repo.deleted": (resource) => {
    const key = keyAt(resource, "repositoryId") || keyAt(objectAt(resource, "repository"), "id");
    return [{ op: "delete", kind: "repository", key, version: null }];
  },
  "build.complete": build(null),
  "ms.vss-pipelines.run-state-changed-event": build("run"),
  "ms.vss-release.release-created-event": release,
  "ms.vss-release.release-abandoned-event": release,
  "ms.vss-release.deployment-started-event": deployment,
  "ms.vss-release.deployment-completed-event": deployment,
};
