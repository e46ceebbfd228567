/** Deletion: required relations protect their targets, optional ones are cleared (data-model.md §4.6, decision 18). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, type EntityKey, keyOf, own, renderEntity } from "../model/entity.ts";
import { notFound } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { appendChanges, type ChangeRow } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { deleteEntityRows, lockEntities, updateEntities } from "../storage/entities.ts";
import { putRelations, referencesTo, type RelationRow, removeRelations } from "../storage/relations.ts";
import { sqlState, transact } from "../storage/transact.ts";
import { getDefinition } from "./definitions.ts";
import { lockReferrers } from "./lock-referrers.ts";
import { readableKeys } from "./readable-keys.ts";
import { forgetNotes } from "./forget-notes.ts";
import { guardFor } from "./guard.ts";
import { hasDependents, LISTED } from "./has-dependents.ts";
import { inPortions } from "./in-portions.ts";
import { peopleLeft } from "./leave-teams.ts";
import { changeRows, type Net, relationDifference } from "./write-steps.ts";

const ATTEMPTS = 8;
const FOREIGN_KEY = "23503";

export interface DeleteOptions {
  /**
   * Delete those that require a deleted entity as well, and those that require them. `same-blueprint`: only such of the
   * same blueprint.
   */
  readonly deleteDependents: boolean | "same-blueprint";
}

/** @throws AppError `not_found`, `has_dependents` */
export async function deleteEntity(
  ctx: Ctx,
  blueprint: string,
  identifier: string,
  options: DeleteOptions,
): Promise<void> {
  const deleted = await deleteEntities(ctx, blueprint, [identifier], options);
  if (deleted.length === 0) throw notFound("Entity", identifier);
}

/**
 * All of them or, when one is required by others, none.
 * @returns those of `identifiers` that existed
 */
export async function deleteEntities(
  ctx: Ctx,
  blueprint: string,
  identifiers: readonly string[],
  options: DeleteOptions,
): Promise<string[]> {
  await getDefinition(ctx, blueprint);
  const keys = [...new Set(identifiers)]
    .filter((identifier) => isEntityIdentifier(identifier, blueprint))
    .map((identifier) => ({ blueprint, identifier }));
  if (ctx.db.isTransaction) return deleteKeys(ctx, blueprint, keys, options, false);
  for (let attempt = 1; ; attempt++) {
    try {
      // The last time it takes them as they come: the database finds whoever waits for whom.
      return await transact(ctx, (inner) => deleteKeys(inner, blueprint, keys, options, attempt < ATTEMPTS));
    } catch (error) {
      // A relation to one of them was written meanwhile: look again.
      const meanwhile = error instanceof RelatedMeanwhile || sqlState(error) === FOREIGN_KEY;
      if (!meanwhile || attempt >= ATTEMPTS) throw error;
    }
  }
}

/** Somebody began to relate to what is to be deleted, and is not locked. */
class RelatedMeanwhile extends Error {}

async function deleteKeys(
  ctx: Ctx,
  blueprint: string,
  keys: readonly EntityKey[],
  options: DeleteOptions,
  mayRestart: boolean,
): Promise<string[]> {
  const { db, org } = ctx;
  const guard = await guardFor(ctx, blueprint);
  const plans = new Map<string, BlueprintPlan>();
  const planOf = async (blueprint: string): Promise<BlueprintPlan> => {
    const plan = plans.get(blueprint) ?? (await getDefinition(ctx, blueprint, "share")).plan;
    plans.set(blueprint, plan);
    return plan;
  };
  if (keys.length > 0) await planOf(blueprint);
  const locked = await lockReferrers(
    ctx,
    keys,
    async (referrer, relation) =>
      mayDelete(referrer, blueprint, options) &&
      (await planOf(referrer)).relations.get(relation)?.required === true,
  );
  const doomed = new Map<string, Entity>();
  const references: RelationRow[] = [];
  let level = await lockEntities(db, org, keys, "delete");
  const found = level.map((entity) => entity.identifier);
  while (level.length > 0) {
    for (const entity of level) {
      doomed.set(keyOf(entity.blueprint, entity.identifier), entity);
      guard?.remove(await planOf(entity.blueprint), entity);
    }
    const rows = await referencesTo(db, org, level);
    references.push(...rows);
    const isKnown = ({ blueprint, identifier }: RelationRow): boolean =>
      locked.has(keyOf(blueprint, identifier)) || doomed.has(keyOf(blueprint, identifier));
    if (mayRestart && !rows.every(isKnown)) throw new RelatedMeanwhile();
    for (const { blueprint } of rows) await planOf(blueprint);
    const required = rows.filter(
      (row) =>
        plans.get(row.blueprint)?.relations.get(row.relation)?.required === true &&
        !doomed.has(keyOf(row.blueprint, row.identifier)),
    );
    const refused = required.filter((row) => !mayDelete(row.blueprint, blueprint, options));
    if (refused.length > 0) throw await refusal(ctx, keys, refused);
    level = await lockEntities(db, org, uniqueKeys(required), "delete");
  }
  await clearReferences(
    ctx,
    plans,
    references.filter((row) => !doomed.has(keyOf(row.blueprint, row.identifier))),
  );
  await removeRelations(db, org, references);
  await deleteEntityRows(db, org, [...doomed.values()]);
  const deletions: ChangeRow[] = [];
  for (const entity of doomed.values())
    deletions.push({
      kind: "entity",
      action: "DELETE",
      blueprint: entity.blueprint,
      identifier: entity.identifier,
      before: renderEntity(await planOf(entity.blueprint), entity),
      after: null,
    });
  await appendChanges({ ...ctx, db }, ctx.now(), deletions);
  await peopleLeft(ctx, [...doomed.values()]);
  await forgetNotes(ctx, [...doomed.values()]);
  return found;
}

function mayDelete(dependent: string, blueprint: string, { deleteDependents }: DeleteOptions): boolean {
  return deleteDependents === "same-blueprint" ? dependent === blueprint : deleteDependents;
}

function uniqueKeys(rows: readonly RelationRow[]): EntityKey[] {
  return [...new Map(rows.map((row) => [keyOf(row.blueprint, row.identifier), row])).values()];
}

/** Takes the deleted targets out of the referring entities, which are changed by it. */
async function clearReferences(
  ctx: Ctx,
  plans: ReadonlyMap<string, BlueprintPlan>,
  rows: readonly RelationRow[],
): Promise<void> {
  const now = ctx.now();
  const byReferrer = Map.groupBy(rows, (row) => keyOf(row.blueprint, row.identifier));
  for (const keys of inPortions(uniqueKeys(rows))) {
    const nets: Net[] = [];
    for (const before of await lockEntities(ctx.db, ctx.org, keys)) {
      const plan = plans.get(before.blueprint);
      if (plan === undefined) continue;
      const relations = { ...before.relations };
      for (const { relation, target } of byReferrer.get(keyOf(before.blueprint, before.identifier)) ?? []) {
        const value = own(relations, relation);
        const left = Array.isArray(value) ? (value as string[]).filter((item) => item !== target) : [];
        if (left.length === 0) delete relations[relation];
        else relations[relation] = left;
      }
      const { datasource, id } = ctx.actor;
      nets.push({ plan, before, after: { ...before, relations, datasource, updatedAt: now, updatedBy: id } });
    }
    await updateEntities(
      ctx.db,
      ctx.org,
      nets.map((net) => net.after),
    );
    await putRelations(ctx.db, ctx.org, relationDifference(nets).put);
    await appendChanges(
      ctx,
      now,
      changeRows(nets).map((row) => ({ ...row, follows: true })),
    );
  }
}

/** Names those that whoever asks may read; all count. */
async function refusal(
  ctx: Ctx,
  keys: readonly EntityKey[],
  required: readonly RelationRow[],
): Promise<Error> {
  const named = required.filter(await readableKeys(ctx, required)).slice(0, LISTED);
  const listed = named.map((row) => `${row.blueprint}/${row.identifier} (${row.relation} → ${row.target})`);
  const what = keys.length === 1 ? `Entity "${keys[0]?.identifier ?? ""}"` : `One of ${keys.length} entities`;
  const by = listed.length > 0 ? listed.join(", ") : "entities that may not be read by you";
  return hasDependents(
    `${what} is required by ${by}; send delete_dependents=true to delete these too`,
    named.map((row) => ({ kind: "entity", blueprint: row.blueprint, identifier: row.identifier })),
    required.length,
  );
}
