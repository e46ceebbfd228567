/** How Codefresh's objects are listed (its openapi.json): pipelines by limit and offset, builds by limit and page. */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, RawObject, Session } from "../connector.ts";
import { HttpError } from "../http-client.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";

const PAGE = 100;
/** Builds are listed by when they were created; one that began so long before may have ended since. */
const LONGEST_BUILD_MS = 24 * 3_600_000;

const pipelineObject = ({ settings }: Session, pipeline: JsonObject): RawObject => {
  const metadata = objectAt(pipeline, "metadata");
  const id = keyAt(metadata, "id");
  const name = (textAt(metadata, "name") ?? "").split("/").map(encodeURIComponent).join("/");
  return {
    key: id,
    version: textAt(metadata, "updated_at"),
    payload: {
      ...pipeline,
      __url: `${settings["baseUrl"] ?? ""}/pipelines/edit/workflow?id=${id}&pipeline=${name}`,
    },
  };
};

/** What ends comes after what runs, whatever the clocks say. */
const buildVersion = (build: JsonObject): string | null => {
  const finished = textAt(build, "finished");
  if (finished !== null) return `2 ${finished}`;
  const started = textAt(build, "started");
  return started === null ? `0 ${textAt(build, "created") ?? ""}` : `1 ${started}`;
};

const buildObject = ({ settings }: Session, build: JsonObject): RawObject => ({
  key: keyAt(build, "id"),
  version: buildVersion(build),
  payload: { ...slim(build), __url: `${settings["baseUrl"] ?? ""}/build/${keyAt(build, "id")}` },
});

/** The whole text of the pipeline and its steps come with every build. */
const slim = (build: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(build).filter(
      ([key]) => !["userYamlDescriptor", "finalWorkflowYaml", "steps", "runtimeEnvironment"].includes(key),
    ),
  );

async function single(session: Session, path: string): Promise<JsonObject | null> {
  try {
    const { body } = await session.http.get(path);
    return objects([body])[0] ?? null;
  } catch (error) {
    if (error instanceof HttpError && error.status === 404) return null;
    throw error;
  }
}

const pipelines: Kind = {
  kind: "pipeline",
  title: "Pipelines",
  async list(session, { cursor }) {
    const offset = Number(cursor ?? 0);
    const { body } = await session.http.get("/api/pipelines", { limit: PAGE, offset });
    const found = objectsAt(body, "docs");
    const total = numberAt(body, "count");
    const isLast = found.length < PAGE || (total !== null && offset + found.length >= total);
    return {
      objects: found.map((one) => pipelineObject(session, one)),
      next: isLast ? null : String(offset + found.length),
      ...(total !== null && { total }),
    };
  },
  async fetch(session, ref) {
    const found = await single(session, `/api/pipelines/${encodeURIComponent(keyAt(ref, "id"))}`);
    return found === null ? null : pipelineObject(session, found);
  },
};

const builds: Kind = {
  kind: "build",
  title: "Builds",
  incremental: true,
  // Old ones leave the list, which did not make them undone.
  forgets: true,
  async list(session, { cursor, since }) {
    const page = Number(cursor ?? 1);
    const { body } = await session.http.get("/api/workflow", { limit: PAGE, page });
    const found = objectsAt(objectAt(body, "workflows"), "docs");
    // Newest first: what follows is older still.
    const last = Date.parse(textAt(found.at(-1), "created") ?? "");
    const isEnough = since !== null && last < Date.parse(since) - LONGEST_BUILD_MS;
    return {
      objects: found.map((one) => buildObject(session, one)),
      next: found.length < PAGE || isEnough ? null : String(page + 1),
    };
  },
  async fetch(session, ref) {
    const found = await single(session, `/api/builds/${encodeURIComponent(keyAt(ref, "id"))}`);
    return found === null ? null : buildObject(session, found);
  },
};

export const codefreshKinds: readonly Kind[] = [pipelines, builds];
