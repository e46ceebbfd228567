/** Entities of all blueprints by what is typed of their names, for people who look for one (docs/api-notes.md). */
import { AppError } from "../model/error.ts";
import { parseQuery } from "../model/query.ts";
import type { Ctx } from "../storage/context.ts";
import { type FindStatements, findStatement, type FoundName } from "../storage/find-entities.ts";
import { allBlueprints } from "./search-catalog.ts";
import { personValues } from "./search-person.ts";
import { indexesOf, limited, noteSlow } from "./search-plan.ts";
import { onlyVisible, visibleEntities } from "./search-visible.ts";

export interface FoundEntity extends FoundName {
  readonly blueprintTitle: string;
  readonly icon: string | null;
}

export interface Found {
  readonly entities: readonly FoundEntity[];
  /** False: only names that begin with the text were looked for, until there is an index of the others. */
  readonly isComplete: boolean;
}

/** Nobody waits longer while typing. */
const LIMIT_MS = 3000;
/** Names that took too long to look at are not looked at again for so long: an index is made meanwhile. */
const SPARED_MS = 60_000;
/** By organisation: until when. */
const spared = new Map<string, number>();
const PER_BLUEPRINT = 6;
/** More words than that are no name. */
const MAX_WORDS = 8;

/** What Fairway keeps for itself has screens of its own; people and teams are looked for. */
const isLookedFor = (blueprint: string): boolean =>
  !blueprint.startsWith("_") || blueprint === "_user" || blueprint === "_team";

/**
 * Those whose title or identifier holds every word of the text, equal and beginning ones first; of what may be read. Where
 * there are too many names to look at each and no index of them yet, those whose identifier begins with the text.
 */
export async function findEntities(ctx: Ctx, text: string, limit: number): Promise<Found> {
  const wanted = text.trim();
  const words = wanted.split(/\s+/).slice(0, MAX_WORDS);
  if (wanted === "" || wanted.includes("\u0000")) return NOTHING;
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
  if (within.length === 0) return NOTHING;
  const person = await personValues(ctx, [query]);
  const statements = findStatement({
    query,
    scope: { org: ctx.org, now: ctx.now(), blueprints, within: new Set(within), ...person },
    indexes: await indexesOf(ctx),
    text: wanted,
    limit,
    perBlueprint: PER_BLUEPRINT,
  });
  const { names, isComplete } = await run(ctx, statements);
  const entities = names.map((one) => {
    const plan = blueprints.get(one.blueprint);
    const icon = plan?.document["icon"];
    return {
      ...one,
      blueprintTitle: plan?.title ?? one.blueprint,
      icon: typeof icon === "string" ? icon : null,
    };
  });
  return { entities, isComplete };
}

const NOTHING: Found = { entities: [], isComplete: true };

async function run(
  ctx: Ctx,
  { wishes, isIndexed, run: runAll, runBeginning }: FindStatements,
): Promise<{ names: readonly FoundName[]; isComplete: boolean }> {
  const now = ctx.now().getTime();
  if (isIndexed || (spared.get(ctx.org) ?? 0) <= now)
    try {
      return {
        names: await limited(ctx, (db) => noteSlow(ctx, wishes, () => runAll(db)), LIMIT_MS),
        isComplete: true,
      };
    } catch (error) {
      // With an index it is no lack of one.
      if (!(error instanceof AppError) || error.code !== "search_timeout" || isIndexed) throw error;
      spared.set(ctx.org, now + SPARED_MS);
    }
  return { names: await limited(ctx, runBeginning, LIMIT_MS), isComplete: false };
}
