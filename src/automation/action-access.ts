/** What whoever asks may do with an action, for screens and clients that offer only what will go. */
import { type Action, isPublished, triggerOf, triggerTypeOf } from "../model/action.ts";
import { ACTION_DEFAULTS, type ActionPermissions, isGranted, maySee } from "../model/action-permission.ts";
import { isGiven, objectAt } from "../model/action-fields.ts";
import { checkJson, isObject, type JsonObject } from "../model/json.ts";
import { listActions } from "../storage/actions.ts";
import type { Ctx } from "../storage/context.ts";
import { mayEdit, visibleAction } from "./define-action.ts";
import { formState } from "./inputs/form-state.ts";
import { mayRun } from "./may-run.ts";
import { subjectOf } from "./run-action.ts";

/** Strings of `GET /v1/auth/permissions?action_version=v2`, which the MCP server reads (data-model.md §8.4b). */
export async function executableNames(ctx: Ctx): Promise<string[]> {
  const { person } = ctx.actor;
  const actions = await listActions(ctx.db, ctx.org, { triggerType: "self-service", published: true });
  return actions.flatMap(({ identifier, permissions }) => {
    const { execute } = permissions ?? ACTION_DEFAULTS;
    if (person === undefined || isGranted(execute, person)) return [`execute:actions:${identifier}`];
    return maySee(person, { execute, approve: execute })
      ? [`execute:team_entities:actions:${identifier}`]
      : [];
  });
}

export interface ActionAccess {
  readonly permissions: ActionPermissions;
  /** On the entity that was named; without one, on some. A policy is asked with what is known so far. */
  readonly mayRun: boolean;
  readonly mayEdit: boolean;
  readonly mayApprove: boolean;
}

/** @throws AppError not_found; invalid_request when the entity is none for the action */
export async function accessTo(ctx: Ctx, identifier: string, entity: string | null): Promise<ActionAccess> {
  const action = await visibleAction(ctx, identifier);
  const permissions = action.permissions ?? ACTION_DEFAULTS;
  const { person } = ctx.actor;
  return {
    permissions,
    mayRun: await mayRunNow(ctx, action, permissions, entity),
    mayEdit: mayEdit(person, action.document),
    mayApprove: person === undefined || isGranted(permissions.approve, person),
  };
}

async function mayRunNow(
  ctx: Ctx,
  action: Action,
  permissions: ActionPermissions,
  entity: string | null,
): Promise<boolean> {
  if (triggerTypeOf(action) === "automation" || !isPublished(action)) return false;
  if (entity === null && permissions.execute.policy === null) return maySee(ctx.actor.person, permissions);
  const subject = entity === null ? null : await subjectOf(ctx, action, entity);
  return mayRun(ctx, action, { inputs: null, entity: subject?.entity?.document ?? null });
}

/**
 * The form as it is for what is filled in so far: the same evaluation that a run is checked by.
 * @throws AppError not_found, invalid_request
 */
export async function evaluateForm(ctx: Ctx, identifier: string, body: unknown): Promise<JsonObject> {
  const action = await visibleAction(ctx, identifier);
  const sent = objectAt(body, "body");
  checkJson(sent, "body");
  const properties = isGiven(sent["properties"]) ? objectAt(sent["properties"], "properties") : {};
  const { entity } = isGiven(sent["entity"])
    ? await subjectOf(ctx, action, sent["entity"])
    : { entity: null };
  const { userInputs } = triggerOf(action);
  const form = isObject(userInputs) ? userInputs : {};
  const { inputs } = await formState(ctx, form, properties, entity?.document ?? null);
  return Object.fromEntries(
    [...inputs].map(([key, { input, visible, disabled, required, value, problem }]) => [
      key,
      { ...input, visible, disabled, required, value: value ?? null, problem },
    ]),
  );
}
