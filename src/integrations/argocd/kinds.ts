/**
 * How Argo CD's objects are listed (its swagger.json: ProjectService and ApplicationService). The API has no pages; the
 * applications of one project are one, the history of one application is another.
 */
import { isObject, type JsonObject } from "../../model/json.ts";
import type { Kind, RawObject, Session } from "../connector.ts";
import { HttpError } from "../http-client.ts";
import { objectAt, objectsAt, textAt } from "../read-json.ts";
import { syncObjects } from "./syncs.ts";

/** What finds an application again. */
const applicationRef = (metadata: JsonObject, project: string): JsonObject => ({
  ...{ uid: textAt(metadata, "uid"), name: textAt(metadata, "name") },
  ...{ namespace: textAt(metadata, "namespace"), project },
});

/** When it was synced last, or tried to be. */
function changedAt(status: JsonObject): string | null {
  const deployed = objectsAt(status, "history").map((entry) => textAt(entry, "deployedAt"));
  const operation = textAt(objectAt(status, "operationState"), "finishedAt");
  return [...deployed, operation].reduce((a, b) => ((b ?? "") > (a ?? "") ? b : a), null);
}

/** With `.__url`, its page in Argo CD. */
function applicationObject({ settings }: Session, application: JsonObject): RawObject {
  const metadata = objectAt(application, "metadata");
  const project = textAt(objectAt(application, "spec"), "project") ?? "default";
  const path = [textAt(metadata, "namespace"), textAt(metadata, "name")].map((part) => part ?? "").join("/");
  return {
    key: textAt(metadata, "uid") ?? path,
    // Kubernetes' own (resourceVersion) must not be compared; what events tell is asked for anyway.
    version: null,
    payload: {
      ...{ metadata: withoutManagedFields(metadata), spec: objectAt(application, "spec") },
      status: objectAt(application, "status"),
      __url: `${settings["baseUrl"] ?? ""}/applications/${path}`,
    },
    ref: {
      ...applicationRef(metadata, project),
      changedAt: changedAt(objectAt(application, "status")),
    },
  };
}

const withoutManagedFields = (metadata: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== "managedFields"));

/** One that is being deleted is gone. */
const isThere = (application: JsonObject): boolean =>
  textAt(objectAt(application, "metadata"), "deletionTimestamp") === null;

/** By the list: `GET /applications/{name}` answers 403 for what is not there, so that names cannot be guessed. */
async function findApplication(session: Session, ref: JsonObject): Promise<JsonObject | null> {
  try {
    const { body } = await session.http.get("/api/v1/applications", {
      ...{ name: textAt(ref, "name"), projects: textAt(ref, "project") },
      appNamespace: textAt(ref, "namespace"),
    });
    const found = objectsAt(body, "items").find(
      (one) => textAt(objectAt(one, "metadata"), "uid") === textAt(ref, "uid"),
    );
    return found !== undefined && isThere(found) ? found : null;
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return null;
    throw error;
  }
}

const projects: Kind = {
  kind: "project",
  title: "Projects",
  async list({ http }) {
    const { body } = await http.get("/api/v1/projects");
    return {
      objects: objectsAt(body, "items").map((project) => {
        const name = textAt(objectAt(project, "metadata"), "name") ?? "";
        const metadata = withoutManagedFields(objectAt(project, "metadata"));
        return { key: name, version: null, payload: { ...project, metadata }, ref: { name } };
      }),
      next: null,
    };
  },
};

const applications: Kind = {
  kind: "application",
  title: "Applications",
  under: "project",
  async list(session, { parent }) {
    // `project` is what versions before 2.7 call it.
    const name = textAt(parent?.ref, "name");
    const { body } = await session.http.get("/api/v1/applications", { projects: name, project: name });
    const found = objectsAt(body, "items").filter(
      (one) => isThere(one) && textAt(objectAt(one, "spec"), "project") === name,
    );
    return { objects: found.map((one) => applicationObject(session, one)), next: null };
  },
  async fetch(session, ref) {
    const found = await findApplication(session, ref);
    return found === null ? null : { ...applicationObject(session, found), ...parentOf(found) };
  },
};

const parentOf = (application: JsonObject): { parent?: string } => {
  const project = textAt(objectAt(application, "spec"), "project");
  return project === null ? {} : { parent: project };
};

const syncs: Kind = {
  kind: "deployment",
  title: "Syncs: deployments of an application, failed ones too",
  under: "application",
  incremental: true,
  // Argo CD remembers ten (revisionHistoryLimit).
  forgets: true,
  async list(session, { parent, since }) {
    const ref = isObject(parent?.ref) ? parent.ref : {};
    if (since !== null && (textAt(ref, "changedAt") ?? "") < since) return { objects: [], next: null };
    const found = await findApplication(session, ref);
    if (found === null) return { objects: [], next: null };
    const application = applicationObject(session, found);
    return { objects: syncObjects(application.key, application.payload), next: null };
  },
};

export const argocdKinds: readonly Kind[] = [projects, applications, syncs];
