/** Everything that follows from the definitions, made again only where they changed. */
import { type BlueprintPlan, planOf } from "../model/blueprint.ts";
import type { DerivationPlan } from "../model/derive-nodes.ts";
import { parseDerivations } from "../model/derive-plan.ts";
import type { Blueprints } from "../model/query-graph.ts";
import type { Ctx } from "../storage/context.ts";
import { readBlueprints, readGenerations } from "../storage/search-catalog.ts";
import { type OwnDefinitions, ownDefinitions } from "./derive-own.ts";
import { type Sensor, sensorsOf } from "./derive-sensors.ts";
import { type Unit, unitsOf } from "./derive-units.ts";

export interface Derivations {
  readonly blueprints: Blueprints;
  readonly generations: ReadonlyMap<string, number>;
  readonly plan: DerivationPlan;
  readonly own: ReadonlyMap<string, OwnDefinitions>;
  /** By blueprint, then by name. */
  readonly units: ReadonlyMap<string, ReadonlyMap<string, Unit>>;
  readonly sensors: ReadonlyMap<string, readonly Sensor[]>;
}

const MAX_ORGANIZATIONS = 100;
const cache = new Map<string, Derivations>();

/** As it was last seen here; what another process changed since is found by the worker. */
export function lastDerivations(ctx: Ctx): Derivations | undefined {
  return cache.get(ctx.org);
}

/** After a change of a definition in this process. */
export function forgetDerivations(ctx: Ctx): void {
  cache.delete(ctx.org);
}

type Generations = Awaited<ReturnType<typeof readGenerations>>;

function isOf(known: Derivations, generations: Generations): boolean {
  return (
    known.generations.size === generations.length &&
    generations.every(([id, generation]) => known.generations.get(id) === generation)
  );
}

/** Whether the definitions are others by now: another process may have begun to apply them. */
export async function areOutdated(ctx: Ctx, derivations: Derivations): Promise<boolean> {
  return !isOf(derivations, await readGenerations(ctx.db, ctx.org));
}

/** As the definitions are now: one small query when nothing changed. */
export async function currentDerivations(ctx: Ctx): Promise<Derivations> {
  const generations = await readGenerations(ctx.db, ctx.org);
  const known = cache.get(ctx.org);
  if (known !== undefined && isOf(known, generations)) return known;
  const stale = generations.filter(([id, generation]) => known?.generations.get(id) !== generation);
  const rows = await readBlueprints(
    ctx.db,
    ctx.org,
    stale.map(([id]) => id),
  );
  const read = new Map(
    rows.map(({ document, generation }) => [String(document["identifier"]), { document, generation }]),
  );
  const blueprints = new Map<string, BlueprintPlan>();
  const seen = new Map<string, number>();
  for (const [id, generation] of generations) {
    const fresh = read.get(id);
    const plan = fresh === undefined ? known?.blueprints.get(id) : planOf(fresh.document);
    // One that was deleted between the two statements is left out.
    if (plan === undefined || (fresh === undefined && known?.generations.get(id) !== generation)) continue;
    blueprints.set(id, plan);
    seen.set(id, fresh?.generation ?? generation);
  }
  const made = derivationsOf(blueprints, seen);
  // What a transaction sees may never come to be.
  if (!ctx.db.isTransaction) {
    if (cache.size >= MAX_ORGANIZATIONS) cache.clear();
    cache.set(ctx.org, made);
  }
  return made;
}

/** Of definitions that need not be stored. */
export function derivationsOf(blueprints: Blueprints, generations: ReadonlyMap<string, number>): Derivations {
  const plan = parseDerivations(blueprints);
  const units = unitsOf(blueprints, plan);
  const byBlueprint = Map.groupBy(units, (unit) => unit.blueprint);
  return Object.freeze({
    blueprints,
    generations,
    plan,
    own: new Map([...plan.definitions].map(([id, all]) => [id, ownDefinitions(all)])),
    units: new Map(
      [...byBlueprint].map(([id, list]) => [id, new Map(list.map((unit) => [unit.name, unit]))]),
    ),
    sensors: sensorsOf(blueprints, plan, units),
  });
}
