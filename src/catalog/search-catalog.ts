/** Every definition of the organisation, as searches need them: read again only where it changed. */
import { type BlueprintPlan, planOf } from "../model/blueprint.ts";
import { readBlueprints, readGenerations } from "../storage/search-catalog.ts";
import type { Ctx } from "../storage/context.ts";
import { Lru } from "./lru.ts";

interface Known {
  readonly generation: number;
  readonly plan: BlueprintPlan;
}

const cache = new Lru<ReadonlyMap<string, Known>>(100);

/** In the order of the database, in which answers are sorted too. */
export async function allBlueprints(ctx: Ctx): Promise<ReadonlyMap<string, BlueprintPlan>> {
  const generations = await readGenerations(ctx.db, ctx.org);
  const known = cache.get(ctx.org) ?? new Map<string, Known>();
  const isCurrent = ([id, generation]: readonly [string, number]): boolean =>
    known.get(id)?.generation === generation;
  const stale = generations.filter((row) => !isCurrent(row)).map(([id]) => id);
  const fresh = new Map<string, Known>();
  for (const { document, generation } of await readBlueprints(ctx.db, ctx.org, stale)) {
    const plan = planOf(document);
    fresh.set(plan.identifier, { generation, plan });
  }
  const current = new Map<string, Known>();
  for (const [id] of generations) {
    const one = fresh.get(id) ?? known.get(id);
    // One that was deleted between the two statements is left out.
    if (one !== undefined && (fresh.has(id) || !stale.includes(id))) current.set(id, one);
  }
  if (stale.length > 0 || current.size !== known.size) cache.set(ctx.org, current);
  return new Map([...current].map(([id, { plan }]) => [id, plan]));
}
