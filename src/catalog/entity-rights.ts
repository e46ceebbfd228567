/** What the person who asks may do with one entity, so that a form offers nothing that would be refused. */
import { NOTHING_GRANTED } from "../model/permission.ts";
import { type EntityRights, rightsOn } from "../model/permission-checks.ts";
import type { Ctx } from "../storage/context.ts";
import { readGranted } from "../storage/permissions.ts";
import { getDefinition } from "./definitions.ts";
import { restricted } from "./guard.ts";
import { getEntity } from "./read-entities.ts";

/** @throws AppError `not_found` */
export async function entityRights(ctx: Ctx, blueprint: string, identifier: string): Promise<EntityRights> {
  const { plan } = await getDefinition(ctx, blueprint);
  const { team } = await getEntity(ctx, blueprint, identifier);
  const person = restricted(ctx);
  const granted = person === null ? undefined : (await readGranted(ctx, [blueprint])).get(blueprint);
  return rightsOn(plan, granted ?? NOTHING_GRANTED, person, team);
}
