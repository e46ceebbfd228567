/**
 * Units of derivation: what is computed together for one entity. `own`: all mirrors, calculations and levels of a blueprint.
 * `agg …`: the aggregations that count the same entities over the same ways, which one reading of these serves.
 */
import { createHash } from "node:crypto";
import type { AggregationDefinition, DerivationPlan, Leaf } from "../model/derive-nodes.ts";
import { leavesOf } from "../model/derive-plan.ts";
import type { Way } from "../model/derive-ways.ts";
import { OwnReads } from "../model/fold-own.ts";
import type { Blueprints } from "../model/query-graph.ts";
import type { QueryGroup, QueryRule } from "../model/query-nodes.ts";
import { type OwnDefinitions, ownDefinitions } from "./derive-own.ts";

interface Shared {
  readonly blueprint: string;
  readonly name: string;
  readonly level: number;
  /** Another one: the values of all entities have to be computed again. */
  readonly hash: string;
}

export interface OwnUnit extends Shared {
  readonly kind: "own";
}

export interface AggregationUnit extends Shared {
  readonly kind: "agg";
  readonly target: string;
  readonly ways: readonly Way[];
  readonly aggregations: readonly AggregationDefinition[];
  /** Of one counted entity. */
  readonly reads: OwnReads;
  /** A change of one counted entity says what it means, without reading the others. */
  readonly keepsState: boolean;
}

export type Unit = OwnUnit | AggregationUnit;

export const OWN = "own";
/** Raised when values of the same definitions come out differently. */
const VERSION = 1;

export function unitsOf(blueprints: Blueprints, { definitions }: DerivationPlan): Unit[] {
  return [...definitions].flatMap(([blueprint, all]) => {
    const own = ownDefinitions(all);
    return [...ownUnit(blueprints, blueprint, own), ...aggregationUnits(blueprints, blueprint, own)];
  });
}

function ownUnit(blueprints: Blueprints, blueprint: string, own: OwnDefinitions): OwnUnit[] {
  const { owners, calculations } = own;
  const mirrors = owners === null ? own.mirrors : [...own.mirrors, owners];
  const plan = blueprints.get(blueprint);
  const scorecards = plan?.scorecards ?? [];
  if (mirrors.length + calculations.length + scorecards.length === 0) return [];
  // A program may look at what properties and relations there are.
  const seen =
    plan === undefined || calculations.length === 0
      ? []
      : [[...plan.properties.keys()], [...plan.derived], [...plan.relations.values()]];
  // What a property is decides what a rule sees.
  const scored = [
    scorecards.map(({ identifier, filter, rules, shape }) => [
      ...[identifier, filter, rules.map(({ query }) => query), shape],
    ]),
    [[...(plan?.properties.values() ?? [])].map(({ identifier, type }) => [identifier, type])],
    [...(plan?.derived ?? []), ...(plan?.relations.values() ?? [])],
  ];
  return [
    {
      ...{ kind: "own", blueprint, name: OWN },
      level: Math.max(0, ...[...mirrors, ...calculations].map((one) => one.level)),
      hash: hashOf(
        scorecards.length === 0 ? [mirrors, calculations, seen] : [mirrors, calculations, seen, scored],
      ),
    },
  ];
}

function aggregationUnits(
  blueprints: Blueprints,
  blueprint: string,
  { aggregations }: OwnDefinitions,
): AggregationUnit[] {
  const groups = new Map<string, AggregationDefinition[]>();
  for (const one of aggregations) {
    if (one.isCyclic) continue;
    // The definitions that a query's walks add to a statement are its own.
    const alone = one.query !== null && walks(one.query) ? ` ${one.id}` : "";
    const name = `agg ${one.target} ${hashOf(one.ways).slice(0, 12)}${alone}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups].map(([name, list]) => {
    const [{ target, ways }] = list as [AggregationDefinition];
    return {
      ...{ kind: "agg", blueprint, name, target, ways, aggregations: list },
      reads: new OwnReads(list),
      keepsState: ways.length > 0 && list.every(isOfChange),
      level: Math.max(...list.map((one) => one.level)),
      hash: hashOf([list, list.map((one) => contextOf(blueprints, one))]),
    };
  });
}

/** What the change feed tells of an entity is all that the aggregation reads of it. */
function isOfChange(one: AggregationDefinition): boolean {
  const isTold = (leaf: Leaf): boolean => leaf.kind !== "meta" || leaf.id !== "$datasource";
  const rules = one.query === null ? [] : rulesOf(one.query);
  return leavesOf(one).every(isTold) && rules.every(({ kind }) => kind === "rule" || kind === "schema");
}

/** What a query means depends on the blueprints that it is about. */
function contextOf(blueprints: Blueprints, { target, query }: AggregationDefinition): unknown {
  if (query === null) return null;
  const plan = blueprints.get(target);
  const kinds = rulesOf(query).map((rule) => rule.kind);
  return [
    plan?.ownership,
    kinds.includes("schema") ? [...(plan?.properties.values() ?? [])] : null,
    kinds.includes("relation") ? [...(plan?.relations.values() ?? [])] : null,
    ...(kinds.includes("scorecard") ? [plan?.scorecards.map((one) => [one.identifier, one.shape])] : []),
    walks(query)
      ? [...blueprints.values()].map((one) => [one.identifier, [...one.relations.values()]])
      : null,
  ];
}

export function rulesOf(group: QueryGroup): QueryRule[] {
  return group.rules.flatMap((rule) => (rule.kind === "group" ? rulesOf(rule) : [rule]));
}

/** The query follows relations: any of these may change what it matches. */
export function walks(group: QueryGroup): boolean {
  return rulesOf(group).some((rule) => rule.kind === "relatedTo" || rule.kind === "path");
}

function hashOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify([VERSION, value]))
    .digest("hex");
}
