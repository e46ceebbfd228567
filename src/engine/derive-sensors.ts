/** What has to be computed again when an entity changes: for every unit, the places of its ways where a change counts. */
import type { Hop, Leaf } from "../model/derive-nodes.ts";
import { leavesOf } from "../model/derive-plan.ts";
import type { DerivationPlan, MirrorDefinition } from "../model/derive-nodes.ts";
import { endOf } from "../model/derive-ways.ts";
import type { Blueprints } from "../model/query-graph.ts";
import { type AggregationUnit, rulesOf, type Unit, walks } from "./derive-units.ts";

export interface Sensor {
  readonly unit: Unit;
  /** Of the entity that changes. */
  readonly blueprint: string;
  /** Any change of the entity. */
  readonly any: boolean;
  /** It came, went, or got another identifier. */
  readonly life: boolean;
  /** It got another identifier. */
  readonly name: boolean;
  readonly stored: ReadonlySet<string>;
  /** Meta properties. */
  readonly metas: ReadonlySet<string>;
  readonly derived: ReadonlySet<string>;
  /** Relations, and `$team`. */
  readonly relations: ReadonlySet<string>;
  /**
   * Where the way back to the entities of the unit begins: at the changed entity, or at what the relation points at
   * before and after. null: every entity of the unit may be touched.
   */
  readonly start: "self" | { readonly relation: string } | null;
  /** From the entity of the unit to the start. */
  readonly hops: readonly Hop[];
  /** The change itself tells what it means to the unit: a change of a counted entity, or of what counts it. */
  readonly tells: boolean;
}

type Triggers = Partial<Pick<Sensor, "any" | "life" | "name" | "stored" | "metas" | "derived" | "relations">>;

const NOTHING: ReadonlySet<string> = new Set();

function sensor(
  unit: Unit,
  blueprint: string,
  triggers: Triggers,
  start: Sensor["start"],
  hops: readonly Hop[],
  tells = false,
): Sensor {
  const none = {
    any: false,
    life: false,
    name: false,
    stored: NOTHING,
    metas: NOTHING,
    derived: NOTHING,
    relations: NOTHING,
  };
  return Object.freeze({ ...none, ...triggers, unit, blueprint, start, hops, tells });
}

/** By the blueprint of the entity that changes. */
export function sensorsOf(
  blueprints: Blueprints,
  plan: DerivationPlan,
  units: readonly Unit[],
): ReadonlyMap<string, readonly Sensor[]> {
  const all = units.flatMap((unit) =>
    unit.kind === "agg" ? ofAggregations(blueprints, unit) : ofOwn(plan, unit),
  );
  return Map.groupBy(all, (one) => one.blueprint);
}

function ofOwn(plan: DerivationPlan, unit: Unit): Sensor[] {
  const mirrors = [...(plan.definitions.get(unit.blueprint)?.values() ?? [])].filter(
    (one): one is MirrorDefinition => one.kind === "mirror",
  );
  // What was computed with the write itself may have read what another write was changing.
  const self = sensor(unit, unit.blueprint, { any: true }, "self", []);
  return [self, ...mirrors.flatMap((mirror) => ofMirror(unit, mirror))];
}

function ofMirror(unit: Unit, { path, leaf }: MirrorDefinition): Sensor[] {
  if (path === null || path.length === 0) return [];
  return path.flatMap((hop, i) => {
    const before = path.slice(0, i);
    const step = i === 0 ? [] : [sensor(unit, hop.holder, ofHolder(hop, before), "self", before)];
    if (i < path.length - 1) return step;
    return [...step, sensor(unit, hop.target, { ...ofLeaves([leaf]), life: isTeam(hop) }, "self", path)];
  });
}

/** Owners are named by identifier, also before there is such a team; other relations only lead to what exists. */
function isTeam(hop: Hop | undefined): boolean {
  return hop?.relation === "$team" && hop.direction === "up";
}

function ofHolder(hop: Hop, before: readonly Hop[]): Triggers {
  return { relations: new Set([hop.relation]), life: isTeam(before.at(-1)) };
}

function ofLeaves(leaves: readonly Leaf[]): Triggers {
  const ids = (kind: Leaf["kind"]): ReadonlySet<string> =>
    new Set(leaves.flatMap((leaf) => (leaf.kind === kind ? [leaf.id] : [])));
  const metas = ids("meta");
  // Who wrote last is in no change row.
  return { stored: ids("stored"), metas, derived: ids("derived"), any: metas.has("$datasource") };
}

function ofAggregations(blueprints: Blueprints, unit: AggregationUnit): Sensor[] {
  const { aggregations, target, ways } = unit;
  const queries = aggregations.flatMap(({ query }) => (query === null ? [] : [query]));
  const rules = queries.flatMap(rulesOf);
  const relations = new Set(rules.flatMap((rule) => (rule.kind === "relation" ? [rule.relation] : [])));
  const source = { ...ofLeaves(aggregations.flatMap(leavesOf)), relations };
  // Of a new entity nothing is counted yet, which is a value.
  const root = sensor(unit, unit.blueprint, { life: true }, "self", []);
  return [
    root,
    ...ways.flatMap((way) => [
      ...(unit.keepsState ? way.slice(0, -1).map((hop, i) => ofPlace(unit, hop, way.slice(0, i + 1))) : []),
      ...way.flatMap((hop, i) => ofStep(unit, hop, way.slice(0, i), i === way.length - 1)),
      sensor(unit, target, { ...source, life: isTeam(way.at(-1)) }, "self", way, unit.keepsState),
    ]),
    ...ofTitles(blueprints, unit),
    ...(queries.some(walks) ? ofEverything(blueprints, unit) : []),
  ];
}

function ofStep(unit: AggregationUnit, hop: Hop, before: readonly Hop[], isLast: boolean): Sensor[] {
  const triggers = ofHolder(hop, before);
  return hop.direction === "up"
    ? [sensor(unit, hop.holder, triggers, "self", before)]
    : [sensor(unit, hop.holder, triggers, { relation: hop.relation }, before, isLast && unit.keepsState)];
}

/** What the step leads to is a place between: changes before and after its renaming were found under one name. */
function ofPlace(unit: Unit, hop: Hop, before: readonly Hop[]): Sensor {
  return sensor(unit, endOf(hop), { name: true }, "self", before);
}

/** Rules about the titles of what a relation points at. */
function ofTitles(blueprints: Blueprints, unit: AggregationUnit): Sensor[] {
  const plan = blueprints.get(unit.target);
  return unit.aggregations.flatMap(({ query }) =>
    (query === null ? [] : rulesOf(query)).flatMap((rule) => {
      if (rule.kind !== "relation" || rule.target !== "$title") return [];
      const of = plan?.relations.get(rule.relation)?.target;
      return of === undefined ? [] : [sensor(unit, of, { metas: new Set(["$title"]) }, null, [])];
    }),
  );
}

function ofEverything(blueprints: Blueprints, unit: AggregationUnit): Sensor[] {
  return [...blueprints.values()].map((plan) =>
    sensor(
      unit,
      plan.identifier,
      { relations: new Set([...plan.relations.keys(), "$team"]), life: true },
      null,
      [],
    ),
  );
}
