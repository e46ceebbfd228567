/**
 * What rules that walk over relations have in common. A walk gives a check on the entity `e`, and the rows of
 * everything that passes it: whoever builds the statement begins with the rows when they are few.
 */
import { sql } from "kysely";
import type { Blueprints, Edge } from "../model/query-graph.ts";
import { all, any, FALSE, type Sql } from "./search-values.ts";

export interface Walk {
  /** Definitions for the statement's `with recursive`. */
  readonly ctes: readonly Sql[];
  /** Condition on `e`. */
  readonly check: Sql;
  /** Selects (blueprint, identifier) of what passes the check, some perhaps twice. */
  readonly rows: Sql;
  /** There are few rows, whatever is stored. */
  readonly isBounded?: boolean;
}

export interface WalkScope {
  readonly org: string;
  readonly blueprints: Blueprints;
  /** Blueprints of the entities searched for. */
  readonly within: ReadonlySet<string>;
  /** A name that no other definition of the statement has. */
  readonly newName: () => Sql;
  readonly maxWays?: number;
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

/** Entities that a relation may lead to. */
export interface Goal {
  /** Of so many identifiers at most, given by the query. */
  readonly given?: readonly string[];
  /** Selects (blueprint, identifier). */
  readonly set?: Sql;
}

/** More ways than this are looked for in the table of relations, not in the entity itself. */
const MAX_WAYS = 8;

/** A relation of `e` leads into the goal over one of the edges. */
export function leadsInto(edges: readonly Edge[], goal: Goal, scope: WalkScope): Sql {
  const { org, within, maxWays = MAX_WAYS } = scope;
  const ways = new Map<string, { readonly edge: Edge; readonly from: string[] }>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.relation, edge.to, edge.many]);
    const way = ways.get(key) ?? { edge, from: [] };
    way.from.push(edge.from);
    ways.set(key, way);
  }
  if (ways.size > maxWays) return hasRelation(edges, goal, org);
  return any(
    [...ways.values()].map(({ edge, from }) => {
      const isFrom = from.length === within.size ? [] : [isOneOf(sql`e.blueprint`, from)];
      return all([...isFrom, holds(edge, goal)]);
    }),
  );
}

/** The entity holds its relations itself: no look-up, and the goal is hashed once. */
function holds({ relation, to, many }: Edge, { given, set }: Goal): Sql {
  const value = sql`(e.relations ->> ${relation}::text)`;
  const values = sql`(e.relations -> ${relation}::text)`;
  if (given !== undefined) return many ? sql`${values} ?| ${textArray(given)}` : isOneOf(value, given);
  const member = (identifier: Sql): Sql => isMember(sql`${to}::text`, identifier, set ?? sql``);
  if (!many) return member(value);
  // A list, or nothing: what is no list must not be asked for elements.
  return sql`exists (select 1 from jsonb_array_elements_text(case jsonb_typeof(${values}) when 'array' then ${values} end) x
    where ${member(sql`x`)})`;
}

function hasRelation(edges: readonly Edge[], { given, set }: Goal, org: string): Sql {
  const end =
    given === undefined
      ? isMember(sql`r.target_blueprint`, sql`r.target`, set ?? sql``)
      : isOneOf(sql`r.target`, given);
  return sql`exists (select 1 from entity_relation r
    where r.org = ${org} and r.blueprint = e.blueprint and r.identifier = e.identifier
      and ${isEdge(edges)} and ${end} ${ROW_BY_ROW})`;
}

/** The relation `r` is one of the edges. */
export function isEdge(edges: readonly Edge[]): Sql {
  const from = textArray(edges.map((edge) => edge.from));
  const relations = textArray(edges.map((edge) => edge.relation));
  return sql`(r.blueprint, r.relation) in (select * from unnest(${from}, ${relations}))`;
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
