/** Deletion of a blueprint: refused while others depend on it (data-model.md §3.10, decision 18). */
import { definitions } from "../model/blueprint.ts";
import { notFound } from "../model/error.ts";
import { isBlueprintIdentifier } from "../model/identifier.ts";
import type { JsonObject } from "../model/json.ts";
import { protectedBlueprint, SYSTEM_BLUEPRINTS } from "../model/system-blueprints.ts";
import {
  deleteBlueprintRow,
  listBlueprints,
  lockBlueprints,
  lockDefinitions,
  relationsTo,
} from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { countEntities, firstIdentifiers } from "../storage/entities.ts";
import { transact } from "../storage/transact.ts";
import { actionsOn, deleteActionsOn } from "./action-references.ts";
import { type Dependent, hasDependents, LISTED } from "./has-dependents.ts";
import { followScorecards } from "./scorecard-rows.ts";
import { recordBlueprint } from "./record-blueprint.ts";

/**
 * @returns warnings
 * @throws AppError `has_dependents` while it has entities, other blueprints relate to it, or actions are about it that are not
 * to go with it
 */
export function deleteBlueprint(
  ctx: Ctx,
  identifier: string,
  { withActions = false }: { readonly withActions?: boolean } = {},
): Promise<string[]> {
  if (!isBlueprintIdentifier(identifier)) throw notFound("Blueprint", identifier);
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    if (!withActions) await refuseActions(inner, identifier);
    const warnings = await deleteBlueprintInside(inner, identifier);
    await deleteActionsOn(inner, identifier);
    return warnings;
  });
}

/** @throws AppError `has_dependents` when actions are about the blueprint */
export async function refuseActions(ctx: Ctx, identifier: string): Promise<void> {
  const actions = await actionsOn(ctx, identifier);
  if (actions.length === 0) return;
  const names = actions.slice(0, LISTED).map((action) => action.identifier);
  throw hasDependents(
    `Blueprint "${identifier}" has actions: ${names.join(", ")}; delete_actions=true deletes them with it`,
    actions,
    actions.length,
  );
}

/** The same in a transaction of the caller; when it is refused, nothing has been written. */
export async function deleteBlueprintInside(ctx: Ctx, identifier: string): Promise<string[]> {
  const { db, org } = ctx;
  await lockDefinitions(db, org);
  if (SYSTEM_BLUEPRINTS.has(identifier)) throw protectedBlueprint(identifier, "it cannot be deleted");
  const current = (await lockBlueprints(db, org, [identifier])).get(identifier);
  if (current === undefined) throw notFound("Blueprint", identifier);
  const entities = await countEntities(db, org, identifier);
  const first = entities === 0 ? [] : await firstIdentifiers(db, org, identifier, LISTED);
  const relations = await relationsOfOthers(ctx, identifier);
  if (entities + relations.length > 0)
    throw hasDependents(
      `Blueprint "${identifier}" ${[
        ...(entities > 0 ? [`has entities: ${first.join(", ")}`] : []),
        ...(relations.length > 0 ? [`is the target of relations: ${namesOf(relations)}`] : []),
      ].join("; ")}`,
      [...first.map((id) => ({ kind: "entity", blueprint: identifier, identifier: id })), ...relations],
      entities + relations.length,
    );
  await followScorecards(ctx, current.document, null);
  await deleteBlueprintRow(db, org, identifier);
  await recordBlueprint(ctx, current, null);
  return (await listBlueprints(db, org)).flatMap(({ document }) => aggregationsOn(document, identifier));
}

/** @param required only required relations. @throws AppError `has_dependents` when other blueprints relate to it */
export async function refuseRelationsOfOthers(
  ctx: Ctx,
  identifier: string,
  { required }: { readonly required: boolean },
): Promise<void> {
  const relations = await relationsOfOthers(ctx, identifier, required);
  if (relations.length > 0)
    throw hasDependents(
      `Blueprint "${identifier}" is the target of ${required ? "required " : ""}relations: ${namesOf(relations)}`,
      relations,
      relations.length,
    );
}

async function relationsOfOthers(ctx: Ctx, identifier: string, onlyRequired = false): Promise<Dependent[]> {
  return (await relationsTo(ctx.db, ctx.org, identifier))
    .filter(({ blueprint, required }) => blueprint !== identifier && (required || !onlyRequired))
    .map(({ blueprint, relation }) => ({ kind: "relation", blueprint, identifier: relation }));
}

function namesOf(relations: readonly Dependent[]): string {
  return relations
    .slice(0, LISTED)
    .map(({ blueprint, identifier }) => `${blueprint}.${identifier}`)
    .join(", ");
}

/** They may be defined before their target, so they do not hold it; but they have nothing to count any more. */
function aggregationsOn(document: JsonObject, target: string): string[] {
  return definitions(document, "aggregationProperties")
    .filter(([, aggregation]) => aggregation["target"] === target)
    .map(
      ([id]) =>
        `${String(document["identifier"])}.aggregationProperties.${id} is about blueprint "${target}", which is gone`,
    );
}
