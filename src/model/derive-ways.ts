/** Ways from the entity that has an aggregation to the entities that it counts (data-model.md §6.3, decision 6). */
import type { BlueprintPlan } from "./blueprint.ts";
import type { Hop } from "./derive-nodes.ts";
import { isObject } from "./json.ts";
import { type Blueprints, TEAM_BLUEPRINT } from "./query-graph.ts";

/** More equally short ways than this are not walked. */
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
 * Without `pathFilter`: every shortest chain that goes all up, and every shortest one that goes all down. With it: the
 * path from `root`, or with `fromBlueprint` (the target) the one that begins there and ends at `root`. Empty when there
 * is no way.
 */
export function waysOf(blueprints: Blueprints, root: string, target: string, pathFilter: unknown): Way[] {
  const [filter] = Array.isArray(pathFilter) ? (pathFilter as unknown[]) : [];
  if (!isObject(filter))
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

/** The same way from its other end. */
function backwards(way: Way): Way {
  return way
    .map((hop): Hop => Object.freeze({ ...hop, direction: hop.direction === "up" ? "down" : "up" }))
    .reverse();
}

/** All shortest chains of relations that begin at one blueprint and end at the other, with at least one step. */
function shortest(blueprints: Blueprints, from: string, to: string): Way[] {
  let ways: Way[] = [[]];
  const seen = new Set<string>();
  for (let length = 1; length <= MAX_LENGTH && ways.length > 0; length++) {
    const longer = ways.flatMap((way) =>
      stepsFrom(blueprints, way.at(-1)?.target ?? from).map((hop) => [...way, hop]),
    );
    const found = longer.filter((way) => way.at(-1)?.target === to);
    if (found.length > 0) return found.slice(0, MAX_WAYS);
    const ends = longer.map((way) => way.at(-1)?.target ?? "");
    ways = longer.filter((_, i) => !seen.has(ends[i] ?? "")).slice(0, MAX_WAYS * 32);
    for (const end of ends) seen.add(end);
  }
  return [];
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
