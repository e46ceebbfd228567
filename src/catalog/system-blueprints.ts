/** Creates and keeps the blueprints that every organisation has (data-model.md §3.12). */
import { parseBlueprint, renderBlueprint } from "../model/blueprint.ts";
import { notFound } from "../model/error.ts";
import type { JsonObject } from "../model/json.ts";
import { SYSTEM_BLUEPRINTS, withShippedAnew } from "../model/system-blueprints.ts";
import { insertBlueprint, lockDefinitions, readBlueprint, updateBlueprint } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";
import { recordBlueprint } from "./record-blueprint.ts";

/**
 * To be called at the start: creates those that are missing, and gives existing ones what this version ships; what users
 * added stays.
 */
export async function ensureSystemBlueprints(ctx: Ctx): Promise<void> {
  await transact(ctx, async (inner) => {
    const { db, org } = inner;
    await lockDefinitions(db, org);
    for (const [identifier, shipped] of SYSTEM_BLUEPRINTS) {
      const current = await readBlueprint(db, org, identifier);
      const document =
        current === null ? parseBlueprint(shipped).document : withShippedAnew(current.document);
      if (current !== null && JSON.stringify(current.document) === JSON.stringify(document)) continue;
      const write = { identifier, document, at: inner.now(), by: inner.actor.id };
      const after =
        current === null
          ? await insertBlueprint(db, org, write)
          : await updateBlueprint(db, org, identifier, write);
      await recordBlueprint(inner, current, after);
    }
  });
}

/** What the system ships of the blueprint, without what users added. @throws AppError not_found */
export async function getSystemStructure(ctx: Ctx, identifier: string): Promise<JsonObject> {
  const shipped = SYSTEM_BLUEPRINTS.get(identifier);
  const stored = shipped && (await readBlueprint(ctx.db, ctx.org, identifier));
  if (shipped === undefined || stored === null || stored === undefined)
    throw notFound("System blueprint", identifier);
  return renderBlueprint({ ...stored, document: shipped });
}
