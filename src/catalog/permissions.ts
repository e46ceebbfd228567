/** Reads and changes the permissions of blueprints (data-model.md §8.4b, §8.5). */
import { AppError } from "../model/error.ts";
import {
  completePermissions,
  type EntityPermissions,
  type Granted,
  NOTHING_GRANTED,
  patchPermissions,
} from "../model/permission.ts";
import { isUnrestricted, permissionNames } from "../model/permission-checks.ts";
import { sameJson } from "../model/json.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import { lockDefinitions } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { readGranted, writeGranted } from "../storage/permissions.ts";
import { readGenerations } from "../storage/search-catalog.ts";
import { transact } from "../storage/transact.ts";
import { getDefinition } from "./definitions.ts";

export interface Permissions {
  readonly entities: EntityPermissions;
}

/** @throws AppError not_found */
export async function getPermissions(ctx: Ctx, blueprint: string): Promise<Permissions> {
  const { plan } = await getDefinition(ctx, blueprint);
  return { entities: completePermissions(plan, await grantedOn(ctx, blueprint)) };
}

async function grantedOn(ctx: Ctx, blueprint: string): Promise<Granted> {
  return (await readGranted(ctx, [blueprint])).get(blueprint) ?? NOTHING_GRANTED;
}

/** For administrators and moderators of the blueprint. @throws AppError not_found, forbidden, invalid_request */
export async function changePermissions(ctx: Ctx, blueprint: string, body: unknown): Promise<Permissions> {
  const { person } = ctx.actor;
  if (person !== undefined && !isUnrestricted(person, blueprint))
    throw new AppError(
      "forbidden",
      `only administrators and moderators of blueprint "${blueprint}" may change its permissions`,
    );
  return transact(ctx, async (inner) => {
    // Two changes at once follow each other, and renames of what is named here.
    await lockDefinitions(inner.db, inner.org);
    const { plan } = await getDefinition(inner, blueprint);
    const before = await grantedOn(inner, blueprint);
    const after = patchPermissions(plan, before, body);
    const entities = completePermissions(plan, after);
    if (sameJson(before, after)) return { entities };
    await writeGranted(inner, blueprint, after);
    await appendAuditEvents(inner, [
      {
        ...{ kind: "permissions", action: "UPDATE", blueprint },
        ...{ before: { entities: completePermissions(plan, before) }, after: { entities } },
      },
    ]);
    return { entities };
  });
}

/** What the person who asks may do with the entities of each blueprint; apps may do everything. */
export async function listPermissions(ctx: Ctx): Promise<string[]> {
  const blueprints = await readGenerations(ctx.db, ctx.org);
  const granted = await readGranted(ctx, null);
  return blueprints.flatMap(([blueprint]) =>
    permissionNames(ctx.actor.person, blueprint, granted.get(blueprint) ?? NOTHING_GRANTED),
  );
}
