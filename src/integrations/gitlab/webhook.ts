/** What GitLab's webhooks say (docs.gitlab.com: webhook events, system hooks). Their objects have shapes of their own, so they are asked for. */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Connector, Delivery, LiveChange, Settings } from "../connector.ts";
import { keyAt, objectAt, textAt } from "../read-json.ts";
import { sameText } from "../signature.ts";
import { isInGroup, projectRef } from "./kinds.ts";

export const gitlabWebhook: Connector["webhook"] = {
  help: "Group (or project) → Settings → Webhooks: the address as URL, the secret as Secret token, and the triggers Push, Tag push, Merge request, Job, Pipeline, Deployment, Release, Member and Project events.",
  verify: (headers, _rawBody, secret) => sameText(secret, headers["x-gitlab-token"]),
  deliveryId: ({ headers }) => headers["idempotency-key"] ?? headers["x-gitlab-event-uuid"] ?? null,
  changes,
};

function changes({ headers, body }: Delivery, settings: Settings): readonly LiveChange[] {
  if (headers["x-gitlab-event"] === undefined)
    throw invalid("the header X-Gitlab-Event is missing: this is no delivery of GitLab's webhooks");
  const name = textAt(body, "object_kind") ?? textAt(body, "event_name") ?? "";
  const outside = GROUP_EVENTS[name]?.(body, settings);
  if (outside !== undefined) return outside;
  const told = objectAt(body, "project");
  if (!isInGroup(textAt(told, "path_with_namespace") ?? "", settings["group"] ?? "")) return [];
  const project = projectRef({ ...told, id: keyAt(told, "id") || keyAt(body, "project_id") });
  return PROJECT_EVENTS[name]?.(body, project) ?? [];
}

/** A thing of a project, by the key that its kind has. */
const again = (kind: string, project: JsonObject, field: string, value: string): readonly LiveChange[] => [
  { op: "refetch", kind, key: `${keyAt(project, "id")}/${value}`, ref: { project, [field]: value } },
];

type ProjectEvent = (body: JsonObject, project: JsonObject) => readonly LiveChange[];

const attributes = (body: JsonObject): JsonObject => objectAt(body, "object_attributes");

const PROJECT_EVENTS: Readonly<Record<string, ProjectEvent>> = {
  merge_request: (body, project) => again("merge-request", project, "iid", keyAt(attributes(body), "iid")),
  pipeline: (body, project) => again("pipeline", project, "id", keyAt(attributes(body), "id")),
  build: (body, project) => again("job", project, "id", keyAt(body, "build_id")),
  deployment: (body, project) => again("deployment", project, "id", keyAt(body, "deployment_id")),
  release: (body, project) => again("release", project, "tag_name", textAt(body, "tag") ?? ""),
  tag_push: (body, project) =>
    again("tag", project, "name", (textAt(body, "ref") ?? "").replace("refs/tags/", "")),
  push: (body, project) =>
    textAt(body, "ref") === `refs/heads/${textAt(project, "default_branch") ?? "main"}`
      ? [{ op: "commits", kind: "commit", ref: project }]
      : [],
};

const aProject = (body: JsonObject, settings: Settings): readonly LiveChange[] => {
  const id = keyAt(body, "project_id");
  if (!isInGroup(textAt(body, "path_with_namespace") ?? "", settings["group"] ?? "")) return [];
  return [{ op: "refetch", kind: "project", key: id, ref: { id } }];
};
/** Its path is part of what everything in it is called. */
const movedProject = (): readonly LiveChange[] => [{ op: "resync" }];
const aMember = (body: JsonObject): readonly LiveChange[] => {
  const id = keyAt(body, "user_id");
  return [{ op: "refetch", kind: "member", key: id, ref: { id } }];
};

const GROUP_EVENTS: Readonly<
  Record<string, (body: JsonObject, settings: Settings) => readonly LiveChange[]>
> = {
  ...{ project_create: aProject, project_update: aProject, project_destroy: aProject },
  ...{ project_rename: movedProject, project_transfer: movedProject },
  ...{ user_add_to_group: aMember, user_update_for_group: aMember, user_remove_from_group: aMember },
};
