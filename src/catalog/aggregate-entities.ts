/** Numbers over the entities that a query matches (data-model.md §7.1, decisions 7 and 8). */
import { OWN } from "../engine/derive-units.ts";
import { currentDerivations } from "../engine/derivations.ts";
import type { BlueprintPlan } from "../model/blueprint.ts";
import { derivedType } from "../model/derive-types.ts";
import type { PropertyType } from "../model/property.ts";
import { AppError, invalid } from "../model/error.ts";
import { isObject } from "../model/json.ts";
import { parseQuery } from "../model/query.ts";
import { type Aggregate, parseAggregate, PERIODS, type ValuesAggregate } from "../model/query-aggregate.ts";
import { isMetaProperty, type QueryGroup } from "../model/query-nodes.ts";
import { RESULTS, withTargets } from "../model/rule-results.ts";
import { type Unjudged, unjudgedBy } from "../model/scorecard.ts";
import {
  type Matching,
  matching,
  readNumbers,
  readValueCounts,
  type ValueCount,
} from "../storage/aggregate.ts";
import type { Ctx } from "../storage/context.ts";
import type { Db } from "../storage/db.ts";
import { areApplied } from "../storage/derived-units.ts";
import { followedCounts } from "../storage/followed-counts.ts";
import { resultTable } from "./rule-results.ts";
import { allBlueprints } from "./search-catalog.ts";
import { personValues } from "./search-person.ts";
import { indexesOf, limited, noteSlow } from "./search-plan.ts";
import { asksForBlueprintsAlone, blueprintsAsked } from "./search-scope.ts";
import { onlyVisible, visibleEntities, type Visible } from "./search-visible.ts";

export interface CountedValues {
  readonly values: readonly ValueCount[];
  /** What is not listed. */
  readonly other: { readonly values: number; readonly count: number };
  /** Of a scorecard: a new definition has not reached all entities yet. */
  readonly pending?: true;
}

/** Values that are listed one by one. */
const MAX_VALUES = 1000;

export interface AggregateAnswer {
  /** A number, null over nothing; or how often each value occurs. */
  readonly result: number | null | CountedValues;
  /** Of an average by a period: the span whose periods were counted, milliseconds. */
  readonly averagedOver?: { readonly from: number; readonly to: number };
}

/** The result alone. @throws AppError `invalid_request`, `search_timeout` */
export async function aggregateEntities(ctx: Ctx, body: unknown): Promise<AggregateAnswer["result"]> {
  return (await answerAggregate(ctx, body)).result;
}

/** @throws AppError `invalid_request`, `search_timeout` */
export async function answerAggregate(ctx: Ctx, body: unknown): Promise<AggregateAnswer> {
  const aggregate = parseAggregate(body);
  const query = parseQuery(isObject(body) ? body["query"] : undefined, "query");
  const blueprints = withTargets(await allBlueprints(ctx));
  const asked = blueprintsAsked(query);
  const within = [...blueprints.keys()].filter((id) => asked === null || asked.has(id));
  const having = within.filter((id) => hasSubject(blueprints, blueprints.get(id), aggregate));
  checkSubject(aggregate, within, having);
  const visible = await visibleEntities(ctx, having);
  if (aggregate.kind === "count" && isWholly(ctx, query, visible))
    return { result: await countWholly(ctx, [...visible.keys()]) };
  const entities = await matchingAmong(ctx, query, blueprints, visible);
  return timed(ctx, entities, async (db) => {
    if (aggregate.kind === "values") {
      // Before they are counted: what is applied by then is in the numbers.
      const isPending = aggregate.of === "scorecard" && !(await areScored(ctx, db, having));
      const unjudged = unjudgedOf(aggregate, having, blueprints);
      const counts = await readValueCounts(db, entities, aggregate, { limit: MAX_VALUES, unjudged });
      const { values, distinct, total } = counts;
      const listed = values.reduce((sum, { count }) => sum + count, 0);
      return {
        result: {
          ...{ values, other: { values: distinct - values.length, count: total - listed } },
          ...(isPending && { pending: true as const }),
        },
      };
    }
    return resultOf(aggregate, await readNumbers(db, entities, aggregate), ctx.now());
  });
}

function resultOf(
  aggregate: Exclude<Aggregate, { kind: "values" }>,
  { count, value, since }: Awaited<ReturnType<typeof readNumbers>>,
  now: Date,
): AggregateAnswer {
  if (aggregate.kind === "count") return { result: count };
  if (aggregate.kind === "property") return { result: value ?? (aggregate.func === "sum" ? 0 : null) };
  if (count === 0) return { result: null };
  const amount = aggregate.property === null ? count : (value ?? 0);
  if (aggregate.period === "total") return { result: aggregate.property === null ? amount : amount / count };
  if (since === null) return { result: null };
  // From the earliest of them to now; a period that has begun is a whole one.
  const to = now.getTime();
  const periods = Math.max(1, Math.ceil((to - since) / PERIODS[aggregate.period]));
  return { result: amount / periods, averagedOver: { from: since, to } };
}

/** The property or relation that the aggregate is about, on this blueprint. */
function hasSubject(
  blueprints: ReadonlyMap<string, BlueprintPlan>,
  plan: BlueprintPlan | undefined,
  aggregate: Aggregate,
): boolean {
  if (aggregate.kind === "count") return true;
  const typeOf = (id: string): PropertyType | null =>
    plan === undefined ? null : (plan.properties.get(id)?.type ?? derivedType(blueprints, plan, id));
  if (aggregate.kind === "values" && aggregate.of === "scorecard") return hasScorecard(plan, aggregate);
  if (aggregate.kind === "values")
    return aggregate.of === "relation"
      ? plan?.relations.has(aggregate.id) === true
      : isMetaProperty(aggregate.id) || (typeOf(aggregate.id) ?? "object") !== "object";
  return aggregate.property === null || typeOf(aggregate.property) === "number";
}

function hasScorecard(plan: BlueprintPlan | undefined, { id, rule }: ValuesAggregate): boolean {
  const found = plan?.scorecards.find(({ identifier }) => identifier === id);
  return found !== undefined && (rule === null || found.rules.some(({ identifier }) => identifier === rule));
}

/** Null where it is another scorecard on each blueprint. */
function unjudgedOf(
  { of, id, rule }: ValuesAggregate,
  having: readonly string[],
  blueprints: ReadonlyMap<string, BlueprintPlan>,
): Unjudged | null {
  const [blueprint = "", ...others] = having;
  if (of !== "scorecard" || others.length > 0) return null;
  const scorecard = blueprints.get(blueprint)?.scorecards.find(({ identifier }) => identifier === id);
  return scorecard === undefined ? null : unjudgedBy(scorecard, rule);
}

/** Whether all entities of the blueprints have been looked at by the rules that there are now. */
async function areScored(ctx: Ctx, db: Db, blueprints: readonly string[]): Promise<boolean> {
  const { units } = await currentDerivations({ ...ctx, db });
  const own = blueprints.flatMap((blueprint) => units.get(blueprint)?.get(OWN) ?? []);
  return areApplied(
    db,
    ctx.org,
    own.map(({ blueprint, name, hash }) => ({ blueprint, unit: name, hash })),
  );
}

function checkSubject(aggregate: Aggregate, within: readonly string[], having: readonly string[]): void {
  if (having.length > 0 || within.length === 0 || aggregate.kind === "count") return;
  const of = within.length > 5 ? "" : ` of ${within.map((id) => `"${id}"`).join(", ")}`;
  if (aggregate.kind === "values" && aggregate.of === "scorecard") {
    const asked = aggregate.rule === null ? "" : ` with rule "${aggregate.rule}"`;
    throw invalid(`scorecard "${aggregate.id}"${asked} is not a scorecard${of}`);
  }
  if (aggregate.kind === "values")
    throw invalid(
      `${aggregate.of} "${aggregate.id}" is not a ${aggregate.of}${of} whose values can be counted (objects cannot)`,
    );
  throw invalid(`property "${aggregate.property}" is not a property of type number${of}`);
}

/**
 * Whether all entities of some blueprints are asked for, and may be seen. A replica cannot tell what a count of it has seen: the
 * transactions that run are not in its snapshot.
 */
function isWholly(ctx: Ctx, query: QueryGroup, visible: ReadonlyMap<string, Visible>): boolean {
  return (
    ctx.writer === undefined &&
    asksForBlueprintsAlone(query) &&
    [...visible].every(([blueprint, what]) => what === "all" && blueprint !== RESULTS)
  );
}

/** Counted once and then followed: of 10,000 entities reading them costs ten times as much. */
async function countWholly(ctx: Ctx, blueprints: readonly string[]): Promise<number> {
  const asked = blueprints.map((blueprint) => ({ blueprint, time: null }));
  const counts = await followedCounts(ctx.db, ctx.org, asked, {
    now: ctx.now().getTime(),
    counting: (work) => limited(ctx, work),
  });
  return counts.reduce((sum, { rows }) => sum + rows, 0);
}

/** What the query matches, of what may be seen. */
export async function matchingOf(
  ctx: Ctx,
  given: QueryGroup,
  blueprints: ReadonlyMap<string, BlueprintPlan>,
  candidates: readonly string[],
): Promise<Matching> {
  return matchingAmong(ctx, given, blueprints, await visibleEntities(ctx, candidates));
}

async function matchingAmong(
  ctx: Ctx,
  given: QueryGroup,
  blueprints: ReadonlyMap<string, BlueprintPlan>,
  visible: ReadonlyMap<string, Visible>,
): Promise<Matching> {
  const { query, within } = onlyVisible(given, visible);
  const isOfResults = within.length === 1 && within[0] === RESULTS;
  return {
    query,
    ...(isOfResults ? { table: await resultTable(ctx, query, blueprints) } : {}),
    scope: {
      ...{ org: ctx.org, now: ctx.now(), blueprints, within: new Set(within) },
      ...(await personValues(ctx, [query])),
    },
    everywhere: within.length === blueprints.size,
    indexes: await indexesOf(ctx),
  };
}

/** Reads within the limit of searches, and asks for an index when it took long. */
export function timed<T>(ctx: Ctx, entities: Matching, work: (db: Db) => Promise<T>): Promise<T> {
  const { wishes } = matching(entities);
  return limited(ctx, (db) => noteSlow(ctx, wishes, () => work(db)));
}

export function notVisible(blueprint: string): AppError {
  return new AppError("forbidden", `entities of blueprint "${blueprint}" may not be read by you`);
}
