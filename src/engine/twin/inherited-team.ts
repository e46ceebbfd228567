/** Owners from scratch, where they are inherited: those at the end of the path, whichever way these come by theirs. */
import type { BlueprintPlan } from "../../model/blueprint.ts";
import { type Entity, keyOf, relationTargets } from "../../model/entity.ts";
import { TEAM_BLUEPRINT } from "../../model/query-graph.ts";

const TEAM_STEP = "$team";

interface Stored {
  readonly blueprints: ReadonlyMap<string, BlueprintPlan>;
  readonly find: (blueprint: string, identifier: string) => Entity | undefined;
}

/** @param asked entities on the way to this one: owners that would inherit themselves are none */
export function inheritedTeam(
  stored: Stored,
  entity: Entity,
  asked: ReadonlySet<string> = new Set(),
): readonly string[] {
  let plan = stored.blueprints.get(entity.blueprint);
  const key = keyOf(entity.blueprint, entity.identifier);
  if (plan?.ownership !== "inherited") return entity.team;
  if (asked.has(key)) return [];
  const teamOf = (other: Entity) => inheritedTeam(stored, other, new Set([...asked, key]));
  let places = [entity];
  for (const step of (plan.ownershipPath ?? "").split(".")) {
    const target: string | undefined =
      step === TEAM_STEP ? TEAM_BLUEPRINT : plan?.relations.get(step)?.target;
    plan = target === undefined ? undefined : stored.blueprints.get(target);
    if (target === undefined || plan === undefined) return [];
    places = places
      .flatMap((place) => (step === TEAM_STEP ? teamOf(place) : relationTargets(place, step)))
      .flatMap((identifier) => stored.find(target, identifier) ?? []);
  }
  const isTeam = plan.identifier === TEAM_BLUEPRINT;
  return [...new Set(places.flatMap((place) => (isTeam ? [place.identifier] : teamOf(place))))];
}
