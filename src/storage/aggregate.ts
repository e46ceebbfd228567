/** Numbers over the entities that a query matches (data-model.md §7.1). */
import { sql } from "kysely";
import type { Compared } from "../model/compared.ts";
import type { Aggregate, ValuesAggregate } from "../model/query-aggregate.ts";
import { isMetaProperty, type QueryGroup } from "../model/query-nodes.ts";
import type { Unjudged } from "../model/scorecard.ts";
import type { Db } from "./db.ts";
import { type SearchScope, startCompilation } from "./search-compilation.ts";
import { COLUMNS, compile } from "./search-compile.ts";
import { driveOf, type IndexKey, type Indexes } from "./search-drive.ts";
import { scoreKinds, type ScorePlace, scoreText } from "./search-scores.ts";
import { all, type Column, property, type Sql } from "./search-values.ts";
import { isOneOf } from "./search-walks.ts";

export interface Matching {
  readonly query: QueryGroup;
  readonly scope: SearchScope;
  /** True when `within` is every blueprint that there is. */
  readonly everywhere: boolean;
  readonly indexes: Indexes;
  /** What is read instead of the stored entities. */
  readonly table?: Sql;
}

export interface Matches {
  readonly from: Sql;
  /** Definitions that the condition needs. */
  readonly ctes: readonly Sql[];
  /** Condition on the entity `e`. */
  readonly where: Sql;
  readonly wishes: readonly IndexKey[];
}

export function matching({ query, scope, everywhere, indexes, table }: Matching): Matches {
  const compilation = startCompilation(scope);
  const condition = compile(query, compilation);
  const { wishes } = driveOf(query, compilation, indexes);
  return {
    from: sql`${table ?? sql`entity`} e`,
    ctes: [...compilation.walks.values()].flatMap((walk) => walk.ctes),
    where: all([
      sql`e.org = ${scope.org}`,
      ...(everywhere ? [] : [isOneOf(sql`e.blueprint`, scope.within)]),
      condition,
    ]),
    wishes,
  };
}

export function withClause(ctes: readonly Sql[]): Sql {
  return ctes.length === 0 ? sql`` : sql`with recursive ${sql.join(ctes, sql`, `)} `;
}

/** The elements of a list, a value that is none, or null: rows `v (value)` for each row with the JSON `x`. */
export const ELEMENTS = sql.raw(
  "left join lateral jsonb_array_elements(case jsonb_typeof(x) when 'array' then x else jsonb_build_array(x) end) v (value) on true",
);

/** Values of a property of the entities at hand, which may be a stored one here and a derived one there. */
export interface Values {
  readonly text: Sql;
  readonly json: Sql;
  readonly number: Sql;
}

export function valuesOf(
  id: string,
  { blueprints, within }: Pick<SearchScope, "blueprints" | "within">,
): Values {
  const derived = [...within].filter((blueprint) => blueprints.get(blueprint)?.derived.has(id) === true);
  const [stored, other] = [one(id, "properties"), one(id, "derived")];
  if (derived.length === 0) return stored;
  if (derived.length === within.size) return other;
  const either = (a: Sql, b: Sql): Sql =>
    sql`(case when ${isOneOf(sql`e.blueprint`, derived)} then ${b} else ${a} end)`;
  return {
    text: either(stored.text, other.text),
    json: either(stored.json, other.json),
    number: either(stored.number, other.number),
  };
}

function one(id: string, column: Column): Values {
  return {
    text: property.text(id, column),
    json: property.json(id, column),
    number: property.number(id, column),
  };
}

/** A value as JSON, metas included. */
export function jsonOf(id: string, scope: SearchScope): Sql {
  return isMetaProperty(id) ? sql`to_jsonb(${COLUMNS[id]})` : valuesOf(id, scope).json;
}

/** The time of an entity by a meta property or a stored text; null when it has none. */
export function timeOf(id: string, scope: Pick<SearchScope, "blueprints" | "within">): Sql {
  if (id === "$createdAt") return sql`e.created_at`;
  if (id === "$updatedAt") return sql`e.updated_at`;
  return sql`as_instant(${valuesOf(id, scope).text})`;
}

export interface Numbers {
  /** Entities, or those with a value. */
  readonly count: number;
  /** null over nothing. */
  readonly value: number | null;
  /** Of the earliest of them, milliseconds; null when none has a time. */
  readonly since: number | null;
}

const FUNCTIONS = {
  sum: (value: Sql) => sql`sum(${value})`,
  average: (value: Sql) => sql`sum(${value})`,
  min: (value: Sql) => sql`min(${value})`,
  max: (value: Sql) => sql`max(${value})`,
  median: (value: Sql) => sql`percentile_cont(0.5) within group (order by (${value})::float8)`,
};

export async function readNumbers(
  db: Db,
  entities: Matching,
  aggregate: Exclude<Aggregate, { kind: "values" }>,
): Promise<Numbers> {
  const { ctes, from, where } = matching(entities);
  const value =
    aggregate.kind === "count" || aggregate.property === null
      ? null
      : valuesOf(aggregate.property, entities.scope).number;
  const func = aggregate.kind === "property" ? aggregate.func : "average";
  const only = value === null ? sql`` : sql` filter (where ${value} is not null)`;
  const since =
    aggregate.kind === "average"
      ? sql`min(${timeOf(aggregate.measureTimeBy, entities.scope)})${only}`
      : sql`null::timestamptz`;
  const { rows } = await sql<Numbers>`
    ${withClause(ctes)}select count(*)${only} as count,
      (${value === null ? sql`null` : FUNCTIONS[func](value)})::float8 as value,
      (extract(epoch from ${since}) * 1000)::float8 as since
    from ${from} where ${where}`.execute(db);
  return rows[0] ?? { count: 0, value: null, since: null };
}

export interface ValueCount {
  readonly value: unknown;
  readonly count: number;
  /** Of a scorecard: so many of them for want of data alone. */
  readonly withoutData?: number;
}

export interface ValueCounts {
  readonly values: readonly ValueCount[];
  /** Of all values, those that are not listed too. */
  readonly distinct: number;
  readonly total: number;
}

export interface CountOptions {
  /** Values that are listed. */
  readonly limit: number;
  /** Null: it is not asked who is without data. */
  readonly unjudged: Unjudged | null;
}

/** Whether the entity has none of it; empty text, list and object are none (model/compared.ts). */
const hasNone = (compared: readonly Compared[], scope: SearchScope): Sql =>
  all(
    compared.map(({ of, id }) => {
      const value = of === "relation" ? sql`e.relations -> ${id}::text` : jsonOf(id, scope);
      return sql`coalesce(${value}, 'null') in ('null'::jsonb, '""', '[]', '{}')`;
    }),
  );

/** Whether each of the rules holds, or has nothing to compare. */
const isUnjudged = (scorecard: string, { rules }: Unjudged, scope: SearchScope): Sql =>
  all(
    rules.map(({ identifier, compared }) => {
      const holds = sql`coalesce(${valueCounted("scorecard", scorecard, identifier, scope)} = '"SUCCESS"', false)`;
      return compared === null ? holds : sql`(${holds} or ${hasNone(compared, scope)})`;
    }),
  );

function valueCounted(of: ValuesAggregate["of"], id: string, rule: string | null, scope: SearchScope): Sql {
  if (of === "relation") return sql`e.relations -> ${id}::text`;
  if (of === "property") return jsonOf(id, scope);
  const kinds = [...scoreKinds(id, rule, scope)].map(
    ([place, blueprints]) =>
      sql`when ${isOneOf(sql`e.blueprint`, blueprints)} then to_jsonb(${scoreText(id, JSON.parse(place) as ScorePlace)})`,
  );
  return kinds.length === 0 ? sql`null::jsonb` : sql`(case ${sql.join(kinds, sql` `)} end)`;
}

/** How often each value occurs, the most frequent first; elements of lists count one by one. */
export async function readValueCounts(
  db: Db,
  entities: Matching,
  { of, id, rule }: ValuesAggregate,
  { limit, unjudged }: CountOptions,
): Promise<ValueCounts> {
  const { ctes, from, where } = matching(entities);
  const value = valueCounted(of, id, rule, entities.scope);
  const isBlank = unjudged === null ? sql`false` : isUnjudged(id, unjudged, entities.scope);
  const { rows } = await sql<Required<ValueCount> & Omit<ValueCounts, "values">>`
    ${withClause(ctes)}select value, count(*) as count, count(*) over () as distinct, sum(count(*)) over () as total,
      count(*) filter (where value = to_jsonb(${unjudged?.as ?? ""}::text) and is_blank) as "withoutData"
    from (
      select nullif(v.value, 'null') as value, is_blank
      from (select ${value} as x, ${isBlank} as is_blank from ${from} where ${where}) m ${ELEMENTS}) v
    group by value order by count(*) desc, value limit ${limit}::int`.execute(db);
  return {
    values: rows.map(({ value, count, withoutData }) => ({
      ...{ value, count },
      ...(withoutData > 0 && { withoutData }),
    })),
    distinct: rows[0]?.distinct ?? 0,
    total: rows[0]?.total ?? 0,
  };
}
