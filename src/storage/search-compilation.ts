/** What the compilers of the rules of one query share: what it is compiled against, its values, its size. */
import { sql } from "kysely";
import { invalid } from "../model/error.ts";
import type { Blueprints } from "../model/query-graph.ts";
import {
  type Condition,
  type ContextRef,
  isContextRef,
  type Operand,
  type QueryRule,
  type Scalar,
} from "../model/query-nodes.ts";
import { type Range, rangeEnds } from "../model/query-range.ts";
import { all, any, FALSE, type Sql, type Test, TRUE } from "./search-values.ts";
import { isOneOf, type Walk, type WalkScope } from "./search-walks.ts";

/** What a query is compiled against. */
export interface SearchScope {
  readonly org: string;
  readonly now: Date;
  /** Definitions of the blueprints searched; where a rule walks, of all. */
  readonly blueprints: Blueprints;
  /** Blueprints of the entities searched for. */
  readonly within: ReadonlySet<string>;
  /** Values of the person who asks; empty when there is nobody, or nothing. */
  readonly person: (ref: ContextRef) => readonly Scalar[];
  /** A range that a property of the person holds. */
  readonly personRange: (ref: ContextRef) => Range | null;
  /** Ways into a walk that are written out (search-walks.ts). */
  readonly maxWays?: number;
}

/** A query on its way to SQL: names and walks are made once for the whole statement. */
export interface Compilation extends WalkScope, SearchScope {
  readonly walks: Map<QueryRule, Walk>;
  /** A rule that the rows at hand fulfil already. */
  readonly fulfilled?: QueryRule;
  /** Comparisons that the statement may still hold. */
  readonly budget: { comparisons: number };
}

/**
 * A rule becomes a comparison for each of its values, properties and blueprints. A statement holds the condition up to
 * three times, and may have 65,535 parameters.
 */
const MAX_COMPARISONS = 5000;

export function startCompilation(scope: SearchScope): Compilation {
  let names = 0;
  return {
    ...scope,
    newName: () => sql.raw(`walk${++names}`),
    walks: new Map(),
    budget: freshBudget(),
  };
}

export function freshBudget(): Compilation["budget"] {
  return { comparisons: MAX_COMPARISONS };
}

/** @throws AppError `invalid_request` */
export function spend(to: Compilation, test: Test, times: number): void {
  const isWrittenOut = test.op === "contains" || test.op === "beginsWith" || test.op === "endsWith";
  to.budget.comparisons -= times * (isWrittenOut ? test.values.length : 1);
  if (to.budget.comparisons < 0)
    throw invalid(
      `the query needs more than ${MAX_COMPARISONS} comparisons over the properties and blueprints that it asks for: narrow it, by $blueprint above all`,
    );
}

/** null: the rule asks for values of the person who asks, and there are none; it matches nothing, negated or not. */
export function operands(values: Operand, to: Compilation): readonly Scalar[] | null {
  let isContext = false;
  const resolved = values.flatMap((value) => {
    if (!isContextRef(value)) return [value];
    isContext = true;
    return to.person(value).filter((item) => item !== null);
  });
  return isContext && resolved.length === 0 ? null : resolved;
}

export function testOf(condition: Condition, to: Compilation): Test | null {
  switch (condition.op) {
    case "isEmpty":
      return condition;
    case "isExpired":
      return { op: "isExpired", now: to.now.toISOString() };
    case "between": {
      const { range } = condition;
      const known = isContextRef(range) ? to.personRange(range) : range;
      return known === null ? null : { op: "between", ...rangeEnds(known, to.now) };
    }
    default: {
      const values = operands(condition.values, to);
      if (values === null) return null;
      return condition.op === "equals"
        ? { op: "equals", value: values[0] ?? null }
        : { ...condition, values };
    }
  }
}

/** What does not satisfy the condition, null included. */
export function negate(condition: Sql, negated: boolean): Sql {
  if (!negated) return condition;
  if (condition === FALSE) return TRUE;
  return condition === TRUE ? FALSE : sql`(${condition}) is not true`;
}

/** Of so few blueprints each is written by itself, for indexes are made by blueprint. */
export const MAX_SINGLE = 4;

/** A rule never matches an entity of a blueprint without the property, negated or not (decision 15). */
export function compileKinds<K>(
  kinds: ReadonlyMap<K, readonly string[]>,
  to: Compilation,
  condition: (kind: K, times: number) => Sql,
): Sql {
  return any(
    [...kinds].map(([kind, blueprints]) => {
      const isSingle = to.within.size > 1 && blueprints.length <= MAX_SINGLE;
      const part = condition(kind, isSingle ? blueprints.length : 1);
      if (to.within.size === 1 || part === FALSE) return part;
      if (!isSingle) return all([isOneOf(sql`e.blueprint`, blueprints), part]);
      return any(blueprints.map((blueprint) => sql`(e.blueprint = ${blueprint} and ${part})`));
    }),
  );
}
