/** Reads and changes who may run an action and who approves (workflows.md §3.7). */
import { triggerTypeOf } from "../model/action.ts";
import {
  ACTION_DEFAULTS,
  type ActionPermissions,
  patchActionPermissions,
} from "../model/action-permission.ts";
import { AppError, invalid } from "../model/error.ts";
import { checkJson, sameJson } from "../model/json.ts";
import { writeActionPermissions } from "../storage/actions.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";
import { lockAction, mayEdit, refuseHiddenPeople, visibleAction } from "./define-action.ts";

/** @throws AppError not_found */
export async function getActionPermissions(ctx: Ctx, identifier: string): Promise<ActionPermissions> {
  return (await visibleAction(ctx, identifier)).permissions ?? ACTION_DEFAULTS;
}

/** Each list that is sent is the whole list. @throws AppError not_found, forbidden, invalid_request */
export function changeActionPermissions(
  ctx: Ctx,
  identifier: string,
  body: unknown,
): Promise<ActionPermissions> {
  checkJson(body, "permissions");
  return transact(ctx, async (inner) => {
    const action = await lockAction(inner, identifier);
    if (!mayEdit(inner.actor.person, action.document))
      throw new AppError(
        "forbidden",
        `you are not allowed to change the permissions of action "${identifier}"`,
      );
    refuseHiddenPeople(inner, action.document);
    if (triggerTypeOf(action) === "automation")
      throw invalid(`action "${identifier}" is an automation: nobody runs it, so nobody needs permission`);
    const before = action.permissions ?? ACTION_DEFAULTS;
    const after = patchActionPermissions(before, body);
    if (sameJson(before, after)) return after;
    await writeActionPermissions(inner.db, inner.org, identifier, after);
    await appendAuditEvents(inner, [
      { kind: "action_permissions", action: "UPDATE", identifier, before, after },
    ]);
    return after;
  });
}
