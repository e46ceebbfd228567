/**
 * Renames of blueprints, properties, mirrors and relations: values stay, and what names them in other documents follows,
 * all in one transaction (data-model.md §3.7, decision 13).
 */
import { type Blueprint, planOf, renderBlueprint } from "../model/blueprint.ts";
import { refuseCycles } from "../model/derive-plan.ts";
import { AppError, notFound } from "../model/error.ts";
import { checkPropertyIdentifier, isBlueprintIdentifier } from "../model/identifier.ts";
import type { JsonObject } from "../model/json.ts";
import {
  calculationsThatMention,
  type Documents,
  namesBlueprints,
  type Rename,
  renameInBlueprint,
  renameInBlueprints,
} from "../model/rename.ts";
import { refuseShippedRename } from "../model/system-blueprints.ts";
import {
  renameBlueprintValues,
  renameDerivedValues,
  renamePropertyValues,
  renameRelationValues,
} from "../storage/blueprint-edits.ts";
import { listBlueprints, lockBlueprints, lockDefinitions, updateBlueprint } from "../storage/blueprints.ts";
import type { Ctx } from "../storage/context.ts";
import { renameBlueprintInAnnotations } from "../storage/dora-annotations.ts";
import { renameNumberProperty } from "../storage/number-history.ts";
import { transact } from "../storage/transact.ts";
import { followRename } from "./follow-rename.ts";
import { recordBlueprint } from "./record-blueprint.ts";
import { followScorecards } from "./scorecard-rows.ts";

interface Renamed {
  /** The blueprint under its new name. */
  readonly blueprint: Blueprint;
  readonly warnings: readonly string[];
  /** The rename applied to another document of the same blueprint. */
  readonly apply: (document: JsonObject) => JsonObject;
}

/**
 * Gives the blueprint another identifier. Inside a transaction that has locked the definitions; the caller records the
 * change of the blueprint itself.
 * @throws AppError `conflict` when the identifier is taken
 */
export async function renameInside(ctx: Ctx, current: Blueprint, to: string): Promise<Renamed> {
  const { db, org } = ctx;
  const from = String(current.document["identifier"]);
  const all = await listBlueprints(db, org);
  const documents = byIdentifier(all);
  if (documents.has(to)) throw new AppError("conflict", `Blueprint with identifier "${to}" exists already`);
  const rename: Rename = { kind: "blueprint", from, to };
  const changed = renameInBlueprints(documents, rename);
  const holders = all
    .flatMap(({ document }) => propertiesThatName(document))
    .filter((holder) => !isOfScorecards(holder));
  await lockBlueprints(db, org, [
    ...new Set([...changed.keys(), ...holders.map((holder) => holder.blueprint)]),
  ]);
  const before = new Map(all.map((blueprint) => [String(blueprint.document["identifier"]), blueprint]));
  const own = await write(ctx, from, changed.get(from) ?? current.document);
  for (const [identifier, document] of changed) {
    if (identifier === from) continue;
    await recordBlueprint(ctx, before.get(identifier) ?? null, await write(ctx, identifier, document));
  }
  for (const { blueprint, property } of holders)
    await renameBlueprintValues(
      db,
      org,
      { blueprint: blueprint === from ? to : blueprint, property },
      from,
      to,
    );
  await followInScorecards(ctx, documents, new Map([...changed, [from, own.document]]));
  await renameBlueprintInAnnotations(db, org, from, to);
  return {
    blueprint: own,
    warnings: [...mentions(documents, rename), ...(await followRename(ctx, rename, documents))],
    apply: (document) => renameInBlueprint(document, rename, documents),
  };
}

export type Member = "property" | "mirror" | "relation";

const MEMBERS = {
  property: { word: "Property", map: "properties" },
  mirror: { word: "Mirror property", map: "mirror" },
  relation: { word: "Relation", map: "relations" },
} as const;

export interface RenameResult {
  readonly blueprint: JsonObject;
  readonly changed: boolean;
  readonly warnings: readonly string[];
}

/**
 * @throws AppError `not_found`, `conflict` when the new name is taken, `forbidden` for what the system ships,
 * `invalid_request` when a derived property would depend on itself
 */
export function renameMember(
  ctx: Ctx,
  blueprint: string,
  member: Member,
  names: { readonly from: string; readonly to: string; readonly field: string },
): Promise<RenameResult> {
  const { from, to, field } = names;
  const { word, map } = MEMBERS[member];
  checkPropertyIdentifier(to, field);
  if (!isBlueprintIdentifier(blueprint)) throw notFound("Blueprint", blueprint);
  return transact(ctx, async (inner) => {
    const { db, org } = inner;
    await lockDefinitions(db, org);
    const all = await listBlueprints(db, org);
    const before = new Map(all.map((one) => [String(one.document["identifier"]), one]));
    const current = before.get(blueprint);
    if (current === undefined) throw notFound("Blueprint", blueprint);
    const plan = planOf(current.document);
    const exists = {
      property: plan.properties.has(from),
      mirror: plan.derived.get(from) === "mirror",
      relation: plan.relations.has(from),
    }[member];
    if (!exists) throw notFound(`${word} of blueprint "${blueprint}"`, from);
    if (from === to) return { blueprint: renderBlueprint(current), changed: false, warnings: [] };
    refuseShippedRename(blueprint, map, from);
    const taken =
      member === "relation" ? plan.relations.has(to) : plan.properties.has(to) || plan.derived.has(to);
    if (taken) throw new AppError("conflict", `${field}: blueprint "${blueprint}" has "${to}" already`);
    const kind = member === "relation" ? "relation" : "property";
    const rename: Rename = { kind, blueprint, from, to };
    const documents = byIdentifier(all);
    const changed = renameInBlueprints(documents, rename);
    refuseClosedCycles(documents, changed, blueprint);
    await lockBlueprints(db, org, [...changed.keys()]);
    if (member === "property") await renamePropertyValues(db, org, blueprint, from, to);
    if (member !== "relation") await renameNumberProperty(db, org, blueprint, from, to);
    if (member === "mirror") await renameDerivedValues(db, org, blueprint, from, to);
    if (member === "relation") await renameRelationValues(db, org, blueprint, from, to);
    let own = current;
    for (const [identifier, document] of changed) {
      const written = await write(inner, identifier, document);
      if (identifier === blueprint) own = written;
      await recordBlueprint(inner, before.get(identifier) ?? null, written);
    }
    await followInScorecards(inner, documents, changed);
    const warnings = [...mentions(documents, rename), ...(await followRename(inner, rename, documents))];
    return { blueprint: renderBlueprint(own), changed: true, warnings };
  });
}

/**
 * What could not be followed before may lead somewhere under the new name: paths of mirrors, programs, whose text is not
 * edited.
 * @throws AppError `invalid_request` when a derived property would depend on itself
 */
function refuseClosedCycles(
  documents: Documents,
  changed: ReadonlyMap<string, JsonObject>,
  blueprint: string,
): void {
  const before = new Map([...documents].map(([id, document]) => [id, planOf(document)]));
  const after = new Map([...changed].map(([id, document]) => [id, planOf(document)]));
  refuseCycles(before, new Map([...before, ...after]), blueprint);
}

/** Written with the scorecards, so that what mirrors it hears of it. */
function isOfScorecards({ blueprint, property }: { blueprint: string; property: string }): boolean {
  return blueprint === "_scorecard" && property === "blueprint";
}

/** @param after documents that changed, by the identifiers that they had */
async function followInScorecards(
  ctx: Ctx,
  before: Documents,
  after: ReadonlyMap<string, JsonObject>,
): Promise<void> {
  for (const [identifier, document] of after)
    await followScorecards(ctx, before.get(identifier) ?? {}, document);
}

function byIdentifier(blueprints: readonly Blueprint[]): Documents {
  return new Map(blueprints.map(({ document }) => [String(document["identifier"]), document]));
}

function write(ctx: Ctx, identifier: string, document: JsonObject): Promise<Blueprint> {
  return updateBlueprint(ctx.db, ctx.org, identifier, {
    identifier: String(document["identifier"]),
    document,
    at: ctx.now(),
    by: ctx.actor.id,
  });
}

/** Properties whose values are identifiers of blueprints. */
function propertiesThatName(document: JsonObject): { blueprint: string; property: string }[] {
  const { identifier, properties } = planOf(document);
  return [...properties.values()]
    .filter(({ definition }) => namesBlueprints(definition))
    .map((property) => ({ blueprint: identifier, property: property.identifier }));
}

function mentions(documents: Documents, rename: Rename): string[] {
  const { from, to } = rename;
  return calculationsThatMention(documents, rename).map(
    (place) => `${place} mentions "${from}" in its jq text, which was not edited; the new name is "${to}"`,
  );
}
