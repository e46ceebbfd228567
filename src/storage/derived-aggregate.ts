/** Aggregations of many entities at once: one statement for all that count the same entities (data-model.md §6.3). */
import { type RawBuilder, sql } from "kysely";
import type { AggregationDefinition, Hop, Leaf } from "../model/derive-nodes.ts";
import type { OwnRead } from "../model/fold-own.ts";
import { SHARES } from "../model/fold-state.ts";
import type { Blueprints } from "../model/query-graph.ts";
import type { QueryGroup, QueryRule } from "../model/query-nodes.ts";
import { dayStart } from "../model/query-calendar.ts";
import { jsonOf, timeOf, valuesOf, withClause } from "./aggregate.ts";
import type { Db } from "./db.ts";
import { pairsOf } from "./derived-walk.ts";
import { type Compilation, type SearchScope, startCompilation } from "./search-compilation.ts";
import { compile, fittingProperties } from "./search-compile.ts";
import { all, any, TRUE } from "./search-values.ts";

type Sql = RawBuilder<unknown>;

export interface Folded {
  /** Entities, or those with a value. */
  readonly count: number;
  /** null over nothing. */
  readonly value: number | null;
  /** Of the earliest of them, milliseconds; null when none has a time. */
  readonly since: number | null;
  /** When an entity enters or leaves a window of the query, milliseconds; null: none will. */
  readonly next: number | null;
}

export interface Counting {
  readonly org: string;
  readonly now: Date;
  readonly blueprints: Blueprints;
  readonly target: string;
  readonly ways: readonly (readonly Hop[])[];
  readonly aggregations: readonly AggregationDefinition[];
}

const NOTHING: Folded = { count: 0, value: null, since: null, next: null };

/** @returns for each root, in order, one for each aggregation */
export async function foldRelated(
  db: Db,
  counting: Counting,
  roots: readonly string[],
): Promise<ReadonlyMap<string, readonly Folded[]>> {
  const nothing = counting.aggregations.map(() => NOTHING);
  const results = new Map<string, readonly Folded[]>(roots.map((root) => [root, nothing]));
  if (roots.length === 0 || !isPossible(counting)) return results;
  const { rows } = await sql<{ root: string; folds: (number | null)[][] }>`
    ${foldBy(counting, related(counting, roots), foldOf)}`.execute(db);
  for (const row of rows)
    results.set(
      row.root,
      row.folds.map(([count, value, since, next]) => ({
        ...{ count: count ?? 0, value: value ?? null, since: since ?? null, next: next ?? null },
      })),
    );
  return results;
}

/** False where there is nothing to count. */
export function isPossible({ ways, blueprints, target }: Counting): boolean {
  return ways.length > 0 && blueprints.has(target);
}

/** From where rows with a `root` and the columns of an entity come. */
type Source = (columns: Sql) => Sql;

/** What the ways lead to. */
export function related({ org, target, ways }: Counting, roots: readonly string[]): Source {
  return (columns) => sql`
      select p.root${columns} from (${pairsOf(org, roots, ways)}) p cross join lateral (
        select * from entity e where e.org = ${org} and e.blueprint = ${target} and e.identifier = p.id offset 0) e
      offset 0`;
}

/** Rows of `root` and `folds`, a list with one for each aggregation. */
export function foldBy(
  counting: Counting,
  source: Source,
  fold: (one: AggregationDefinition, to: Compilation, columns: Columns) => Sql,
): Sql {
  const compilation = compilationOf(counting);
  const columns = new Columns();
  const folds = counting.aggregations.map((one) => fold(one, compilation, columns));
  const ctes = [...compilation.walks.values()].flatMap((walk) => walk.ctes);
  // What several aggregations read of an entity is made once for each (`offset 0`).
  return sql`${withClause(ctes)}select x.root, jsonb_build_array(${sql.join(folds, sql`, `)}) as folds
    from (${source(columns.sql())}) x group by x.root`;
}

/**
 * Of each row of the source what is read of it: `found`, a list as text, null where no aggregation counts it; `next`, when the clock moves
 * it, milliseconds. Queries must not walk, nor ask for relations.
 * @param kept columns of the source
 */
export function valuesBy(
  counting: Counting,
  reads: readonly OwnRead[],
  source: Source,
  kept: readonly string[],
): Sql {
  const compilation = compilationOf(counting);
  const columns = new Columns();
  const values = reads.map((read) => columnOf(read, compilation, columns));
  const next = reads.flatMap((read) =>
    read.kind === "query" ? (nextOf(read.query, compilation, columns, ITSELF) ?? []) : [],
  );
  const counts = any(counting.aggregations.map((one) => countsOf(one, compilation, columns)));
  const list = values.length === 0 ? sql`''` : sql.join(values, sql`, ',', `);
  const earliest = next.length === 0 ? sql`null::float8` : sql`least(${sql.join(next, sql`, `)})`;
  return sql`select ${sql.join(kept.map((name) => sql.ref(`x.${name}`)))}, ${earliest} as next,
      case when ${counts} then concat('[', ${list}, ']') end as found
    from (${source(columns.sql())}) x`;
}

/** As JSON, in a text. */
function columnOf(read: OwnRead, to: Compilation, columns: Columns): Sql {
  const orNull = (value: Sql): Sql => sql`coalesce(${value}, 'null')`;
  switch (read.kind) {
    case "query":
      return sql`case when ${conditionOf(read.query, to, columns)} then 'true' else 'false' end`;
    case "number":
      return orNull(sql`'"' || (${valueOf("number", read.leaf, to, columns)})::text || '"'`);
    case "json":
      return orNull(sql`(${valueOf("json", read.leaf, to, columns)})::text`);
    default:
      if (read.leaf.kind === "none") return sql`'null'`;
      if (read.leaf.kind === "meta") return orNull(sql`(${millis(timeBy(read.leaf, to, columns))})::text`);
      // As a number or a list it is no instant either.
      return orNull(
        sql`to_json(${columns.of(["text", read.leaf], () => valuesOf(read.leaf.id, to).text)})::text`,
      );
  }
}

function compilationOf({ org, now, blueprints, target }: Counting): Compilation {
  const scope: SearchScope = {
    ...{ org, now, blueprints, within: new Set([target]) },
    // Nobody asks: rules about whoever does match nothing.
    person: () => [],
    personRange: () => null,
  };
  return startCompilation(scope);
}

/** Beyond it a sum is no number of ours. */
const MAX_FLOAT = sql.raw("1.7976931348623157e308::numeric");

/** Expressions over the entity `e` as columns of `x`, each once. */
export class Columns {
  readonly #names = new Map<string, { readonly name: Sql; readonly value: Sql }>();

  /** @param key the same for the same expression */
  of(key: unknown, value: () => Sql): Sql {
    const text = JSON.stringify(key);
    const known = this.#names.get(text);
    if (known !== undefined) return known.name;
    const column = `c${this.#names.size}`;
    this.#names.set(text, { name: sql.raw(`x.${column}`), value: sql`${value()} as ${sql.raw(column)}` });
    return sql.raw(`x.${column}`);
  }

  sql(): Sql {
    return this.#names.size === 0
      ? sql``
      : sql`, ${sql.join(
          [...this.#names.values()].map(({ value }) => value),
          sql`, `,
        )}`;
  }
}

/** Of what an aggregation is about, expressions over the rows `x`. */
interface Parts {
  /** null: by entities. */
  readonly value: Sql | null;
  /** The rows that count, as the filter of an aggregate. */
  readonly only: Sql;
  /** Of an average in periods: the time of a row. */
  readonly time: Sql | null;
  /** When the clock moves an entity into the query or out of it. */
  readonly next: Sql;
}

/** The smallest value of those rows that fulfil the condition, in an expression over rows. */
type Least = (value: Sql, condition: Sql) => Sql;
const LEAST: Least = (value, condition) => sql`min(${value}) filter (where ${condition})`;
/** Over one row alone. */
const ITSELF: Least = (value, condition) => sql`case when ${condition} then ${value} end`;

export function partsOf(one: AggregationDefinition, to: Compilation, columns: Columns): Parts {
  const { query, property, func } = one;
  const value = property === null ? null : valueOf(kindOf(one), property, to, columns);
  const isTimed = func === "average" && one.averageOf !== "total";
  return {
    ...{ value, only: sql`filter (where ${countsOf(one, to, columns)})` },
    time: isTimed ? timeBy(one.measureTimeBy, to, columns) : null,
    next: (query === null ? null : nextOf(query, to, columns, LEAST)) ?? sql`null::float8`,
  };
}

const kindOf = ({ func }: AggregationDefinition) => (func === "countDistinct" ? "json" : "number");

/** Whether a row counts. */
function countsOf(one: AggregationDefinition, to: Compilation, columns: Columns): Sql {
  const { query, property } = one;
  return all([
    query === null ? TRUE : conditionOf(query, to, columns),
    property === null ? TRUE : sql`${valueOf(kindOf(one), property, to, columns)} is not null`,
  ]);
}

function conditionOf(query: QueryGroup, to: Compilation, columns: Columns): Sql {
  return columns.of(["query", query], () => compile(query, { ...to, budget: { ...to.budget } }));
}

function valueOf(kind: "json" | "number", leaf: Leaf, to: Compilation, columns: Columns): Sql {
  return columns.of([kind, leaf], () => (kind === "json" ? jsonOfLeaf(leaf, to) : numberOf(leaf, to)));
}

function timeBy(leaf: Leaf, to: Compilation, columns: Columns): Sql {
  return columns.of(["time", leaf], () => timeOfLeaf(leaf, to));
}

function foldOf(one: AggregationDefinition, to: Compilation, columns: Columns): Sql {
  const { value, only, time, next } = partsOf(one, to, columns);
  const folded = foldedBy(one.func, value ?? sql`null::numeric`, only);
  const since = time === null ? sql`null::timestamptz` : sql`min(${time}) ${only}`;
  return sql`jsonb_build_array(count(*) ${only}, ${safeFloat(folded)}, ${millis(since)}, ${next})`;
}

function foldedBy(func: AggregationDefinition["func"], value: Sql, only: Sql): Sql {
  switch (func) {
    case "count":
      return sql`null::numeric`;
    case "countDistinct":
      return sql`count(distinct ${value}) ${only}`;
    case "average":
    case "sum":
      return sql`sum(${value}) ${only}`;
    case "min":
      return sql`min(${value}) ${only}`;
    case "max":
      return sql`max(${value}) ${only}`;
    default:
      return sql`(percentile_cont(${sql.lit(SHARES[func] ?? 0.5)}) within group (order by (${value})::float8) ${only})::numeric`;
  }
}

function safeFloat(value: Sql): Sql {
  return sql`case when abs((${value})::numeric) <= ${MAX_FLOAT} then (${value})::numeric::float8 end`;
}

/** A time as milliseconds. */
export function millis(instant: Sql): Sql {
  return sql`(extract(epoch from ${instant}) * 1000)::float8`;
}

function numberOf(leaf: Leaf, to: SearchScope): Sql {
  return leaf.kind === "meta" || leaf.kind === "none" ? sql`null::numeric` : valuesOf(leaf.id, to).number;
}

/** Rows of the change feed have a null where an entity has nothing. */
function jsonOfLeaf(leaf: Leaf, to: SearchScope): Sql {
  return leaf.kind === "none" ? sql`null::jsonb` : sql`nullif(${jsonOf(leaf.id, to)}, 'null')`;
}

function timeOfLeaf(leaf: Leaf, to: SearchScope): Sql {
  if (leaf.kind === "none") return sql`null::timestamptz`;
  if (leaf.kind === "meta" && leaf.id !== "$createdAt" && leaf.id !== "$updatedAt")
    return sql`null::timestamptz`;
  return timeOf(leaf.id, to);
}

const DAY_MS = 86_400_000;

/** The next moment at which a rule about time is fulfilled by other entities than now, of whatever other rules say; null: there is none. */
function nextOf(query: QueryGroup, to: Compilation, columns: Columns, least: Least): Sql | null {
  const now = sql`${to.now.toISOString()}::timestamptz`;
  const moments: Sql[] = [];
  for (const rule of timed(query)) {
    if (!("condition" in rule)) continue;
    const { condition } = rule;
    const times = propertiesOf(rule, to).map((id) => columns.of(["rule time", id], () => timeOf(id, to)));
    // At that moment itself the window is still what it was: it is half-open.
    const after = (time: Sql, shiftMs: number): Sql => {
      const moment = sql`${time} + ${sql.lit(shiftMs + 1)} * interval '1 millisecond'`;
      return least(moment, sql`${moment} > ${now}`);
    };
    if (condition.op === "isExpired") moments.push(...times.map((time) => after(time, 0)));
    if (condition.op !== "between" || "context" in condition.range) continue;
    const { range } = condition;
    if (range.kind === "rolling")
      for (const time of times) moments.push(after(time, 0), after(time, -range.days * DAY_MS));
    if (range.kind === "day") {
      const next = dayStart(to.now.getTime(), 1, range.timeZone);
      moments.push(sql`${new Date(next).toISOString()}::timestamptz`);
    }
  }
  if (moments.length === 0) return null;
  return millis(sql`least(${sql.join(moments, sql`, `)})`);
}

function timed(group: QueryGroup): QueryRule[] {
  return group.rules.flatMap((rule) => (rule.kind === "group" ? timed(rule) : [rule]));
}

/** Properties that the rule is about. */
function propertiesOf(rule: QueryRule, to: Compilation): string[] {
  if (rule.kind === "rule") return typeof rule.property === "string" ? [rule.property] : [];
  return rule.kind === "schema" ? fittingProperties(rule, to).map(({ property }) => property) : [];
}
