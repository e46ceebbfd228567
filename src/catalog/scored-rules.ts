/** What users may do with entities of `_scorecard`, `_rule` and `_rule_result`: fill in properties of their own. */
import type { Actor } from "../model/actor.ts";
import type { Entity } from "../model/entity.ts";
import { AppError } from "../model/error.ts";
import { sameJson } from "../model/json.ts";
import { objectAt, SYSTEM_BLUEPRINTS } from "../model/system-blueprints.ts";

const BLUEPRINTS = ["_scorecard", "_rule", "_rule_result"];
const WAY = "they follow the definitions at /v1/blueprints/{blueprint}/scorecards";

export const isScored = (blueprint: string): boolean => BLUEPRINTS.includes(blueprint);

/** @throws AppError forbidden */
export function checkScoredWrite(actor: Actor, before: Entity | null, after: Entity): void {
  if (actor.kind === "system") return;
  const { blueprint, identifier } = after;
  if (before === null)
    throw new AppError("forbidden", `entities of blueprint "${blueprint}" cannot be created: ${WAY}`);
  const shipped = SYSTEM_BLUEPRINTS.get(blueprint) ?? {};
  const refused = [
    ...(before.identifier === identifier ? [] : ["identifier"]),
    ...(before.title === after.title ? [] : ["title"]),
    ...Object.keys(objectAt(shipped, ["schema", "properties"]))
      .filter((id) => !sameJson(before.properties[id] ?? null, after.properties[id] ?? null))
      .map((id) => `properties.${id}`),
    ...Object.keys(objectAt(shipped, ["relations"]))
      .filter((id) => !sameJson(before.relations[id] ?? null, after.relations[id] ?? null))
      .map((id) => `relations.${id}`),
  ];
  if (refused[0] !== undefined)
    throw new AppError(
      "forbidden",
      `${refused[0]} of blueprint "${blueprint}" cannot be changed here: ${WAY}`,
    );
}

/** @throws AppError forbidden */
export function checkScoredRemoval(actor: Actor, { blueprint }: Entity): void {
  if (actor.kind !== "system")
    throw new AppError("forbidden", `entities of blueprint "${blueprint}" cannot be deleted: ${WAY}`);
}
