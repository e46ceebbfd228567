/** States of aggregations (model/fold-state.ts): over everything that a root counts, and over single entities. */
import { sql } from "kysely";
import type { AggregationDefinition } from "../model/derive-nodes.ts";
import { RANKS_AROUND, RANKS_WHOLE } from "../model/fold-ranks.ts";
import { emptyState, type FoldState, MAX_DISTINCT, SHARES } from "../model/fold-state.ts";
import type { Db } from "./db.ts";
import {
  type Columns,
  type Counting,
  foldBy,
  isPossible,
  millis,
  partsOf,
  related,
} from "./derived-aggregate.ts";
import type { Compilation } from "./search-compilation.ts";
import type { Sql } from "./search-values.ts";

export interface States {
  /** One for each aggregation. */
  readonly states: readonly FoldState[];
  /** When the clock moves an entity into a query or out of it, milliseconds; null: never. */
  readonly next: number | null;
}

export interface StatesAsOf {
  /** Transactions whose changes are in the states: a `pg_snapshot`. */
  readonly asOf: string;
  /** By root. */
  readonly states: ReadonlyMap<string, States>;
}

/** The states of the roots, from all that they count. */
export async function readRootStates(
  db: Db,
  counting: Counting,
  roots: readonly string[],
): Promise<StatesAsOf> {
  const folds = isPossible(counting)
    ? foldBy(counting, related(counting, roots), stateOf)
    : sql`select ''::text as root, '[]'::jsonb as folds where false`;
  const { rows } = await sql<{ as_of: string; folds: string | null }>`
    select pg_current_snapshot()::text as as_of, (select json_agg(f)::text from (${folds}) f) as folds`.execute(
    db,
  );
  const found = toStates(rows[0]?.folds ?? null);
  const nothing = { states: counting.aggregations.map(emptyState), next: null };
  return {
    asOf: rows[0]?.as_of ?? "",
    states: new Map(roots.map((root) => [root, found.get(root) ?? nothing])),
  };
}

type Raw = readonly [
  n: number,
  sum: string | null,
  least: number | null,
  most: number | null,
  ranks: readonly [below: number, kept: readonly number[]] | null,
  distinct: readonly [n: number, counts: readonly (readonly [unknown, number])[] | null] | null,
  next: number | null,
];

function toStates(text: string | null): Map<string, States> {
  const rows = JSON.parse(text ?? "[]") as { root: string; folds: readonly Raw[] }[];
  return new Map(
    rows.map(({ root, folds }) => {
      const times = folds.flatMap((raw) => raw[6] ?? []);
      return [
        root,
        {
          states: folds.map(toState),
          next: times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b)),
        },
      ];
    }),
  );
}

function toState([n, sum, least, most, ranks, distinct]: Raw): FoldState {
  if (n === 0) return emptyState();
  return {
    ...{ n, sum, least, most },
    ranks: ranks === null ? null : { below: ranks[0], kept: ranks[1] },
    distinct: distinct === null ? null : { n: distinct[0], counts: distinct[1] },
  };
}

/** As `Raw` has it. */
function stateOf(one: AggregationDefinition, to: Compilation, columns: Columns): Sql {
  const { value, only, time, next } = partsOf(one, to, columns);
  const nothing = sql`null::jsonb`;
  let [sum, least, most, ranks, distinct]: Sql[] = Array.from({ length: 5 }, () => nothing);
  if (time !== null) least = millis(sql`min(${time}) ${only}`);
  if (value !== null)
    switch (one.func) {
      case "count":
        break;
      case "sum":
      case "average":
        sum = sql`(sum(${value}) ${only})::text`;
        break;
      case "min":
        least = sql`(min(${value}) ${only})::float8`;
        break;
      case "max":
        most = sql`(max(${value}) ${only})::float8`;
        break;
      case "countDistinct":
        distinct = distinctOf(value, only);
        break;
      default:
        ranks = ranksOf(value, only, SHARES[one.func] ?? 0.5);
    }
  return sql`jsonb_build_array(count(*) ${only}, ${sum}, ${least}, ${most}, ${ranks}, ${distinct}, ${next})`;
}

function ranksOf(value: Sql, only: Sql, share: number): Sql {
  const all = sql`(array_agg((${value})::float8 order by (${value})::float8) ${only})`;
  const n = sql`count(*) ${only}`;
  const place = sql`floor(${sql.lit(share)}::float8 * (${n} - 1))::int`;
  const [whole, around] = [sql.lit(RANKS_WHOLE), sql.lit(RANKS_AROUND)];
  const from = sql`greatest(1, ${place} - ${around} + 1)`;
  return sql`case when ${n} = 0 then null when ${n} <= ${whole} then jsonb_build_array(0, to_jsonb(${all}))
    else jsonb_build_array(${from} - 1, to_jsonb(${all}[${from}:${place} + 2 + ${around}])) end`;
}

function distinctOf(value: Sql, only: Sql): Sql {
  return sql`(
    select jsonb_build_array(count(*),
      case when count(*) <= ${sql.lit(MAX_DISTINCT)} then jsonb_agg(jsonb_build_array(d.value, d.times)) end)
    from (select u.value, count(*) as times from unnest(array_agg(${value}) ${only}) u (value) group by u.value) d)`;
}
