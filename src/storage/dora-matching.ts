/** Which entities of a blueprint a query of a DORA role holds for. */
import { sql } from "kysely";
import type { BlueprintPlan } from "../model/blueprint.ts";
import type { QueryGroup } from "../model/query-nodes.ts";
import type { Db } from "./db.ts";
import { startCompilation } from "./search-compilation.ts";
import { compile } from "./search-compile.ts";
import type { Sql } from "./search-values.ts";

export interface RoleCondition {
  readonly plan: BlueprintPlan;
  readonly query: QueryGroup;
  /** Those that mirrors lead through, and its own. */
  readonly blueprints: ReadonlyMap<string, BlueprintPlan>;
}

/** A condition on the entity `e`. @throws AppError `invalid_request` where the query no longer fits the blueprint */
export function roleCondition(org: string, { plan, query, blueprints }: RoleCondition): Sql {
  const { identifier } = plan;
  return compile(
    query,
    startCompilation({
      ...{ org, blueprints, within: new Set([identifier]) },
      // The query asks for no clock and nobody (model/role-query.ts).
      now: new Date(0),
      person: () => [],
      personRange: () => null,
    }),
  );
}

/** Those of the identifiers whose entities fulfil the query. */
export async function matchingIdentifiers(
  db: Db,
  org: string,
  condition: RoleCondition,
  identifiers: readonly string[],
): Promise<ReadonlySet<string>> {
  if (identifiers.length === 0) return new Set();
  const { rows } = await sql<{ identifier: string }>`
    select e.identifier from entity e where e.org = ${org} and e.blueprint = ${condition.plan.identifier}
      and e.identifier = any(${[...identifiers]}::text[]) and ${roleCondition(org, condition)}`.execute(db);
  return new Set(rows.map(({ identifier }) => identifier));
}

/** Entities of a blueprint that fulfil a query about themselves. @throws AppError `invalid_request` where it does not fit */
export async function matchingEntities(
  db: Db,
  org: string,
  asked: {
    readonly blueprints: ReadonlyMap<string, BlueprintPlan>;
    readonly blueprint: string;
    readonly query: QueryGroup;
    readonly now: Date;
  },
): Promise<ReadonlySet<string>> {
  const { blueprints, blueprint, query, now } = asked;
  const condition = compile(
    query,
    startCompilation({
      ...{ org, blueprints, within: new Set([blueprint]), now },
      person: () => [],
      personRange: () => null,
    }),
  );
  const { rows } = await sql<{ identifier: string }>`
    select e.identifier from entity e where e.org = ${org} and e.blueprint = ${blueprint} and ${condition}`.execute(
    db,
  );
  return new Set(rows.map(({ identifier }) => identifier));
}
