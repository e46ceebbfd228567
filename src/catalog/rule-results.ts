/** Reads of `_rule_result`, whose entities are made where they are read (workflows.md §5.4, ADR 31). */
import type { Entity } from "../model/entity.ts";
import { invalid } from "../model/error.ts";
import type { Blueprints } from "../model/query-graph.ts";
import type { QueryGroup, QueryRule } from "../model/query-nodes.ts";
import { resultPath } from "../model/rule-result-event.ts";
import { narrowed, RESULTS, resultTargets, withTargets } from "../model/rule-results.ts";
import type { SortKey } from "../model/sort.ts";
import { readNumbers } from "../storage/aggregate.ts";
import type { Ctx } from "../storage/context.ts";
import { findResults, resultRows, type ResultSource } from "../storage/rule-results.ts";
import type { SortedFound, SortedPage } from "../storage/search-sorted.ts";
import { EVERY_COLUMN, type Search } from "../storage/search.ts";
import type { Sql } from "../storage/search-values.ts";
import { allBlueprints } from "./search-catalog.ts";
import { personValues } from "./search-person.ts";
import { limited, SEARCH_LIMIT_MS, walks } from "./search-plan.ts";
import { both, requireVisibleBlueprint, visibleEntities } from "./search-visible.ts";
import { seenOf } from "./seen-entities.ts";
import { seenTitles } from "./seen-titles.ts";

/** The search is about nothing else. */
export const isOfResults = ({ scope: { within } }: Pick<Search, "scope">): boolean =>
  within.size === 1 && within.has(RESULTS);

/** A page of results; `_rule_result` has its relations to what is asked. @throws AppError `search_timeout` */
export async function resultPage(
  ctx: Ctx,
  given: Search,
  keys: readonly SortKey[],
  page: SortedPage,
  limitMs = SEARCH_LIMIT_MS,
): Promise<SortedFound> {
  const search = { ...given, scope: { ...given.scope, blueprints: withTargets(given.scope.blueprints) } };
  refuseWalks(search.query);
  const sources = await sourcesOf(ctx, search.scope.blueprints, search.query);
  const isDated = asksForTime(search.query) || keys.some(({ property }) => isTime(property));
  const titles = await seenTitles(ctx, keys);
  const { found, isCut } = await limited(
    ctx,
    (db) => findResults(db, search, sources, keys, page, isDated, titles),
    limitMs,
  );
  return { found: found.map(({ entity, place }) => ({ entity: linked(entity), place })), isCut };
}

/** What aggregates read instead of stored entities. */
export async function resultTable(ctx: Ctx, query: QueryGroup, blueprints: Blueprints): Promise<Sql> {
  refuseWalks(query);
  return resultRows(ctx.org, await sourcesOf(ctx, blueprints, query), asksForTime(query));
}

/** A search of results that fulfil the rules, as whoever asks may read them. @throws AppError `forbidden` */
export async function resultSearch(ctx: Ctx, rules: readonly QueryRule[]): Promise<Search> {
  const asked: QueryGroup = { kind: "group", combinator: "and", rules };
  const visible = await requireVisibleBlueprint(ctx, RESULTS);
  const query = visible === "all" ? asked : both(asked, visible);
  return {
    query,
    scope: {
      ...{ org: ctx.org, now: ctx.now(), within: new Set([RESULTS]) },
      blueprints: withTargets(await allBlueprints(ctx)),
      ...(await personValues(ctx, [query])),
    },
    ...{ everywhere: false, indexes: { has: () => false }, columns: EVERY_COLUMN },
  };
}

export async function countResults(ctx: Ctx): Promise<number> {
  const { query, scope } = await resultSearch(ctx, []);
  const table = await resultTable(ctx, query, scope.blueprints);
  const { count } = await limited(ctx, (db) =>
    readNumbers(
      db,
      { query, scope, table, everywhere: false, indexes: { has: () => false } },
      { kind: "count" },
    ),
  );
  return count;
}

async function sourcesOf(ctx: Ctx, blueprints: Blueprints, query: QueryGroup): Promise<ResultSource[]> {
  const targets = narrowed(query, resultTargets(blueprints.values()));
  const visible = await visibleEntities(
    ctx,
    targets.map(({ blueprint }) => blueprint),
  );
  const sources: ResultSource[] = [];
  for (const target of targets) {
    const what = visible.get(target.blueprint) ?? "all";
    if (what === "none") continue;
    sources.push({
      ...target,
      seen: what === "all" ? null : await seenOf(ctx, target.blueprint, what, blueprints),
    });
  }
  return sources;
}

function refuseWalks(query: QueryGroup): void {
  if (query.rules.some(walks))
    throw invalid(
      `blueprint "${RESULTS}" can be asked by its own properties and relations; relatedTo and paths do not reach it`,
    );
}

const isTime = (property: unknown): boolean => property === "result_last_change" || property === "$updatedAt";

function asksForTime(node: QueryGroup | QueryRule): boolean {
  if (node.kind === "group") return node.rules.some(asksForTime);
  return node.kind === "schema" || (node.kind === "rule" && isTime(node.property));
}

/** With the address of the page of what was asked. */
function linked(entity: Entity): Entity {
  const { properties, derived = {} } = entity;
  const link = resultPath(String(derived["blueprint"]), String(properties["entity"]));
  return { ...entity, properties: { ...properties, entity_link: link } };
}
