/** Entities that were created: their own values came with them, computed from what their writers saw. */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, own } from "../model/entity.ts";
import { isObject, isStringArray, type JsonObject, sameJson } from "../model/json.ts";
import type { Ctx } from "../storage/context.ts";
import type { FeedRow } from "../storage/feed.ts";
import type { Derivations } from "./derivations.ts";
import { ownMirrors } from "./own-mirrors.ts";

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
  const documents = rows.flatMap(({ after }) => (isObject(after) ? [after] : []));
  const outdated: string[] = [];
  for (let from = 0; from < documents.length; from += AT_ONCE) {
    const entities = documents.slice(from, from + AT_ONCE).map((document) => entityOf(plan, document));
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

function entityOf(plan: BlueprintPlan, document: JsonObject): Entity {
  const objectOf = (key: string): JsonObject => {
    const value = document[key];
    return isObject(value) ? value : {};
  };
  const text = (key: string): string | null => (typeof document[key] === "string" ? document[key] : null);
  const time = (key: string): Date => new Date(text(key) ?? 0);
  const given = Object.entries(objectOf("properties")).filter(([, value]) => value !== null);
  const team = document["team"];
  return {
    ...{ blueprint: plan.identifier, identifier: text("identifier") ?? "" },
    ...{ title: text("title"), icon: text("icon"), team: isStringArray(team) ? team : [] },
    properties: Object.fromEntries(given.filter(([id]) => !plan.derived.has(id))),
    derived: Object.fromEntries(given.filter(([id]) => plan.derived.has(id))),
    relations: Object.fromEntries(
      Object.entries(objectOf("relations")).flatMap(([id, value]) =>
        typeof value === "string" || isStringArray(value) ? [[id, value]] : [],
      ),
    ),
    ...{ datasource: null, createdBy: text("createdBy") ?? "", updatedBy: text("updatedBy") ?? "" },
    ...{ createdAt: time("createdAt"), updatedAt: time("updatedAt"), changedAt: time("updatedAt") },
  };
}
