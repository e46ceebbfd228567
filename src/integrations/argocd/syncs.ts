/** What Argo CD remembers of an application's syncs, one by one, with the commit that each brought. */
import { commitOfImage, commitOfTag } from "../../model/image-commit.ts";
import type { JsonObject } from "../../model/json.ts";
import type { RawObject } from "../connector.ts";
import { keyAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";

const COMMIT = /^[0-9a-f]{40}$/;

const first = <T>(list: readonly T[], read: (one: T) => string | null): string | null => {
  for (const one of list) {
    const found = read(one);
    if (found !== null) return found;
  }
  return null;
};

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

/** One source, or several. */
function sourcesOf(entry: JsonObject): JsonObject[] {
  const many = objects(entry["sources"]);
  return many.length > 0 ? many : [objectAt(entry, "source")];
}

/** What the sync itself says of images: `kustomize.images`, and `image.tag` among the parameters of a chart. */
function carriedCommit(entry: JsonObject): string | null {
  return first(
    sourcesOf(entry),
    (source) =>
      first(texts(objectAt(source, "kustomize")["images"]), commitOfImage) ??
      first(objectsAt(objectAt(source, "helm"), "parameters"), (parameter) =>
        /(^|\.)(image)?\.?tag$/i.test(textAt(parameter, "name") ?? "")
          ? commitOfTag(textAt(parameter, "value") ?? "")
          : null,
      ),
  );
}

function revisionCommit(entry: JsonObject): string | null {
  const revisions = [...texts(entry["revisions"]), textAt(entry, "revision") ?? ""];
  return first(revisions, (revision) => (COMMIT.test(revision) ? revision : null));
}

/** Equal ones bring the same: Argo CD undid a change made by hand, or somebody synced again. */
const contentOf = (entry: JsonObject): string =>
  JSON.stringify([texts(entry["revisions"]), textAt(entry, "revision"), sourcesOf(entry)]);

/**
 * Entries of the history with `.__repeat`, `.__sha`, `.__phase` and `.__application`, and the last operation where it
 * failed. Without its predecessor nobody can tell whether an entry brought something, so the oldest of a cut history is
 * left out.
 */
export function syncObjects(uid: string, application: JsonObject): RawObject[] {
  const { status, metadata, spec } = application;
  const images = texts(objectAt(status, "summary")["images"]);
  const imageCommit = first(images, commitOfImage);
  const about: JsonObject = {
    ...{ uid, name: textAt(metadata, "name"), namespace: textAt(metadata, "namespace") },
    ...{ project: textAt(spec, "project"), labels: objectAt(metadata, "labels") },
    ...{ destination: objectAt(spec, "destination"), url: textAt(application, "__url") },
  };
  const history = objectsAt(status, "history");
  const isCut = Number(keyAt(history[0], "id")) > 0;
  const made = history.flatMap((entry, index): RawObject[] => {
    const before = history[index - 1];
    if (before === undefined && isCut) return [];
    const isLast = index === history.length - 1;
    // Images are told of now only. An application that says its commit by them says it of the last sync.
    const sha =
      carriedCommit(entry) ?? (imageCommit === null ? revisionCommit(entry) : isLast ? imageCommit : null);
    return [
      {
        key: `${uid}/${keyAt(entry, "id")}`,
        parent: uid,
        version: null,
        payload: {
          ...{ ...entry, __application: about, __phase: "Succeeded", __sha: sha },
          __repeat: before !== undefined && contentOf(before) === contentOf(entry),
        },
      },
    ];
  });
  const failed = failedOperation(uid, objectAt(status, "operationState"), about);
  return failed === null ? made : [...made, failed];
}

function failedOperation(uid: string, operation: JsonObject, about: JsonObject): RawObject | null {
  const phase = textAt(operation, "phase");
  const [started, finished] = [textAt(operation, "startedAt"), textAt(operation, "finishedAt")];
  if ((phase !== "Failed" && phase !== "Error") || started === null || finished === null) return null;
  const result = objectAt(operation, "syncResult");
  const isDry = objectAt(objectAt(operation, "operation"), "sync")["dryRun"] === true;
  if (isDry) return null;
  return {
    key: `${uid}/failed/${started}`,
    parent: uid,
    version: null,
    payload: {
      ...{ id: `failed-${started}`, revision: textAt(result, "revision"), deployedAt: finished },
      ...{ deployStartedAt: started, source: objectAt(result, "source") },
      initiatedBy: objectAt(objectAt(operation, "operation"), "initiatedBy"),
      ...{ __application: about, __phase: phase, __message: textAt(operation, "message") },
      ...{ __repeat: false, __sha: carriedCommit(result) ?? revisionCommit(result) },
    },
  };
}
