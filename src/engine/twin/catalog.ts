/** Everything that there is, in memory, with the ways between entities: what the twin computes from. */
import type { BlueprintPlan } from "../../model/blueprint.ts";
import { type Entity, keyOf, relationTargets } from "../../model/entity.ts";
import { TEAM_BLUEPRINT } from "../../model/query-graph.ts";
import { inheritedTeam } from "./inherited-team.ts";

/** A relation, or the hidden one of ownership (`$team`). */
export const TEAM_STEP = "$team";

export interface Source {
  readonly blueprints: Iterable<BlueprintPlan>;
  readonly entities: Iterable<Entity>;
  /** The time that presets, periods and `now` mean. */
  readonly now: Date;
}

export class TwinCatalog {
  readonly blueprints: ReadonlyMap<string, BlueprintPlan>;
  readonly now: Date;
  private readonly byKey = new Map<string, Entity>();
  private readonly byBlueprint = new Map<string, Entity[]>();
  /** Who points at an entity by a step, as keys `target\nstep`. */
  private readonly pointing = new Map<string, Set<Entity>>();

  constructor({ blueprints, entities, now }: Source) {
    this.blueprints = new Map([...blueprints].map((plan) => [plan.identifier, plan]));
    this.now = now;
    const stored = new Map([...entities].map((one) => [keyOf(one.blueprint, one.identifier), one]));
    const find = (blueprint: string, identifier: string) => stored.get(keyOf(blueprint, identifier));
    for (const one of stored.values()) {
      if (!this.blueprints.has(one.blueprint)) continue;
      const entity = this.withOwners(one, find);
      this.byKey.set(keyOf(entity.blueprint, entity.identifier), entity);
      const others = this.byBlueprint.get(entity.blueprint);
      if (others === undefined) this.byBlueprint.set(entity.blueprint, [entity]);
      else others.push(entity);
    }
    for (const entity of this.byKey.values())
      for (const step of [...(this.blueprints.get(entity.blueprint)?.relations.keys() ?? []), TEAM_STEP])
        for (const target of this.ahead(entity, step)) {
          const key = `${keyOf(target.blueprint, target.identifier)}\n${step}`;
          const found = this.pointing.get(key);
          if (found === undefined) this.pointing.set(key, new Set([entity]));
          else found.add(entity);
        }
  }

  /** What is stored of inherited owners does not count. */
  private withOwners(entity: Entity, find: (blueprint: string, id: string) => Entity | undefined): Entity {
    if (this.blueprints.get(entity.blueprint)?.ownership !== "inherited") return entity;
    return { ...entity, team: inheritedTeam({ blueprints: this.blueprints, find }, entity) };
  }

  find(blueprint: string, identifier: string): Entity | undefined {
    return this.byKey.get(keyOf(blueprint, identifier));
  }

  of(blueprint: string): readonly Entity[] {
    return this.byBlueprint.get(blueprint) ?? [];
  }

  /** The entities that one points at, in the order of the relation. */
  ahead(entity: Entity, step: string): Entity[] {
    const target =
      step === TEAM_STEP
        ? TEAM_BLUEPRINT
        : this.blueprints.get(entity.blueprint)?.relations.get(step)?.target;
    if (target === undefined) return [];
    const identifiers = step === TEAM_STEP ? entity.team : relationTargets(entity, step);
    return identifiers.flatMap((identifier) => this.find(target, identifier) ?? []);
  }

  /** The entities of a blueprint that point at one. */
  behind(entity: Entity, step: string, blueprint: string): Entity[] {
    const found = this.pointing.get(`${keyOf(entity.blueprint, entity.identifier)}\n${step}`);
    return [...(found ?? [])].filter((other) => other.blueprint === blueprint);
  }
}
