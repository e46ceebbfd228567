/** What GitHub's webhooks say (docs.github.com: webhook events and payloads). */
import { invalid } from "../../model/error.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Connector, Delivery, LiveChange, Settings } from "../connector.ts";
import { keyAt, numberAt, objectAt, textAt } from "../read-json.ts";
import { isSignedBy } from "../signature.ts";
import { issueObject, repositoryObject, userObject, workflowRunObject } from "./raw-objects.ts";
import { isChosen, type RepositoryRef, repositoryRef } from "./repository.ts";

export const githubWebhook: Connector["webhook"] = {
  help: "Settings → Webhooks → Add webhook of the organisation (or repository): the address as Payload URL, content type application/json, the secret, and “Send me everything” or at least: Pull requests, Pull request reviews, Pushes, Branch or tag creation and deletion, Releases, Deployments, Deployment statuses, Workflow runs, Issues, Repositories, Teams, Memberships, Organizations.",
  verify: (headers, rawBody, secret) =>
    isSignedBy(secret, rawBody, headers["x-hub-signature-256"], { prefix: "sha256=" }),
  deliveryId: ({ headers }) => headers["x-github-delivery"] ?? null,
  changes,
};

type Event = (body: JsonObject, repository: RepositoryRef) => readonly LiveChange[];

function changes({ headers, body }: Delivery, settings: Settings): readonly LiveChange[] {
  const name = headers["x-github-event"];
  if (name === undefined)
    throw invalid("the header X-GitHub-Event is missing: this is no delivery of GitHub's webhooks");
  const owner = textAt(objectAt(body, "organization"), "login");
  if (ORGANISATION_EVENTS[name] !== undefined)
    return owner?.toLowerCase() === settings["owner"]?.toLowerCase()
      ? ORGANISATION_EVENTS[name](body, repositoryRef({}))
      : [];
  const event = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined;
  if (event === undefined) return [];
  const repository = repositoryRef(objectAt(body, "repository"));
  return isChosen(repository, settings) ? event(body, repository) : [];
}

const refetch = (kind: string, key: string, ref: JsonObject): readonly LiveChange[] => [
  { op: "refetch", kind, key, ref },
];

const pullRequest: Event = (body, repository) => {
  const number = numberAt(objectAt(body, "pull_request"), "number") ?? 0;
  return refetch("pull-request", `${repository.id}/${number}`, { repository, number });
};

const deployment: Event = (body, repository) => {
  const one = objectAt(body, "deployment");
  return refetch("deployment", keyAt(one, "id"), { repository, nodeId: textAt(one, "node_id") });
};

const TAGS = "refs/tags/";

const tag = (repository: RepositoryRef, name: string, isGone: boolean): readonly LiveChange[] => {
  const key = `${repository.id}/${name}`;
  return isGone
    ? [{ op: "delete", kind: "tag", key, version: null }]
    : refetch("tag", key, { repository, name });
};

const EVENTS: Readonly<Record<string, Event>> = {
  repository: (body, repository) => {
    const action = textAt(body, "action");
    const whole = objectAt(body, "repository");
    if (action === "deleted")
      return [{ op: "delete", kind: "repository", key: repository.id, version: textAt(whole, "updated_at") }];
    // The name is part of what everything under it is called.
    if (action === "renamed" || action === "transferred") return [{ op: "resync" }];
    return [{ op: "upsert", kind: "repository", object: repositoryObject(whole) }];
  },
  pull_request: pullRequest,
  pull_request_review: pullRequest,
  deployment,
  deployment_status: deployment,
  workflow_run: (body, repository) => [
    {
      op: "upsert",
      kind: "workflow-run",
      object: workflowRunObject(objectAt(body, "workflow_run"), repository),
    },
  ],
  release: (body, repository) => {
    const release = objectAt(body, "release");
    const key = keyAt(release, "id");
    return textAt(body, "action") === "deleted"
      ? [{ op: "delete", kind: "release", key, version: null }]
      : refetch("release", key, { repository, id: key });
  },
  issues: (body, repository) => {
    const object = issueObject(objectAt(body, "issue"), repository);
    const action = textAt(body, "action");
    return action === "deleted" || action === "transferred"
      ? [{ op: "delete", kind: "issue", key: object.key, version: object.version }]
      : [{ op: "upsert", kind: "issue", object }];
  },
  create: (body, repository) =>
    textAt(body, "ref_type") === "tag" ? tag(repository, textAt(body, "ref") ?? "", false) : [],
  delete: (body, repository) =>
    textAt(body, "ref_type") === "tag" ? tag(repository, textAt(body, "ref") ?? "", true) : [],
  push: (body, repository) => {
    const ref = textAt(body, "ref") ?? "";
    const isGone = body["deleted"] === true;
    if (ref.startsWith(TAGS)) return tag(repository, ref.slice(TAGS.length), isGone);
    return ref === `refs/heads/${repository.default_branch}` && !isGone
      ? [{ op: "commits", kind: "commit", ref: repository }]
      : [];
  },
};

const team: Event = (body) => {
  const one = objectAt(body, "team");
  const key = keyAt(one, "id");
  return textAt(body, "action") === "deleted"
    ? [{ op: "delete", kind: "team", key, version: null }]
    : refetch("team", key, { slug: textAt(one, "slug") });
};

const ORGANISATION_EVENTS: Readonly<Record<string, Event>> = {
  // A team that got or lost a repository says `repository` too; it is the team that is meant.
  team,
  membership: team,
  organization: (body) => {
    const user = objectAt(objectAt(body, "membership"), "user");
    switch (textAt(body, "action")) {
      case "member_added":
        return [{ op: "upsert", kind: "user", object: userObject(user) }];
      case "member_removed":
        return [{ op: "delete", kind: "user", key: keyAt(user, "id"), version: null }];
      default:
        return [];
    }
  },
};
