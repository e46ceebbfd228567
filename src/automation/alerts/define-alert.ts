/** Alerts: create, read, replace, delete. Each change makes their automations anew, in the same transaction. */
import { parseAlert } from "../../model/alert.ts";
import { AppError, invalid, notFound } from "../../model/error.ts";
import { isObject, type JsonObject, kindOf } from "../../model/json.ts";
import { deleteAutomations, makeAutomations } from "../made-automations.ts";
import {
  type AlertRow,
  deleteAlert,
  insertAlert,
  listAlerts,
  readAlert,
  readAlertEvents,
  readStates,
  updateAlert,
} from "../../storage/alerts.ts";
import { appendAuditEvents } from "../../storage/audit-events.ts";
import { lockDefinitions } from "../../storage/blueprints.ts";
import type { Ctx } from "../../storage/context.ts";
import { transact } from "../../storage/transact.ts";
import { checkWatched } from "./check-watched.ts";
import { automationIdentifiers, automationsOf } from "./alert-automations.ts";

/** As the API shows it. */
export type AlertJson = JsonObject;

export async function getAlerts(ctx: Ctx): Promise<AlertJson[]> {
  return (await listAlerts(ctx.db, ctx.org)).map(render);
}

/** @throws AppError not_found */
export async function getAlert(ctx: Ctx, identifier: string): Promise<AlertJson> {
  return render(await found(ctx, identifier));
}

/** @throws AppError invalid_request, not_found for what it watches, conflict */
export function createAlert(ctx: Ctx, body: unknown): Promise<AlertJson> {
  const { alert, document } = parseAlert(body);
  return transact(ctx, async (tx) => {
    await lockDefinitions(tx.db, tx.org);
    await checkWatched(tx, alert.source);
    const { identifier } = alert;
    if (!(await insertAlert(tx.db, tx.org, { identifier, document, at: tx.now(), by: tx.actor.id })))
      throw new AppError("conflict", `Alert with identifier "${identifier}" exists already`);
    await makeAutomations(tx, "alert", automationIdentifiers(alert.identifier), automationsOf(alert));
    await appendAuditEvents(tx, [{ kind: "alert", action: "CREATE", identifier, after: document }]);
    return render(await found(tx, identifier));
  });
}

/** What the body omits is removed. @throws AppError invalid_request, not_found */
export function replaceAlert(ctx: Ctx, identifier: string, body: unknown): Promise<AlertJson> {
  if (!isObject(body)) throw invalid(`the alert must be an object, not ${kindOf(body)}`);
  const { alert, document } = parseAlert({ identifier, ...body });
  if (alert.identifier !== identifier)
    throw invalid(
      `alert.identifier "${alert.identifier}" must be "${identifier}": an alert keeps its identifier`,
    );
  return transact(ctx, async (tx) => {
    await lockDefinitions(tx.db, tx.org);
    const before = await found(tx, identifier, true);
    await checkWatched(tx, alert.source);
    await updateAlert(tx.db, tx.org, { identifier, document, at: tx.now(), by: tx.actor.id });
    await makeAutomations(tx, "alert", automationIdentifiers(alert.identifier), automationsOf(alert));
    const change = { before: before.document, after: document };
    await appendAuditEvents(tx, [{ kind: "alert", action: "UPDATE", identifier, ...change }]);
    return render(await found(tx, identifier));
  });
}

/** Its automations go with it; their runs stay. @throws AppError not_found */
export function removeAlert(ctx: Ctx, identifier: string): Promise<void> {
  return transact(ctx, async (tx) => {
    await lockDefinitions(tx.db, tx.org);
    const before = await found(tx, identifier, true);
    await deleteAutomations(tx, automationIdentifiers(identifier));
    await deleteAlert(tx.db, tx.org, identifier);
    await appendAuditEvents(tx, [{ kind: "alert", action: "DELETE", identifier, before: before.document }]);
  });
}

/** What is known of each subject, and what was told lately. @throws AppError not_found */
export async function alertStatus(ctx: Ctx, identifier: string, limit: number): Promise<JsonObject> {
  await found(ctx, identifier);
  const states = await readStates(ctx.db, ctx.org, identifier);
  const events = await readAlertEvents(ctx.db, ctx.org, identifier, limit);
  return {
    subjects: states.map(({ subject, title, state, value, updated_at: at }) => ({
      ...{ subject, title, status: state.isFiring ? "firing" : "ok", value, isNotified: state.isNotified },
      ...{ since: new Date(state.since).toISOString(), updatedAt: at.toISOString() },
    })),
    events: events.map(({ subject, transition, document, at, told_at: told }) => ({
      ...{ subject, transition, ...document },
      ...{ at: at.toISOString(), toldAt: told?.toISOString() ?? null },
    })),
  };
}

async function found(ctx: Ctx, identifier: string, lock = false): Promise<AlertRow> {
  const row = await readAlert(ctx.db, ctx.org, identifier, lock);
  if (row === null) throw notFound("Alert", identifier);
  return row;
}

function render(row: AlertRow): AlertJson {
  return {
    ...row.document,
    automations: automationsOf(parseAlert(row.document).alert).map(({ identifier }) => identifier),
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}
