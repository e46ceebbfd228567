/** Whether an entity matches a query (data-model.md §5), by looking; rules about derived properties ask for them. */
import { type Entity, keyOf, own, relationTargets } from "../../model/entity.ts";
import { metaValue } from "../../model/meta-value.ts";
import type { PropertyPlan, PropertyType } from "../../model/property.ts";
import {
  type Direction,
  isContextRef,
  isMetaProperty,
  type Operand,
  type PathRule,
  type PathStep,
  type PropertyRule,
  type QueryGroup,
  type QueryRule,
  type RelatedRule,
  type RelationRule,
  type SchemaRule,
} from "../../model/query-nodes.ts";
import { SCORES } from "../../model/scorecard.ts";
import type { TwinCatalog } from "./catalog.ts";
import {
  asTexts,
  holds,
  holdsForInstant,
  holdsForTargets,
  holdsForTeam,
  testOf,
  type ValueTest,
} from "./test-value.ts";

type ScoresStored = Readonly<Record<string, { readonly l: string; readonly r: string } | undefined>>;

/** What rules see of an entity's properties. */
export interface Values {
  /** null: the blueprint has no such property. */
  typeOf(blueprint: string, property: string): PropertyType | null;
  valueOf(entity: Entity, property: string): unknown;
}

/** Nobody asks: rules with values of the person match nothing. */
export function matches(
  catalog: TwinCatalog,
  values: Values,
  entity: Entity,
  rule: QueryRule | QueryGroup,
): boolean {
  switch (rule.kind) {
    case "group": {
      const fits = (part: QueryRule | QueryGroup): boolean => matches(catalog, values, entity, part);
      if (rule.rules.length === 0) return true;
      return rule.combinator === "and" ? rule.rules.every(fits) : rule.rules.some(fits);
    }
    case "rule":
      return onProperty(catalog, values, entity, rule);
    case "schema":
      return onSchema(catalog, values, entity, rule);
    case "relation":
      return onRelation(catalog, entity, rule);
    case "scorecard": {
      const { scorecards } = catalog.blueprints.get(entity.blueprint) ?? { scorecards: [] };
      const plan = scorecards.find(({ identifier }) => identifier === rule.scorecard);
      const place = plan?.rules.findIndex(({ identifier }) => identifier === rule.rule) ?? -1;
      const test = testOf(rule.condition, catalog.now);
      if (plan === undefined || test === null || (rule.rule !== null && place < 0)) return false;
      const score = (values.valueOf(entity, SCORES) as ScoresStored | null)?.[rule.scorecard];
      const status = score === undefined ? null : score.r[place] === "1" ? "SUCCESS" : "FAILURE";
      const value = rule.rule === null ? (score?.l ?? null) : status;
      return holds("string", value, asTexts(test), catalog.now) !== rule.negated;
    }
    case "relatedTo":
      return isRelated(catalog, entity, rule);
    default:
      return isOnPath(catalog, entity, rule);
  }
}

function onProperty(catalog: TwinCatalog, values: Values, entity: Entity, rule: PropertyRule): boolean {
  const test = testOf(rule.condition, catalog.now);
  if (test === null || isContextRef(rule.property)) return false;
  if (isMetaProperty(rule.property)) return onMeta(entity, rule.property, test, catalog.now) !== rule.negated;
  const type = values.typeOf(entity.blueprint, rule.property);
  if (type === null) return false;
  return holds(type, values.valueOf(entity, rule.property), test, catalog.now) !== rule.negated;
}

function onMeta(entity: Entity, property: string, test: ValueTest, now: Date): boolean {
  switch (property) {
    case "$team":
      return holdsForTeam(entity.team, test);
    case "$createdAt":
      return holdsForInstant(entity.createdAt.getTime(), test, now);
    case "$updatedAt":
      return holdsForInstant(entity.updatedAt.getTime(), test, now);
    default:
      return holds("string", metaValue(entity, property), asTexts(test), now);
  }
}

function onSchema(
  catalog: TwinCatalog,
  values: Values,
  entity: Entity,
  { schema, condition, negated }: SchemaRule,
): boolean {
  const test = testOf(condition, catalog.now);
  const plans = [...(catalog.blueprints.get(entity.blueprint)?.properties.values() ?? [])];
  const fitting = plans.filter((plan) => fits(schema, plan));
  if (test === null || fitting.length === 0) return false;
  const found = fitting.some(({ identifier }) =>
    holds(schema.type, values.valueOf(entity, identifier), test, catalog.now),
  );
  return found !== negated;
}

function fits(schema: SchemaRule["schema"], { type, format, definition }: PropertyPlan): boolean {
  if (type !== schema.type || (schema.format !== null && schema.format !== format)) return false;
  const items = own(definition, "items") as { type?: unknown; format?: unknown } | null | undefined;
  return (
    schema.items === null ||
    ((schema.items.type === null || items?.type === schema.items.type) &&
      (schema.items.format === null || items?.format === schema.items.format))
  );
}

function onRelation(catalog: TwinCatalog, entity: Entity, rule: RelationRule): boolean {
  const test = testOf(rule.condition, catalog.now);
  const relation = catalog.blueprints.get(entity.blueprint)?.relations.get(rule.relation);
  if (test === null || relation === undefined) return false;
  const texts =
    rule.target === "$title"
      ? catalog.ahead(entity, rule.relation).map((target) => target.title)
      : relationTargets(entity, rule.relation);
  return holdsForTargets(texts, relation.many, test, catalog.now) !== rule.negated;
}

function identifiersOf(values: Operand): string[] {
  return values.filter((value) => typeof value === "string");
}

function isRelated(catalog: TwinCatalog, entity: Entity, rule: RelatedRule): boolean {
  const sources = identifiersOf(rule.values).flatMap((id) => catalog.find(rule.blueprint, id) ?? []);
  if (sources.includes(entity)) return false;
  return rule.directions.some((direction) => reached(catalog, sources, direction, rule).has(entity));
}

function reached(
  catalog: TwinCatalog,
  sources: readonly Entity[],
  direction: Direction,
  { required, maxHops }: RelatedRule,
): Set<Entity> {
  const seen = new Set(sources);
  let edge = [...sources];
  for (let hop = 0; hop < (maxHops ?? Infinity) && edge.length > 0; hop++) {
    const next = new Set(edge.flatMap((at) => neighbours(catalog, at, direction, required)));
    edge = [...next].filter((at) => !seen.has(at));
    for (const at of edge) seen.add(at);
  }
  return seen;
}

function neighbours(
  catalog: TwinCatalog,
  entity: Entity,
  direction: Direction,
  required: boolean | null,
): Entity[] {
  const found: Entity[] = [];
  for (const plan of catalog.blueprints.values())
    for (const relation of plan.relations.values()) {
      if (required !== null && relation.required !== required) continue;
      if (direction === "upstream" && plan.identifier === entity.blueprint)
        found.push(...catalog.ahead(entity, relation.identifier));
      if (direction === "downstream" && relation.target === entity.blueprint)
        found.push(...catalog.behind(entity, relation.identifier, plan.identifier));
    }
  return found;
}

function isOnPath(catalog: TwinCatalog, entity: Entity, { path, from, values }: PathRule): boolean {
  const identifiers = identifiersOf(values);
  if (from === null)
    return [...walkPath(catalog, [entity], path)].some((end) => identifiers.includes(end.identifier));
  const starts = identifiers.flatMap((identifier) => catalog.find(from, identifier) ?? []);
  return walkPath(catalog, starts, path).has(entity);
}

/** Where the path ends. A repeated step that begins it makes 1 or more hops, a later one adds 0 or more (§5.6). */
export function walkPath(
  catalog: TwinCatalog,
  starts: Iterable<Entity>,
  path: readonly PathStep[],
): Set<Entity> {
  let places = new Set(starts);
  for (const [i, { relation, maxHops }] of path.entries()) {
    const found = new Set<Entity>(i > 0 && maxHops !== null ? places : []);
    const seen = new Set<string>();
    let edge = [...places];
    for (let hop = 0; hop < (maxHops ?? 1); hop++) {
      const next = new Set(edge.flatMap((at) => catalog.ahead(at, relation)));
      for (const at of next) found.add(at);
      // Walked from already: nothing new is behind it, as hops that are left only grow fewer.
      edge = [...next].filter((at) => !seen.has(keyOf(at.blueprint, at.identifier)));
      for (const at of edge) seen.add(keyOf(at.blueprint, at.identifier));
    }
    places = found;
  }
  return places;
}
