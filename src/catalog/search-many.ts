/** Many small searches at once: identifiers, relations and teams that writes give as queries (data-model.md §4.3). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { hasMirrors } from "../model/derive-types.ts";
import { AppError } from "../model/error.ts";
import type { QueryGroup } from "../model/query-nodes.ts";
import type { Ctx } from "../storage/context.ts";
import { findMatches } from "../storage/search-many.ts";
import { getDefinition } from "./definitions.ts";
import { personValues } from "./search-person.ts";
import { allBlueprints } from "./search-catalog.ts";
import { walks } from "./search-plan.ts";
import { both, visibleEntities } from "./search-visible.ts";

export interface Lookup {
  readonly blueprint: string;
  readonly query: QueryGroup;
  /** At most so many identifiers. */
  readonly limit: number;
}

const NOTHING: QueryGroup = {
  kind: "group",
  combinator: "and",
  rules: [{ kind: "rule", property: "$identifier", condition: { op: "in", values: [] }, negated: false }],
};

/**
 * For each query the identifiers that match, oldest first, of what may be read; none in a blueprint that does not exist. Queries that are
 * equal are asked once, and those that ask one property for one text go together in one statement for each blueprint
 * and property; the others by the hundred.
 */
export async function findMany(ctx: Ctx, lookups: readonly Lookup[]): Promise<string[][]> {
  if (lookups.length === 0) return [];
  const visible = await visibleEntities(ctx, [...new Set(lookups.map((lookup) => lookup.blueprint))]);
  const readable = lookups.map((lookup) => {
    const what = visible.get(lookup.blueprint) ?? "all";
    return what === "all"
      ? lookup
      : { ...lookup, query: what === "none" ? NOTHING : both(lookup.query, what) };
  });
  const queries = readable.map((lookup) => lookup.query);
  const asked = await definitionsOf(ctx, new Set(lookups.map((lookup) => lookup.blueprint)));
  const blueprints =
    queries.some(walks) || [...asked.values()].some(hasMirrors) ? await allBlueprints(ctx) : asked;
  const person = await personValues(ctx, queries);
  return findMatches(ctx.db, { org: ctx.org, now: ctx.now(), blueprints, ...person }, readable);
}

async function definitionsOf(
  ctx: Ctx,
  identifiers: ReadonlySet<string>,
): Promise<Map<string, BlueprintPlan>> {
  const plans = new Map<string, BlueprintPlan>();
  for (const identifier of identifiers)
    try {
      plans.set(identifier, (await getDefinition(ctx, identifier)).plan);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "not_found") throw error;
    }
  return plans;
}
