/** Found entities as the API returns them, with the flags of reads (data-model.md §4.7). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, type EntityJson, keyOf, renderEntity } from "../model/entity.ts";
import type { Ctx } from "../storage/context.ts";
import { attachTitles } from "./attach-titles.ts";
import { type ReadOptions, withoutDerived } from "./read-entities.ts";

/** In the order given; entities of a blueprint that was deleted meanwhile are left out. */
export async function renderFound(
  ctx: Ctx,
  blueprints: ReadonlyMap<string, BlueprintPlan>,
  entities: readonly Entity[],
  options: ReadOptions,
): Promise<EntityJson[]> {
  const rendered = entities.flatMap((entity) => {
    const plan = blueprints.get(entity.blueprint);
    if (plan === undefined) return [];
    const json = renderEntity(plan, entity);
    return [options.excludeDerived ? withoutDerived(plan, json) : json];
  });
  if (!options.attachTitles) return rendered;
  const titled = new Map<string, EntityJson>();
  for (const blueprint of new Set(rendered.map((entity) => entity.blueprint))) {
    const plan = blueprints.get(blueprint);
    const own = rendered.filter((entity) => entity.blueprint === blueprint);
    for (const entity of plan === undefined ? own : await attachTitles(ctx, plan, own))
      titled.set(keyOf(entity.blueprint, entity.identifier), entity);
  }
  return rendered.map((entity) => titled.get(keyOf(entity.blueprint, entity.identifier)) ?? entity);
}
