/** `attach_title_to_relation`: related entities as `{identifier, title}` (data-model.md §4.7). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type EntityJson, type EntityKey, keyOf } from "../model/entity.ts";
import type { Ctx } from "../storage/context.ts";
import { titlesOf } from "../storage/entity-pages.ts";
import { readableKeys } from "./readable-keys.ts";

export interface TitledTarget {
  readonly identifier: string;
  readonly title: string | null;
}

/** One query for all targets of all entities. */
export async function attachTitles(
  ctx: Ctx,
  plan: BlueprintPlan,
  entities: readonly EntityJson[],
): Promise<EntityJson[]> {
  const keys = new Map<string, EntityKey>();
  const each = (entity: EntityJson, visit: (key: EntityKey, relation: string) => void): void => {
    for (const [name, value] of Object.entries(entity.relations)) {
      const blueprint = plan.relations.get(name)?.target;
      if (blueprint === undefined || value === null) continue;
      for (const identifier of typeof value === "string" ? [value] : value)
        visit({ blueprint, identifier }, name);
    }
  };
  for (const entity of entities) each(entity, (key) => keys.set(keyOf(key.blueprint, key.identifier), key));
  const isReadable = await readableKeys(ctx, [...keys.values()]);
  const titles = await titlesOf(ctx.db, ctx.org, [...keys.values()].filter(isReadable));
  return entities.map((entity) => {
    const relations = Object.fromEntries(
      Object.entries(entity.relations).map(([name, value]) => {
        const blueprint = plan.relations.get(name)?.target ?? "";
        const titled = (identifier: string): TitledTarget => ({
          identifier,
          title: titles.get(keyOf(blueprint, identifier)) ?? null,
        });
        return [name, value === null ? null : typeof value === "string" ? titled(value) : value.map(titled)];
      }),
    );
    return { ...entity, relations: relations as never };
  });
}
