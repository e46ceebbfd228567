/** Search over one blueprint in pages, or over all of them (data-model.md §5.1). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, renderEntity } from "../model/entity.ts";
import { AppError } from "../model/error.ts";
import { type Projection, project, toPath } from "../model/projection.ts";
import { parseQuery } from "../model/query.ts";
import type { QueryGroup } from "../model/query-nodes.ts";
import { RESULTS, withTargets } from "../model/rule-results.ts";
import { parseSort, type SortKey } from "../model/sort.ts";
import type { Ctx } from "../storage/context.ts";
import { runSorted, type SortedFound, type SortedPage, sortedStatement } from "../storage/search-sorted.ts";
import { type Columns, type Found, type FoundPage, type Place, type Search } from "../storage/search.ts";
import { getDefinition } from "./definitions.ts";
import { allBlueprints } from "./search-catalog.ts";
import { decodeCursor, decodeSortedCursor, encodeCursor, encodeSortedCursor } from "./search-cursor.ts";
import { type PersonValues, personValues } from "./search-person.ts";
import { definitionsFor, indexesOf, limited, noteSlow, SEARCH_LIMIT_MS } from "./search-plan.ts";
import { isOfResults, resultPage } from "./rule-results.ts";
import { runPage } from "./run-page.ts";
import type { ReadOptions } from "./read-entities.ts";
import { renderFound } from "./search-render.ts";
import { blueprintsAsked } from "./search-scope.ts";
import { seenTitles } from "./seen-titles.ts";
import { onlyVisible, visibleEntities } from "./search-visible.ts";

export interface PageRequest {
  readonly query: unknown;
  readonly limit: number;
  /** Cursor: `next` of the page before. */
  readonly from: string | null;
  /** Property and relation identifiers, `$` metas; null: everything. */
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[];
  /** As asked for; null: by age. */
  readonly sort?: unknown;
}

/**
 * A page of one blueprint's entities; `next` is null on the last.
 * @throws AppError `not_found`, `forbidden`, `invalid_request`, `search_timeout`
 */
export async function searchInBlueprint(
  ctx: Ctx,
  blueprint: string,
  request: PageRequest,
): Promise<{ entities: Record<string, unknown>[]; next: string | null }> {
  const { plan: stored } = await getDefinition(ctx, blueprint);
  const { query, within } = onlyVisible(
    parseQuery(request.query, "query"),
    await visibleEntities(ctx, [blueprint]),
  );
  if (within.length === 0)
    throw new AppError("forbidden", `entities of blueprint "${blueprint}" may not be read by you`);
  const blueprints = withTargets(await definitionsFor(ctx, stored, [query]));
  const plan = blueprints.get(blueprint) ?? stored;
  const keys =
    request.sort === undefined || request.sort === null ? [] : parseSort(request.sort, plan, blueprints);
  const shape = shapeOf(plan, request);
  const person = await personValues(ctx, [query]);
  const search: Search = {
    query,
    scope: {
      org: ctx.org,
      now: ctx.now(),
      blueprints,
      within: new Set([blueprint]),
      ...person,
    },
    everywhere: false,
    indexes: await indexesOf(ctx),
    columns: columnsOf(shape),
  };
  const { found, isCut, next } = await pageOf(ctx, search, keys, request, blueprint);
  const page = found.slice(0, request.limit);
  const isLast = found.length <= request.limit && !isCut;
  return {
    entities: page.map((entity) => project(renderEntity(plan, entity), shape)),
    next: isLast || page.length === 0 ? null : next(page.length - 1),
  };
}

interface ReadPage {
  readonly found: readonly Entity[];
  readonly isCut: boolean;
  /** Cursor behind the entity at this index. */
  readonly next: (index: number) => string;
}

/** A page and one entity more, by age or in the order that was asked for. */
async function pageOf(
  ctx: Ctx,
  search: Search,
  keys: readonly SortKey[],
  { limit, from }: PageRequest,
  blueprint: string,
): Promise<ReadPage> {
  if (keys.length === 0) {
    const after = from === null ? null : decodeCursor(from, blueprint);
    const { found, isCut } = await runPage(ctx, search, { limit: limit + 1, after });
    return {
      found: found.map(({ entity }) => entity),
      isCut,
      next: (index) => encodeCursor((found[index] as Found).place),
    };
  }
  const after = from === null ? null : decodeSortedCursor(from, blueprint, keys);
  const { found, isCut } = await runSortedPage(ctx, search, keys, { limit: limit + 1, after });
  return {
    found: found.map(({ entity }) => entity),
    isCut,
    next: (index) => encodeSortedCursor((found[index] as SortedFound["found"][number]).place, keys),
  };
}

async function runSortedPage(
  ctx: Ctx,
  search: Search,
  keys: readonly SortKey[],
  page: SortedPage,
): Promise<SortedFound> {
  if (isOfResults(search)) return resultPage(ctx, search, keys, page);
  const statement = sortedStatement(search, keys, page, await seenTitles(ctx, keys));
  return limited(ctx, (db) => noteSlow(ctx, statement.wishes, () => runSorted(db, statement)));
}

/** The blueprint route names properties and relations directly. */
function shapeOf(plan: BlueprintPlan, { include, exclude }: PageRequest): Projection {
  const isRelation = (id: string): boolean => !plan.properties.has(id) && plan.relations.has(id);
  const path = (name: string): string => toPath(name, isRelation);
  return { include: include?.map(path) ?? null, exclude: exclude.map(path) };
}

/** Reading what is not answered costs more than anything else in an answer of identifiers. */
function columnsOf({ include, exclude }: Projection): Columns {
  const isAsked = (key: string): boolean =>
    !exclude.includes(key) &&
    (include === null || include.some((path) => path === key || path.startsWith(`${key}.`)));
  // Levels are beside the derived properties.
  return { properties: isAsked("properties") || isAsked("scorecards"), relations: isAsked("relations") };
}

export interface EverywhereRequest extends ReadOptions {
  readonly shape: Projection;
  /** Blueprints whose search fails are named, and the others answered. */
  readonly allowPartial: boolean;
  /** Of each statement. */
  readonly limitMs?: number;
}

/** An answer that is read while it is sent. */
export interface EverywhereAnswer {
  readonly pages: AsyncGenerator<Record<string, unknown>[]>;
  /** Complete once the pages are. */
  readonly matchingBlueprints: ReadonlySet<string>;
  readonly failedBlueprints: ReadonlySet<string>;
}

/** Blueprint by blueprint a search may take so many times the limit of a statement. */
const PARTIAL_LIMITS = 4;

/** What one statement may answer. Few enough to hold little, more than most searches find. */
const PAGE = 1000;

/**
 * Entities of every blueprint that match, blueprint by blueprint, oldest first. One statement finds the first page; when
 * there is more, it is read on in pages. Refusals come before the first page.
 */
export async function searchEverywhere(
  ctx: Ctx,
  body: unknown,
  request: EverywhereRequest,
): Promise<EverywhereAnswer> {
  const given = parseQuery(body, "query");
  const asked = blueprintsAsked(given);
  const blueprints = definitionsAsked(await allBlueprints(ctx), asked);
  const candidates = [...blueprints.keys()].filter((id) => asked === null || asked.has(id));
  const { query, within } = onlyVisible(given, await visibleEntities(ctx, candidates));
  const base = {
    query,
    blueprints,
    columns: columnsOf(request.shape),
    person: await personValues(ctx, [query]),
    limitMs: request.limitMs ?? SEARCH_LIMIT_MS,
  };
  const failedBlueprints = new Set<string>();
  const first = await firstPage(ctx, base, within, request.allowPartial);
  const matchingBlueprints = new Set<string>();
  const render = async (found: readonly Found[]): Promise<Record<string, unknown>[]> => {
    const entities: Entity[] = found.map(({ entity }) => entity);
    for (const { blueprint } of entities) matchingBlueprints.add(blueprint);
    const rendered = await renderFound(ctx, blueprints, entities, request);
    return rendered.map((entity) => project(entity, request.shape));
  };
  const pages = async function* (): AsyncGenerator<Record<string, unknown>[]> {
    const found = first?.found.slice(0, PAGE) ?? [];
    if (found.length > 0) yield await render(found);
    if (first !== null && first.found.length <= PAGE && !first.isCut) return;
    const last = found.at(-1)?.place ?? null;
    const rest = last === null ? within : within.slice(within.indexOf(last.blueprint));
    const end = first === null ? performance.now() + PARTIAL_LIMITS * base.limitMs : Infinity;
    for (const blueprint of rest) {
      if (performance.now() > end) {
        failedBlueprints.add(blueprint);
        continue;
      }
      for await (const page of pagesOf(ctx, base, blueprint, blueprint === last?.blueprint ? last : null)) {
        if (page === "failed") {
          if (!request.allowPartial) throw tooSlow(blueprint);
          failedBlueprints.add(blueprint);
        } else yield await render(page);
      }
    }
  };
  return { pages: pages(), matchingBlueprints, failedBlueprints };
}

/** Results of rules are answered where nothing else is asked for. */
function definitionsAsked(
  all: ReadonlyMap<string, BlueprintPlan>,
  asked: ReadonlySet<string> | null,
): ReadonlyMap<string, BlueprintPlan> {
  if (asked?.size === 1 && asked.has(RESULTS)) return withTargets(all);
  return new Map([...all].filter(([id]) => id !== RESULTS));
}

interface Everywhere {
  readonly query: QueryGroup;
  readonly blueprints: ReadonlyMap<string, BlueprintPlan>;
  readonly columns: Columns;
  readonly person: PersonValues;
  readonly limitMs: number;
}

async function searchOf(ctx: Ctx, base: Everywhere, within: readonly string[]): Promise<Search> {
  const { query, blueprints, columns, person } = base;
  return {
    query,
    scope: { org: ctx.org, now: ctx.now(), blueprints, within: new Set(within), ...person },
    everywhere: within.length === blueprints.size,
    indexes: await indexesOf(ctx),
    columns,
  };
}

/** null: it took too long, and blueprint by blueprint some may not. */
async function firstPage(
  ctx: Ctx,
  base: Everywhere,
  within: readonly string[],
  allowPartial: boolean,
): Promise<FoundPage | null> {
  if (within.length === 0) return { found: [], isCut: false };
  try {
    return await runPage(
      ctx,
      await searchOf(ctx, base, within),
      { limit: PAGE + 1, after: null },
      base.limitMs,
    );
  } catch (error) {
    if (allowPartial && isTooSlow(error)) return null;
    throw error;
  }
}

async function* pagesOf(
  ctx: Ctx,
  base: Everywhere,
  blueprint: string,
  start: Place | null,
): AsyncGenerator<readonly Found[] | "failed"> {
  const search = await searchOf(ctx, base, [blueprint]);
  let after = start;
  for (;;) {
    let page: FoundPage;
    try {
      page = await runPage(ctx, search, { limit: PAGE, after }, base.limitMs);
    } catch (error) {
      if (!isTooSlow(error)) throw error;
      yield "failed";
      return;
    }
    if (page.found.length > 0) yield page.found;
    after = page.found.at(-1)?.place ?? null;
    if (page.found.length < PAGE && !page.isCut) return;
  }
}

function isTooSlow(error: unknown): boolean {
  return error instanceof AppError && error.code === "search_timeout";
}

function tooSlow(blueprint: string): AppError {
  return new AppError(
    "search_timeout",
    `the search in blueprint "${blueprint}" took too long and was stopped`,
  );
}
