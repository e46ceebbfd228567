/** Actions and automations: create, read, replace, delete (workflows.md §3.1, §3.2). */
import { randomBytes } from "node:crypto";
import {
  type Action,
  blueprintOf,
  isActionIdentifier,
  isPublished,
  parseAction,
  renderAction,
  triggerTypeOf,
} from "../model/action.ts";
import { ACTION_DEFAULTS, maySee } from "../model/action-permission.ts";
import type { Person } from "../model/actor.ts";
import { checkDefinesPeople, writtenByAction } from "../catalog/people-definitions.ts";
import { AppError, notFound } from "../model/error.ts";
import { isObject, type JsonObject, sameJson } from "../model/json.ts";
import { isUnrestricted } from "../model/permission-checks.ts";
import { covers } from "../model/scope.ts";
import { isAdmin } from "../model/user.ts";
import {
  type ActionFilter,
  deleteAction,
  insertAction,
  listActions,
  readAction,
  updateAction,
} from "../storage/actions.ts";
import { appendAuditEvents } from "../storage/audit-events.ts";
import { lockDefinitions, readBlueprint } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";
import { expressionWarnings } from "./expression-warnings.ts";
import { missingWarnings } from "./missing-warnings.ts";

export interface ActionAnswer {
  readonly action: JsonObject;
  /** Expressions that are no jq (they give null when the action runs), and what is named and not there. */
  readonly warnings: readonly string[];
}

/** @throws AppError invalid_request, not_found for its blueprint, forbidden, conflict */
export function createAction(ctx: Ctx, body: unknown): Promise<ActionAnswer> {
  const { identifier, document } = parseAction(body);
  refuseForeign(ctx, document, `create actions`);
  refuseHiddenPeople(ctx, document);
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    await checkBlueprint(inner, document);
    const id = `action_${randomBytes(8).toString("hex")}`;
    const write = { identifier, document, at: inner.now(), ...writerOf(inner) };
    if (!(await insertAction(inner.db, inner.org, id, write)))
      throw new AppError("conflict", `Action with identifier "${identifier}" exists already`);
    await appendAuditEvents(inner, [{ ...subject(identifier, document), action: "CREATE", after: document }]);
    return answer(inner, await lockAction(inner, identifier));
  });
}

/** The document becomes what is sent; another `identifier` in it renames the action, whose old runs keep its old name. */
export function replaceAction(ctx: Ctx, identifier: string, body: unknown): Promise<ActionAnswer> {
  const { identifier: to, document } = parseAction(body);
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    const before = await lockAction(inner, identifier);
    refuseForeign(inner, before.document, `change action "${identifier}"`);
    refuseForeign(inner, document, `change action "${identifier}"`);
    refuseHiddenPeople(inner, document);
    // What an administrator saves as it is becomes theirs.
    const isSame = sameJson(document, before.document) && (before.trusted || !writerOf(inner).trusted);
    if (to === identifier && isSame) return answer(inner, before);
    await checkBlueprint(inner, document);
    if (to !== identifier && (await readAction(inner.db, inner.org, to)) !== null)
      throw new AppError("conflict", `Action with identifier "${to}" exists already`);
    const write = { identifier: to, document, at: inner.now(), ...writerOf(inner) };
    await updateAction(inner.db, inner.org, identifier, write);
    await appendAuditEvents(inner, [
      { ...subject(to, document), action: "UPDATE", before: before.document, after: document },
    ]);
    return answer(inner, await lockAction(inner, to));
  });
}

/** Its runs stay; those that are on their way go on. @throws AppError not_found, forbidden */
export function removeAction(ctx: Ctx, identifier: string): Promise<void> {
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    const { document } = await lockAction(inner, identifier);
    refuseForeign(inner, document, `delete action "${identifier}"`);
    await deleteAction(inner.db, inner.org, identifier);
    await appendAuditEvents(inner, [
      { ...subject(identifier, document), action: "DELETE", before: document },
    ]);
  });
}

/** Those that whoever asks may see. */
export async function getActions(ctx: Ctx, filter: ActionFilter): Promise<JsonObject[]> {
  // No stored text has it, and PostgreSQL refuses the question.
  if (JSON.stringify(filter).includes("\\u0000")) return [];
  const actions = await listActions(ctx.db, ctx.org, filter);
  return actions
    .filter((action) => isVisible(ctx.actor.person, action))
    .map((action) => shownTo(ctx, action));
}

/** @throws AppError not_found, also for actions that whoever asks may not see */
export async function visibleAction(ctx: Ctx, identifier: string): Promise<Action> {
  const action = isActionIdentifier(identifier) ? await readAction(ctx.db, ctx.org, identifier) : null;
  if (action === null || !isVisible(ctx.actor.person, action)) throw notFound("Action", identifier);
  return action;
}

/** The action as the API shows it to whoever asks: an address that is told of approvals is a secret in itself. */
export function shownTo({ actor }: Ctx, action: Action): JsonObject {
  const whole = renderAction(action);
  const { approvalNotification: told } = whole;
  const isTold =
    mayEdit(actor.person, action.document) &&
    (actor.scopes === undefined || covers(actor.scopes, "actions", true));
  if (!isObject(told) || isTold) return whole;
  return {
    ...whole,
    approvalNotification: Object.fromEntries(Object.entries(told).filter(([key]) => key !== "url")),
  };
}

/** Who may change an action: administrators, apps, and moderators of its blueprint. */
export function mayEdit(person: Person | undefined, document: JsonObject): boolean {
  if (person === undefined || isAdmin(person)) return true;
  const blueprint = blueprintOf({ document });
  return blueprint !== null && isUnrestricted(person, blueprint);
}

/** Drafts and automations are for those who may change them. */
function isVisible(person: Person | undefined, action: Action): boolean {
  if (mayEdit(person, action.document)) return true;
  return (
    triggerTypeOf(action) === "self-service" &&
    isPublished(action) &&
    maySee(person, action.permissions ?? ACTION_DEFAULTS)
  );
}

function refuseForeign(ctx: Ctx, document: JsonObject, what: string): void {
  if (!mayEdit(ctx.actor.person, document))
    throw new AppError(
      "forbidden",
      `you are not allowed to ${what}: administrators and moderators of its blueprint are`,
    );
}

/** Runs write as the organisation, so a limited token defines none that write more than it may itself. */
export const refuseHiddenPeople = ({ actor }: Ctx, document: JsonObject): void =>
  checkDefinesPeople(actor, writtenByAction(document), "an action");

/** The action with its row locked. @throws AppError not_found */
export async function lockAction(ctx: Ctx, identifier: string): Promise<Action> {
  const action = isActionIdentifier(identifier) ? await readAction(ctx.db, ctx.org, identifier, true) : null;
  if (action === null) throw notFound("Action", identifier);
  return action;
}

async function checkBlueprint(ctx: Ctx, document: JsonObject): Promise<void> {
  const blueprint = blueprintOf({ document });
  if (blueprint !== null && (await readBlueprint(ctx.db, ctx.org, blueprint)) === null)
    throw notFound("Blueprint", blueprint);
}

const answer = async (ctx: Ctx, action: Action): Promise<ActionAnswer> => ({
  action: renderAction(action),
  warnings: [...expressionWarnings(action.document), ...(await missingWarnings(ctx, action.document))],
});

/** Who writes an action, and whether what they write may use secrets. */
export function writerOf({ actor }: Ctx): { readonly by: string; readonly trusted: boolean } {
  return { by: actor.id, trusted: actor.person === undefined || isAdmin(actor.person) };
}

const subject = (identifier: string, document: JsonObject) =>
  ({ kind: "action", blueprint: blueprintOf({ document }), identifier }) as const;
