/** What a row of the change feed says, as far as derived values follow from it. */
import { definitions, planOf } from "../model/blueprint.ts";
import { losesOwners } from "../model/blueprint-edit.ts";
import { own } from "../model/entity.ts";
import { isObject, isStringArray, type JsonObject, sameJson } from "../model/json.ts";
import { SCORES } from "../model/scorecard.ts";
import type { FeedRow } from "../storage/feed.ts";
import type { Sensor } from "./derive-sensors.ts";

export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** Whether the change is one that the sensor waits for. @param isLife the entity came, went, or got another identifier */
export function isTouched(sensor: Sensor, before: JsonObject, after: JsonObject, isLife: boolean): boolean {
  if (sensor.any || (isLife && sensor.life)) return true;
  const differ = (map: string, id: string): boolean =>
    !sameJson(objectOf(before[map])[id] ?? null, objectOf(after[map])[id] ?? null);
  for (const id of sensor.stored) if (differ("properties", id)) return true;
  // Mirrors and calculations that were computed with the write itself.
  for (const id of sensor.derived)
    if (
      id === SCORES
        ? !sameJson(before["scorecards"] ?? {}, after["scorecards"] ?? {})
        : differ("properties", id)
    )
      return true;
  for (const meta of sensor.metas) {
    const key = meta.slice(1);
    if (!sameJson(before[key] ?? null, after[key] ?? null)) return true;
  }
  for (const id of sensor.relations)
    if (id === "$team" ? !sameJson(before["team"] ?? [], after["team"] ?? []) : differ("relations", id))
      return true;
  return false;
}

/** What the relation, or `$team`, points at. */
export function targetsOf(state: JsonObject | null, relation: string): readonly string[] {
  const relations = isObject(state?.["relations"]) ? state["relations"] : {};
  const value = relation === "$team" ? state?.["team"] : own(relations, relation);
  if (typeof value === "string") return [value];
  return isStringArray(value) ? value : [];
}

/** A definition that lost a relation or the type of a property took values with it, of which no entity's change tells. */
export function losesValues(row: FeedRow): boolean {
  if (row.kind !== "blueprint" || row.before === null) return false;
  const before = objectOf(row.before);
  const after = objectOf(row.after);
  const loses = (a: JsonObject, b: JsonObject, map: string, keys: readonly string[]): boolean => {
    const next = new Map(definitions(b, map));
    return definitions(a, map).some(([id, one]) => keys.some((key) => next.get(id)?.[key] !== one[key]));
  };
  return (
    losesOwners(planOf(before), planOf(after)) ||
    loses(before, after, "relations", ["target", "many"]) ||
    loses(objectOf(before["schema"]), objectOf(after["schema"]), "properties", ["type"])
  );
}
