/** Entities in buckets of time (data-model.md §7.2). */
import { type RawBuilder, sql } from "kysely";
import type { Series, SeriesFunction } from "../model/query-aggregate.ts";
import {
  ELEMENTS,
  jsonOf,
  type Matches,
  type Matching,
  matching,
  timeOf,
  valuesOf,
  withClause,
} from "./aggregate.ts";
import type { Db } from "./db.ts";
import type { SearchScope } from "./search-compilation.ts";
import type { Sql } from "./search-values.ts";

export interface BucketRow {
  /** Index of the bucket. */
  readonly bucket: number;
  /** Property identifier, or value of the breakdown; null: everything, or no value. */
  readonly key: string | null;
  /** All values of the breakdown but the most frequent ones, together. */
  readonly isOther: boolean;
  readonly value: number;
}

/** So many values of a breakdown are shown by themselves. */
const LINES = 10;

/**
 * @param starts of the buckets, milliseconds, ascending; the query itself keeps the entities inside the range
 * @returns what has a value
 */
export async function readBuckets(
  db: Db,
  entities: Matching,
  measureTimeBy: string,
  starts: readonly number[],
  series: Series,
): Promise<BucketRow[]> {
  const edges = sql`${starts.map((start) => new Date(start).toISOString())}::text[]::timestamptz[]`;
  const at = timeOf(measureTimeBy, entities.scope);
  const bucket = sql`width_bucket(${at}, ${edges}) - 1`;
  const matches = matching(entities);
  const statement =
    series.kind === "properties"
      ? ofProperties(series.func, series.properties, { bucket, at, scope: entities.scope }, matches)
      : series.breakdown === null
        ? ofEntities(bucket, matches)
        : ofBreakdown(series.breakdown, bucket, entities.scope, matches);
  return (await statement.execute(db)).rows;
}

const FUNCTIONS: Readonly<Record<SeriesFunction, Sql>> = {
  average: sql`avg(value)`,
  sum: sql`sum(value)`,
  min: sql`min(value)`,
  max: sql`max(value)`,
  median: sql`percentile_cont(0.5) within group (order by value::float8)`,
  // Of those at the same time the one whose identifier comes last.
  last: sql`(array_agg(value order by at desc, identifier desc))[1]`,
};

function ofProperties(
  func: SeriesFunction,
  properties: readonly string[],
  { bucket, at, scope }: { readonly bucket: Sql; readonly at: Sql; readonly scope: SearchScope },
  { ctes, from, where }: Matches,
): RawBuilder<BucketRow> {
  const values = sql.join(
    properties.map((id) => sql`(${id}::text, ${valuesOf(id, scope).number})`),
    sql`, `,
  );
  return sql<BucketRow>`
    ${withClause(ctes)}select bucket, key, false as "isOther", (${FUNCTIONS[func]})::float8 as value
    from (
      select ${bucket} as bucket, ${at} as at, e.identifier, v.key, v.value
      from ${from} cross join lateral (values ${values}) v (key, value)
      where ${where} and v.value is not null) m
    group by bucket, key order by bucket, key`;
}

function ofEntities(bucket: Sql, { ctes, from, where }: Matches): RawBuilder<BucketRow> {
  return sql<BucketRow>`
    ${withClause(ctes)}select bucket, null as key, false as "isOther", count(*)::float8 as value
    from (select ${bucket} as bucket from ${from} where ${where}) m
    group by bucket order by bucket`;
}

function ofBreakdown(
  breakdown: string,
  bucket: Sql,
  scope: SearchScope,
  { ctes, from, where }: Matches,
): RawBuilder<BucketRow> {
  const counted = sql`counted as materialized (
    select bucket, v.value #>> '{}' as key, count(*) as n
    from (select ${bucket} as bucket, ${jsonOf(breakdown, scope)} as x from ${from} where ${where}) m ${ELEMENTS}
    group by 1, 2)`;
  const ranked = sql`ranked as (
    select key, row_number() over (order by sum(n) desc, key) <= ${sql.lit(LINES)} as "isLine" from counted group by key)`;
  return sql<BucketRow>`
    ${withClause([...ctes, counted, ranked])}select c.bucket, case when r."isLine" then c.key end as key,
      not r."isLine" as "isOther", sum(c.n)::float8 as value
    from counted c join ranked r on r.key is not distinct from c.key
    group by 1, 2, 3 order by 1, 3, 2`;
}
