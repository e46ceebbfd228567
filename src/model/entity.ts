/** Entities: the stored state, and how it looks to clients (data-model.md §4.1). */
import type { BlueprintPlan } from "./blueprint.ts";
import { sameJson } from "./json.ts";
import { renderScores, type ScoresJson } from "./scores.ts";

export interface EntityKey {
  readonly blueprint: string;
  readonly identifier: string;
}

/** Values that are null or absent are not in `properties`; relations without a value are not in `relations`. */
export interface Entity extends EntityKey {
  readonly title: string | null;
  readonly icon: string | null;
  readonly team: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
  readonly relations: Readonly<Record<string, string | readonly string[]>>;
  /** Values of mirror, calculation and aggregation properties that are not null; absent: none. */
  readonly derived?: Readonly<Record<string, unknown>>;
  readonly datasource: string | null;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
  /** When something other than a running resync last changed it. */
  readonly changedAt: Date;
}

/** The entity as the API returns it. */
export interface EntityJson extends EntityKey {
  readonly title: string | null;
  readonly icon: string | null;
  readonly team: readonly string[];
  /** Every property of the blueprint, null when unset. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Every relation of the blueprint; unset is null (single) or [] (many). */
  readonly relations: Readonly<Record<string, string | readonly string[] | null>>;
  /** Levels by scorecard; absent where the blueprint has no scorecards. */
  readonly scorecards?: ScoresJson;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

export function renderEntity(plan: BlueprintPlan, entity: Entity): EntityJson {
  const properties: Record<string, unknown> = {};
  for (const id of plan.properties.keys()) properties[id] = own(entity.properties, id) ?? null;
  const derived = entity.derived ?? {};
  for (const id of plan.derived.keys()) properties[id] = own(derived, id) ?? null;
  const relations: Record<string, string | readonly string[] | null> = {};
  for (const [id, relation] of plan.relations)
    relations[id] = own(entity.relations, id) ?? (relation.many ? [] : null);
  return {
    identifier: entity.identifier,
    title: entity.title,
    icon: entity.icon,
    blueprint: entity.blueprint,
    team: entity.team,
    properties,
    relations,
    ...(plan.scorecards.length === 0 ? {} : { scorecards: renderScores(plan, entity.derived) }),
    createdAt: isoText(entity.createdAt),
    createdBy: entity.createdBy,
    updatedAt: isoText(entity.updatedAt),
    updatedBy: entity.updatedBy,
  };
}

let lastDate: Date | null = null;
let lastText = "";

/** The entities of a batch share the time at which they are written. */
export function isoText(date: Date): string {
  if (date === lastDate) return lastText;
  lastText = date.toISOString();
  lastDate = date;
  return lastText;
}

/** A key of the object itself: identifiers such as `constructor` must not reach the prototype. */
export function own<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/**
 * True when a write would change nothing that a client can see. Values of properties that the blueprint no longer
 * has do not count.
 */
export function sameContent(plan: BlueprintPlan, a: Entity, b: Entity): boolean {
  if (a.title !== b.title || a.icon !== b.icon || !sameJson(a.team, b.team)) return false;
  for (const id of plan.properties.keys())
    if (!sameJson(own(a.properties, id), own(b.properties, id))) return false;
  return sameJson(a.relations, b.relations);
}

/** The targets that an entity has in one relation, in order. */
export function relationTargets(entity: Entity | null, relation: string): readonly string[] {
  const value = entity === null ? undefined : own(entity.relations, relation);
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

/** One text per entity of the organisation, for maps and sets. */
export function keyOf(blueprint: string, identifier: string): string {
  return `${blueprint}\u0000${identifier}`;
}
