/** Owners that entities inherit (data-model.md §3.8): a mirror of what the path leads to, stored in `team`. */
import type { BlueprintPlan } from "./blueprint.ts";
import type { Hop, Leaf, MirrorDefinition } from "./derive-nodes.ts";
import { hopUp } from "./derive-ways.ts";
import { type Blueprints, TEAM_BLUEPRINT } from "./query-graph.ts";

/** The name of the definition, which no property can have. */
export const OWNERS = "$team";

/** null: the entities of the blueprint do not inherit owners. */
export function ownersDefinition(blueprints: Blueprints, plan: BlueprintPlan): MirrorDefinition | null {
  if (plan.ownership !== "inherited") return null;
  const hops: Hop[] = [];
  let at = plan.identifier;
  for (const relation of (plan.ownershipPath ?? "").split(".")) {
    const hop = hopUp(blueprints, at, relation);
    if (hop === null) return definition(plan, null, { kind: "none", id: OWNERS });
    hops.push(hop);
    at = hop.target;
  }
  // A path may end at the team itself.
  return definition(plan, hops, { kind: "meta", id: at === TEAM_BLUEPRINT ? "$identifier" : OWNERS });
}

function definition(plan: BlueprintPlan, path: readonly Hop[] | null, leaf: Leaf): MirrorDefinition {
  return {
    ...{ kind: "mirror", blueprint: plan.identifier, id: OWNERS, level: 0, isCyclic: false, type: "array" },
    ...{ path, leaf, many: true },
  };
}

/** Inherited owners that somebody reads who follows the hops, or reads the leaves of entities of `end`. */
export function ownersRead(
  blueprints: Blueprints,
  hops: readonly Hop[],
  end: string | undefined,
  leaves: readonly Leaf[],
): (readonly [blueprint: string, id: string])[] {
  const holders = hops.flatMap((hop) => (hop.relation === OWNERS ? [hop.holder] : []));
  const isShown = leaves.some((leaf) => leaf.kind === "meta" && leaf.id === OWNERS);
  return [...holders, ...(isShown && end !== undefined ? [end] : [])]
    .filter((blueprint) => blueprints.get(blueprint)?.ownership === "inherited")
    .map((blueprint) => [blueprint, OWNERS]);
}
