/** Entities that were created: their own values came with them, computed from what their writers saw. */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, own } from "../model/entity.ts";
import { isObject, isStringArray, type JsonObject, sameJson } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import type { FeedRow } from "../storage/feed.ts";
import type { Derivations } from "./derivations.ts";
import { ownMirrors } from "./own-mirrors.ts";

/** Of entities whose times no mirror shows. */
const NO_TIME = new Date(0);

/** So many are compared without giving others their turn. */
const AT_ONCE = 1000;

/**
 * @param rows creations of entities of the blueprint
 * @returns identifiers of those whose mirrors or inherited owners are others by now; only these have to be computed again
 */
export async function outdatedCreations(
  ctx: Ctx,
  { blueprints, own: ownOf }: Derivations,
  blueprint: string,
  rows: readonly FeedRow[],
): Promise<string[]> {
  const plan = blueprints.get(blueprint);
  const definitions = ownOf.get(blueprint);
  if (plan === undefined || definitions === undefined) return [];
  const { mirrors, owners } = definitions;
  if (mirrors.length === 0 && owners === null) return [];
  const isTimed = mirrors.some(({ leaf }) => leaf.kind === "meta");
  const documents = rows.flatMap(({ after }) => (isObject(after) ? [after] : []));
  const outdated: string[] = [];
  for (let from = 0; from < documents.length; from += AT_ONCE) {
    const entities = documents
      .slice(from, from + AT_ONCE)
      .map((document) => entityOf(plan, document, isTimed));
    const shown = await ownMirrors(ctx.db, ctx.org, entities, definitions);
    entities.forEach((entity, i) => {
      const written = entity.derived ?? {};
      const now = shown[i]?.mirrors ?? {};
      const isSame = mirrors.every(({ id }) => sameJson(own(written, id) ?? null, own(now, id) ?? null));
      if (!isSame || !sameJson(entity.team, shown[i]?.team)) outdated.push(entity.identifier);
    });
  }
  return outdated;
}

/** As far as mirrors need it. What is derived stands among the properties: nothing but the comparison reads it. */
function entityOf(plan: BlueprintPlan, document: JsonObject, isTimed: boolean): Entity {
  const objectOf = (key: string): JsonObject => {
    const value = document[key];
    return isObject(value) ? value : {};
  };
  const text = (key: string): string | null => (typeof document[key] === "string" ? document[key] : null);
  const time = (key: string): Date => (isTimed ? new Date(text(key) ?? 0) : NO_TIME);
  const properties = objectOf("properties");
  const team = document["team"];
  const relations: Record<string, string | readonly string[]> = {};
  for (const [id, value] of Object.entries(objectOf("relations")))
    if (typeof value === "string" || isStringArray(value)) relations[id] = value;
  return {
    ...{ blueprint: plan.identifier, identifier: text("identifier") ?? "" },
    ...{ title: text("title"), icon: text("icon"), team: isStringArray(team) ? team : [] },
    ...{ properties, derived: properties, relations },
    ...{ datasource: null, createdBy: text("createdBy") ?? "", updatedBy: text("updatedBy") ?? "" },
    ...{ createdAt: time("createdAt"), updatedAt: time("updatedAt"), changedAt: time("updatedAt") },
  };
}
