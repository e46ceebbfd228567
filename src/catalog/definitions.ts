/** Blueprints ready for use: plan and validator, cached until the definition changes. */
import { type BlueprintPlan, planOf } from "../model/blueprint.ts";
import { notFound } from "../model/error.ts";
import { isBlueprintIdentifier } from "../model/identifier.ts";
import { readBlueprint, readGeneration } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { Lru } from "./lru.ts";
import { Validator } from "./validator.ts";

export interface Definition {
  readonly plan: BlueprintPlan;
  readonly validator: Validator;
  readonly generation: number;
}

const cache = new Lru<Definition>(500);

/**
 * The definition as it was last seen here, without asking the database; undefined when it was never seen. Whoever uses
 * it compares its generation with what is stored before anything follows from it.
 */
export function lastDefinition(ctx: Ctx, identifier: string): Definition | undefined {
  return cache.get(`${ctx.org}\u0000${identifier}`);
}

/**
 * The definition as it is now (one small query when cached). With `share` it stays so until the transaction ends.
 * @throws AppError `not_found`
 */
export async function getDefinition(
  ctx: Ctx,
  identifier: string,
  lock: "none" | "share" = "none",
): Promise<Definition> {
  if (!isBlueprintIdentifier(identifier)) throw notFound("Blueprint", identifier);
  const key = `${ctx.org}\u0000${identifier}`;
  const generation = await readGeneration(ctx.db, ctx.org, identifier, lock);
  if (generation === null) throw notFound("Blueprint", identifier);
  const cached = cache.get(key);
  if (cached?.generation === generation) return cached;
  const blueprint = await readBlueprint(ctx.db, ctx.org, identifier);
  if (blueprint === null) throw notFound("Blueprint", identifier);
  const plan = planOf(blueprint.document);
  const definition = { plan, validator: new Validator(plan), generation: blueprint.generation };
  cache.set(key, definition);
  return definition;
}
