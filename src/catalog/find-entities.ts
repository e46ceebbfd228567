/** Entities of all blueprints by what is typed of their names, for people who look for one (docs/api-notes.md). */
import { parseQuery } from "../model/query.ts";
import type { Ctx } from "../storage/context.ts";
import { findStatement, type FoundName } from "../storage/find-entities.ts";
import { allBlueprints } from "./search-catalog.ts";
import { personValues } from "./search-person.ts";
import { indexesOf, limited, noteSlow } from "./search-plan.ts";
import { onlyVisible, visibleEntities } from "./search-visible.ts";

export interface FoundEntity extends FoundName {
  readonly blueprintTitle: string;
  readonly icon: string | null;
}

/** Nobody waits longer while typing. */
const LIMIT_MS = 3000;
const PER_BLUEPRINT = 6;
/** More words than that are no name. */
const MAX_WORDS = 8;

/** What Fairway keeps for itself has screens of its own; people and teams are looked for. */
const isLookedFor = (blueprint: string): boolean =>
  !blueprint.startsWith("_") || blueprint === "_user" || blueprint === "_team";

/**
 * Those whose title or identifier holds every word of the text, equal and beginning ones first; of what may be read.
 * @throws AppError `search_timeout`
 */
export async function findEntities(ctx: Ctx, text: string, limit: number): Promise<FoundEntity[]> {
  const wanted = text.trim();
  const words = wanted.split(/\s+/).slice(0, MAX_WORDS);
  if (wanted === "" || wanted.includes("\u0000")) return [];
  const given = parseQuery(
    {
      combinator: "and",
      rules: words.map((value) => ({
        combinator: "or",
        rules: ["$title", "$identifier"].map((property) => ({ property, operator: "contains", value })),
      })),
    },
    "text",
  );
  const blueprints = await allBlueprints(ctx);
  const candidates = [...blueprints.keys()].filter(isLookedFor);
  const { query, within } = onlyVisible(given, await visibleEntities(ctx, candidates));
  if (within.length === 0) return [];
  const person = await personValues(ctx, [query]);
  const { wishes, run } = findStatement({
    query,
    scope: { org: ctx.org, now: ctx.now(), blueprints, within: new Set(within), ...person },
    indexes: await indexesOf(ctx),
    text: wanted,
    limit,
    perBlueprint: PER_BLUEPRINT,
  });
  const found = await limited(ctx, (db) => noteSlow(ctx, wishes, () => run(db)), LIMIT_MS);
  return found.map((one) => {
    const plan = blueprints.get(one.blueprint);
    const icon = plan?.document["icon"];
    return {
      ...one,
      blueprintTitle: plan?.title ?? one.blueprint,
      icon: typeof icon === "string" ? icon : null,
    };
  });
}
