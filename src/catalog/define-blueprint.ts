/** Blueprints: create, replace, patch, read, delete (data-model.md §3, decision 12). */
import { type Blueprint, type BlueprintPlan, parseBlueprint, renderBlueprint } from "../model/blueprint.ts";
import { entityEdits, patchBlueprint, severalValues } from "../model/blueprint-edit.ts";
import { AppError, invalid, notFound } from "../model/error.ts";
import { isBlueprintIdentifier } from "../model/identifier.ts";
import { checkJson, isObject, type JsonObject, kindOf, sameJson } from "../model/json.ts";
import {
  countSeveral,
  deleteBlueprintRow,
  editEntities,
  insertBlueprint,
  listBlueprints,
  readBlueprint,
  relationsTo,
  shareBlueprints,
  updateBlueprint,
} from "../storage/blueprints.ts";
import { appendChanges, type ChangeRow } from "../storage/changes.ts";
import type { Ctx } from "../storage/context.ts";
import { countEntities, firstIdentifiers } from "../storage/entities.ts";
import { transact } from "../storage/transact.ts";
import { hasDependents, LISTED } from "./has-dependents.ts";
import { Validator } from "./validator.ts";

export interface DefineResult {
  readonly blueprint: JsonObject;
  readonly changed: boolean;
}

/** @throws AppError `conflict` when it exists, `not_found` when a relation's target does not */
export async function createBlueprint(ctx: Ctx, body: unknown): Promise<DefineResult> {
  const plan = parseBlueprint(body);
  if (plan.identifier.startsWith("_"))
    throw invalid(
      `identifier "${plan.identifier}": names that begin with _ belong to the system's own blueprints`,
    );
  new Validator(plan).checkDefinition();
  return transact(ctx, async (inner) => {
    await checkTargets(inner, plan, new Set());
    const write = {
      identifier: plan.identifier,
      document: plan.document,
      at: inner.now(),
      by: inner.actor.id,
    };
    const blueprint = await insertBlueprint(inner.db, inner.org, write);
    if (blueprint === null)
      throw new AppError("conflict", `Blueprint with identifier "${plan.identifier}" exists already`);
    await recordChange(inner, plan.identifier, "CREATE", null, blueprint);
    return { blueprint: renderBlueprint(blueprint), changed: true };
  });
}

/** PUT: the document becomes `body`. */
export function replaceBlueprint(ctx: Ctx, identifier: string, body: unknown): Promise<DefineResult> {
  if (!isObject(body)) throw invalid(`the blueprint must be an object, not ${kindOf(body)}`);
  return redefine(ctx, identifier, () => ({ identifier, ...body }));
}

/** PATCH: see `patchBlueprint` for what is merged. */
export function changeBlueprint(ctx: Ctx, identifier: string, patch: unknown): Promise<DefineResult> {
  checkJson(patch, "");
  return redefine(ctx, identifier, (document) => patchBlueprint(document, patch));
}

async function redefine(
  ctx: Ctx,
  identifier: string,
  next: (document: JsonObject) => JsonObject,
): Promise<DefineResult> {
  if (!isBlueprintIdentifier(identifier)) throw notFound("Blueprint", identifier);
  return transact(ctx, async (inner) => {
    const current = await readBlueprint(inner.db, inner.org, identifier, "update");
    if (current === null) throw notFound("Blueprint", identifier);
    const before = parseBlueprint(current.document);
    const after = parseBlueprint(next(current.document));
    const edits = entityEdits(before, after);
    if (sameJson(before.document, after.document))
      return { blueprint: renderBlueprint(current), changed: false };
    new Validator(after).checkDefinition();
    await checkTargets(
      inner,
      after,
      new Set([...before.relations.values()].map((relation) => relation.target)),
    );
    for (const edit of edits) {
      if (edit.kind === "relation-to-single") {
        const count = await countSeveral(inner.db, inner.org, identifier, edit.relation);
        if (count > 0) throw severalValues(edit.relation, count);
      }
      await editEntities(inner.db, inner.org, identifier, edit);
    }
    const write = { identifier, document: after.document, at: inner.now(), by: inner.actor.id };
    const blueprint = await updateBlueprint(inner.db, inner.org, write);
    await recordChange(inner, identifier, "UPDATE", current, blueprint);
    return { blueprint: renderBlueprint(blueprint), changed: true };
  });
}

/** Targets of relations must exist, and stay until this transaction has committed. */
async function checkTargets(ctx: Ctx, plan: BlueprintPlan, known: ReadonlySet<string>): Promise<void> {
  const fresh = [...plan.relations.values()].filter(
    ({ target }) => target !== plan.identifier && !known.has(target),
  );
  const existing = await shareBlueprints(ctx.db, ctx.org, [...new Set(fresh.map(({ target }) => target))]);
  const missing = fresh.find(({ target }) => !existing.has(target));
  if (missing !== undefined)
    throw new AppError(
      "not_found",
      `Blueprint with identifier "${missing.target}" was not found (relations.${missing.identifier}.target)`,
    );
}

function recordChange(
  ctx: Ctx,
  identifier: string,
  action: ChangeRow["action"],
  before: Blueprint | null,
  after: Blueprint | null,
): Promise<void> {
  const row: ChangeRow = {
    kind: "blueprint",
    action,
    blueprint: identifier,
    identifier: null,
    before: before === null ? null : renderBlueprint(before),
    after: after === null ? null : renderBlueprint(after),
  };
  return appendChanges(ctx, ctx.now(), [row]);
}

export async function getBlueprint(ctx: Ctx, identifier: string): Promise<JsonObject> {
  const blueprint = isBlueprintIdentifier(identifier)
    ? await readBlueprint(ctx.db, ctx.org, identifier, "none")
    : null;
  if (blueprint === null) throw notFound("Blueprint", identifier);
  return renderBlueprint(blueprint);
}

export async function getBlueprints(ctx: Ctx): Promise<JsonObject[]> {
  return (await listBlueprints(ctx.db, ctx.org)).map(renderBlueprint);
}

/** @throws AppError `has_dependents` while it has entities or is the target of another blueprint's relation */
export async function deleteBlueprint(ctx: Ctx, identifier: string): Promise<void> {
  if (!isBlueprintIdentifier(identifier)) throw notFound("Blueprint", identifier);
  await transact(ctx, async (inner) => {
    const { db, org } = inner;
    const current = await readBlueprint(db, org, identifier, "update");
    if (current === null) throw notFound("Blueprint", identifier);
    const entities = await countEntities(db, org, identifier);
    if (entities > 0) {
      const first = await firstIdentifiers(db, org, identifier, LISTED);
      throw hasDependents(
        `Blueprint "${identifier}" has entities: ${first.join(", ")}`,
        first.map((id) => ({ kind: "entity", blueprint: identifier, identifier: id })),
        entities,
      );
    }
    const relations = (await relationsTo(db, org, identifier)).filter((r) => r.blueprint !== identifier);
    if (relations.length > 0)
      throw hasDependents(
        `Blueprint "${identifier}" is the target of relations: ${relations
          .slice(0, LISTED)
          .map((r) => `${r.blueprint}.${r.relation}`)
          .join(", ")}`,
        relations
          .slice(0, LISTED)
          .map((r) => ({ kind: "relation", blueprint: r.blueprint, identifier: r.relation })),
        relations.length,
      );
    await deleteBlueprintRow(db, org, identifier);
    await recordChange(inner, identifier, "DELETE", current, null);
  });
}
