/**
 * What stands between a write and the stored entities, whichever way the write comes: permissions of the person who
 * asks (data-model.md §8.5), and the rules of users and teams. Apps and the system pass without a look-up.
 */
import type { Person } from "../model/actor.ts";
import type { BlueprintPlan } from "../model/blueprint.ts";
import type { Entity } from "../model/entity.ts";
import { invalid } from "../model/error.ts";
import { type Granted, NOTHING_GRANTED } from "../model/permission.ts";
import { checkRegister, checkUnregister, checkUpdate } from "../model/permission-checks.ts";
import { isAdmin, USER_BLUEPRINT } from "../model/user.ts";
import type { Ctx } from "../storage/context.ts";
import { readGranted } from "../storage/permissions.ts";
import { checkPeopleWriter, isPeople, settlePeople } from "./people-rules.ts";
import { checkScoredRemoval, checkScoredWrite, isScored } from "./scored-rules.ts";

export interface Guard {
  /** @returns the entity as it is to be stored. @throws AppError forbidden, invalid_request */
  admit(plan: BlueprintPlan, before: Entity | null, after: Entity): Entity;
  /** @throws AppError forbidden */
  remove(plan: BlueprintPlan, entity: Entity): void;
}

/** null: everything is allowed, and there is nothing to check. */
export async function guardFor(ctx: Ctx, blueprint: string): Promise<Guard | null> {
  const person = restricted(ctx);
  if (person === null && !isPeople(blueprint) && !isScored(blueprint)) return null;
  // All of them: writes may create and delete entities of other blueprints along.
  const granted = person === null ? new Map<string, Granted>() : await readGranted(ctx, null);
  const on = (plan: BlueprintPlan): Granted => granted.get(plan.identifier) ?? NOTHING_GRANTED;
  return {
    admit: (plan, before, after) => {
      if (isPeople(plan.identifier)) return settlePeople(ctx.actor, before, after);
      if (isScored(plan.identifier)) checkScoredWrite(ctx.actor, before, after);
      if (person === null) return after;
      if (before === null) checkRegister(plan, on(plan), person, after);
      else checkUpdate(plan, on(plan), person, before, after);
      return after;
    },
    remove: (plan, entity) => {
      checkPeopleWriter(ctx.actor, plan.identifier);
      if (isScored(plan.identifier)) checkScoredRemoval(ctx.actor, entity);
      if (person !== null && !isPeople(plan.identifier)) checkUnregister(plan, on(plan), person, entity);
    },
  };
}

/** Whose permissions count; null: those of nobody. */
export function restricted(ctx: Ctx): Person | null {
  const { person } = ctx.actor;
  return person === undefined || isAdmin(person) ? null : person;
}

/** @throws AppError invalid_request, forbidden */
export async function checkRename(ctx: Ctx, plan: BlueprintPlan, entity: Entity, to: string): Promise<void> {
  if (plan.identifier === USER_BLUEPRINT)
    throw invalid(`identifier "${to}": the e-mail address of a user cannot be changed; invite the new one`);
  const guard = await guardFor(ctx, plan.identifier);
  guard?.admit(plan, entity, { ...entity, identifier: to });
}
