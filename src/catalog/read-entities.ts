/** Reads of single entities and of all entities of a blueprint (data-model.md §4.7). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { type Entity, type EntityJson, renderEntity } from "../model/entity.ts";
import { notFound } from "../model/error.ts";
import { isEntityIdentifier } from "../model/identifier.ts";
import { RESULTS } from "../model/rule-results.ts";
import type { Ctx } from "../storage/context.ts";
import { countEntities, readEntities } from "../storage/entities.ts";
import { type ExactPlace, pageOfEntities } from "../storage/entity-pages.ts";
import type { SortedPlace } from "../storage/search-sorted.ts";
import { countFound } from "../storage/search-count.ts";
import { attachTitles } from "./attach-titles.ts";
import { getDefinition } from "./definitions.ts";
import { readableKeys, requireReadable } from "./readable-keys.ts";
import { personValues } from "./search-person.ts";
import { definitionsFor, limited } from "./search-plan.ts";
import { countResults, resultPage, resultSearch } from "./rule-results.ts";
import { requireVisibleBlueprint } from "./search-visible.ts";

export interface ReadOptions {
  /** Related entities as `{identifier, title}`. */
  readonly attachTitles: boolean;
  /** Leave out mirror, calculation and aggregation properties. */
  readonly excludeDerived: boolean;
}

const PLAIN: ReadOptions = { attachTitles: false, excludeDerived: false };
/** Enough for one round trip to weigh little, few enough to hold little. */
const PAGE = 500;

/** @throws AppError `not_found` */
export async function getEntity(
  ctx: Ctx,
  blueprint: string,
  identifier: string,
  options: ReadOptions = PLAIN,
): Promise<EntityJson> {
  const { plan } = await getDefinition(ctx, blueprint);
  if (blueprint === RESULTS) return getResult(ctx, identifier, options);
  const found = isEntityIdentifier(identifier, blueprint)
    ? await readEntities(ctx.db, ctx.org, [{ blueprint, identifier }])
    : [];
  await requireReadable(ctx, { blueprint, identifier });
  const [entity] = await render(ctx, plan, found, options);
  if (entity === undefined) throw notFound("Entity", identifier);
  return entity;
}

/**
 * All entities of a blueprint, oldest first, in pages, so that a large blueprint is never in memory as a whole. Entities
 * that are written meanwhile are seen in the state of their page.
 * @throws AppError `not_found`, before the first page
 */
export async function entityPages(
  ctx: Ctx,
  blueprint: string,
  options: ReadOptions = PLAIN,
): Promise<AsyncGenerator<EntityJson[]>> {
  const { plan } = await getDefinition(ctx, blueprint);
  await requireVisibleBlueprint(ctx, blueprint);
  if (blueprint === RESULTS) return resultPages(ctx, options);
  const read = (after: ExactPlace | null) => pageOfEntities(ctx.db, ctx.org, blueprint, after, PAGE);
  const first = await read(null);
  return (async function* () {
    for (let page = first; page.entities.length > 0;) {
      const { entities, last } = page;
      const isReadable = await readableKeys(ctx, entities);
      yield await render(ctx, plan, entities.filter(isReadable), options);
      if (entities.length < PAGE) return;
      page = await read(last);
    }
  })();
}

/** All results of rules, as entities: what would take too long is refused. */
async function resultPages(ctx: Ctx, options: ReadOptions): Promise<AsyncGenerator<EntityJson[]>> {
  const search = await resultSearch(ctx, []);
  const plan = search.scope.blueprints.get(RESULTS) as BlueprintPlan;
  const read = (after: SortedPlace | null) => resultPage(ctx, search, [], { limit: PAGE, after });
  const first = await read(null);
  return (async function* () {
    for (let page = first; page.found.length > 0;) {
      yield await render(
        ctx,
        plan,
        page.found.map(({ entity }) => entity),
        options,
      );
      if (page.found.length < PAGE) return;
      page = await read(page.found.at(-1)?.place ?? null);
    }
  })();
}

async function getResult(ctx: Ctx, identifier: string, options: ReadOptions): Promise<EntityJson> {
  const condition = { op: "equals", values: [identifier] } as const;
  const search = await resultSearch(ctx, [
    { kind: "rule", property: "$identifier", condition, negated: false },
  ]);
  const { found } = await resultPage(ctx, search, [], { limit: 1, after: null });
  const plan = search.scope.blueprints.get(RESULTS) as BlueprintPlan;
  const [entity] = await render(
    ctx,
    plan,
    found.map((one) => one.entity),
    options,
  );
  if (entity === undefined) throw notFound("Entity", identifier);
  return entity;
}

async function render(
  ctx: Ctx,
  plan: BlueprintPlan,
  entities: readonly Entity[],
  options: ReadOptions,
): Promise<EntityJson[]> {
  const rendered = entities.map((entity) => {
    const json = renderEntity(plan, entity);
    return options.excludeDerived ? withoutDerived(plan, json) : json;
  });
  return options.attachTitles ? attachTitles(ctx, plan, rendered) : rendered;
}

export function withoutDerived(plan: BlueprintPlan, entity: EntityJson): EntityJson {
  const own = Object.entries(entity.properties).filter(([name]) => !plan.derived.has(name));
  return { ...entity, properties: Object.fromEntries(own) };
}

export async function getEntityCount(ctx: Ctx, blueprint: string): Promise<number> {
  const { plan } = await getDefinition(ctx, blueprint);
  const query = await requireVisibleBlueprint(ctx, blueprint);
  if (blueprint === RESULTS) return countResults(ctx);
  if (query === "all") return countEntities(ctx.db, ctx.org, blueprint);
  const blueprints = await definitionsFor(ctx, plan, [query]);
  const person = await personValues(ctx, [query]);
  const scope = { org: ctx.org, now: ctx.now(), blueprints, within: new Set([blueprint]), ...person };
  return limited(ctx, (db) => countFound(db, query, scope));
}
