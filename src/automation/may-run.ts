/** Whether somebody may run an action, on an entity or at all (workflows.md §3.7). */
import type { Action } from "../model/action.ts";
import { ACTION_DEFAULTS, isGranted } from "../model/action-permission.ts";
import { isAdmin } from "../model/user.ts";
import type { JsonObject } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import { isAllowedBy } from "./policy.ts";

/**
 * Apps may run everything. With a policy the policy decides, for administrators too; else users, roles, teams, and
 * members of the teams that own the entity.
 */
export async function mayRun(
  ctx: Ctx,
  action: Action,
  about: { readonly inputs: JsonObject | null; readonly entity: JsonObject | null },
): Promise<boolean> {
  const { person } = ctx.actor;
  if (person === undefined) return true;
  const { execute } = action.permissions ?? ACTION_DEFAULTS;
  if (execute.policy !== null) return isAllowedBy(ctx, execute.policy, { action, ...about });
  if (isAdmin(person) || isGranted(execute, person)) return true;
  const owners: unknown = about.entity?.["team"];
  return (
    execute.ownedByTeam && Array.isArray(owners) && owners.some((team) => person.teams.includes(String(team)))
  );
}
