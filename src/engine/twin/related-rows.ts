/** Which entities an aggregation is about: those of its target that the root is connected with (data-model.md §6.3, decision 6). */
import type { BlueprintPlan } from "../../model/blueprint.ts";
import type { Entity } from "../../model/entity.ts";
import { isObject } from "../../model/json.ts";
import { TEAM_BLUEPRINT } from "../../model/query-graph.ts";
import type { PathStep } from "../../model/query-nodes.ts";
import { TEAM_STEP, type TwinCatalog } from "./catalog.ts";
import { walkPath } from "./query.ts";

/** A hop from one blueprint to another, along the relation. */
interface Hop {
  readonly from: string;
  readonly step: string;
  readonly to: string;
}

/** Longer chains are not looked for. */
const MAX_CHAIN = 15;
/** Of equally short chains in one direction, the first in the order of the definitions. */
const MAX_CHAINS = 32;

/** `pathFilter` as it was checked. */
export interface WrittenPath {
  readonly path: readonly PathStep[];
  /** null: the path begins at the root. */
  readonly from: string | null;
}

/** null: every shortest chain. */
export function writtenPath(definition: Readonly<Record<string, unknown>>): WrittenPath | null {
  const { pathFilter } = definition;
  const [filter] = Array.isArray(pathFilter) ? (pathFilter as unknown[]) : [];
  if (!isObject(filter)) return null;
  const { path, fromBlueprint } = filter;
  return {
    path: (path as unknown[]).map((step) =>
      isObject(step)
        ? { relation: String(step["relation"]), maxHops: Number(step["maxHops"]) }
        : { relation: String(step), maxHops: null },
    ),
    from: typeof fromBlueprint === "string" ? fromBlueprint : null,
  };
}

export function relatedRows(
  catalog: TwinCatalog,
  root: Entity,
  target: string,
  written: WrittenPath | null,
): Set<Entity> {
  if (written === null) return overShortestChains(catalog, root, target);
  if (written.from === null || (written.from === root.blueprint && written.from !== target))
    return new Set([...walkPath(catalog, [root], written.path)].filter((end) => end.blueprint === target));
  if (written.from !== target) return new Set();
  return new Set(catalog.of(target).filter((row) => walkPath(catalog, [row], written.path).has(root)));
}

function overShortestChains(catalog: TwinCatalog, root: Entity, target: string): Set<Entity> {
  const found = new Set<Entity>();
  const forward = hopsOf(catalog.blueprints.values());
  for (const chain of shortestChains(forward, root.blueprint, target)) {
    let places = new Set([root]);
    for (const { step, to } of chain)
      places = new Set(
        [...places].flatMap((at) => catalog.ahead(at, step)).filter((at) => at.blueprint === to),
      );
    for (const place of places) found.add(place);
  }
  for (const chain of shortestChains(forward, target, root.blueprint)) {
    let places = new Set([root]);
    for (const { step, from } of chain.toReversed())
      places = new Set([...places].flatMap((at) => catalog.behind(at, step, from)));
    for (const place of places) found.add(place);
  }
  return found;
}

/** Every relation, and ownership where it is direct. */
function hopsOf(blueprints: Iterable<BlueprintPlan>): Hop[] {
  return [...blueprints].flatMap((plan) => [
    ...[...plan.relations.values()].map(({ identifier, target }) => ({
      from: plan.identifier,
      step: identifier,
      to: target,
    })),
    ...(plan.ownership === "direct" ? [{ from: plan.identifier, step: TEAM_STEP, to: TEAM_BLUEPRINT }] : []),
  ]);
}

/** Chains of the smallest length, of at least one hop. */
function shortestChains(hops: readonly Hop[], start: string, goal: string): Hop[][] {
  let chains: Hop[][] = hops.filter(({ from }) => from === start).map((hop) => [hop]);
  const seen = new Set([start]);
  for (let length = 1; length <= MAX_CHAIN && chains.length > 0; length++) {
    const arrived = chains.filter((chain) => chain.at(-1)?.to === goal);
    if (arrived.length > 0) return arrived.slice(0, MAX_CHAINS);
    // A chain that comes back to a blueprint is no shortest one.
    const ends = new Set(chains.map((chain) => chain.at(-1)?.to ?? ""));
    chains = chains.flatMap((chain) =>
      hops
        .filter(({ from }) => from === chain.at(-1)?.to)
        .filter(({ to }) => to === goal || (!seen.has(to) && !ends.has(to)))
        .map((hop) => [...chain, hop]),
    );
    for (const end of ends) seen.add(end);
  }
  return [];
}
