/** PATCH of a blueprint (decision 12) and what a change of the definition does to stored entities. */
import type { BlueprintPlan } from "./blueprint.ts";
import { AppError, invalid } from "./error.ts";
import { isObject, isStringArray, type JsonObject } from "./json.ts";
import type { PropertyType } from "./property.ts";

/** The maps of definitions, and the key that a definition cannot do without. */
const MAPS: Readonly<Record<string, string>> = {
  relations: "target",
  mirrorProperties: "path",
  calculationProperties: "calculation",
  aggregationProperties: "calculationSpec",
};

/**
 * The document after a PATCH: each top-level key present replaces; inside the maps of definitions it merges by key
 * and null removes one. A definition without the key that makes it one (`type` of a property, `target` of a relation
 * and so on) is merged into the existing definition.
 */
export function patchBlueprint(document: JsonObject, patch: unknown): JsonObject {
  if (!isObject(patch)) throw invalid("the body must be an object");
  const result: Record<string, unknown> = { ...document };
  for (const [key, value] of Object.entries(patch)) {
    const needed = Object.hasOwn(MAPS, key) ? MAPS[key] : undefined;
    if (key === "schema") result[key] = patchSchema(document["schema"], value);
    else if (needed !== undefined) result[key] = patchMap(document[key], value, key, needed);
    else if (value === null) delete result[key];
    else result[key] = value;
  }
  return result;
}

function patchMap(current: unknown, patch: unknown, field: string, needed: string): unknown {
  if (!isObject(patch)) return patch ?? {};
  const result: Record<string, unknown> = isObject(current) ? { ...current } : {};
  for (const [id, value] of Object.entries(patch)) {
    if (id === "__proto__") throw invalid(`${field}: the identifier "__proto__" is not allowed`);
    const known = Object.hasOwn(result, id) ? result[id] : undefined;
    if (value === null) delete result[id];
    else if (isObject(value) && value[needed] === undefined && isObject(known))
      result[id] = withoutNulls({ ...known, ...value });
    else result[id] = value;
  }
  return result;
}

function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}

function patchSchema(current: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const before = isObject(current) ? current : {};
  const properties = Object.hasOwn(patch, "properties")
    ? patchMap(before["properties"], patch["properties"], "schema.properties", "type")
    : before["properties"];
  const kept = before["required"];
  const required =
    patch["required"] ??
    (isStringArray(kept) && isObject(properties) ? kept.filter((id) => Object.hasOwn(properties, id)) : kept);
  return { ...before, ...patch, properties, required };
}

/** What has to be done to the stored entities, in this order. */
export type EntityEdit =
  /** A property is new: values that an earlier property of another type left behind go. */
  | { readonly kind: "drop-mismatched-values"; readonly property: string; readonly type: PropertyType }
  | { readonly kind: "drop-relation"; readonly relation: string }
  | { readonly kind: "relation-to-many"; readonly relation: string }
  /** Refused when an entity holds several values. */
  | { readonly kind: "relation-to-single"; readonly relation: string }
  /** The entities can have no owners any more. */
  | { readonly kind: "drop-owners" };

/** @throws AppError when the change is not allowed: type of a property, target of a relation */
export function entityEdits(before: BlueprintPlan, after: BlueprintPlan): EntityEdit[] {
  const edits: EntityEdit[] = [];
  for (const [id, property] of after.properties) {
    const old = before.properties.get(id);
    if (old === undefined) edits.push({ kind: "drop-mismatched-values", property: id, type: property.type });
    else if (old.type !== property.type)
      throw invalid(
        `schema.properties.${id}.type: the type is permanent; it is ${old.type} and cannot become ${property.type} (remove the property first)`,
      );
  }
  for (const [id, relation] of before.relations) {
    const now = after.relations.get(id);
    if (now === undefined) edits.push({ kind: "drop-relation", relation: id });
    else if (now.target !== relation.target)
      throw invalid(
        `relations.${id}.target: the target is permanent; it is "${relation.target}" and cannot become "${now.target}" (remove the relation first)`,
      );
    else if (now.many !== relation.many)
      edits.push({ kind: now.many ? "relation-to-many" : "relation-to-single", relation: id });
  }
  if (losesOwners(before, after)) edits.push({ kind: "drop-owners" });
  return edits;
}

/** Owners that become direct stay as they were inherited; those that become inherited are computed. */
export function losesOwners(before: BlueprintPlan, after: BlueprintPlan): boolean {
  return before.ownership !== "none" && after.ownership === "none";
}

export function severalValues(relation: string, count: number): AppError {
  return new AppError(
    "conflict",
    `relations.${relation}.many cannot become false: ${count} entities hold several values`,
  );
}
