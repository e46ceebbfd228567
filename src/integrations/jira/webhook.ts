/** What Jira's webhooks say (developer.atlassian.com: Webhooks). Their issues have the shape of REST v2, so they are asked for. */
import { invalid } from "../../model/error.ts";
import type { Connector, Delivery, LiveChange } from "../connector.ts";
import { keyAt, numberAt, objectAt, textAt } from "../read-json.ts";
import { carriesSecret, isSignedBy } from "../signature.ts";

export const jiraWebhook: Connector["webhook"] = {
  help: "Settings → System → WebHooks → Create: the address as URL, the secret as Secret, and the events of issues and projects. A Jira that asks for no secret takes it at the end of the address: ?secret=….",
  verify: (headers, rawBody, secret) =>
    headers["x-hub-signature"] === undefined
      ? carriesSecret(secret, headers)
      : isSignedBy(secret, rawBody, headers["x-hub-signature"], { prefix: "sha256=" }),
  deliveryId: ({ headers }) => headers["x-atlassian-webhook-identifier"] ?? null,
  changes,
};

function changes({ body }: Delivery): readonly LiveChange[] {
  const event = textAt(body, "webhookEvent");
  if (event === null) throw invalid("webhookEvent is missing: this is no delivery of Jira's webhooks");
  // Comments and worklogs have events of their own, with the issue inside; they change nothing that is read.
  const kind = event.startsWith("jira:issue_") ? "issue" : event.startsWith("project_") ? "project" : null;
  if (kind === null) return [];
  const id = keyAt(objectAt(body, kind), "id");
  if (id === "") throw invalid(`${kind}.id is missing in ${event}`);
  const time = numberAt(body, "timestamp");
  if (event === "jira:issue_deleted" || event === "project_deleted" || event === "project_soft_deleted")
    return [{ op: "delete", kind, key: id, version: time === null ? null : new Date(time).toISOString() }];
  return [{ op: "refetch", kind, key: id, ref: { id } }];
}
