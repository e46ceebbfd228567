/** Automations that something else is made of: an alert, an initiative. They are its own, and change with it. */
import { randomBytes } from "node:crypto";
import { parseAction } from "../model/action.ts";
import { AppError } from "../model/error.ts";
import { type JsonObject, sameJson } from "../model/json.ts";
import { deleteAction, insertAction, listActions, updateAction } from "../storage/actions.ts";
import type { Ctx } from "../storage/context.ts";
import { writerOf } from "./define-action.ts";

const readMade = (ctx: Ctx, identifiers: readonly string[]) =>
  listActions(ctx.db, ctx.org, { identifiers, triggerType: "automation" });

/**
 * Writes those that differ, and deletes those of its own that it no longer needs.
 * @param owned what its automations may be called
 * @param owner for the error: “alert”
 * @throws AppError conflict when somebody else's action has such a name
 */
export async function makeAutomations(
  tx: Ctx,
  owner: string,
  owned: readonly string[],
  wanted: readonly JsonObject[],
): Promise<void> {
  const known = new Map((await readMade(tx, owned)).map((one) => [one.identifier, one]));
  for (const made of wanted) {
    const { identifier, document } = parseAction(made);
    const write = { identifier, document, at: tx.now(), ...writerOf(tx) };
    const before = known.get(identifier);
    known.delete(identifier);
    if (before === undefined) {
      if (!(await insertAction(tx.db, tx.org, `action_${randomBytes(8).toString("hex")}`, write)))
        throw new AppError(
          "conflict",
          `Action with identifier "${identifier}" exists already: the ${owner} needs it`,
        );
    } else if (!sameJson(before.document, document)) await updateAction(tx.db, tx.org, identifier, write);
  }
  for (const identifier of known.keys()) await deleteAction(tx.db, tx.org, identifier);
}

/** Their runs stay. */
export async function deleteAutomations(tx: Ctx, owned: readonly string[]): Promise<void> {
  for (const { identifier } of await readMade(tx, owned)) await deleteAction(tx.db, tx.org, identifier);
}
