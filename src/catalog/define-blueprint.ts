/** Blueprints: create, replace, patch, read (data-model.md §3, decision 12). */
import {
  type Blueprint,
  type BlueprintPlan,
  parseBlueprint,
  planOf,
  renderBlueprint,
} from "../model/blueprint.ts";
import { refuseCycles } from "../model/derive-plan.ts";
import { entityEdits, patchBlueprint, severalValues } from "../model/blueprint-edit.ts";
import { AppError, invalid, notFound } from "../model/error.ts";
import { isBlueprintIdentifier } from "../model/identifier.ts";
import { checkJson, isObject, type JsonObject, kindOf } from "../model/json.ts";
import { isTargetRelation, RESULTS, targetRelations } from "../model/rule-results.ts";
import { SCORECARDS_KEY } from "../model/scorecard.ts";
import { objectAt, protectedBlueprint, withShipped } from "../model/system-blueprints.ts";
import { countSeveral, editEntities } from "../storage/blueprint-edits.ts";
import {
  existingBlueprints,
  insertBlueprint,
  listBlueprints,
  lockBlueprints,
  lockDefinitions,
  readBlueprint,
  updateBlueprint,
} from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { transact } from "../storage/transact.ts";
import { recordBlueprint } from "./record-blueprint.ts";
import { createCatalogPage } from "./pages.ts";
import { renameInside } from "./rename-blueprint.ts";
import { Validator } from "./validator.ts";

export interface DefineResult {
  readonly blueprint: JsonObject;
  readonly changed: boolean;
  /** What the client should know: what was kept, what was not rewritten. */
  readonly warnings: readonly string[];
}

/** @throws AppError `conflict` when it exists, `not_found` when a relation's target does not */
export async function createBlueprint(
  ctx: Ctx,
  body: unknown,
  { withPage = true }: { readonly withPage?: boolean } = {},
): Promise<DefineResult> {
  const plan = parseBlueprint(body);
  refuseSystemName(plan.identifier);
  new Validator(plan).checkDefinition();
  return transact(ctx, async (inner) => {
    await lockDefinitions(inner.db, inner.org);
    await checkTargets(inner, plan);
    await checkCycles(inner, plan);
    const write = {
      identifier: plan.identifier,
      document: plan.document,
      at: inner.now(),
      by: inner.actor.id,
    };
    const blueprint = await insertBlueprint(inner.db, inner.org, write);
    if (blueprint === null) throw blueprintExists(plan.identifier);
    if (withPage) await createCatalogPage(inner, plan);
    await recordBlueprint(inner, null, blueprint);
    return { blueprint: renderBlueprint(blueprint), changed: true, warnings: [] };
  });
}

function refuseSystemName(identifier: string): void {
  if (identifier.startsWith("_"))
    throw invalid(
      `identifier "${identifier}": names that begin with _ belong to the system's own blueprints`,
    );
}

function blueprintExists(identifier: string): AppError {
  return new AppError("conflict", `Blueprint with identifier "${identifier}" exists already`);
}

/** PUT: the document becomes `body`. Another `identifier` in it renames the blueprint. */
export function replaceBlueprint(ctx: Ctx, identifier: string, body: unknown): Promise<DefineResult> {
  if (!isObject(body)) throw invalid(`the blueprint must be an object, not ${kindOf(body)}`);
  const next = body["identifier"] === undefined ? { identifier, ...body } : body;
  return redefine(ctx, identifier, "replace", () => next);
}

/** PATCH: see `patchBlueprint` for what is merged. */
export function changeBlueprint(ctx: Ctx, identifier: string, patch: unknown): Promise<DefineResult> {
  checkJson(patch, "");
  return redefine(ctx, identifier, "change", (document) => patchBlueprint(document, patch));
}

async function redefine(
  ctx: Ctx,
  identifier: string,
  mode: "replace" | "change",
  next: (document: JsonObject) => JsonObject,
): Promise<DefineResult> {
  if (!isBlueprintIdentifier(identifier)) throw notFound("Blueprint", identifier);
  return transact(ctx, async (inner) => {
    const { db, org } = inner;
    await lockDefinitions(db, org);
    const current = await readBlueprint(db, org, identifier);
    if (current === null) throw notFound("Blueprint", identifier);
    const checked = checkNext(identifier, mode, next(current.document));
    const { warnings } = checked;
    const wanted = withScorecards(checked.wanted, current.document);
    if (JSON.stringify(current.document) === JSON.stringify(wanted.document))
      return { blueprint: renderBlueprint(current), changed: false, warnings };
    new Validator(wanted).checkDefinition();
    const renamed =
      wanted.identifier === identifier ? null : await renameInside(inner, current, wanted.identifier);
    if (renamed === null) await lockBlueprints(db, org, [identifier]);
    // What the body says of itself under the old name means the new one.
    const after = renamed === null ? wanted : planOf(renamed.apply(wanted.document));
    await checkTargets(inner, after);
    await checkCycles(inner, after);
    await applyEdits(inner, planOf(renamed?.blueprint.document ?? current.document), after);
    const blueprint = await updateBlueprint(db, org, after.identifier, {
      identifier: after.identifier,
      document: after.document,
      at: inner.now(),
      by: inner.actor.id,
    });
    await recordBlueprint(inner, current, blueprint);
    const all = [...warnings, ...(renamed?.warnings ?? [])];
    return { blueprint: renderBlueprint(blueprint), changed: true, warnings: all };
  });
}

/** Scorecards are changed at their own addresses, and stay. */
function withScorecards(wanted: BlueprintPlan, current: JsonObject): BlueprintPlan {
  const scorecards = current[SCORECARDS_KEY];
  return scorecards === undefined ? wanted : planOf({ ...wanted.document, [SCORECARDS_KEY]: scorecards });
}

/** The new document, with what is shipped with the system in it. */
function checkNext(
  identifier: string,
  mode: "replace" | "change",
  document: JsonObject,
): { wanted: BlueprintPlan; warnings: string[] } {
  if (!identifier.startsWith("_")) {
    const wanted = parseBlueprint(document);
    if (wanted.identifier !== identifier) refuseSystemName(wanted.identifier);
    return { wanted, warnings: [] };
  }
  if (document["identifier"] !== identifier)
    throw protectedBlueprint(identifier, "it cannot get another identifier");
  const { document: whole, missing } = withShipped(
    identifier === RESULTS ? withoutTargetRelations(document) : document,
  );
  if (mode === "change" && missing[0] !== undefined)
    throw protectedBlueprint(identifier, `${missing[0]} is shipped and cannot be removed`);
  return {
    wanted: parseBlueprint(whole),
    warnings: missing.map((field) => `${field} is shipped with the system and was kept`),
  };
}

/** @throws AppError when the stored entities do not allow the change */
async function applyEdits(ctx: Ctx, before: BlueprintPlan, after: BlueprintPlan): Promise<void> {
  for (const edit of entityEdits(before, after)) {
    if (edit.kind === "relation-to-single") {
      const count = await countSeveral(ctx.db, ctx.org, after.identifier, edit.relation);
      if (count > 0) throw severalValues(edit.relation, count);
    }
    await editEntities(ctx.db, ctx.org, after.identifier, edit);
  }
}

/** Targets of relations must exist; nobody can delete one while the definitions are locked. */
async function checkTargets(ctx: Ctx, plan: BlueprintPlan): Promise<void> {
  const others = [...plan.relations.values()].filter(({ target }) => target !== plan.identifier);
  const existing = await existingBlueprints(ctx.db, ctx.org, [
    ...new Set(others.map(({ target }) => target)),
  ]);
  const missing = others.find(({ target }) => !existing.has(target));
  if (missing !== undefined)
    throw new AppError(
      "not_found",
      `Blueprint with identifier "${missing.target}" was not found (relations.${missing.identifier}.target)`,
    );
}

/** A derived property must not depend on itself, over whatever other blueprints. */
async function checkCycles({ db, org }: Ctx, plan: BlueprintPlan): Promise<void> {
  const plans = (await listBlueprints(db, org)).map(({ document }) => planOf(document));
  const stored = new Map(plans.map((one) => [one.identifier, one]));
  refuseCycles(stored, new Map(stored).set(plan.identifier, plan), plan.identifier);
}

export async function getBlueprint(ctx: Ctx, identifier: string): Promise<JsonObject> {
  const blueprint = isBlueprintIdentifier(identifier)
    ? await readBlueprint(ctx.db, ctx.org, identifier)
    : null;
  if (blueprint === null) throw notFound("Blueprint", identifier);
  const rendered = renderBlueprint(blueprint);
  if (identifier !== RESULTS) return rendered;
  return withTargetRelations(rendered, await listBlueprints(ctx.db, ctx.org));
}

export async function getBlueprints(ctx: Ctx): Promise<JsonObject[]> {
  const all = await listBlueprints(ctx.db, ctx.org);
  return all.map((one) => {
    const rendered = renderBlueprint(one);
    return rendered["identifier"] === RESULTS ? withTargetRelations(rendered, all) : rendered;
  });
}

/** Results of rules point at what is asked; these relations follow the scorecards, and are not stored. */
function withTargetRelations(document: JsonObject, all: readonly Blueprint[]): JsonObject {
  const relations = targetRelations(all.map((one) => planOf(one.document)));
  return { ...document, relations: { ...objectAt(document, ["relations"]), ...relations } };
}

/** As they come back from whoever read them. */
function withoutTargetRelations(document: JsonObject): JsonObject {
  const { relations } = document;
  if (!isObject(relations)) return document;
  const own = Object.entries(relations).filter(([, relation]) => !isTargetRelation(relation));
  return { ...document, relations: Object.fromEntries(own) };
}
