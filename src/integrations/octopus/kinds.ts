/** How Octopus lists its resources (octopus.com/docs/octopus-rest-api): pages by skip and take, `Links["Page.Next"]`. */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, ListRequest, Page, RawObject, Session } from "../connector.ts";
import { HttpError } from "../http-client.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";

const PAGE = 100;
/** Deployments are listed by when they were created; one that began so long before may have ended since. */
const LONGEST_DEPLOYMENT_MS = 24 * 3_600_000;
const SPACE_ID = /^Spaces-\d+$/;

type Read = (found: readonly JsonObject[]) => Promise<RawObject[]> | RawObject[];

/** `Page.Next` is an address from the root, so that a server below a path has to be taken care of: skip is counted here. */
async function page(
  session: Session,
  path: string,
  cursor: string | null,
  read: Read,
): Promise<Page & { readonly found: readonly JsonObject[] }> {
  const skip = Number(cursor ?? 0);
  const { body } = await session.http.get(path, { skip, take: PAGE });
  const found = objectsAt(body, "Items");
  const total = numberAt(body, "TotalResults");
  const next = textAt(objectAt(body, "Links"), "Page.Next") === null ? null : String(skip + found.length);
  return { objects: await read(found), found, next, ...(total !== null && { total }) };
}

async function single(session: Session, path: string): Promise<JsonObject | null> {
  try {
    const { body } = await session.http.get(path);
    const [found] = objects([body]);
    return found === undefined || textAt(found, "Id") === null ? null : found;
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return null;
    throw error;
  }
}

const spaceOf = (request: ListRequest): JsonObject => request.parent?.ref ?? {};
const spaceRef = (space: JsonObject): JsonObject => ({ id: keyAt(space, "Id") });
const pathIn = (space: JsonObject, path: string): string =>
  `/api/${encodeURIComponent(keyAt(space, "id"))}/${path}`;

/** Where its pages are. */
const pageUrl = ({ settings }: Session, space: JsonObject, path: string): string =>
  `${settings["baseUrl"] ?? ""}/app#/${keyAt(space, "id")}/${path}`;

const plain =
  (session: Session, space: JsonObject, page: (one: JsonObject) => string): Read =>
  (found) =>
    found.map((one) => ({
      key: keyAt(one, "Id"),
      parent: keyAt(space, "id"),
      version: null,
      payload: { ...one, __url: pageUrl(session, space, page(one)) },
    }));

/** The spaces that the data source is limited to, by name or id; null: all that the key may see. */
function chosenSpaces({ settings }: Session): readonly string[] | null {
  const names = (settings["spaces"] ?? "").split(",").map((name) => name.trim().toLowerCase());
  const given = names.filter((name) => name !== "");
  return given.length === 0 ? null : given;
}

const isChosen = (session: Session, space: JsonObject): boolean => {
  const chosen = chosenSpaces(session);
  return (
    chosen === null ||
    [textAt(space, "Id"), textAt(space, "Name"), textAt(space, "Slug")].some(
      (name) => name !== null && chosen.includes(name.toLowerCase()),
    )
  );
};

const spaceObject = (session: Session, space: JsonObject): RawObject => ({
  key: keyAt(space, "Id"),
  version: null,
  payload: { ...space, __url: `${session.settings["baseUrl"] ?? ""}/app#/${keyAt(space, "Id")}` },
  ref: spaceRef(space),
});

const spaces: Kind = {
  kind: "space",
  title: "Spaces",
  list: (session, { cursor }) =>
    page(session, "/api/spaces", cursor, (found) =>
      found.filter((space) => isChosen(session, space)).map((space) => spaceObject(session, space)),
    ),
};

/** What is listed in a space, and asked for by `{space, id}`. */
function inSpace(
  about: Pick<Kind, "kind" | "title" | "incremental">,
  path: string,
  read: (session: Session, space: JsonObject) => Read,
): Kind {
  return {
    ...about,
    under: "space",
    async list(session, request) {
      const space = spaceOf(request);
      const { found, ...listed } = await page(
        session,
        pathIn(space, path),
        request.cursor,
        read(session, space),
      );
      // Newest first: what follows is older still.
      const last = Date.parse(textAt(found.at(-1), "Created") ?? "");
      const isEnough = request.since !== null && last < Date.parse(request.since) - LONGEST_DEPLOYMENT_MS;
      return isEnough ? { objects: listed.objects, next: null } : listed;
    },
    async fetch(session, ref) {
      const space = objectAt(ref, "space");
      if (!SPACE_ID.test(keyAt(space, "id"))) return null;
      const found = await single(session, pathIn(space, `${path}/${encodeURIComponent(keyAt(ref, "id"))}`));
      if (found === null) return null;
      const [object] = await read(session, space)([found]);
      return object ?? null;
    },
  };
}

/** Resources of a space by their ids, in one request. */
async function byIds(
  session: Session,
  space: JsonObject,
  path: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, JsonObject>> {
  const wanted = [...new Set(ids)].filter((id) => id !== "");
  if (wanted.length === 0) return new Map();
  const { body } = await session.http.get(pathIn(space, path), { ids: wanted.join(","), take: PAGE });
  return new Map(objectsAt(body, "Items").map((one) => [keyAt(one, "Id"), one]));
}

/** With `.__task`, `.__release`, `.__environment` and `.__project`. */
const deploymentsOf =
  (session: Session, space: JsonObject): Read =>
  async (found) => {
    const related = (path: string, field: string): Promise<ReadonlyMap<string, JsonObject>> =>
      byIds(
        session,
        space,
        path,
        found.map((one) => keyAt(one, field)),
      );
    const [tasks, releases, environments, projects] = await Promise.all([
      related("tasks", "TaskId"),
      related("releases", "ReleaseId"),
      related("environments", "EnvironmentId"),
      related("projects", "ProjectId"),
    ]);
    return found.map((one) => ({
      key: keyAt(one, "Id"),
      parent: keyAt(space, "id"),
      version: null,
      payload: {
        ...one,
        __task: tasks.get(keyAt(one, "TaskId")) ?? null,
        __release: releases.get(keyAt(one, "ReleaseId")) ?? null,
        __environment: environments.get(keyAt(one, "EnvironmentId")) ?? null,
        __project: projects.get(keyAt(one, "ProjectId")) ?? null,
        __url: pageUrl(session, space, `deployments/${keyAt(one, "Id")}`),
      },
    }));
  };

/** With `.__project`. */
const releasesOf =
  (session: Session, space: JsonObject): Read =>
  async (found) => {
    const projects = await byIds(
      session,
      space,
      "projects",
      found.map((one) => keyAt(one, "ProjectId")),
    );
    return found.map((one) => ({
      key: keyAt(one, "Id"),
      parent: keyAt(space, "id"),
      version: null,
      payload: {
        ...one,
        __project: projects.get(keyAt(one, "ProjectId")) ?? null,
        __url: pageUrl(session, space, `releases/${keyAt(one, "Id")}`),
      },
    }));
  };

export const octopusKinds: readonly Kind[] = [
  spaces,
  inSpace({ kind: "environment", title: "Environments" }, "environments", (session, space) =>
    plain(session, space, (one) => `infrastructure/environments/${keyAt(one, "Id")}`),
  ),
  inSpace({ kind: "project", title: "Projects" }, "projects", (session, space) =>
    plain(session, space, (one) => `projects/${textAt(one, "Slug") ?? keyAt(one, "Id")}`),
  ),
  inSpace({ kind: "release", title: "Releases" }, "releases", releasesOf),
  inSpace(
    { kind: "deployment", title: "Deployments, with their tasks", incremental: true },
    "deployments",
    deploymentsOf,
  ),
];
