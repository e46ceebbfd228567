/** Reads of single entities and of all entities of a blueprint (data-model.md §4.7). */
import { type EntityJson, renderEntity } from "../model/entity.ts";
import { notFound } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import type { Ctx } from "../storage/context.ts";
import { countEntities, listEntities, readEntities } from "../storage/entities.ts";
import { getDefinition } from "./definitions.ts";

/** @throws AppError `not_found` */
export async function getEntity(ctx: Ctx, blueprint: string, identifier: string): Promise<EntityJson> {
  const { plan } = await getDefinition(ctx, blueprint);
  const [entity] = isEntityIdentifier(identifier)
    ? await readEntities(ctx.db, ctx.org, [{ blueprint, identifier }])
    : [];
  if (entity === undefined) throw notFound("Entity", identifier);
  return renderEntity(plan, entity);
}

export async function getEntities(ctx: Ctx, blueprint: string): Promise<EntityJson[]> {
  const { plan } = await getDefinition(ctx, blueprint);
  return (await listEntities(ctx.db, ctx.org, blueprint)).map((entity) => renderEntity(plan, entity));
}

export async function getEntityCount(ctx: Ctx, blueprint: string): Promise<number> {
  await getDefinition(ctx, blueprint);
  return countEntities(ctx.db, ctx.org, blueprint);
}
