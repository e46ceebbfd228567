/** What Bitbucket Cloud's webhooks say (support.atlassian.com: event payloads). Their objects are asked for. */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Connector, Delivery, LiveChange, Settings } from "../connector.ts";
import { keyAt, objectAt, objectsAt, textAt } from "../read-json.ts";
import { isSignedBy } from "../signature.ts";
import { repositoryRef } from "./kinds.ts";

export const bitbucketWebhook: Connector["webhook"] = {
  help: "Workspace (or repository) settings → Webhooks → Add webhook: the address as URL, the secret, and as triggers Repository push, created, updated, deleted, transferred, build status created and updated, and all of Pull request.",
  verify: (headers, rawBody, secret) =>
    isSignedBy(secret, rawBody, headers["x-hub-signature"], { prefix: "sha256=" }),
  deliveryId: ({ headers }) => headers["x-request-uuid"] ?? null,
  changes,
};

function changes({ headers, body }: Delivery, settings: Settings): readonly LiveChange[] {
  const name = headers["x-event-key"];
  if (name === undefined)
    throw invalid("the header X-Event-Key is missing: this is no delivery of Bitbucket's webhooks");
  const repository = objectAt(body, "repository");
  const ref = { uuid: keyAt(repository, "uuid"), full_name: textAt(repository, "full_name") };
  const workspace = `${settings["workspace"] ?? ""}/`.toLowerCase();
  if (ref.full_name?.toLowerCase().startsWith(workspace) !== true) return [];
  if (name.startsWith("pullrequest:")) {
    const number = keyAt(objectAt(body, "pullrequest"), "id");
    return [{ op: "refetch", kind: "pull-request", key: `${ref.uuid}/${number}`, ref: { ...ref, number } }];
  }
  return (Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined)?.(body, ref) ?? [];
}

type Event = (body: JsonObject, ref: JsonObject) => readonly LiveChange[];

const repository: Event = (_body, ref) => [
  { op: "refetch", kind: "repository", key: keyAt(ref, "uuid"), ref },
];

const status: Event = (body, ref) => {
  const told = objectAt(body, "commit_status");
  // Others write build statuses too; those of Pipelines point to its results.
  const [, number] = /\/pipelines\/(?:home#!\/)?results\/(\d+)/.exec(textAt(told, "url") ?? "") ?? [];
  const sha = keyAt(objectAt(told, "commit"), "hash");
  if (number === undefined || sha === "") return [];
  const key = `${keyAt(ref, "uuid")}/${number}`;
  const pipeline = { op: "refetch", kind: "pipeline", key, ref: { ...ref, number, sha } } as const;
  if (textAt(told, "state") === "INPROGRESS") return [pipeline];
  // Deployments have no events of their own; pipelines make them.
  const repositoryNow = { ...repositoryRef(objectAt(body, "repository")), latest: true };
  return [
    pipeline,
    { op: "relist", kind: "deployment", parent: { key: keyAt(ref, "uuid"), ref: repositoryNow } },
  ];
};

function pushed(change: JsonObject, ref: JsonObject): readonly LiveChange[] {
  const now = objectAt(change, "new");
  const one = textAt(now, "type") === null ? objectAt(change, "old") : now;
  const name = textAt(one, "name") ?? "";
  if (textAt(one, "type") === "tag") {
    const key = `${keyAt(ref, "uuid")}/${name}`;
    return [{ op: "refetch", kind: "tag", key, ref: { ...ref, name } }];
  }
  return one === now ? [{ op: "commits", kind: "commit", ref: { ...ref, pushed: name } }] : [];
}

const EVENTS: Readonly<Record<string, Event>> = {
  "repo:push": (body, ref) => objectsAt(objectAt(body, "push"), "changes").flatMap((one) => pushed(one, ref)),
  "repo:created": repository,
  "repo:imported": repository,
  // Its name is part of what everything in it is called.
  "repo:updated": (body, ref) =>
    ["name", "full_name", "slug"].some((name) => Object.hasOwn(objectAt(body, "changes"), name))
      ? [{ op: "resync" }]
      : repository(body, ref),
  "repo:transfer": () => [{ op: "resync" }],
  "repo:deleted": (_body, ref) => [
    { op: "delete", kind: "repository", key: keyAt(ref, "uuid"), version: null },
  ],
  "repo:commit_status_created": status,
  "repo:commit_status_updated": status,
};
