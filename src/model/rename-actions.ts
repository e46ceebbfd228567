/** Actions after a rename in the data model (decision 13). jq texts and templates stay as they are. */
import { isObject, type JsonObject } from "./json.ts";
import { type Documents, type Rename, renameInSearch } from "./rename.ts";

/** @param documents as they are before the rename */
export function renameInAction(document: JsonObject, rename: Rename, documents: Documents): JsonObject {
  const change = (object: JsonObject, key: string, by: (value: JsonObject) => JsonObject) => {
    const value = object[key];
    return isObject(value) ? { ...object, [key]: by(value) } : object;
  };
  const trigger = (before: JsonObject): JsonObject => {
    const on = textOf(before["blueprintIdentifier"]);
    let after = withBlueprint(before, "blueprintIdentifier", rename);
    after = change(after, "event", (event) => eventAfter(event, rename));
    if (on !== null)
      after = change(after, "condition", (query) => renameInSearch(query, on, rename, documents));
    return change(after, "userInputs", (inputs) =>
      change(inputs, "properties", (properties) =>
        Object.fromEntries(
          Object.entries(properties).map(([key, input]) => [
            key,
            isObject(input) ? inputAfter(input, rename, documents) : input,
          ]),
        ),
      ),
    );
  };
  const renamed = change(document, "trigger", trigger);
  return change(renamed, "invocationMethod", (invocation) => invocationAfter(invocation, rename));
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

function withBlueprint(object: JsonObject, key: string, rename: Rename): JsonObject {
  return rename.kind === "blueprint" && object[key] === rename.from
    ? { ...object, [key]: rename.to }
    : object;
}

function eventAfter(event: JsonObject, rename: Rename): JsonObject {
  const isTimer =
    rename.kind === "property" &&
    event["blueprintIdentifier"] === rename.blueprint &&
    event["propertyIdentifier"] === rename.from;
  return isTimer
    ? { ...event, propertyIdentifier: rename.to }
    : withBlueprint(event, "blueprintIdentifier", rename);
}

function inputAfter(input: JsonObject, rename: Rename, documents: Documents): JsonObject {
  const on = textOf(input["blueprint"]);
  const { dataset, sort, items } = input;
  const sorts =
    isObject(sort) &&
    rename.kind === "property" &&
    on === rename.blueprint &&
    sort["property"] === rename.from;
  return {
    ...withBlueprint(input, "blueprint", rename),
    ...(on !== null && isObject(dataset) ? { dataset: renameInSearch(dataset, on, rename, documents) } : {}),
    ...(sorts ? { sort: { ...sort, property: rename.to } } : {}),
    ...(isObject(items) ? { items: inputAfter(items, rename, documents) } : {}),
  };
}

/** Keys of what UPSERT_ENTITY writes are names of properties and relations. */
function invocationAfter(invocation: JsonObject, rename: Rename): JsonObject {
  const after = withBlueprint(invocation, "blueprintIdentifier", rename);
  const { mapping } = invocation;
  if (
    rename.kind === "blueprint" ||
    invocation["blueprintIdentifier"] !== rename.blueprint ||
    !isObject(mapping)
  )
    return after;
  const list = rename.kind === "property" ? "properties" : "relations";
  const named = mapping[list];
  if (!isObject(named) || !Object.hasOwn(named, rename.from)) return after;
  const keys = Object.entries(named).map(([key, value]) => [key === rename.from ? rename.to : key, value]);
  return { ...after, mapping: { ...mapping, [list]: Object.fromEntries(keys) } };
}
