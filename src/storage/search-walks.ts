/**
 * What rules that walk over relations have in common. A walk gives a check on the entity `e`, and the rows of
 * everything that passes it: whoever builds the statement begins with the rows when they are few.
 */
import { sql } from "kysely";
import type { Blueprints } from "../model/query-graph.ts";
import { all, FALSE, type Sql } from "./search-values.ts";

export interface Walk {
  /** Definitions for the statement's `with recursive`. */
  readonly ctes: readonly Sql[];
  /** Condition on `e`. */
  readonly check: Sql;
  /** Selects (blueprint, identifier) of what passes the check, some perhaps twice. */
  readonly rows: Sql;
}

export interface WalkScope {
  readonly org: string;
  readonly blueprints: Blueprints;
  /** Blueprints of the entities searched for. */
  readonly within: ReadonlySet<string>;
  /** A name that no other definition of the statement has. */
  readonly newName: () => Sql;
}

export const NOTHING: Walk = {
  ctes: [],
  check: FALSE,
  rows: sql`select null::text as blueprint, null::text as identifier where false`,
};

/** A relation `r` of `w`, and one to `w`. */
export const FORWARD = sql.raw("r.blueprint = w.blueprint and r.identifier = w.identifier");
export const REVERSE = sql.raw("r.target_blueprint = w.blueprint and r.target = w.identifier");

/** Keeps the planner from turning a look-up into a join over all relations. */
const ROW_BY_ROW = sql.raw("offset 0");

export function textArray(values: Iterable<string>): Sql {
  return sql`${[...values]}::text[]`;
}

/** `column` is one of the values. */
export function isOneOf(column: Sql, values: Iterable<string>): Sql {
  const list = [...values];
  return list.length === 1 ? sql`${column} = ${list[0]}` : sql`${column} = any(${list}::text[])`;
}

/** Inside `coalesce`, so that the planner makes no join of it: the set is hashed once, and each row asks it. */
export function isMember(blueprint: Sql, identifier: Sql, set: Sql): Sql {
  return sql`coalesce((${blueprint}, ${identifier}) in (${set}), false)`;
}

/** A relation `r` of `e` fulfils the conditions. */
export function hasRelation(conditions: readonly Sql[]): Sql {
  return sql`exists (select 1 from entity_relation r
    where r.blueprint = e.blueprint and r.identifier = e.identifier and ${all(conditions)} ${ROW_BY_ROW})`;
}

/**
 * Everything from the sources on, over relations that fulfil the conditions, with the number of hops. Without a bound
 * the number stays 0: `union` then keeps each entity once, and a cycle ends.
 */
export function closure(
  name: Sql,
  sources: Sql,
  direction: "forward" | "reverse",
  conditions: readonly Sql[],
  maxHops: number | null,
): Sql {
  const [columns, link] =
    direction === "forward"
      ? [sql`r.target_blueprint, r.target`, FORWARD]
      : [sql`r.blueprint, r.identifier`, REVERSE];
  const hop = maxHops === null ? sql`0` : sql`w.hop + 1`;
  const bound = maxHops === null ? [] : [sql`w.hop < ${maxHops}::int`];
  return sql`${name} (blueprint, identifier, hop) as (
    ${sources}
    union
    select ${columns}, ${hop} from ${name} w join entity_relation r on ${link} and ${all([...conditions, ...bound])})`;
}
