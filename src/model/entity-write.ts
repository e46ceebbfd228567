/** The body of an entity write, checked against the plan, and its effect on the stored state (data-model.md §4.2). */
import type { Actor } from "./actor.ts";
import type { BlueprintPlan, RelationPlan } from "./blueprint.ts";
import { AppError, invalid } from "./error.ts";
import { type Entity, relationTargets } from "./entity.ts";
import { checkEntityIdentifier } from "./identifier.ts";
import { checkJson, isObject, kindOf, show } from "./json.ts";
import { parseQuery, type QueryGroup } from "./query.ts";

/** A value that is found by searching, resolved before the write is applied. */
export interface ByQuery {
  readonly query: QueryGroup;
}

export interface EntityWrite {
  /** null: to be generated. */
  readonly identifier: string | ByQuery | null;
  readonly title?: string | null;
  readonly icon?: string | null;
  readonly team?: readonly string[] | ByQuery;
  /** Values that were given; null clears. */
  readonly properties: ReadonlyMap<string, unknown>;
  /** Relations that were given; [] clears. */
  readonly relations: ReadonlyMap<string, readonly string[] | ByQuery>;
  readonly warnings: readonly string[];
}

/** A write whose queries are answered. */
export interface PlainWrite extends EntityWrite {
  readonly identifier: string;
  readonly team?: readonly string[];
  readonly relations: ReadonlyMap<string, readonly string[]>;
}

/** What is wrong with a value of a property, or null. */
export type CheckValue = (property: string, value: unknown) => string | null;

export function isByQuery(value: unknown): value is ByQuery {
  return isObject(value) && Object.hasOwn(value, "query");
}

export interface ParseOptions {
  /** PATCH takes no other keys (data-model.md §4.4). */
  readonly closed: boolean;
  readonly check: CheckValue;
}

const KEYS = new Set(["identifier", "title", "icon", "team", "properties", "relations"]);

/** @throws AppError naming the field, the value and the rule */
export function parseEntityWrite(plan: BlueprintPlan, body: unknown, options: ParseOptions): EntityWrite {
  if (!isObject(body)) throw invalid(`the entity must be an object, not ${kindOf(body)}`);
  checkJson(body, "");
  if (options.closed) {
    const extra = Object.keys(body).find((key) => !KEYS.has(key));
    if (extra !== undefined)
      throw invalid(`${show(extra)} is not a key of an entity: ${[...KEYS].join(", ")}`);
  }
  const warnings: string[] = [];
  const given = parseProperties(plan, body["properties"], options.check, warnings);
  const team = parseTeam(plan, body["team"] === undefined ? given.team : body["team"], warnings);
  const { title, icon } = body;
  return {
    identifier: parseIdentifier(plan, body["identifier"]),
    ...(title === undefined ? {} : { title: nullableText(title, "title") }),
    ...(icon === undefined ? {} : { icon: nullableText(icon, "icon") }),
    ...(team === undefined ? {} : { team }),
    properties: given.values,
    relations: parseRelations(plan, body["relations"]),
    warnings,
  };
}

function parseIdentifier(plan: BlueprintPlan, value: unknown): EntityWrite["identifier"] {
  if (value === undefined || value === null) return null;
  if (isObject(value)) return { query: parseQuery(value, "identifier") };
  return checkEntityIdentifier(value, "identifier", plan.identifier);
}

function nullableText(value: unknown, field: string): string | null {
  if (value === null || typeof value === "string") return value;
  throw invalid(`${field} must be a string or null, not ${kindOf(value)}`);
}

function parseProperties(
  plan: BlueprintPlan,
  value: unknown,
  check: CheckValue,
  warnings: string[],
): { values: Map<string, unknown>; team: unknown } {
  const values = new Map<string, unknown>();
  let team: unknown;
  if (value === undefined) return { values, team };
  if (!isObject(value)) throw invalid(`properties must be an object, not ${kindOf(value)}`);
  for (const [id, item] of Object.entries(value)) {
    if (id === "$team") {
      team = item;
    } else if (plan.properties.has(id)) {
      const problem = item === null ? null : check(id, item);
      if (problem !== null) throw invalid(problem);
      values.set(id, item);
    } else {
      const kind = plan.derived.get(id);
      warnings.push(
        kind === undefined
          ? `properties.${id}: not a property of blueprint "${plan.identifier}", dropped`
          : `properties.${id}: computed (${kind}), dropped`,
      );
    }
  }
  return { values, team };
}

function parseTeam(plan: BlueprintPlan, value: unknown, warnings: string[]): EntityWrite["team"] {
  if (value === undefined) return undefined;
  const team = parseTeamValue(value);
  if (plan.ownership === "direct") return team;
  if (isByQuery(team) || team.length > 0)
    warnings.push(
      plan.ownership === "inherited"
        ? `team: inherited on blueprint "${plan.identifier}", dropped`
        : `team: blueprint "${plan.identifier}" has no ownership, dropped`,
    );
  return undefined;
}

function parseTeamValue(value: unknown): readonly string[] | ByQuery {
  if (value === null) return [];
  if (isObject(value)) return { query: parseQuery(value, "team") };
  const list: unknown[] = Array.isArray(value) ? value : [value];
  for (const item of list)
    if (typeof item !== "string") throw invalid(`team must hold strings, not ${kindOf(item)}`);
  return [...new Set(list as string[])].filter((item) => item !== "");
}

function parseRelations(plan: BlueprintPlan, value: unknown): Map<string, readonly string[] | ByQuery> {
  const relations = new Map<string, readonly string[] | ByQuery>();
  if (value === undefined || value === null) return relations;
  if (!isObject(value)) throw invalid(`relations must be an object, not ${kindOf(value)}`);
  for (const [id, item] of Object.entries(value)) {
    const relation = plan.relations.get(id);
    if (relation === undefined)
      throw new AppError(
        "not_found",
        `relation with identifier ${show(id)} was not found on blueprint "${plan.identifier}"`,
      );
    relations.set(id, parseRelationValue(relation, item, `relations.${id}`));
  }
  return relations;
}

/** Lenient: text for a many relation, a list of at most one for a single one, nulls and repetitions in lists. */
function parseRelationValue(
  relation: RelationPlan,
  value: unknown,
  field: string,
): readonly string[] | ByQuery {
  if (value === null) return [];
  if (isObject(value)) return { query: parseQuery(value, field) };
  const list = (Array.isArray(value) ? (value as unknown[]) : [value]).filter((item) => item !== null);
  for (const item of list)
    if (typeof item !== "string") throw invalid(`${field} must hold entity identifiers, not ${show(item)}`);
  const targets = [...new Set(list as string[])];
  if (!relation.many && targets.length > 1)
    throw invalid(`${field} takes one entity, not ${targets.length} (the relation is not many)`);
  return targets;
}

export interface ApplyOptions {
  /** `override`: the entity holds only what the write supplies, plus defaults. `merge`: the rest stays. */
  readonly mode: "override" | "merge";
  readonly now: Date;
  readonly actor: Actor;
  /** An exporter sends everything again: `changedAt` stays. */
  readonly resync: boolean;
}

/**
 * The entity after the write. Existence of the targets is the caller's business.
 * @throws AppError when a required property or relation would be unset
 */
export function applyWrite(
  plan: BlueprintPlan,
  before: Entity | null,
  write: PlainWrite,
  options: ApplyOptions,
): Entity {
  const { now, actor } = options;
  const base = options.mode === "merge" ? before : null;
  const properties: Record<string, unknown> = base === null ? defaults(plan) : { ...base.properties };
  for (const [id, value] of write.properties) {
    if (value === null) delete properties[id];
    else properties[id] = value;
  }
  const relations: Record<string, string | readonly string[]> = base === null ? {} : { ...base.relations };
  for (const [id, targets] of write.relations) {
    const [first] = targets;
    if (first === undefined) delete relations[id];
    else relations[id] = plan.relations.get(id)?.many === true ? targets : first;
  }
  const after: Entity = {
    blueprint: plan.identifier,
    identifier: write.identifier,
    title: write.title === undefined ? (base?.title ?? null) : write.title,
    icon: write.icon === undefined ? (base?.icon ?? null) : write.icon,
    // What is inherited stays until it is computed anew.
    team: (plan.ownership === "inherited" ? before?.team : (write.team ?? base?.team)) ?? [],
    properties,
    relations,
    ...(before?.derived === undefined ? {} : { derived: before.derived }),
    datasource: actor.datasource,
    createdAt: before?.createdAt ?? now,
    createdBy: before?.createdBy ?? actor.id,
    updatedAt: now,
    updatedBy: actor.id,
    changedAt: options.resync ? (before?.changedAt ?? now) : now,
  };
  checkRequired(plan, after);
  return after;
}

function defaults(plan: BlueprintPlan): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [id, property] of plan.properties) {
    const value = property.definition["default"];
    if (value !== undefined && value !== null) values[id] = value;
  }
  return values;
}

function checkRequired(plan: BlueprintPlan, entity: Entity): void {
  for (const id of plan.required)
    if (!Object.hasOwn(entity.properties, id)) throw invalid(`properties.${id} is required and has no value`);
  for (const [id, relation] of plan.relations)
    if (relation.required && relationTargets(entity, id).length === 0)
      throw invalid(`relations.${id} is required and has no value`);
}

/** An entity that only exists because another one points at it (`create_missing_related_entities`). */
export function bareEntity(plan: BlueprintPlan, identifier: string, now: Date, actor: Actor): Entity {
  return {
    blueprint: plan.identifier,
    identifier,
    title: null,
    icon: null,
    team: [],
    properties: defaults(plan),
    relations: {},
    datasource: actor.datasource,
    createdAt: now,
    createdBy: actor.id,
    updatedAt: now,
    updatedBy: actor.id,
    changedAt: now,
  };
}
