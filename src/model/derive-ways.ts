/** Ways from the entity that has an aggregation to the entities that it counts (data-model.md §6.3, decision 6). */
import { type BlueprintPlan, definitions } from "./blueprint.ts";
import type { AggregationDefinition, Hop } from "./derive-nodes.ts";
import { isObject, type JsonObject } from "./json.ts";
import { type Blueprints, TEAM_BLUEPRINT } from "./query-graph.ts";

/** More equally short ways than this, in either direction, are not walked. */
export const MAX_WAYS = 32;
const MAX_LENGTH = 15;

export type Way = readonly Hop[];

/** The step over a relation of the blueprint, or its ownership; null when it has none of the name. */
export function hopUp(blueprints: Blueprints, from: string, relation: string): Hop | null {
  const plan = blueprints.get(from);
  if (plan === undefined) return null;
  if (relation === "$team") return teamHop(plan);
  const found = plan.relations.get(relation);
  if (found === undefined || !blueprints.has(found.target)) return null;
  return Object.freeze({ relation, holder: from, target: found.target, many: found.many, direction: "up" });
}

function teamHop({ identifier }: BlueprintPlan): Hop {
  const shared = { relation: "$team", holder: identifier, target: TEAM_BLUEPRINT, many: true } as const;
  return Object.freeze({ ...shared, direction: "up" });
}

/** Where a step leads. */
export function endOf(hop: Hop): string {
  return hop.direction === "up" ? hop.target : hop.holder;
}

/**
 * Without `pathFilter`: every shortest chain that goes all up, and every shortest one that goes all down, at most `MAX_WAYS`
 * of each. With it: the
 * path from `root`, or with `fromBlueprint` (the target) the one that begins there and ends at `root`. Empty when there
 * is no way.
 */
export function waysOf(blueprints: Blueprints, root: string, target: string, pathFilter: unknown): Way[] {
  const filter = filterOf(pathFilter);
  if (filter === null)
    return [
      ...shortest(blueprints, root, target),
      ...shortest(blueprints, target, root).map((way) => backwards(way)),
    ];
  const { fromBlueprint, path } = filter;
  const steps = Array.isArray(path) ? (path as unknown[]) : [];
  if (fromBlueprint === undefined || fromBlueprint === null || fromBlueprint !== target)
    return fromBlueprint === undefined || fromBlueprint === null || fromBlueprint === root
      ? along(blueprints, root, steps, target)
      : [];
  return along(blueprints, target, steps, root).map((way) => backwards(way));
}

function filterOf(pathFilter: unknown): JsonObject | null {
  const [filter] = Array.isArray(pathFilter) ? (pathFilter as unknown[]) : [];
  return isObject(filter) ? filter : null;
}

/** The same way from its other end. */
function backwards(way: Way): Way {
  return way
    .map((hop): Hop => Object.freeze({ ...hop, direction: hop.direction === "up" ? "down" : "up" }))
    .reverse();
}

/** Whether there are more equally short ways than are walked, so that some of what is related does not count. */
export function isCut(blueprints: Blueprints, { blueprint, id, target }: AggregationDefinition): boolean {
  const plan = blueprints.get(blueprint);
  const stored = plan === undefined ? [] : definitions(plan.document, "aggregationProperties");
  if (stored.some(([name, one]) => name === id && filterOf(one["pathFilter"]) !== null)) return false;
  const count = (from: string, to: string): number => shortest(blueprints, from, to, MAX_WAYS + 1).length;
  return count(blueprint, target) > MAX_WAYS || count(target, blueprint) > MAX_WAYS;
}

/**
 * The shortest chains of relations that begin at one blueprint and end at the other, with at least one step: the first
 * of them, in the order in which blueprints list their relations.
 */
function shortest(blueprints: Blueprints, from: string, to: string, limit = MAX_WAYS): Way[] {
  const seen = new Set([from]);
  const layers: Hop[][] = [];
  let places = [from];
  while (places.length > 0 && layers.length < MAX_LENGTH) {
    const hops = places.flatMap((place) => stepsFrom(blueprints, place));
    layers.push(hops);
    if (hops.some((hop) => hop.target === to)) return chainsOver(layers, from, to, limit);
    places = [...new Set(hops.map((hop) => hop.target))].filter((place) => !seen.has(place));
    for (const place of places) seen.add(place);
  }
  return [];
}

/** @param layers all first steps, all second ones, and so on; some of the last ones lead to `to` */
function chainsOver(layers: readonly Hop[][], from: string, to: string, limit: number): Way[] {
  let ends = new Set([to]);
  const useful = layers.toReversed().map((hops) => {
    const steps = new Map<string, Hop[]>();
    for (const hop of hops)
      if (ends.has(hop.target)) steps.set(hop.holder, [...(steps.get(hop.holder) ?? []), hop]);
    ends = new Set(steps.keys());
    return steps;
  });
  let ways: Way[] = [[]];
  // Each of these can be completed, so that the first ones are the beginnings of the first ones.
  for (const steps of useful.reverse())
    ways = ways
      .flatMap((way) => (steps.get(way.at(-1)?.target ?? from) ?? []).map((hop) => [...way, hop]))
      .slice(0, limit);
  return ways;
}

function stepsFrom(blueprints: Blueprints, from: string): Hop[] {
  const plan = blueprints.get(from);
  if (plan === undefined) return [];
  const hops = [...plan.relations.keys()].flatMap((relation) => hopUp(blueprints, from, relation) ?? []);
  return plan.ownership === "direct" && blueprints.has(TEAM_BLUEPRINT) ? [...hops, teamHop(plan)] : hops;
}

/** A step `{relation, maxHops}` at the beginning adds 1 or more hops, later 0 or more (as in searches, §5.6). */
function along(blueprints: Blueprints, from: string, steps: readonly unknown[], to: string): Way[] {
  let ways: Way[] = [[]];
  for (const [i, step] of steps.entries()) {
    const { relation, maxHops } = stepOf(step);
    let current = ways;
    const reached: Way[] = maxHops !== null && i > 0 ? [...ways] : [];
    for (let hops = 0; hops < (maxHops ?? 1); hops++) {
      current = current.flatMap((way) => {
        const hop = hopUp(blueprints, way.at(-1)?.target ?? from, relation);
        return hop === null ? [] : [[...way, hop]];
      });
      reached.push(...current);
    }
    ways = reached;
  }
  return ways.filter((way) => way.length > 0 && way.at(-1)?.target === to);
}

function stepOf(step: unknown): { relation: string; maxHops: number | null } {
  if (!isObject(step)) return { relation: String(step), maxHops: null };
  const { relation, maxHops } = step;
  return { relation: String(relation), maxHops: typeof maxHops === "number" ? maxHops : null };
}
