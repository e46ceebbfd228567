/** Entities in buckets of time, as a chart draws them (data-model.md §7.2). */
import type { BlueprintPlan } from "../model/blueprint.ts";
import { derivedType } from "../model/derive-types.ts";
import type { PropertyType } from "../model/property.ts";
import type { Blueprints } from "../model/query-graph.ts";
import { invalid, notFound } from "../model/error.ts";
import { isObject } from "../model/json.ts";
import { parseQuery } from "../model/query.ts";
import { type OverTime, parseOverTime, type TimeAxis } from "../model/query-aggregate.ts";
import { type Interval, intervalStarts, nextStart } from "../model/query-calendar.ts";
import { isMetaProperty, type QueryGroup } from "../model/query-nodes.ts";
import { rangeMillis } from "../model/query-range.ts";
import { type BucketRow, readBuckets } from "../storage/aggregate-over-time.ts";
import type { Ctx } from "../storage/context.ts";
import { matchingOf, notVisible, timed } from "./aggregate-entities.ts";
import { withTargets } from "../model/rule-results.ts";
import { allBlueprints } from "./search-catalog.ts";

/** Milliseconds since 1970; other keys are those of `series`. */
export type Point = { readonly date: number } & Readonly<Record<string, number>>;

export interface Line {
  /** In the points. */
  readonly key: string;
  /** Property, value of the breakdown (null: none), or `count`. */
  readonly value: string | null;
  /** The remaining values of the breakdown together. */
  readonly other?: true;
}

export interface Chart {
  /** Start of the first bucket. */
  readonly minDate: number;
  /** End of the range. */
  readonly maxDate: number;
  readonly data: readonly Point[];
  readonly series: readonly Line[];
  /** Dates of buckets of which the range holds a part only. */
  readonly partial: readonly number[];
}

export interface Buckets {
  readonly from: number;
  readonly to: number;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly partial: readonly number[];
}

export function bucketsOf({ range, interval, timeZone }: TimeAxis, now: Date): Buckets {
  const { from, to } = rangeMillis(range, now);
  const starts = intervalStarts(from, to, interval, timeZone);
  const ends = starts.map((start, i) => starts[i + 1] ?? nextStart(start, interval, timeZone));
  const partial = starts.filter((start, i) => start < from || (ends[i] ?? to) > to);
  return { from, to, starts, ends, partial };
}

/** Minutes, hours or days that an average of a bucket divides by (§7.2). */
const DIVISORS: Readonly<Record<Interval, number>> = {
  hour: 60,
  day: 24,
  isoWeek: 7,
  month: 30,
  quarter: 90,
};

/** @throws AppError `not_found`, `forbidden`, `invalid_request`, `search_timeout` */
export async function aggregateOverTime(ctx: Ctx, body: unknown): Promise<Chart> {
  const request = parseOverTime(body);
  const given = parseQuery(isObject(body) ? body["query"] : undefined, "query");
  const blueprints = withTargets(await allBlueprints(ctx));
  const plan = blueprints.get(request.blueprint);
  if (plan === undefined) throw notFound("Blueprint", request.blueprint);
  checkProperties(blueprints, plan, request);
  const buckets = bucketsOf(request.axis, ctx.now());
  const query = insideRange(given, request.measureTimeBy, buckets);
  const entities = await matchingOf(ctx, query, blueprints, [request.blueprint]);
  if (entities.scope.within.size === 0) throw notVisible(request.blueprint);
  const rows = await timed(ctx, entities, (db) =>
    readBuckets(db, entities, request.measureTimeBy, buckets.starts, request.series),
  );
  return chartOf(request, buckets, rows);
}

function checkProperties(
  blueprints: Blueprints,
  plan: BlueprintPlan,
  { measureTimeBy, series }: OverTime,
): void {
  const typeOf = (id: string): PropertyType | null =>
    plan.properties.get(id)?.type ?? derivedType(blueprints, plan, id);
  const isTime =
    measureTimeBy === "$createdAt" || measureTimeBy === "$updatedAt" || typeOf(measureTimeBy) === "string";
  if (!isTime)
    throw invalid(
      `measureTimeBy "${measureTimeBy}" must be $createdAt, $updatedAt or a date-time property of blueprint "${plan.identifier}"`,
    );
  if (series.kind === "properties") for (const id of series.properties) checkNumber(plan, id, typeOf(id));
  else if (series.breakdown !== null && !isMetaProperty(series.breakdown)) {
    const type = typeOf(series.breakdown);
    if (type === null || type === "object")
      throw invalid(
        `breakdownProperty "${series.breakdown}" must be a property of blueprint "${plan.identifier}" that is not an object`,
      );
  }
}

/** @param type of the property; by default that of a stored one */
export function checkNumber(
  plan: BlueprintPlan,
  id: string,
  type: PropertyType | null = plan.properties.get(id)?.type ?? null,
): void {
  const kind = plan.derived.get(id);
  if (kind !== undefined && type === null)
    throw invalid(`property "${id}" is computed (${kind}) and has no values over time yet`);
  if (type !== "number")
    throw invalid(`property "${id}" must be a property of type number of blueprint "${plan.identifier}"`);
}

function insideRange(query: QueryGroup, property: string, { from, to }: Buckets): QueryGroup {
  const at = (instant: number): string => new Date(instant).toISOString();
  const range = { kind: "instants", from: at(from), to: at(to) } as const;
  return {
    kind: "group",
    combinator: "and",
    rules: [query, { kind: "rule", property, condition: { op: "between", range }, negated: false }],
  };
}

/** Counts and sums of nothing are 0; of nothing there is no average, least, greatest or last. */
function chartOf({ series, axis }: OverTime, buckets: Buckets, rows: readonly BucketRow[]): Chart {
  const counts = series.kind === "entities";
  const divisor = counts && series.func === "average" ? DIVISORS[axis.interval] : 1;
  const zero = counts || series.func === "sum";
  const lines = linesOf(series, rows);
  const values = new Map<string, number>();
  for (const row of rows) values.set(`${row.bucket} ${lineKey(row)}`, row.value / divisor);
  const data = buckets.starts.map((date, bucket) => {
    const point: Record<string, number> & { date: number } = { date };
    for (const [id, { key }] of lines) {
      const value = values.get(`${bucket} ${id}`) ?? (zero ? 0 : undefined);
      if (value !== undefined) point[key] = value;
    }
    return point;
  });
  return {
    minDate: buckets.starts[0] ?? buckets.from,
    maxDate: buckets.to,
    data,
    series: [...lines.values()],
    partial: buckets.partial,
  };
}

function lineKey({ key, isOther }: Pick<BucketRow, "key" | "isOther">): string {
  return isOther ? "other" : JSON.stringify(key);
}

/** Every line once, with a key that no other has: a value may be called "date" or "Other" too. */
function linesOf(series: OverTime["series"], rows: readonly BucketRow[]): Map<string, Line> {
  const lines = new Map<string, Line>();
  const taken = new Set(["date"]);
  const add = (id: string, wanted: string, line: Omit<Line, "key">): void => {
    if (lines.has(id)) return;
    let key = wanted;
    while (taken.has(key)) key = `${key}_`;
    taken.add(key);
    lines.set(id, { key, ...line });
  };
  if (series.kind === "properties")
    for (const id of series.properties) add(JSON.stringify(id), id, { value: id });
  else if (series.breakdown === null) add("null", "count", { value: null });
  const named = rows.filter((row) => !row.isOther && row.key !== null);
  for (const row of named) add(lineKey(row), row.key ?? "", { value: row.key });
  for (const row of rows)
    if (row.isOther) add("other", "Other", { value: null, other: true });
    else if (row.key === null) add("null", "(none)", { value: null });
  return lines;
}
