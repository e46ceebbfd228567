/** UPSERT_ENTITY: the server writes the entity itself, in the transaction that ends the run. */
import { isPeople } from "../../catalog/people-rules.ts";
import { upsertEntity } from "../../catalog/upsert-entity.ts";
import { blueprintOf } from "../../model/action.ts";
import type { Actor } from "../../model/actor.ts";
import type { JsonObject } from "../../model/json.ts";
import { isTrusted, type Run } from "../../model/run.ts";
import type { Ctx } from "../../storage/context.ts";
import { InvocationError } from "../render-invocation.ts";
import type { Invocation, Outcome } from "./invocation.ts";

export function invokeUpsert(_ctx: Ctx, { sent, shown, run }: Invocation): Promise<Outcome> {
  const blueprint = String(sent["blueprintIdentifier"]);
  if (!isTrusted(run)) refuseForeign(run, blueprint);
  const body = bodyOf(sent["mapping"] as JsonObject);
  return Promise.resolve({
    change: { status: "SUCCESS", payload: shown },
    logs: [],
    write: async (tx) => {
      const own: Ctx = { ...tx, actor: actorOf(run), runId: run.id };
      const { entity, created, changed } = await upsertEntity(own, blueprint, body, {
        ...{ present: "merge", absent: "create", createMissing: false },
        ...{ validationOnly: false, closed: false, throwCollisions: true },
      });
      const did = created ? "created" : changed ? "changed" : "left as it was";
      return { summary: `Entity "${entity.identifier}" of blueprint "${blueprint}" was ${did}` };
    },
  });
}

/**
 * Runs write as the organisation: what a moderator wrote may write what moderators may write themselves, and no more.
 * @throws InvocationError
 */
function refuseForeign({ action }: Run, blueprint: string): void {
  if (blueprint === blueprintOf(action) && !isPeople(blueprint)) return;
  throw new InvocationError(
    `"${action.identifier}" was last written by a moderator, and so writes entities of its own blueprint only, not of "${blueprint}"; an administrator can save it`,
  );
}

/** The permission to run the action is the permission for what it does: the run writes as the organisation. */
const actorOf = (run: Run): Actor => ({
  kind: "machine",
  id: run.createdBy,
  datasource: null,
  origin: run.source,
});

/** What templates gave nothing for is not written. */
function bodyOf(mapping: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(mapping).filter(([key, value]) => value !== null || key === "icon"),
  );
}
