/** Alerts and initiatives after a rename in the data model (decision 13): what they watch, and which entities they are about. */
import { isObject, type JsonObject } from "./json.ts";
import { type Documents, type Rename, renameInSearch } from "./rename.ts";

/** What an alert watches, and the property of teams that holds their channel. */
export function renameInAlert(document: JsonObject, rename: Rename): JsonObject {
  const { source, recipients } = document;
  return {
    ...document,
    ...(isObject(source) ? { source: sourceAfter(source, rename) } : {}),
    ...(isObject(recipients) && isMember(rename, "_team", recipients["teamChannel"])
      ? { recipients: { ...recipients, teamChannel: rename.to } }
      : {}),
  };
}

function sourceAfter(source: JsonObject, rename: Rename): JsonObject {
  const result: Record<string, unknown> = { ...source };
  for (const key of ["blueprint", "per"])
    if (rename.kind === "blueprint" && source[key] === rename.from) result[key] = rename.to;
  if (isMember(rename, source["blueprint"], source["property"])) result["property"] = rename.to;
  return result;
}

const isMember = (rename: Rename, blueprint: unknown, name: unknown): boolean =>
  rename.kind === "property" && rename.blueprint === blueprint && rename.from === name;

/** @param on the initiative's blueprint, as it was called before */
export function renameInInitiative(
  document: JsonObject,
  on: string,
  rename: Rename,
  documents: Documents,
): JsonObject {
  const { query, blueprint } = document;
  return {
    ...document,
    ...(rename.kind === "blueprint" && blueprint === rename.from ? { blueprint: rename.to } : {}),
    ...(isObject(query) ? { query: renameInSearch(query, on, rename, documents) } : {}),
  };
}
