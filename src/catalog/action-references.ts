/** Actions name blueprints, teams and people: they follow renames, and hold what they need (decisions 13, 18). */
import type { Action } from "../model/action.ts";
import type { ActionPermissions, Grant } from "../model/action-permission.ts";
import { sameJson } from "../model/json.ts";
import { renamedNames } from "../model/permission.ts";
import type { Documents, Rename } from "../model/rename.ts";
import { renameInAction } from "../model/rename-actions.ts";
import { deleteAction, listActions, updateAction, writeActionPermissions } from "../storage/actions.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import type { Ctx } from "../storage/context.ts";
import { type Dependent } from "./has-dependents.ts";

/** In the transaction of the rename. */
export async function renameInActions(ctx: Ctx, rename: Rename, documents: Documents): Promise<void> {
  for (const action of await listActions(ctx.db, ctx.org)) {
    const document = renameInAction(action.document, rename, documents);
    if (JSON.stringify(document) === JSON.stringify(action.document)) continue;
    const { identifier, trusted } = action;
    await updateAction(ctx.db, ctx.org, identifier, {
      ...{ identifier, document, at: ctx.now(), by: ctx.actor.id, trusted },
    });
  }
}

/**
 * Inside the transaction that gives a team or a role another name, or takes teams or people away: the latter is a change of
 * who may run, and told in the audit log.
 */
export async function renameInActionPermissions(
  ctx: Ctx,
  list: "roles" | "teams" | "users",
  rename: (name: string) => string | null,
  isTold = false,
): Promise<void> {
  for (const { identifier, permissions } of await listActions(ctx.db, ctx.org)) {
    if (permissions === null) continue;
    const after = withNames(permissions, list, rename);
    if (sameJson(permissions, after)) continue;
    await writeActionPermissions(ctx.db, ctx.org, identifier, after);
    if (isTold)
      await appendAuditEvents(ctx, [
        { kind: "action_permissions", action: "UPDATE", identifier, before: permissions, after },
      ]);
  }
}

function withNames(
  { execute, approve }: ActionPermissions,
  list: "roles" | "teams" | "users",
  rename: (name: string) => string | null,
): ActionPermissions {
  const grant = <G extends Grant>(before: G): G => ({
    ...before,
    [list]: renamedNames(before[list], rename),
  });
  return { execute: grant(execute), approve: grant(approve) };
}

/** Actions that are about the blueprint, or follow its events. */
export async function actionsOn(ctx: Ctx, blueprint: string): Promise<Dependent[]> {
  const actions = await listActions(ctx.db, ctx.org, { blueprints: [blueprint] });
  return actions.map(({ identifier }) => ({ kind: "action", blueprint, identifier }));
}

/** With the blueprint, where it was asked for (`delete_actions=true`). */
export async function deleteActionsOn(ctx: Ctx, blueprint: string): Promise<void> {
  const actions: Action[] = await listActions(ctx.db, ctx.org, { blueprints: [blueprint] });
  for (const { identifier, document } of actions) {
    await deleteAction(ctx.db, ctx.org, identifier);
    await appendAuditEvents(ctx, [
      { kind: "action", action: "DELETE", blueprint, identifier, before: document },
    ]);
  }
}
